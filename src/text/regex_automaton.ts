/**
 * Turns the structure of a regular expression into an automaton of positions (Glushkov's construction), and counts in how
 * many ways each step can be taken: a backtracking engine tries them all.
 *
 * A position is one place of the expression that consumes a character. `follow[p]` says which positions can come next and in
 * how many ways (2 stands for "several").
 *
 * @module
 */

import type { RegexNode, RepeatNode } from "./regex_syntax.ts";

/** How many positions an expression may have; bounded repetitions are written out. */
const MOST_POSITIONS = 1500;

/** How many steps from one position to another are looked at; nested repetitions look at the same ones again and again. */
const MOST_STEPS = 1_000_000;

/** Thrown when an expression is too large to be judged. */
export class TooLarge extends Error {}

/** An automaton of positions. */
export interface Automaton {
  /** What each position consumes. */
  readonly atoms: readonly AtomNode[];
  /** Where matching goes on after each position, and in how many ways. */
  readonly follow: readonly Map<number, number>[];
  /** Where matching begins. */
  readonly first: ReadonlyMap<number, number>;
  /** Where a match can be complete with nothing left to check. */
  readonly accepting: ReadonlySet<number>;
  /** The bodies of lookarounds, which are matched on their own. */
  readonly lookarounds: readonly Lookaround[];
  /** Whether a back-reference stands inside a repetition without end. */
  readonly repeatsReference: boolean;
  /** Whether a repetition was taken for endless though it is not. */
  readonly loosened: boolean;
}

/** What consumes one character. */
export type AtomNode = Extract<RegexNode, { kind: "atom" }>;

/** The body of a lookaround. */
export interface Lookaround {
  /** What it looks for. */
  readonly body: RegexNode;
  /** Whether it stands inside a repetition. */
  readonly repeated: boolean;
}

/**
 * Builds the automaton of an expression.
 *
 * @param node Its structure.
 * @param longest Repetitions that may go beyond this count as endless.
 * @returns The automaton.
 * @throws {TooLarge} When it has more than {@linkcode MOST_POSITIONS} positions.
 */
export function buildAutomaton(node: RegexNode, longest = Infinity): Automaton {
  return new Builder(longest).build(node);
}

/** What is known of a part: how it can begin, how it can end, and in how many ways it can be empty. */
interface Part {
  readonly first: Map<number, number>;
  /** How often each position can end it, and whether nothing (no assertion) is checked after it. */
  readonly last: Map<number, Ending>;
  readonly empty: number;
  /** Whether it can be empty without an assertion. */
  readonly freelyEmpty: boolean;
}

interface Ending {
  readonly ways: number;
  readonly free: boolean;
}

const NOTHING: Part = { first: new Map(), last: new Map(), empty: 1, freelyEmpty: true };
const CHECK: Part = { first: new Map(), last: new Map(), empty: 1, freelyEmpty: false };

