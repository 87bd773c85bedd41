/**
 * Reads JSON strictly and says precisely what is wrong with it.
 *
 * Beyond what `JSON.parse` refuses, it notes what `JSON.parse` changes without a word: keys that occur twice, and numbers that
 * become infinite or lose digits. It does not recurse, so nesting cannot exhaust the stack, and it reads each character once.
 *
 * @module
 */

import {
  COMMENT,
  Fault,
  type JsonFault,
  type JsonProblem,
  noKey,
  noValue,
  numberRepair,
  rawControl,
} from "./json_fault.ts";

/** What reading one value gave. */
export interface JsonReading {
  /** Where the value ends, or where reading stopped. */
  readonly end: number;
  /** Why it is no JSON value; absent when it is one. */
  readonly fault?: JsonFault;
  /** Whether the text ended before the value did. */
  readonly endedEarly: boolean;
  /** Whether something of the outermost object or array had been read when it failed. */
  readonly begun: boolean;
  /** Keys that occur twice and numbers that cannot be kept; only the first hundred. */
  readonly issues: readonly JsonFault[];
}

/** How deep arrays and objects may nest. */
const DEEPEST_JSON = 512;
const MOST_ISSUES = 100;

/**
 * Reads the one JSON value that begins at an index.
 *
 * @param text The text.
 * @param start Where the value, or white space before it, begins.
 * @returns Where it ends, or what is wrong with it.
 */
export function readJsonValue(text: string, start: number): JsonReading {
  return new Reader(text, start).read();
}

interface Frame {
  readonly open: "{" | "[";
  readonly start: number;
  readonly keys: Set<string> | undefined;
}

/** What may come next. */
type Expected = "value" | "value or end" | "key" | "key or end" | "comma or end";

