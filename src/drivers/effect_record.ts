/**
 * What a journal writes down of an effect, and where it writes.
 *
 * @module
 */

/** One effect that has been answered. */
export interface EffectRecord {
  /** Where the effect stands in the tree of operations. */
  readonly path: string;
  /** A hash of what was asked; empty where there is nothing to ask. Secrets have no part in it. */
  readonly fingerprint: string;
  /** `inline` was answered before anything else could happen, `later` was waited for, `stream` is a whole stream. */
  readonly timing: "inline" | "later" | "stream";
  /** `ok` has a value, `error` an encoded error; `opaque` is a value that cannot be kept and must be made again. */
  readonly outcome: "ok" | "error" | "opaque";
  /** The value or the error as JSON text. */
  readonly body: string;
}

/** Where the records of one run are kept. Its methods block until their work is done. */
export interface RecordLog {
  /** The records of earlier starts of the run, in the order in which the effects were answered. */
  readonly records: readonly EffectRecord[];
  /**
   * Keeps records after those that are there, in the place of any of the same path. They are durable when it returns, or where
   * the log has `durable`, when that says so.
   */
  append(records: readonly EffectRecord[]): void;
  /** Resolves when all that was appended is durable, rejects when it is lost; `undefined` where it is durable now. */
  durable?(): Promise<void> | undefined;
  /** Forgets records. */
  drop(paths: readonly string[]): void;
  /** The store that the records are in, by which an effect that writes into it can be told. */
  readonly store?: object;
  /**
   * Does what writes into that store, and keeps what is appended meanwhile in the same transaction.
   *
   * @param change What writes.
   * @returns What it gives.
   * @throws What it threw; nothing is kept then.
   */
  together?<T>(change: () => T): T;
}

/**
 * What a driver needs to record an operation, and to answer from what was recorded before. A chain makes its own; this is for
 * operations of one's own.
 */
export interface JournalOptions {
  /** Where the records are. */
  log: RecordLog;
  /** Whether every effect must be answered from the record: nothing is performed, and nothing is written. @default false */
  replayOnly?: boolean;
  /**
   * Whether a record counts wherever its path and question are asked again, whatever the order: for code that has changed.
   * @default false
   */
  lenient?: boolean;
  /** Called from time to time while the operation runs, even where that blocks the thread. @default nothing */
  onHeartbeat?: () => void;
  /** How often, in milliseconds. @default 10000 */
  heartbeatMs?: number;
  /** Told when the record cannot be written; the run goes on without one. @default the run ends with the error */
  onWriteError?: (error: unknown) => void;
}
