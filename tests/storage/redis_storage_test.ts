/** The storage on a Redis server, against a real one that the test starts and ends. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { all } from "../../src/operation/combinators.ts";
import { RedisRetriever } from "../../src/retrievers/redis_retriever.ts";
import { RedisStorage } from "../../src/storage/redis_storage.ts";
import { freePort, REDIS_MISSING, startRedis } from "../helpers/redis_server.ts";
import { DOCUMENTS, testRetriever } from "../retrievers/conformance.ts";
import { testStorage } from "./conformance.ts";

if (REDIS_MISSING) {
  test("RedisStorage against a real server", { skip: REDIS_MISSING }, () => {});
} else {
  const server = await startRedis();
  let made = 0;
  const create = () => new RedisStorage({ url: server.url, prefix: `p${made++}` });
  after(() => server.stop());

  testStorage("RedisStorage", create, { simulated: false });

  const retriever = new RedisRetriever({ url: server.url, prefix: "documents" });
  retriever.addDocuments(DOCUMENTS);
  testRetriever("RedisRetriever", () => retriever);

  test("RedisStorage keeps prefixes apart, whatever characters they hold", () => {
    const storages = ["a", "a*", "a[b]", "a?", "{a}", "a:values"].map((prefix) =>
      new RedisStorage({ url: server.url, prefix })
    );
    for (const [index, storage] of storages.entries()) storage.set("k*[x]?", index);
    assert.deepEqual(storages.map((storage) => storage.get("k*[x]?")), [0, 1, 2, 3, 4, 5]);
    storages[1]!.clear();
    assert.deepEqual(storages.map((storage) => storage.size()), [1, 0, 1, 1, 1, 1]);
  });

  test("RedisStorage sees what another one wrote, in a search as well", async () => {
    const [one, two] = [0, 1].map(() => new RedisStorage({ url: server.url, prefix: "shared" }));
    one!.set("a", "lemur");
    assert.equal(two!.search("lemur").length, 1);
    one!.set("a", "fox");
    assert.deepEqual([two!.search("lemur").length, (await two!._searchAsync("fox")).length], [0, 1]);
    two!.close();
    assert.equal(one!.get("a"), "fox");
  });

  test("RedisRetriever finds no document that has expired", async () => {
    const own = new RedisRetriever({ url: server.url, prefix: "expiring" });
    own.addDocuments({ a: "lemur" }, { ttlMs: 20 });
    own.addDocuments({ b: "lemur" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.deepEqual([own.retrieve("lemur").map(({ id }) => id), own.storage.size()], [["b"], 1]);
  });

  test("RedisStorage waits for many calls side by side, over one connection", async () => {
    const storage = create();
    const calls = () =>
      all(Array.from({ length: 200 }, (_, index) => storage._operations.set(`k${index}`, index)));
    runSync(calls());
    await runAsync(calls());
    assert.equal(storage.size(), 200);
  });
}

test("RedisStorage connects anew when its server has come back", { skip: REDIS_MISSING }, async () => {
  const first = await startRedis();
  const storage = new RedisStorage({ url: first.url, connectTimeoutMs: 2_000 });
  storage.set("a", 1);
  await first.stop();
  const unreachable = (error: unknown): boolean =>
    error instanceof StorageError && error.code === "unreachable" && error.metadata.retryable === true;
  assert.throws(() => storage.get("a"), unreachable);
  await assert.rejects(storage._getAsync("a"), unreachable);
  const second = await startRedis(first.port);
  try {
    storage.set("a", 2);
    assert.deepEqual([storage.get("a"), await storage._getAsync("a")], [2, 2]);
  } finally {
    await second.stop();
  }
});

test("RedisStorage tells neither user nor password when there is no server", async () => {
  const storage = new RedisStorage({ url: `redis://someone:hidden@127.0.0.1:${await freePort()}` });
  assert.throws(() => storage.get("a"), (error) => {
    assert.ok(error instanceof StorageError);
    assert.doesNotMatch(
      JSON.stringify([error.message, error.metadata, String(error.stack)]),
      /hidden|someone/,
    );
    return true;
  });
});

test("RedisStorage refuses an address that is none without showing it", () => {
  for (const url of ["http://user:hidden@127.0.0.1", "hidden"]) {
    assert.throws(() => new RedisStorage({ url }), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /begins with redis:\/\/ or rediss:\/\//);
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    });
  }
  assert.throws(() => new RedisStorage({ prefx: "a" } as object), /did you mean prefix/);
});
