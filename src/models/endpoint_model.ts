/**
 * What all models behind a provider's endpoint do alike: the key, the address, time, attempts, streams, health.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ModelApiError } from "../errors.ts";
import { retry } from "../operation/combinators.ts";
import type { RemoteRef } from "../operation/effects.ts";
import { type Operation, produce, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { findKey } from "./api_key.ts";
import { SAMPLING_OPTIONS, toMessages, unsupportedOptions } from "./call_options.ts";
import { checkHeaders, findBaseUrl } from "./endpoint.ts";
import { type EndpointOptions, MAX_RESPONSE_BYTES } from "./endpoint_options.ts";
import type { CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import { type EndpointCall, generateAt, streamFrom } from "./endpoint_call.ts";
import { describeModel, withinTime } from "./generate.ts";
import { limitsOf, type ProviderLimits } from "./limits/provider_limits.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  type ModelPrice,
  OperationModel,
  type Prompt,
} from "./model.ts";
import { listPrice } from "./prices.ts";
import type { ProviderInfo } from "./providers.ts";
import { type BodyRequest, refusedNames, refusedOptions } from "./request_body.ts";

/** Whether a server answers. */
export interface ModelHealth {
  /** Whether it answered. */
  readonly ok: boolean;
  /** The models that it offers. */
  readonly models: readonly string[];
  /** Why it did not answer. */
  readonly error?: ModelApiError;
}

/** What tells one protocol from another. */
export interface Dialect {
  /** The module that calls it, below `src/` and without its extension. */
  readonly calls: string;
  /** The provider. */
  readonly info: ProviderInfo;
  /** The model's name as it is sent. */
  readonly model: string;
  /** Which endpoint. @default "chat" */
  readonly api?: "chat" | "completions";
  /** What requests carry beside the key and the headers. */
  readonly request?: Partial<Pick<EndpointRequest, "query" | "organization" | "project">>;
  /** Finds the address for requests, where it is not the base URL as it stands. */
  readonly address?: (baseUrl: string) => string;
  /** Makes the body of a request. */
  body(call: Omit<BodyRequest, "api">, streamed: boolean): Record<string, unknown>;
}

/**
 * A model behind a provider's endpoint. Nothing is sent, and no SDK is loaded, before the first call.
 *
 * @example
 * ```ts
 * import { createModel, EndpointModel } from "@sifaka/sifaka/models";
 *
 * const model = createModel("ollama:llama3");
 * console.log(model instanceof EndpointModel && model.baseUrl); // "http://localhost:11434/v1"
 * ```
 */
export abstract class EndpointModel extends OperationModel {
  /** The model's name, without its provider. */
  readonly name: string;
  /** The provider. */
  readonly provider: string;
  /** What it can do, as far as is known of its provider. */
  readonly capabilities: ModelCapabilities;
  /** Options of a call that it refuses. */
  override readonly unsupportedOptions: readonly (keyof GenerateOptions)[];
  /** What its tokens cost; `undefined` where it is not known. */
  override readonly price?: ModelPrice;
  /** Where the provider answers. */
  readonly baseUrl: string;
  readonly #dialect: Dialect;
  readonly #options: EndpointOptions;
  readonly #defaults: GenerateOptions;
  readonly #limits: ProviderLimits;
  /** Holds the key, so it is private to the language and not only to the types: nothing that prints the model shows it. */
  readonly #endpoint: EndpointRequest;

  /**
   * Makes a model and finds its key; sends nothing.
   *
   * @internal
   * @param options The options, checked.
   * @param dialect The protocol.
   */
  constructor(options: EndpointOptions, dialect: Dialect) {
    super(options);
    const { info } = dialect;
    this.name = dialect.model;
    this.provider = info.id;
    this.unsupportedOptions = refusedNames(info, this.name);
    this.capabilities = Object.freeze({
      ...info.capabilities,
      ...(this.unsupportedOptions.includes("responseFormat") ? { structuredOutput: false } : {}),
      ...options.capabilities,
    });
    this.#dialect = dialect;
    this.#options = options;
    this.#defaults = samplingOptions(options);
    this.#limits = limitsOf(options.limits);
    const subject = `the ${info.id} model ${this.name}`;
    this.#requireSupport(this.#defaults, subject);
    const baseUrl = findBaseUrl(info, subject, options.baseUrl);
    this.baseUrl = dialect.address?.(baseUrl) ?? baseUrl;
    this.#endpoint = endpoint(options, dialect, this.baseUrl, subject);
    this.price = options.price ?? (this.baseUrl === info.baseUrl ? listPrice(info.id, this.name) : undefined);
  }

