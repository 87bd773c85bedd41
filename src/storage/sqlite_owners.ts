/**
 * Who works on runs, and whether they still live.
 *
 * Every store that begins a run holds an exclusive transaction on a small file of its own beside the database. The operating
 * system ends it with the process, however that ends, so a lock that can be taken belongs to nobody. In write-ahead mode the
 * connections of a database share memory and are therefore on one machine, where locks can be trusted. In other modes, and
 * where the file could not be made, an owner counts as dead when its heartbeat is old.
 *
 * @module
 */

import { currentTimeMs } from "../runtime/clock.ts";
import { newId } from "../runtime/identity.ts";
import { processFacts } from "../runtime/process.ts";
import { openLocked } from "../runtime/file_lock.ts";
import {
  faultOf,
  prepareAll,
  type SqliteConnection,
  type SqliteRow,
  type SqliteStatement,
} from "../runtime/sqlite.ts";
import { deniedFlags, fileState, removeFile } from "../runtime/sqlite_file.ts";
import { pragma } from "./sqlite_schema.ts";

/** How often a living owner says so, in milliseconds. */
const HEARTBEAT_MS = 10_000;

/** How old a heartbeat may be where nothing else tells whether its owner lives, in milliseconds. */
const STALE_MS = 60_000;

const SQL = {
  add: "INSERT INTO owners (id, pid, host, has_lock, heartbeat_at) VALUES (?, ?, ?, ?, ?)",
  find: "SELECT id, pid, host, has_lock, heartbeat_at FROM owners WHERE id = ?",
  others: "SELECT id, pid, host, has_lock, heartbeat_at FROM owners WHERE id <> ?",
  beat: "UPDATE owners SET heartbeat_at = ? WHERE id = ?",
  remove: "DELETE FROM owners WHERE id = ?",
  orphan: "UPDATE runs SET status = 'interrupted', owner = NULL WHERE owner = ?",
} as const;

/** An owner that lives. */
export interface LivingOwner {
  /** Its process. */
  readonly pid: number;
  /** Its machine, where that is known. */
  readonly host: string | undefined;
  /** When it last said that it lives, in milliseconds since the epoch. */
  readonly heartbeatAtMs: number;
}

/** The table `owners`, and this store's entry in it. Its methods but `close` are for use inside transactions. */
export class Owners {
  /** This store's id as an owner. */
  readonly id: string = newId();
  readonly #path: string;
  readonly #connection: SqliteConnection;
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>;
  #lock: SqliteConnection | undefined;
  #isKnown = false;
  #beatAtMs = 0;

  /**
   * @param path The database.
   * @param connection The open database.
   */
  constructor(path: string, connection: SqliteConnection) {
    this.#path = path;
    this.#connection = connection;
    this.#statements = prepareAll(connection, SQL);
  }

  /** Takes the lock, before this store owns its first run. Outside a transaction. */
  prepare(): void {
    if (this.#lock !== undefined || this.#isKnown || this.#path === ":memory:") return;
    const path = this.#lockPath(this.id);
    if (deniedFlags(path, ["read", "write"]).length > 0) return;
    try {
      this.#lock = openLocked(path);
    } catch {
      // Without a lock the heartbeat tells that this process lives.
    }
  }

  /** Says that this store owns runs, and buries the dead. */
  announce(): void {
    if (this.#isKnown) return this.beat();
    for (const row of this.#statements.others.all(this.id)) {
      if (!this.#lives(row)) this.bury(row.id as string);
    }
    const { pid, host } = processFacts();
    this.#beatAtMs = currentTimeMs();
    this.#statements.add.run(this.id, pid, host ?? null, this.#lock === undefined ? 0 : 1, this.#beatAtMs);
  }

  /** Remembers that the transaction of the announcement was kept. */
  announced(): void {
    this.#isKnown = true;
  }

  /** Says that this process lives, when it is time to. */
  beat(): void {
    const nowMs = currentTimeMs();
    if (Math.abs(nowMs - this.#beatAtMs) < HEARTBEAT_MS / 2) return;
    this.#beatAtMs = nowMs;
    this.#statements.beat.run(nowMs, this.id);
  }

  /** The owner of that id, if it lives. */
  living(id: string): LivingOwner | undefined {
    const row = this.#statements.find.get(id);
    if (row === undefined || !this.#lives(row)) return undefined;
    return {
      pid: row.pid as number,
      host: (row.host as string | null) ?? undefined,
      heartbeatAtMs: row.heartbeat_at as number,
    };
  }

  /** Forgets an owner that is dead; its runs are interrupted. */
  bury(id: string): void {
    this.#statements.orphan.run(id);
    this.#statements.remove.run(id);
    if (this.#path !== ":memory:") removeFile(this.#lockPath(id));
  }

  /** Gives up the lock and every run. Inside a transaction. */
  leave(): void {
    if (!this.#isKnown) return;
    this.#statements.orphan.run(this.id);
    this.#statements.remove.run(this.id);
  }

  /** Closes the lock's file. Outside a transaction. */
  close(): void {
    this.#lock?.close();
    if (this.#lock !== undefined) removeFile(this.#lockPath(this.id));
    this.#lock = undefined;
  }

  #lockPath(id: string): string {
    return `${this.#path}-owner-${id}`;
  }

  #lives(row: SqliteRow): boolean {
    if (row.id === this.id) return true;
    const isFresh = Math.abs(currentTimeMs() - (row.heartbeat_at as number)) < STALE_MS;
    if (row.has_lock !== 1) return isFresh;
    const state = this.#lockState(this.#lockPath(row.id as string));
    if (state === "unknown") return isFresh;
    if (state === "held") return true;
    return isFresh && pragma(this.#connection, "journal_mode") !== "wal";
  }

  #lockState(path: string): "held" | "free" | "unknown" {
    if (deniedFlags(path, ["read", "write"]).length > 0) return "unknown";
    const state = fileState(path);
    if (state === "missing") return "free";
    try {
      openLocked(path).close();
      return "free";
    } catch (error) {
      return faultOf(error) === "busy" ? "held" : "unknown";
    }
  }
}
