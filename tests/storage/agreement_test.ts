/** Both storages give the same answers to whatever is asked of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonValue } from "../../src/json.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { OperationStorage } from "../../src/storage/storage.ts";

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
  "don't",
  "a",
  "b",
  "straße",
  "🚀",
  "😀x",
];
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  fc.string({ unit: "binary", maxLength: 4 }),
);
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.array(text, { maxLength: 3 }),
  fc.record({ t: text, n: fc.integer() }),
);
const key = fc.constantFrom("a", "a:1", "a:10", "b", "\uff5e", "😀");
const query = fc.oneof(
  fc.array(
    fc.tuple(fc.constantFrom("", "", "-", '"', '-"'), word, fc.constantFrom("", "", "*", '"', '"*')).map((
      parts,
    ) => parts.join("")),
    { maxLength: 4 },
  ).map((items) => items.join(" ")),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const prefix = fc.constantFrom(undefined, "", "a", "a:1", "😀", "\ud83d");

type Step = (storage: OperationStorage) => unknown;

/** Rounds what two ways to compute a logarithm may disagree about. */
function search(storage: OperationStorage, text: string, options: object): unknown {
  return storage.search(text, options).map((hit) => ({ ...hit, score: Number(hit.score.toPrecision(9)) }));
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(key, value).map(([key, value]): Step => (storage) => storage.set(key, value)),
  },
  { weight: 1, arbitrary: key.map((key): Step => (storage) => storage.delete(key)) },
  {
    weight: 1,
    arbitrary: key.map((key): Step => (storage) => [storage.get(key), storage.has(key), storage.size()]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(prefix, fc.option(key, { nil: undefined })).map(
      ([prefix, cursor]): Step => (storage) => {
        return storage.keys({ prefix, cursor, limit: 4 });
      },
    ),
  },
  {
    weight: 1,
    arbitrary: prefix.map((prefix): Step => (storage) => prefix === "a:1" ? storage.clear({ prefix }) : 0),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(query, prefix, fc.nat(5), fc.constantFrom("all", "any")).map(
      ([text, prefix, limit, match]): Step => (storage) => search(storage, text, { prefix, limit, match }),
    ),
  },
);

test("MemoryStorage and SqliteStorage agree on every sequence of calls", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const memory = new MemoryStorage();
      const sqlite = new SqliteStorage(":memory:");
      for (const step of steps) assert.deepEqual(step(sqlite), step(memory));
      sqlite.close();
    }),
    { numRuns: 300 },
  );
});

test("MemoryStorage and SqliteStorage find the same in many texts, in the same order", () => {
  const memory = new MemoryStorage();
  const sqlite = new SqliteStorage(":memory:");
  let seed = 1;
  const draw = (count: number) => (seed = (seed * 48_271) % 2_147_483_647) % count;
  const vocabulary = Array.from({ length: 300 }, (_, index) => `${"lmnr"[index % 4]}${index.toString(36)}`);
  for (let index = 0; index < 500; index++) {
    const words = Array.from({ length: draw(60) }, () => vocabulary[Math.min(draw(300), draw(300))]);
    for (const storage of [memory, sqlite]) storage.set(`k${index}`, words.join(" "));
  }
  for (const query of ["l0", "l0 m1", "l0 -m1", "l*", '"l0 m1"', "l0 m1 n2 r3", '"l0 m"*', "n2* -l*"]) {
    for (const match of ["all", "any"]) {
      const found = search(memory, query, { limit: 1_000, match });
      assert.deepEqual(search(sqlite, query, { limit: 1_000, match }), found);
    }
  }
  sqlite.close();
});

test("any string is a legal search", () => {
  const sqlite = new SqliteStorage(":memory:");
  sqlite.set("a", "some words");
  const strange = [
    "NEAR(a b, 2)",
    "a AND",
    "OR",
    "^a",
    "terms : a",
    "{a b}: c",
    "a*b*",
    '"',
    '""""',
    "\0",
    "a\0b",
    "(",
    "-",
    "*",
    "'",
  ];
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (query) => void sqlite.search(query)),
    { numRuns: 1_000, examples: strange.map((query): [string] => [query]) },
  );
  for (
    const huge of [
      "a ".repeat(100_000),
      "-a ".repeat(100_000) + "b",
      '"'.repeat(100_000),
      "x".repeat(1_000_000),
    ]
  ) {
    assert.deepEqual(sqlite.search(huge), []);
  }
  const many = Array.from({ length: 2_000 }, (_, index) => `${index % 2 ? "-" : ""}w${index}*`).join(" ");
  assert.deepEqual(sqlite.search(many), []);
  sqlite.close();
});
