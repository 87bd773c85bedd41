/** What every storage must do. Each case runs through every driver, on a fresh storage each time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import type { JsonValue } from "../../src/json.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { operationsOf } from "../../src/storage/operations_of.ts";
import type { OperationStorage, StorageOperations } from "../../src/storage/storage.ts";
import { outcomeOf, outcomeOfAsync, testEveryDriver } from "../helpers/drivers.ts";

type Body<T> = (storage: StorageOperations) => Operation<T>;

/** How the tests of one storage differ. */
export interface StorageTestOptions {
  /** Whether they run in a simulation, too: not where a real server must answer. @default true */
  simulated?: boolean;
  /** Whether it finds values by vectors. @default false */
  vectors?: boolean;
}

/** Adds the tests of every storage for one of them. */
export function testStorage(
  name: string,
  create: () => OperationStorage,
  { simulated = true, vectors = false }: StorageTestOptions = {},
): void {
  const operationOf = <T>(body: Body<T>) =>
    function* (): Operation<T> {
      const operations = operationsOf(create());
      try {
        return yield* body(operations);
      } finally {
        yield* operations.close();
      }
    };

  const gives = <T>(title: string, expected: T, body: Body<T>): void =>
    testEveryDriver(`${name} ${title}`, {
      simulated,
      operation: operationOf(body),
      check: (outcome) => {
        if (!outcome.ok) throw outcome.error;
        assert.deepEqual(outcome.value, expected);
      },
    });

  const refuses = (title: string, Class: typeof StorageError, message: RegExp, body: Body<unknown>): void =>
    testEveryDriver(`${name} ${title}`, {
      simulated,
      operation: operationOf(body),
      check: (outcome) => {
        assert.ok(
          !outcome.ok && outcome.error instanceof Class,
          String((outcome as { error?: unknown }).error),
        );
        assert.match(outcome.error.message, message);
        assert.equal(outcome.error.component, name);
      },
    });

  keepsValues(gives, refuses);
  checksKeys(gives, refuses);
  listsKeys(gives, refuses);
  forgets(gives);
  expires(gives, refuses);
  searches(gives, refuses);
  if (!vectors) refusesVectors(refuses);
  closes(name, create);
  hasTwins(name, create);
}

type Gives = <T>(title: string, expected: T, body: Body<T>) => void;
type Refuses = (title: string, Class: typeof StorageError, message: RegExp, body: Body<unknown>) => void;

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

function keepsValues(gives: Gives, refuses: Refuses): void {
  gives("gives back every shape of JSON", SHAPES, function* ({ get, set }) {
    const found: JsonValue[] = [];
    for (const [index, value] of SHAPES.entries()) yield* set(`shape/${index}`, value);
    for (const index of SHAPES.keys()) found.push((yield* get(`shape/${index}`))!);
    return found;
  });
  gives("tells null from nothing", [null, true, undefined, false], function* ({ get, has, set }) {
    yield* set("null", null);
    return [yield* get("null"), yield* has("null"), yield* get("none"), yield* has("none")];
  });
  gives("replaces a value", [{ b: 2 }, 1], function* ({ get, set, size }) {
    yield* set("a", { a: 1 });
    yield* set("a", { b: 2 });
    return [yield* get("a"), yield* size()];
  });
  gives("shares no object with its caller", [[1], [1], true], function* ({ get, set }) {
    const value = [1];
    yield* set("a", value);
    value.push(2);
    const first = yield* get("a") as Operation<number[]>;
    first.push(3);
    const second = yield* get("a");
    return [second, yield* get("a"), first !== second];
  });
  gives("keeps a value of a million characters", 1_000_000, function* ({ get, set }) {
    yield* set("large", { text: "word ".repeat(200_000) });
    return ((yield* get("large")) as { text: string }).text.length;
  });
  gives(
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
    refuses(`refuses to keep ${what}`, StorageError, message, (storage) => storage.set("a", value));
  }
  gives("keeps the old value when the new one is refused", 1, function* ({ get, set }) {
    yield* set("a", 1);
    try {
      yield* set("a", NaN);
    } catch {
      // Tested above.
    }
    return yield* get("a");
  });
  const hundred = Array.from({ length: 100 }, (_, index) => index);
  gives("keeps a hundred values set side by side", hundred, function* ({ get, set }) {
    yield* all(hundred.map((index) => set(`n/${index}`, index)));
    return (yield* all(hundred.map((index) => get(`n/${index}`)))) as number[];
  });
}

