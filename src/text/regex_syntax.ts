/**
 * Reads the structure of a regular expression that the engine has already accepted: enough to judge how it repeats, and to
 * match it in linear time. Which groups capture what is not kept.
 *
 * What matches a single character is kept as its own source text, so the engine itself can be asked what it matches.
 *
 * @module
 */

/** A part of a regular expression. */
export type RegexNode =
  | { readonly kind: "atom"; readonly source: string; readonly flags: string }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly options: readonly RegexNode[] }
  | RepeatNode
  | AssertionNode
  | LookaroundNode
  | { readonly kind: "group"; readonly body: RegexNode }
  | { readonly kind: "reference"; readonly group: RegexNode | undefined };

/** A repetition. */
export interface RepeatNode {
  /** The kind. */
  readonly kind: "repeat";
  /** What is repeated. */
  readonly body: RegexNode;
  /** The fewest rounds. */
  readonly min: number;
  /** The most rounds. */
  readonly max: number;
  /** Whether it takes as few rounds as it can. */
  readonly lazy: boolean;
}

/** What checks its place without taking a character. */
export interface AssertionNode {
  /** The kind. */
  readonly kind: "assertion";
  /** What it checks: a start or end (of each line under the `m` flag), a word boundary, or that there is none. */
  readonly checks: "^" | "$" | "b" | "B";
  /** Its flags. */
  readonly flags: string;
}

/** What looks ahead or behind. */
export interface LookaroundNode {
  /** The kind. */
  readonly kind: "lookaround";
  /** What it looks for. */
  readonly body: RegexNode;
  /** Whether it looks behind. */
  readonly behind: boolean;
  /** Whether it must not find it. */
  readonly negative: boolean;
}

/** Thrown for syntax that this reader does not know. */
export class UnknownSyntax extends Error {}

const DEEPEST = 250;

/**
 * Reads a regular expression.
 *
 * @param source Its source, valid for the engine.
 * @param flags Its flags.
 * @returns Its structure.
 * @throws {UnknownSyntax} When it uses syntax that is not known here, or nests too deep.
 */
export function parseRegex(source: string, flags: string): RegexNode {
  const reader = new Reader(source, flags);
  const node = reader.choice(0);
  if (!reader.atEnd) throw new UnknownSyntax(`unexpected ${source.slice(reader.index, reader.index + 5)}`);
  return node;
}

