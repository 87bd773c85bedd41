/**
 * Judges without running it whether a regular expression can take very long on some text.
 *
 * A backtracking engine tries every way to match. What decides is ambiguity, in the automaton of the expression:
 *
 * - A loop that can take the same characters in two ways has exponentially many ways: `(a+)+`, `(a|a)*`, `(\w+\s?)*`.
 * - Two loops, one after the other, that can share the same characters have a power of the length: `\d+\w*x`, `.*,.*,.*!`.
 *   The search for where a match begins is a loop over anything too: `a+b` looks again from each of the a's.
 *
 * Neither does harm where a match is complete at every place of the loop, since then the engine stops. The first two kinds are
 * `suspect`; an expression whose only fault is the search is `safe`, but `slowOnLongText`.
 *
 * @module
 */

import { type Automaton, buildAutomaton, type Lookaround, TooLarge } from "./regex_automaton.ts";
import { atomSets, type CharacterSet, overlap } from "./regex_sets.ts";
import { parseRegex, type RegexNode, UnknownSyntax } from "./regex_syntax.ts";

/** What the screen found. */
export interface RegexVerdict {
  /** `suspect`: may take exponential time, or a power of the length above the second. */
  readonly verdict: "safe" | "suspect";
  /** Why it is suspect. */
  readonly reason?: string;
  /** Whether it can take quadratic time, which is harmless on a short text. */
  readonly slowOnLongText: boolean;
}

/**
 * Judges a regular expression.
 *
 * @param source Its source, which the engine has accepted.
 * @param flags Its flags.
 * @returns The verdict. What cannot be judged is suspect.
 *
 * @example
 * ```ts ignore
 * screenRegex("^(a+)+$", "u").verdict; // "suspect"
 * screenRegex("^\\w+@\\w+$", "u").verdict; // "safe"
 * ```
 */
export function screenRegex(source: string, flags: string): RegexVerdict {
  try {
    return judge(parseRegex(source, flags), undefined);
  } catch (error) {
    if (!(error instanceof UnknownSyntax) && !(error instanceof TooLarge)) throw error;
    return suspect(`it cannot be judged: ${error.message}`);
  }
}

function judge(node: RegexNode, inside: Lookaround | undefined): RegexVerdict {
  const automaton = buildAutomaton(node);
  if (automaton.repeatsReference) return suspect("a back-reference is repeated");
  const search = new Search(automaton, inside === undefined);
  const doubled = search.findDoubled() ?? findBoundedBlowUp(node, inside === undefined);
  if (doubled !== undefined) return suspect(doubled);
  let slow = inside?.repeated === true && search.loops.length > 0;
  const start = inside === undefined ? anchorOf(node) : undefined;
  if (start !== "text" && search.searchOverlapsLoop(start === "line")) slow = true;
  for (const lookaround of automaton.lookarounds) {
    const inner = judge(lookaround.body, lookaround);
    if (inner.verdict === "suspect") return inner;
    slow ||= inner.slowOnLongText && (start !== "text" || lookaround.repeated);
  }
  return { verdict: "safe", slowOnLongText: slow };
}

/** A repetition of up to so many rounds is harmless even where it is ambiguous: it has a bounded number of ways. */
const FEW_ROUNDS = 7;

/** Bounded repetitions in a row multiply too, but only many of them together do harm. */
const MANY_PAIRS = 6;

/** Finds what `(a{1,20}){1,20}` does: its ways have a bound, but an enormous one. */
function findBoundedBlowUp(node: RegexNode, mayComplete: boolean): string | undefined {
  const loosened = buildAutomaton(node, FEW_ROUNDS);
  if (!loosened.loosened) return undefined;
  const search = new Search(loosened, mayComplete);
  return search.findAmbiguous() ?? search.findShared(MANY_PAIRS);
}

function suspect(reason: string): RegexVerdict {
  return { verdict: "suspect", reason, slowOnLongText: true };
}

/** What every match must begin with, if anything. */
function anchorOf(node: RegexNode): "text" | "line" | undefined {
  switch (node.kind) {
    case "assertion":
      if (node.checks !== "^") return undefined;
      return node.flags.includes("m") ? "line" : "text";
    case "group":
      return anchorOf(node.body);
    case "choice": {
      const anchors = node.options.map(anchorOf);
      if (anchors.includes(undefined)) return undefined;
      return anchors.includes("line") ? "line" : "text";
    }
    case "sequence":
      for (const part of node.parts) {
        const anchor = anchorOf(part);
        if (anchor !== undefined) return anchor;
        if (part.kind !== "assertion" && part.kind !== "lookaround") return undefined;
      }
      return undefined;
    case "repeat":
      return node.min > 0 ? anchorOf(node.body) : undefined;
    default:
      return undefined;
  }
}

/** How many combined states are looked at before an expression counts as too large. */
const EFFORT = 200_000;

/** A set of positions that can all be reached from one another. */
type Loop = ReadonlySet<number>;

class Search {
  /** The loops that have a place in which a match is not already complete. */
  readonly loops: readonly Loop[];
  readonly #automaton: Automaton;
  readonly #sets: readonly CharacterSet[];
  #effort = EFFORT;

  constructor(automaton: Automaton, mayComplete: boolean) {
    this.#automaton = automaton;
    this.#sets = atomSets(automaton.atoms);
    const completes = (loop: Loop) =>
      mayComplete && [...loop].every((position) => automaton.accepting.has(position));
    this.loops = findLoops(automaton.follow).filter((loop) => !completes(loop));
  }

  /** Says what is repeated in more than one way, if anything. */
  findDoubled(): string | undefined {
    return this.findAmbiguous() ?? this.findShared(1);
  }

