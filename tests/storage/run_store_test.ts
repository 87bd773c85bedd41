/** What the journals of runs take up, what they hold, and what becomes of them when they are damaged. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { EffectRecord } from "../../src/drivers/effect_record.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import type { RunVerdict } from "../../src/storage/run_page.ts";
import type { RunStore } from "../../src/storage/runs.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const STORES = [
  ["memory", () => new MemoryStorage()],
  ["sqlite", (path: string) => new SqliteStorage(path)],
  ["file", (path: string) => new FileStorage(path)],
] as const;

function record(path: string, body: string): EffectRecord {
  return { path, fingerprint: "f", timing: "later", outcome: "ok", body: JSON.stringify(body) };
}

function keep(runs: RunStore, runId: string, records: readonly EffectRecord[]): void {
  const owned = runs.own({
    runId,
    parts: [{ part: "prompt", description: "Write.", hash: "h" }],
    facts: { prompt: "Write." },
  });
  owned.append(records);
  owned.end({ status: "finished", facts: { valid: true } });
}

/** Text that cannot be compressed much. */
function noise(seed: number, length: number): string {
  let state = seed + 1;
  let text = "";
  while (text.length < length) text += (state = (state * 16807) % 2147483647).toString(36);
  return text.slice(0, length);
}

for (const [kind, open] of STORES) {
  test(`runs of many chains at one instant keep their order and their records (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      const ids = Array.from({ length: 60 }, (_, index) => `chain ${index % 10} run ${index}`);
      for (const id of ids) {
        keep(storage.runs, id, [record("run/now:0", id), record("run/remote:1", `long ${id} `.repeat(300))]);
      }
      assert.deepEqual(storage.runs.list().map(({ runId }) => runId), ids.toReversed());
      for (const id of ids) {
        assert.deepEqual(storage.runs.read(id)!.records.map(({ body }) => JSON.parse(body)), [
          id,
          `long ${id} `.repeat(300),
        ]);
      }
      assert.equal(storage.runs.prune({ keepLast: 50 }), 10);
      assert.equal(storage.runs.read(ids[0]!), undefined);
      assert.equal(storage.runs.list().length, 50);
    }));

  test(`a run is read with the records alone that are wanted, and tells how many there are (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      keep(storage.runs, "one", [record("run/now:0", "1"), record("run/host:1", noise(1, 5_000))]);
      const { effects, records } = storage.runs.read("one", { wanted: (path) => path.includes("now") })!;
      assert.equal(effects, 2);
      assert.deepEqual(records.map(({ path }) => path), ["run/now:0"]);
      assert.equal(storage.runs.read("one")!.records.length, 2);
    }));

  test(`a page of runs holds those that are asked for, and leads to the next (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      const { runs } = storage;
      for (let index = 0; index < 10; index++) {
        const owned = runs.own({
          runId: `run ${index}`,
          parts: [],
          facts: { model: index < 5 ? "openai:Large" : "ollama:tiny" },
        });
        if (index < 9) owned.end({ status: "finished", facts: { valid: index % 2 === 0 } });
      }
      const idsOf = (page: ReturnType<RunStore["page"]>): string[] => page.runs.map(({ runId }) => runId);
      const whole = runs.page({ limit: 10 });
      assert.deepEqual(whole.runs, runs.list());
      assert.equal(whole.next, undefined);
      const first = runs.page({ limit: 4 });
      const second = runs.page({ limit: 4, after: first.next });
      const third = runs.page({ limit: 4, after: second.next });
      assert.deepEqual([first, second, third].flatMap(idsOf), idsOf(whole));
      assert.equal(third.next, undefined);
      assert.deepEqual(idsOf(runs.page({ limit: 9, verdict: "valid", model: "LARGE" })), [
        "run 4",
        "run 2",
        "run 0",
      ]);
      assert.deepEqual(idsOf(runs.page({ limit: 2, verdict: "invalid" })), ["run 7", "run 5"]);
      assert.deepEqual(idsOf(runs.page({ limit: 9, verdict: "unfinished" })), ["run 9"]);
      const [newest] = whole.runs;
      const startedMs = Date.parse(newest!.startedAt);
      assert.deepEqual(idsOf(runs.page({ limit: 9, fromMs: startedMs + 1 })), []);
      assert.ok(idsOf(runs.page({ limit: 9, fromMs: startedMs })).includes("run 9"));
      assert.ok(!idsOf(runs.page({ limit: 9, untilMs: startedMs })).includes("run 9"));
      assert.deepEqual(runs.summary("run 9"), newest);
      assert.equal(runs.summary("no run"), undefined);
      assert.throws(() => runs.page({ limit: 0 }), { code: "invalid_option" });
    }));

  test(`the version of a run store changes with what is written, and only then (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      const { runs } = storage;
      const seen = [runs.version()];
      const changed = (): void => {
        assert.ok(!seen.includes(runs.version()));
        seen.push(runs.version());
        assert.equal(runs.version(), seen.at(-1));
      };
      const owned = runs.own({ runId: "r", parts: [], facts: {} });
      changed();
      owned.append([record("a", "1")]);
      changed();
      owned.end({ status: "finished", facts: {} });
      changed();
      runs.delete("r");
      changed();
    }));

  test(`a record that is written again goes to the end, and a dropped one is gone (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      const owned = storage.runs.own({ runId: "r", parts: [], facts: {} });
      owned.append([record("a", "1"), record("b", "2"), record("c", "3")]);
      owned.append([record("a", "4")]);
      owned.drop(["b"]);
      assert.deepEqual(storage.runs.read("r")!.records.map(({ path, body }) => path + JSON.parse(body)), [
        "c3",
        "a4",
      ]);
      owned.end({ status: "failed", facts: { error: { code: "x", message: "y" } } });
      assert.deepEqual(storage.runs.list()[0]!.facts, { error: { code: "x", message: "y" } });
    }));

  test(`what cannot be the id of a run is refused (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      for (const runId of ["", "  ", "a\nb", "x".repeat(201), undefined as unknown as string]) {
        assert.throws(() => storage.runs.own({ runId, parts: [], facts: {} }), { code: "invalid_run_id" });
      }
    }));
}

