/** Storages and retrievers of a configuration. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/config/load.ts";
import { parseStorageSpec } from "../../src/config/store_location.ts";
import { createStore } from "../../src/config/store.ts";
import { StorageError } from "../../src/errors.ts";
import { RedisStorage } from "../../src/storage/redis_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { callCli } from "../helpers/call_cli.ts";
import { runCli } from "../helpers/run_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { REDIS_MISSING, startRedis } from "../helpers/redis_server.ts";

test("a configuration's files are found from its folder, and its run is kept in a folder of files", () =>
  inTemporaryDirectory((directory) => {
    mkdirSync(join(directory, "docs"));
    writeFileSync(join(directory, "docs", "lemurs.md"), "# Lemurs\n\nThey live in Madagascar.\n");
    writeFileSync(
      join(directory, "sifaka.yaml"),
      `model: mock
prompt: Where do lemurs live?
storage: file:runs
retrievers:
  model:
    - files: { paths: [docs], index: index.db }
`,
    );
    const thought = loadConfig(join(directory, "sifaka.yaml")).createChain().run();
    assert.equal(thought.preGenerationContext[0]?.source, "docs/lemurs.md:1");
    const kept = new ThoughtStore(new FileStorage(join(directory, "runs")));
    assert.equal(kept.chains()[0]?.chainId, thought.chainId);
  }));

test("a configuration's run is kept on a Redis server", { skip: REDIS_MISSING }, async () => {
  const server = await startRedis();
  try {
    await inTemporaryDirectory((directory) => {
      const path = join(directory, "sifaka.yaml");
      writeFileSync(
        path,
        `model: mock
prompt: Write.
storage: "${server.url}"
retrievers:
  critic:
    - redis: { url: "${server.url}", prefix: atlas }
`,
      );
      const thought = loadConfig(path).createChain().run();
      const kept = new ThoughtStore(new RedisStorage({ url: server.url }));
      assert.equal(kept.chains()[0]?.chainId, thought.chainId);
    });
  } finally {
    await server.stop();
  }
});

test("the command line keeps a run in a folder of files, and shows it", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), "model: mock\nprompt: Write.\nstorage: file:runs\n");
    const run = await callCli(["run", "a.yaml"], { cwd: directory });
    assert.match(run.stderr, /kept in file:runs; to see it: sifaka show \w+ --db file:runs/);
    const list = await callCli(["list", "--db", "file:runs", "--json"], { cwd: directory });
    assert.equal(list.status, 0);
    assert.equal(JSON.parse(list.stdout).length ?? 1, 1);
  }));

test("a storage is read from its text", () => {
  assert.deepEqual(parseStorageSpec("file:runs", "/a"), { kind: "file", path: "/a/runs" });
  assert.deepEqual(parseStorageSpec(" redis://h:1/2 "), { kind: "redis", url: "redis://h:1/2" });
  assert.ok(createStore(parseStorageSpec("rediss://h")) instanceof RedisStorage);
  assert.throws(() => parseStorageSpec("redsi:x"), /did you mean redis\?\)/);
  assert.throws(() => parseStorageSpec("http://user:hidden@h"), /storage is an address of another kind/);
  assert.throws(() => parseStorageSpec("file:"), /storage must be sqlite:PATH, file:FOLDER/);
});

test("tiers are joined by a plus, and a plus in a path is part of it", () => {
  const tiers = (spec: string): unknown => parseStorageSpec(spec, "/a");
  assert.deepEqual(tiers("memory+redis+sqlite:runs.db"), {
    kind: "tiers",
    tiers: [
      { kind: "memory" },
      { kind: "redis", url: "redis://127.0.0.1:6379" },
      { kind: "sqlite", path: "/a/runs.db" },
    ],
  });
  assert.deepEqual(tiers(" redis://h:1/2 + file:c++/runs"), {
    kind: "tiers",
    tiers: [{ kind: "redis", url: "redis://h:1/2" }, { kind: "file", path: "/a/c++/runs" }],
  });
  assert.deepEqual(tiers("sqlite:a+b.db"), { kind: "sqlite", path: "/a/a+b.db" });
  assert.throws(() => tiers("memory+sqlit:x"), /did you mean sqlite\?\): storage is "memory\+sqlit:x"/);
  assert.throws(
    () => tiers("file:a+memory+file:./a"),
    /must not name one place twice: two of its tiers are file/,
  );
  assert.throws(() => tiers("memory+sqlite:"), /storage must be/);
});

test("tiers are opened all or not at all", () =>
  inTemporaryDirectory((directory) => {
    writeFileSync(join(directory, "no.db"), "not a database, but long enough to be taken for one".repeat(9));
    const spec = `file:${join(directory, "kept")}+sqlite:${join(directory, "no.db")}`;
    assert.throws(() => createStore(parseStorageSpec(spec)), StorageError);
    const storage = createStore(parseStorageSpec(`memory+sqlite:${join(directory, "runs.db")}`));
    storage.set("a", 1);
    storage.close();
    const lasting = new SqliteStorage(join(directory, "runs.db"));
    assert.equal(lasting.get("a"), 1);
    lasting.close();
  }));

test("the command line keeps a run in tiers with its journal, and finds it in the last of them", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(
      join(directory, "sifaka.yaml"),
      "model: mock\nprompt: Write.\nstorage: memory+sqlite:runs.db\n",
    );
    const run = await callCli(["run", "--run-id", "one"], { cwd: directory });
    assert.match(run.stderr, /kept in runs\.db; to see it: sifaka show \w+ --db runs\.db/);
    const runs = await callCli(["runs", "--json"], { cwd: directory });
    assert.equal(JSON.parse(runs.stdout)[0].runId, "one", runs.stdout);
    const doctor = await callCli(["doctor"], { cwd: directory });
    assert.match(doctor.stdout, /runs\.db is sound/);
  }));

test("the command line keeps a run in one file whose name ends in .json", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), "model: mock\nprompt: Write.\nstorage: file:runs.json\n");
    const run = await callCli(["run", "a.yaml"], { cwd: directory });
    assert.match(run.stderr, /kept in file:runs\.json; to see it: sifaka show \w+ --db file:runs\.json/);
    assert.deepEqual(readdirSync(directory).sort(), ["a.yaml", "runs.json", "runs.json.runs.db"]);
    const list = await callCli(["list", "--db", "file:runs.json", "--json"], { cwd: directory });
    assert.equal((JSON.parse(list.stdout) as unknown[]).length, 1);
  }));

test("the command line keeps the journal of a run in a folder of files, and goes on with it", () =>
  inTemporaryDirectory(async (cwd) => {
    const config = (response: string): void =>
      writeFileSync(
        join(cwd, "sifaka.yaml"),
        `model: { provider: mock, response: ${response} }\nprompt: Write.\nstorage: file:kept\nvalidators: [module: ./check.mjs]\n`,
      );
    const check = (body: string): void =>
      writeFileSync(join(cwd, "check.mjs"), `export default { name: "check", validate() { ${body} } };\n`);
    config("first");
    check('throw new Error("not ready");');
    const failed = await callCli(["run", "--set", "options.onValidatorError=throw"], { cwd });
    const [, id] = /to go on where it stopped: sifaka resume (\w+) --db file:kept/.exec(failed.stderr) ?? [];
    assert.ok(id !== undefined, failed.stderr);
    check("return true;");
    // In another process, as a module is loaded once in each.
    const resumed = await runCli(["resume", id, "--db", "file:kept"], { cwd });
    assert.deepEqual([resumed.status, resumed.stdout], [0, "first\n"], resumed.stderr);
  }));
