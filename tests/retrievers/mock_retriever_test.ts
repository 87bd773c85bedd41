import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { RetrieverError } from "../../src/errors.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { gives, outcomeOf, testEveryDriver } from "../helpers/drivers.ts";

testEveryDriver("MockRetriever finds its documents for any query, with scores by rank", {
  operation: function* () {
    const documents = yield* new MockRetriever({ documents: ["a", "b", "c", "d"] })._retrieveOperation("x");
    return documents.map(({ text, score, source }) => [text, score, source]);
  },
  check: gives(
    [["a", 1, "MockRetriever"], ["b", 1 / 2, "MockRetriever"], ["c", 1 / 3, "MockRetriever"]] as unknown[][],
  ),
});

test("MockRetriever has samples, unless it is told that there is nothing", () => {
  assert.equal(new MockRetriever().retrieve("x").length, 3);
  assert.deepEqual(new MockRetriever({ documents: [] }).retrieve("x"), []);
});

test("MockRetriever remembers what it was asked, but for blank queries", async () => {
  const retriever = new MockRetriever({ name: "mine", required: true });
  retriever.retrieve("one");
  retriever.retrieve(" ");
  await retriever._retrieveAsync("two", { limit: 1 });
  assert.deepEqual(retriever.queries, ["one", "two"]);
  assert.deepEqual([retriever.name, retriever.required], ["mine", true]);
});

test("MockRetriever takes its time", () => {
  assert.equal(simulate(new MockRetriever({ latencyMs: 5_000 })._retrieveOperation("x")).elapsedMs, 5_000);
});

test("MockRetriever fails as it is told", () => {
  const own = new TypeError("mine");
  assert.equal(
    (outcomeOf(() => new MockRetriever({ error: own }).retrieve("x")) as { error: unknown }).error,
    own,
  );
  const outcome = outcomeOf(() => new MockRetriever({ error: "the source is down" }).retrieve("x"));
  assert.ok(!outcome.ok && outcome.error instanceof RetrieverError);
  assert.equal(outcome.error.message, "the source is down");
});

test("MockRetriever refuses wrong options", () => {
  assert.throws(() => new MockRetriever({ latencyMs: -1 }), /latencyMs must be a number of at least 0/);
  assert.throws(
    () => new MockRetriever({ error: 7 as unknown as string }),
    /error must be a string or an Error/,
  );
  assert.throws(
    () => new MockRetriever().retrieve("x", { limit: 0 }),
    /limit must be an integer of at least 1/,
  );
});
