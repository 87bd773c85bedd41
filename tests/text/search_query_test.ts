import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_QUERY_TERMS, parseSearchQuery } from "../../src/text/search_query.ts";

/** A clause in short: words joined by +, * for a prefix. */
function shown(query: string): string {
  const { wanted, excluded } = parseSearchQuery(query);
  const text = (clauses: typeof wanted) =>
    clauses.map(({ terms, prefix }) => terms.join("+") + (prefix ? "*" : ""));
  return [...text(wanted), ...text(excluded).map((clause) => `-${clause}`)].join(" ");
}

const CASES: readonly [query: string, clauses: string][] = [
  ["lemur island", "lemur island"],
  ["  Lemur\tISLAND\n", "lemur island"],
  ['"ring tailed" lemur', "ring+tailed lemur"],
  ['"unclosed phrase', "unclosed+phrase"],
  ["“smart quotes”", "smart+quotes"],
  ["lemur -zoo", "lemur -zoo"],
  ['lemur -"in the zoo" --x', "lemur -in+the+zoo -x"],
  ["-only", "-only"],
  ["mada*", "mada*"],
  ['"ring tail"*', "ring+tail*"],
  ["-mada* x", "x -mada*"],
  ["e-mail don't a+b", "e+mail don+t a+b"],
  ["foo*bar *foo", "foo+bar foo"],
  ["same Same SAME same*", "same same*"],
  ["x - y -", "x y"],
  ['foo"bar baz"qux', "foo bar+baz qux"],
  ["AND OR NOT NEAR(a b)", "and or not near+a b"],
  ["key:value ^x {y}", "key+value x y"],
  ["東京 -大阪", "東+京 -大+阪"],
  ["東京*", "東+京*"],
  ['"" - * "*" 🚀 -"', ""],
  ["", ""],
];

for (const [query, clauses] of CASES) {
  test(`parseSearchQuery reads ${JSON.stringify(query)}`, () => assert.equal(shown(query), clauses));
}

test("parseSearchQuery looks at a bounded number of words", () => {
  const { wanted } = parseSearchQuery(Array.from({ length: 1_000 }, (_, index) => `w${index}`).join(" "));
  assert.equal(wanted.length, MAX_QUERY_TERMS);
  assert.equal(parseSearchQuery(`"${"a ".repeat(1_000)}"`).wanted[0]!.terms.length, MAX_QUERY_TERMS);
});

test("parseSearchQuery accepts any string", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
      const { wanted, excluded } = parseSearchQuery(query);
      for (const clause of [...wanted, ...excluded]) assert.ok(clause.terms.length > 0);
    }),
    { numRuns: 500 },
  );
});
