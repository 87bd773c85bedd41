/**
 * A storage in an SQLite file.
 *
 * @module
 */

import { ConfigurationError, SifakaError } from "../errors.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { EMBED_OPTION } from "./embed.ts";
import { SQLITE_STORAGE, sqliteError } from "./sqlite_errors.ts";
import { openDatabase } from "./sqlite_open.ts";
import type { Operation } from "../operation/operation.ts";
import type { RunStore } from "./runs.ts";
import { DiskFile } from "../runtime/disk.ts";
import type { SqliteConnection } from "../runtime/sqlite.ts";
import { type OpenDatabase, SqliteOperations } from "./sqlite_operations.ts";
import { patiently } from "./sqlite_patience.ts";
import { openForReading } from "./sqlite_read_only.ts";
import { pragma } from "./sqlite_schema.ts";
import { Transactions } from "./sqlite_transactions.ts";
import { SqliteRuns } from "./sqlite_runs.ts";
import {
  loadVectors,
  prepareVectors,
  requireForeignCode,
  requireVectors,
  type SqliteVectorOptions,
  VectorTable,
} from "./sqlite_vectors.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode SqliteStorage}. */
export interface SqliteStorageOptions {
  /**
   * How far a write has got when `set` returns: `"full"` survives a power cut; `"normal"` survives the end of the process, and
   * is faster where the disk is slow. @default "full"
   */
  synchronous?: "full" | "normal";
  /** How long a call waits for other connections that write, in milliseconds. @default 30000 */
  busyTimeoutMs?: number;
  /**
   * Whether nothing is written, so that a file can be read that is on a read-only disk or may only be read. Whatever would
   * write throws a `StorageError` with code `read_only`; runs can be listed and replayed, not made. Deno needs no more than
   * `--allow-read` of the file. @default false
   */
  readOnly?: boolean;
  /**
   * What `search(…, { mode: "vector" })` needs: a function that makes vectors, and the extension `sqlite-vec`, which Deno loads with
   * `--allow-ffi` alone. Values get their vectors when they are first searched by them. @default none
   */
  vectors?: SqliteVectorOptions;
}

/**
 * What an {@linkcode SqliteStorage} can be told beside its path.
 *
 * @example
 * ```ts
 * import { SQLITE_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(SQLITE_STORAGE_OPTIONS).length > 0); // true
 * ```
 */
export const SQLITE_STORAGE_OPTIONS: OptionSchemas = {
  synchronous: {
    description: 'How far a write has got when set returns: "full" survives a power cut.',
    enum: ["full", "normal"],
    default: "full",
  },
  busyTimeoutMs: {
    description: "How long a call waits for other connections that write, in milliseconds.",
    type: "integer",
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 30_000,
  },
  readOnly: {
    description: "Whether nothing is written, so that a file on a read-only disk can be read.",
    type: "boolean",
    default: false,
  },
  vectors: {
    description:
      "What a search by vectors needs: embed, dimension, and the file of the extension sqlite-vec.",
    codeOnly: true,
    accepts: (value) => typeof value === "object" && value !== null,
    accepted: "an object with embed, dimension and extension",
  },
};

const VECTOR_OPTIONS: OptionSchemas = {
  embed: EMBED_OPTION,
  dimension: { description: "How many numbers a vector has.", type: "integer", minimum: 1 },
  extension: { description: "The file of the extension sqlite-vec.", type: "string", minLength: 1 },
  madeBy: { description: "Names what makes the vectors.", type: "string", minLength: 1 },
  maxTextLength: {
    description: "The longest text that a vector is made of, in UTF-16 code units.",
    type: "integer",
    minimum: 16,
  },
};

/** How long the log may grow while writes are gathered, in pages of 4 KiB. */
const GATHERED_LOG_PAGES = 8_192;

/**
 * Keeps values in an SQLite file, durably, and finds them by a full-text index. Many processes may use one file at once.
 *
 * The file is opened when the storage is made. One that is damaged, of another program, or of a newer Sifaka is refused and
 * not written to. Beside it stand `-wal` and `-shm` while it is in use. Deno asks for `--allow-read` and `--allow-write` of the
 * file; `":memory:"` needs neither.
 *
 * @example
 * ```ts
 * import { SqliteStorage } from "@sifaka/sifaka/storage";
 *
 * using storage = new SqliteStorage(":memory:");
 * storage.set("notes/1", { text: "The ring-tailed lemur is a primate of Madagascar." });
 * console.log(storage.search('"ring-tailed" mada*')[0]?.key); // "notes/1"
 * ```
 */
