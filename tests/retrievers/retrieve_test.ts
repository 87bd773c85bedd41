import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, RetrieverError } from "../../src/errors.ts";
import { sleep } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { retrieveOperation } from "../../src/retrievers/retrieve.ts";
import type { Retriever } from "../../src/retrievers/retriever.ts";
import { Document } from "../../src/thought/document.ts";
import { gives, outcomeOf, outcomeOfAsync, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

const PLAIN: Retriever = {
  name: "plain",
  retrieve: (query) => [query, { text: "b", source: "atlas", id: "7" }, "c"],
};

testEveryDriver("retrieveOperation makes documents that name a source", {
  operation: () => retrieveOperation(PLAIN, "a", { limit: 2 }),
  check: gives([
    new Document({ text: "a", source: "plain" }),
    new Document({ text: "b", source: "atlas", id: "7" }),
  ]),
});

testEveryDriver("retrieveOperation does not ask for a blank query", {
  operation: () => retrieveOperation({ name: "never", retrieve: () => assert.fail("asked") }, " \n"),
  check: gives([] as Document[]),
});

testEveryDriver("retrieveOperation passes on what a retriever throws", {
  operation: () =>
    retrieveOperation({
      name: "down",
      retrieve: () => {
        throw new TypeError("the source is down");
      },
    }, "a"),
  check: throwsMessage(/^the source is down$/),
});

for (
  const [given, message] of [["text", /it must give a list: it gave "text"/], [
    [7],
    /one of its results is no document/,
  ]] as const
) {
  testEveryDriver(`retrieveOperation refuses ${JSON.stringify(given)} for documents`, {
    operation: () => retrieveOperation({ name: "odd", retrieve: () => given as unknown as string[] }, "a"),
    check: (outcome) => {
      assert.ok(!outcome.ok && outcome.error instanceof RetrieverError);
      assert.match(outcome.error.message, message);
      assert.equal(outcome.error.component, "odd");
    },
  });
}

test("retrieveOperation calls the plain method or its twin, as the driver is, on the retriever itself", async () => {
  class Own implements Retriever {
    readonly name = "own";
    readonly #secret = "kept";
    retrieve(): string[] {
      return [`plain ${this.#secret}`];
    }
    _retrieveAsync(): Promise<string[]> {
      return Promise.resolve([`twin ${this.#secret}`]);
    }
  }
  assert.equal(runSync(retrieveOperation(new Own(), "a"))[0]!.text, "plain kept");
  assert.equal((await runAsync(retrieveOperation(new Own(), "a")))[0]!.text, "twin kept");
});

test("retrieveOperation prefers an operation to both methods", () => {
  const both = {
    ...PLAIN,
    _retrieveOperation: () => defineRetriever("x", () => ["operation"])._retrieveOperation("a"),
  };
  assert.equal(runSync(retrieveOperation(both, "a"))[0]!.text, "operation");
});

test("retrieveOperation says what to do about a retriever that has only the twin", async () => {
  const twin: Retriever = { name: "twin", _retrieveAsync: () => Promise.resolve(["a"]) };
  const outcome = outcomeOf(() => runSync(retrieveOperation(twin, "a")));
  assert.ok(
    !outcome.ok && outcome.error instanceof ConfigurationError && outcome.error.code === "async_only",
  );
  assert.equal((await runAsync(retrieveOperation(twin, "a"))).length, 1);
});

testEveryDriver("defineRetriever makes a retriever of a plain function", {
  operation: () =>
    defineRetriever("atlas", (query, { limit }) => [query, String(limit)])._retrieveOperation("a", {
      limit: 2,
    }),
  check: gives([new Document({ text: "a", source: "atlas" }), new Document({ text: "2", source: "atlas" })]),
});

test("defineRetriever makes a retriever of a generator, which waits as the driver does", async () => {
  const atlas = defineRetriever("atlas", function* (query) {
    yield* sleep(5);
    return [query];
  });
  assert.equal(atlas.retrieve("a")[0]!.text, "a");
  assert.equal((await atlas._retrieveAsync("a"))[0]!.source, "atlas");
  assert.equal(simulate(atlas._retrieveOperation("a")).elapsedMs, 5);
  assert.deepEqual(atlas.retrieve(" "), []);
});

test("defineRetriever takes an async function for the twin alone", async () => {
  const atlas = defineRetriever("atlas", (query) => Promise.resolve([query]));
  assert.equal((await atlas._retrieveAsync("a"))[0]!.text, "a");
  const outcome = outcomeOf(() => atlas.retrieve("a"));
  assert.ok(
    !outcome.ok && outcome.error instanceof ConfigurationError && outcome.error.code === "promise_returned",
  );
  const failing = defineRetriever("atlas", () => Promise.reject(new TypeError("down")));
  assert.match(
    String((await outcomeOfAsync(() => failing._retrieveAsync("a")) as { error: unknown }).error),
    /down/,
  );
});

test("defineRetriever may be required, and refuses wrong arguments", () => {
  assert.equal(defineRetriever("a", () => []).required, false);
  assert.equal(defineRetriever("a", () => [], { required: true }).required, true);
  assert.throws(() => defineRetriever(" ", () => []), /its name must not be blank: name is " "/);
  assert.throws(() => defineRetriever("a", 7 as never), /its second argument must be a function: it is 7/);
  assert.throws(() => defineRetriever("a", () => [], { require: true } as object), /did you mean required\?/);
});
