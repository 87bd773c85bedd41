/** The order of a run, as its observer sees it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainEvent } from "../../src/chain/events.ts";
import { sleep } from "../../src/operation/operation.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { ASKS, CONTENT, drafting, observed, saying, simulated, tooManyRequests, wants } from "./helpers.ts";

function line(event: ChainEvent): string {
  const iteration = "iteration" in event ? ` ${event.iteration}` : "";
  const detail = event.type === "retrieved"
    ? ` ${event.phase}`
    : event.type === "validator-finished" || event.type === "critic-finished"
    ? ` ${event.name}`
    : "";
  return `${event.type}${iteration}${detail}`;
}

const EXPECTED = [
  "run-started",
  "retrieved 0 pre",
  "generation-started 0",
  "generated 0",
  "retrieved 0 post",
  "validator-finished 0 wants 1",
  "validator-finished 0 slow",
  "validated 0",
  "stored 0",
  "retrieved 0 critic",
  "critic-finished 0 one",
  "critic-finished 0 two",
  "criticised 0",
  "stored 0",
  "generation-started 1",
  "generated 1",
  "retrieved 1 post",
  "validator-finished 1 wants 1",
  "validator-finished 1 slow",
  "validated 1",
  "stored 1",
  "run-finished 1",
];

const options = () => ({
  model: drafting(),
  prompt: "Write.",
  validators: [
    defineValidator("slow", function* () {
      yield* sleep(5);
      return true;
    }),
    wants("1"),
  ],
  critics: [saying("one", ASKS), saying("two", CONTENT)],
  modelRetrievers: [new MockRetriever()],
  criticRetrievers: [new MockRetriever()],
  storage: new MemoryStorage(),
});

test("chain tells what it does in the order of the algorithm", () => {
  assert.deepEqual(observed(options()).events.map(line), EXPECTED);
});

test("chain tells the same under run() and _runAsync()", async () => {
  for (const run of ["run", "_runAsync"] as const) {
    const events: ChainEvent[] = [];
    await new Chain({ ...options(), onEvent: (event) => events.push(event) })[run]();
    assert.deepEqual(events.map(line), EXPECTED);
  }
});

test("events carry the run, durations, usage and the outcome", () => {
  const { events, outcome } = observed({ ...options(), chainId: "notes" });
  assert.ok(outcome.ok);
  const { runId } = outcome.value;
  assert.deepEqual(new Set(events.map((event) => event.runId)), new Set([runId]));
  const [started, finished] = [events[0]!, events.at(-1)!];
  assert.ok(started.type === "run-started" && finished.type === "run-finished");
  assert.deepEqual(
    { ...started, runId: "" },
    {
      type: "run-started",
      runId: "",
      chainId: "notes",
      model: "mock",
      validators: ["slow", "wants 1"],
      critics: ["one", "two"],
      maxImprovementIterations: 3,
    },
  );
  assert.equal(finished.stopReason, "passed");
  assert.equal(finished.valid, true);
  assert.equal(finished.usage.modelCalls, 2);
  assert.equal(finished.durationMs, 10);
  const validated = events.filter((event) => event.type === "validated");
  assert.deepEqual(validated.map(({ valid, durationMs }) => [valid, durationMs]), [[false, 5], [true, 5]]);
  const criticised = events.find((event) => event.type === "criticised");
  assert.equal(criticised?.asking, 1);
  const stored = events.filter((event) => event.type === "stored");
  assert.deepEqual(stored.map(({ thoughtId }) => thoughtId), [
    outcome.value.iterations[0]!.id,
    outcome.value.iterations[0]!.id,
    outcome.value.iterations[1]!.id,
  ]);
});

test("chain tells of a failed attempt, and how long it waits", () => {
  const model = drafting({ failAt: 0, error: tooManyRequests(7_000) });
  const { events, elapsedMs } = observed({ model });
  const retry = events.find((event) => event.type === "retry");
  assert.deepEqual([retry?.attempt, retry?.waitMs, retry?.iteration], [1, 7_000, 0]);
  assert.match(retry!.message, /asked too often/);
  assert.equal(elapsedMs, 7_000);
});

test("a listener that throws does not disturb the run", async () => {
  const onEvent = () => {
    throw new Error("the listener is out of order");
  };
  assert.equal(new Chain({ ...options(), onEvent }).run().text, "draft 1");
  assert.equal((await new Chain({ ...options(), onEvent })._runAsync()).text, "draft 1");
});

test("a chain has the same effects with and without a listener", () => {
  const loud = observed(options()).trace.map(({ path }) => path);
  const quiet = simulated(new Chain(options())).trace.map(({ path }) => path);
  assert.deepEqual(quiet, loud.filter((path) => !path.includes("/emit:")));
});
