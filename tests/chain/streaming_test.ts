/** Texts that are told piece by piece. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainEvent, GenerationChunkEvent } from "../../src/chain/events.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { ModelApiError } from "../../src/errors.ts";
import { createModel } from "../../src/models/create_model.ts";
import type { Generation } from "../../src/models/generation.ts";
import { OperationModel } from "../../src/models/model.ts";
import { type Operation, produce, sleep } from "../../src/operation/operation.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { withGatedServer } from "../helpers/gated_server.ts";
import { drafting, observed, wants } from "./helpers.ts";

/** Writes "draft 1", "draft 2" and so on in two pieces; its first call breaks off between them where it is told to. */
class Piecewise extends OperationModel {
  readonly name = "piecewise";
  readonly provider = "example";
  readonly capabilities = { structuredOutput: false, systemRole: true, seed: false };
  readonly #breaksOff: boolean;
  calls = 0;

  constructor(breaksOff = false) {
    super({ breaksOff });
    this.#breaksOff = breaksOff;
  }

  *_generateOperation(): Operation<Generation> {
    return yield* this._streamOperation();
  }

  override *_streamOperation(): Operation<Generation> {
    const number = ++this.calls;
    yield* produce("draft ");
    yield* sleep(1);
    if (this.#breaksOff && number === 1) {
      throw new ModelApiError("the line broke", { retryable: true, provider: this.provider });
    }
    yield* produce(`${number}`);
    return { text: `draft ${number}`, finishReason: "stop", model: this.name };
  }
}

const chunksOf = (events: readonly ChainEvent[]): GenerationChunkEvent[] =>
  events.filter((event) => event.type === "generation-chunk");
const told = (events: readonly ChainEvent[]): string[] =>
  chunksOf(events).map(({ iteration, attempt, text }) => `${iteration}.${attempt} ${text}`);

const streaming = (changes: ChainOptions = {}): ChainOptions => ({
  model: new Piecewise(),
  validators: [wants("2")],
  retry: { baseMs: 0 },
  stream: true,
  ...changes,
});

test("a chain with stream tells every piece of every text, between its generation-started and its generated", () => {
  const { events } = observed(streaming());
  assert.deepEqual(told(events), ["0.1 draft ", "0.1 1", "1.1 draft ", "1.1 2"]);
  const types = events.map(({ type }) => type).filter((type) => type.startsWith("gener"));
  const one = ["generation-started", "generation-chunk", "generation-chunk", "generated"];
  assert.deepEqual(types, [...one, ...one]);
});

test("run() and _runAsync() tell the same pieces, and a chain without stream none", async () => {
  const run = async (start: (chain: Chain) => unknown, stream: boolean): Promise<string[]> => {
    const events: ChainEvent[] = [];
    await start(
      new Chain({ prompt: "Write.", ...streaming({ stream }), onEvent: (event) => void events.push(event) }),
    );
    return told(events);
  };
  const pieces = await run((chain) => chain.run(), true);
  assert.equal(pieces.length, 4);
  assert.deepEqual(await run((chain) => chain._runAsync(), true), pieces);
  assert.deepEqual(await run((chain) => chain.run(), false), []);
});

test("pieces of a call that failed are told apart from those of the call made again", () => {
  const { events, outcome } = observed(streaming({ model: new Piecewise(true) }));
  assert.ok(outcome.ok);
  assert.deepEqual(told(events), ["0.1 draft ", "0.2 draft ", "0.2 2"]);
  assert.equal(outcome.value.thought.text, "draft 2");
});

test("a model that cannot stream, or wants the thought itself, tells its text as one piece", () => {
  const plain = { name: "plain", generate: () => "draft 2" };
  assert.deepEqual(told(observed(streaming({ model: plain })).events), ["0.1 draft 2"]);
  const { events } = observed(streaming({ model: drafting(), validators: [] }));
  assert.deepEqual(told(events), ["0.1 draft 0"]);
});

test("a recorded run tells its pieces again, and a chain that streams does not go on with a run of one that does not", () => {
  const storage = new MemoryStorage();
  const events: ChainEvent[] = [];
  const chain = (stream: boolean): Chain =>
    new Chain({
      prompt: "Write.",
      ...streaming({ stream, storage }),
      onEvent: (event) => void events.push(event),
    });
  chain(true).run({ runId: "r" });
  const first = told(events.splice(0));
  chain(true).replay("r");
  assert.deepEqual(told(events), first);
  assert.ok(chunksOf(events).every(({ replayed }) => replayed));
  assert.throws(() => chain(false).run({ runId: "r" }), /stream/);
});

test(
  "a piece is told before the model has written the next (HTTP)",
  { timeout: 20_000 },
  () =>
    withGatedServer(["Once ", "upon a time."], async ({ baseUrl, release }) => {
      const pieces: string[] = [];
      const chain = new Chain({
        prompt: "Write.",
        model: createModel("openai-compatible:small", { baseUrl, apiKey: "k" }),
        stream: true,
        onEvent: (event) => {
          if (event.type !== "generation-chunk") return;
          pieces.push(event.text);
          // A chain that collects the pieces first never comes here, and the server never goes on.
          release();
        },
      });
      assert.equal((await chain._runAsync()).text, "Once upon a time.");
      assert.deepEqual(pieces, ["Once ", "upon a time."]);
    }),
);
