/**
 * Models behind every endpoint that speaks OpenAI's protocol.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError, ModelApiError } from "../errors.ts";
import { retry } from "../operation/combinators.ts";
import type { RemoteRef } from "../operation/effects.ts";
import { type Operation, produce, remote, remoteStream } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, optionError } from "../options.ts";
import { readEnvironment } from "../runtime/env.ts";
import { findKey } from "./api_key.ts";
import { SAMPLING_OPTIONS, toMessages, unsupportedOptions } from "./call_options.ts";
import { findBaseUrl } from "./endpoint.ts";
import { describeModel, withinTime } from "./generate.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
} from "./model.ts";
import type { CompletionChunk, CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import {
  MAX_RESPONSE_BYTES,
  OPENAI_COMPATIBLE_OPTIONS,
  type OpenAiCompatibleOptions,
} from "./openai_compatible_options.ts";
import { type ProviderInfo, PROVIDERS } from "./providers.ts";
import { refusedNames, refusedOptions, requestBody } from "./request_body.ts";

/** Whether a server answers. */
export interface ModelHealth {
  /** Whether it answered. */
  readonly ok: boolean;
  /** The models that it offers. */
  readonly models: readonly string[];
  /** Why it did not answer. */
  readonly error?: ModelApiError;
}

type CheckedOptions = OpenAiCompatibleOptions & { readonly info: ProviderInfo };

/**
 * A model behind an OpenAI-compatible endpoint. Nothing is sent, and OpenAI's SDK is not loaded, before the first call.
 *
 * @example
 * ```ts
 * import { OpenAiCompatibleModel } from "@sifaka/sifaka/models";
 *
 * const model = new OpenAiCompatibleModel({ provider: "ollama", model: "llama3", temperature: 0.2 });
 * console.log(model.provider, model.name); // "ollama" "llama3"; model.generate("Name a lemur.") would ask it
 * ```
 */
export class OpenAiCompatibleModel extends OperationModel {
  /** The model's name, without its provider. */
  readonly name: string;
  /** The provider. */
  readonly provider: string;
  /** What it can do, as far as is known of its provider. */
  readonly capabilities: ModelCapabilities;
  /** Options of a call that it refuses. */
  override readonly unsupportedOptions: readonly (keyof GenerateOptions)[];
  /** Where the provider answers. */
  readonly baseUrl: string;
  readonly #info: ProviderInfo;
  readonly #options: CheckedOptions;
  readonly #defaults: GenerateOptions;
  /** Holds the key, so it is private to the language and not only to the types: nothing that prints the model shows it. */
  readonly #endpoint: EndpointRequest;

  /**
   * Makes a model and finds its key; sends nothing.
   *
   * @param options Which model, and how it is reached.
   * @throws {ConfigurationError} When an option is unknown or wrong, or a key that is needed is missing.
   */
  constructor(options: OpenAiCompatibleOptions) {
    const checked = check(options);
    super(checked.tokenizer);
    const { info } = checked;
    const suffix = checked.inferenceProvider === undefined ? "" : `:${checked.inferenceProvider}`;
    this.name = checked.model.trim() + suffix;
    this.provider = info.id;
    this.capabilities = Object.freeze({ ...info.capabilities, ...checked.capabilities });
    this.unsupportedOptions = refusedNames(info, this.name);
    this.#info = info;
    this.#options = checked;
    this.#defaults = samplingOptions(checked);
    const subject = `the ${info.id} model ${this.name}`;
    this.#requireSupport(this.#defaults, subject);
    this.baseUrl = findBaseUrl(info, subject, checked.baseUrl);
    this.#endpoint = endpoint(checked, this.name, this.baseUrl, subject);
  }

  /** The one body behind every way to generate. */
  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const request = this.#request(prompt, options, false);
    const timeoutMs = this.#timeoutMs(options);
    const call = (): Operation<Generation> =>
      withinTime(this, timeoutMs, remote<Generation>(calls("complete"), request));
    return yield* retry({ attempts: 1, ...this.#options.retry }, call);
  }

  /** The one body behind `stream` and its twin. */
  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const request = this.#request(prompt, options, true);
    const timeoutMs = this.#timeoutMs(options);
    const stream = yield* remoteStream<CompletionChunk>(calls("streamCompletion"), request);
    try {
      for (;;) {
        const { done, value: chunk } = yield* withinTime(this, timeoutMs, stream.next());
        if (done) {
          throw new ModelApiError(`${describeModel(this)} broke off in the middle of its answer`, {
            code: "broken_off",
          });
        }
        if (chunk.type === "end") return chunk.generation;
        yield* produce(chunk.text);
      }
    } finally {
      yield* stream.close();
    }
  }

  /**
   * Asks the endpoint which models it offers.
   *
   * @returns Their names.
   * @throws {ModelApiError} When it cannot be asked.
   */
  listModels(): string[] {
    return runSync(this._listModelsOperation());
  }

  /** The twin of `listModels` for code on an event loop. */
  _listModelsAsync(): Promise<string[]> {
    return runAsync(this._listModelsOperation());
  }