class Builder {
  readonly #atoms: AtomNode[] = [];
  readonly #follow: Map<number, number>[] = [];
  readonly #lookarounds: Lookaround[] = [];
  readonly #longest: number;
  #repetitions = 0;
  #steps = 0;
  #repeatsReference = false;
  #loosened = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  build(node: RegexNode): Automaton {
    const whole = this.#part(node);
    const accepting = new Set<number>();
    for (const [position, ending] of whole.last) if (ending.free) accepting.add(position);
    return {
      atoms: this.#atoms,
      follow: this.#follow,
      first: whole.first,
      accepting,
      lookarounds: this.#lookarounds,
      repeatsReference: this.#repeatsReference,
      loosened: this.#loosened,
    };
  }

  #part(node: RegexNode): Part {
    switch (node.kind) {
      case "atom":
        return this.#atom(node);
      case "sequence":
        return node.parts.reduce<Part>((before, part) => this.#join(before, this.#part(part)), NOTHING);
      case "choice":
        return node.options.map((option) => this.#part(option)).reduce(either);
      case "repeat":
        return this.#repeat(node);
      case "group":
        return this.#part(node.body);
      case "reference":
        if (this.#repetitions > 0) this.#repeatsReference = true;
        return node.group === undefined ? NOTHING : this.#part(node.group);
      case "lookaround":
        this.#lookarounds.push({ body: node.body, repeated: this.#repetitions > 0 });
        return CHECK;
      case "assertion":
        return CHECK;
    }
  }

  #atom(atom: AtomNode): Part {
    const position = this.#atoms.push(atom) - 1;
    if (position >= MOST_POSITIONS) throw new TooLarge("too many positions");
    this.#follow.push(new Map());
    return {
      first: new Map([[position, 1]]),
      last: new Map([[position, { ways: 1, free: true }]]),
      empty: 0,
      freelyEmpty: false,
    };
  }

  #join(before: Part, after: Part): Part {
    this.#link(before, after);
    const first = new Map(before.first);
    if (before.empty > 0) {
      for (const [position, ways] of after.first) add(first, position, ways * before.empty);
    }
    const last = new Map(after.last);
    if (after.empty > 0) {
      for (const [position, { ways, free }] of before.last) {
        addEnding(last, position, { ways: ways * after.empty, free: free && after.freelyEmpty });
      }
    }
    return {
      first,
      last,
      empty: few(before.empty * after.empty),
      freelyEmpty: before.freelyEmpty && after.freelyEmpty,
    };
  }

  #link(before: Part, after: Part): void {
    this.#steps += before.last.size * after.first.size;
    if (this.#steps > MOST_STEPS) throw new TooLarge("too many steps between positions");
    for (const [from, { ways }] of before.last) {
      for (const [to, waysIn] of after.first) add(this.#follow[from]!, to, ways * waysIn);
    }
  }

  #repeat({ body, min, max }: RepeatNode): Part {
    if (!consumes(body)) return min === 0 ? optional(this.#part(body)) : this.#part(body);
    const endless = max > this.#longest || max === Infinity;
    if (endless && max !== Infinity) {
      this.#loosened = true;
      min = Math.min(min, 1);
    }
    if (endless) this.#repetitions++;
    let whole = NOTHING;
    // All but the last of the required rounds; an endless repetition makes the last one a loop.
    for (let round = 0; round < (endless ? min - 1 : min); round++) {
      whole = this.#join(whole, this.#part(body));
    }
    if (endless) {
      const loop = this.#part(body);
      this.#link(loop, loop);
      whole = this.#join(whole, min === 0 ? optional(loop) : loop);
      this.#repetitions--;
    } else {
      let rest = NOTHING;
      for (let round = min; round < max; round++) rest = optional(this.#join(this.#part(body), rest));
      whole = this.#join(whole, rest);
    }
    return whole;
  }
}

/**
 * Whether a part can take a character. A repetition of one that cannot has the effect of a single round.
 *
 * @param node The part.
 * @returns `false` for what only checks its place.
 */
export function consumes(node: RegexNode): boolean {
  switch (node.kind) {
    case "atom":
      return true;
    case "sequence":
      return node.parts.some(consumes);
    case "choice":
      return node.options.some(consumes);
    case "repeat":
      return node.max > 0 && consumes(node.body);
    case "group":
      return consumes(node.body);
    case "reference":
      return node.group !== undefined;
    default:
      return false;
  }
}

function either(one: Part, other: Part): Part {
  const first = new Map(one.first);
  for (const [position, ways] of other.first) add(first, position, ways);
  const last = new Map(one.last);
  for (const [position, ending] of other.last) addEnding(last, position, ending);
  return {
    first,
    last,
    empty: few(one.empty + other.empty),
    freelyEmpty: one.freelyEmpty || other.freelyEmpty,
  };
}

/** JavaScript takes no empty round of an optional part, so skipping it is the one way to be empty. */
function optional(part: Part): Part {
  return { ...part, empty: 1, freelyEmpty: true };
}

function add(target: Map<number, number>, position: number, ways: number): void {
  target.set(position, few((target.get(position) ?? 0) + ways));
}

function addEnding(target: Map<number, Ending>, position: number, { ways, free }: Ending): void {
  const known = target.get(position);
  target.set(position, { ways: few((known?.ways ?? 0) + ways), free: free || known?.free === true });
}

function few(ways: number): number {
  return Math.min(ways, 2);
}