  /** The one body behind every way to generate. */
  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    return yield* generateAt(this.#call(options), (streamed) => this.request(prompt, options, streamed));
  }

  /** The one body behind `stream` and its twin. */
  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    return yield* streamFrom(this.#call(options), this.request(prompt, options, true), produce);
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
      remote<string[]>(this.#calls("listModels"), this.#endpoint),
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

  /**
   * Has the code that calls the provider loaded, so that many first calls need not wait for it.
   *
   * @internal
   */
  *_loadOperation(): Operation<void> {
    yield* remote(this.#calls("ready"), this.#endpoint);
  }

  /** What may be printed of it, and what its answers depend on: never the key. */
  toJSON(): { provider: string; model: string; baseUrl: string; api?: string; defaults: GenerateOptions } {
    const { provider, name: model, baseUrl } = this;
    const { api } = this.#dialect;
    return { provider, model, baseUrl, ...(api === "completions" ? { api } : {}), defaults: this.#defaults };
  }

  /**
   * Calls a function of the dialect's module, within the time and with the attempts that the model was given.
   *
   * @internal
   */
  protected *call<T>(name: string, request: EndpointRequest, options: GenerateOptions): Operation<T> {
    const timeoutMs = this.#timeoutMs(options);
    return yield* retry(
      { attempts: 1, ...this.#options.retry },
      () => withinTime(this, timeoutMs, remote<T>(this.#calls(name), request)),
    );
  }

  #call(options: GenerateOptions): EndpointCall {
    const { timeouts = {}, retry } = this.#options;
    return {
      model: this,
      calls: (name) => this.#calls(name),
      timeoutMs: this.#timeoutMs(options),
      timeouts,
      retry,
      limiter: this.#limits.limiterFor(this.#endpoint),
    };
  }

  #timeoutMs(options: GenerateOptions): number {
    return options.timeoutMs ?? this.#options.timeoutMs ?? this.#dialect.info.timeoutMs;
  }

  #requireSupport(options: GenerateOptions, subject: string): void {
    const refused = refusedOptions(this.#dialect.info, this.name, options);
    if (refused.length > 0) throw unsupportedOptions(subject, refused);
  }

  /**
   * The request for an answer to a prompt, with the options of the call and the model's own.
   *
   * @internal
   */
  protected request(prompt: Prompt, options: GenerateOptions, streamed: boolean): CompletionRequest {
    const { info, api = "chat" } = this.#dialect;
    const subject = describeModel(this);
    const messages = toMessages(subject, prompt, options.systemPrompt);
    const merged = { ...this.#defaults, ...options };
    this.#requireSupport(merged, subject);
    const body = this.#dialect.body({ info, model: this.name, messages, options: merged }, streamed);
    return { ...this.#endpoint, api, body };
  }

  /** The module with the SDK is named by its address only, so that loading this one does not load it. */
  #calls(name: string): RemoteRef {
    return { module: packageModule(this.#dialect.calls), name };
  }
}

function samplingOptions(options: EndpointOptions): GenerateOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(SAMPLING_OPTIONS, name)),
  );
}

function endpoint(
  options: EndpointOptions,
  { info, model, request }: Dialect,
  baseUrl: string,
  subject: string,
): EndpointRequest {
  const { apiKeyEnv, headers = {} } = options;
  checkHeaders(subject, headers);
  const keyVariables = apiKeyEnv === undefined ? info.keyVariables : [apiKeyEnv];
  const required = info.keyRequired || apiKeyEnv !== undefined;
  const apiKey = findKey({ subject, apiKey: options.apiKey, variables: keyVariables, required });
  return {
    provider: info.id,
    model,
    baseUrl,
    keyVariables,
    apiKey,
    auth: info.auth,
    headers: { ...headers },
    query: { ...request?.query },
    organization: request?.organization,
    project: request?.project,
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    secrets: [apiKey ?? "", ...Object.values(headers)],
  };
}
