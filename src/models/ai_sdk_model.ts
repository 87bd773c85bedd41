/**
 * Models of the Vercel AI SDK as models of Sifaka.
 *
 * @module
 */

import { ConfigurationError, ModelApiError } from "../errors.ts";
import type { RemoteRef } from "../operation/effects.ts";
import { host, type Operation, produce, remote, remoteStream } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { namesSecret } from "../text/secret_names.ts";
import type { AiSdkModel, AiSdkRequest, AiSdkSource } from "./ai_sdk.ts";
import { generateWith, streamWith } from "./ai_sdk_invoke.ts";
import { callOptions } from "./ai_sdk_words.ts";
import { CAPABILITIES_OPTION, toMessages } from "./call_options.ts";
import type { CompletionChunk } from "./endpoint_request.ts";
import { describeModel, withinTime } from "./generate.ts";
import { DEFAULT_MAX_WAIT_MS, finalIfTooLong } from "./limits/too_long_a_wait.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  type ModelPrice,
  OperationModel,
  type Prompt,
} from "./model.ts";
import { PRICE_OPTION } from "./price.ts";

/** Options of {@linkcode fromAiSdk}. */
export interface AiSdkOptions {
  /** The longest a call may take, in milliseconds; in a stream, the wait for a piece. @default 60000 */
  timeoutMs?: number;
  /** What the model can do. @default all that a call may ask for */
  capabilities?: Partial<ModelCapabilities>;
  /** Options of a call that the model refuses; components then leave them out. */
  unsupportedOptions?: readonly (keyof GenerateOptions)[];
  /** What its tokens cost. @default not known */
  price?: ModelPrice;
}

const TIMEOUT_MS = 60_000;

/**
 * What {@linkcode fromAiSdk} accepts.
 *
 * @example
 * ```ts
 * import { AI_SDK_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log("unsupportedOptions" in AI_SDK_OPTIONS); // true
 * ```
 */
export const AI_SDK_OPTIONS: OptionSchemas = Object.freeze({
  timeoutMs: {
    description: "The longest a call may take, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: TIMEOUT_MS,
  },
  capabilities: CAPABILITIES_OPTION,
  unsupportedOptions: {
    description: "Options of a call that the model refuses.",
    type: "array",
    items: { type: "string" },
  },
  price: PRICE_OPTION,
});

/**
 * Makes a model of any model of the Vercel AI SDK, so that every provider of that ecosystem works.
 *
 * A model of that SDK is an object of the caller's thread that only answers by promises, so it works in the `_…Async` methods
 * (`_runAsync`, `_generateAsync`, …) alone. Given its package and how to make it instead, it works in the plain methods too: the
 * package is then loaded where the call is made.
 *
 * @param model A model (specification 2 to 4), or the package and how the model is made from it.
 * @param options What is known of the model.
 * @returns The model.
 * @throws {ConfigurationError} When the first argument is neither, or an option is unknown or wrong.
 *
 * @example With a model
 * ```ts
 * import { fromAiSdk } from "@sifaka/sifaka/models";
 * import { createOpenAI } from "@ai-sdk/openai";
 *
 * const model = fromAiSdk(createOpenAI({ apiKey: "a key" }).chat("gpt-6.1-terra"));
 * console.log(model.provider, model.name); // "openai.chat" "gpt-6.1-terra"
 * ```
 *
 * @example With its package, for the plain methods
 * ```ts
 * import { fromAiSdk } from "@sifaka/sifaka/models";
 *
 * const module = import.meta.resolve("@ai-sdk/openai");
 * const model = fromAiSdk({ module, factory: "createOpenAI", settings: { apiKey: "a key" }, model: "gpt-6.1-terra" });
 * console.log(model.name); // "gpt-6.1-terra"
 * ```
 */
export function fromAiSdk(model: AiSdkModel | AiSdkSource, options: AiSdkOptions = {}): OperationModel {
  const checked = checkOptions("fromAiSdk", options, AI_SDK_OPTIONS);
  if (isModel(model)) {
    const { modelId: name, provider } = model;
    return new AiSdkAdapter({ name, provider }, hostCalls(model), checked);
  }
  if (isSource(model)) {
    const secrets = Object.values(model.settings ?? {}).filter((value) => typeof value === "string");
    const calls = remoteCalls(model, secrets.filter((secret) => secret.length >= 8 && !URL.canParse(secret)));
    const provider = model.factory.replace(/^create/, "").toLowerCase();
    return new AiSdkAdapter({ name: model.model, provider, source: model }, calls, checked);
  }
  throw new ConfigurationError(
    `Cannot adapt a model of the AI SDK as the first argument must be one, or a map with module, factory and model: ` +
      `it is ${show(model)}`,
    {
      code: "invalid_model",
      suggestions: [
        'Pass a model such as `openai("gpt-6.1-terra")` of @ai-sdk/openai (specification 2, 3 or 4).',
      ],
    },
  );
}

/** What tells one model from another. */
interface AiSdkIdentity {
  readonly name: string;
  readonly provider: string;
  /** How it is made, where that is known. */
  readonly source?: AiSdkSource;
}

/** The two ways to reach a model. */
interface AiSdkCalls {
  complete(options: Readonly<Record<string, unknown>>): Operation<Generation>;
  stream(options: Readonly<Record<string, unknown>>, timeLimited: TimeLimit): Operation<Generation>;
}

type TimeLimit = <T>(operation: Operation<T>) => Operation<T>;

