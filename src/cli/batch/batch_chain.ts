/**
 * The chain of a batch: every line is a run of it with texts of its own.
 *
 * @module
 */

import { Chain } from "../../chain/chain.ts";
import type { ChainOptions, ChainTexts } from "../../chain/options.ts";
import { partsOf } from "../../chain/parts.ts";
import { resolveSettings } from "../../chain/settings.ts";
import type { Config } from "../../config/config.ts";
import { asksModel } from "../../config/make_components.ts";
import { VALIDATORS } from "../../config/registry.ts";
import { runAsync } from "../../drivers/async.ts";
import { ConfigurationError } from "../../errors.ts";
import { EndpointModel } from "../../models/endpoint_model.ts";
import type { ChainPart } from "../../storage/runs.ts";
import type { Storage } from "../../storage/storage.ts";
import { type BatchLine, digest, type Fields, keyOf, variablesOf } from "./batch_line.ts";

/** The run of a line. */
export interface LineRun {
  /** What is asked. */
  readonly texts: ChainTexts;
  /** Names the run in every start of the batch. */
  readonly runId: string;
}

/** Parts of a chain that say how its run is made and not what is asked for: results made with others belong together. */
const HOW: ReadonlySet<string> = new Set([
  "maxConcurrency",
  "timeouts",
  "retry",
  "onValidatorError",
  "onCriticError",
  "onRetrieverError",
  "onStorageError",
  "onModelError",
  "onExhausted",
  "maxModelCalls",
  "maxTokens",
  "maxCostUsd",
]);

/** Runs the lines. */
export class BatchChain {
  /** Stands for what is asked of every line. */
  readonly config: string;
  /** The chain. */
  readonly chain: Chain;
  /** Whether a run makes one call at a time, of its model, which the I/O worker can then hold to so many. */
  readonly asksInTurn: boolean;
  readonly #config: Config;
  readonly #options: ChainOptions;
  readonly #identity: string;

  private constructor(config: Config, options: ChainOptions) {
    const { variables = {}, input = "" } = config.settings;
    const identity = (chosen: readonly ChainPart[]): string =>
      digest(
        JSON.stringify([chosen.map(({ part, hash }) => [part, hash]), Object.entries(variables), input]),
      );
    const parts = partsOf(resolveSettings({ ...options, storage: undefined }));
    this.#config = config;
    this.#options = options;
    this.#identity = identity(parts);
    this.chain = new Chain(options);
    const { validators = [], critics = [], retrievers: { model = [], critic = [] } = {} } = config.settings;
    this.asksInTurn = options.model instanceof EndpointModel && options.stream !== true &&
      [critics, model, critic].every((list) => list.length === 0) && !asksModel(validators, VALIDATORS);
    this.config = identity(parts.filter(({ part }) => !HOW.has(part))).slice(0, 16);
  }

  /**
   * Makes the chain.
   *
   * @param config The configuration.
   * @param task The task, where the configuration has none.
   * @param storage Where runs are kept.
   * @returns The chain.
   * @throws {ConfigurationError} When a part of the configuration cannot be made.
   */
  static async make(
    config: Config,
    { task, storage }: { task: string | undefined; storage: Storage | undefined },
  ): Promise<BatchChain> {
    const { prompt = task, systemPrompt } = config.settings;
    const parts = await runAsync(config._createPartsOperation({ onExhausted: "return" }));
    return new BatchChain(config, { ...parts, prompt, systemPrompt, storage });
  }

  /** Loads what the first calls would have to wait for. Where that fails, they tell. */
  async load(): Promise<void> {
    const { model } = this.#options;
    if (!(model instanceof EndpointModel)) return;
    await runAsync(model._loadOperation(), { inWorker: true }).catch(() => {});
  }

  /**
   * Makes what the run of a line asks.
   *
   * @param line The line.
   * @returns Its texts, and how the run is called.
   * @throws {ConfigurationError} When the line cannot be run: a variable that is used has no value, say.
   */
  async forLine(line: BatchLine): Promise<LineRun> {
    if (line.problem !== undefined || typeof line.input === "string") {
      throw new ConfigurationError(`Cannot run the line as ${line.problem}`, {
        code: "bad_line",
      });
    }
    const variables = variablesOf(line.input as Fields);
    const { settings } = this.#config;
    const prompt = settings.prompt === undefined ? this.#options.prompt : undefined;
    const texts = await runAsync(this.#config._createTextsOperation({ variables, prompt }));
    return { texts, runId: runIdOf(digest(JSON.stringify([this.#identity, keyOf(line), texts]))) };
  }
}

/** A UUID of version 8, made of a hash. */
function runIdOf(hash: string): string {
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
    .join("-");
}
