import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelApiError, SifakaError, TimeoutError } from "../../src/errors.ts";
import { decodeError, encodeError } from "../../src/operation/outcome.ts";

/** Through a thread and a journal, and back. */
function carried(thrown: unknown): unknown {
  const encoded = encodeError(thrown);
  const cloned = structuredClone(encoded);
  assert.deepEqual(JSON.parse(JSON.stringify(encoded)), JSON.parse(JSON.stringify(cloned)));
  return decodeError(cloned);
}

/** Narrows what came back. */
function carriedError(thrown: unknown): Error & Record<string, unknown> {
  const error = carried(thrown);
  assert.ok(error instanceof Error);
  return error as Error & Record<string, unknown>;
}

test("thrown values that are no errors come back as they are, falsy ones too", () => {
  for (const thrown of [undefined, null, false, 0, "", "text", 1.5, { a: [1, null] }, []]) {
    assert.deepEqual(carried(thrown), thrown);
  }
  assert.equal(carried(NaN), "NaN");
  assert.equal(carried(10n), "10");
  assert.equal(carried(Symbol("s")), "Symbol(s)");
  assert.deepEqual(carried({ kept: 1, dropped: () => 1 }), { kept: 1 });
  assert.match(String(carried(() => 1)), /=> ?1/);
});

test("an error with fields that throw, circle, run deep or cannot be cloned keeps the rest", () => {
  const circular: Record<string, unknown> = { name: "round" };
  circular.self = circular;
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 10_000; depth++) deep = { deep };
  const error = Object.assign(new RangeError("too far"), { limit: 3, circular, deep, call: () => 1 });
  Object.defineProperty(error, "trap", {
    enumerable: true,
    get() {
      throw new Error("from the getter");
    },
  });
  const back = carriedError(error);
  assert.ok(back instanceof RangeError);
  assert.deepEqual([back.message, back.limit, "trap" in back, "call" in back], ["too far", 3, false, false]);
  assert.equal((back.circular as { name: string }).name, "round");
});

test("an error whose message, name and stack are no text is told all the same", () => {
  const error = new Error("fine");
  Object.defineProperties(error, {
    message: { value: { toString: () => "from an object" } },
    name: { value: undefined },
    stack: { value: () => 1 },
  });
  assert.equal(carriedError(error).message, "from an object");
  const worse = new Error();
  Object.defineProperty(worse, "message", { value: Object.create(null) });
  assert.equal(carriedError(worse).message, "a value that has no text");
});

test("an error with huge fields is cut, and keeps its message", () => {
  const error = Object.assign(new Error("refused"), {
    status: 500,
    body: "x".repeat(50_000_000),
    rows: Array.from({ length: 3_000_000 }, () => 1),
  });
  const encoded = encodeError(error);
  assert.ok(JSON.stringify(encoded).length < 5_000_000);
  const back = carriedError(error);
  assert.deepEqual([back.message, back.status], ["refused", 500]);
});

test("an error whose causes go round in a circle comes to an end", () => {
  const first = new Error("first");
  first.cause = new Error("second", { cause: first });
  const back = carriedError(first);
  assert.equal((back.cause as Error).message, "second");
  const everything = new AggregateError([], "round");
  everything.errors.push(...Array.from({ length: 20 }, () => everything));
  everything.cause = everything;
  assert.equal(carriedError(everything).message, "round");
});

test("an aggregate keeps its errors", () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const back = carriedError(
    new TypeError("fetch failed", { cause: new AggregateError([refused, 0], "both") }),
  );
  assert.ok(back instanceof TypeError && back.cause instanceof AggregateError);
  assert.equal(back.cause.message, "both");
  assert.equal((back.cause.errors[0] as { code: string }).code, "ECONNREFUSED");
  assert.equal(back.cause.errors[1], 0);
});

test("an aborted call's DOMException stays one", () => {
  const back = carriedError(new DOMException("The operation was aborted", "AbortError"));
  assert.ok(back instanceof DOMException);
  assert.deepEqual([back.name, back.code, back.message], ["AbortError", 20, "The operation was aborted"]);
});

test("an error that only shares a name with one of Sifaka's does not become one", () => {
  const late = new DOMException("The operation timed out", "TimeoutError");
  const foreign = Object.assign(new Error("too late"), { name: "TimeoutError" });
  for (const thrown of [late, foreign]) {
    const back = carriedError(thrown);
    assert.ok(!(back instanceof SifakaError));
    assert.equal(back.name, "TimeoutError");
  }
  assert.ok(carriedError(new TimeoutError("ours", { code: "timeout" })) instanceof TimeoutError);
});

test("one of Sifaka's errors keeps fields that were added to it, and the name of its own class", () => {
  class QuotaError extends ModelApiError {}
  const cause = new Error("underneath");
  const quota = Object.assign(new QuotaError("spent", { status: 402, cause, metadata: { at: 5 } }), {
    plan: "free",
  });
  const back = carriedError(quota);
  assert.ok(back instanceof ModelApiError);
  assert.deepEqual(
    [back.name, back.status, back.plan, back.metadata, (back.cause as Error).message],
    ["QuotaError", 402, "free", { at: 5 }, "underneath"],
  );
  assert.ok(Object.isFrozen(back.metadata));
});

test("metadata that can be cloned in part is kept in part", () => {
  const back = carriedError(new SifakaError("odd", { metadata: { when: new Date(0), attempt: 2 } }));
  assert.deepEqual(back.metadata, { attempt: 2 });
});
