import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate, type SimulationOptions } from "../../src/drivers/simulation.ts";
import { ModelApiError } from "../../src/errors.ts";
import {
  generateOperation,
  OpenAiCompatibleModel,
  type OpenAiCompatibleOptions,
} from "../../src/models/mod.ts";

const ANSWER = { text: "Hello.", finishReason: "stop", model: "m" };

function run(
  options: Partial<OpenAiCompatibleOptions>,
  remote: SimulationOptions["remote"],
  latencyMs?: [number, number],
) {
  const model = new OpenAiCompatibleModel({ provider: "openai", model: "m", apiKey: "sk-test", ...options });
  return simulate(generateOperation(model, "Greet me"), { remote, ...(latencyMs ? { latencyMs } : {}) });
}

/** Fails so often, then answers; notes when it was asked. */
function failing(
  times: number,
  retryAfterMs?: number,
): { remote: SimulationOptions["remote"]; askedMs: number[] } {
  const askedMs: number[] = [];
  return {
    askedMs,
    remote: (_ref, _args, call) => {
      askedMs.push(call.nowMs);
      if (askedMs.length <= times) throw new ModelApiError("busy", { retryable: true, retryAfterMs });
      return ANSWER;
    },
  };
}

test("a model calls the module with the SDK by its address", () => {
  const { outcome } = run({}, (ref, args) => {
    assert.match(ref.module, /\/src\/models\/openai_calls\.ts$/);
    assert.equal(ref.name, "complete");
    structuredClone(args);
    return ANSWER;
  });
  assert.deepEqual(outcome, { ok: true, value: ANSWER });
});

test("a model tries once where no policy is given", () => {
  const { remote, askedMs } = failing(1);
  assert.equal(run({}, remote).outcome.ok, false);
  assert.equal(askedMs.length, 1);
});

test("a model doubles its waits, up to their bound", () => {
  const { remote, askedMs } = failing(4);
  const retry = { attempts: 5, baseMs: 100, maxMs: 300, jitter: false };
  assert.equal(run({ retry }, remote, [0, 0]).outcome.ok, true);
  assert.deepEqual(askedMs, [0, 100, 300, 600, 900]);
});

test("a model waits as long as the server asks", () => {
  const { remote, askedMs } = failing(1, 9000);
  assert.equal(run({ retry: { attempts: 2, baseMs: 1 } }, remote, [0, 0]).outcome.ok, true);
  assert.deepEqual(askedMs, [0, 9000]);
});

test("a model gives each attempt its whole time", () => {
  const { outcome, elapsedMs } = run({ timeoutMs: 1000, retry: { attempts: 2, baseMs: 0 } }, () => ANSWER, [
    5000,
    5000,
  ]);
  assert.equal(outcome.ok, false);
  assert.equal((outcome as { error: ModelApiError }).error.code, "timeout");
  assert.equal(elapsedMs, 2000);
});
