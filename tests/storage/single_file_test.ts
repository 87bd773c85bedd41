/** The storage in one file, beyond what every storage does. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { takeLock } from "../../src/runtime/file_lock.ts";
import { FileStorage, type FileStorageOptions } from "../../src/storage/file_storage.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { testStorage } from "./conformance.ts";

const root = mkdtempSync(join(tmpdir(), "sifaka-file-"));
let made = 0;
after(() => rmSync(root, { recursive: true, force: true }));

function single(path: string, options: FileStorageOptions = {}): FileStorage {
  return new FileStorage(path, { layout: "single", fsync: false, ...options });
}

testStorage("FileStorage", () => single(join(root, `s${made++}.json`)));

test("FileStorage of one file keeps a line for each value in the order of keys, and no other file beside it", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "deep", "all.json");
    const storage = single(path, { fsync: true });
    storage.set("b", { text: "lemur" });
    storage.set("a", 1);
    const lines = [
      "[",
      '{"key":"a","expiresAtMs":null,"value":1},',
      '{"key":"b","expiresAtMs":null,"value":{"text":"lemur"}}',
      "]",
      "",
    ];
    assert.equal(readFileSync(path, "utf8"), lines.join("\n"));
    assert.deepEqual(readdirSync(join(directory, "deep")), ["all.json"]);
    assert.equal(storage.path, path);
  }));

test("FileStorage of one file sees at once what another one writes, and what people do", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const [first, second] = [single(path), single(path)];
    first.set("a", "lemur");
    assert.deepEqual(second.search("lemur").map(({ key }) => key), ["a"]);
    // As long as the old text, and within the same moment.
    first.set("a", "sifak");
    assert.deepEqual([second.get("a"), second.search("lemur"), second.search("sifak").length], [
      "sifak",
      [],
      1,
    ]);
    second.set("b", 2);
    first.set("c", 3);
    assert.deepEqual(second.keys(), ["a", "b", "c"]);
    writeFileSync(path, '[{"key": "mine", "expiresAtMs": null, "value": "typed"}]');
    assert.deepEqual([first.keys(), second.get("mine"), second.search("sifak")], [["mine"], "typed", []]);
    rmSync(path);
    assert.deepEqual([first.size(), second.search("typed")], [0, []]);
    writeFileSync(path, "");
    assert.equal(first.size(), 0);
  }));

test("FileStorage of one file writes nothing when nothing changes", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const storage = single(path);
    assert.deepEqual([storage.delete("a"), storage.clear(), storage.get("a"), storage.size()], [
      false,
      0,
      undefined,
      0,
    ]);
    assert.equal(existsSync(path), false);
    storage.set("a", 1);
    const { ino } = statSync(path);
    assert.deepEqual([storage.delete("b"), storage.clear({ prefix: "b" }), storage.get("a")], [false, 0, 1]);
    assert.equal(statSync(path).ino, ino);
    assert.throws(() => storage.set("a", NaN), StorageError);
    assert.deepEqual([storage.get("a"), statSync(path).ino], [1, ino]);
  }));

test("FileStorage of one file leaves out what has expired when it writes", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const { _operations: operations } = single(path);
    function* body(): Operation<unknown> {
      yield* operations.set("a", "lemur", { ttlMs: 5 });
      yield* sleep(10);
      const seen = [yield* operations.keys(), yield* operations.search("lemur")];
      yield* operations.set("b", 1);
      return seen;
    }
    assert.deepEqual((simulate(body()).outcome as { value: unknown }).value, [[], []]);
    assert.doesNotMatch(readFileSync(path, "utf8"), /lemur/);
  }));

test("FileStorage of one file moves a damaged one aside, and begins a new one", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    for (const damaged of ['[{"key":"a","expiresAtMs":null,"va', "{}", '[{"key":"a"}]', "[null]"]) {
      for (
        const use of [
          (s: FileStorage) => s.get("a"),
          (s: FileStorage) => s.set("a", 1),
          (s: FileStorage) => s.size(),
        ]
      ) {
        writeFileSync(path, damaged);
        const storage = single(path);
        assert.throws(() => use(storage), (error) => {
          assert.ok(error instanceof StorageError && error.code === "corrupt");
          assert.equal(readFileSync(error.metadata.movedTo as string, "utf8"), damaged);
          assert.ok(error.message.includes(`${path} as it is damaged: it was moved to ${path}.corrupt-`));
          return true;
        });
        storage.set("b", 2);
        assert.deepEqual(single(path).keys(), ["b"]);
      }
    }
  }));

test("FileStorage of one file leaves the old one when the process ended between writing and renaming", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const storage = single(path);
    storage.set("a", "old");
    const left = join(directory, "all.json.t_00000000-0000-4000-8000-000000000000.tmp");
    const others = join(directory, "notes.json.t_00000000-0000-4000-8000-000000000000.tmp");
    for (const name of [left, others]) writeFileSync(name, "[");
    // A lock ends with the process that had it, and not with its file.
    writeFileSync(`${path}.lock`, "");
    assert.equal(single(path).get("a"), "old");
    storage.set("b", 1);
    assert.equal(existsSync(left), true);
    const longAgo = Date.now() / 1000 - 7200;
    for (const name of [left, others]) utimesSync(name, longAgo, longAgo);
    storage.set("b", 2);
    assert.deepEqual(readdirSync(directory).sort(), [
      "all.json",
      "notes.json.t_00000000-0000-4000-8000-000000000000.tmp",
    ]);
  }));

test(
  "FileStorage of one file keeps what several processes write at once",
  { timeout: 120_000 },
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "all.json");
      const script = fileURLToPath(new URL("./scripts/fill_single_file.ts", import.meta.url));
      const run = promisify(execFile);
      const fill = (prefix: string) =>
        run(process.execPath, [...scriptArguments(script), path, prefix, "40"]);
      await Promise.all(["a", "b", "c"].map(fill));
      assert.equal(single(path).size(), 120);
      assert.deepEqual(readdirSync(directory), ["all.json"]);
    }),
);

test("FileStorage of one file waits for a lock alone where it is told to", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const unlock = takeLock(`${path}.lock`)!;
    single(path, { lock: false }).set("a", 1);
    assert.equal(single(path).get("a"), 1);
    unlock();
    single(path).set("a", 2);
    assert.equal(single(path).get("a"), 2);
  }));

test("FileStorage of one file indents values for people", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    const storage = single(path, { pretty: true });
    storage.set("a", { text: "lemur" });
    storage.set("b", 1);
    assert.match(readFileSync(path, "utf8"), /"value":\{\n {2}"text": "lemur"\n\}\},\n\{"key":"b"/);
    assert.deepEqual([storage.get("a"), single(path).search("lemur").length], [{ text: "lemur" }, 1]);
  }));

test("FileStorage of one file refuses a directory, and says where it cannot write", () =>
  inTemporaryDirectory((directory) => {
    mkdirSync(join(directory, "folder.json"));
    assert.throws(() => single(join(directory, "folder.json")), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /as its file is a directory: path is /);
      return true;
    });
    assert.throws(() => single(""), /path must be that of a file: path is ""/);
    assert.throws(
      () => single("a.json", { layout: "one" as "single" }),
      /layout must be one of "perKey", "single"/,
    );
    const storage = single(join(directory, "gone", "all.json"));
    rmSync(join(directory, "gone"), { recursive: true });
    assert.throws(() => storage.set("a", 1), (error) => {
      assert.ok(error instanceof StorageError && error.code === "missing_directory");
      assert.match(error.message, /^Cannot set in the file .*all\.json as the directory is gone$/);
      return true;
    });
    assert.equal(storage.get("a"), undefined);
  }));

test("FileStorage of one file keeps journals in a file beside it", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "all.json");
    {
      using storage = single(path);
      storage.runs.own({ runId: "r", parts: [], facts: {} }).end({ status: "finished", facts: {} });
    }
    assert.deepEqual(readdirSync(directory), ["all.json.runs.db"]);
    using storage = single(path);
    assert.deepEqual(storage.runs.list().map(({ runId }) => runId), ["r"]);
  }));
