/**
 * For tests of chains and components: a driver without real time or network, and a model that answers from a script.
 *
 * @example
 * ```ts
 * import { Chain } from "@sifaka/sifaka";
 * import { MockModel, simulate } from "@sifaka/sifaka/testing";
 *
 * const chain = new Chain({ model: new MockModel({ response: "Hello.", latencyMs: 60_000 }), prompt: "Greet." });
 * const { outcome, elapsedMs } = simulate(chain._runOperation(), { seed: 1 });
 * console.log(outcome.ok, elapsedMs); // true 60000
 * ```
 *
 * @module
 */

export {
  simulate,
  type SimulatedCall,
  type SimulationOptions,
  type SimulationResult,
  type TraceEntry,
} from "../drivers/simulation.ts";
export { SimulatedCrash } from "../drivers/simulated_crash.ts";
export type { SimulatedFault, SimulationFaults } from "../drivers/simulated_faults.ts";
export { MockModel } from "../models/mock_model.ts";
