/**
 * Chains for usual purposes, in one call.
 *
 * @module
 */

import { USUAL_REDIS } from "../config/store_location.ts";
import { createStore } from "../config/store.ts";
import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import { absolutePath } from "../runtime/files.ts";
import { MilvusStorage } from "../storage/milvus_storage.ts";
import { hintFor } from "../text/nearest.ts";
import { makeChain } from "./make_chain.ts";
import type {
  FileQuickStartOptions,
  MilvusQuickStartOptions,
  QuickStartOptions,
  RedisQuickStartOptions,
} from "./options.ts";
import { type Preset, type PresetName, PRESETS } from "./presets.ts";
import type { ReadyChain } from "./ready_chain.ts";

/**
 * Finds out what a preset says.
 *
 * @param name The preset.
 * @returns What it says, as data; changing it changes nothing.
 * @throws {ConfigurationError} When there is no preset of that name.
 *
 * @example
 * ```ts
 * import { describePreset } from "@sifaka/sifaka/quickstart";
 *
 * console.log(describePreset("research_analysis").critics); // ["reflexion"]
 * ```
 */
export function describePreset(name: PresetName): Preset {
  return structuredClone(presetOf(name));
}

/**
 * Makes chains that are ready to run: each function gives one, or throws what is missing. What the caller says goes before what a
 * preset says, and that before the defaults of a chain. Critics ask the very model that writes, unless `criticModel` is given.
 *
 * Components are given by name, as in a configuration, or made. Nothing is opened when anything else is wrong.
 *
 * @example
 * ```ts
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { QuickStart } from "@sifaka/sifaka/quickstart";
 *
 * const model = new MockModel({ responses: ["Lemurs.", "Lemurs live in Madagascar."] });
 * const chain = QuickStart.withValidators("Where do lemurs live?", { model, validators: [{ length: { minWords: 4 } }] });
 * console.log(chain.run().text); // "Lemurs live in Madagascar."
 * ```
 */
export class QuickStart {
  /**
   * A chain that keeps nothing.
   *
   * @param prompt The task.
   * @param options The model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static basic(prompt: string, options: QuickStartOptions = {}): ReadyChain {
    return makeChain(prompt, options);
  }

  /**
   * A chain that keeps its thoughts as long as the program runs.
   *
   * @param prompt The task.
   * @param options The model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static withMemory(prompt: string, options: Omit<QuickStartOptions, "storage"> = {}): ReadyChain {
    return makeChain(prompt, { ...options, storage: "memory" });
  }

  /**
   * A chain that keeps its thoughts in a folder of files, or in one file where the path ends in `.json`.
   *
   * @param prompt The task.
   * @param options The path, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   * @throws {StorageError} When the folder or file cannot be used.
   */
  static withFile(prompt: string, options: FileQuickStartOptions): ReadyChain {
    const { path, ...others } = options ?? {};
    if (typeof path !== "string" || path.trim() === "") {
      throw notText("path", "a folder, or a file that ends in .json", path);
    }
    const location = { kind: "file", path: absolutePath(path, others.folder) } as const;
    return makeChain(prompt, others, { open: () => createStore(location) });
  }

  /**
   * A chain that keeps its thoughts on a Redis server. The server is reached by the first run, or at once with `fallback`.
   *
   * @param prompt The task.
   * @param options The server, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static withRedis(prompt: string, options: RedisQuickStartOptions = {}): ReadyChain {
    const { url = USUAL_REDIS, ...others } = options ?? {};
    // What was given instead is not shown: it may hold a password.
    if (typeof url !== "string" || !/^rediss?:\/\/./.test(url)) {
      throw notText("url", "the address of a server, as redis://host:port", undefined);
    }
    return makeChain(prompt, others, { open: () => createStore({ kind: "redis", url }) });
  }

  /**
   * A chain that keeps its thoughts on a Milvus server and can find them by what they mean. The server is reached by the first run,
   * or at once with `fallback`. It has been tested against a stand-in alone, as `MilvusStorage` has.
   *
   * @param prompt The task.
   * @param options The server and what makes vectors, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static withMilvus(prompt: string, options: MilvusQuickStartOptions): ReadyChain {
    const { milvus, ...others } = options ?? {};
    return makeChain(prompt, others, { open: () => new MilvusStorage(milvus) });
  }

  /**
   * A chain that keeps its thoughts in a storage of your choice, or in tiers of several.
   *
   * @param prompt The task.
   * @param options The storage, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   * @throws {StorageError} When the storage cannot be opened.
   */
  static withStorage(
    prompt: string,
    options: QuickStartOptions & Required<Pick<QuickStartOptions, "storage">>,
  ): ReadyChain {
    return makeChain(prompt, needing(options, "storage"));
  }

