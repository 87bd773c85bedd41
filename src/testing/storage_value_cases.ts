/**
 * What every storage keeps and forgets.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { all } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import type { StorageCases } from "./storage_cases.ts";

const SHAPES: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -0.1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  "",
  "null",
  'quote " back\\slash \n \u0000 \u2028 é 😀 \ud800',
  [],
  {},
  [[], [null, [1, { a: [] }]]],
  { "": 1, "a b": { nested: [true, "x"] }, constructor: 1, "ключ": "значение" },
  JSON.parse('{"__proto__": {"polluted": true}}') as JsonValue,
];

/**
 * Adds the cases of values.
 *
 * @param cases Where.
 */
export function keepsValues(cases: StorageCases): void {
  cases.gives("gives back every shape of JSON", SHAPES, function* ({ get, set }) {
    const found: JsonValue[] = [];
    for (const [index, value] of SHAPES.entries()) yield* set(`shape/${index}`, value);
    for (const index of SHAPES.keys()) found.push((yield* get(`shape/${index}`))!);
    return found;
  });
  cases.gives("tells null from nothing", [null, true, undefined, false], function* ({ get, has, set }) {
    yield* set("null", null);
    return [yield* get("null"), yield* has("null"), yield* get("none"), yield* has("none")];
  });
  cases.gives("replaces a value", [{ b: 2 }, 1], function* ({ get, set, size }) {
    yield* set("a", { a: 1 });
    yield* set("a", { b: 2 });
    return [yield* get("a"), yield* size()];
  });
  cases.gives("shares no object with its caller", [[1], [1], true], function* ({ get, set }) {
    const value = [1];
    yield* set("a", value);
    value.push(2);
    const first = yield* get("a") as Operation<number[]>;
    first.push(3);
    const second = yield* get("a");
    return [second, yield* get("a"), first !== second];
  });
  cases.gives("keeps a value of a million characters", 1_000_000, function* ({ get, set }) {
    yield* set("large", { text: "word ".repeat(200_000) });
    return ((yield* get("large")) as { text: string }).text.length;
  });
  cases.gives(
    "keeps what toJSON gives, and leaves out what is undefined",
    { at: "1970-01-01T00:00:00.000Z" },
    function* (storage) {
      yield* storage.set("a", { at: new Date(0), gone: undefined });
      return yield* storage.get("a");
    },
  );
  const itself: unknown[] = [];
  itself.push(itself);
  const bad: readonly [what: string, value: unknown, message: RegExp][] = [
    ["undefined", undefined, /it is undefined/],
    ["a function", () => 1, /it is a function/],
    ["NaN", { deep: [{ score: NaN }] }, /"score" is NaN/],
    ["Infinity", [Infinity], /"0" is Infinity/],
    ["a bigint", { big: 1n }, /"big" is a bigint/],
    ["a Map", { map: new Map([[1, 2]]) }, /"map" is a Map/],
    ["undefined in a list", [undefined], /"0" is undefined/],
    ["itself", itself, /circular|cyclic/i],
  ];
  for (const [what, value, message] of bad) {
    cases.refuses(
      `refuses to keep ${what}`,
      { Class: StorageError, message },
      (storage) => storage.set("a", value),
    );
  }
  cases.gives("keeps the old value when the new one is refused", 1, function* ({ get, set }) {
    yield* set("a", 1);
    try {
      yield* set("a", NaN);
    } catch {
      // Tested above.
    }
    return yield* get("a");
  });
  const hundred = Array.from({ length: 100 }, (_, index) => index);
  cases.gives("keeps a hundred values set side by side", hundred, function* ({ get, set }) {
    yield* all(hundred.map((index) => set(`n/${index}`, index)));
    return (yield* all(hundred.map((index) => get(`n/${index}`)))) as number[];
  });
}

/**
 * Adds the cases of forgetting.
 *
 * @param cases Where.
 */
export function forgets(cases: StorageCases): void {
  cases.gives("forgets a key once", [true, false, undefined, 0], function* (storage) {
    yield* storage.set("a", "word");
    return [
      yield* storage.delete("a"),
      yield* storage.delete("a"),
      yield* storage.get("a"),
      yield* storage.size(),
    ];
  });
  cases.gives("clears a prefix alone", [2, ["a:1"], 1, 0], function* ({ clear, keys, set, size }) {
    for (const key of ["a:1", "a:10", "a:1x"]) yield* set(key, 1);
    yield* set("b", 1);
    yield* set("c", 1);
    const cleared = yield* clear({ prefix: "b" }) as Operation<number>;
    return [
      cleared + (yield* clear({ prefix: "c" })),
      yield* keys({ prefix: "a:1", limit: 1 }),
      yield* clear({ prefix: "a:10" }),
      (yield* clear()) + (yield* size()) - 2,
    ];
  });
  cases.gives("finds nothing of what was forgotten", [1, 0, 0], function* (storage) {
    yield* storage.set("a", "lemur");
    const before = (yield* storage.search("lemur")).length;
    yield* storage.delete("a");
    const after = (yield* storage.search("lemur")).length;
    yield* storage.set("b", "lemur");
    yield* storage.clear();
    return [before, after, (yield* storage.search("lemur")).length];
  });
}
