/** A thought and the record of what led to it are kept together, seen by another connection to the same file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { StorageError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const chainOn = (storage: SqliteStorage, onEvent?: (event: { type: string }) => void): Chain =>
  new Chain({
    model: new MockModel({ responses: ["One two.", "One two three four."] }),
    prompt: "Count.",
    input: "One.",
    storage,
    onEvent,
  }).validateWith(new LengthValidator({ minWords: 4 }));

for (const driver of ["sync", "async"] as const) {
  test(`whoever sees a thought sees the record of all that led to it (${driver})`, () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      using storage = new SqliteStorage(path, { synchronous: "normal" });
      const other = new DatabaseSync(path);
      using reader = new SqliteStorage(path, { readOnly: true });
      const count = (table: string): number =>
        other.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count as number;
      const seen: [number, number, number][] = [];
      const chain = chainOn(storage, ({ type }) => {
        if (type !== "stored") return;
        const paths = reader.runs.read("r")!.records.map(({ path }) => path);
        seen.push([count("entries"), paths.length, paths.filter((path) => path.includes("host:")).length]);
      });
      if (driver === "sync") chain.run({ runId: "r" });
      else await chain._runAsync({ runId: "r" });
      other.close();
      assert.ok(seen.length >= 3);
      // Each value was written by a host effect, whose record stands beside it, as do the ids and times that it holds.
      for (const [entries, effects, sets] of seen) {
        assert.ok(entries > 0 && sets >= entries, `${entries} entries, ${sets} records`);
        assert.ok(effects > sets);
      }
    }));
}

test("a run that stops after its first thought was kept goes on with the same thought", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    const stop = new AbortController();
    {
      using storage = new SqliteStorage(path, { synchronous: "normal" });
      const chain = chainOn(storage, ({ type }) => type === "stored" && stop.abort(new Error("stopped")));
      assert.throws(() => chain.run({ runId: "r", signal: stop.signal }), /stopped/);
    }
    using storage = new SqliteStorage(path, { synchronous: "normal" });
    const { thought } = chainOn(storage).runDetailed({ runId: "r" });
    const thoughts = new ThoughtStore(storage).list("r");
    assert.deepEqual(thoughts.map(({ iteration }) => iteration), [0, 1, 2]);
    assert.equal(thoughts.at(-1)!.id, thought.id);
  }));

test("a value that cannot be kept leaves no record that it was, and the error is recorded", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path, { synchronous: "normal" });
    const other = new DatabaseSync(path);
    other.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
    );
    const { warnings, thought } = chainOn(storage).runDetailed({ runId: "r" });
    assert.equal(thought.text, "One two three four.");
    assert.ok(warnings.some(({ message }) => message.includes("refused by the test")));
    const [run] = storage.runs.list();
    const { records } = storage.runs.read(run!.runId)!;
    assert.ok(records.some(({ outcome }) => outcome === "error"));
    assert.equal(other.prepare("SELECT count(*) AS count FROM entries").get()!.count, 0);
    other.close();
    assert.throws(
      () => chainOn(storage).withOptions({ onStorageError: "throw" }).run(),
      (error) => error instanceof StorageError && error.message.includes("refused by the test"),
    );
  }));
