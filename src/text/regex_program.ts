/**
 * Compiles the structure of a regular expression into instructions for the linear matcher.
 *
 * @module
 */

import { consumes } from "./regex_automaton.ts";
import {
  type AssertionNode,
  parseRegex,
  type RegexNode,
  type RepeatNode,
  UnknownSyntax,
} from "./regex_syntax.ts";

/** What instructions do. */
export const OPERATION: Readonly<{ take: 0; fork: 1; jump: 2; check: 3; look: 4; done: 5; fail: 6 }> = Object
  .freeze({
    /** Takes one character that the atom `x` matches, and goes on at `y`. */
    take: 0,
    /** Goes on at `x` and, as the second choice, at `y`. */
    fork: 1,
    /** Goes on at `x`. */
    jump: 2,
    /** Goes on where the assertion `x` holds. */
    check: 3,
    /** Goes on where the lookaround `x` holds. */
    look: 4,
    /** The match is complete. */
    done: 5,
    /** This way does not match. */
    fail: 6,
  });

/** One instruction. */
export interface Instruction {
  /** What it does. */
  readonly operation: number;
  /** Its first operand. */
  x: number;
  /** Its second operand. */
  y: number;
}

/** A compiled expression. */
export interface RegexProgram {
  /** The instructions; the first one begins. */
  readonly instructions: readonly Instruction[];
  /** What matches one character. */
  readonly atoms: readonly CharacterMatcher[];
  /** The assertions. */
  readonly assertions: readonly AssertionNode[];
  /** The lookarounds. */
  readonly lookarounds: readonly { readonly program: RegexProgram; readonly negative: boolean }[];
  /** Whether it reads the text backwards. */
  readonly backward: boolean;
  /** Whether a character is a code point rather than a UTF-16 unit. */
  readonly byCodePoint: boolean;
  /** How many instructions there are, lookarounds included. */
  readonly size: number;
}

const MOST_INSTRUCTIONS = 4_000;

/**
 * Compiles an expression.
 *
 * @param source Its source, which the engine has accepted.
 * @param flags Its flags.
 * @returns The program; `undefined` for what has back-references, is too large or uses syntax that is not known here.
 */
export function compileProgram(source: string, flags: string): RegexProgram | undefined {
  try {
    return new Compiler(/[uv]/.test(flags), false).compile(parseRegex(source, flags));
  } catch (error) {
    if (error instanceof UnknownSyntax) return undefined;
    throw error;
  }
}

class Compiler {
  readonly #byCodePoint: boolean;
  readonly #backward: boolean;
  readonly #instructions: Instruction[] = [];
  readonly #atoms: CharacterMatcher[] = [];
  readonly #atomNumbers = new Map<string, number>();
  readonly #assertions: AssertionNode[] = [];
  readonly #lookarounds: { program: RegexProgram; negative: boolean }[] = [];

  constructor(byCodePoint: boolean, backward: boolean) {
    this.#byCodePoint = byCodePoint;
    this.#backward = backward;
  }

  compile(node: RegexNode): RegexProgram {
    this.#node(node);
    this.#emit(OPERATION.done);
    return {
      instructions: this.#instructions,
      atoms: this.#atoms,
      assertions: this.#assertions,
      lookarounds: this.#lookarounds,
      backward: this.#backward,
      byCodePoint: this.#byCodePoint,
      size: this.#lookarounds.reduce((sum, { program }) => sum + program.size, this.#instructions.length),
    };
  }

  #node(node: RegexNode): void {
    switch (node.kind) {
      case "atom":
        this.#emit(OPERATION.take, this.#atom(node)).y = this.#instructions.length;
        return;
      case "sequence":
        for (const part of this.#backward ? node.parts.toReversed() : node.parts) this.#node(part);
        return;
      case "choice":
        return this.#choice(node.options);
      case "repeat":
        return this.#repeat(node);
      case "group":
        return this.#node(node.body);
      case "assertion":
        this.#emit(OPERATION.check, this.#assertions.push(node) - 1);
        return;
      case "lookaround": {
        const program = new Compiler(this.#byCodePoint, node.behind).compile(node.body);
        this.#emit(OPERATION.look, this.#lookarounds.push({ program, negative: node.negative }) - 1);
        return;
      }
      case "reference":
        throw new UnknownSyntax("a back-reference");
    }
  }

  #atom({ source, flags }: { source: string; flags: string }): number {
    const key = `${flags}/${source}`;
    const known = this.#atomNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#atoms.push(new CharacterMatcher(source, flags)) - 1;
    this.#atomNumbers.set(key, number);
    return number;
  }

