/** What a store says of a run whose process has just been killed, read from a copy, so that the next process finds it untouched. */
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";

/** The records of calls of a model. */
const CALL_RECORD = /\/remote:\d+$/;

/** What a store says of a run. */
export interface StoreState {
  /** What `PRAGMA integrity_check` says. */
  readonly integrity: string;
  /** How the run stands; `undefined` when there is none. */
  readonly status: string | undefined;
  /** Whether the answer that holds this text is recorded. */
  readonly isRecorded: (text: string) => boolean;
}

/** Looks into a copy of a store. Nobody may have the store open. */
export function inspectCopy(path: string, { runId, directory }: InspectOptions): StoreState {
  if (!existsSync(path)) return { integrity: "ok", status: undefined, isRecorded: () => false };
  mkdirSync(directory);
  const copy = join(directory, "copy.db");
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  const integrity = integrityOf(copy);
  using storage = new SqliteStorage(copy);
  const run = storage.runs.read(runId);
  const answers = (run?.records ?? [])
    .filter((record) => CALL_RECORD.test(record.path) && record.outcome === "ok")
    .map(({ body }) => body);
  return {
    integrity,
    status: run?.status,
    isRecorded: (text) => answers.some((answer) => answer.includes(text)),
  };
}

/** What is looked for, and where. */
export interface InspectOptions {
  /** The run. */
  readonly runId: string;
  /** Where the copy goes; made for it. */
  readonly directory: string;
}

/** Asks SQLite whether a database is whole. */
export function integrityOf(path: string): string {
  const database = new DatabaseSync(path);
  try {
    return String(Object.values(database.prepare("PRAGMA integrity_check").get()!)[0]);
  } finally {
    database.close();
  }
}
