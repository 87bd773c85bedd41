/** Every string is a legal query, read soon and in bounds; and whatever is stored and asked, all storages find the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonValue } from "../../src/json.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { SearchHit } from "../../src/storage/storage.ts";
import { MAX_QUERY_TERMS, parseSearchQuery, type SearchClause } from "../../src/text/search_query.ts";
import { termsOf } from "../../src/text/words.ts";
import { hostileText, piece, repeated } from "./arbitraries.ts";
import { fuzz } from "./harness.ts";

const WORDS = [
  "lemur",
  "Lemurs",
  "LÉMUR",
  "leap",
  "ring-tailed",
  "東京",
  "京都",
  "ｶﾞ",
  "カ",
  "กขค",
  "한글",
  "don't",
  "a",
  "b",
  "straße",
  "STRASSE",
  "ﬁn",
  "⑴",
  "ı",
  "İ",
  "й",
  "\u0301",
  "👍",
  "1",
  "½",
  "Ⅷ",
  "σς",
  "AND",
  "OR",
  "NOT",
  "NEAR",
  "terms",
  "__proto__",
] as const;
const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
  { weight: 1, arbitrary: piece },
);

const item = fc.tuple(
  fc.constantFrom("", "", "", "-", '"', '-"', "--", "“"),
  word,
  fc.constantFrom("", "", "*", '"', '"*', "**", "”"),
)
  .map((parts) => parts.join(""));
const query = fc.oneof(
  { weight: 3, arbitrary: item },
  { weight: 3, arbitrary: fc.array(item, { maxLength: 6 }).map((items) => items.join(" ")) },
  { weight: 1, arbitrary: fc.array(fc.oneof(word, piece), { maxLength: 8 }).map((items) => items.join("")) },
);

const TERM = /^[a-z0-9\u0080-\u{10ffff}]+$/u;

fuzz("every string is a query", {
  file: import.meta.url,
  inputs: fc.oneof(
    { weight: 6, arbitrary: query },
    { weight: 2, arbitrary: repeated(item, 500_000) },
    { weight: 2, arbitrary: hostileText(500_000) },
  ),
  runs: 10_000,
  kinds: ["wants nothing", "wants", "excludes"],
  check: (text) => {
    const { wanted, excluded } = parseSearchQuery(text);
    const clauses = [...wanted, ...excluded];
    let count = 0;
    for (const { terms } of clauses) {
      assert.ok(terms.length > 0);
      count += terms.length;
      // What a term may not hold would have a meaning for SQLite, or cut the term in two.
      for (const term of terms) {
        assert.ok(TERM.test(term) && !/\p{Surrogate}/u.test(term), JSON.stringify(term));
      }
    }
    assert.ok(count <= MAX_QUERY_TERMS);
    assert.equal(new Set(wanted.map((clause) => JSON.stringify(clause))).size, wanted.length);
    return wanted.length === 0 ? "wants nothing" : excluded.length > 0 ? "excludes" : "wants";
  },
});

const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.record({
      t: text,
      "lemur": fc.integer(),
      deep: fc.array(fc.record({ u: text }), { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: hostileText(3_000) },
);
const search = fc.record({
  query,
  prefix: fc.constantFrom(undefined, undefined, undefined, "", "k", "k1", "\ud83d"),
  limit: fc.constantFrom(undefined, undefined, 0, 1, 3, 100),
});

fuzz("MemoryStorage, SqliteStorage and a look at every word find the same", {
  file: import.meta.url,
  inputs: fc.record({
    values: fc.array(value, { maxLength: 12 }),
    searches: fc.array(search, { minLength: 1, maxLength: 6 }),
  }),
  runs: 400,
  weight: 10,
  kinds: ["found", "nothing"],
  check: ({ values, searches }) => {
    const memory = new MemoryStorage();
    using sqlite = new SqliteStorage(":memory:");
    const stored = new Map<string, string[][]>();
    values.forEach((value, index) => {
      const key = `k${index}`;
      memory.set(key, value);
      sqlite.set(key, value);
      stored.set(key, stringsOf(value).map(termsOf));
    });
    let found = 0;
    for (const { query, ...options } of searches) {
      const expected = memory.search(query, options).map(rounded);
      assert.deepEqual(sqlite.search(query, options).map(rounded), expected);
      const everything = memory.search(query, { ...options, limit: 1_000 }).map(({ key }) => key).sort();
      assert.deepEqual(
        everything,
        matching(stored, query).filter((key) => key.startsWith(options.prefix ?? "")).sort(),
      );
      for (const { snippet, score } of expected) assert.ok(/«[^»]+»/.test(snippet) && score > 0, snippet);
      found += expected.length;
    }
    return found > 0 ? "found" : "nothing";
  },
});

/** Rounds what two ways to compute a logarithm may disagree about. */
function rounded(hit: SearchHit): SearchHit {
  return { ...hit, score: Number(hit.score.toPrecision(9)) };
}

function stringsOf(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((inner) => stringsOf(inner as JsonValue))
    : [];
}

function matching(stored: ReadonlyMap<string, string[][]>, query: string): string[] {
  const { wanted, excluded } = parseSearchQuery(query);
  if (wanted.length === 0) return [];
  const holds = (texts: string[][], clause: SearchClause) =>
    texts.some((terms) => holdsClause(terms, clause));
  return [...stored.keys()].filter((key) => {
    const texts = stored.get(key)!;
    return wanted.every((clause) => holds(texts, clause)) && !excluded.some((clause) => holds(texts, clause));
  });
}

function holdsClause(terms: readonly string[], { terms: asked, prefix }: SearchClause): boolean {
  return terms.some((_, first) =>
    asked.every((term, offset) => {
      const there = terms[first + offset];
      return prefix && offset === asked.length - 1 ? there?.startsWith(term) : there === term;
    })
  );
}
