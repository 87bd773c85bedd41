/** The storage in files, beyond what every storage does. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { testStorage } from "./conformance.ts";

const root = mkdtempSync(join(tmpdir(), "sifaka-files-"));
let made = 0;
after(() => rmSync(root, { recursive: true, force: true }));

testStorage("FileStorage", () => new FileStorage(join(root, `s${made++}`), { fsync: false }));

test("FileStorage gives another storage on its directory what it wrote", () =>
  inTemporaryDirectory((directory) => {
    const first = new FileStorage(directory);
    const second = new FileStorage(directory);
    first.set("a", { text: "lemur" });
    second.set("b", 2);
    assert.deepEqual(second.search("lemur").map(({ key }) => key), ["a"]);
    first.set("a", { text: "fox" });
    assert.deepEqual([first.keys(), second.keys()], [["a", "b"], ["a", "b"]]);
    assert.deepEqual([second.search("lemur"), second.search("fox").length], [[], 1]);
    assert.equal(second.delete("a"), true);
    assert.deepEqual([first.get("a"), first.search("fox"), first.size()], [undefined, [], 1]);
  }));

test("FileStorage moves a damaged file aside when its key is read, and other keys work", () =>
  inTemporaryDirectory((directory) => {
    const storage = new FileStorage(directory);
    for (const key of ["bad", "good"]) storage.set(key, "lemur");
    writeFileSync(join(directory, "k_bad.json"), '{"key":"bad","val');
    assert.deepEqual(storage.keys(), ["bad", "good"]);
    assert.deepEqual(storage.search("lemur").map(({ key }) => key), ["good"]);
    assert.throws(() => storage.get("bad"), (error) => {
      assert.ok(error instanceof StorageError && error.code === "corrupt");
      assert.match(error.message, /k_bad\.json as it is damaged: it was moved to .*k_bad\.json\.corrupt-/);
      return true;
    });
    assert.deepEqual([storage.get("bad"), storage.get("good"), storage.keys()], [undefined, "lemur", [
      "good",
    ]]);
    const aside = readdirSync(directory).find((name) => name.includes(".corrupt-"))!;
    assert.match(readFileSync(join(directory, aside), "utf8"), /"val$/);
  }));

test("FileStorage keeps to its directory and leaves other files alone", () =>
  inTemporaryDirectory((directory) => {
    const inner = join(directory, "inner");
    const storage = new FileStorage(inner);
    writeFileSync(join(inner, "notes.json"), "{}");
    const keys = [
      "../x",
      "CON",
      "con",
      "a/B",
      "a/b",
      "😀",
      "é".repeat(256),
      `${"é".repeat(255)}ee`,
      ".",
      "A".repeat(512),
    ];
    for (const [index, key] of keys.entries()) storage.set(key, index);
    assert.deepEqual(keys.map((key) => storage.get(key)), keys.map((_, index) => index));
    assert.deepEqual(readdirSync(directory), ["inner"]);
    const names = readdirSync(inner).filter((name) => name !== "notes.json");
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, keys.length);
    assert.deepEqual(names.filter((name) => !/^k_[a-z0-9_%~-]+\.json$/.test(name) || name.length > 200), []);
    assert.equal(storage.clear(), keys.length);
    assert.deepEqual(readdirSync(inner), ["notes.json"]);
  }));

test("FileStorage leaves the old value when the process ended between writing and renaming", () =>
  inTemporaryDirectory((directory) => {
    const storage = new FileStorage(directory);
    storage.set("a", "old");
    const left = join(directory, "t_00000000-0000-4000-8000-000000000000.tmp");
    writeFileSync(left, '{"key":"a","expiresAtMs":null,"value":"ne');
    assert.equal(new FileStorage(directory).get("a"), "old");
    assert.deepEqual(storage.keys(), ["a"]);
    assert.equal(existsSync(left), true);
    const longAgo = Date.now() / 1000 - 7200;
    utimesSync(left, longAgo, longAgo);
    assert.deepEqual(storage.keys(), ["a"]);
    assert.equal(existsSync(left), false);
  }));

test("FileStorage removes the files of what has expired", () =>
  inTemporaryDirectory((directory) => {
    const storage = new FileStorage(directory);
    function* body(): Operation<string[]> {
      yield* storage._operations.set("a", 1, { ttlMs: 5 });
      yield* storage._operations.set("b", 1);
      yield* sleep(10);
      return yield* storage._operations.keys();
    }
    assert.deepEqual((simulate(body()).outcome as { value: unknown }).value, ["b"]);
    assert.deepEqual(readdirSync(directory), ["k_b.json"]);
  }));

test("FileStorage changes nothing when a value cannot be written", () =>
  inTemporaryDirectory((directory) => {
    const storage = new FileStorage(directory);
    storage.set("a", 1);
    assert.throws(() => storage.set("a", NaN), StorageError);
    rmSync(directory, { recursive: true });
    assert.throws(
      () => storage.set("a", 2),
      (error) => error instanceof StorageError && error.code === "missing_directory",
    );
    assert.equal(storage.get("a"), undefined);
  }));

test("FileStorage refuses a file and a blank path as its directory", () =>
  inTemporaryDirectory((directory) => {
    const file = join(directory, "file");
    writeFileSync(file, "x");
    assert.throws(() => new FileStorage(file), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /as its directory is a file .*: path is /);
      return true;
    });
    assert.throws(() => new FileStorage(join(file, "below")), StorageError);
    assert.throws(() => new FileStorage(" "), /path must be that of a directory: path is " "/);
    assert.throws(() => new FileStorage(directory, { fsnc: true } as object), /did you mean fsync/);
  }));

test("FileStorage with pretty writes values for people to read, and reads them all the same", () =>
  inTemporaryDirectory((directory) => {
    const value = { text: "lemur", list: [1, { a: null }] };
    const pretty = new FileStorage(directory, { pretty: true });
    pretty.set("a", value);
    const [file] = readdirSync(directory);
    assert.match(
      readFileSync(join(directory, file!), "utf8"),
      /\n {2}"text": "lemur",\n {2}"list": \[\n {4}1,/,
    );
    assert.deepEqual(new FileStorage(directory).get("a"), value);
    assert.deepEqual(pretty.search("lemur").map(({ key }) => key), ["a"]);
  }));

test("FileStorage records the runs of a chain, and another storage on its directory resumes and replays them", () =>
  inTemporaryDirectory((directory) => {
    const calls: string[] = [];
    const chainOver = (storage: FileStorage, fails: boolean) =>
      new Chain({
        prompt: "Introduce sifakas.",
        model: defineModel("once", () => (calls.push("model"), "Sifakas leap.")),
        validators: [
          defineValidator("shaky", () => {
            if (fails) throw new Error("the process ends here");
            return true;
          }),
        ],
        onValidatorError: "throw",
        storage,
      });
    {
      using storage = new FileStorage(directory);
      assert.throws(() => chainOver(storage, true).run({ runId: "r1" }));
      assert.deepEqual(storage.runs.list().map(({ runId, status }) => [runId, status]), [["r1", "failed"]]);
    }
    using storage = new FileStorage(directory);
    const chain = chainOver(storage, false);
    assert.equal(chain.run({ runId: "r1" }).text, "Sifakas leap.");
    assert.equal(chain.replay("r1").text, "Sifakas leap.");
    assert.equal(chain.run().text, "Sifakas leap.");
    assert.deepEqual(calls, ["model", "model"]);
    assert.equal(storage.runs.list().length, 2);
    assert.ok(storage.keys().length > 0 && storage.keys().every((key) => !key.includes("runs.db")));
    assert.ok(storage.clear() > 0);
    assert.equal(storage.runs.list().length, 2);
  }));

test("FileStorage makes no file of journals before there is a run, and gives none when it has been closed", () =>
  inTemporaryDirectory((directory) => {
    const storage = new FileStorage(directory);
    const { runs } = storage;
    assert.deepEqual([runs.list(), runs.read("r"), runs.delete("r"), runs.prune({ keepLast: 1 })], [
      [],
      undefined,
      false,
      0,
    ]);
    assert.throws(() => runs.read(""), { code: "invalid_run_id" });
    assert.throws(() => runs.prune({}), { code: "invalid_option" });
    assert.deepEqual(readdirSync(directory), []);
    storage.close();
    for (const use of [() => runs.list(), () => runs.own({ runId: "r", parts: [], facts: {} })]) {
      assert.throws(use, { code: "closed", component: "FileStorage" });
    }
    assert.deepEqual(readdirSync(directory), []);
  }));