class Reader {
  index = 0;
  // Sticky patterns keep their place, so every reader has its own.
  readonly #quantifier = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
  readonly #groupStart = /\((?:\?(?:<?[=!]|<([^>=!]+)>|([a-z]*(?:-[a-z]*)?):))?/y;
  readonly #reference = /\\(?:k<([^>]+)>|([1-9]\d*))/y;
  readonly #escape: RegExp;
  readonly #source: string;
  readonly #unicode: boolean;
  readonly #groups: (RegexNode | undefined)[] = [];
  readonly #names = new Map<string, number>();
  readonly #groupCount: number;
  #flags: string;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags.replace(/[^imsuv]/g, "");
    this.#unicode = /[uv]/.test(flags);
    this.#escape = this.#unicode
      ? /\\(?:[pP]\{[^}]*\}|u\{[\da-f]+\}|ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[^])/iuy
      : /\\(?:u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[0-7]{1,3}|[^])/iy;
    this.#groupCount = source.match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0;
  }

  get atEnd(): boolean {
    return this.index >= this.#source.length;
  }

  choice(depth: number): RegexNode {
    if (depth > DEEPEST) throw new UnknownSyntax("nested too deep");
    const options = [this.#sequence(depth)];
    while (this.#source[this.index] === "|") {
      this.index++;
      options.push(this.#sequence(depth));
    }
    return options.length === 1 ? options[0]! : { kind: "choice", options };
  }

  #sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.atEnd && this.#source[this.index] !== "|" && this.#source[this.index] !== ")") {
      parts.push(this.#quantified(this.#term(depth)));
    }
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #quantified(body: RegexNode): RegexNode {
    const match = this.#take(this.#quantifier);
    if (match === null) return body;
    const [text, low, comma, high] = match;
    const lazy = text.length > 1 && text.endsWith("?");
    if (low !== undefined) {
      const min = Number(low);
      return {
        kind: "repeat",
        body,
        min,
        max: comma === undefined ? min : high ? Number(high) : Infinity,
        lazy,
      };
    }
    return { kind: "repeat", body, min: text[0] === "+" ? 1 : 0, max: text[0] === "?" ? 1 : Infinity, lazy };
  }

  #term(depth: number): RegexNode {
    switch (this.#source[this.index]) {
      case "(":
        return this.#group(depth);
      case "[":
        return this.#atom(this.#classEnd());
      case "\\":
        return this.#escaped();
      case "^":
      case "$":
        return this.#assertion(this.#source[this.index++] as "^" | "$");
      default: {
        const point = this.#source.codePointAt(this.index)!;
        return this.#atom(this.index + (this.#unicode && point > 0xffff ? 2 : 1));
      }
    }
  }

  #assertion(checks: AssertionNode["checks"]): RegexNode {
    return { kind: "assertion", checks, flags: this.#flags };
  }

  #group(depth: number): RegexNode {
    const outerFlags = this.#flags;
    const [text, name, modifiers] = this.#take(this.#groupStart)!;
    const isLookaround = /[=!]$/.test(text);
    const isCapturing = text === "(" || name !== undefined;
    if (modifiers) this.#flags = changeFlags(outerFlags, modifiers);
    const number = isCapturing ? this.#groups.push(undefined) : 0;
    if (name !== undefined) this.#names.set(name, number);
    const body = this.choice(depth + 1);
    if (this.#source[this.index] !== ")") throw new UnknownSyntax("a group that does not end");
    this.index++;
    this.#flags = outerFlags;
    if (isLookaround) {
      return { kind: "lookaround", body, behind: text.startsWith("(?<"), negative: text.endsWith("!") };
    }
    if (isCapturing) this.#groups[number - 1] = body;
    return { kind: "group", body };
  }

  #escaped(): RegexNode {
    const next = this.#source[this.index + 1];
    if (next === "b" || next === "B") {
      this.index += 2;
      return this.#assertion(next);
    }
    const start = this.index;
    const reference = this.#take(this.#reference);
    if (reference !== null) {
      const [, name, digits] = reference;
      const number = name === undefined ? Number(digits) : this.#names.get(name);
      if (name !== undefined || number! <= this.#groupCount) {
        return { kind: "reference", group: number === undefined ? undefined : this.#groups[number - 1] };
      }
      this.index = start;
    }
    if (this.#take(this.#escape) === null) throw new UnknownSyntax("an escape at the end");
    const end = this.index;
    this.index = start;
    return this.#atom(end);
  }

  /** Finds the end of a class; under the `v` flag classes nest. */
  #classEnd(): number {
    const nests = this.#flags.includes("v");
    let depth = 0;
    for (let index = this.index; index < this.#source.length; index++) {
      const character = this.#source[index];
      if (character === "\\") {
        if (this.#source[index + 1] === "q" && nests) throw new UnknownSyntax("strings in a class");
        index++;
      } else if (character === "[" && (depth === 0 || nests)) depth++;
      else if (character === "]" && --depth === 0) return index + 1;
    }
    throw new UnknownSyntax("a class that does not end");
  }

  #atom(end: number): RegexNode {
    const source = this.#source.slice(this.index, end);
    this.index = end;
    return { kind: "atom", source, flags: this.#flags };
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    const match = pattern.exec(this.#source);
    if (match !== null) this.index = pattern.lastIndex;
    return match;
  }
}

function changeFlags(flags: string, modifiers: string): string {
  const [added = "", removed = ""] = modifiers.split("-");
  return [...new Set([...flags].filter((flag) => !removed.includes(flag)).concat([...added]))].join("");
}
