/**
 * A retriever over files and folders.
 *
 * @module
 */

import { runSync } from "../drivers/sync.ts";
import { ConfigurationError, RetrieverError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { limit as withPermit } from "../operation/combinators.ts";
import { emit, hostAgain, type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { Semaphore } from "../operation/semaphore.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { MAX_TEXT_BYTES } from "../runtime/files.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import { hash } from "../text/fence.ts";
import { Document, type DocumentInit } from "../thought/document.ts";
import type { JsonObject } from "../thought/frozen.ts";
import { limitOf } from "./common_options.ts";
import type { ScannedFile, ScanRequest, ScanResult } from "./file_scan.ts";
import { OperationRetriever, type RetrieveOptions } from "./retriever.ts";
import { StorageRetriever, STORED_DOCUMENTS_OPTIONS } from "./storage_retriever.ts";

/** Options of {@linkcode FileRetriever}. */
export interface FileRetrieverOptions {
  /** Files, folders (with all below them) and globs such as `docs/**\/*.md`; at least one. */
  paths: readonly string[];
  /** The folder that relative paths start from. @default the working directory */
  folder?: string;
  /**
   * An SQLite file that keeps the index, so that the next process reads only what has changed. Retrievers of other `paths` or another
   * `folder` may use it, too. @default in memory
   */
  index?: string;
  /** The most words of a piece. @default 200 */
  chunkWords?: number;
  /** Larger files are left out, in bytes. @default 33554432 */
  maxBytes?: number;
  /** What events call it. @default "FileRetriever" */
  name?: string;
  /** Whether a failure ends the run; one is that there are no files. @default false */
  required?: boolean;
  /** The most pieces of one retrieval; an integer of at least 1. @default 5 */
  maxResults?: number;
  /** Only pieces of at least this score. @default 0 */
  minScore?: number;
  /** Words of a query that are not looked for. @default common English ones */
  stopWords?: readonly string[];
}

const { prefix: _, ...COMMON } = STORED_DOCUMENTS_OPTIONS;

/**
 * What a {@linkcode FileRetriever} can be told.
 *
 * @example
 * ```ts
 * import { FILE_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(FILE_RETRIEVER_OPTIONS).includes("paths")); // true
 * ```
 */
export const FILE_RETRIEVER_OPTIONS: OptionSchemas = {
  ...COMMON,
  maxResults: {
    description: "The most pieces of one retrieval.",
    type: "integer",
    minimum: 1,
    default: 5,
  },
  paths: {
    description: "Files, folders (with all below them) and globs.",
    type: "array",
    items: { type: "string", minLength: 1 },
    minItems: 1,
  },
  folder: { description: "The folder that relative paths start from.", type: "string", minLength: 1 },
  index: {
    description: "An SQLite file that keeps the index; in memory by default.",
    type: "string",
    minLength: 1,
  },
  chunkWords: { description: "The most words of a piece.", type: "integer", minimum: 1, default: 200 },
  maxBytes: {
    description: "Larger files are left out, in bytes.",
    type: "integer",
    minimum: 1,
    default: MAX_TEXT_BYTES,
  },
};

/** So many files are indexed in one transaction: what an index that is broken off has to do again. */
const FILES_TOGETHER = 200;

/** What is kept of a file beside its pieces. */
interface FileState {
  readonly path: string;
  readonly stamp: string;
  readonly chunks: number;
}

/**
 * Finds pieces of files that share words with the query: of Markdown, plain text, HTML (text alone) and PDF (text alone).
 *
 * Files are cut at headings and paragraphs and indexed with SQLite's full-text search. Each retrieval looks which files there
 * are and reads only those whose size or time has changed. A document's `source` names file and line (or page of a PDF). A file
 * that cannot be read, or is binary, is left out, and the observers are told by an event `retrieverFileSkipped`. Hidden files are
 * left out; links to folders are followed where they are named. Deno asks for `--allow-read` of the files and
 * `--allow-env=TINYGLOBBY_DEBUG`, which a package reads when it is loaded.
 *
 * @example
 * ```ts
 * import { FileRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const retriever = new FileRetriever({ paths: ["README.md"] });
 * console.log(retriever.retrieve("Which permissions does Deno need?")[0]?.source?.startsWith("README.md:")); // true
 * ```
 */
export class FileRetriever extends OperationRetriever {
  /** What events call it. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #request: Omit<ScanRequest, "known">;
  readonly #maxResults: number;
  readonly #storage: SqliteStorage;
  /** Where its files stand in an index that others may use, too. */
  readonly #area: string;
  readonly #pieces: StorageRetriever;
  /** One retrieval at a time brings the index up to date. */
  readonly #turn = new Semaphore(1);
  #files: Map<string, FileState> | undefined;

  /**
   * Makes a retriever; files are read when it is first asked.
   *
   * @param options Which files, and how they are cut.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   * @throws {StorageError} When the index cannot be opened.
   */
  constructor(options: FileRetrieverOptions) {
    super(options);
    const checked = checkOptions("FileRetriever", options, FILE_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "FileRetriever";
    if (checked.paths === undefined) {
      throw new ConfigurationError(`Cannot create ${this.name} as paths must be given`, {
        code: "invalid_option",
        component: this.name,
      });
    }
    const { paths, folder, chunkWords = 200, maxBytes = MAX_TEXT_BYTES, minScore, stopWords } = checked;
    this.required = checked.required ?? false;
    this.#request = { paths: [...paths], folder, chunkWords, maxBytes };
    this.#maxResults = checked.maxResults ?? 5;
    this.#storage = new SqliteStorage(checked.index ?? ":memory:", { synchronous: "normal" });
    const files = JSON.stringify([folder ?? ".", paths]);
    this.#area = `${hash(files, 0)}${hash(files, 1)}/`;
    this.#pieces = new StorageRetriever({
      name: this.name,
      storage: this.#storage,
      prefix: `pieces/${this.#area}`,
      minScore,
      stopWords,
    });
  }

  /** Closes the index. */
  close(): void {
    this.#storage.close();
  }

  /** Closes the index at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "") return [];
    return yield* withPermit(this.#turn, this.#find(query, { ...options, limit }));
  }

  /**
   * What the index holds is asked for and changed within effects, as it is that of this process: a journal answers what it was when
   * the run was recorded. Where the scan of a run that is resumed does not fit the index of now, it is made again.
   */
  *#find(query: string, options: RetrieveOptions): Operation<Document[]> {
    const ref = { module: packageModule("retrievers/file_retriever_calls"), name: "scan" };
    for (;;) {
      const known = yield* hostAgain(() => this.#stamps());
      const found = yield* remote<ScanResult>(ref, { ...this.#request, known } satisfies ScanRequest);
      if (found.matched === 0) yield* this.#nothingMatched();
      for (const { path, skipped } of found.changed) {
        if (skipped === undefined) continue;
        yield* emit({ type: "retrieverFileSkipped", retriever: this.name, path, message: skipped });
      }
      const documents = yield* hostAgain(() =>
        fits(known, this.#stamps()) ? runSync(this.#search(found, query, options)) : undefined
      );
      if (documents !== undefined) return documents.map((json) => Document.fromJSON(json));
    }
  }

  #stamps(): Map<string, string> {
    this.#files ??= runSync(this.#load());
    return new Map(Array.from(this.#files.values(), ({ path, stamp }) => [path, stamp]));
  }

  /** Brings the index up to date first. */
  *#search(found: ScanResult, query: string, options: RetrieveOptions): Operation<JsonObject[]> {
    const steps = [
      ...found.gone.map((path) => () => this.#remove(path)),
      ...found.changed.map((file) => () => this.#index(file)),
    ];
    while (steps.length > 0) yield* this.#together(steps.splice(0, FILES_TOGETHER));
    const documents = yield* this.#pieces._retrieveOperation(query, options);
    return documents.map((document) => document.toJSON());
  }

  *#together(steps: readonly (() => Operation<void>)[]): Operation<void> {
    try {
      yield* this.#storage._togetherOperation(() => steps.forEach((step) => runSync(step())));
    } catch (error) {
      // None of these steps was kept.
      this.#files = undefined;
      throw error;
    }
  }

  *#load(): Operation<Map<string, FileState>> {
    const files = new Map<string, FileState>();
    for (const key of yield* this.#storage._operations.keys({ prefix: `files/${this.#area}` })) {
      const state = (yield* this.#storage._operations.get(key)) as FileState | undefined;
      if (state !== undefined) files.set(state.path, state);
    }
    return files;
  }

  /** The state of the file is written last: an index that was broken off is made again. */
  *#index({ path, stamp, chunks }: ScannedFile): Operation<void> {
    yield* this.#remove(path);
    const isPdf = path.toLowerCase().endsWith(".pdf");
    const documents = chunks.map(({ text, place, heading }, index): DocumentInit => ({
      id: pieceId(path, index),
      text,
      source: isPdf ? `${path}, page ${place}` : `${path}:${place}`,
      metadata: { path, [isPdf ? "page" : "line"]: place, ...(heading !== undefined && { heading }) },
    }));
    yield* this.#pieces._addDocumentsOperation(documents);
    const state = { path, stamp, chunks: chunks.length };
    yield* this.#storage._operations.set(this.#fileKey(path), state satisfies JsonValue);
    this.#files!.set(path, state);
  }

  *#remove(path: string): Operation<void> {
    yield* this.#storage._operations.delete(this.#fileKey(path));
    yield* this.#storage._operations.clear({ prefix: `pieces/${this.#area}${fileId(path)}//` });
    this.#files!.delete(path);
  }

  #fileKey(path: string): string {
    return `files/${this.#area}${fileId(path)}`;
  }

  *#nothingMatched(): Operation<void> {
    const message = `Cannot find files for ${this.name} as none match paths: ${
      this.#request.paths.join(", ")
    }`;
    if (this.required) {
      throw new RetrieverError(message, { code: "no_files", component: this.name, operation: "retrieve" });
    }
    yield* emit({ type: "retrieverFoundNoFiles", retriever: this.name, message });
  }
}

function fits(known: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): boolean {
  return known.size === now.size && [...known].every(([path, stamp]) => now.get(path) === stamp);
}

/** The longest path that is taken as it is, in UTF-16 code units; keys have at most 512 bytes. */
const LONGEST_PLAIN_PATH = 150;

/** Names a file in keys: by its path, or, where that is long, by its begin and a hash. Nothing in it is a `//`. */
function fileId(path: string): string {
  const printable = path.replace(/\p{Cc}/gu, encodeURIComponent);
  if (printable.length <= LONGEST_PLAIN_PATH) return printable;
  const begin = Array.from(printable).slice(0, 100).join("").replace(/\/$/, "");
  return `${begin}~${[0, 1, 2, 3].map((round) => hash(path, round)).join("")}`;
}

function pieceId(path: string, index: number): string {
  return `${fileId(path)}//${index}`;
}
