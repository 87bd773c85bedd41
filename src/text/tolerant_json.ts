/**
 * Reads JSON as a person would: forgives trailing commas, smart or single quotes, raw line breaks and unescaped quotes in
 * strings, comments, unquoted keys and words, and a text that ends too early.
 *
 * Of a text that ends too early, only what is complete is kept: half a sentence or half a number is no answer.
 *
 * @module
 */

/** What was read. */
export interface TolerantReading {
  /** The value; `undefined` when there was none to read. */
  readonly value: unknown;
  /** Where reading stopped. */
  readonly end: number;
  /** Whether the text ended before the value did. */
  readonly truncated: boolean;
}

/**
 * Reads one value.
 *
 * @param text The text.
 * @param start Where the value begins, in UTF-16 code units.
 * @returns The value, where it ends, and whether it is complete.
 */
export function readTolerantly(text: string, start: number): TolerantReading {
  const reader = new Reader(text, start);
  const value = reader.value(0);
  // An escape that the text ends in is read past its end.
  const end = Math.min(reader.position, text.length);
  return { value: value === NOTHING ? undefined : value, end, truncated: reader.truncated };
}

/** Stands for "nothing that could be read here", which no JSON value is. */
const NOTHING: unique symbol = Symbol("nothing");

const DEEPEST = 64;
const CLOSING_QUOTE: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“”",
  "«": "»",
  "‘": "’",
};
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["none", null],
  ["undefined", null],
]);

class Reader {
  position: number;
  truncated = false;
  readonly #text: string;
  // Sticky patterns keep their place, so every reader has its own, made when it is needed.
  #name: RegExp | undefined;
  #bare: RegExp | undefined;

  constructor(text: string, start: number) {
    this.#text = text;
    this.position = start;
  }

  value(depth: number): unknown {
    this.#skip();
    const character = this.#text[this.position];
    if (character === undefined) return this.#cut();
    if (depth > DEEPEST) return NOTHING;
    if (character === "{") return this.#object(depth);
    if (character === "[") return this.#array(depth);
    return Object.hasOwn(CLOSING_QUOTE, character) ? this.#string(",}]") : this.#word();
  }

  #object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    for (this.position++;;) {
      this.#skip();
      const character = this.#text[this.position];
      if (character === undefined) return this.#cut(Object.fromEntries(entries));
      if (character === "}") break;
      if (character === ",") {
        this.position++;
        continue;
      }
      const key = this.#key();
      if (key === NOTHING) return this.truncated ? Object.fromEntries(entries) : NOTHING;
      this.#skip();
      if (this.#text[this.position] !== ":") {
        return this.position >= this.#text.length ? this.#cut(Object.fromEntries(entries)) : NOTHING;
      }
      this.position++;
      const value = this.value(depth + 1);
      if (value === NOTHING && !this.truncated) return NOTHING;
      if (value !== NOTHING) entries.push([key as string, value]);
      if (this.truncated) return Object.fromEntries(entries);
    }
    this.position++;
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    for (this.position++;;) {
      this.#skip();
      const character = this.#text[this.position];
      if (character === undefined) return this.#cut(items);
      if (character === "]") break;
      if (character === ",") {
        this.position++;
        continue;
      }
      const value = this.value(depth + 1);
      if (value === NOTHING && !this.truncated) return NOTHING;
      // What was cut inside an item is kept only if something of the item is there.
      if (value !== NOTHING && !(this.truncated && isEmptyContainer(value))) items.push(value);
      if (this.truncated) return items;
    }
    this.position++;
    return items;
  }

  #key(): unknown {
    if (Object.hasOwn(CLOSING_QUOTE, this.#text[this.position]!)) return this.#string(":");
    const name = this.#name ??= /[\p{L}_$][\p{L}\p{N}_$-]{0,60}/uy;
    name.lastIndex = this.position;
    const found = name.exec(this.#text);
    if (!found) return NOTHING;
    this.position += found[0].length;
    return found[0];
  }

  /** Reads a string that ends at a quote followed by what may follow it; other quotes belong to the text. */
  #string(followers: string): unknown {
    const closing = CLOSING_QUOTE[this.#text[this.position]!]!;
    const parts: string[] = [];
    for (this.position++; this.position < this.#text.length; this.position++) {
      const character = this.#text[this.position]!;
      if (character === "\\") parts.push(this.#escape());
      else if (closing.includes(character) && this.#isFollowedBy(followers)) {
        this.position++;
        return parts.join("");
      } else parts.push(character);
    }
    return this.#cut();
  }

  /** Looks at most a few blanks ahead, so that a long string full of quotes stays linear. */
  #isFollowedBy(followers: string): boolean {
    for (let ahead = this.position + 1; ahead < this.position + 64; ahead++) {
      const character = this.#text[ahead];
      if (character === undefined) return true;
      if (!/\s/.test(character)) return followers.includes(character);
    }
    return false;
  }

  #escape(): string {
    this.position++;
    const character = this.#text[this.position] ?? "";
    if (character === "u") {
      const digits = this.#text.slice(this.position + 1, this.position + 5);
      if (/^[0-9a-fA-F]{4}$/.test(digits)) {
        this.position += 4;
        return String.fromCharCode(parseInt(digits, 16));
      }
    }
    return Object.hasOwn(ESCAPES, character) ? ESCAPES[character]! : character;
  }

  /** Reads what stands without quotes up to the next comma, bracket or line break. */
  #word(): unknown {
    const bare = this.#bare ??= /[^,}\]\n"{[]{1,200}/y;
    bare.lastIndex = this.position;
    const found = bare.exec(this.#text)?.[0];
    if (found === undefined) return NOTHING;
    this.position += found.length;
    if (this.position >= this.#text.length) return this.#cut();
    const word = found.replace(/\s\/\/.*$/, "").trim();
    if (word === "") return NOTHING;
    const known = word.toLowerCase();
    if (WORDS.has(known)) return WORDS.get(known);
    return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/.test(word) ? Number(word) : word;
  }

  #skip(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.position] ?? "x")) this.position++;
      const two = this.#text.slice(this.position, this.position + 2);
      if (two !== "//" && two !== "/*") return;
      const end = this.#text.indexOf(two === "//" ? "\n" : "*/", this.position + 2);
      this.position = end < 0 ? this.#text.length : end + (two === "//" ? 1 : 2);
    }
  }

  #cut(value: unknown = NOTHING): unknown {
    this.truncated = true;
    return value;
  }
}

function isEmptyContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
