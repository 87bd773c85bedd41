/**
 * The chain: generate, validate, criticise, improve.
 *
 * @module
 */

import type { Critic } from "../critics/critic.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Model } from "../models/model.ts";
import { host, type Operation } from "../operation/operation.ts";
import { optionError } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { PruneRunsOptions, RunSummary } from "../storage/runs.ts";
import type { Storage } from "../storage/storage.ts";
import type { Thought } from "../thought/thought.ts";
import type { Validator } from "../validators/validator.ts";
import type { ChainEvent } from "./events.ts";
import { followAsync, followSync, toldPieceByPiece } from "./follow.ts";
import { checked, checkedTexts, refuseAsyncOnly } from "./checked.ts";
import type { ChainOptions, ChainRunOptions } from "./options.ts";
import { runChain, type RunResult } from "./run.ts";
import { type ChainSettings, resolveSettings } from "./settings.ts";
import { runStoreOf, startReplay, startRun } from "./start_run.ts";

/** Most runs change nothing, and need no check then. */
const NO_OPTIONS: ChainRunOptions = Object.freeze({});

/**
 * Makes text right: a model writes, validators check, critics say how to improve, the model writes again, until the text is
 * valid or the budget is spent.
 *
 * Its methods are synchronous and still do their waiting side by side: five slow validators take the time of one. Each method
 * that waits has a twin for code on an event loop (`_runAsync` for `run`). Methods that change the chain return it. Every run
 * works on a snapshot of the chain, so runs do not disturb each other.
 *
 * @example
 * ```ts
 * import { Chain } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { LengthValidator } from "@sifaka/sifaka/validators";
 *
 * const chain = new Chain({
 *   model: new MockModel({ responses: ["Too short.", "This one is long enough to pass."] }),
 *   prompt: "Write a sentence.",
 * });
 * chain.validateWith(new LengthValidator({ minWords: 5 }));
 * const thought = chain.run();
 * console.log(thought.text, thought.valid, thought.iteration); // "This one is long enough to pass." true 1
 * ```
 */
export class Chain {
  #options: ChainOptions;
  #settings: ChainSettings | undefined;

  /**
   * Makes a chain; nothing is called yet.
   *
   * @param options The model, the task, and everything else; what is missing can be given later by the fluent methods.
   * @throws {ConfigurationError} When an option is unknown or wrong; `metadata.problems` lists every problem found.
   */
  constructor(options: ChainOptions = {}) {
    this.#options = checked(options);
  }

  /**
   * Sets the model.
   *
   * @param model A model, or a spec such as `"openai:gpt-6.1-terra"`.
   * @returns This chain.
   * @throws {ConfigurationError} When it is neither.
   */
  withModel(model: Model | string): this {
    return this.withOptions({ model });
  }

  /**
   * Sets the task.
   *
   * @param prompt What the model is to write; not blank.
   * @returns This chain.
   * @throws {ConfigurationError} When it is blank.
   */
  withPrompt(prompt: string): this {
    return this.withOptions({ prompt });
  }

  /**
   * Sets what the model is told it is.
   *
   * @param systemPrompt Goes into the system role.
   * @returns This chain.
   * @throws {ConfigurationError} When it is blank.
   */
  withSystemPrompt(systemPrompt: string): this {
    return this.withOptions({ systemPrompt });
  }

