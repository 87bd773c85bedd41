/**
 * What a chain that is ready to run can be told.
 *
 * @module
 */

import type { ChainOptions } from "../chain/options.ts";
import type { Critic } from "../critics/critic.ts";
import type { Model } from "../models/model.ts";
import type { MilvusStorageOptions } from "../storage/milvus_storage.ts";
import type { Storage } from "../storage/storage.ts";
import type { Validator } from "../validators/validator.ts";
import type { ComponentRegistry } from "./component_registry.ts";
import type { NamedComponent } from "./presets.ts";

/** Options of every function of {@linkcode QuickStart}: those of a chain, with components by name or made. */
export interface QuickStartOptions
  extends Omit<ChainOptions, "prompt" | "validators" | "critics" | "storage"> {
  /** Whom the critics ask, and what revises a text on their advice alone. @default the chain's model, the same instance */
  readonly criticModel?: Model | string;
  /** Check every text. @default the preset's, else none */
  readonly validators?: readonly (Validator | NamedComponent)[];
  /** Say how to improve a text. @default the preset's, else none */
  readonly critics?: readonly (Critic | NamedComponent)[];
  /**
   * Keeps every thought: a storage, or where it is, such as `"memory"`, `"sqlite:runs.db"`, `"file:runs"`, `"redis"`,
   * `"redis://host:port"`, or tiers, the fastest first, joined by a plus: `"memory+sqlite:runs.db"`. @default the preset's, else none
   */
  readonly storage?: Storage | string;
  /** What takes the place of a storage that cannot be used; the chain's `warnings` then say why. @default none: an error is thrown */
  readonly fallback?: "memory";
  /** The folder that paths of storages start from. @default the working directory */
  readonly folder?: string;
  /** Finds components by their names. @default those of Sifaka */
  readonly registry?: ComponentRegistry;
}

/** Options of {@linkcode QuickStart.withFile}. */
export interface FileQuickStartOptions extends Omit<QuickStartOptions, "storage"> {
  /** The folder of the files, or one file for all where it ends in `.json`; made where there is none. */
  readonly path: string;
}

/** Options of {@linkcode QuickStart.withRedis}. */
export interface RedisQuickStartOptions extends Omit<QuickStartOptions, "storage"> {
  /** The server. @default "redis://127.0.0.1:6379" */
  readonly url?: string;
}

/** Options of {@linkcode QuickStart.withMilvus}. */
export interface MilvusQuickStartOptions extends Omit<QuickStartOptions, "storage"> {
  /** The server, its collection, and what makes vectors. */
  readonly milvus: MilvusStorageOptions;
}