class AiSdkAdapter extends OperationModel {
  readonly name: string;
  readonly provider: string;
  readonly capabilities: ModelCapabilities;
  override readonly unsupportedOptions: readonly (keyof GenerateOptions)[];
  override readonly price?: ModelPrice;
  readonly #source: AiSdkSource | undefined;
  readonly #calls: AiSdkCalls;
  readonly #timeoutMs: number;

  constructor({ name, provider, source }: AiSdkIdentity, calls: AiSdkCalls, options: AiSdkOptions) {
    super(options);
    this.name = name;
    this.provider = provider;
    this.#source = source;
    const all = { structuredOutput: true, systemRole: true, seed: true };
    this.capabilities = Object.freeze({ ...all, ...options.capabilities });
    this.unsupportedOptions = options.unsupportedOptions ?? [];
    this.price = options.price;
    this.#calls = calls;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** What may be printed of it, and what its answers depend on as far as that is known: never a key. */
  toJSON(): object {
    const { method, settings } = this.#source ?? {};
    return {
      provider: this.provider,
      model: this.name,
      method,
      settings: settings && withoutSecrets(settings),
    };
  }

  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const call = this.#calls.complete(this.#words(prompt, options));
    return yield* patiently(withinTime(this, options.timeoutMs ?? this.#timeoutMs, call));
  }

  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    return yield* patiently(this.#calls.stream(
      this.#words(prompt, options),
      (operation) => withinTime(this, timeoutMs, operation),
    ));
  }

  #words(prompt: Prompt, options: GenerateOptions): Record<string, unknown> {
    return callOptions(toMessages(describeModel(this), prompt, options.systemPrompt), options);
  }
}

/** Settings without keys, by their names or in addresses. */
function withoutSecrets(settings: NonNullable<AiSdkSource["settings"]>): unknown {
  return JSON.parse(JSON.stringify(settings, (name, value) => {
    if (namesSecret(name)) return undefined;
    if (typeof value !== "string" || !URL.canParse(value)) return value;
    const { origin, pathname } = new URL(value);
    return origin + pathname;
  }));
}

/** A wait that no model of Sifaka's own would take upon itself is not asked of a chain. */
function* patiently(call: Operation<Generation>): Operation<Generation> {
  try {
    return yield* call;
  } catch (error) {
    throw finalIfTooLong(error, DEFAULT_MAX_WAIT_MS, "name `fallbackModels`");
  }
}

/** Calls a model in the caller's thread. */
function hostCalls(model: AiSdkModel): AiSdkCalls {
  const request = (options: Readonly<Record<string, unknown>>): AiSdkRequest => ({ options, secrets: [] });
  return {
    complete: (options) =>
      host<Generation>(
        () => refuseToBlock(model),
        (signal) => generateWith(model, request(options), { signal }),
      ),
    *stream(options, timeLimited) {
      const controller = new AbortController();
      const chunks = streamWith(model, request(options), { signal: controller.signal });
      try {
        return yield* handOn(() =>
          timeLimited(host<IteratorResult<CompletionChunk>>(() => refuseToBlock(model), () => chunks.next()))
        );
      } finally {
        controller.abort(new Error("the stream is no longer read"));
        yield* host(nothing, () => chunks.return().then(nothing, nothing));
      }
    },
  };
}

/** Its promises are kept by the event loop of the very thread that a plain method blocks. */
function refuseToBlock({ provider, modelId }: AiSdkModel): never {
  throw new ConfigurationError(
    `Cannot call ${provider}:${modelId} by a method that blocks as a model of the AI SDK only answers by promises`,
    {
      code: "async_only",
      component: modelId,
      suggestions: [
        "Use the `_…Async` methods, for example `chain._runAsync()`.",
        'Or give fromAiSdk the package: { module: import.meta.resolve("@ai-sdk/…"), factory, settings, model }.',
      ],
    },
  );
}

/** Calls a model that is made where the call is made. */
function remoteCalls(source: AiSdkSource, secrets: readonly string[]): AiSdkCalls {
  const ref = (name: string): RemoteRef => ({ module: packageModule("models/ai_sdk_calls"), name });
  return {
    complete: (options) => remote<Generation>(ref("complete"), source, { options, secrets }),
    *stream(options, timeLimited) {
      const stream = yield* remoteStream<CompletionChunk>(ref("streamCompletion"), source, {
        options,
        secrets,
      });
      try {
        return yield* handOn(() => timeLimited(stream.next()));
      } finally {
        yield* stream.close();
      }
    },
  };
}

function* handOn(next: () => Operation<IteratorResult<CompletionChunk>>): Operation<Generation> {
  for (;;) {
    const { done, value } = yield* next();
    if (done) {
      throw new ModelApiError("A model of the AI SDK ended its stream without an end", {
        code: "broken_off",
      });
    }
    if (value.type === "end") return value.generation;
    if (value.type === "piece") yield* produce(value.text);
  }
}

function nothing(): void {}

const SPECIFICATIONS: readonly string[] = ["v2", "v3", "v4"];

function isModel(value: unknown): value is AiSdkModel {
  const { specificationVersion, doGenerate, doStream } = Object(value) as Partial<AiSdkModel>;
  return SPECIFICATIONS.includes(String(specificationVersion)) && typeof doGenerate === "function" &&
    typeof doStream === "function";
}

function isSource(value: unknown): value is AiSdkSource {
  const { module, factory, model } = Object(value) as Partial<AiSdkSource>;
  return [module, factory, model].every((text) => typeof text === "string" && text.trim() !== "");
}