class Reader {
  readonly #text: string;
  // Sticky patterns keep their place, so every reader has its own, made when it is needed.
  #number: RegExp | undefined;
  #word: RegExp | undefined;
  readonly #frames: Frame[] = [];
  readonly #issues: JsonFault[] = [];
  #index: number;
  #begun = false;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#index = start;
  }

  read(): JsonReading {
    try {
      let expected: Expected | undefined = "value";
      while (expected !== undefined) {
        this.#skipSpace();
        expected = this.#step(expected);
      }
      return { end: this.#index, endedEarly: false, begun: true, issues: this.#issues };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { offset, message, repair } = error;
      const endedEarly = offset >= this.#text.length;
      return {
        end: offset,
        endedEarly,
        begun: this.#begun,
        issues: this.#issues,
        fault: { offset, message, repair },
      };
    }
  }

  /** Takes one step; gives what may come next, or `undefined` when the value is complete. */
  #step(expected: Expected): Expected | undefined {
    const character = this.#text[this.#index];
    if (character === undefined) throw this.#endedEarly();
    switch (expected) {
      case "value or end":
        return character === "]" ? this.#close() : this.#value(character);
      case "value":
        return this.#value(character);
      case "key or end":
        return character === "}" ? this.#close() : this.#key(character);
      case "key":
        return this.#key(character);
      case "comma or end":
        return this.#commaOrEnd(character);
    }
  }

  #value(character: string): Expected | undefined {
    if (character === "{" || character === "[") return this.#open(character);
    if (character === '"') this.#string();
    else if (character === "-" || (character >= "0" && character <= "9")) this.#readNumber();
    else this.#literal(character);
    return this.#afterValue();
  }

  #open(open: "{" | "["): Expected {
    if (this.#frames.length === DEEPEST_JSON) {
      throw this.#fault(
        `it is nested deeper than ${DEEPEST_JSON} levels`,
        `Nest at most ${DEEPEST_JSON} levels.`,
      );
    }
    if (this.#frames.length > 0) this.#begun = true;
    this.#frames.push({ open, start: this.#index, keys: open === "{" ? new Set() : undefined });
    this.#index++;
    return open === "{" ? "key or end" : "value or end";
  }

  #close(): Expected | undefined {
    this.#frames.pop();
    this.#index++;
    return this.#afterValue();
  }

  #afterValue(): Expected | undefined {
    this.#begun = true;
    return this.#frames.length === 0 ? undefined : "comma or end";
  }

  #key(character: string): Expected {
    if (character !== '"') throw this.#problem(noKey(character, this.#wordAt(this.#index)));
    const start = this.#index;
    this.#string();
    const end = this.#index;
    this.#noteKey(start);
    this.#begun = true;
    this.#skipSpace();
    if (this.#text[this.#index] === undefined) throw this.#endedEarly();
    if (this.#text[this.#index] !== ":") {
      throw this.#fault(
        "a colon must follow the key",
        `Put a colon after the key ${this.#text.slice(start, Math.min(end, start + 40))}.`,
      );
    }
    this.#index++;
    return "value";
  }

  #noteKey(start: number): void {
    const { keys } = this.#frames.at(-1)!;
    const literal = this.#text.slice(start, this.#index);
    const key = literal.includes("\\") ? JSON.parse(literal) as string : literal.slice(1, -1);
    if (keys!.has(key)) {
      const shown = literal.length > 40 ? `${literal.slice(0, 39)}…"` : literal;
      this.#note(start, `the key ${shown} occurs twice in one object`, `Keep one of the keys ${shown}.`);
    }
    keys!.add(key);
  }

  #commaOrEnd(character: string): Expected | undefined {
    const { open } = this.#frames.at(-1)!;
    const closer = open === "{" ? "}" : "]";
    if (character === closer) return this.#close();
    if (character === ",") {
      this.#index++;
      return open === "{" ? "key" : "value";
    }
    if (character === "}" || character === "]") {
      throw this.#fault(`${open} is closed with ${character}`, `Close ${open} with ${closer}.`);
    }
    if (character === "/") throw this.#problem(COMMENT);
    throw this.#fault(
      `a comma or ${closer} must follow a value`,
      `Put a comma between the members, or close ${open} with ${closer}.`,
    );
  }

  #string(): void {
    const text = this.#text;
    for (let index = this.#index + 1;; index++) {
      const unit = text.charCodeAt(index);
      if (unit === 0x22) {
        this.#index = index + 1;
        return;
      }
      if (Number.isNaN(unit)) {
        throw new Fault(index, "a string is not closed", "Close the string with a double quote.");
      }
      if (unit < 0x20) throw rawControl(index, unit);
      if (unit === 0x5c) index = this.#escape(index);
    }
  }

  /** Checks an escape; gives the index of its last character. */
  #escape(index: number): number {
    const next = this.#text[index + 1];
    if (next === "u" && /^[\da-fA-F]{4}$/.test(this.#text.slice(index + 2, index + 6))) return index + 5;
    if (next !== undefined && '"\\/bfnrt'.includes(next)) return index + 1;
    if (next === undefined) {
      throw new Fault(index + 1, "a string is not closed", "Close the string with a double quote.");
    }
    throw new Fault(index, `\\${next} is no escape of JSON`, `Write a backslash in a string as \\\\.`);
  }

  #readNumber(): void {
    const start = this.#index;
    const number = this.#number ??= /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const literal = number.exec(this.#text)?.[0];
    const word = this.#wordAt(start);
    if (literal === undefined || (literal.length < 40 && word.length > literal.length)) {
      throw this.#fault(`${word} is no number of JSON`, numberRepair(word));
    }
    this.#index += literal.length;
    const shown = literal.length > 40 ? `${literal.slice(0, 39)}…` : literal;
    const value = Number(literal);
    if (!Number.isFinite(value)) {
      this.#note(
        start,
        `the number ${shown} is too large`,
        `Write ${shown} as a string, or as a smaller number.`,
      );
    } else if (!Number.isSafeInteger(value) && /^-?\d+$/.test(literal) && BigInt(literal) !== BigInt(value)) {
      this.#note(
        start,
        `the number ${shown} has more digits than can be kept`,
        `Write ${shown} as a string.`,
      );
    }
  }

  #literal(character: string): void {
    const literal = ["true", "false", "null"].find((word) => this.#text.startsWith(word, this.#index));
    const word = this.#wordAt(this.#index);
    if (literal === undefined || word !== literal) {
      throw this.#problem(noValue(character, word, this.#frames.length === 0));
    }
    this.#index += literal.length;
  }

  #endedEarly(): Fault {
    const closers = this.#frames.map(({ open }) => open === "{" ? "}" : "]").reverse().join("");
    if (closers === "") return new Fault(this.#text.length, "there is no JSON value", "Give one JSON value.");
    const shown = closers.length > 20 ? `${closers.slice(0, 20)}…` : closers;
    return new Fault(
      this.#text.length,
      "it ends before everything is closed",
      `Complete the JSON and close it with ${shown}.`,
    );
  }

  #problem({ message, repair }: JsonProblem): Fault {
    return this.#fault(message, repair);
  }

  #fault(message: string, repair: string): Fault {
    return new Fault(this.#index, message, repair);
  }

  #note(offset: number, message: string, repair: string): void {
    if (this.#issues.length < MOST_ISSUES) this.#issues.push({ offset, message, repair });
  }

  #wordAt(index: number): string {
    const word = this.#word ??= /[\p{L}\p{N}_$.+-]{1,40}/uy;
    word.lastIndex = index;
    return word.exec(this.#text)?.[0] ?? "";
  }

  #skipSpace(): void {
    for (;; this.#index++) {
      const unit = this.#text.charCodeAt(this.#index);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }
}
