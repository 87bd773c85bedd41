/**
 * What every storage finds.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { StorageOperations } from "../storage/storage.ts";
import type { StorageBody, StorageCases } from "./storage_cases.ts";

const TEXTS: Readonly<Record<string, JsonValue>> = {
  "doc/1": { title: "Le Café noir", body: ["Ring-tailed lemurs live on an island."], tag: 7 },
  "doc/2": "A lemur sat in the café. Lemur, lemur!",
  "doc/3": { text: "東京都に住む lemur", lemurs: "no field name is a text" },
  "doc/4": ["red", "fox"],
  "other/1": "the red fox and the island",
  "other/2": 12_345,
};

/**
 * Adds the cases of searches.
 *
 * @param cases Where.
 */
export function searches(cases: StorageCases): void {
  const hits = (
    query: string,
    options: Parameters<StorageOperations["search"]>[1] = {},
  ): StorageBody<string[]> =>
    function* ({ search, set }) {
      for (const [key, value] of Object.entries(TEXTS)) yield* set(key, value);
      return (yield* search(query, options)).map((hit) => hit.key);
    };
  const found: readonly [query: string, keys: string[]][] = [
    ["lemur", ["doc/2", "doc/3"]],
    ["LEMUR cafe", ["doc/2"]],
    ["lemur*", ["doc/2", "doc/1", "doc/3"]],
    ['"ring tailed" isl*', ["doc/1"]],
    ['"live on an isl"*', ["doc/1"]],
    ["ring-tailed", ["doc/1"]],
    ["tailed-ring", []],
    ["lemur -café", ["doc/3"]],
    ['island -"red fox" -zebra', ["doc/1"]],
    ["-lemur", []],
    ["東京", ["doc/3"]],
    ["京東", []],
    ["red fox", ["doc/4", "other/1"]],
    ['"red fox"', ["other/1"]],
    ["tag 7", []],
    ["12345", []],
    ["absent lemur", []],
    ["", []],
    ['  "" - * \' ; 🚀 (', []],
    ['lemur AND "', []],
  ];
  for (const [query, keys] of found) cases.gives(`search finds ${JSON.stringify(query)}`, keys, hits(query));
  cases.gives("search keeps to a prefix", ["doc/1"], hits("island", { prefix: "doc/" }));
  cases.gives("search keeps to a limit", ["doc/2"], hits("lemur", { limit: 1 }));
  cases.gives(
    "search finds any of the words",
    ["doc/2", "doc/1", "doc/3"],
    hits("cafe lemur", { match: "any" }),
  );
  cases.gives("search finds any but the excluded", ["doc/3"], hits("cafe lemur -café", { match: "any" }));
  cases.gives("search gives none for a limit of 0", [], hits("lemur", { limit: 0 }));
  cases.gives("search keeps to a score", [], hits("lemur", { minScore: 100 }));
  cases.gives(
    "search keeps to a filter, and looks on for more",
    ["doc/3"],
    hits("lemur", { limit: 1, filter: (value) => typeof value === "object" }),
  );
  cases.gives(
    "search gives value, score and snippet",
    [TEXTS["doc/1"], true, "Le «Café noir»"],
    function* ({ search, set }) {
      yield* set("doc/1", TEXTS["doc/1"]);
      yield* set("doc/2", "x");
      yield* set("doc/3", "y");
      const [hit] = yield* search('"cafe noir"');
      return [hit!.value, hit!.score > 0, hit!.snippet] as unknown[];
    },
  );
  cases.gives(
    "search puts equals in the order of their keys",
    ["a", "b", "\uff5e", "😀"],
    function* ({ search, set }) {
      for (const key of ["😀", "b", "\uff5e", "a"]) yield* set(key, "same words");
      return (yield* search("same")).map((hit) => hit.key);
    },
  );
  cases.gives("search follows changes", ["new"], function* ({ search, set }) {
    yield* set("k", "old words");
    yield* search("old");
    yield* set("k", "new words");
    return [...yield* search("old"), ...yield* search("new")].map((hit) =>
      (hit.value as string).split(" ")[0]!
    );
  });
  cases.gives("search gives ten hits unless told otherwise", [10, 25], function* ({ search, set }) {
    for (let index = 0; index < 25; index++) yield* set(`k${index}`, "lemur");
    return [(yield* search("lemur")).length, (yield* search("lemur", { limit: 100 })).length];
  });
  for (const limit of [-1, 1.5, NaN]) {
    cases.refuses(
      `search refuses a limit of ${limit}`,
      { Class: ConfigurationError, message: /limit must be an integer of at least 0/ },
      hits("a", { limit }),
    );
  }
  cases.refuses(
    "search refuses a query that is no string",
    { Class: ConfigurationError, message: /query must be a string: query is 7/ },
    hits(7 as unknown as string),
  );
}

/**
 * Adds the case of a storage without vectors.
 *
 * @param cases Where.
 */
export function refusesVectors(cases: StorageCases): void {
  cases.refuses(
    "search refuses vectors",
    { Class: ConfigurationError, message: /has no embed function/ },
    ({ search }) => search("a", { mode: "vector" }),
  );
}
