/** The search by vectors of the storage in SQLite, with the real extension. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { StorageRetriever } from "../../src/retrievers/storage_retriever.ts";
import { VectorRetriever } from "../../src/retrievers/vector_retriever.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { SqliteVectorOptions } from "../../src/storage/sqlite_vectors.ts";
import { COUNTED, countWords } from "../helpers/fake_milvus.ts";
import { seeded } from "../helpers/seeded.ts";
import { SQLITE_VEC, SQLITE_VEC_MISSING } from "../helpers/sqlite_vec.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { DOCUMENTS, testRetriever } from "../retrievers/conformance.ts";
import { testStorage } from "./conformance.ts";

const VECTORS: SqliteVectorOptions = { embed: countWords, dimension: COUNTED, extension: SQLITE_VEC };
const create = (vectors: Partial<SqliteVectorOptions> = {}, path = ":memory:"): SqliteStorage =>
  new SqliteStorage(path, { vectors: { ...VECTORS, ...vectors } });
const found = (storage: SqliteStorage, options: object = {}, query = "lemur leaves"): string[] =>
  storage.search(query, { mode: "vector", ...options }).map(({ key }) => key);

test("SqliteStorage says what vectors lack", () => {
  assert.throws(() => create({ embed: undefined }), /embed, dimension and extension must be given/);
  assert.throws(() => create({ dimension: 0 }), ConfigurationError);
  assert.throws(() => create({ extnsion: "x" } as object), /did you mean extension/);
  assert.throws(() => new SqliteStorage(":memory:", { vectors: true as never }), /vectors must be an object/);
});

if (SQLITE_VEC_MISSING) {
  test("SqliteStorage says that vectors need a permission", () => {
    assert.throws(() => create(), (error) => {
      assert.ok(error instanceof ConfigurationError && error.code === "permission_denied");
      assert.match(error.message, /--allow-ffi/);
      return true;
    });
  });
} else {
  testStorage("SqliteStorage", () => create(), { vectors: true });
  testRetriever("StorageRetriever by vectors", () => {
    const retriever = new StorageRetriever({ storage: create(), mode: "vector" });
    retriever.addDocuments(DOCUMENTS);
    return retriever;
  });
}

const vectorTest = (name: string, body: () => void | Promise<void>): void => {
  test(name, { skip: SQLITE_VEC_MISSING }, body);
};

vectorTest("SqliteStorage finds values by vectors, the nearest first, by either method", async () => {
  const storage = create();
  storage.set("home", "A lemur lives in Madagascar.");
  storage.set("diet", { title: "Food", body: ["A lemur eats leaves."] });
  storage.set("number", 7);
  const hits = storage.search("who EATS LEAVES?", { mode: "vector" });
  assert.deepEqual(hits.map(({ key }) => key), ["diet", "home"]);
  assert.deepEqual(hits[0]!.value, { title: "Food", body: ["A lemur eats leaves."] });
  assert.equal(hits[0]!.snippet, "Food A lemur eats leaves.");
  assert.deepEqual(await storage._searchAsync("who EATS LEAVES?", { mode: "vector" }), hits);
  assert.deepEqual(found(storage, {}, " "), []);
  assert.deepEqual(storage.search("eats leaves").map(({ key }) => key), ["diet"]);
});

vectorTest("SqliteStorage ranks by the same cosine as VectorRetriever", () => {
  const random = seeded(7);
  const numbers = new Map<string, number[]>();
  const embed = (texts: readonly string[]) =>
    texts.map((text) => {
      const made = numbers.get(text) ?? Array.from({ length: 24 }, () => random() - 0.5);
      numbers.set(text, made);
      return made;
    });
  const storage = create({ embed, dimension: 24 });
  const documents = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`k${index}`, `text ${index}`]),
  );
  for (const [key, text] of Object.entries(documents)) storage.set(key, text);
  const hits = storage.search("query", { mode: "vector", limit: 20 });
  const exact = new VectorRetriever({ embed, documents, maxResults: 20 }).retrieve("query");
  assert.deepEqual(hits.map(({ key }) => key), exact.map(({ id }) => id));
  for (const [index, { score }] of hits.entries()) {
    assert.ok(Math.abs(2 * score - 1 - exact[index]!.score!) < 1e-5);
  }
});

vectorTest(
  "SqliteStorage keeps a search by vectors to prefix, limit, score and filter, and looks on for more",
  () => {
    const storage = create();
    for (let index = 0; index < 250; index++) {
      storage.set(`a/${index}`, {
        text: "lemur",
        odd: index % 2 === 1,
      });
    }
    storage.set("b/1", "lemur calls");
    const all = (options: object) => found(storage, { limit: 1_000, ...options }, "lemur").length;
    assert.deepEqual(found(storage, { prefix: "b/" }), ["b/1"]);
    assert.deepEqual([all({ limit: 0 }), all({}), all({ minScore: 0.999 })], [0, 251, 250]);
    assert.equal(
      all({ limit: 20, filter: (value: unknown) => (value as { odd?: boolean }).odd === true }),
      20,
    );
  },
);

vectorTest("SqliteStorage finds a long value by any of its pieces, once, and shows that piece", () => {
  const storage = create({ maxTextLength: 100 });
  const text = `${"filler words ".repeat(50)}It eats leaves in Madagascar.${" more filler".repeat(50)}`;
  storage.set("long", { text });
  storage.set("short", "A lemur.");
  const [hit, ...others] = storage.search("leaves of madagascar", { mode: "vector" });
  assert.deepEqual([hit!.key, others.length], ["long", 1]);
  assert.match(hit!.snippet, /leaves in Madagascar/);
});

vectorTest(
  "SqliteStorage makes vectors once, and anew for what has changed, also by a connection without any",
  () =>
    inTemporaryDirectory((directory) => {
      const path = `${directory}/vectors.db`;
      const asked: string[] = [];
      const embed = (texts: readonly string[]) => {
        asked.push(...texts);
        return countWords(texts);
      };
      using plain = new SqliteStorage(path);
      plain.set("a", "lemur");
      plain.set("b", "eats leaves");
      using storage = create({ embed }, path);
      assert.deepEqual(found(storage), ["a", "b"]);
      assert.deepEqual(asked.splice(0), ["lemur", "eats leaves", "lemur leaves"]);
      plain.set("a", "lemur leaves");
      plain.set("c", "calls", { ttlMs: 60_000 });
      plain.delete("b");
      assert.deepEqual(found(storage), ["a", "c"]);
      assert.deepEqual(asked.splice(0), ["lemur leaves", "calls", "lemur leaves"]);
      plain.set("a", "lemur leaves");
      plain.clear({ prefix: "c" });
      assert.deepEqual(found(storage), ["a"]);
      assert.deepEqual(asked.splice(0), ["lemur leaves"]);
      using other = create({ embed, madeBy: "another" }, path);
      assert.deepEqual(found(other), ["a"]);
      assert.deepEqual(asked.splice(0), ["lemur leaves", "lemur leaves"]);
    }),
);

vectorTest("SqliteStorage makes vectors of what is searched alone", () => {
  const asked: string[] = [];
  const storage = create({
    embed: (texts) => {
      asked.push(...texts);
      return countWords(texts);
    },
  });
  storage.set("thoughts/1", "a long thought");
  storage.set("documents/1", "lemur");
  assert.deepEqual(found(storage, { prefix: "documents/" }, "query"), ["documents/1"]);
  assert.deepEqual(asked, ["lemur", "query"]);
});

vectorTest(
  "SqliteStorage reads vectors from a file that it may not write",
  () =>
    inTemporaryDirectory((directory) => {
      const path = `${directory}/vectors.db`;
      const reading = (vectors: Partial<SqliteVectorOptions> = {}) =>
        new SqliteStorage(path, { readOnly: true, vectors: { ...VECTORS, ...vectors } });
      new SqliteStorage(path).close();
      const lacks = (error: unknown) => error instanceof StorageError && error.code === "no_vectors";
      assert.throws(() => reading(), lacks);
      {
        using storage = create({}, path);
        storage.set("a", "lemur");
        assert.deepEqual(found(storage), ["a"]);
        storage.set("later", "lemur");
      }
      using storage = reading();
      assert.deepEqual(found(storage), ["a"]);
      assert.throws(() => reading({ madeBy: "another" }), lacks);
    }),
);

vectorTest(
  "SqliteStorage waits for an embed that is an operation, and says when vectors are wrong",
  async () => {
    const waits = create({
      *embed(texts): Operation<number[][]> {
        yield* sleep(1);
        return countWords(texts);
      },
    });
    waits.set("a", "lemur");
    assert.deepEqual(found(waits), ["a"]);
    assert.equal((await runAsync(waits._operations.search("lemur", { mode: "vector" }))).length, 1);
    const wrong = create({ embed: (texts) => texts.map(() => [1]) });
    assert.throws(
      () => found(wrong),
      (error) => error instanceof StorageError && error.code === "invalid_vectors",
    );
  },
);

vectorTest("SqliteStorage takes a vector without a direction as one that fits neither way", () => {
  const storage = create({ embed: (texts) => texts.map((text) => [text === "none" ? 0 : 1]), dimension: 1 });
  storage.set("a", "none");
  storage.set("b", "some");
  assert.deepEqual(storage.search("query", { mode: "vector" }).map(({ key, score }) => [key, score]), [
    ["b", 1],
    ["a", 0.5],
  ]);
});

vectorTest(
  "SqliteStorage says which extension cannot be loaded, and leaves the file usable",
  () =>
    inTemporaryDirectory((directory) => {
      const path = `${directory}/vectors.db`;
      assert.throws(() => create({ extension: `${directory}/none.so` }, path), (error) => {
        assert.ok(error instanceof ConfigurationError && error.code === "no_vectors");
        assert.match(error.message, /none\.so cannot be loaded/);
        return true;
      });
      using storage = new SqliteStorage(path);
      storage.set("a", 1);
      assert.equal(storage.get("a"), 1);
    }),
);
