import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { APPLICATION_ID, SCHEMA_VERSION } from "../../src/storage/sqlite_schema.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { testStorage } from "./conformance.ts";

testStorage("SqliteStorage", () => new SqliteStorage(":memory:"));

/** Adds a test that opening a file fails and leaves the file as it was. */
function testRefusal(title: string, code: string, message: RegExp, make: (path: string) => void): void {
  test(`SqliteStorage refuses ${title}, and does not write to it`, () =>
    inTemporaryDirectory((directory) => {
      const path = join(directory, "runs.db");
      make(path);
      const before = { bytes: readFileSync(path), modifiedMs: statSync(path).mtimeMs };
      assert.throws(() => new SqliteStorage(path, { busyTimeoutMs: 100 }), (error) => {
        assert.ok(error instanceof StorageError, String(error));
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(`Cannot open ${JSON.stringify(path)} as `), error.message);
        assert.deepEqual([error.code, error.component, error.metadata.path], [code, "SqliteStorage", path]);
        return true;
      });
      assert.deepEqual({ bytes: readFileSync(path), modifiedMs: statSync(path).mtimeMs }, before);
    }));
}

/** Makes a Sifaka database with some values, in one file. */
function makeDatabase(path: string, values = 50): void {
  using storage = new SqliteStorage(path, { synchronous: "normal" });
  for (let index = 0; index < values; index++) storage.set(`k${index}`, `value number ${index}`);
}

function withDatabase(path: string, use: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  use(database);
  database.close();
}

testRefusal("a text file", "not_a_database", /it is not an SQLite database/, (path) => {
  writeFileSync(path, "model: editor\n".repeat(200));
});
testRefusal(
  "a short text file",
  "not_a_database",
  /it is not an SQLite database/,
  (path) => writeFileSync(path, "hello"),
);
testRefusal("a file of zeros", "not_a_database", /it is not an SQLite database/, (path) => {
  writeFileSync(path, new Uint8Array(8_192));
});
testRefusal(
  "a database of another program",
  "foreign_database",
  /it is a database of another program/,
  (path) => {
    withDatabase(path, (database) => database.exec("CREATE TABLE notes (text)"));
  },
);
testRefusal("another program's database in WAL mode", "foreign_database", /of another program/, (path) => {
  withDatabase(path, (database) => database.exec("PRAGMA journal_mode = wal; CREATE TABLE notes (text)"));
});
testRefusal(
  "a database of a newer Sifaka",
  "newer_version",
  /version is 99 and this one reads up to \d+/,
  (path) => {
    makeDatabase(path);
    withDatabase(path, (database) => database.exec("PRAGMA user_version = 99"));
  },
);
testRefusal("a truncated database", "damaged", /it is damaged/, (path) => {
  makeDatabase(path);
  truncateSync(path, Math.floor(statSync(path).size / 8_192) * 4_096);
});
testRefusal("a database with a damaged page", "damaged", /it is damaged/, (path) => {
  makeDatabase(path);
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4_096, 8_192);
  writeFileSync(path, bytes);
});
testRefusal("a database with a damaged page further on", "damaged", /it is damaged/, (path) => {
  makeDatabase(path, 500);
  const bytes = readFileSync(path);
  bytes.fill(0, bytes.length - 4_096);
  writeFileSync(path, bytes);
});
testRefusal("a database without its tables", "damaged", /it is damaged: no such table/, (path) => {
  makeDatabase(path);
  withDatabase(path, (database) => database.exec("DROP TABLE entries"));
});

test("SqliteStorage refuses a database whose newer version is still in its log", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    makeDatabase(path);
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 99");
    assert.ok(statSync(`${path}-wal`).size > 0);
    const before = readFileSync(path);
    assert.throws(() => new SqliteStorage(path), (error) => (error as StorageError).code === "newer_version");
    assert.deepEqual(readFileSync(path), before);
    newer.close();
  }));

