/**
 * Keeps the answers of a model, so that the same call is paid for once.
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { emit, type Operation, produce } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage, StorageOperations } from "../storage/storage.ts";
import { hash } from "../text/fence.ts";
import { toMessages } from "./call_options.ts";
import { describeModel } from "./generate.ts";
import type { GenerateOptions, Generation, Model, OperationModel, Prompt } from "./model.ts";
import { ModelBefore } from "./model_before.ts";

/** Options of {@linkcode cached}. */
export interface CachedModelOptions {
  /** How long an answer is kept, in milliseconds. @default for ever */
  ttlMs?: number;
  /** What the keys in the storage begin with. @default "answers" */
  namespace?: string;
}

/**
 * What {@linkcode cached} accepts.
 *
 * @example
 * ```ts
 * import { CACHED_MODEL_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(CACHED_MODEL_OPTIONS)); // ["ttlMs", "namespace"]
 * ```
 */
export const CACHED_MODEL_OPTIONS: OptionSchemas = Object.freeze({
  ttlMs: { description: "How long an answer is kept, in milliseconds.", type: "number", exclusiveMinimum: 0 },
  namespace: {
    description: "What the keys in the storage begin with.",
    type: "string",
    minLength: 1,
    default: "answers",
  },
});

/**
 * Makes a model that keeps the answers of another: the same call to the same model is answered from the storage.
 *
 * Only complete answers are kept: none that failed, was cut off, filtered or blank. A call that is made again after a failure,
 * or with the option `fresh`, always goes to the model, and its answer replaces the one that was kept. An answer from the
 * storage consumed nothing, and its `usage` says so. A storage that fails costs the answer nothing but the saving.
 *
 * @param model The model. One that works from the thought itself, as `editor` does, is asked each time.
 * @param storage Where the answers are kept. Prompts are kept with them.
 * @param options How long they are kept, and under which keys.
 * @returns The model, under the same name.
 * @throws {ConfigurationError} When an option is unknown or wrong, or the first or second argument is not what it must be.
 *
 * @example
 * ```ts
 * import { cached, MockModel } from "@sifaka/sifaka/models";
 * import { MemoryStorage } from "@sifaka/sifaka/storage";
 *
 * const inner = new MockModel({ response: "The indri." });
 * const model = cached(inner, new MemoryStorage());
 * console.log(model.generate("Name a lemur."), model.generate("Name a lemur.")); // twice "The indri."
 * console.log(inner.calls.length); // 1
 * ```
 */
export function cached(model: Model, storage: Storage, options: CachedModelOptions = {}): OperationModel {
  if (typeof model !== "object" || model === null || typeof model.name !== "string") {
    throw new ConfigurationError(
      `Cannot cache a model as the first argument must be one: it is ${show(model)}`,
      {
        code: "invalid_model",
      },
    );
  }
  if (typeof storage !== "object" || storage === null || typeof storage.get !== "function") {
    throw new ConfigurationError(
      `Cannot cache ${describeModel(model)} as the second argument must be a storage: it is ${show(storage)}`,
      { code: "invalid_option", suggestions: ["Pass `new MemoryStorage()` or `new SqliteStorage(PATH)`."] },
    );
  }
  return new CachedModel(model, storage, checkOptions("cached", options, CACHED_MODEL_OPTIONS));
}

/** One call, as it is kept beside its answer. */
type Call = Readonly<Record<string, JsonValue>>;

class CachedModel extends ModelBefore {
  readonly #model: Model;
  readonly #storage: StorageOperations;
  readonly #options: CachedModelOptions;

  constructor(model: Model, storage: Storage, options: CachedModelOptions) {
    super(model, options);
    this.#model = model;
    this.#storage = operationsOf(storage);
    this.#options = options;
  }

  override *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const call = this.#callOf(prompt, options);
    return (yield* this.#kept(call, options)) ??
      (yield* this.#keep(call, yield* super._generateOperation(prompt, options)));
  }

  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const call = this.#callOf(prompt, options);
    const kept = yield* this.#kept(call, options);
    if (kept === undefined) return yield* this.#keep(call, yield* super._streamOperation(prompt, options));
    yield* produce(kept.text);
    return kept;
  }

  /** All that an answer depends on; not how long it may take. */
  #callOf(prompt: Prompt, { timeoutMs: _, signal: __, fresh: ___, ...options }: GenerateOptions): Call {
    const { name, provider } = this.#model;
    const told = (this.#model as { toJSON?(): unknown }).toJSON?.() ?? {};
    const messages = toMessages(describeModel(this.#model), prompt, options.systemPrompt);
    return JSON.parse(
      JSON.stringify({ name, provider, told, messages, options: { ...options, systemPrompt: undefined } }),
    );
  }

  #keyOf(call: Call): string {
    const text = sortedJson(call);
    return `${this.#options.namespace ?? "answers"}/${hash(text, 0)}${hash(text, 1)}${hash(text, 2)}${
      hash(text, 3)
    }`;
  }

  *#kept(call: Call, { fresh }: GenerateOptions): Operation<Generation | undefined> {
    if (fresh === true) return undefined;
    const value = yield* this.#unlessItFails("read", this.#storage.get(this.#keyOf(call)));
    const entry = value as
      | { readonly call?: JsonValue; readonly generation?: Partial<Generation> }
      | undefined;
    // Two calls may share a key; and what stands in a storage may have been written by others.
    if (entry?.call === undefined || sortedJson(entry.call) !== sortedJson(call)) return undefined;
    const { text, finishReason, model } = entry.generation ?? {};
    if (typeof text !== "string" || text.trim() === "" || finishReason !== "stop") return undefined;
    return {
      text,
      finishReason,
      model: String(model),
      usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 },
    };
  }

  *#keep(call: Call, generation: Generation): Operation<Generation> {
    const { text, finishReason, model } = generation;
    if (finishReason === "stop" && text.trim() !== "") {
      const { ttlMs } = this.#options;
      const entry = { call, generation: { text, finishReason, model } };
      yield* this.#unlessItFails("write", this.#storage.set(this.#keyOf(call), entry, { ttlMs }));
    }
    return generation;
  }

  *#unlessItFails<T>(action: string, operation: Operation<T>): Operation<T | undefined> {
    try {
      return yield* operation;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      yield* emit({ type: "cache-failed", model: describeModel(this), action, message: error.message });
      return undefined;
    }
  }
}

/** JSON with the keys of every object in order, so that equal values have equal texts. */
function sortedJson(value: JsonValue): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}
