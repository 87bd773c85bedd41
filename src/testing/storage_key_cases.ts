/**
 * What every storage asks of its keys, and how it lists them.
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../errors.ts";
import { all } from "../operation/combinators.ts";
import { show } from "../options.ts";
import { expect } from "./conformance.ts";
import type { StorageBody, StorageCases } from "./storage_cases.ts";

/**
 * Adds the cases of keys that are refused or told apart.
 *
 * @param cases Where.
 */
export function checksKeys(cases: StorageCases): void {
  const odd = [
    "a b",
    "a/b",
    "../x",
    "CON",
    "A",
    "a",
    "%",
    "'; DROP TABLE entries; --",
    "*",
    "\u00e9",
    "e\u0301",
    "日本",
    "😀",
  ];
  cases.gives("tells all keys apart", odd.map((_, index) => index), function* ({ get, set }) {
    for (const [index, key] of odd.entries()) yield* set(key, index);
    return (yield* all(odd.map((key) => get(key)))) as number[];
  });
  cases.gives("takes a key of 512 bytes", true, function* ({ has, set }) {
    yield* set("é".repeat(256), 1);
    return yield* has("é".repeat(256));
  });
  const bad: readonly [key: unknown, message: RegExp][] = [
    ["", /must not be empty: key is ""/],
    ["a\u0000b", /must have no control characters/],
    ["a\nb", /must have no control characters/],
    ["a\ud800", /must be well-formed Unicode/],
    ["é".repeat(257), /must have at most 512 bytes/],
    [7, /must be a string: key is 7/],
    [undefined, /must be a string: key is undefined/],
  ];
  for (const [key, message] of bad) {
    for (const method of ["get", "set", "delete", "has"] as const) {
      const title = `${method} refuses the key ${JSON.stringify(key)?.slice(0, 12)}`;
      cases.refuses(title, { Class: StorageError, message }, (storage) => storage[method](key as string, 1));
    }
  }
}

/** In code-point order, which is not that of UTF-16 code units: the last two would be the other way round there. */
const ORDERED = ["A", "B", "a", "a:1", "a:10", "a:2", "b", "é", "日", "\uff5e", "😀"];

/**
 * Adds the cases of lists of keys.
 *
 * @param cases Where.
 */
export function listsKeys(cases: StorageCases): void {
  const filled = (body: StorageBody<string[]>): StorageBody<string[]> =>
    function* (storage) {
      for (const key of [...ORDERED].reverse()) yield* storage.set(key, 1);
      return yield* body(storage);
    };
  cases.gives("lists keys by code point", ORDERED, filled(({ keys }) => keys()));
  cases.gives("lists keys of a prefix", ["a:1", "a:10"], filled(({ keys }) => keys({ prefix: "a:1" })));
  cases.gives("lists keys of an astral prefix", ["😀"], filled(({ keys }) => keys({ prefix: "😀" })));
  cases.gives("lists none of half a character", [], filled(({ keys }) => keys({ prefix: "\ud83d" })));
  cases.gives("lists as many keys as asked", ["A", "B"], filled(({ keys }) => keys({ limit: 2 })));
  cases.gives("lists none when asked for none", [], filled(({ keys }) => keys({ limit: 0 })));
  cases.gives(
    "lists keys after a cursor",
    ["b", "é"],
    filled(({ keys }) => keys({ cursor: "a:2", limit: 2 })),
  );
  cases.gives(
    "lists keys after a cursor that is no key",
    ["b", "é"],
    filled(({ keys }) => keys({ cursor: "a:3", limit: 2 })),
  );
  cases.gives(
    "lists keys of a prefix after a cursor",
    ["a:10", "a:2"],
    filled(({ keys }) => keys({ prefix: "a:", cursor: "a:1" })),
  );
  cases.gives("lists none after the last", [], filled(({ keys }) => keys({ cursor: "😀" })));
  cases.gives(
    "pages through keys that come and go meanwhile",
    ["k1", "k3", "k4", "k6"],
    function* ({ delete: remove, keys, set }) {
      for (const key of ["k1", "k2", "k3", "k5", "k6"]) yield* set(key, 1);
      const seen: string[] = [];
      for (
        let page = yield* keys({ limit: 1 });
        page.length > 0;
        page = yield* keys({ limit: 1, cursor: seen.at(-1) })
      ) {
        // Paging would never end.
        const again = page.find((key) => seen.includes(key));
        expect(again === undefined, `keys gives ${show(again)} again after the cursor ${show(seen.at(-1))}`);
        seen.push(...page);
        if (seen.length === 1) yield* remove("k2");
        if (seen.length === 2) {
          yield* set("k4", 1);
          yield* set("k0", 1);
          yield* remove("k5");
        }
      }
      return seen;
    },
  );
  cases.refuses(
    "keys refuses a negative limit",
    { Class: ConfigurationError, message: /limit must be an integer of at least 0/ },
    ({ keys }) => keys({ limit: -1 }),
  );
  cases.refuses(
    "keys refuses a misspelt option",
    { Class: ConfigurationError, message: /did you mean prefix/ },
    ({ keys }) => keys({ prefx: "a" } as object),
  );
}
