/**
 * A configuration, and the chain it describes.
 *
 * @module
 */

import { Chain } from "../chain/chain.ts";
import type { ChainOptions } from "../chain/options.ts";
import type { Critic } from "../critics/critic.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Model } from "../models/model.ts";
import { host, type Operation } from "../operation/operation.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { Storage } from "../storage/storage.ts";
import { absolutePath, readTextFile, shortPath } from "../runtime/files.ts";
import type { Validator } from "../validators/validator.ts";
import type { ComponentEntries, ComponentItem, MakeContext } from "./component.ts";
import { asksModel, makeComponents } from "./make_components.ts";
import { makeModel } from "./model_settings.ts";
import { loadModule, type ModuleKind, type ModuleRules } from "./module_component.ts";
import type { ParsedConfig } from "./parse.ts";
import type { Path } from "./places.ts";
import { placed, withPlace } from "./placed.ts";
import { CRITICS, RETRIEVERS, VALIDATORS } from "./registry.ts";
import type { ConfigSettings } from "./settings.ts";
import { parseStorageSpec, type StoreLocation } from "./store_location.ts";
import { createStore } from "./store.ts";
import { putVariables, substituteVariables, type Variables } from "./variables.ts";

/** What {@linkcode Config.createChain} may put over what the configuration says. */
export interface CreateChainOptions extends ChainOptions {
  /** Values for `{{name}}`, over the configuration's own. */
  variables?: Variables;
  /** Whether a `{{name}}` that has no value stays as it is written; else it is an error. For chains that ask no model. */
  allowMissingVariables?: boolean;
  /** Whether the configuration's `storage` is left alone, so that the chain keeps nothing but in the `storage` given here. */
  ignoreStorage?: boolean;
}

/** The texts that may hold `{{name}}`. */
type TextKey = "prompt" | "systemPrompt" | "input";

/** How a configuration is used. */
export interface ConfigUse {
  /** The folder that its paths start from. */
  readonly folder: string;
  /** Whether `module:` may load code. */
  readonly allowModules: boolean;
  /** Told what the reader should know, for example of code from elsewhere. */
  readonly onNotice: (message: string) => void;
  /** Told of each file before it is read. */
  readonly onFile: (path: string) => void;
  /** Imports code on an event loop. */
  readonly importModule: ModuleRules["importModule"];
}

/**
 * A configuration that has been read and checked. Made by `loadConfig` and `parseConfig`.
 *
 * @example
 * ```ts
 * import { parseConfig } from "@sifaka/sifaka/config";
 *
 * const config = parseConfig("{ model: editor, prompt: Shorten this., validators: [{ length: { maxWords: 9 } }] }");
 * const chain = config.createChain({ input: "In order to begin, open the box." });
 * console.log(chain.run().valid); // true
 * ```
 */
export class Config {
  readonly #parsed: ParsedConfig;
  readonly #use: ConfigUse;

  /**
   * Use `loadConfig` or `parseConfig`.
   *
   * @param parsed What the configuration says.
   * @param use Where its paths start, and what it may do.
   * @internal
   */
  constructor(parsed: ParsedConfig, use: ConfigUse) {
    this.#parsed = parsed;
    this.#use = use;
  }

  /** What it says. It may hold keys; do not show it. */
  get settings(): ConfigSettings {
    return this.#parsed.settings;
  }

  /** Takes what its environment variables hold out of a text that is to be shown. */
  redact(text: string): string {
    return this.#parsed.redact(text);
  }

  /** Where it keeps runs; `undefined` when it does not say. */
  get storeLocation(): StoreLocation | undefined {
    const { storage } = this.settings;
    return storage === undefined
      ? undefined
      : this.#placed(["storage"], () => parseStorageSpec(storage, this.#use.folder));
  }

  /**
   * Makes the chain it describes.
   *
   * @param options What to put over it: a model, a prompt, a text to improve, an observer.
   * @returns The chain.
   * @throws {ConfigurationError} When a part of it cannot be made, with line and column; when a file cannot be read.
   * @throws {StorageError} When the storage, or the index of a retriever over files, cannot be opened.
   */
  createChain(options: CreateChainOptions = {}): Chain {
    return runSync(this._createChainOperation(options));
  }

  /** The twin of `createChain` for code on an event loop; it also loads modules that await at their top level. */
  _createChainAsync(options: CreateChainOptions = {}): Promise<Chain> {
    return runAsync(this._createChainOperation(options));
  }

  /** The operation behind `createChain`. */
  *_createChainOperation(options: CreateChainOptions = {}): Operation<Chain> {
    const texts = yield* this._createTextsOperation(options);
    const parts = yield* this._createPartsOperation(options);
    const { storage: given } = options;
    const location = given === undefined && !options.ignoreStorage ? this.storeLocation : undefined;
    const storage = given ?? (location && createStore(location));
    return this.#placed([], () => new Chain({ ...parts, ...texts, storage }));
  }

