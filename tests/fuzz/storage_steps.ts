/** Calls of a storage, drawn at random: each made on the storage and on the model, whose answers must be the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { simulate } from "../../src/drivers/simulation.ts";
import { StorageError } from "../../src/errors.ts";
import type { Operation } from "../../src/operation/operation.ts";
import type { StorageOperations } from "../../src/storage/storage.ts";
import type { StorageModel } from "./storage_model.ts";

const MAX_KEY_BYTES = 512;

/** What a step works on. */
export interface Subject {
  /** The model. */
  readonly model: StorageModel;
  /** The storages; `reopen` may put others in their place. */
  storages: readonly StorageOperations[];
  /** The virtual time, in milliseconds since the epoch. */
  nowMs: number;
  /** Closes what has a file, and opens it again. */
  reopen(): void;
}

/** One call. */
export interface Step {
  readonly name: string;
  readonly run: (subject: Subject) => void;
}

const KEYS = [
  "a",
  "a:",
  "a:1",
  "a:10",
  "a:2",
  "b",
  "B",
  "é",
  "e\u0301",
  "\uffff",
  "\u{10ffff}",
  "😀",
  "😀:1",
  "\ufffd",
  " ",
  "__proto__",
  "%",
  "_",
];
const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...KEYS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }).filter((text) =>
      !/\p{Cc}/u.test(text)
    ),
  },
);
const badKey = fc.constantFrom(
  "",
  "\0",
  "a\nb",
  "\x7f",
  "\ud800",
  "a\udc00",
  "x".repeat(MAX_KEY_BYTES + 1),
  "é".repeat(257),
);
const longestKey = fc.constant("é".repeat(MAX_KEY_BYTES / 2));
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      false,
      0,
      -0,
      1e300,
      "",
      "text",
      [],
      {},
      { toJSON: () => [1] },
      { left: undefined },
    ),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);
const badValue = fc.constantFrom<unknown>(
  undefined,
  NaN,
  [Infinity],
  1n,
  () => 1,
  [undefined],
  new Map(),
  new Set([1]),
  Symbol("s"),
);
const ttlMs = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(0.1, 1, 1.5, 100, 1_000, 1e12, Number.MAX_VALUE) },
);
const prefix = fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, {
  weight: 3,
  arbitrary: fc.oneof(key, fc.constantFrom("", "a", "\ud83d", "\udc00", "\ufffe")),
});
const cursor = fc.option(fc.oneof(key, fc.constantFrom("", "\ud83d", "\ud83d\ude00a", "zz")), {
  nil: undefined,
});

function onAll(
  subject: Subject,
  call: (storage: StorageOperations) => Operation<unknown>,
  expected: unknown,
): void {
  for (const storage of subject.storages) {
    const { outcome } = simulate(call(storage), { startMs: subject.nowMs });
    if (!outcome.ok) throw outcome.error;
    assert.deepEqual(outcome.value, expected);
  }
}

function refused(
  subject: Subject,
  code: string,
  call: (storage: StorageOperations) => Operation<unknown>,
): void {
  for (const storage of subject.storages) {
    const { outcome } = simulate(call(storage), { startMs: subject.nowMs });
    assert.ok(
      !outcome.ok && outcome.error instanceof StorageError && outcome.error.code === code,
      `${code} expected`,
    );
  }
}

/** A step that a failure shows by its name. */
const named = (name: string, run: Step["run"]): Step =>
  Object.assign({ name, run }, { [fc.toStringMethod]: () => name });

/** A call of a storage, or a moment that passes. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(key, value, ttlMs).map(([key, value, ttlMs]) =>
      named(`set ${JSON.stringify(key)} ${fc.stringify(value)} ${ttlMs}`, (subject) => {
        subject.model.set(key, value, ttlMs);
        onAll(subject, (storage) => storage.set(key, value, { ttlMs }), undefined);
      })
    ),
  },
  {
    weight: 3,
    arbitrary: key.map((key) =>
      named(
        `get ${JSON.stringify(key)}`,
        (subject) => onAll(subject, (storage) => storage.get(key), subject.model.get(key)),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: key.map((key) =>
      named(
        `has ${JSON.stringify(key)}`,
        (subject) => onAll(subject, (storage) => storage.has(key), subject.model.has(key)),
      )
    ),
  },
  {
    weight: 3,
    arbitrary: key.map((key) =>
      named(
        `delete ${JSON.stringify(key)}`,
        (subject) => onAll(subject, (storage) => storage.delete(key), subject.model.delete(key)),
      )
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({ prefix, cursor, limit: fc.constantFrom(undefined, 0, 1, 2, 5) }).map((options) =>
      named(
        `keys ${fc.stringify(options)}`,
        (subject) => onAll(subject, (storage) => storage.keys(options), subject.model.keys(options)),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: prefix.map((prefix) =>
      named(
        `clear ${fc.stringify(prefix)}`,
        (subject) => onAll(subject, (storage) => storage.clear({ prefix }), subject.model.clear(prefix)),
      )
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 2, 99, 500, 1_000, 1e13).map((byMs) =>
      named(`wait ${byMs}`, (subject) => {
        subject.nowMs += byMs;
        subject.model.moveTo(subject.nowMs);
        onAll(subject, (storage) => storage.size(), subject.model.size);
      })
    ),
  },
  { weight: 1, arbitrary: fc.constant(named("reopen", (subject) => subject.reopen())) },
  {
    weight: 1,
    arbitrary: fc.tuple(badKey, fc.constantFrom("get", "has", "delete")).map(([key, call]) =>
      named(
        `${call} ${JSON.stringify(key.slice(0, 9))}`,
        (subject) => refused(subject, "invalid_key", (storage) => storage[call as "get"](key)),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(key, badValue).map(([key, value]) =>
      named(
        `set ${JSON.stringify(key)} ${fc.stringify(value)}`,
        (subject) => refused(subject, "invalid_value", (storage) => storage.set(key, value)),
      )
    ),
  },
  {
    weight: 1,
    arbitrary: longestKey.map((key) =>
      named("set the longest key", (subject) => {
        subject.model.set(key, 1);
        onAll(subject, (storage) => storage.set(key, 1), undefined);
      })
    ),
  },
);

/** Lists all keys page by page. */
export function checkPages(subject: Subject, limit: number): void {
  for (const storage of subject.storages) {
    const keys: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const { outcome } = simulate(storage.keys({ limit, cursor }), { startMs: subject.nowMs });
      if (!outcome.ok) throw outcome.error;
      if (outcome.value.length === 0) break;
      keys.push(...outcome.value);
      cursor = keys.at(-1);
    }
    assert.deepEqual(keys, subject.model.keys());
  }
}
