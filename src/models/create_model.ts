/**
 * Makes a model from a short text such as `openai:gpt-6.1-terra`.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import { nearest } from "../text/nearest.ts";
import { AnthropicModel, type AnthropicOptions } from "./anthropic_model.ts";
import { EditorModel, type EditorModelOptions } from "./editor_model.ts";
import { MockModel, type MockModelOptions } from "./mock_model.ts";
import type { Model, OperationModel } from "./model.ts";
import { OpenAiCompatibleModel } from "./openai_compatible_model.ts";
import type { OpenAiCompatibleOptions } from "./openai_compatible_options.ts";
import { PROVIDERS } from "./providers.ts";

/** Options of {@linkcode createModel}: those of the model that is made. */
export type CreateModelOptions =
  & Partial<Omit<OpenAiCompatibleOptions, "provider" | "model">>
  & Omit<MockModelOptions, "name" | "capabilities">;

/** Makes a model of one provider. */
export type ModelFactory = (model: string, options: CreateModelOptions) => Model;

/** What `createModel` calls a model that has no provider. */
const STANDALONE = ["editor", "mock"] as const;
const INFERRED: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|chatgpt-|o\d)/, "openai"],
  [/^claude-/, "anthropic"],
];

/**
 * Makes a model from its provider and its name.
 *
 * @param spec `provider:model`, split at the first colon; the provider in upper or lower case. A bare name is understood when
 * it can only be one provider's (`gpt-…`, `o3`); `editor` and `mock` stand alone. A model is returned as it is.
 * @param options Options of the model.
 * @returns The model.
 * @throws {ConfigurationError} When the provider is unknown, the spec is incomplete, or the model cannot be made.
 *
 * @example
 * ```ts
 * import { createModel } from "@sifaka/sifaka/models";
 *
 * const model = createModel("ollama:llama3:8b");
 * console.log(model.provider, model.name); // "ollama" "llama3:8b"
 * ```
 */
export function createModel(spec: string, options?: CreateModelOptions): OperationModel;
/** Gives a model back as it is. */
export function createModel<M extends Model>(spec: M): M;
/** Makes a model from a spec, or gives a model back as it is. */
export function createModel(spec: string | Model, options?: CreateModelOptions): Model;
export function createModel(spec: string | Model, options?: CreateModelOptions): Model {
  return new ModelRegistry().create(spec, options);
}

/** Options of {@linkcode ModelRegistry.register}. */
export interface RegisterOptions {
  /** Whether the name may be taken already. @default false */
  override?: boolean;
}

/**
 * Makes models as {@linkcode createModel} does, of one's own providers too. Registries share nothing.
 *
 * @example
 * ```ts
 * import { MockModel, ModelRegistry } from "@sifaka/sifaka/models";
 *
 * const models = new ModelRegistry();
 * models.registerProvider("acme", (name) => new MockModel({ name, response: "Hello from Acme." }));
 * console.log(models.create("acme:large").name); // "large"
 * ```
 */
export class ModelRegistry {
  readonly #factories = new Map<string, ModelFactory>();
  readonly #aliases = new Map<string, string>();

