/**
 * A chain together with what was decided for its maker.
 *
 * @module
 */

import { Chain } from "../chain/chain.ts";
import type { ChainOptions } from "../chain/options.ts";

/**
 * The chain that {@linkcode QuickStart} makes: a `Chain` like any other, with what its maker should know.
 *
 * @example
 * ```ts
 * import { QuickStart } from "@sifaka/sifaka/quickstart";
 *
 * console.log(QuickStart.forDevelopment("Write a line.").warnings.length); // 1
 * ```
 */
export class ReadyChain extends Chain {
  /** What was decided that could surprise: a mock model, a storage that another took the place of. */
  readonly warnings: readonly string[];

  /**
   * Use {@linkcode QuickStart}.
   *
   * @param options The chain's.
   * @param warnings What its maker should know.
   * @internal
   */
  constructor(options: ChainOptions, warnings: readonly string[]) {
    super(options);
    this.warnings = Object.freeze([...warnings]);
  }
}