  /** The operation behind `listModels` and its twin. */
  *_listModelsOperation(): Operation<string[]> {
    return yield* withinTime(
      this,
      this.#timeoutMs({}),
      remote<string[]>(calls("listModels"), this.#endpoint),
    );
  }

  /**
   * Asks whether the server answers; for Ollama and other servers of one's own.
   *
   * @returns Whether it does, and which models it offers. It does not throw when the server is down.
   */
  checkHealth(): ModelHealth {
    return runSync(this._checkHealthOperation());
  }

  /** The twin of `checkHealth` for code on an event loop. */
  _checkHealthAsync(): Promise<ModelHealth> {
    return runAsync(this._checkHealthOperation());
  }

  /** The operation behind `checkHealth` and its twin. */
  *_checkHealthOperation(): Operation<ModelHealth> {
    try {
      return { ok: true, models: yield* this._listModelsOperation() };
    } catch (error) {
      if (error instanceof ModelApiError) return { ok: false, models: [], error };
      throw error;
    }
  }

  /** What may be printed of it: never the key. */
  toJSON(): { provider: string; model: string; baseUrl: string } {
    return { provider: this.provider, model: this.name, baseUrl: this.baseUrl };
  }

  #timeoutMs(options: GenerateOptions): number {
    return options.timeoutMs ?? this.#options.timeoutMs ?? this.#info.timeoutMs;
  }

  #requireSupport(options: GenerateOptions, subject: string): void {
    const refused = refusedOptions(this.#info, this.name, options);
    if (refused.length > 0) throw unsupportedOptions(subject, refused);
  }

  #request(prompt: Prompt, options: GenerateOptions, streamed: boolean): CompletionRequest {
    const subject = describeModel(this);
    const messages = toMessages(subject, prompt, options.systemPrompt);
    const merged = { ...this.#defaults, ...options };
    this.#requireSupport(merged, subject);
    const api = this.#options.api ?? "chat";
    const body = requestBody({ info: this.#info, model: this.name, api, messages, options: merged });
    const usage = streamed && this.#info.asksForStreamUsage
      ? { stream_options: { include_usage: true } }
      : {};
    return { ...this.#endpoint, api, body: { ...usage, ...body } };
  }
}

/** The module with the SDK is named by its address only, so that loading this one does not load it. */
function calls(name: "complete" | "streamCompletion" | "listModels"): RemoteRef {
  return { module: packageModule("models/openai_calls"), name };
}

const LOCAL_ONLY = ["useInferenceApi", "device", "quantization"];

function check(options: OpenAiCompatibleOptions): CheckedOptions {
  const component = "OpenAiCompatibleModel";
  const local = LOCAL_ONLY.filter((name) => Object.hasOwn(options ?? {}, name));
  if (local.length > 0) {
    throw new ConfigurationError(
      `Cannot create ${component} as Sifaka does not run models itself: ${local.join(", ")}`,
      {
        code: "local_model",
        suggestions: [
          "Run the model with Ollama, or any server that speaks OpenAI's protocol, and name that.",
        ],
      },
    );
  }
  const checked = checkOptions(component, options, OPENAI_COMPATIBLE_OPTIONS);
  const missing = (["provider", "model"] as const).filter((name) => checked[name] === undefined);
  if (missing.length > 0) {
    throw optionError(component, missing.map((name) => ({ path: [name], message: `${name} is required` })));
  }
  const only: readonly [keyof OpenAiCompatibleOptions, string][] = [
    ["apiVersion", "azure"],
    ["inferenceProvider", "huggingface"],
  ];
  const misplaced = only.filter(([name, provider]) =>
    checked[name] !== undefined && checked.provider !== provider
  );
  if (misplaced.length > 0) {
    throw optionError(
      component,
      misplaced.map(([name, provider]) => ({
        path: [name],
        message: `${name} is only for the provider ${provider}: provider is ${checked.provider}`,
      })),
    );
  }
  return { ...checked, info: PROVIDERS[checked.provider]! };
}

function samplingOptions(options: OpenAiCompatibleOptions): GenerateOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(SAMPLING_OPTIONS, name)),
  );
}

function endpoint(options: CheckedOptions, model: string, baseUrl: string, subject: string): EndpointRequest {
  const { info, apiKeyEnv } = options;
  const keyVariables = apiKeyEnv === undefined ? info.keyVariables : [apiKeyEnv];
  const required = info.keyRequired || apiKeyEnv !== undefined;
  const apiKey = findKey({ subject, apiKey: options.apiKey, variables: keyVariables, required });
  const isOpenAi = info.id === "openai";
  return {
    provider: info.id,
    model,
    baseUrl,
    keyVariables,
    apiKey,
    auth: info.auth,
    headers: { ...options.headers },
    query: options.apiVersion === undefined ? {} : { "api-version": options.apiVersion },
    organization: options.organization ??
      (isOpenAi ? firstSet(["OPENAI_ORGANIZATION", "OPENAI_ORG_ID"]) : undefined),
    project: options.project ?? (isOpenAi ? firstSet(["OPENAI_PROJECT"]) : undefined),
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    secrets: [apiKey ?? "", ...Object.values(options.headers ?? {})].filter((secret) => secret.length >= 8),
  };
}

function firstSet(variables: readonly string[]): string | undefined {
  for (const variable of variables) {
    const read = readEnvironment(variable);
    if (read.state === "set" && read.value.trim() !== "") return read.value.trim();
  }
  return undefined;
}