  /** Says whether one repetition has several ways to match the same text. */
  findAmbiguous(): string | undefined {
    const found = this.loops.some((loop) => this.#isAmbiguous(loop));
    return found ? "a repetition can match the same text in several ways" : undefined;
  }

  /** Says whether so many pairs of repetitions can match the same text. */
  findShared(pairs: number): string | undefined {
    let found = 0;
    for (const one of this.loops) {
      for (const other of this.loops) {
        if (one !== other && this.#shareText(one, other) && ++found === pairs) {
          return "two repetitions can match the same text";
        }
      }
    }
    return undefined;
  }

  /** Two ways through the loop that part, take the same characters, and meet again. */
  #isAmbiguous(loop: Loop): boolean {
    for (const from of loop) {
      for (const [to, ways] of this.#automaton.follow[from]!) if (ways > 1 && loop.has(to)) return true;
    }
    const queue: [number, number][] = [...loop].map((position) => [position, position]);
    const seen = new Set<number>(queue.map(([one, other]) => this.#key(one, other)));
    for (const [one, other] of queue) {
      for (const nextOne of this.#automaton.follow[one]!.keys()) {
        if (!loop.has(nextOne)) continue;
        for (const nextOther of this.#automaton.follow[other]!.keys()) {
          this.#spend();
          if (!loop.has(nextOther) || !overlap(this.#sets[nextOne]!, this.#sets[nextOther]!)) continue;
          if (nextOne === nextOther && one !== other) return true;
          const key = this.#key(nextOne, nextOther);
          if (!seen.has(key)) queue.push([nextOne, nextOther]);
          seen.add(key);
        }
      }
    }
    return false;
  }

  /** A text that stays in the first loop, leads from it to the second, and stays in the second. */
  #shareText(one: Loop, other: Loop): boolean {
    for (const from of one) {
      for (const to of other) if (this.#leads([from, from, to], [from, to, to], one, other)) return true;
    }
    return false;
  }

  /** The same, where the first loop is the search for where a match begins, which takes any character. */
  searchOverlapsLoop(afterLineBreak: boolean): boolean {
    const { first, follow } = this.#automaton;
    for (const loop of this.loops) {
      for (const to of loop) {
        // A text that leads from the beginning of a match to `to`, and from `to` to itself.
        const queue: [number, number][] = [];
        const seen = new Set<number>();
        const visit = (one: number, other: number): boolean => {
          this.#spend();
          if (!loop.has(other) || !overlap(this.#sets[one]!, this.#sets[other]!)) return false;
          if (one === to && other === to) return true;
          const key = this.#key(one, other);
          if (!seen.has(key)) queue.push([one, other]);
          seen.add(key);
          return false;
        };
        for (const inLoop of loop) {
          // A match may begin after any number of characters of the loop, so any state of it can come before.
          if (afterLineBreak && !this.#sets[inLoop]!.hasLineBreak) continue;
          for (const one of first.keys()) {
            for (const other of follow[inLoop]!.keys()) if (visit(one, other)) return true;
          }
        }
        for (const [one, other] of queue) {
          for (const nextOne of follow[one]!.keys()) {
            for (const nextOther of follow[other]!.keys()) if (visit(nextOne, nextOther)) return true;
          }
        }
      }
    }
    return false;
  }

  #leads(start: readonly number[], goal: readonly number[], one: Loop, other: Loop): boolean {
    const { follow } = this.#automaton;
    const queue: (readonly number[])[] = [start];
    const seen = new Set<string>([start.join()]);
    for (const [a, b, c] of queue) {
      for (const nextA of follow[a!]!.keys()) {
        if (!one.has(nextA)) continue;
        for (const nextC of follow[c!]!.keys()) {
          if (!other.has(nextC) || !overlap(this.#sets[nextA]!, this.#sets[nextC]!)) continue;
          for (const nextB of follow[b!]!.keys()) {
            this.#spend();
            if (!overlap(this.#sets[nextA]!, this.#sets[nextB]!, this.#sets[nextC]!)) continue;
            const next = [nextA, nextB, nextC];
            const key = next.join();
            if (key === goal.join()) return true;
            if (!seen.has(key)) queue.push(next);
            seen.add(key);
          }
        }
      }
    }
    return false;
  }

  #key(one: number, other: number): number {
    return one * this.#automaton.atoms.length + other;
  }

  #spend(): void {
    if (--this.#effort < 0) throw new TooLarge("it is too large");
  }
}

/** Finds the strongly connected parts that hold a cycle (Tarjan's algorithm, with a stack of its own). */
function findLoops(follow: readonly ReadonlyMap<number, number>[]): Loop[] {
  const loops: Loop[] = [];
  const order = new Int32Array(follow.length).fill(-1);
  const low = new Int32Array(follow.length);
  const open: number[] = [];
  const isOpen = new Set<number>();
  let count = 0;
  for (let root = 0; root < follow.length; root++) {
    if (order[root]! >= 0) continue;
    const work: { position: number; next: IterableIterator<number> }[] = [];
    const enter = (position: number): void => {
      order[position] = low[position] = count++;
      open.push(position);
      isOpen.add(position);
      work.push({ position, next: follow[position]!.keys() });
    };
    enter(root);
    while (work.length > 0) {
      const { position, next } = work.at(-1)!;
      const step = next.next();
      if (!step.done) {
        if (order[step.value]! < 0) enter(step.value);
        else if (isOpen.has(step.value)) low[position] = Math.min(low[position]!, order[step.value]!);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low[parent.position] = Math.min(low[parent.position]!, low[position]!);
      if (low[position] !== order[position]) continue;
      const members = open.splice(open.lastIndexOf(position));
      for (const member of members) isOpen.delete(member);
      if (members.length > 1 || follow[position]!.has(position)) loops.push(new Set(members));
    }
  }
  return loops;
}