function checksKeys(gives: Gives, refuses: Refuses): void {
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
  gives("tells all keys apart", odd.map((_, index) => index), function* ({ get, set }) {
    for (const [index, key] of odd.entries()) yield* set(key, index);
    return (yield* all(odd.map((key) => get(key)))) as number[];
  });
  gives("takes a key of 512 bytes", true, function* ({ has, set }) {
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
      refuses(title, StorageError, message, (storage) => storage[method](key as string, 1));
    }
  }
}

/** In code-point order, which is not that of UTF-16 code units: the last two would be the other way round there. */
const ORDERED = ["A", "B", "a", "a:1", "a:10", "a:2", "b", "é", "日", "\uff5e", "😀"];

function listsKeys(gives: Gives, refuses: Refuses): void {
  const filled = (body: Body<string[]>): Body<string[]> =>
    function* (storage) {
      for (const key of [...ORDERED].reverse()) yield* storage.set(key, 1);
      return yield* body(storage);
    };
  gives("lists keys by code point", ORDERED, filled(({ keys }) => keys()));
  gives("lists keys of a prefix", ["a:1", "a:10"], filled(({ keys }) => keys({ prefix: "a:1" })));
  gives("lists keys of an astral prefix", ["😀"], filled(({ keys }) => keys({ prefix: "😀" })));
  gives("lists none of half a character", [], filled(({ keys }) => keys({ prefix: "\ud83d" })));
  gives("lists as many keys as asked", ["A", "B"], filled(({ keys }) => keys({ limit: 2 })));
  gives("lists none when asked for none", [], filled(({ keys }) => keys({ limit: 0 })));
  gives("lists keys after a cursor", ["b", "é"], filled(({ keys }) => keys({ cursor: "a:2", limit: 2 })));
  gives(
    "lists keys after a cursor that is no key",
    ["b", "é"],
    filled(({ keys }) => keys({ cursor: "a:3", limit: 2 })),
  );
  gives(
    "lists keys of a prefix after a cursor",
    ["a:10", "a:2"],
    filled(({ keys }) => keys({ prefix: "a:", cursor: "a:1" })),
  );
  gives("lists none after the last", [], filled(({ keys }) => keys({ cursor: "😀" })));
  gives(
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
  refuses(
    "keys refuses a negative limit",
    ConfigurationError,
    /limit must be an integer of at least 0/,
    ({ keys }) => keys({ limit: -1 }),
  );
  refuses(
    "keys refuses a misspelt option",
    ConfigurationError,
    /did you mean prefix/,
    ({ keys }) => keys({ prefx: "a" } as object),
  );
}

function forgets(gives: Gives): void {
  gives("forgets a key once", [true, false, undefined, 0], function* (storage) {
    yield* storage.set("a", "word");
    return [
      yield* storage.delete("a"),
      yield* storage.delete("a"),
      yield* storage.get("a"),
      yield* storage.size(),
    ];
  });
  gives("clears a prefix alone", [2, ["a:1"], 1, 0], function* ({ clear, keys, set, size }) {
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
  gives("finds nothing of what was forgotten", [1, 0, 0], function* (storage) {
    yield* storage.set("a", "lemur");
    const before = (yield* storage.search("lemur")).length;
    yield* storage.delete("a");
    const after = (yield* storage.search("lemur")).length;
    yield* storage.set("b", "lemur");
    yield* storage.clear();
    return [before, after, (yield* storage.search("lemur")).length];
  });
}

function expires(gives: Gives, refuses: Refuses): void {
  const ttlMs = 5;
  gives(
    "keeps a value for its time and no longer",
    [1, true, undefined, false, false, ["b"], 1, 0],
    function* (storage) {
      const { get, has, set } = storage;
      yield* set("a", 1, { ttlMs: 60_000 });
      const before = [yield* get("a"), yield* has("a")];
      yield* set("a", "lemur", { ttlMs });
      yield* set("b", 2);
      yield* sleep(2 * ttlMs);
      const gone = [yield* get("a"), yield* has("a"), yield* storage.delete("a")];
      return [
        ...before,
        ...gone,
        yield* storage.keys(),
        yield* storage.size(),
        (yield* storage.search("lemur")).length,
      ];
    },
  );
  gives("does not count what has expired when it clears", 1, function* ({ clear, set }) {
    yield* set("a", 1, { ttlMs });
    yield* set("b", 1);
    yield* sleep(2 * ttlMs);
    return yield* clear();
  });
  gives("keeps for ever what is set again without a time", 2, function* ({ get, set }) {
    yield* set("a", 1, { ttlMs });
    yield* set("a", 2);
    yield* sleep(2 * ttlMs);
    return yield* get("a");
  });
  gives("takes any time above 0", [1, 1], function* ({ get, set }) {
    yield* set("a", 1, { ttlMs: 1e300 });
    yield* set("b", 1, { ttlMs: 12_345.678 });
    return [yield* get("a"), yield* get("b")];
  });
  for (const wrong of [0, -1, NaN, "1" as unknown as number]) {
    const message = /ttlMs must be a number above 0/;
    refuses(
      `set refuses a time of ${wrong}`,
      ConfigurationError,
      message,
      (storage) => storage.set("a", 1, { ttlMs: wrong }),
    );
  }
}

const TEXTS: Readonly<Record<string, JsonValue>> = {
  "doc/1": { title: "Le Café noir", body: ["Ring-tailed lemurs live on an island."], tag: 7 },
  "doc/2": "A lemur sat in the café. Lemur, lemur!",
  "doc/3": { text: "東京都に住む lemur", lemurs: "no field name is a text" },
  "doc/4": ["red", "fox"],
  "other/1": "the red fox and the island",
  "other/2": 12_345,
};

function searches(gives: Gives, refuses: Refuses): void {
  const hits = (query: string, options: Parameters<StorageOperations["search"]>[1] = {}): Body<string[]> =>
    function* ({ search, set }) {
      for (const [key, value] of Object.entries(TEXTS)) yield* set(key, value);
      return (yield* search(query, options)).map((hit) => hit.key);
    };
  const cases: readonly [query: string, keys: string[]][] = [
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
  for (const [query, keys] of cases) gives(`search finds ${JSON.stringify(query)}`, keys, hits(query));
  gives("search keeps to a prefix", ["doc/1"], hits("island", { prefix: "doc/" }));
  gives("search keeps to a limit", ["doc/2"], hits("lemur", { limit: 1 }));
  gives("search finds any of the words", ["doc/2", "doc/1", "doc/3"], hits("cafe lemur", { match: "any" }));
  gives("search finds any but the excluded", ["doc/3"], hits("cafe lemur -café", { match: "any" }));
  gives("search gives none for a limit of 0", [], hits("lemur", { limit: 0 }));
  gives("search keeps to a score", [], hits("lemur", { minScore: 100 }));
  gives(
    "search keeps to a filter, and looks on for more",
    ["doc/3"],
    hits("lemur", { limit: 1, filter: (value) => typeof value === "object" }),
  );
  gives(
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
  gives(
    "search puts equals in the order of their keys",
    ["a", "b", "\uff5e", "😀"],
    function* ({ search, set }) {
      for (const key of ["😀", "b", "\uff5e", "a"]) yield* set(key, "same words");
      return (yield* search("same")).map((hit) => hit.key);
    },
  );
  gives("search follows changes", ["new"], function* ({ search, set }) {
    yield* set("k", "old words");
    yield* search("old");
    yield* set("k", "new words");
    return [...yield* search("old"), ...yield* search("new")].map((hit) =>
      (hit.value as string).split(" ")[0]!
    );
  });
  gives("search gives ten hits unless told otherwise", [10, 25], function* ({ search, set }) {
    for (let index = 0; index < 25; index++) yield* set(`k${index}`, "lemur");
    return [(yield* search("lemur")).length, (yield* search("lemur", { limit: 100 })).length];
  });
  for (const limit of [-1, 1.5, NaN]) {
    refuses(
      `search refuses a limit of ${limit}`,
      ConfigurationError,
      /limit must be an integer of at least 0/,
      hits("a", { limit }),
    );
  }
  refuses(
    "search refuses a query that is no string",
    ConfigurationError,
    /query must be a string: query is 7/,
    hits(7 as unknown as string),
  );
}

function refusesVectors(refuses: Refuses): void {
  refuses(
    "search refuses vectors",
    ConfigurationError,
    /has no embed function/,
    ({ search }) => search("a", { mode: "vector" }),
  );
}

function closes(name: string, create: () => OperationStorage): void {
  const uses: readonly [method: string, use: (storage: OperationStorage) => unknown][] = [
    ["get", (storage) => storage.get("a")],
    ["set", (storage) => storage.set("a", 1)],
    ["delete", (storage) => storage.delete("a")],
    ["has", (storage) => storage.has("a")],
    ["keys", (storage) => storage.keys()],
    ["search", (storage) => storage.search("a")],
    ["search for nothing", (storage) => storage.search("")],
    ["clear", (storage) => storage.clear()],
    ["size", (storage) => storage.size()],
  ];
  for (const [method, use] of uses) {
    test(`${name} refuses ${method} when it has been closed`, () => {
      const storage = create();
      storage.close();
      assert.throws(() => use(storage), (error) => error instanceof StorageError && error.code === "closed");
    });
  }
  test(`${name} may be closed twice, and by a using block`, async () => {
    const storage = create();
    storage[Symbol.dispose]();
    storage.close();
    await storage._closeAsync();
    assert.throws(() => storage.size(), /has been closed/);
  });
}

function hasTwins(name: string, create: () => OperationStorage): void {
  test(`${name} does the same by its methods and their twins`, async () => {
    const plain = create();
    const twin = create();
    plain.set("a", "lemur", { ttlMs: 60_000 });
    await twin._setAsync("a", "lemur", { ttlMs: 60_000 });
    const pairs: readonly [unknown, unknown][] = [
      [plain.get("a"), await twin._getAsync("a")],
      [plain.has("a"), await twin._hasAsync("a")],
      [plain.keys({ prefix: "a" }), await twin._keysAsync({ prefix: "a" })],
      [plain.search("lemur"), await twin._searchAsync("lemur")],
      [plain.size(), await twin._sizeAsync()],
      [plain.delete("b"), await twin._deleteAsync("b")],
      [plain.clear(), await twin._clearAsync()],
      [plain.size(), await twin._sizeAsync()],
    ];
    for (const [a, b] of pairs) assert.deepEqual(a, b);
    plain.close();
    await twin._closeAsync();
  });
  test(`${name} throws the reason of a signal, and nothing has changed`, async () => {
    const storage = create();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    assert.equal((outcomeOf(() => storage.set("a", 1, { signal })) as { error: unknown }).error, reason);
    const outcome = await outcomeOfAsync(() => storage._setAsync("a", 1, { signal }));
    assert.equal((outcome as { error: unknown }).error, reason);
    assert.equal(storage.size(), 0);
    storage.close();
  });
}