test("SqliteStorage says what is wrong with a path", () =>
  inTemporaryDirectory((directory) => {
    const missing = join(directory, "none", "runs.db");
    const cases: readonly [path: string, code: string, message: RegExp][] = [
      [directory, "is_a_directory", /it is a directory/],
      [missing, "missing_directory", /there is no directory .*none/],
      [join(directory, "x".repeat(300)), "cannot_open", /the file cannot be opened/],
    ];
    for (const [path, code, message] of cases) {
      assert.throws(() => new SqliteStorage(path), (error) => {
        assert.ok(error instanceof StorageError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    }
    assert.equal(existsSync(join(directory, "none")), false);
  }));

const isRoot = process.getuid?.() === 0;
test(
  "SqliteStorage refuses a file that may only be read",
  { skip: isRoot && "root may write everything" },
  () =>
    inTemporaryDirectory((directory) => {
      const path = join(directory, "runs.db");
      makeDatabase(path);
      chmodSync(path, 0o444);
      assert.throws(() => new SqliteStorage(path), (error) => (error as StorageError).code === "read_only");
      mkdirSync(join(directory, "locked"), { mode: 0o555 });
      assert.throws(
        () => new SqliteStorage(join(directory, "locked", "runs.db")),
        (error) => (error as StorageError).code === "cannot_open",
      );
    }),
);

test("SqliteStorage refuses wrong paths and options before it opens anything", () => {
  for (const path of ["", "  ", "a\0b", 7, undefined]) {
    assert.throws(() => new SqliteStorage(path as string), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /path must be a file or ":memory:"/);
      return true;
    });
  }
  const wrong: readonly [options: object, message: RegExp][] = [
    [{ synchronus: "full" }, /did you mean synchronous\?/],
    [{ synchronous: "off" }, /synchronous must be one of "full", "normal"/],
    [{ busyTimeoutMs: -1 }, /busyTimeoutMs must be an integer from 0/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(
      () => new SqliteStorage(":memory:", options),
      (error) => message.test((error as Error).message),
    );
  }
});

test("SqliteStorage keeps its values from one opening to the next", () =>
  inTemporaryDirectory((directory) => {
    // A name that SQLite could take for a URI.
    const path = join(directory, "file:runs.db?mode=memory");
    for (let round = 1; round <= 3; round++) {
      using storage = new SqliteStorage(path);
      storage.set("rounds", round);
      assert.equal(storage.path, path);
    }
    assert.equal(new SqliteStorage(path).get("rounds"), 3);
    assert.ok(existsSync(path));
  }));

test("SqliteStorage takes an empty file for a new one", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    writeFileSync(path, "");
    using storage = new SqliteStorage(path);
    storage.set("a", 1);
    assert.equal(storage.size(), 1);
  }));

test("SqliteStorage marks its file, logs ahead, and waits for every write to reach the disk", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    makeDatabase(path, 1);
    withDatabase(path, (database) => {
      const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0];
      assert.deepEqual(
        ["application_id", "user_version", "journal_mode"].map(pragma),
        [APPLICATION_ID, SCHEMA_VERSION, "wal"],
      );
    });
  }));

test("SqliteStorage keeps its index equal to its values", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    const storage = new SqliteStorage(path, { synchronous: "normal" });
    for (let index = 0; index < 200; index++) {
      storage.set(
        `k${index % 37}`,
        `words of ${index} ${index % 3 === 0 ? "lemur" : ""}`,
        index % 5 === 0 ? { ttlMs: 1 } : {},
      );
      if (index % 11 === 0) storage.delete(`k${index % 7}`);
      if (index % 50 === 0) storage.clear({ prefix: "k1" });
    }
    storage.close();
    withDatabase(path, (database) => {
      // Throws when the index does not say what the table says.
      database.prepare("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)").run();
      assert.deepEqual(Object.values(database.prepare("PRAGMA integrity_check").get()!), ["ok"]);
    });
  }));

test("SqliteStorage shows one connection what another has written", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using one = new SqliteStorage(path);
    using other = new SqliteStorage(path);
    one.set("a", "lemur");
    other.set("b", "lemur");
    assert.deepEqual(one.keys(), ["a", "b"]);
    assert.equal(other.search("lemur").length, 2);
    // The filter runs while the search is under way, and may use the storage.
    assert.equal(one.search("lemur", { filter: () => one.delete("b") || true }).length, 1);
  }));

test("SqliteStorage asks a filter for as many values as it takes to find enough, and each once", () => {
  using storage = new SqliteStorage(":memory:");
  // The shorter a text, the better it fits.
  for (let index = 0; index < 40; index++) storage.set(`k${index}`, `lemur ${"leaf ".repeat(index)}`);
  const asked: unknown[] = [];
  const hits = storage.search("lemur", {
    limit: 2,
    filter: (value) => asked.push(value) > 30,
  });
  assert.deepEqual(hits.map(({ key }) => key), ["k30", "k31"]);
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(asked.length, 32);
  const [best] = storage.search("lemur", { limit: 1 });
  assert.deepEqual(storage.search("lemur", { minScore: best!.score }).map(({ key }) => key), ["k0"]);
});

test("SqliteStorage gives up when another connection holds the write lock for too long", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path, { busyTimeoutMs: 20 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => storage.set("a", 1), (error) => {
      assert.ok(error instanceof StorageError);
      assert.equal(error.code, "busy");
      assert.match(
        error.message,
        /^Cannot set in ".*runs.db" as other connections kept it locked for too long$/,
      );
      return true;
    });
    other.exec("ROLLBACK");
    other.close();
    storage.set("a", 1);
    assert.equal(storage.get("a"), 1);
  }));

test("SqliteStorage says so when another program breaks its tables while it is open", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path);
    withDatabase(path, (database) => database.exec("DROP TABLE entries"));
    assert.throws(() => storage.get("k1"), (error) => {
      assert.ok(error instanceof StorageError);
      assert.equal(error.operation, "get");
      assert.match(error.message, /^Cannot get in ".*runs.db" as SQLite failed: no such table/);
      return true;
    });
  }));
