/**
 * Runs the lines of a batch that are left, some at once.
 *
 * @module
 */

import { ConfigurationError, ModelApiError, ModelError, StorageError } from "../../errors.ts";
import { monotonicMs } from "../../runtime/clock.ts";
import { absolutePath } from "../../runtime/files.ts";
import type { CommandContext } from "../command.ts";
import { mayBeKept } from "../kept_overrides.ts";
import type { BatchRequest } from "./batch.ts";
import { type BatchLine, type Fields, variablesOf } from "./batch_line.ts";
import type { BatchProgress } from "./batch_progress.ts";
import type { Inputs } from "./inputs.ts";
import type { BatchChain, LineRun } from "./batch_chain.ts";
import { requireSame } from "./plan.ts";
import { forEachOf } from "./pool.ts";
import { failedLine, type ResultFrame, type ResultLine, resultLine } from "./result_line.ts";
import type { KnownResult, ResultsFile } from "./results_file.ts";
import type { Tally } from "./tally.ts";

/** What a batch consists of. */
export interface BatchParts {
  /** What it was started with. */
  readonly request: BatchRequest;
  /** What the lines are runs of. */
  readonly batchChain: BatchChain;
  /** The lines. */
  readonly inputs: Inputs;
  /** The results that there are. */
  readonly known: ReadonlyMap<number, KnownResult>;
  /** Resolves when all that its store was given is durable; gives nothing where it is durable now. */
  readonly durable: () => Promise<void> | undefined;
  /** Whether its store can go on with an interrupted run. */
  readonly isJournaled: boolean;
  /** Takes secrets out of a message. */
  readonly redact: (text: string) => string;
  /** Gets the results. */
  readonly results: ResultsFile;
  /** Counts them. */
  readonly tally: Tally;
  /** Tells of them. */
  readonly progress: BatchProgress;
}

/** How many lines more than run at once are kept ready, as a share of those. */
const READY_SHARE = 0.5;
/** With fewer at once a provider hardly waits for this program, and an interrupted batch pays for fewer calls. */
const FEWEST_AT_ONCE = 10;
/** With lines that take longer nothing is gained by that, and their times would tell of the wait. */
const QUICK_LINE_MS = 500;

/** Runs lines. */
export class BatchRunner {
  readonly #context: CommandContext;
  readonly #parts: BatchParts;
  /** Ends the runs that are under way when the batch cannot go on. */
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal;
  /** Results that are being handed out. */
  readonly #handedOut = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  /** How long the line took that ended last, in milliseconds. */
  #lineMs = Infinity;

  /**
   * @param context The command's.
   * @param parts What is run.
   */
  constructor(context: CommandContext, parts: BatchParts) {
    this.#context = context;
    this.#parts = parts;
    this.#signal = AbortSignal.any([context.signal, this.#controller.signal]);
  }

  /**
   * Runs every line that has no result. Ctrl-C ends it in order.
   *
   * @throws What makes every further line fail as well: a key that is wrong, a store that cannot be written.
   */
  async run(): Promise<void> {
    const { request, progress, results } = this.#parts;
    progress.start();
    try {
      await forEachOf(this.#left(), (line) => this.#runLine(line), {
        atOnce: () => request.concurrency + this.#ahead,
        onFailure: (error) => this.#controller.abort(error),
      });
    } finally {
      await Promise.all(this.#handedOut);
      progress.stop();
      await results.close();
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async *#left(): AsyncGenerator<BatchLine, void, undefined> {
    const { inputs, known, request: { limit = Infinity, out } } = this.#parts;
    let started = 0;
    try {
      for await (const line of inputs.lines()) {
        if (this.#signal.aborted || started === limit) return;
        const result = known.get(line.number);
        if (result !== undefined) {
          requireSame(result, line, inputs, out);
          continue;
        }
        started++;
        yield line;
      }
    } catch (error) {
      // Standard input ends with an error then.
      if (!this.#context.signal.aborted) throw error;
    }
  }

  /** How many lines more than are answered at once are kept ready, so that the provider never waits for this program. */
  get #ahead(): number {
    const { request, batchChain } = this.#parts;
    const { concurrency } = request;
    const gains = batchChain.asksInTurn && concurrency >= FEWEST_AT_ONCE && this.#lineMs < QUICK_LINE_MS;
    return gains ? Math.floor(concurrency * READY_SHARE) : 0;
  }

  async #runLine(line: BatchLine): Promise<void> {
    const startedMs = monotonicMs();
    const result = await this.#resultOf(line);
    this.#lineMs = monotonicMs() - startedMs;
    if (result === undefined) return;
    // The next line need not wait for that.
    const handedOut = this.#handOut(result).catch((error) => {
      this.#failure ??= { error };
      this.#controller.abort(error);
    }).then(() => void this.#handedOut.delete(handedOut));
    this.#handedOut.add(handedOut);
  }

  /** A result is told when the record that it comes from is durable, so that it is never made a second time. */
  async #handOut(result: ResultLine): Promise<void> {
    const { durable, results, tally, progress } = this.#parts;
    await durable();
    results.add(result);
    tally.add(result);
    progress.finished(result);
  }

  /** The result of a line; none when its run was interrupted, and goes on another time. */
  async #resultOf(line: BatchLine): Promise<ResultLine | undefined> {
    const { request, batchChain, redact, isJournaled } = this.#parts;
    const frame: ResultFrame = { line, runId: undefined, config: batchChain.config, redact };
    let run: LineRun;
    try {
      run = await batchChain.forLine(line);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return failedLine(frame, error);
    }
    const journaled = isJournaled ? { runId: run.runId, notes: this.#notesOf(line) } : {};
    try {
      const result = await batchChain.chain._runDetailedAsync({
        ...run.texts,
        signal: this.#signal,
        inWorker: batchChain.asksInTurn ? { atOnce: request.concurrency } : true,
        ...journaled,
      });
      return resultLine(frame, result);
    } catch (error) {
      if (this.#signal.aborted && error === this.#signal.reason) return undefined;
      if (failsEverywhere(error)) throw error;
      return failedLine({ ...frame, runId: isJournaled ? run.runId : undefined }, error);
    }
  }

  /** What `resume` and `replay` need to start the run of one line by itself. */
  #notesOf({ input }: BatchLine): Readonly<Record<string, unknown>> {
    const { request: { config, modules, set = [] } } = this.#parts;
    const variables = Object.entries(variablesOf(input as Fields));
    // A name with a dot in it would be a way to somewhere else.
    const told = variables.filter(([name]) => !/[.=]/.test(name))
      .map(([name, value]) => `variables.${name}=${JSON.stringify(value)}`).filter(mayBeKept);
    const shown = set.filter(mayBeKept);
    return {
      config: absolutePath(config),
      ...(modules === false && { modules }),
      set: [...shown, ...told],
      withheld: set.length - shown.length + variables.length - told.length,
    };
  }
}

/** Whether another line would fail for the same reason, so that there is no use in going on. */
function failsEverywhere(error: unknown): boolean {
  if (error instanceof StorageError) return !["run_owned", "damaged"].includes(error.code);
  if (!(error instanceof ModelError)) return false;
  // A status of 403 may be about one prompt alone.
  const { cause } = error;
  const status = cause instanceof ModelApiError ? cause.status : undefined;
  return error.code === "auth" ? status === 401 : ["quota", "model_not_found"].includes(error.code);
}
