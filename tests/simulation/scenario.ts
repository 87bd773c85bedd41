/** One scenario: what is run, and what must be so at its end. */
import type { Outcome } from "../../src/operation/outcome.ts";
import type { Operation } from "../../src/operation/operation.ts";
import type { Life } from "./world.ts";

/** What is run, as often as it takes. */
export interface Scenario {
  /** What it is, for messages. */
  readonly kind: "chain" | "tree";
  /** Makes it afresh for one start. */
  readonly start: (life: Life) => Operation<unknown>;
  /** What of its value every driver must give. */
  readonly essence: (value: unknown) => unknown;
  /** Tells what is wrong with how it ended. */
  readonly problemsOf: (outcome: Outcome<unknown>, life: Life, elapsedMs: number) => string[];
}

/** How wild a scenario may be. */
export interface Wildness {
  /** Whether it must come to the same whatever the time: no timeouts, no races. */
  readonly timeless: boolean;
}
