/**
 * For tests of chains and components: a driver without real time or network, components that answer, wait, fail and listen as a
 * test says, and what every storage and every retriever must do, as cases for any test runner.
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
export type { ConformanceCase } from "./conformance.ts";
export { FailingStorage, type FailingStorageOptions, type StorageOperationName } from "./failing_storage.ts";
export { FlakyModel, type FlakyModelOptions } from "./flaky_model.ts";
export { GateModel, type GateModelOptions } from "./gate_model.ts";
export { type RecordedRetrieval, RecordingRetriever } from "./recording_retriever.ts";
export { CONFORMANCE_DOCUMENTS, retrieverConformance } from "./retriever_conformance.ts";
export { storageConformance, type StorageConformanceOptions } from "./storage_conformance.ts";
