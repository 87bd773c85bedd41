import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../../src/errors.ts";
import {
  InMemoryRetriever,
  type InMemoryRetrieverOptions,
} from "../../src/retrievers/in_memory_retriever.ts";
import { outcomeOf, testEveryDriver } from "../helpers/drivers.ts";

const DOCUMENTS = {
  diet: "Sifakas eat leaves, flowers and fruit.",
  home: "Sifakas live in Madagascar.",
  café: "Un café noir à Besançon",
  tokyo: "私は東京都に住んでいます",
};

function found(query: string, options: InMemoryRetrieverOptions = { documents: DOCUMENTS }): string {
  return new InMemoryRetriever(options).retrieve(query).map((document) => document.id ?? document.text).join(
    " ",
  );
}

const CASES: readonly [what: string, query: string, ids: string][] = [
  ["a natural question", "Where do sifakas live?", "home diet"],
  ["words beside punctuation", "leaves,fruit!", "diet"],
  ["words in another case", "MADAGASCAR", "home"],
  ["words without their accents", "besancon CAFE", "café"],
  ["Japanese", "東京", "tokyo"],
  ["nothing for stop words alone", "what is in the", ""],
  ["nothing for a blank query", " \n", ""],
  ["nothing for unknown words", "quantum", ""],
];

for (const [what, query, ids] of CASES) {
  test(`InMemoryRetriever finds ${what}`, () => assert.equal(found(query), ids));
}

testEveryDriver("InMemoryRetriever gives documents with score and source", {
  operation: () => {
    const documents = [{ text: "red fox", source: "atlas", metadata: { page: 7 } }, "red"];
    return new InMemoryRetriever({ documents, name: "mine" })._retrieveOperation("red");
  },
  check: (outcome) => {
    assert.ok(outcome.ok);
    const [first, second] = outcome.value;
    assert.deepEqual([first!.text, first!.source, second!.source, second!.metadata], [
      "red",
      "mine",
      "atlas",
      { page: 7 },
    ]);
    assert.ok(first!.score! > second!.score! && second!.score! > 0);
  },
});

test("InMemoryRetriever keeps documents that fit equally well in the order in which they came", () => {
  const documents = ["b", "a", "c"].map((id) => ({ id, text: "an equal text" }));
  assert.equal(found("equal", { documents }), "b a c");
});

test("InMemoryRetriever keeps to maxResults and to the limit of the call", () => {
  const documents = Array.from({ length: 9 }, (_, index) => `fox ${"x ".repeat(index)}`);
  assert.equal(new InMemoryRetriever({ documents }).retrieve("fox").length, 3);
  const retriever = new InMemoryRetriever({ documents, maxResults: 5 });
  assert.equal(retriever.retrieve("fox").length, 5);
  assert.deepEqual(retriever.retrieve("fox", { limit: 2 }).map(({ text }) => text), ["fox ", "fox x "]);
  for (const limit of [0, -1, 1.5, NaN]) {
    const outcome = outcomeOf(() => retriever.retrieve("fox", { limit }));
    assert.ok(!outcome.ok && outcome.error instanceof ConfigurationError);
    assert.match(outcome.error.message, /limit must be an integer of at least 1/);
  }
});

test("InMemoryRetriever ranks by the share of words when told to, and keeps to minScore", () => {
  const options = { documents: ["red fox", "red car", "blue fox car"], ranking: "overlap" } as const;
  const scores = new InMemoryRetriever(options).retrieve("red fox").map(({ text, score }) =>
    `${text}: ${score}`
  );
  assert.deepEqual(scores, ["red fox: 1", "red car: 0.5", "blue fox car: 0.5"]);
  assert.equal(found("red fox", { ...options, minScore: 0.6 }), "red fox");
});

test("InMemoryRetriever takes stop words and a tokenizer of one's own", () => {
  assert.equal(found("the fox", { documents: ["the end", "a fox"], stopWords: [] }), "the end a fox");
  assert.equal(found("der Fuchs", { documents: ["der Hund"], stopWords: ["DER"] }), "");
  const tokenizer = (text: string) => text.split("");
  assert.equal(found("x", { documents: ["abc", "xyz"], tokenizer }), "xyz");
});

test("InMemoryRetriever adds, updates, removes and clears", () => {
  const retriever = new InMemoryRetriever({ documents: [{ id: "a", text: "fox" }] });
  retriever.add({ id: "b", text: "fox" });
  retriever.add("fox without an id");
  assert.equal(retriever.size, 3);
  retriever.update({ id: "a", text: "bear" });
  assert.deepEqual(retriever.retrieve("fox").map(({ text }) => text), ["fox", "fox without an id"]);
  assert.deepEqual([retriever.remove("b"), retriever.remove("b"), retriever.size], [true, false, 2]);
  assert.throws(
    () => retriever.add({ id: "a", text: "x" }),
    /Cannot add a document of InMemoryRetriever as its id must be new: id is "a"/,
  );
  assert.throws(() => retriever.update({ id: "z", text: "x" }), /there is none of its id: id is "z"/);
  retriever.clear();
  assert.deepEqual([retriever.size, retriever.retrieve("bear")], [0, []]);
});

test("InMemoryRetriever does not keep what it was given", () => {
  const documents = [{ id: "a", text: "fox" }];
  const retriever = new InMemoryRetriever({ documents });
  documents[0]!.text = "bear";
  documents.push({ id: "b", text: "fox" });
  assert.equal(retriever.retrieve("fox").length, 1);
});

test("InMemoryRetriever refuses wrong options", () => {
  const cases: readonly [options: object, message: RegExp][] = [
    [{ documents: [{ id: "a", text: "x" }, { id: "a", text: "y" }] }, /its id must be new/],
    [{ documents: [7] }, /documents\[0\] must be/],
    [{ documents: [{ txt: "x" }] }, /documents\[0\]/],
    [{ maxResults: 0 }, /maxResults must be an integer of at least 1/],
    [{ maxResult: 1 }, /did you mean maxResults\?/],
    [{ ranking: "bm26" }, /ranking must be one of "bm25", "overlap"/],
    [{ tokenizer: "x" }, /tokenizer must be a function/],
    [{ name: " " }, /name must be a string that is not blank/],
  ];
  for (const [options, message] of cases) {
    const outcome = outcomeOf(() => new InMemoryRetriever(options));
    assert.ok(!outcome.ok && outcome.error instanceof ConfigurationError, JSON.stringify(options));
    assert.match(outcome.error.message, message);
  }
});

test("InMemoryRetriever does the same by its method and its twin", async () => {
  const retriever = new InMemoryRetriever({ documents: DOCUMENTS });
  assert.deepEqual(await retriever._retrieveAsync("leaves"), retriever.retrieve("leaves"));
});
