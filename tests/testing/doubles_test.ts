/** The components that users get for their tests, each under every driver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import {
  ConfigurationError,
  ModelApiError,
  ModelError,
  RetrieverError,
  StorageError,
} from "../../src/errors.ts";
import { generateOperation } from "../../src/models/generate.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { all, race } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import {
  FailingStorage,
  type FailingStorageOptions,
  FlakyModel,
  GateModel,
  RecordingRetriever,
} from "../../src/testing/mod.ts";

const DRIVERS: readonly (readonly [string, <T>(operation: Operation<T>) => Promise<T>])[] = [
  ["sync", <T>(operation: Operation<T>) => Promise.resolve().then(() => runSync(operation))],
  ["async", <T>(operation: Operation<T>) => runAsync(operation)],
  ["simulated", <T>(operation: Operation<T>) =>
    Promise.resolve().then(() => {
      const { outcome } = simulate(operation, { seed: 1 });
      if (outcome.ok) return outcome.value;
      throw outcome.error;
    })],
];
const yes = (): MockModel => new MockModel({ name: "yes", response: "Yes." });
const ask = (model: GateModel) => generateOperation(model, "Is it so?");

for (const [driver, run] of DRIVERS) {
  test(`a gate opens when so many calls wait, and stays open (${driver})`, async () => {
    const model = new GateModel(yes(), { opensAt: 3 });
    const answers = await run(all([ask(model), ask(model), ask(model), ask(model)]));
    assert.deepEqual(answers.map(({ text }) => text), ["Yes.", "Yes.", "Yes.", "Yes."]);
    assert.deepEqual([model.mostInFlight, model.inFlight, model.cancelled], [4, 0, 0]);
    assert.equal((await run(ask(model))).text, "Yes.");
  });

  test(`a gate fails calls that come one after the other, and says how many there were (${driver})`, async () => {
    const model = new GateModel(yes(), { opensAt: 2, timeoutMs: 10 });
    function* inTurn(): Operation<void> {
      yield* ask(model);
      yield* ask(model);
    }
    await assert.rejects(
      run(inTurn()),
      (error: ModelError) => error.code === "gate_shut" && /only 1 of 2 calls/.test(error.message),
    );
    assert.deepEqual([model.mostInFlight, model.inFlight, model.cancelled], [1, 0, 0]);
  });

  test(`a gate counts calls that are cancelled (${driver})`, async () => {
    const model = new GateModel(yes(), { opensAt: 3 });
    await run(race([all([ask(model), ask(model)]), sleep(5)]));
    assert.deepEqual([model.mostInFlight, model.inFlight, model.cancelled], [2, 0, 2]);
  });

  test(`a flaky model fails by its script and then answers (${driver})`, async () => {
    const busy = new ModelApiError("busy", { status: 503, retryable: true });
    const model = new FlakyModel(yes(), { errors: [busy, undefined, new Error("gone")] });
    const chain = new Chain({ model, prompt: "Is it so?", retry: { attempts: 2, baseMs: 1 } });
    assert.equal((await run(chain._runOperation())).thought.text, "Yes.");
    await assert.rejects(run(chain._runOperation()), /gone/);
    assert.equal((await run(chain._runOperation())).thought.text, "Yes.");
    assert.equal(model.callCount, 4);
  });

  test(`a recording retriever tells what was asked, found and thrown (${driver})`, async () => {
    const retriever = new RecordingRetriever(
      new MockRetriever({ name: "atlas", documents: ["One.", "Two."] }),
    );
    await run(retriever._retrieveOperation("lemurs", { limit: 1 }));
    const failing = new RecordingRetriever(new MockRetriever({ error: "no line", required: true }));
    await assert.rejects(run(failing._retrieveOperation("owls")), RetrieverError);
    const [found] = retriever.calls;
    assert.deepEqual([found?.query, found?.limit, found?.documents?.map(({ text }) => text)], ["lemurs", 1, [
      "One.",
    ]]);
    const [failed] = failing.calls;
    assert.deepEqual([failed?.query, "documents" in failed!], ["owls", false]);
    assert.ok(failed?.error instanceof RetrieverError);
    assert.deepEqual([retriever.name, retriever.required, failing.required], ["atlas", false, true]);
  });

  test(`a failing storage fails at the operation that it is told, before the other is reached (${driver})`, async () => {
    const base = new MemoryStorage();
    const make = (options: FailingStorageOptions) => new FailingStorage(base, options)._operations;
    const isIt = (error: StorageError) => error.code === "failing_storage" && error.component === base.name;

    const second = make({ failAt: 2 });
    await run(second.set("a", 1));
    await assert.rejects(run(second.set("b", 2)), isIt);
    assert.equal(await run(second.get("b")), undefined);

    const gone = make({ failAt: 1, lasting: true, operations: ["get"] });
    await run(gone.set("b", 2));
    for (let count = 0; count < 3; count++) await assert.rejects(run(gone.get("b")), isIt);
    assert.equal(await run(gone.has("b")), true);

    const error = new StorageError("the disk is full");
    await assert.rejects(run(make({ error }).size()), (thrown) => thrown === error);
    await run(make({}).close());
  });
}

test("a gate is opened by hand on an event loop, for streams and thoughts too", async () => {
  const mock = yes();
  const model = new GateModel(mock);
  const running = new Chain({ model, prompt: "Is it so?" })._runAsync();
  const stream = model._streamAsync("Is it so?")[Symbol.asyncIterator]().next();
  while (model.inFlight < 2) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(mock.calls.length, 0);
  model.release();
  assert.equal((await running).text, "Yes.");
  assert.equal((await stream).value, "Yes.");
  assert.ok(mock.calls.some(({ thoughtId }) => thoughtId !== undefined));
  assert.equal(model.name, "yes");
});

test("what the doubles are told is checked", () => {
  const any = (options: unknown): never => options as never;
  assert.throws(() => new GateModel(yes(), { opensAt: 0 }), /opensAt must be an integer of at least 1/);
  assert.throws(() => new GateModel(yes(), any({ opens: 2 })), /did you mean opensAt/);
  assert.throws(() => new FlakyModel(yes(), any({ errors: ["busy"] })), /must be an Error or undefined/);
  assert.throws(
    () => new FailingStorage(new MemoryStorage(), any({ operations: ["got"] })),
    ConfigurationError,
  );
});

test("a flaky model fails no more in a recorded run that is replayed", () => {
  const busy = new ModelApiError("busy", { status: 503, retryable: true });
  const model = new FlakyModel(yes(), { errors: [busy] });
  const storage = new MemoryStorage();
  const chain = new Chain({ model, prompt: "Is it so?", storage, retry: { attempts: 2, baseMs: 1 } });
  chain.run({ runId: "a" });
  assert.equal(chain.replay("a").text, "Yes.");
  assert.equal(model.callCount, 2);
});