  #choice(options: readonly RegexNode[]): void {
    const jumps: Instruction[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return this.#node(option);
      const fork = this.#emit(OPERATION.fork, this.#instructions.length + 1);
      this.#node(option);
      jumps.push(this.#emit(OPERATION.jump));
      fork.y = this.#instructions.length;
    });
    for (const jump of jumps) jump.x = this.#instructions.length;
  }

  #repeat({ body, min, max, lazy }: RepeatNode): void {
    if (!consumes(body)) {
      // However often it is checked, the answer is the same; and where it need not hold, it says nothing.
      if (min > 0) this.#node(body);
      return;
    }
    for (let round = 0; round < min; round++) this.#node(body);
    if (max === Infinity) {
      const fork = this.#emit(OPERATION.fork);
      const at = this.#instructions.length - 1;
      this.#takingBody(body);
      this.#emit(OPERATION.jump, at);
      this.#aim(fork, at + 1, this.#instructions.length, lazy);
      return;
    }
    const forks: [Instruction, number][] = [];
    for (let round = min; round < max; round++) {
      forks.push([this.#emit(OPERATION.fork), this.#instructions.length]);
      this.#takingBody(body);
    }
    for (const [fork, inside] of forks) this.#aim(fork, inside, this.#instructions.length, lazy);
  }

  /**
   * A round that need not be: JavaScript lets it match only when it takes a character. A body that can be empty is written
   * twice, for before and after its first character; the end of the first copy fails, and taking a character in it goes on
   * in the second.
   */
  #takingBody(body: RegexNode): void {
    if (!canBeEmpty(body)) return this.#node(body);
    const start = this.#instructions.length;
    this.#node(body);
    const end = this.#instructions.length;
    this.#emit(OPERATION.fail);
    for (let at = start; at < end; at++) {
      const instruction = this.#instructions[at]!;
      if (instruction.operation === OPERATION.take) instruction.y += end + 1 - start;
    }
    this.#node(body);
  }

  #aim(fork: Instruction, inside: number, after: number, lazy: boolean): void {
    fork.x = lazy ? after : inside;
    fork.y = lazy ? inside : after;
  }

  #emit(operation: number, x = 0): Instruction {
    if (this.#instructions.length >= MOST_INSTRUCTIONS) throw new UnknownSyntax("too large");
    const instruction: Instruction = { operation, x, y: 0 };
    this.#instructions.push(instruction);
    return instruction;
  }
}

function canBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case "atom":
      return false;
    case "sequence":
      return node.parts.every(canBeEmpty);
    case "choice":
      return node.options.some(canBeEmpty);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.body);
    case "group":
      return canBeEmpty(node.body);
    default:
      return true;
  }
}

const MOST_REMEMBERED = 4_096;

/** Says which characters a part of an expression matches, by asking the engine and remembering. */
export class CharacterMatcher {
  readonly #pattern: RegExp;
  readonly #ascii: readonly boolean[];
  readonly #others = new Map<number, boolean>();

  /**
   * @param source The source of the part.
   * @param flags Its flags.
   */
  constructor(source: string, flags: string) {
    this.#pattern = new RegExp(`^(?:${source})$`, flags.replace("m", ""));
    this.#ascii = Array.from({ length: 128 }, (_, point) => this.#pattern.test(String.fromCharCode(point)));
  }

  /**
   * Whether it matches a character.
   *
   * @param point A code point, or a UTF-16 unit.
   */
  matches(point: number): boolean {
    return point < 128 ? this.#ascii[point]! : this.#matchesOther(point);
  }

  #matchesOther(point: number): boolean {
    const known = this.#others.get(point);
    if (known !== undefined) return known;
    if (this.#others.size >= MOST_REMEMBERED) this.#others.clear();
    const matches = this.#pattern.test(String.fromCodePoint(point));
    this.#others.set(point, matches);
    return matches;
  }
}