test("a result is kept once however often it is given, and compressed", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path);
    const answer = "The same answer, word for word. ".repeat(2_000);
    for (let run = 0; run < 50; run++) keep(storage.runs, `r${run}`, [record("run/remote:0", answer)]);
    const database = new DatabaseSync(path, { readOnly: true });
    assert.equal(database.prepare("SELECT count(*) AS count FROM blobs").get()!.count, 1);
    assert.ok((database.prepare("SELECT length(body) AS size FROM blobs").get()!.size as number) < 2_000);
    database.close();
  }));

test("prune gives the room of what it forgets back to the file system", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path);
    keep(storage.runs, "first", [record("run/remote:0", "short")]);
    const size = (): number =>
      readdirSync(directory).filter((name) => name.startsWith("runs.db")).reduce(
        (sum, name) => sum + statSync(join(directory, name)).size,
        0,
      );
    for (let run = 0; run < 40; run++) {
      keep(storage.runs, `r${run}`, [record("run/remote:0", noise(run, 100_000))]);
    }
    const full = size();
    assert.ok(full > 2_000_000, `${full} bytes`);
    assert.equal(storage.runs.prune({ keepLast: 1 }), 40);
    const left = size();
    assert.ok(left < 400_000, `${left} of ${full} bytes are left`);
    assert.deepEqual(storage.runs.list().map(({ runId }) => runId), ["r39"]);
    assert.equal(JSON.parse(storage.runs.read("r39")!.records[0]!.body), noise(39, 100_000));
  }));

for (
  const [what, damage] of [
    ["a record that is no JSON", "UPDATE effects SET body = '{' WHERE body IS NOT NULL"],
    ["a missing result", "DELETE FROM blobs"],
    ["a result whose bytes are changed", "UPDATE blobs SET body = x'00ff00ff'"],
    ["parts that are no JSON", "UPDATE runs SET parts = 'x'"],
  ] as const
) {
  test(`a journal with ${what} is a clear error and is not written to`, () =>
    inTemporaryDirectory((directory) => {
      const path = join(directory, "runs.db");
      using storage = new SqliteStorage(path);
      keep(storage.runs, "r", [record("run/now:0", "x"), record("run/remote:1", "long ".repeat(1_000))]);
      const database = new DatabaseSync(path);
      database.exec(damage);
      const look = (): unknown => database.prepare("SELECT * FROM runs JOIN effects ON run = runs.id").all();
      const before = look();
      assert.throws(() => storage.runs.read("r"), { code: "damaged", name: "StorageError" });
      assert.throws(() => storage.runs.own({ runId: "r", parts: [], facts: {} }), { code: "damaged" });
      assert.deepEqual(look(), before);
      database.close();
      assert.equal(storage.runs.delete("r"), true);
    }));
}

