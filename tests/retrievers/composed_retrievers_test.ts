/** Retrievers over storages and over other retrievers, beyond what every retriever does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runSync } from "../../src/drivers/sync.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { CachedRetriever } from "../../src/retrievers/cached_retriever.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { HybridRetriever } from "../../src/retrievers/hybrid_retriever.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { StorageRetriever } from "../../src/retrievers/storage_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import type { Document } from "../../src/thought/document.ts";

const ids = (documents: readonly Document[]): unknown[] => documents.map(({ id }) => id);

test("StorageRetriever keeps to its prefix, replaces, removes, and lets documents expire", () => {
  const storage = new MemoryStorage();
  storage.set("other", { text: "lemur" });
  const retriever = new StorageRetriever({ storage, stopWords: ["the"] });
  retriever.addDocuments([{ id: "a", text: "the lemur", source: "atlas", metadata: { page: 7 } }]);
  assert.deepEqual(ids(retriever.retrieve("the lemur")), ["a"]);
  assert.deepEqual(retriever.retrieve("lemur")[0]!.metadata, { page: 7 });
  assert.deepEqual(retriever.retrieve("the"), []);
  retriever.addDocuments({ a: "the fox" });
  assert.deepEqual([retriever.retrieve("lemur"), retriever.retrieve("fox")[0]!.source], [
    [],
    "StorageRetriever",
  ]);
  assert.deepEqual([retriever.remove("a"), retriever.remove("a"), storage.size()], [true, false, 1]);
  assert.throws(() => retriever.addDocuments(["nameless"]), /must have an id: its text is "nameless"/);
  assert.throws(() => new StorageRetriever({} as never), /storage must be given/);
  function* body(): Operation<unknown[]> {
    yield* retriever._addDocumentsOperation({ b: "fox" }, { ttlMs: 10 });
    const before = ids(yield* retriever._retrieveOperation("fox"));
    yield* sleep(10);
    return [before, yield* retriever._retrieveOperation("fox")];
  }
  assert.deepEqual(simulate(body()).outcome, { ok: true, value: [["b"], []] });
});

test("CachedRetriever asks again after its time, for another limit, and after invalidate", () => {
  const base = new MockRetriever({ documents: ["a", "b", "c"] });
  const storage = new MemoryStorage();
  storage.set("other", 1);
  const retriever = new CachedRetriever(base, { storage, ttlMs: 1_000 });
  function* body(): Operation<void> {
    yield* retriever._retrieveOperation("q");
    yield* sleep(999);
    const [hit] = yield* retriever._retrieveOperation("  Q ");
    assert.equal(hit!.metadata.cached, true);
    assert.equal(base.queries.length, 1);
    yield* sleep(1);
    const [fresh] = yield* retriever._retrieveOperation("q");
    assert.equal(fresh!.metadata.cached, undefined);
    yield* retriever._retrieveOperation("q", { limit: 1 });
    assert.equal(base.queries.length, 3);
  }
  const { outcome } = simulate(body());
  if (!outcome.ok) throw outcome.error;
  retriever.retrieve("q");
  retriever.invalidate();
  retriever.retrieve("q");
  assert.deepEqual([base.queries.length, storage.has("other")], [5, true]);
});

test("CachedRetriever gives what is out of date when its base fails, for as long as it is told, and says so", () => {
  const down = new Error("the base is down");
  let fails = false;
  const base = defineRetriever("base", () => {
    if (fails) throw down;
    return ["lemur"];
  });
  function* body(staleWhileErrorMs?: number): Operation<unknown[]> {
    fails = false;
    const retriever = new CachedRetriever(base, { ttlMs: 1_000, staleWhileErrorMs });
    const seen: unknown[] = [];
    const ask = function* (waitMs: number): Operation<void> {
      yield* sleep(waitMs);
      try {
        const [found] = yield* retriever._retrieveOperation("q");
        seen.push(found!.metadata);
      } catch (error) {
        seen.push(error === down ? "down" : error);
      }
    };
    yield* ask(0);
    fails = true;
    yield* ask(999);
    yield* ask(2);
    yield* ask(499);
    yield* ask(1);
    fails = false;
    yield* ask(0);
    return seen;
  }
  const [stale, never] = [simulate(body(500)), simulate(body())];
  assert.deepEqual(stale.outcome, {
    ok: true,
    value: [{}, { cached: true }, { cached: true, stale: true }, "down", "down", {}],
  });
  assert.deepEqual(never.outcome, { ok: true, value: [{}, { cached: true }, "down", "down", "down", {}] });
});

test("CachedRetriever tells why it gives what is out of date, and asks its base again next time", () => {
  let calls = 0;
  const base = defineRetriever("base", () => {
    if (++calls === 2) throw new Error("no answer");
    return [`answer ${calls}`];
  });
  const events: unknown[] = [];
  const retriever = new CachedRetriever(base, { ttlMs: 1, staleWhileErrorMs: 60_000 });
  function* body(): Operation<string[]> {
    const texts: string[] = [];
    for (let call = 0; call < 3; call++) {
      texts.push((yield* retriever._retrieveOperation("q"))[0]!.text);
      yield* sleep(10);
    }
    return texts;
  }
  const texts = runSync(body(), { onEvent: (event) => events.push(event) });
  assert.deepEqual(texts, ["answer 1", "answer 1", "answer 3"]);
  assert.deepEqual(events, [{ type: "retrieverServedStale", retriever: "base", message: "no answer" }]);
});

test("CachedRetriever keeps as many results as it is told, those that were used last", () => {
  const base = new MockRetriever({ documents: ["a"] });
  const retriever = new CachedRetriever(base, { maxEntries: 2 });
  for (const query of ["one", "two", "one", "three", "one", "two"]) retriever.retrieve(query);
  assert.deepEqual(base.queries, ["one", "two", "three", "two"]);
  assert.throws(
    () => new CachedRetriever(base, { maxEntries: 2, storage: new MemoryStorage() }),
    /exclude each other/,
  );
  assert.throws(() => new CachedRetriever(base, { maxEntries: 0 }), ConfigurationError);
});

test("CachedRetriever keeps two bases apart, and believes in nothing found for a shorter time", () => {
  const storage = new MemoryStorage();
  const one = new CachedRetriever(new MockRetriever({ name: "one", documents: ["1"] }), { storage });
  const two = new CachedRetriever(new MockRetriever({ name: "two", documents: ["2"] }), { storage });
  one.retrieve("q");
  assert.equal(two.retrieve("q")[0]!.text, "2");
  const base = new MockRetriever({ documents: [] });
  const empty = new CachedRetriever(base, { emptyTtlMs: 10 });
  function* body(): Operation<number> {
    yield* empty._retrieveOperation("q");
    yield* empty._retrieveOperation("q");
    yield* sleep(10);
    yield* empty._retrieveOperation("q");
    return base.queries.length;
  }
  assert.deepEqual(simulate(body()).outcome, { ok: true, value: 2 });
});

test("CachedRetriever keeps apart bases of one name that were made with something else", () => {
  const storage = new MemoryStorage();
  const over = (document: string, namespace?: string) =>
    new CachedRetriever(new InMemoryRetriever({ documents: { a: document } }), { storage, namespace });
  assert.equal(over("a lemur").retrieve("lemur")[0]!.text, "a lemur");
  assert.equal(over("the lemur").retrieve("lemur")[0]!.text, "the lemur");
  assert.equal(over("a lemur").retrieve("lemur")[0]!.metadata.cached, true);
  assert.equal(over("a lemur", "one").retrieve("lemur")[0]!.text, "a lemur");
  assert.equal(over("the lemur", "one").retrieve("lemur")[0]!.text, "a lemur");
});

test("CachedRetriever forgets a query alone, for every limit", () => {
  for (const storage of [undefined, new MemoryStorage()]) {
    const base = new MockRetriever({ documents: ["a", "b"] });
    const retriever = new CachedRetriever(base, { storage });
    const askAll = (): void => {
      for (const limit of [1, 2]) retriever.retrieve("one", { limit });
      retriever.retrieve("two");
    };
    askAll();
    retriever.invalidate(" ONE");
    askAll();
    assert.deepEqual(base.queries, ["one", "one", "two", "one", "one"]);
  }
});

test("CachedRetriever does not use what was looked up elsewhere before documents changed", () => {
  const storage = new MemoryStorage();
  const documents = ["old"];
  const base = defineRetriever("changing", function* () {
    const found = [...documents];
    yield* sleep(100);
    return found;
  });
  const [here, there] = [new CachedRetriever(base, { storage }), new CachedRetriever(base, { storage })];
  function* body(): Operation<unknown> {
    const change = function* (): Operation<void> {
      yield* sleep(50);
      documents[0] = "new";
      yield* here._invalidateOperation();
    };
    const [[before]] = yield* all([there._retrieveOperation("q"), change()] as const);
    const [after] = yield* there._retrieveOperation("q");
    const [again] = yield* here._retrieveOperation("q");
    return [before!.text, after!.text, again!.text, again!.metadata.cached];
  }
  assert.deepEqual(simulate(body()).outcome, { ok: true, value: ["old", "new", "new", true] });
});

test("CachedRetriever shares one retrieval among concurrent calls", () => {
  const base = new MockRetriever({ documents: ["a"], latencyMs: 100 });
  const retriever = new CachedRetriever(base);
  const { outcome, elapsedMs } = simulate(
    all(["q", "q", "Q"].map((query) => retriever._retrieveOperation(query))),
  );
  assert.deepEqual([outcome.ok, elapsedMs, base.queries.length], [true, 100, 1]);
});

test("CachedRetriever passes its base's failure on, keeps none, and does without a storage that fails", () => {
  const failing = new MockRetriever({ error: "down" });
  const retriever = new CachedRetriever(failing);
  for (let count = 1; count <= 2; count++) {
    assert.throws(() => retriever.retrieve("q"), /down/);
    assert.equal(failing.queries.length, count);
  }
  const storage = new MemoryStorage();
  const told: string[] = [];
  const over = new CachedRetriever(new MockRetriever({ documents: ["a"] }), { storage });
  storage.close();
  const found = runSync(over._retrieveOperation("q"), { onEvent: ({ type }) => told.push(type) });
  assert.deepEqual([found.length, told], [1, ["retrieverCacheFailed"]]);
  assert.throws(() => over.invalidate(), StorageError);
  assert.throws(() => new CachedRetriever(undefined as never), ConfigurationError);
});

test("HybridRetriever sums reciprocal ranks, and counts a document once in each list", () => {
  const list = (name: string, texts: string[]) =>
    defineRetriever(name, () => texts.map((id) => ({ id, text: id, source: "s" })));
  const hybrid = new HybridRetriever({
    retrievers: [list("one", ["a", "b", "b", "c"]), list("two", ["c", "d"])],
  });
  const found = hybrid.retrieve("q", { limit: 9 });
  assert.deepEqual(ids(found), ["c", "a", "b", "d"]);
  assert.deepEqual(found.map(({ score }) => score), [1 / 63 + 1 / 61, 1 / 61, 1 / 62, 1 / 62]);
});

test("HybridRetriever asks at the same time, goes on without one that fails, and throws when all do", () => {
  const slow = ["a", "b"].map((text) => new MockRetriever({ documents: [text], latencyMs: 100 }));
  const failing = new MockRetriever({ name: "failing", error: "down" });
  const hybrid = new HybridRetriever({ retrievers: [failing, ...slow] });
  const { outcome, elapsedMs } = simulate(hybrid._retrieveOperation("q"));
  assert.deepEqual([outcome.ok && outcome.value.length, elapsedMs], [2, 100]);
  const told: unknown[] = [];
  runSync(hybrid._retrieveOperation("q"), { onEvent: (event) => told.push(event) });
  assert.deepEqual(told, [{ type: "retrieverFailed", retriever: "failing", message: "down" }]);
  assert.throws(() => new HybridRetriever({ retrievers: [failing] }).retrieve("q"), /down/);
  assert.throws(() => new HybridRetriever({ retrievers: [] }), /at least one retriever/);
});
