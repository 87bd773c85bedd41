/** Runs that are read event by event. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainEvent } from "../../src/chain/events.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { RunResult } from "../../src/chain/run.ts";
import { PromptCritic } from "../../src/critics/prompt_critic.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import type { Model } from "../../src/models/model.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { host, sleep } from "../../src/operation/operation.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { drafting, wants } from "./helpers.ts";

const slow = (name: string) =>
  defineValidator(name, function* () {
    yield* sleep(1);
    return true;
  });

const options = (changes: ChainOptions = {}): ChainOptions => ({
  model: drafting(),
  prompt: "Write.",
  validators: [slow("first"), wants("1"), slow("last")],
  critics: [new PromptCritic({ model: new MockModel({ response: '{"needsImprovement": true}' }) })],
  ...changes,
});

/** A model whose answers are recorded: "draft 0", "draft 1" and so on. */
class Paid {
  calls = 0;
  readonly model: Model = this.#make();

  #make(): Model {
    const call = (): string => `draft ${this.calls++}`;
    return defineModel("paid", function* () {
      return yield* host(call);
    });
  }
}

/** Reads a run to its end, or so many events of it. */
const READERS: [name: string, read: (chain: Chain, runId?: string, most?: number) => Promise<Read>][] = [
  ["stream", (chain, runId, most = Infinity) => {
    const events: ChainEvent[] = [];
    const reading = chain.stream({ runId });
    for (let next = reading.next();; next = reading.next()) {
      if (next.done) return Promise.resolve({ events, result: next.value });
      if (events.push(next.value) < most) continue;
      reading.return(undefined as never);
      return Promise.resolve({ events, result: undefined });
    }
  }],
  ["_streamAsync", async (chain, runId, most = Infinity) => {
    const events: ChainEvent[] = [];
    const reading = chain._streamAsync({ runId });
    for (let next = await reading.next();; next = await reading.next()) {
      if (next.done) return { events, result: next.value };
      if (events.push(next.value) < most) continue;
      await reading.return(undefined as never);
      return { events, result: undefined };
    }
  }],
];

interface Read {
  readonly events: readonly ChainEvent[];
  readonly result: RunResult | undefined;
}

/** What does not differ from run to run. */
const shape = (events: readonly ChainEvent[]): string[] =>
  events.map((event) => `${event.type} ${"name" in event ? event.name : ""}`);

for (const [name, read] of READERS) {
  test(`${name} gives what onEvent is told in a run with stream, and returns what runDetailed gives`, async () => {
    const told: ChainEvent[] = [];
    const expected = new Chain(options({ stream: true, onEvent: (event) => told.push(event) })).runDetailed();
    const heard: ChainEvent[] = [];
    const { events, result } = await read(new Chain(options({ onEvent: (event) => heard.push(event) })));
    assert.deepEqual(shape(events), shape(told));
    assert.deepEqual(events, heard);
    assert.ok(shape(events).includes("generation-chunk "));
    assert.equal(result!.thought.text, expected.thought.text);
    assert.equal(result!.stopReason, "passed");
  });

  test(`${name} goes no further than its reader, and a run that is left can be taken up again`, async () => {
    const storage = new MemoryStorage();
    const paid = new Paid();
    const { model } = paid;
    const left = await read(new Chain(options({ model, storage })), "r1", 2);
    assert.deepEqual(shape(left.events), ["run-started ", "generation-started "]);
    assert.equal(paid.calls, 0);
    const chain = new Chain(options({ model, storage, stream: true }));
    assert.equal(chain.runs()[0]!.status, "interrupted");
    const whole = await read(chain, "r1");
    assert.equal(whole.result!.thought.text, "draft 1");
    assert.equal(chain.replay("r1").text, "draft 1");
    const again = await read(chain, "r1");
    assert.equal(paid.calls, 2);
    assert.ok(again.events.every((event) => "replayed" in event && event.replayed));
    assert.deepEqual(shape(again.events), shape(whole.events));
  });

  test(`${name} throws what the run throws, which is then recorded as failed`, async () => {
    const storage = new MemoryStorage();
    const model = drafting({ failAt: 1, error: new Error("the line is dead") });
    const chain = new Chain(options({ model, storage }));
    await assert.rejects(async () => await read(chain, "r1"), {
      name: "ModelError",
      message: /the line is dead/,
    });
    assert.equal(chain.runs()[0]!.status, "failed");
  });
}

test("stream refuses a chain that cannot run before anybody reads, and takes no run that nobody reads", () => {
  assert.throws(() => new Chain({ model: drafting() }).stream(), { name: "ConfigurationError" });
  const storage = new MemoryStorage();
  const chain = new Chain(options({ storage }));
  chain.stream({ runId: "r1" });
  assert.deepEqual(chain.runs(), []);
  assert.equal(chain.run({ runId: "r1" }).text, "draft 1");
});

test("a signal ends a run that is read, with its reason", () => {
  const controller = new AbortController();
  const chain = new Chain(options({ signal: controller.signal }));
  assert.throws(() => {
    for (const event of chain.stream()) {
      if (event.type === "generated") controller.abort(new Error("enough"));
    }
  }, { message: "enough" });
});
