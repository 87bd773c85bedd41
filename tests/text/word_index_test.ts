import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSearchQuery } from "../../src/text/search_query.ts";
import { WordIndex } from "../../src/text/word_index.ts";
import { termsOf } from "../../src/text/words.ts";

function indexOf(texts: Record<string, string>): WordIndex<string> {
  const index = new WordIndex<string>();
  for (const [id, text] of Object.entries(texts)) index.add(id, termsOf(text));
  return index;
}

function found(index: WordIndex<string>, query: string): string {
  return index.search(parseSearchQuery(query)).map(({ id }) => id).sort().join(" ");
}

const INDEX = indexOf({ a: "red fox red car", b: "the red fox", c: "fox red", d: "blue sky", e: "" });

test("WordIndex finds what holds all words and nothing excluded", () => {
  assert.equal(found(INDEX, "red fox"), "a b c");
  assert.equal(found(INDEX, '"red fox"'), "a b");
  assert.equal(found(INDEX, '"red fox" -the'), "a");
  assert.equal(found(INDEX, "fo*"), "a b c");
  assert.equal(found(INDEX, '"red f"*'), "a b");
  assert.equal(found(INDEX, "-red"), "");
  assert.equal(found(INDEX, "purple"), "");
});

test("WordIndex forgets what is removed or replaced", () => {
  const index = indexOf({ a: "one two", b: "two three" });
  index.remove("a");
  index.remove("a");
  index.add("b", ["four"]);
  assert.equal(found(index, "two"), "");
  assert.equal(found(index, "four"), "b");
  index.clear();
  assert.equal(found(index, "four"), "");
});

test("WordIndex stays right when most of its documents have been removed", () => {
  const index = new WordIndex<string>();
  for (let number = 0; number < 2_000; number++) {
    index.add(`d${number % 700}`, ["all", `n${number}`, number % 2 === 0 ? "even" : "odd"]);
    if (number % 3 === 0) index.remove(`d${number % 500}`);
  }
  const left = index.search(parseSearchQuery("all")).map(({ id }) => id);
  assert.equal(new Set(left).size, left.length);
  assert.equal(
    index.search(parseSearchQuery("all even")).length + index.search(parseSearchQuery("all odd")).length,
    left.length,
  );
  assert.equal(index.search(parseSearchQuery('"all n1999" od*')).length, 1);
  assert.deepEqual(index.search(parseSearchQuery("n3")), []);
  for (const id of left) index.remove(id);
  assert.deepEqual(index.rankAny(["all"]), []);
  index.add("new", ["all"]);
  assert.equal(index.rankAny(["all"]).length, 1);
});

test("WordIndex ranks any of some words, rare ones higher", () => {
  const index = indexOf({ a: "common rare", b: "common common common", c: "common" });
  const scores = new Map(
    index.rankAny(["common", "rare", "rare", "absent"]).map(({ id, score }) => [id, score]),
  );
  assert.equal(scores.size, 3);
  assert.ok(scores.get("a")! > scores.get("b")!);
  assert.ok(scores.get("b")! > scores.get("c")!);
  assert.ok(scores.get("c")! > 0);
});

test("WordIndex scores by the share of words", () => {
  const scores = Object.fromEntries(
    INDEX.rankByOverlap(["red", "sky", "red"]).map(({ id, score }) => [id, score]),
  );
  assert.deepEqual(scores, { a: 0.5, b: 0.5, c: 0.5, d: 0.5 });
});
