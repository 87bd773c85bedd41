/**
 * The chains of a batch: one a line, all of the same components, so that they share the model's limits and connections.
 *
 * @module
 */

import { Chain } from "../../chain/chain.ts";
import type { ChainOptions } from "../../chain/options.ts";
import { partsOf } from "../../chain/parts.ts";
import { resolveSettings } from "../../chain/settings.ts";
import type { Config } from "../../config/config.ts";
import { runAsync } from "../../drivers/async.ts";
import { ConfigurationError } from "../../errors.ts";
import { EndpointModel } from "../../models/endpoint_model.ts";
import type { ChainPart } from "../../storage/runs.ts";
import type { Storage } from "../../storage/storage.ts";
import { type BatchLine, digest, type Fields, keyOf, variablesOf } from "./batch_line.ts";

/** A chain, ready to run. */
export interface LineChain {
  /** The chain. */
  readonly chain: Chain;
  /** Names its run in every start of the batch. */
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

/** Makes the chains. */
export class LineChains {
  /** Stands for what is asked of every line. */
  readonly config: string;
  readonly #config: Config;
  readonly #options: ChainOptions;
  readonly #identity: string;

  private constructor(config: Config, options: ChainOptions, parts: readonly ChainPart[]) {
    const { variables = {}, input = "" } = config.settings;
    const identity = (chosen: readonly ChainPart[]): string =>
      digest(
        JSON.stringify([chosen.map(({ part, hash }) => [part, hash]), Object.entries(variables), input]),
      );
    this.#config = config;
    this.#options = options;
    this.#identity = identity(parts);
    this.config = identity(parts.filter(({ part }) => !HOW.has(part))).slice(0, 16);
  }

  /**
   * Makes what all chains consist of.
   *
   * @param config The configuration.
   * @param task The task, where the configuration has none.
   * @param storage Where runs are kept.
   * @returns What makes the chains.
   * @throws {ConfigurationError} When a part of the configuration cannot be made.
   */
  static async make(
    config: Config,
    { task, storage }: { task: string | undefined; storage: Storage | undefined },
  ): Promise<LineChains> {
    const { prompt = task, systemPrompt } = config.settings;
    const parts = await runAsync(config._createPartsOperation({ onExhausted: "return" }));
    const options = { ...parts, storage, ...(config.settings.prompt === undefined && { prompt: task }) };
    const frame = partsOf(resolveSettings({ ...parts, prompt, systemPrompt }));
    return new LineChains(config, options, frame);
  }

  /** Loads what the first calls would have to wait for. Where that fails, they tell. */
  async load(): Promise<void> {
    const { model } = this.#options;
    if (model instanceof EndpointModel) await model._load().catch(() => {});
  }

  /**
   * Makes the chain of a line.
   *
   * @param line The line.
   * @returns The chain, and how its run is called.
   * @throws {ConfigurationError} When the line cannot be run: a variable that is used has no value, say.
   */
  async forLine(line: BatchLine): Promise<LineChain> {
    if (line.problem !== undefined || typeof line.input === "string") {
      throw new ConfigurationError(`Cannot run the line as ${line.problem}`, {
        code: "bad_line",
      });
    }
    const variables = variablesOf(line.input as Fields);
    const { prompt } = this.#options;
    const texts = await runAsync(this.#config._createTextsOperation({ variables, prompt }));
    const chain = new Chain({ ...this.#options, ...texts });
    return { chain, runId: runIdOf(digest(JSON.stringify([this.#identity, keyOf(line), texts]))) };
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
