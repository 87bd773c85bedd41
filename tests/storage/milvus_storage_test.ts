/** The storage on Milvus, against a stand-in on loopback. No Milvus is run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { StorageRetriever } from "../../src/retrievers/storage_retriever.ts";
import { MilvusStorage, type MilvusStorageOptions } from "../../src/storage/milvus_storage.ts";
import { COUNTED, countWords, startFakeMilvus } from "../helpers/fake_milvus.ts";
import { DOCUMENTS, testRetriever } from "../retrievers/conformance.ts";
import { testStorage } from "./conformance.ts";

const baseUrl = await startFakeMilvus();
let made = 0;
const create = (options: Partial<MilvusStorageOptions> = {}) =>
  new MilvusStorage({ embed: countWords, dimension: COUNTED, baseUrl, collection: `c${made++}`, ...options });

testStorage("MilvusStorage", create, { simulated: false, vectors: true });

const documents = create();
new StorageRetriever({ storage: documents }).addDocuments(DOCUMENTS);
for (const mode of ["text", "vector"] as const) {
  testRetriever(
    `StorageRetriever over Milvus by ${mode}`,
    () => new StorageRetriever({ storage: documents, mode }),
  );
}

test("MilvusStorage finds values by vectors, the nearest first, by either method", async () => {
  const storage = create();
  storage.set("diet", { title: "Food", body: ["A lemur eats leaves."] });
  storage.set("home", "A lemur lives in Madagascar.");
  storage.set("number", 7);
  const hits = storage.search("who EATS LEAVES?", { mode: "vector" });
  assert.deepEqual(hits.map(({ key }) => key), ["diet", "home"]);
  assert.deepEqual(hits[0]!.value, { title: "Food", body: ["A lemur eats leaves."] });
  assert.equal(hits[0]!.snippet, "Food A lemur eats leaves.");
  assert.ok(hits[0]!.score > hits[1]!.score && hits[0]!.score <= 1 && hits[1]!.score >= 0);
  assert.deepEqual(await storage._searchAsync("who EATS LEAVES?", { mode: "vector" }), hits);
  assert.deepEqual(storage.search(" \n", { mode: "vector" }), []);
  assert.deepEqual(create().search("lemur", { mode: "vector" }), []);
});

test("MilvusStorage keeps a search by vectors to prefix, limit, score and filter, and looks on for more", () => {
  const storage = create();
  for (let index = 0; index < 40; index++) storage.set(`a/${index}`, { text: "lemur", odd: index % 2 === 1 });
  storage.set("b/1", "lemur calls");
  storage.set("c/gone", "lemur calls", { ttlMs: 0.000_1 });
  const keys = (options: object) =>
    storage.search("lemur", { mode: "vector", ...options }).map(({ key }) => key);
  assert.deepEqual(keys({ prefix: "b/" }), ["b/1"]);
  assert.equal(keys({}).length, 10);
  assert.deepEqual(keys({ limit: 0 }), []);
  assert.equal(keys({ limit: 100 }).length, 41);
  assert.equal(keys({ limit: 100, minScore: 0.999 }).length, 40);
  const odd = (value: unknown) => (value as { odd?: boolean }).odd === true;
  assert.equal(keys({ limit: 20, filter: odd }).length, 20);
});

test("MilvusStorage finds a long value by any of its pieces, once, and shows that piece", () => {
  const storage = create({ maxTextLength: 100 });
  const text = `${"filler words ".repeat(50)}It eats leaves in Madagascar.${" more filler".repeat(50)}`;
  storage.set("long", { text });
  storage.set("short", "A lemur.");
  const [hit, ...others] = storage.search("leaves of madagascar", { mode: "vector" });
  assert.equal(hit!.key, "long");
  assert.match(hit!.snippet, /leaves in Madagascar/);
  assert.deepEqual(others.map(({ key }) => key), ["short"]);
  storage.set("long", "Now short.");
  assert.deepEqual(storage.get("long"), "Now short.");
  assert.deepEqual(storage.search("leaves of madagascar", { mode: "vector" }).map(({ snippet }) => snippet), [
    "Now short.",
    "A lemur.",
  ]);
  assert.equal(storage.delete("long"), true);
  assert.deepEqual(storage.keys(), ["short"]);
});

test("MilvusStorage compares as it is told", () => {
  const scores = (metric: "COSINE" | "IP" | "L2") => {
    const embed = (texts: readonly string[]) => texts.map((text) => [text.length]);
    const storage = create({ metric, embed, dimension: 1 });
    storage.set("a", "aa");
    storage.set("b", "aaaa");
    return storage.search("aa", { mode: "vector" }).map(({ key, score }) => [key, score]);
  };
  assert.deepEqual(scores("COSINE"), [["a", 1], ["b", 1]]);
  assert.deepEqual(scores("IP"), [["b", 8], ["a", 4]]);
  assert.deepEqual(scores("L2"), [["a", -0], ["b", -4]]);
});

test("StorageRetriever finds what is kept on Milvus, whatever the scores are", () => {
  for (const metric of ["IP", "L2"] as const) {
    const retriever = new StorageRetriever({ storage: create({ metric }), mode: "vector" });
    retriever.addDocuments({ near: "lemur leaves", far: "madagascar" });
    assert.deepEqual(retriever.retrieve("lemur").map(({ id }) => id), ["near", "far"], metric);
  }
});

test("MilvusStorage lists more keys than the server gives at once, in whatever order it gives them", async () => {
  const collection = `c${made}`;
  const storage = create();
  assert.equal(storage.size(), 0);
  // The rows alone: 20 000 calls of set would take long.
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}`);
  const data = keys.map((key) => ({
    ...{ id: `0:${key}`, key, version: "v", rows: 1, json: "1", has_text: false, expires_at: 2 ** 52 },
    vector: [1, 0, 0, 0, 0, 0],
  }));
  await fetch(`${baseUrl}/v2/vectordb/entities/upsert`, {
    method: "POST",
    body: JSON.stringify({ dbName: "default", collectionName: collection, data }),
  }).then((response) => response.json());
  assert.deepEqual(storage.keys(), [...keys].sort());
  assert.deepEqual(storage.keys({ prefix: "k1999", limit: 3 }), ["k1999", "k19990", "k19991"]);
  assert.equal(storage.size(), 20_000);
});

test("MilvusStorage writes no word of a key into a filter as anything but text", () => {
  const storage = create();
  const evil = 'a"] or key != "\\';
  storage.set("other", 1);
  storage.set(evil, "lemur");
  assert.equal(storage.get(evil), "lemur");
  assert.equal(storage.clear({ prefix: 'a" or key > "' }), 0);
  assert.equal(storage.delete(evil), true);
  assert.deepEqual(storage.keys(), ["other"]);
});

test("MilvusStorage keeps nothing of which no vector could be made", async () => {
  const failing = create({
    embed: () => {
      throw new Error("no vectors today");
    },
  });
  assert.throws(() => failing.set("a", "lemur"), /no vectors today/);
  assert.equal(failing.has("a"), false);
  const short = create({ embed: (texts) => texts.map(() => [1, 2]) });
  const wrong = (error: unknown) => error instanceof StorageError && error.code === "invalid_vectors";
  assert.throws(() => short.set("a", "lemur"), wrong);
  await assert.rejects(short._searchAsync("lemur", { mode: "vector" }), wrong);
  assert.equal(short.size(), 0);
});

test("MilvusStorage says what cannot be reached, and that it may be tried again", () => {
  const storage = create({ baseUrl: "http://127.0.0.1:1", timeoutMs: 500 });
  assert.throws(() => storage.get("a"), (error) => {
    assert.ok(error instanceof StorageError);
    assert.equal(error.component, "MilvusStorage");
    assert.equal(error.metadata.retryable, true);
    return true;
  });
});

test("MilvusStorage refuses what it cannot use", () => {
  assert.throws(() => new MilvusStorage({ dimension: 3 } as never), /embed and dimension must be given/);
  for (
    const wrong of [{ dimension: 0 }, { metric: "cosine" }, { consistency: "none" }, { maxTextLength: 1 }]
  ) {
    assert.throws(() => create(wrong as never), ConfigurationError);
  }
  assert.throws(() => create({ baseUrl: "ftp://a:hidden@b" }), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  });
});
