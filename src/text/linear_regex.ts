/**
 * Matches regular expressions in time linear in the text, whatever the expression is.
 *
 * All ways to match are followed side by side, one character at a time, in the order in which a backtracking engine would try
 * them; two ways that reach the same instruction go on as one (Thompson's method, with the priorities of Pike's machine). So
 * what is found is what the runtime's engine would find. Looking around starts such a match of its own, and searching for
 * the next match starts again after the last one: both can repeat work, so the steps of one search have a bound.
 *
 * @module
 */

import type { AssertionNode } from "./regex_syntax.ts";
import { compileProgram, OPERATION, type RegexProgram } from "./regex_program.ts";
import { isHighSurrogate, isLowSurrogate } from "./unicode.ts";

/** Thrown when a search takes more steps than it may. */
export class TooManySteps extends Error {}

/** A match. */
export interface LinearMatch {
  /** Where it begins, in UTF-16 units. */
  readonly index: number;
  /** The text that matches. */
  readonly 0: string;
}

/** How often the steps of one pass over the text a search may take, and how many more. */
const PASSES = 8;
const SPARE_STEPS = 200_000;
/** A large pattern on a long text would take minutes for one pass. */
const MOST_STEPS = 200_000_000;

/** A regular expression that is matched in linear time. */
export class LinearRegex {
  readonly #program: RegexProgram;

  private constructor(program: RegexProgram) {
    this.#program = program;
  }

  /**
   * Compiles an expression.
   *
   * @param source Its source, which the engine has accepted.
   * @param flags Its flags, without `g` and `y`.
   * @returns The expression; `undefined` for what has back-references, is too large or uses syntax that is not known here.
   */
  static compile(source: string, flags: string): LinearRegex | undefined {
    const program = compileProgram(source, flags);
    return program && new LinearRegex(program);
  }

  /**
   * Finds all matches in order, as `String.prototype.matchAll` does.
   *
   * @param text The text.
   * @returns The matches.
   * @throws {TooManySteps} When it takes more steps than a few passes over the text.
   */
  *matchAll(text: string): Generator<LinearMatch, void, undefined> {
    const passes = PASSES * this.#program.size * (text.length + 1) + SPARE_STEPS;
    const budget = { steps: Math.min(passes, MOST_STEPS) };
    const machine = new Machine(this.#program, text, budget);
    for (let from = 0; from <= text.length;) {
      const match = machine.find(from);
      if (match === undefined) return;
      const [start, end] = match;
      yield { index: start, 0: text.slice(start, end) };
      from = end > start ? end : end + machine.lengthAt(end);
    }
  }
}

interface Budget {
  steps: number;
}

/** The ways that are being followed, best first: each an instruction that takes a character or is done, and its start. */
class Ways {
  readonly at: Int32Array;
  readonly starts: Int32Array;
  count = 0;

  constructor(size: number) {
    this.at = new Int32Array(size);
    this.starts = new Int32Array(size);
  }
}

/** Runs one program over one text. */
class Machine {
  readonly #program: RegexProgram;
  readonly #text: string;
  readonly #budget: Budget;
  readonly #lookarounds: readonly Machine[];
  readonly #seen: Int32Array;
  readonly #pending: number[] = [];
  #ways: Ways;
  #nextWays: Ways;
  #round = 0;

  constructor(program: RegexProgram, text: string, budget: Budget) {
    const { length } = program.instructions;
    this.#program = program;
    this.#text = text;
    this.#budget = budget;
    this.#lookarounds = program.lookarounds.map((lookaround) =>
      new Machine(lookaround.program, text, budget)
    );
    this.#seen = new Int32Array(length);
    this.#ways = new Ways(length);
    this.#nextWays = new Ways(length);
  }

