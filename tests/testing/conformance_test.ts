/** The suites that users get: what is wrong in a storage or a retriever fails in the case that is about it, and nowhere else passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonValue } from "../../src/json.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import { OperationRetriever, type RetrieveOptions } from "../../src/retrievers/retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { operationsOf } from "../../src/storage/operations_of.ts";
import { OperationStorage, type Storage, type StorageOperations } from "../../src/storage/storage.ts";
import { type ConformanceCase, expectEqual } from "../../src/testing/conformance.ts";
import { retrieverConformance } from "../../src/testing/retriever_conformance.ts";
import { storageConformance } from "../../src/testing/storage_conformance.ts";
import { Document } from "../../src/thought/document.ts";

async function failuresOf(cases: readonly ConformanceCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) await run().catch(() => failed.push(name));
  return failed;
}

/** A storage with a fault. */
function storage(fault: (base: StorageOperations) => Partial<StorageOperations>): Storage {
  const base = operationsOf(new MemoryStorage());
  return new class extends OperationStorage {
    readonly name = "MemoryStorage";
    readonly _operations = { ...base, ...fault(base) };
  }();
}

const FAULTS: readonly [
  fault: string,
  make: (base: StorageOperations) => Partial<StorageOperations>,
  title: string,
][] = [
  ["gives nothing back", () => ({
    *get(): Operation<undefined> {
      return undefined;
    },
  }), "gives back every shape of JSON"],
  ["mixes up null and nothing", ({ get }) => ({
    *get(key): Operation<JsonValue | undefined> {
      return (yield* get(key)) ?? undefined;
    },
  }), "tells null from nothing"],
  ["ignores the prefix of keys", ({ keys }) => ({
    keys: ({ prefix: _, ...options } = {}) => keys(options),
  }), "lists keys of a prefix"],
  ["clears more than it is told", ({ clear }) => ({ clear: () => clear() }), "clears a prefix alone"],
  [
    "never expires",
    ({ set }) => ({ set: (key, value) => set(key, value) }),
    "keeps a value for its time and no longer",
  ],
  [
    "ignores the query",
    ({ search }) => ({ search: (_, options) => search("lemur", options) }),
    'search finds "red fox"',
  ],
  ["takes any key", ({ has }) => ({
    *has(key): Operation<boolean> {
      return typeof key === "string" && key !== "" ? yield* has(key) : false;
    },
  }), 'has refuses the key ""'],
  ["cannot be closed", () => ({ *close() {} }), "refuses size when it has been closed"],
];

test("storageConformance tells of a cursor that is among the keys after it, and ends", async () => {
  const inclusive = () =>
    storage(({ keys }) => ({
      *keys({ cursor = "", limit, ...where } = {}): Operation<string[]> {
        return (yield* keys(where)).filter((key) => key >= cursor).slice(0, limit);
      },
    }));
  const paging = storageConformance(inclusive).find(({ name }) => name.startsWith("pages through keys"))!;
  await assert.rejects(paging.run(), /keys gives "k1" again after the cursor "k1"/);
});

test("storageConformance passes a sound storage, method by method or by operations", async () => {
  assert.deepEqual(await failuresOf(storageConformance(() => new MemoryStorage())), []);
  assert.deepEqual(await failuresOf(storageConformance(() => storage(() => ({})))), []);
});

for (const [fault, make, title] of FAULTS) {
  test(`storageConformance notices a storage that ${fault}`, async () => {
    const failed = await failuresOf(storageConformance(() => storage(make)));
    assert.ok(failed.includes(title), failed.join("; "));
  });
}

/** A retriever with a fault. */
class Faulty extends OperationRetriever {
  readonly name = "faulty";
  readonly #base: InMemoryRetriever;
  readonly #change: (found: Document[], query: string) => Document[];

  constructor(
    documents: Readonly<Record<string, string>>,
    change: (found: Document[], query: string) => Document[],
  ) {
    super();
    this.#base = new InMemoryRetriever({ documents });
    this.#change = change;
  }

  *_retrieveOperation(query: string, options?: RetrieveOptions): Operation<Document[]> {
    return this.#change(yield* this.#base._retrieveOperation(query, options), query);
  }
}

const extra = new Document({ text: "Too many.", source: "x", score: 0 });

const RETRIEVER_FAULTS: readonly [string, (found: Document[], query: string) => Document[], string][] = [
  [
    "finds the worst first",
    (found) => found.reverse(),
    "gives documents that name their source, with scores that fall",
  ],
  [
    "names no source",
    (found) => found.map(({ text, score }) => new Document({ text, score })),
    "gives documents that name their source, with scores that fall",
  ],
  ["goes beyond the limit", (found) => [...found, extra], "keeps to a limit and refuses one that is none"],
  [
    "always finds something",
    (found) => found.length > 0 ? found : [extra],
    "finds nothing for a blank query",
  ],
  ["falls over quotes", (found, query) => {
    if (query.includes('"')) throw new Error("syntax");
    return found;
  }, "takes any text as a query"],
];

test("retrieverConformance passes a sound retriever", async () => {
  assert.deepEqual(
    await failuresOf(retrieverConformance((documents) => new Faulty(documents, (found) => found))),
    [],
  );
});

for (const [fault, change, title] of RETRIEVER_FAULTS) {
  test(`retrieverConformance notices a retriever that ${fault}`, async () => {
    const failed = await failuresOf(retrieverConformance((documents) => new Faulty(documents, change)));
    assert.ok(failed.includes(title), failed.join("; "));
  });
}

test("what is compared in the suites must hold the same, and the error shows both", () => {
  const same: readonly unknown[] = [1, null, undefined, NaN, [], {}, [[{ a: [1] }]], { a: undefined }];
  for (const value of same) expectEqual(structuredClone(value), value);
  const pairs: readonly [unknown, unknown][] = [
    [1, 2],
    [0, -0],
    [null, undefined],
    [[1], [1, 2]],
    [[], {}],
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, {}],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ];
  for (const [one, other] of pairs) {
    assert.throws(() => expectEqual(one, other, "it"), /^Error: it is .* and should be /);
    assert.throws(() => expectEqual(other, one, "it"));
  }
});