for (const facts of ["{", "null", "[]", ""]) {
  test(`a run whose facts are ${JSON.stringify(facts)} is listed as damaged, beside the others`, () =>
    inTemporaryDirectory((directory) => {
      const path = join(directory, "runs.db");
      using storage = new SqliteStorage(path);
      for (const runId of ["first", "bad", "last"]) keep(storage.runs, runId, [record("run/now:0", "x")]);
      const database = new DatabaseSync(path);
      database.prepare("UPDATE runs SET facts = ? WHERE run_id = 'bad'").run(facts);
      database.close();
      const { runs } = storage;
      const seen = runs.list().map(({ runId, status }) => [runId, status]);
      assert.deepEqual(seen, [["last", "finished"], ["bad", "damaged"], ["first", "finished"]]);
      assert.deepEqual(runs.page({ limit: 9 }).runs, runs.list());
      assert.deepEqual(runs.summary("bad"), runs.list()[1]);
      assert.deepEqual([runs.list()[1]!.facts, runs.list()[1]!.effects], [{}, 1]);
      const idsOf = (verdict: RunVerdict) => runs.page({ limit: 9, verdict }).runs.map(({ runId }) => runId);
      assert.deepEqual([idsOf("valid"), idsOf("invalid"), idsOf("unfinished")], [["last", "first"], [], [
        "bad",
      ]]);
      assert.deepEqual(runs.page({ limit: 9, model: "any" }).runs, []);
      assert.throws(() => runs.read("bad"), { code: "damaged" });
      assert.throws(() => runs.own({ runId: "bad", parts: [], facts: {} }), { code: "damaged" });
      assert.equal(runs.delete("bad"), true);
      assert.equal(runs.list().length, 2);
    }));
}

test("a database of version 1 gets the tables of runs and keeps its values", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    {
      using storage = new SqliteStorage(path);
      storage.set("notes/1", { text: "Lemurs" });
    }
    const database = new DatabaseSync(path);
    database.exec(
      "DROP TABLE runs; DROP TABLE effects; DROP TABLE blobs; DROP TABLE owners; PRAGMA user_version = 1",
    );
    database.close();
    using storage = new SqliteStorage(path);
    assert.deepEqual(storage.get("notes/1"), { text: "Lemurs" });
    keep(storage.runs, "r", [record("run/now:0", "x")]);
    assert.equal(storage.search("lemurs").length, 1);
    assert.ok(readFileSync(path).length > 0);
  }));

test("a database of version 2, with a row for each record, keeps its journals", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "store.db");
    const records = (["a", "b", "c"] as const).map((name): EffectRecord => ({
      path: `run/${name}`,
      fingerprint: "",
      timing: "inline",
      outcome: "ok",
      body: JSON.stringify(name === "b" ? "long ".repeat(400) : name),
    }));
    {
      using storage = new SqliteStorage(path);
      const run = storage.runs.own({ runId: "r", parts: [], facts: {} });
      run.append(records);
      run.end({ status: "interrupted", facts: {} });
    }
    const database = new DatabaseSync(path);
    const [{ blob }] = database.prepare("SELECT blob FROM effects WHERE blob IS NOT NULL").all() as [
      { blob: number },
    ];
    database.exec(`DROP TABLE effects;
      CREATE TABLE effects (run INTEGER NOT NULL, seq INTEGER NOT NULL, path TEXT NOT NULL, fingerprint TEXT NOT NULL,
        timing TEXT NOT NULL, outcome TEXT NOT NULL, body TEXT, blob INTEGER, PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX effects_by_path ON effects (run, path);
      CREATE INDEX effects_by_blob ON effects (blob) WHERE blob IS NOT NULL;
      PRAGMA user_version = 2`);
    const add = database.prepare("INSERT INTO effects VALUES (1, ?, ?, '', 'inline', 'ok', ?, ?)");
    records.forEach(({ path, body }, index) =>
      add.run(index + 1, path, ...(path === "run/b" ? [null, blob] as const : [body, null] as const))
    );
    database.close();
    using storage = new SqliteStorage(path);
    assert.deepEqual(storage.runs.read("r")!.records, records);
    const run = storage.runs.own({ runId: "r", parts: [], facts: {} });
    run.drop(["run/b"]);
    run.append([{ ...records[0]!, body: '"again"' }]);
    run.end({ status: "finished", facts: {} });
    const { records: left, effects } = storage.runs.read("r")!;
    assert.deepEqual(left.map(({ body }) => body), ['"c"', '"again"']);
    assert.equal(effects, 2);
  }));

test("a store that only reads sees by its version that another one has written", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using writer = new SqliteStorage(path);
    using reader = new SqliteStorage(path, { readOnly: true });
    const before = reader.runs.version();
    assert.equal(reader.runs.version(), before);
    keep(writer.runs, "r", [record("a", "1")]);
    assert.notEqual(reader.runs.version(), before);
  }));
