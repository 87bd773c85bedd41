/** Storages and retrievers of a configuration. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/config/load.ts";
import { parseStorageSpec } from "../../src/config/store_location.ts";
import { createStore } from "../../src/config/store.ts";
import { RedisStorage } from "../../src/storage/redis_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
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
    const run = await runCli(["run", "a.yaml"], { cwd: directory });
    assert.match(run.stderr, /kept in file:runs; to see it: sifaka show \w+ --db file:runs/);
    const list = await runCli(["list", "--db", "file:runs", "--json"], { cwd: directory });
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
