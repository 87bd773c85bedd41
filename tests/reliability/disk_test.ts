/** Disks that are full and disks that cannot be written, both real. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { StorageError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { withSmallDisk } from "../helpers/small_disk.ts";

const PAGE = "lemur ".repeat(700);

/** Writes until the disk refuses; gives what was acknowledged. */
function fill(storage: SqliteStorage): string[] {
  const written: string[] = [];
  for (let index = 0; index < 10_000; index++) {
    try {
      storage.set(`key${index}`, { text: `${index} ${PAGE}` });
    } catch (error) {
      assert.ok(error instanceof StorageError);
      assert.equal(error.code, "full");
      assert.match(error.message, /^Cannot set in ".*runs\.db" as the disk is full$/);
      return written;
    }
    written.push(`key${index}`);
  }
  throw new Error("the disk took everything");
}

function assertSound(path: string): void {
  const database = new DatabaseSync(path);
  assert.deepEqual(Object.values(database.prepare("PRAGMA integrity_check").get()!), ["ok"]);
  database.close();
}

const writing = (storage: SqliteStorage): Chain =>
  new Chain({
    model: new MockModel({ response: "The indri sings." }),
    prompt: "Describe the indri.",
    storage,
  })
    .validateWith(new LengthValidator({ maxWords: 5 }));

test("a full disk is an error that says so, and what was acknowledged stays", async (context) => {
  const mounted = await withSmallDisk(768, (disk) => {
    const path = join(disk.path, "runs.db");
    let written: string[];
    {
      using storage = new SqliteStorage(path);
      written = fill(storage);
      assert.ok(written.length > 10);
      for (const key of written) assert.ok(storage.get(key) !== undefined, key);
    }
    {
      using storage = new SqliteStorage(path);
      assert.deepEqual([...storage.keys()].sort(), [...written].sort());
    }
    assertSound(path);
  });
  if (!mounted) context.skip("only root may mount a file system");
});

test("a chain whose disk is full still returns its text, and warns", async (context) => {
  const mounted = await withSmallDisk(768, (disk) => {
    using storage = new SqliteStorage(join(disk.path, "runs.db"));
    fill(storage);
    for (let index = 0; index < 30; index++) writing(storage).run();
    const { thought, warnings } = writing(storage).runDetailed();
    assert.equal(thought.text, "The indri sings.");
    assert.equal(thought.valid, true);
    assert.ok(warnings.some(({ message }) => message.includes("the disk is full")), JSON.stringify(warnings));
    assert.throws(
      () => writing(storage).withOptions({ onStorageError: "throw" }).run(),
      (error) => error instanceof StorageError && error.code === "full",
    );
  });
  if (!mounted) context.skip("only root may mount a file system");
});
