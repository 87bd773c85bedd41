/**
 * What is left to do of a batch.
 *
 * @module
 */

import { ConfigurationError } from "../../errors.ts";
import { type BatchLine, keyOf } from "./batch_line.ts";
import type { Inputs } from "./inputs.ts";
import type { KnownResult } from "./results_file.ts";

/** What a plan is made of. */
export interface PlanOptions {
  /** The file of results, for messages. */
  readonly out: string;
  /** What stands in it, by the number of the line. Results that are to be made again are taken out. */
  readonly known: Map<number, KnownResult>;
  /** Stands for the configuration. */
  readonly config: string;
  /** Whether lines that failed are run again. */
  readonly retryFailed: boolean;
}

/** What is left to do. */
export interface Plan {
  /** How many lines there are; `undefined` where that is not known before they are read. */
  readonly total: number | undefined;
  /** The lines whose results must go from the file. */
  readonly dropped: ReadonlySet<number>;
}

/**
 * Plans a batch. Inputs that can be read twice are read through, so that nothing is paid for where they do not fit the results.
 *
 * @param inputs The inputs.
 * @param options What stands in the file of results, and what is wanted.
 * @returns The plan.
 * @throws {ConfigurationError} When the results are of another configuration, or of other inputs.
 */
export async function planBatch(inputs: Inputs, options: PlanOptions): Promise<Plan> {
  const { out, known, config, retryFailed } = options;
  const dropped = new Set<number>();
  for (const [line, result] of known) {
    if (result.config !== config) throw otherConfig(out);
    if (retryFailed && result.error !== undefined) dropped.add(line);
  }
  let total: number | undefined;
  if (inputs.isFile) {
    total = 0;
    let last = 0;
    for await (const line of inputs.lines()) {
      total++;
      last = line.number;
      const result = known.get(line.number);
      // What failed and was mended since is another try.
      if (result?.error !== undefined && result.key !== keyOf(line)) dropped.add(line.number);
      else if (result !== undefined) requireSame(result, line, inputs, out);
    }
    // The results stand in the order in which their runs ended.
    let beyond = Infinity;
    for (const line of known.keys()) if (line > last) beyond = Math.min(beyond, line);
    if (beyond !== Infinity) {
      throw otherInputs(inputs, out, `it holds a result of line ${beyond}, and the last line is ${last}`);
    }
  }
  for (const line of dropped) known.delete(line);
  return { total, dropped };
}

/**
 * Refuses a result that is of another line.
 *
 * @param result The result that stands for a line.
 * @param line The line.
 * @param inputs Where the line is from.
 * @param out Where the result is from.
 * @throws {ConfigurationError} When they do not belong together.
 */
export function requireSame(result: KnownResult, line: BatchLine, inputs: Inputs, out: string): void {
  if (result.key === keyOf(line)) return;
  throw otherInputs(inputs, out, `line ${line.number} was another one when its result was made`);
}

function otherConfig(out: string): ConfigurationError {
  return new ConfigurationError(`Cannot add to ${out} as it holds results of another configuration`, {
    code: "other_config",
    suggestions: ["Give another file by --out, or the configuration, model and --set as they were."],
  });
}

function otherInputs({ label }: Inputs, out: string, reason: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot add to ${out} as it holds results of other inputs than ${label}: ${reason}`,
    {
      code: "other_inputs",
      suggestions: [
        "Give another file by --out, or the inputs as they were; lines may be added at their end.",
      ],
    },
  );
}