  /** Finds the first match that begins at `from` or later. */
  find(from: number): readonly [number, number] | undefined {
    let found: readonly [number, number] | undefined;
    this.#ways.count = 0;
    this.#round++;
    for (let index = from;;) {
      if (found === undefined) this.#follow(this.#ways, 0, index, index);
      else if (this.#ways.count === 0) return found;
      const length = this.lengthAt(index);
      found = this.#step(index, index + length) ?? found;
      if (index >= this.#text.length) return found;
      index += length;
    }
  }

  /** Whether there is a match that begins exactly here (or ends here, for a program that reads backwards). */
  holdsAt(from: number): boolean {
    this.#ways.count = 0;
    this.#round++;
    this.#follow(this.#ways, 0, from, from);
    for (let index = from; this.#ways.count > 0;) {
      const length = this.#program.backward ? -this.#lengthBefore(index) : this.lengthAt(index);
      if (this.#step(index, index + length) !== undefined) return true;
      index += length;
    }
    return false;
  }

  /** The length of the character at an index; 1 at the end. */
  lengthAt(index: number): number {
    const isPair = this.#program.byCodePoint && isHighSurrogate(this.#text.charCodeAt(index)) &&
      isLowSurrogate(this.#text.charCodeAt(index + 1));
    return isPair ? 2 : 1;
  }

  #lengthBefore(index: number): number {
    const isPair = this.#program.byCodePoint && isLowSurrogate(this.#text.charCodeAt(index - 1)) &&
      isHighSurrogate(this.#text.charCodeAt(index - 2));
    return isPair ? 2 : 1;
  }

  /** Takes the character between two indices on all ways; gives the best match that is complete before it, if any. */
  #step(index: number, next: number): readonly [number, number] | undefined {
    const { instructions, atoms, backward } = this.#program;
    const ways = this.#ways;
    const nextWays = this.#nextWays;
    const point = this.#pointAt(backward ? next : index);
    nextWays.count = 0;
    this.#round++;
    this.#spend(ways.count);
    let found: readonly [number, number] | undefined;
    for (let way = 0; way < ways.count; way++) {
      const at = ways.at[way]!;
      const { operation, x, y } = instructions[at]!;
      if (operation === OPERATION.done) {
        // Ways after it are worse than a match that is complete.
        found = [ways.starts[way]!, index];
        break;
      }
      if (point >= 0 && atoms[x]!.matches(point)) this.#follow(nextWays, y, ways.starts[way]!, next);
    }
    this.#ways = nextWays;
    this.#nextWays = ways;
    return found;
  }

  #pointAt(index: number): number {
    if (index < 0 || index >= this.#text.length) return -1;
    return this.#program.byCodePoint ? this.#text.codePointAt(index)! : this.#text.charCodeAt(index);
  }

  /** Adds the ways that lead on from an instruction without taking a character, best first. */
  #follow(ways: Ways, from: number, start: number, index: number): void {
    const { instructions } = this.#program;
    const pending = this.#pending;
    const bottom = pending.length;
    pending.push(from);
    while (pending.length > bottom) {
      const at = pending.pop()!;
      if (this.#seen[at] === this.#round) continue;
      this.#seen[at] = this.#round;
      this.#spend(1);
      const { operation, x, y } = instructions[at]!;
      if (operation === OPERATION.fork) pending.push(y, x);
      else if (operation === OPERATION.jump) pending.push(x);
      else if (operation === OPERATION.check) {
        if (holds(this.#program.assertions[x]!, this.#text, index)) pending.push(at + 1);
      } else if (operation === OPERATION.look) {
        if (this.#lookarounds[x]!.holdsAt(index) !== this.#program.lookarounds[x]!.negative) {
          pending.push(at + 1);
        }
      } else if (operation !== OPERATION.fail) {
        ways.at[ways.count] = at;
        ways.starts[ways.count++] = start;
      }
    }
  }

  #spend(steps: number): void {
    this.#budget.steps -= steps;
    if (this.#budget.steps < 0) throw new TooManySteps("A pattern takes too many steps");
  }
}

function holds({ checks, flags }: AssertionNode, text: string, index: number): boolean {
  switch (checks) {
    case "^":
      return index === 0 || (flags.includes("m") && isLineBreak(text.charCodeAt(index - 1)));
    case "$":
      return index === text.length || (flags.includes("m") && isLineBreak(text.charCodeAt(index)));
    default: {
      const isBoundary = isWord(text.charCodeAt(index - 1), flags) !== isWord(text.charCodeAt(index), flags);
      return isBoundary === (checks === "b");
    }
  }
}

function isLineBreak(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x2028 || unit === 0x2029;
}

/** What `\w` matches; without regard to case, Unicode has two more letters that fold to ASCII ones. */
function isWord(unit: number, flags: string): boolean {
  if (Number.isNaN(unit)) return false;
  if (unit < 128) return /\w/.test(String.fromCharCode(unit));
  return (unit === 0x17f || unit === 0x212a) && flags.includes("i") && /[uv]/.test(flags);
}
