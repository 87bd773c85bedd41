/** The retriever on Milvus, against a stand-in on loopback. No Milvus is run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, RetrieverError } from "../../src/errors.ts";
import { MilvusRetriever } from "../../src/retrievers/milvus_retriever.ts";
import { COUNTED, countWords, startFakeMilvus } from "../helpers/fake_milvus.ts";
import { DOCUMENTS, testRetriever } from "./conformance.ts";

const baseUrl = await startFakeMilvus();
const embed = countWords;
const create = (collection: string) =>
  new MilvusRetriever({ embed, dimension: COUNTED, baseUrl, collection });

const shared = create("shared");
shared.addDocuments(DOCUMENTS);
testRetriever("MilvusRetriever", () => shared);

test("MilvusRetriever finds nothing in a collection that was not there", async () => {
  assert.deepEqual(create("fresh").retrieve("lemur"), []);
  assert.deepEqual(await create("fresh_too")._retrieveAsync("lemur"), []);
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

test("MilvusRetriever refuses vectors of another length before it sends them", () => {
  const own = new MilvusRetriever({ embed, dimension: 3, baseUrl, collection: "short" });
  const wrong = (error: unknown) => error instanceof RetrieverError && error.code === "invalid_vectors";
  assert.throws(() => own.addDocuments({ a: "lemur" }), wrong);
  assert.throws(() => own.retrieve("lemur"), wrong);
});

test("MilvusRetriever refuses what it cannot use, without showing a password", () => {
  assert.throws(() => new MilvusRetriever({ dimension: 3 } as never), /embed and dimension must be given/);
  assert.throws(() => new MilvusRetriever({ embed, dimension: 0 }), ConfigurationError);
  assert.throws(() => new MilvusRetriever({ embed, dimension: 1, baseUrl: "http://a:hidden@b" }), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  });
  assert.throws(() => shared.addDocuments(["nameless"]), /must have an id/);
});
