/**
 * Makes the chain that a preset and a caller describe.
 *
 * @module
 */

import type { ChainOptions } from "../chain/options.ts";
import type { Critic } from "../critics/critic.ts";
import { parseStorageSpec, type StoreLocation } from "../config/store_location.ts";
import { createStore } from "../config/store.ts";
import { ConfigurationError, StorageError } from "../errors.ts";
import { createModel } from "../models/create_model.ts";
import type { Model } from "../models/model.ts";
import { show } from "../options.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import type { Storage } from "../storage/storage.ts";
import type { Validator } from "../validators/validator.ts";
import { ComponentRegistry } from "./component_registry.ts";
import type { QuickStartOptions } from "./options.ts";
import type { NamedComponent, Preset } from "./presets.ts";
import { ReadyChain } from "./ready_chain.ts";

const MOCK_WARNING =
  "The model is a mock, which repeats its prompt: give a model, such as openai:gpt-6.1-terra, for texts.";

/** What one of the functions has decided. */
export interface Decided {
  /** What holds where the caller says nothing. */
  readonly preset?: Preset;
  /** Opens the storage where thoughts are kept. */
  readonly open?: () => Storage;
}

/**
 * Makes a chain. What the caller says goes before what the preset says. The storage is opened last, when all else is sound.
 *
 * @param prompt The task.
 * @param options What the caller says.
 * @param decided What the function says that was called.
 * @returns The chain.
 * @throws {ConfigurationError} When something is missing, unknown or wrong.
 * @throws {StorageError} When the storage cannot be opened.
 */
export function makeChain(prompt: string, options: QuickStartOptions, decided: Decided = {}): ReadyChain {
  if (typeof options !== "object" || options === null) {
    throw new ConfigurationError(
      `Cannot make a chain as its options must be an object: they are ${show(options)}`,
      {
        code: "invalid_option",
      },
    );
  }
  const { preset } = decided;
  const { criticModel, validators, critics, registry, model, ...others } = options;
  const { storage = preset?.storage, fallback, folder, ...chainOptions } = others;
  if (prompt === undefined) throw missing("prompt", "say what is to be written");
  checkOwn(options);
  checkRetriever(options, preset);
  const components = registry ?? new ComponentRegistry();
  const writer = modelOf(model ?? preset?.model, preset);
  const reviewer = criticModel === undefined ? writer : createModel(criticModel as string);
  const described: ChainOptions = {
    ...preset?.options,
    ...given(chainOptions),
    prompt,
    model: writer,
    validators: (validators ?? preset?.validators ?? []).map((one) =>
      isNamed(one) ? components.createValidator(one, writer) : one as Validator
    ),
    critics: (critics ?? preset?.critics ?? []).map((one) =>
      isNamed(one) ? components.createCritic(one, reviewer) : one as Critic
    ),
  };
  const choice = { folder, fallback, warnings: model === undefined && preset?.model ? [MOCK_WARNING] : [] };
  // A location that cannot be read, and a chain that cannot be made, are found before anything is opened.
  const location = typeof storage === "string" ? read(storage, choice) : undefined;
  const make = decided.open ?? (location && (() => createStore(location)));
  new ReadyChain(described, []);
  const opened = make ? open(make, choice) : storage as Storage | undefined;
  return new ReadyChain({ ...described, storage: opened }, choice.warnings);
}

const missing = (what: string, advice: string): ConfigurationError =>
  new ConfigurationError(`Cannot make a chain as it has no ${what}: ${advice}`, { code: `no_${what}` });

function checkOwn({ fallback, registry, validators, critics }: QuickStartOptions): void {
  const wrong = (rule: string, value: unknown): ConfigurationError =>
    new ConfigurationError(`Cannot make a chain as ${rule}: it is ${show(value)}`, {
      code: "invalid_option",
    });
  if (fallback !== undefined && fallback !== "memory") throw wrong('fallback must be "memory"', fallback);
  if (registry !== undefined && !(registry instanceof ComponentRegistry)) {
    throw wrong("registry must be a ComponentRegistry", registry);
  }
  for (const [name, list] of Object.entries({ validators, critics })) {
    if (list !== undefined && !Array.isArray(list)) throw wrong(`${name} must be a list`, list);
  }
}

function modelOf(model: Model | string | undefined, preset: Preset | undefined): Model {
  if (model !== undefined) return createModel(model as string);
  const of = preset === undefined ? "" : `; the preset ${preset.name} chooses none`;
  throw missing("model", `give one, such as model: "openai:gpt-6.1-terra"${of}`);
}

function checkRetriever({ critics, criticRetrievers }: QuickStartOptions, preset: Preset | undefined): void {
  const isGiven = criticRetrievers !== undefined && criticRetrievers.length > 0;
  if (preset?.needsCriticRetriever !== true || critics !== undefined || isGiven) return;
  throw missing(
    "retriever",
    `the preset ${preset.name} holds texts against documents; give criticRetrievers`,
  );
}

/** What is `undefined` was left out, so that it does not hide what the preset says. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** A component that is made has methods; a name, or a map from one to options, has none. */
function isNamed(component: Validator | Critic | NamedComponent): component is NamedComponent {
  if (typeof component !== "object" || component === null) return true;
  return Object.getPrototypeOf(component) === Object.prototype &&
    !Object.values(component).some((value) => typeof value === "function");
}

interface StorageChoice {
  readonly folder?: string;
  readonly fallback?: "memory";
  readonly warnings: string[];
}

function read(spec: string, { folder, fallback, warnings }: StorageChoice): StoreLocation {
  try {
    return parseStorageSpec(spec, folder);
  } catch (error) {
    return instead(error, { fallback, warnings }, () => ({ kind: "memory" }));
  }
}

function open(make: () => Storage, { fallback, warnings }: StorageChoice): Storage {
  try {
    const storage = make();
    // A server is reached by the first call only.
    if (fallback !== undefined) closeUnless(storage, () => storage.size());
    return storage;
  } catch (error) {
    return instead(error, { fallback, warnings }, () => new MemoryStorage());
  }
}

function closeUnless(storage: Storage, check: () => void): void {
  try {
    check();
  } catch (error) {
    storage.close();
    throw error;
  }
}

function instead<T>(error: unknown, { fallback, warnings }: StorageChoice, make: () => T): T {
  const isExpected = error instanceof StorageError || error instanceof ConfigurationError;
  if (fallback === undefined || !isExpected) throw error;
  warnings.push(`Thoughts are kept in memory alone, as the storage cannot be used: ${error.message}`);
  return make();
}
