/** A store that is looked at for a long time: one that comes to be, and one that is removed and made anew. */
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { followStore } from "../../src/cli/followed_store.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

function keep(storage: Storage, runId: string): void {
  storage.runs!.own({ runId, parts: [], facts: {} }).end({ status: "finished", facts: {} });
}

const idsOf = (storage: Storage): string[] => storage.runs?.list().map(({ runId }) => runId) ?? [];

for (
  const [kind, open] of [
    ["sqlite", (path: string) => new SqliteStorage(path)],
    ["file", (path: string) => new FileStorage(path)],
  ] as const
) {
  test(`a followed store that is removed and made anew shows the new runs (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      const path = join(directory, "store");
      {
        using first = open(path);
        keep(first, "old");
      }
      const followed = followStore({ location: { kind, path }, label: path, byDefault: false });
      assert.deepEqual(idsOf(followed.current()), ["old"]);
      const before = followed.current();
      assert.equal(followed.current(), before);
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
      assert.deepEqual(idsOf(followed.current()), ["old"]);

      using second = open(path);
      keep(second, "new");
      assert.deepEqual(idsOf(followed.current()), ["new"]);
      // The old store's log is not the new one's.
      keep(second, "newer");
      assert.deepEqual(idsOf(followed.current()), ["newer", "new"]);
      followed.close();
      assert.deepEqual(idsOf(second), ["newer", "new"]);
    }));
}

test("a followed store of the usual place is an empty one until it is there", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "sifaka.db");
    const followed = followStore({ location: { kind: "sqlite", path }, label: path, byDefault: true });
    assert.deepEqual(idsOf(followed.current()), []);
    assert.deepEqual(readdirSync(directory), []);
    using storage = new SqliteStorage(path);
    keep(storage, "first");
    assert.deepEqual(idsOf(followed.current()), ["first"]);
    followed.close();
  }));