  /** Starts with every provider that Sifaka knows. */
  constructor() {
    for (const { id, dialect, aliases } of Object.values(PROVIDERS)) {
      this.#factories.set(
        id,
        (model, options) =>
          dialect === "anthropic"
            ? new AnthropicModel({ ...options, model } as AnthropicOptions)
            : new OpenAiCompatibleModel({ ...options, provider: id, model } as OpenAiCompatibleOptions),
      );
      for (const alias of aliases) this.#aliases.set(alias, id);
    }
    this.#factories.set("mock", (name, options) => new MockModel({ ...options, name } as MockModelOptions));
    this.#factories.set("editor", makeEditor);
  }

  /** The providers that it knows, `editor` and `mock` included. */
  get providers(): string[] {
    return [...this.#factories.keys()];
  }

  /**
   * Adds a provider.
   *
   * @param name What specs call it; without a colon.
   * @param factory Makes a model from the part of the spec after the colon.
   * @param options Whether it may replace another.
   * @throws {ConfigurationError} When the name is blank or taken.
   */
  registerProvider(name: string, factory: ModelFactory, options: RegisterOptions = {}): void {
    const id = typeof name === "string" ? name.trim().toLowerCase() : "";
    if (id === "" || id.includes(":")) {
      throw invalid(
        `Cannot register a provider as its name must not be blank or hold a colon: name is ${show(name)}`,
      );
    }
    const taken = this.#factories.has(id) || this.#aliases.has(id);
    if (taken && options.override !== true) {
      throw invalid(`Cannot register the provider ${id} as there is one of that name`, [
        "Pass `{ override: true }` to replace it.",
      ]);
    }
    this.#aliases.delete(id);
    this.#factories.set(id, factory);
  }

  /**
   * Finds the provider that a spec names, without making a model.
   *
   * @param spec `provider:model`, or a name that can only be one provider's.
   * @returns The provider's own name, also where the spec has another for it.
   * @throws {ConfigurationError} When the provider is unknown or the spec is incomplete.
   */
  providerOf(spec: string): string {
    if (typeof spec !== "string" || spec.trim() === "") throw notSpec(spec);
    const { provider, model } = this.#parse(spec.trim());
    if (!this.#factories.has(provider)) throw this.#unknown(spec, provider, model);
    return provider;
  }

  /**
   * Makes a model; see {@linkcode createModel}.
   *
   * @param spec `provider:model`, or a model.
   * @param options Options of the model.
   * @returns The model.
   * @throws {ConfigurationError} When the provider is unknown, the spec is incomplete, or the model cannot be made.
   */
  create(spec: string | Model, options?: CreateModelOptions): Model {
    if (isModel(spec)) {
      if (options === undefined || Object.keys(options).length === 0) return spec;
      throw invalid(`Cannot create a model from ${spec.name} with options as it is a model already`, [
        "Give the options where that model is made.",
      ]);
    }
    if (typeof spec !== "string" || spec.trim() === "") throw notSpec(spec);
    const { provider, model } = this.#parse(spec.trim());
    const own = this.#factories.get(provider);
    if (own) return own(model, options ?? {});
    throw this.#unknown(spec, provider, model);
  }

  #parse(spec: string): { provider: string; model: string } {
    const colon = spec.indexOf(":");
    if (colon < 0) return this.#infer(spec);
    const named = spec.slice(0, colon).trim().toLowerCase();
    const provider = this.#aliases.get(named) ?? named;
    const model = spec.slice(colon + 1).trim();
    const known = this.#factories.has(provider);
    if (model === "" && known) {
      throw invalid(`Cannot create the model ${show(spec)} as it has no name after the colon`, [
        `Write ${provider}:NAME.`,
      ]);
    }
    return { provider, model };
  }

  #infer(spec: string): { provider: string; model: string } {
    const lower = spec.toLowerCase();
    if ((STANDALONE as readonly string[]).includes(lower)) return { provider: lower, model: lower };
    const inferred = INFERRED.find(([pattern]) => pattern.test(lower));
    if (inferred) return { provider: inferred[1], model: spec };
    if (this.#factories.has(this.#aliases.get(lower) ?? lower)) {
      throw invalid(`Cannot create the model ${show(spec)} as it names a provider but no model`, [
        `Write ${lower}:NAME.`,
      ]);
    }
    const near = nearest(lower.split("-")[0] ?? "", ["gpt", "claude", "editor", "mock"]);
    throw invalid(`Cannot create the model ${show(spec)} as it has no provider`, [
      ...(near === "gpt"
        ? [`Did you mean openai:${lower.replace(/^[^-]*/, "gpt")}?`]
        : near
        ? [`Did you mean ${near}?`]
        : []),
      `Write provider:model, with one of ${this.providers.join(", ")}.`,
    ]);
  }

  #unknown(spec: string, provider: string, model: string): ConfigurationError {
    const near = nearest(provider, [...this.providers, ...this.#aliases.keys()]);
    return new ConfigurationError(
      `Cannot create the model ${show(spec)} as there is no provider ${show(provider)}`,
      {
        code: "unknown_provider",
        suggestions: [
          ...(near === undefined ? [] : [`Did you mean ${near}:${model}?`]),
          `Known providers: ${this.providers.join(", ")}`,
        ],
      },
    );
  }
}

function makeEditor(name: string, options: CreateModelOptions): Model {
  if (name !== "editor") {
    throw invalid(`Cannot create the model "editor:${name}" as the editor has no models to choose from`, [
      "Write editor.",
    ]);
  }
  return new EditorModel(options as EditorModelOptions);
}

function notSpec(spec: unknown): ConfigurationError {
  return invalid(
    `Cannot create a model as its spec must be text such as "openai:gpt-6.1-terra": it is ${show(spec)}`,
  );
}

function invalid(message: string, suggestions: readonly string[] = []): ConfigurationError {
  return new ConfigurationError(message, { code: "invalid_model", suggestions });
}

function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && typeof (value as Model).name === "string";
}
