/** The retriever on Milvus, against a stand-in on loopback. No Milvus is run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, RetrieverError } from "../../src/errors.ts";
import { MilvusRetriever, type MilvusRetrieverOptions } from "../../src/retrievers/milvus_retriever.ts";
import { COUNTED, countWords, startFakeMilvus } from "../helpers/fake_milvus.ts";
import { DOCUMENTS, testRetriever } from "./conformance.ts";

const baseUrl = await startFakeMilvus();
const embed = countWords;
const create = (collection: string, options: Partial<MilvusRetrieverOptions> = {}) =>
  new MilvusRetriever({ embed, dimension: COUNTED, baseUrl, collection, ...options });

const shared = create("shared");
shared.addDocuments(DOCUMENTS);
testRetriever("MilvusRetriever", () => shared);

test("MilvusRetriever finds nothing in a collection that was not there", async () => {
  assert.deepEqual(create("fresh").retrieve("lemur"), []);
  assert.deepEqual(await create("fresh_too")._retrieveAsync("lemur"), []);
});

test("MilvusRetriever makes its collection when it is told to, by either method, and tells of a server that is not there", async () => {
  const exists = async (collectionName: string) => {
    const address = `${baseUrl}/v2/vectordb/collections/has`;
    const response = await fetch(address, { method: "POST", body: JSON.stringify({ collectionName }) });
    return (await response.json() as { data: { has: boolean } }).data.has;
  };
  create("made").ensureCollection();
  await create("made_too")._ensureCollectionAsync();
  await create("made_too")._ensureCollectionAsync();
  assert.deepEqual(await Promise.all(["made", "made_too", "not_made"].map(exists)), [true, true, false]);
  const lost = create("lost", { baseUrl: "http://127.0.0.1:9" });
  assert.throws(() => lost.ensureCollection(), RetrieverError);
});

test("MilvusRetriever replaces and removes by id, whatever the id holds", async () => {
  const own = create("own");
  const id = 'a"] or id != "\\';
  own.addDocuments({ [id]: "lemur", other: "lemur leaves" });
  await own._addDocumentsAsync({ [id]: "lemur calls" });
  assert.deepEqual(own.retrieve("call").map(({ text }) => text)[0], "lemur calls");
  own.remove(id);
  assert.deepEqual((await own._retrieveAsync("lemur")).map(({ id }) => id), ["other"]);
});

test("MilvusRetriever gives scores from 0 to 1", () => {
  const own = new MilvusRetriever({
    embed: (texts) => texts.map((text) => [text === "no" ? -1 : 1]),
    dimension: 1,
    baseUrl,
    collection: "scores",
  });
  own.addDocuments({ a: "yes", b: "no" });
  assert.deepEqual(own.retrieve("yes").map(({ score }) => score), [1, 0]);
});

test("MilvusRetriever compares as it is told, and a higher score is better", () => {
  const found = (options: Partial<MilvusRetrieverOptions>) => {
    const own = create(`by_${options.metric}`, {
      embed: (texts) => texts.map((text) => [text.length]),
      dimension: 1,
      ...options,
    });
    own.addDocuments({ a: "aa", b: "aaaa" });
    return own.retrieve("aaa a").map(({ id, score }) => [id, score]);
  };
  assert.deepEqual(found({ metric: "IP" }), [["b", 20], ["a", 10]]);
  assert.deepEqual(found({ metric: "L2" }), [["b", -1], ["a", -9]]);
  assert.deepEqual(found({ metric: "L2", minScore: -2 }), [["b", -1]]);
  assert.deepEqual(found({ metric: "COSINE", minScore: 1 }).map(([, score]) => score), [1, 1]);
});

test("MilvusRetriever says that a collection compares in another way", () => {
  create("by_cosine").addDocuments({ a: "lemur" });
  assert.throws(() => create("by_cosine", { metric: "L2" }).retrieve("lemur"), /metric type not match/);
});

test("MilvusRetriever finds and counts what its filter lets through, by either method", async () => {
  const all = create("years");
  assert.deepEqual(all.stats(), { documents: 0 });
  all.addDocuments({
    old: { text: "lemur", metadata: { year: 1990 } },
    new: { text: "lemur leaves", metadata: { year: 2020 } },
  });
  const recent = create("years", { filter: 'document["metadata"]["year"] >= 2000' });
  assert.deepEqual(recent.retrieve("lemur").map(({ id }) => id), ["new"]);
  assert.deepEqual((await recent._retrieveAsync("lemur")).map(({ id }) => id), ["new"]);
  assert.deepEqual(recent.stats(), { documents: 1 });
  assert.deepEqual(await all._statsAsync(), { documents: 2 });
});

test("MilvusRetriever sends a filter as it is, and tells what the server says of a wrong one", () => {
  const wrong = create("years", { filter: "year >=" });
  const refused = (error: unknown) => error instanceof RetrieverError && error.code === "refused";
  assert.throws(() => wrong.retrieve("lemur"), refused);
  assert.throws(() => wrong.stats(), refused);
});

test("MilvusRetriever reads the texts of a collection that others made", async () => {
  const collectionName = "of_others";
  const call = (command: string, body: object) =>
    fetch(`${baseUrl}/v2/vectordb/${command}`, {
      method: "POST",
      body: JSON.stringify({ collectionName, ...body }),
    }).then((response) => response.json());
  await call("collections/create", {
    schema: {
      fields: [
        { fieldName: "pk", dataType: "Int64", isPrimary: true },
        { fieldName: "body", dataType: "VarChar", elementTypeParams: { max_length: "100" } },
        { fieldName: "lang", dataType: "VarChar", elementTypeParams: { max_length: "100" } },
        { fieldName: "vector", dataType: "FloatVector", elementTypeParams: { dim: String(COUNTED) } },
      ],
    },
    indexParams: [{ fieldName: "vector", metricType: "COSINE" }],
  });
  const row = (pk: number, body: string, lang: string) => ({ pk, body, lang, vector: countWords([body])[0] });
  const data = [row(7, "lemur", "en"), row(8, '{"text":"lemur"}', "en"), row(9, "un lemur", "fr")];
  await call("entities/upsert", { data });
  const own = create(collectionName, { idField: "pk", textField: "body", filter: 'lang == "en"' });
  assert.deepEqual(own.retrieve("lemur").map(({ id, text, source }) => ({ id, text, source })), [
    { id: "8", text: '{"text":"lemur"}', source: "MilvusRetriever" },
    { id: "7", text: "lemur", source: "MilvusRetriever" },
  ]);
});

test("MilvusRetriever keeps texts in fields that it is told, and nothing that has no field", () => {
  const own = create("named", { idField: "pk", textField: "body" });
  own.addDocuments({ a: "lemur", b: { text: "lemur leaves", score: 1 } });
  assert.deepEqual(own.retrieve("leaves").map(({ id, text }) => [id, text]), [["b", "lemur leaves"], [
    "a",
    "lemur",
  ]]);
  own.remove("b");
  assert.deepEqual(own.stats(), { documents: 1 });
  assert.throws(
    () => own.addDocuments({ c: { text: "lemur", source: "atlas", metadata: { year: 1 } } }),
    /textField holds texts alone, and the document "c" has a source and metadata/,
  );
  assert.deepEqual(own.stats(), { documents: 1 });
});

test("MilvusRetriever says which option reads a collection whose documents are texts", () => {
  create("texts", { textField: "document" }).addDocuments({ a: "lemur" });
  assert.throws(() => create("texts").retrieve("lemur"), (error) => {
    assert.ok(error instanceof RetrieverError && error.code === "corrupt");
    assert.match(error.suggestions.join(), /textField/);
    return true;
  });
});

test("MilvusRetriever refuses names of fields that are no plain names", () => {
  const refuses = (options: Partial<MilvusRetrieverOptions>, reason: RegExp) =>
    assert.throws(() => create("names", options), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, reason);
      return true;
    });
  refuses({ idField: 'id in [""] or id' }, /idField must be letters/);
  refuses({ textField: "1text" }, /textField must be letters/);
  refuses({ textField: "naïve" }, /textField must be letters/);
  refuses({ idField: "vector" }, /idField must be another field/);
  refuses({ textField: "distance" }, /textField must be another field/);
  refuses({ idField: "pk", textField: "id" }, /textField must be another field/);
  refuses({ idField: "pk", textField: "pk" }, /idField must be another field than pk/);
  refuses({ idField: "document" }, /idField must be another field than document/);
});

test("MilvusRetriever refuses vectors of another length before it sends them", () => {
  const own = new MilvusRetriever({ embed, dimension: 3, baseUrl, collection: "short" });
  const wrong = (error: unknown) => error instanceof RetrieverError && error.code === "invalid_vectors";
  assert.throws(() => own.addDocuments({ a: "lemur" }), wrong);
  assert.throws(() => own.retrieve("lemur"), wrong);
});

test("MilvusRetriever refuses what it cannot use, without showing a password", () => {
  assert.throws(() => new MilvusRetriever({ dimension: 3 } as never), /embed and dimension must be given/);
  assert.throws(() => new MilvusRetriever({ embed, dimension: 0 }), ConfigurationError);
  for (const wrong of [{ metric: "cosine" }, { filter: " " }, { minScore: 1.5 }, { minScore: NaN }]) {
    assert.throws(() => create("wrong", wrong as never), ConfigurationError);
  }
  assert.throws(() => new MilvusRetriever({ embed, dimension: 1, baseUrl: "http://a:hidden@b" }), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  });
  assert.throws(() => shared.addDocuments(["nameless"]), /must have an id/);
});
