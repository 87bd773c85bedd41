/** The retriever by vectors, with vectors that count words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sleep } from "../../src/operation/operation.ts";
import { HybridRetriever } from "../../src/retrievers/hybrid_retriever.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import type { Vectors } from "../../src/storage/embed.ts";
import { VectorRetriever } from "../../src/retrievers/vector_retriever.ts";
import { DOCUMENTS, testRetriever } from "./conformance.ts";

const WORDS = ["lemur", "leaves", "madagascar", "calls"];

function embed(texts: readonly string[]): Vectors {
  return texts.map((text) => WORDS.map((word) => text.toLowerCase().split(word).length - 1));
}

testRetriever("VectorRetriever", () => new VectorRetriever({ documents: DOCUMENTS, embed }));

test("VectorRetriever scores by the cosine, keeps to a least score, and embeds documents once", async () => {
  const batches: number[] = [];
  const retriever = new VectorRetriever({
    documents: { same: "lemur calls", half: "lemur", other: "leaves", none: "nothing" },
    minScore: 0.5,
    *embed(texts) {
      batches.push(texts.length);
      yield* sleep(1);
      return embed(texts);
    },
  });
  const found = retriever.retrieve("calls lemur");
  assert.deepEqual(found.map(({ id }) => id), ["same", "half"]);
  assert.ok(Math.abs(found[0]!.score! - 1) < 1e-12 && Math.abs(found[1]!.score! - Math.SQRT1_2) < 1e-12);
  await retriever._retrieveAsync("lemur");
  assert.deepEqual(batches, [4, 1, 1]);
});

test("VectorRetriever takes a promise on an event loop, and says what to do where it cannot wait", async () => {
  const retriever = new VectorRetriever({
    documents: DOCUMENTS,
    embed: (texts) => Promise.resolve(embed(texts)),
  });
  assert.equal((await retriever._retrieveAsync("leaves"))[0]!.id, "diet");
  const other = new VectorRetriever({
    documents: DOCUMENTS,
    embed: (texts) => Promise.resolve(embed(texts)),
  });
  assert.throws(() => other.retrieve("leaves"), /returned a promise/);
});

test("VectorRetriever makes up no vectors", () => {
  assert.throws(() => new VectorRetriever({ documents: DOCUMENTS } as never), /embed must be given/);
  const wrong: readonly [Vectors, RegExp][] = [
    [[[1]], /one vector for each of 3 texts/],
    [[[1], [2], [NaN]], /lists of finite numbers, all of one length/],
    [[[1], [2], [1, 2]], /all of one length/],
    [[[], [], []], /lists of finite numbers/],
  ];
  for (const [vectors, message] of wrong) {
    const retriever = new VectorRetriever({ documents: DOCUMENTS, embed: () => vectors });
    assert.throws(() => retriever.retrieve("q"), message);
  }
  const uneven = new VectorRetriever({
    documents: DOCUMENTS,
    embed: (texts) => texts.map(() => texts.length > 1 ? [1, 2] : [1]),
  });
  assert.throws(() => uneven.retrieve("q"), /the query's vector has 1 numbers and those of documents 2/);
  const failing = new VectorRetriever({
    documents: DOCUMENTS,
    embed: () => {
      throw new Error("down");
    },
  });
  assert.throws(() => failing.retrieve("q"), /down/);
});

test("HybridRetriever joins words and vectors", () => {
  const words = new InMemoryRetriever({ documents: DOCUMENTS, name: "atlas" });
  const vectors = new VectorRetriever({ documents: DOCUMENTS, embed, name: "atlas" });
  const [first] = new HybridRetriever({ retrievers: [words, vectors] }).retrieve("leaves");
  assert.deepEqual([first!.id, first!.score], ["diet", 2 / 61]);
});