  /**
   * A chain that checks every text.
   *
   * @param prompt The task.
   * @param options The validators, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static withValidators(
    prompt: string,
    options: QuickStartOptions & Required<Pick<QuickStartOptions, "validators">>,
  ): ReadyChain {
    return makeChain(prompt, needing(options, "validators"));
  }

  /**
   * A chain whose critics see every text, also one that no validator objects to.
   *
   * @param prompt The task.
   * @param options The critics, the model, and whatever else a chain can be told.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static withCritics(
    prompt: string,
    options: QuickStartOptions & Required<Pick<QuickStartOptions, "critics">>,
  ): ReadyChain {
    return makeChain(prompt, {
      ...needing(options, "critics"),
      alwaysApplyCritics: options.alwaysApplyCritics ?? true,
    });
  }

  /**
   * A chain for a usual purpose.
   *
   * @param name The preset.
   * @param prompt The task.
   * @param options The model, and whatever is to be other than the preset says.
   * @returns The chain.
   * @throws {ConfigurationError} When there is no such preset, or something is missing, unknown or wrong.
   * @throws {StorageError} When the storage cannot be opened.
   */
  static fromPreset(name: PresetName, prompt: string, options: QuickStartOptions = {}): ReadyChain {
    return makeChain(prompt, options, { preset: presetOf(name) });
  }

  /**
   * A chain for trying out code: the preset `development`, with a mock model unless one is given.
   *
   * @param prompt The task.
   * @param options Whatever is to be other than the preset says.
   * @returns The chain; its `warnings` tell of the mock model.
   * @throws {ConfigurationError} When something is unknown or wrong.
   */
  static forDevelopment(prompt: string, options: QuickStartOptions = {}): ReadyChain {
    return makeChain(prompt, options, { preset: PRESETS.development });
  }

  /**
   * A chain for texts that go out unseen: the preset `production_safe`. Unless `storage` is given, thoughts are kept in files, in the
   * folder `sifaka_thoughts` of `folder`.
   *
   * @param prompt The task.
   * @param options The model, and whatever is to be other than the preset says.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   * @throws {StorageError} When the storage cannot be opened.
   */
  static forProduction(prompt: string, options: QuickStartOptions = {}): ReadyChain {
    return makeChain(prompt, options, { preset: PRESETS.production_safe });
  }

  /**
   * A chain for longer texts that are thought over: the preset `research_analysis`.
   *
   * @param prompt The task.
   * @param options The model, and whatever is to be other than the preset says.
   * @returns The chain.
   * @throws {ConfigurationError} When something is missing, unknown or wrong.
   */
  static forResearch(prompt: string, options: QuickStartOptions = {}): ReadyChain {
    return makeChain(prompt, options, { preset: PRESETS.research_analysis });
  }
}

function presetOf(name: PresetName): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw new ConfigurationError(
    `Cannot make a chain as there is no preset ${show(name)}; ${hintFor(String(name), Object.keys(PRESETS))}`,
    { code: "unknown_preset" },
  );
}

function needing<K extends keyof QuickStartOptions>(options: QuickStartOptions, name: K): QuickStartOptions {
  if (options?.[name] !== undefined) return options;
  throw new ConfigurationError(`Cannot make a chain as ${name} must be given`, { code: "invalid_option" });
}

function notText(name: string, rule: string, value: unknown): ConfigurationError {
  const found = value === undefined ? "" : `: it is ${show(value)}`;
  return new ConfigurationError(`Cannot make a chain as ${name} must be ${rule}${found}`, {
    code: "invalid_option",
  });
}
