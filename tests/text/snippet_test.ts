import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseSearchQuery } from "../../src/text/search_query.ts";
import { snippetOf } from "../../src/text/snippet.ts";

function snippet(query: string, ...texts: string[]): string {
  return snippetOf(texts, parseSearchQuery(query));
}

test("snippetOf marks words, phrases and prefixes as they are written", () => {
  assert.equal(snippet("cafe", "Le Café, noir."), "Le «Café», noir.");
  assert.equal(snippet('"le cafe" no*', "Le Café, noir."), "«Le Café», «noir».");
  assert.equal(snippet("東京", "私は東京都に住む"), "私は«東京»都に住む");
});

test("snippetOf unites marks that overlap", () => {
  assert.equal(snippet('"a b" "b c"', "x a b c y"), "x «a b c» y");
});

test("snippetOf picks the text and the part that answer most", () => {
  assert.equal(snippet("red fox", "a red car", "the red fox"), "the «red» «fox»");
  const filler = "word ".repeat(40);
  assert.equal(
    snippet("red fox", `red ${filler}the red fox ran ${filler}`),
    `…word word word the «red» «fox» ran ${"word ".repeat(17).trim()}…`,
  );
});

test("snippetOf stays on one short line", () => {
  assert.equal(snippet("b", "a\n\n  b\t\u0000c"), "a «b» c");
  assert.equal(snippet("b", `${"!".repeat(100_000)}b${"🚀".repeat(100_000)}`).length, 2 + 40 + 3 + 40);
  assert.ok(snippet('"a b"', `a${"-".repeat(100_000)}b`).length <= 2_001);
});

test("snippetOf shows a phrase that is longer than its window", () => {
  const phrase = Array.from({ length: 30 }, (_, index) => `w${index}`).join(" ");
  assert.equal(snippet(`"${phrase}"`, `x ${phrase} y`), `x «${phrase}»…`);
});

test("snippetOf gives nothing where nothing matches", () => {
  assert.equal(snippet("b", "a"), "");
  assert.equal(snippet("b"), "");
});

test("snippetOf never fails", () => {
  const text = fc.string({ unit: "binary", maxLength: 50 });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), (query, texts) => {
      assert.equal(typeof snippet(query, ...texts), "string");
    }),
    { numRuns: 300 },
  );
});

test("snippetOf shows the match after a word that is longer than a snippet, and closes the mark of one that is", () => {
  assert.match(snippet("fox", `${"noa".repeat(1_000)} fox`), /^…(noa|oa|a)+ «fox»$/);
  assert.match(snippet("noa*", "noa".repeat(1_000)), /^«(noa)+(n|no)?»…$/);
});
