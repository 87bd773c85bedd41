/** Writes of an SqliteStorage that are made durable together. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { SqliteStorage } from "../../src/storage/mod.ts";
import { Transactions } from "../../src/storage/sqlite_transactions.ts";
import { openSqlite } from "../../src/runtime/sqlite.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const LONG_MS = 60_000;

test("gathered writes are seen by others when their time is over, and all of them when the store is closed", () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const storage = new SqliteStorage(path);
    storage._gatherWrites(500);
    using other = new SqliteStorage(path, { readOnly: true });
    await storage._setAsync("a", 1);
    assert.equal(await storage._getAsync("a"), 1);
    assert.equal(other.get("a"), undefined);
    while (other.get("a") === undefined) await wait(1);
    storage._gatherWrites(LONG_MS);
    await storage._setAsync("b", 2);
    assert.equal(other.get("b"), undefined);
    storage.close();
    assert.equal(other.get("b"), 2);
  }));

test("a gathered change that throws takes nothing else with it", () =>
  inTemporaryDirectory((directory) => {
    const connection = openSqlite(join(directory, "a.db"), { readOnly: false });
    connection.exec("CREATE TABLE t (x INTEGER PRIMARY KEY)");
    const add = connection.prepare("INSERT INTO t VALUES (?)");
    const transactions = new Transactions(connection);
    transactions.gather({ windowMs: LONG_MS });
    transactions.run(() => add.run(1));
    assert.throws(() =>
      transactions.run(() => {
        add.run(2);
        throw new Error("refused");
      }), /refused/);
    transactions.run(() => add.run(3));
    transactions.end();
    assert.deepEqual(connection.prepare("SELECT x FROM t").all().map(({ x }) => x), [1, 3]);
    connection.close();
  }));

test("when gathered changes are lost, every further change is refused, as it may build on them", () =>
  inTemporaryDirectory((directory) => {
    const connection = openSqlite(join(directory, "a.db"), { readOnly: false });
    connection.exec("PRAGMA foreign_keys = on; CREATE TABLE p (x INTEGER PRIMARY KEY)");
    // Looked at by the commit, and not before.
    connection.exec("CREATE TABLE t (x INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
    const transactions = new Transactions(connection);
    transactions.gather({ windowMs: LONG_MS });
    transactions.run(() => connection.prepare("INSERT INTO p VALUES (1)").run());
    transactions.run(() => connection.prepare("INSERT INTO t VALUES (2)").run());
    assert.throws(() => transactions.end(), /constraint/i);
    assert.throws(() => transactions.run(() => 1), /constraint/i);
    assert.equal(connection.prepare("SELECT count(*) AS n FROM p").get()!.n, 0);
    connection.close();
  }));

test("gathered writes are durable when the disk says so, in the order in which they were made", () =>
  inTemporaryDirectory(async (directory) => {
    const storage = new SqliteStorage(join(directory, "a.db"));
    assert.equal(storage._durable, undefined);
    assert.equal(storage._gatherWrites(1), true);
    const order: string[] = [];
    storage.set("a", 1);
    const first = storage._durable!.then(() => order.push("first"));
    await first;
    assert.equal(storage._durable, undefined);
    storage.set("b", 2);
    const second = storage._durable!.then(() => order.push("second"));
    storage.set("c", 3);
    await Promise.all([second, storage._durable]);
    assert.deepEqual(order, ["first", "second"]);
    storage.close();
  }));

test("who waits for gathered changes is told when they are lost", () =>
  inTemporaryDirectory(async (directory) => {
    const connection = openSqlite(join(directory, "a.db"), { readOnly: false });
    connection.exec("PRAGMA foreign_keys = on; CREATE TABLE p (x INTEGER PRIMARY KEY)");
    connection.exec("CREATE TABLE t (x INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
    const transactions = new Transactions(connection);
    transactions.gather({ windowMs: 20 });
    transactions.run(() => connection.prepare("INSERT INTO t VALUES (2)").run());
    await assert.rejects(transactions.durable!, /constraint/i);
    assert.throws(() => transactions.end(), /constraint/i);
    connection.close();
  }));
