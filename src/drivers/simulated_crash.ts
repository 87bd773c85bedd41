/**
 * The death of a simulated process.
 *
 * @module
 */

/**
 * The simulated process has died. What it had recorded can be resumed from.
 *
 * It passes every operation by: no `catch` block in one sees it, and no `finally` block runs.
 *
 * @example
 * ```ts
 * import { sleep } from "@sifaka/sifaka";
 * import { simulate, SimulatedCrash } from "@sifaka/sifaka/testing";
 *
 * try {
 *   simulate(sleep(1), { faults: { crashAfterEffects: 0 } });
 * } catch (error) {
 *   console.log(error instanceof SimulatedCrash && error.path); // "run/sleep:0"
 * }
 * ```
 */
export class SimulatedCrash extends Error {
  /** The path of the effect in whose place it died. */
  readonly path: string;

  /**
   * Makes the error.
   *
   * @param path The path of the effect in whose place it died.
   */
  constructor(path: string) {
    super(`The simulated process died at ${path}`);
    this.name = "SimulatedCrash";
    this.path = path;
  }
}