  /**
   * Makes what its chains consist of but for the texts, for code that makes many chains of the same components.
   *
   * @param options As for `createChain`; the variables and the storage are not looked at.
   */
  *_createPartsOperation(options: CreateChainOptions = {}): Operation<ChainOptions> {
    const {
      variables: _variables,
      allowMissingVariables: _allowMissingVariables,
      ignoreStorage: _ignoreStorage,
      storage: _storage,
      ...given
    } = options;
    const { settings } = this;
    const model = given.model ?? this.#model(settings.model, ["model"]);
    return {
      ...settings.options as ChainOptions,
      ...given,
      fallbackModels: given.fallbackModels ?? this.#fallbackModels(),
      model,
      validators: given.validators ?? (yield* this.createValidators(model)),
      critics: given.critics ?? (yield* this.#components("critics", CRITICS, CRITIC, model)),
      modelRetrievers: given.modelRetrievers ??
        (yield* this.#components("model", RETRIEVERS, RETRIEVER, model)),
      criticRetrievers: given.criticRetrievers ??
        (yield* this.#components("critic", RETRIEVERS, RETRIEVER, model)),
    };
  }

  /**
   * Makes the texts of a chain, in which its variables have their values.
   *
   * @param options As for `createChain`; a text that it has is taken as it is.
   */
  *_createTextsOperation(
    options: CreateChainOptions = {},
  ): Operation<Pick<ChainOptions, "prompt" | "systemPrompt" | "input">> {
    const values = { ...this.settings.variables, ...options.variables };
    const put = (key: TextKey): string | undefined => {
      const text = this.settings[key];
      if (text === undefined) return undefined;
      return options.allowMissingVariables
        ? putVariables(text, values)
        : substituteVariables(text, values, this.#parsed.places, [key]);
    };
    return {
      prompt: options.prompt ?? put("prompt"),
      systemPrompt: options.systemPrompt ?? put("systemPrompt"),
      input: options.input ?? (yield* this.#input(put("input"))),
    };
  }

  /**
   * Makes its validators alone.
   *
   * @param model Whom those ask that ask a model. The configuration's own when left out; it is made only where one asks.
   */
  *createValidators(model?: Model | string): Operation<Validator[]> {
    const asks = asksModel(this.settings.validators ?? [], VALIDATORS);
    const asked = model ?? (asks ? this.#model(this.settings.model, ["model"]) : undefined);
    return yield* this.#components("validators", VALIDATORS, VALIDATOR, asked);
  }

  /** Reads the text to improve. */
  *#input(path: string | undefined): Operation<string | undefined> {
    if (path === undefined) return undefined;
    const full = absolutePath(path, this.#use.folder);
    this.#use.onFile(full);
    return yield* host(() =>
      this.#placed(["input"], () => readTextFile(shortPath(full), { subject: "the text to improve" }))
    );
  }

  #fallbackModels(): Model[] {
    const models = (this.settings.options?.fallbackModels ?? []) as readonly JsonValue[];
    return models.map((settings, index) => this.#model(settings, ["options", "fallbackModels", index])!);
  }

  #model(settings: JsonValue | undefined, path: Path): Model | undefined {
    return settings === undefined ? undefined : this.#placed(
      path,
      () => makeModel(settings, (spec, option) => this.#openStorage(spec, [...path, ...option])),
    );
  }

  *#components<T extends Validator | Critic | Retriever>(
    list: "validators" | "critics" | "model" | "critic",
    entries: ComponentEntries<T>,
    kind: ModuleKind,
    model: Model | string | undefined,
  ): Operation<T[]> {
    const isRetriever = list === "model" || list === "critic";
    const items = isRetriever ? this.settings.retrievers?.[list] : this.settings[list];
    return yield* makeComponents<T>(items ?? [], isRetriever ? ["retrievers", list] : [list], {
      entryOf: (name) => entries[name]!,
      contextOf: (item) => this.#contextOf(item, model),
      openStorage: (spec, path) => this.#openStorage(spec, path),
      placed: (path, make) => this.#placed(path, make),
      load: (item) => this.#load(item, kind),
    });
  }

  #contextOf(
    { path: base }: ComponentItem,
    model: Model | string | undefined,
  ): Pick<MakeContext<unknown>, "folder" | "model"> {
    return {
      folder: this.#use.folder,
      model: (option, path) => this.#modelOf([...base, ...path], option, model),
    };
  }

  #openStorage(spec: string, path: Path): Storage {
    return this.#placed(path, () => createStore(parseStorageSpec(spec, this.#use.folder)));
  }

  *#load<T>(item: ComponentItem, kind: ModuleKind): Operation<T> {
    const { folder, allowModules, onNotice, onFile, importModule } = this.#use;
    const onOutside = (path: string): void =>
      onNotice(`loads code from outside the configuration's folder: ${path}`);
    try {
      return yield* loadModule<T>(item, kind, {
        folder,
        allowed: allowModules,
        onOutside,
        onFile,
        importModule,
      });
    } catch (error) {
      throw withPlace(error, this.#parsed, item.path);
    }
  }

  #modelOf(
    path: Path,
    option: JsonValue | undefined,
    model: Model | string | undefined,
  ): Model | string {
    const made = this.#model(option, path) ?? model;
    if (made !== undefined) return made;
    throw new ConfigurationError(
      "it has no model: give one here, or one for the whole chain under `model:`",
      {
        code: "no_model",
      },
    );
  }

  #placed<T>(path: Path, make: () => T): T {
    return placed(this.#parsed, path, make);
  }
}

const VALIDATOR: ModuleKind = { kind: "validator", method: "validate" };
const CRITIC: ModuleKind = { kind: "critic", method: "critique" };
const RETRIEVER: ModuleKind = { kind: "retriever", method: "retrieve" };
