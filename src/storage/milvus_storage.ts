/**
 * A storage on a Milvus server.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Embed } from "./embed.ts";
import type { MilvusMetric } from "./milvus_collection.ts";
import { MILVUS_STORAGE, MilvusOperations } from "./milvus_operations.ts";
import { MILVUS_OPTIONS, type MilvusServerOptions, milvusTarget } from "./milvus_target.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode MilvusStorage}. */
export interface MilvusStorageOptions extends MilvusServerOptions {
  /** Makes vectors of texts. */
  embed: Embed;
  /** How many numbers a vector has. */
  dimension: number;
  /** The collection of the values; made when it is missing. @default "sifaka_values" */
  collection?: string;
  /** How vectors are compared: by the cosine, the inner product or the Euclidean distance. @default "COSINE" */
  metric?: MilvusMetric;
  /** How soon a reader sees what was written; counts where the collection is made. @default "Strong" */
  consistency?: "Strong" | "Session" | "Bounded" | "Eventually";
  /** The longest text that a vector is made of, in UTF-16 code units; a longer one is cut. @default 8000 */
  maxTextLength?: number;
}

/**
 * What a {@linkcode MilvusStorage} can be told.
 *
 * @example
 * ```ts
 * import { MILVUS_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(MILVUS_STORAGE_OPTIONS).includes("metric")); // true
 * ```
 */
export const MILVUS_STORAGE_OPTIONS: OptionSchemas = {
  ...MILVUS_OPTIONS,
  collection: {
    description: "The collection of the values; made when it is missing.",
    type: "string",
    minLength: 1,
    default: "sifaka_values",
  },
  consistency: {
    description: "How soon a reader sees what was written; counts where the collection is made.",
    enum: ["Strong", "Session", "Bounded", "Eventually"],
    default: "Strong",
  },
  maxTextLength: {
    description: "The longest text that a vector is made of, in UTF-16 code units; a longer one is cut.",
    type: "integer",
    minimum: 16,
    default: 8_000,
  },
};

/**
 * Keeps values on a Milvus server and finds them by what they mean (`search(query, { mode: "vector" })`) as well as by their words.
 *
 * It speaks version 2 of Milvus' RESTful API and has been tested against a stand-in on loopback alone, not against Milvus. A
 * score of a search by vectors is the cosine moved to the range from 0 to 1, the inner product, or the negated distance. A search by
 * words loads all values of its prefix and ranks them here. Nothing is opened before the first call. Deno asks for `--allow-net`
 * of the server.
 *
 * @example
 * ```ts ignore
 * import { MilvusStorage } from "@sifaka/sifaka/storage";
 *
 * const embed = (texts: readonly string[]) => texts.map((text) => [/leap|jump/.test(text) ? 1 : 0, /eat/.test(text) ? 1 : 0]);
 * const storage = new MilvusStorage({ embed, dimension: 2, collection: "atlas" });
 * storage.set("gait", { text: "Sifakas leap." });
 * console.log(storage.search("How do they jump?", { mode: "vector" })[0]?.key); // "gait"
 * ```
 */
export class MilvusStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = MILVUS_STORAGE;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;

  /**
   * Makes a storage; nothing is opened before it is used.
   *
   * @param options Which server, and what makes vectors.
   * @throws {ConfigurationError} When an option is unknown, wrong or missing.
   */
  constructor(options: MilvusStorageOptions) {
    super();
    const checked = checkOptions(MILVUS_STORAGE, options, MILVUS_STORAGE_OPTIONS);
    const { embed, dimension, metric = "COSINE", consistency = "Strong", maxTextLength = 8_000 } = checked;
    if (embed === undefined || dimension === undefined) {
      throw new ConfigurationError(`Cannot create ${MILVUS_STORAGE} as embed and dimension must be given`, {
        code: "invalid_option",
        component: MILVUS_STORAGE,
      });
    }
    const { collection = "sifaka_values" } = checked;
    this._operations = new MilvusOperations(milvusTarget(MILVUS_STORAGE, checked), {
      ...{ collection, embed, dimension, metric, consistency, maxTextLength },
    });
  }
}