  /**
   * Adds a validator.
   *
   * @param validator Checks every text.
   * @returns This chain.
   * @throws {ConfigurationError} When it has no way to validate, or is in the chain already.
   */
  validateWith(validator: Validator): this {
    return this.withOptions({ validators: [...this.#options.validators ?? [], validator] });
  }

  /**
   * Adds a critic.
   *
   * @param critic Says how to improve a text.
   * @returns This chain.
   * @throws {ConfigurationError} When it has no way to critique, or is in the chain already.
   */
  improveWith(critic: Critic): this {
    return this.withOptions({ critics: [...this.#options.critics ?? [], critic] });
  }

  /**
   * Sets where the model's documents come from.
   *
   * @param modelRetrievers Asked before and after each generation.
   * @returns This chain.
   * @throws {ConfigurationError} When one has no way to retrieve.
   */
  withModelRetrievers(modelRetrievers: readonly Retriever[]): this {
    return this.withOptions({ modelRetrievers });
  }

  /**
   * Sets where the critics' documents come from.
   *
   * @param criticRetrievers Asked before the critics.
   * @returns This chain.
   * @throws {ConfigurationError} When one has no way to retrieve.
   */
  withCriticRetrievers(criticRetrievers: readonly Retriever[]): this {
    return this.withOptions({ criticRetrievers });
  }

  /**
   * Sets where thoughts are kept.
   *
   * @param storage Gets every thought as soon as it is complete.
   * @returns This chain.
   * @throws {ConfigurationError} When it is no storage.
   */
  withStorage(storage: Storage): this {
    return this.withOptions({ storage });
  }

  /**
   * Changes options; those not named stay as they are.
   *
   * @param options What to change.
   * @returns This chain.
   * @throws {ConfigurationError} When an option is unknown or wrong; the chain is then unchanged.
   */
  withOptions(options: ChainOptions): this {
    const given = Object.fromEntries(
      Object.entries(options ?? {}).filter(([, value]) => value !== undefined),
    );
    this.#options = checked({ ...this.#options, ...given });
    this.#settings = undefined;
    return this;
  }

  /**
   * Makes a chain of the same options that can be changed apart from this one. Components are shared.
   *
   * @returns The new chain.
   */
  clone(): Chain {
    return new Chain(this.#options);
  }

  /**
   * Runs the chain and blocks until it is done.
   *
   * @param options What this run changes.
   * @returns The best thought of the run; `thought.valid` tells whether its text passed.
   * @throws {ConfigurationError} When the model or prompt is missing, or a component has only an asynchronous form.
   * @throws {ModelError} When no model answers; it carries the last complete thought.
   * @throws {ChainExhaustedError} When no text is valid and `onExhausted` is `"throw"`.
   * @throws {StorageError} With code `run_owned` when somebody is working on the run of this `runId`.
   */
  run(options: ChainRunOptions = NO_OPTIONS): Thought {
    return this.runDetailed(options).thought;
  }

  /** The twin of `run` for code on an event loop. */
  async _runAsync(options: ChainRunOptions = NO_OPTIONS): Promise<Thought> {
    return (await this._runDetailedAsync(options)).thought;
  }

  /**
   * Runs the chain and blocks until it is done.
   *
   * @param options What this run changes.
   * @returns The thought, every iteration, why the run stopped, what it consumed and where its time went.
   * @throws What `run` throws.
   */
  runDetailed(options: ChainRunOptions = NO_OPTIONS): RunResult {
    const settings = this.#settingsFor(options);
    refuseAsyncOnly(settings);
    const { operation, driven, run } = startRun(this.#options, settings, options);
    try {
      const result = runSync(operation, driven);
      return run?.finish(result) ?? result;
    } catch (error) {
      throw run?.fail(error, driven.signal) ?? error;
    }
  }

  /** The twin of `runDetailed` for code on an event loop. */
  async _runDetailedAsync(options: ChainRunOptions = NO_OPTIONS): Promise<RunResult> {
    const { operation, driven, run } = startRun(this.#options, this.#settingsFor(options), options);
    try {
      const result = await runAsync(operation, driven);
      return run?.finish(result) ?? result;
    } catch (error) {
      throw run?.fail(error, driven.signal) ?? error;
    }
  }

  /**
   * Runs the chain for a plain `for` loop: gives what happens when it happens, the texts piece by piece among it, and goes on when
   * the next event is asked for. Leaving the loop ends the run. The time that the loop takes counts in `timeouts`.
   *
   * Texts are asked for as with the option `stream`, so a recorded run that began here is resumed and replayed by a chain that
   * has it.
   *
   * @param options What this run changes.
   * @returns A generator of events, which `onEvent` is told too; its return value is what `runDetailed` gives.
   * @throws What `run` throws; what is wrong with the chain or its components before the first event is asked for.
   *
   * @example
   * ```ts
   * import { Chain } from "@sifaka/sifaka";
   * import { MockModel } from "@sifaka/sifaka/models";
   *
   * const chain = new Chain({ model: new MockModel({ response: "Hello!" }), prompt: "Greet me." });
   * for (const event of chain.stream()) {
   *   if (event.type === "generation-chunk") console.log(event.text); // "Hello!"
   * }
   * ```
   */
  stream(options: ChainRunOptions = NO_OPTIONS): Generator<ChainEvent, RunResult, undefined> {
    const settings = toldPieceByPiece(this.#settingsFor(options));
    refuseAsyncOnly(settings);
    return followSync(() => startRun(this.#options, settings, options));
  }

  /** The twin of `stream` for code on an event loop. */
  _streamAsync(options: ChainRunOptions = NO_OPTIONS): AsyncGenerator<ChainEvent, RunResult, undefined> {
    const settings = toldPieceByPiece(this.#settingsFor(options));
    return followAsync(() => startRun(this.#options, settings, options));
  }

  /**
   * Runs a stored run again from its record alone: no model, retriever or other service is called, and nothing is written.
   *
   * @param runId The run, in the chain's storage.
   * @returns The thought that the run gave, the same to the letter.
   * @throws {ConfigurationError} With code `no_run` when there is no such run, `chain_changed` when the chain is not the one
   * that made it, `not_recorded` when the run was interrupted and its record ends too early.
   * @throws What the run threw, when it failed.
   */
  replay(runId: string): Thought {
    return this.replayDetailed(runId).thought;
  }

  /** The twin of `replay` for code on an event loop. */
  async _replayAsync(runId: string): Promise<Thought> {
    return (await this._replayDetailedAsync(runId)).thought;
  }

  /**
   * Runs a stored run again from its record alone, as `replay` does.
   *
   * @param runId The run, in the chain's storage.
   * @returns Everything that the run gave.
   * @throws What `replay` throws.
   */
  replayDetailed(runId: string): RunResult {
    const { operation, driven } = startReplay(this.#options, this.#settingsFor(NO_OPTIONS), runId);
    return runSync(operation, driven);
  }

  /** The twin of `replayDetailed` for code on an event loop. */
  async _replayDetailedAsync(runId: string): Promise<RunResult> {
    const { operation, driven } = startReplay(this.#options, this.#settingsFor(NO_OPTIONS), runId);
    return await runAsync(operation, driven);
  }

  /**
   * Lists the runs in the chain's storage, those of other chains included.
   *
   * @returns The runs, the one that began last first.
   * @throws {ConfigurationError} With code `no_run_store` when the storage keeps no runs, or there is none.
   */
  runs(): RunSummary[] {
    return runStoreOf(this.#options).list();
  }

  /** The twin of `runs` for code on an event loop. */
  async _runsAsync(): Promise<RunSummary[]> {
    return await runAsync(host(() => this.runs()));
  }

  /**
   * Forgets a run and its journal; the thoughts it made stay.
   *
   * @param runId The run.
   * @returns Whether there was one.
   * @throws {StorageError} With code `run_owned` when somebody is working on it.
   */
  deleteRun(runId: string): boolean {
    return runStoreOf(this.#options).delete(runId);
  }

  /** The twin of `deleteRun` for code on an event loop. */
  async _deleteRunAsync(runId: string): Promise<boolean> {
    return await runAsync(host(() => this.deleteRun(runId)));
  }

  /**
   * Forgets old runs and their journals, but for those that are running, and gives their room back to the file system. The
   * thoughts stay; `ThoughtStore.prune` forgets those.
   *
   * @param options Which runs.
   * @returns How many were forgotten.
   * @throws {ConfigurationError} When neither option is given, or one is wrong.
   */
  prune(options: PruneRunsOptions): number {
    return runStoreOf(this.#options).prune(options);
  }

  /** The twin of `prune` for code on an event loop. */
  async _pruneAsync(options: PruneRunsOptions): Promise<number> {
    return await runAsync(host(() => this.prune(options)));
  }

  /**
   * The operation behind all of them, for code that composes operations (a batch, a test under `simulate`).
   *
   * @param options What this run changes; a signal is the driver's business and not looked at here, and so is the record.
   * @returns An operation of everything the run gives.
   * @throws {ConfigurationError} When the model or prompt is missing, or a `runId` is given.
   */
  _runOperation(options: ChainRunOptions = NO_OPTIONS): Operation<RunResult> {
    const settings = this.#settingsFor(options);
    if (options.runId !== undefined) {
      const message = "runId belongs to run and its like: give an operation's driver a journal instead";
      throw optionError("a run of Chain", [{ path: ["runId"], message }]);
    }
    return runChain(settings);
  }

  #settingsFor(options: ChainRunOptions): ChainSettings {
    const own = options === NO_OPTIONS ? undefined : checkedTexts(options);
    if (own === undefined) return this.#settings ??= resolveSettings(this.#options);
    if (this.#options.prompt === undefined) return resolveSettings({ ...this.#options, ...own });
    return { ...this.#settings ??= resolveSettings(this.#options), ...own };
  }
}