export class SqliteStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = SQLITE_STORAGE;
  /** The file, or `":memory:"`. */
  readonly path: string;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;
  /** The journals of runs, in the same file. */
  readonly runs: RunStore;
  readonly #connection: SqliteConnection;
  readonly #transactions: Transactions;
  readonly #operations: SqliteOperations;

  /**
   * Opens the file.
   *
   * @param path The file, which is made where there is none, or `":memory:"` for a database that ends with the storage.
   * @param options How durable, and how patient.
   * @throws {ConfigurationError} When an option is unknown or wrong, or the extension for vectors cannot be loaded.
   * @throws {StorageError} When the file cannot be opened: its `code` is `missing_directory`, `is_a_directory`, `not_a_database`,
   * `foreign_database`, `newer_version`, `damaged`, `read_only`, `cannot_open`, `permission_denied`, `busy`, `full` or `no_sqlite`;
   * with `readOnly` also `missing_file`, `older_version` or `unread_log`.
   */
  constructor(path: string, options?: SqliteStorageOptions) {
    super();
    if (typeof path !== "string" || path.trim() === "" || path.includes("\0")) {
      throw new ConfigurationError(
        `Cannot create ${SQLITE_STORAGE} as path must be a file or ":memory:": path is ${show(path)}`,
        { code: "invalid_option", component: SQLITE_STORAGE },
      );
    }
    const checked = checkOptions(SQLITE_STORAGE, options, SQLITE_STORAGE_OPTIONS);
    const { synchronous = "full", busyTimeoutMs = 30_000, readOnly = false, vectors } = checked;
    this.path = path;
    const setup = vectors === undefined ? undefined : checkVectors(vectors);
    const allowExtension = setup !== undefined;
    const connection = readOnly
      ? openForReading(path, { busyTimeoutMs, allowExtension })
      : openDatabase(path, { synchronous, busyTimeoutMs, allowExtension });
    const transactions = new Transactions(connection);
    this.#connection = connection;
    this.#transactions = transactions;
    const base = { path, connection, busyTimeoutMs, readOnly, transactions };
    const database = { ...base, vectors: setup && openVectors(base, setup) };
    const operations = new SqliteOperations(database);
    this._operations = this.#operations = operations;
    const runs = new SqliteRuns({ ...database, isClosed: () => operations.isClosed });
    operations.beforeClose = () => runs.close();
    this.runs = runs;
  }

  /**
   * Makes many changes in one transaction, which is quicker than one for each.
   *
   * @param changes Makes them without waiting; what it does with this storage is kept as a whole, or not at all.
   * @internal
   */
  _togetherOperation(changes: () => void): Operation<void> {
    return this.#operations.together(changes);
  }

  /**
   * Makes changes durable together that come within a short time of each other, where many runs write at once, and does not wait
   * for the disk. A write returns before it is durable; `_durable` tells when. After a crash the file is as it was a moment
   * before. Only for a program that never blocks its thread.
   *
   * @param windowMs For how long changes are gathered, in milliseconds; 0 makes each durable at once.
   * @returns Whether no write waits for the disk; where that cannot be had, each commit does.
   * @internal
   */
  _gatherWrites(windowMs: number): boolean {
    // In another mode than this one a commit can be refused.
    if (pragma(this.#connection, "journal_mode") !== "wal") return false;
    // SQLite makes the log when the database is first read.
    this.#connection.prepare("SELECT count(*) FROM runs").get();
    const log = DiskFile.open(`${this.path}-wal`);
    if (log !== undefined) {
      // The log goes to the disk by this program's own doing, but for checkpoints, which wait for it: let them be few.
      this.#connection.exec(`PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = ${GATHERED_LOG_PAGES}`);
    }
    this.#transactions.gather({ windowMs, log });
    return log !== undefined;
  }

  /**
   * Resolves when all writes so far are durable, rejects when they are lost; `undefined` where they are durable now.
   *
   * @internal
   */
  get _durable(): Promise<void> | undefined {
    return this.#transactions.durable;
  }
}

function checkVectors(vectors: SqliteVectorOptions): SqliteVectorOptions {
  const checked = checkOptions(`${SQLITE_STORAGE} with vectors`, vectors, VECTOR_OPTIONS);
  if (checked.embed === undefined || checked.dimension === undefined || checked.extension === undefined) {
    throw new ConfigurationError(
      `Cannot create ${SQLITE_STORAGE} with vectors as embed, dimension and extension must be given`,
      { code: "invalid_option", component: SQLITE_STORAGE },
    );
  }
  requireForeignCode();
  return checked;
}

/** A file that is only read is searched by the vectors that it has. */
function openVectors(
  { path, connection, busyTimeoutMs, readOnly, transactions }: Omit<OpenDatabase, "vectors">,
  setup: SqliteVectorOptions,
): OpenDatabase["vectors"] {
  try {
    loadVectors(connection, setup.extension);
    if (readOnly) requireVectors(path, connection, setup);
    else patiently(busyTimeoutMs, () => transactions.run(() => prepareVectors(connection, setup)));
    return { setup, table: new VectorTable(connection) };
  } catch (error) {
    connection.close();
    throw error instanceof SifakaError ? error : sqliteError(path, "open", error);
  }
}
