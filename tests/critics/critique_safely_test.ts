import assert from "node:assert/strict";
import { test } from "node:test";
import type { Critic } from "../../src/critics/critic.ts";
import { critiqueSafely } from "../../src/critics/critique_safely.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { CriticError, ModelApiError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { CriticFeedback } from "../../src/thought/critic_feedback.ts";
import { draft, everyDriver } from "./helpers.ts";

const plain = (critique: Critic["critique"]): Critic => ({ name: "plain", critique });

test("critiqueSafely gives the feedback of a plain object, completed and labelled", async () => {
  const make = () => critiqueSafely(plain(() => ({ critic: "someone else", issues: ["a"] })), draft());
  for (const feedback of await everyDriver(make)) {
    assert.ok(feedback instanceof CriticFeedback);
    assert.equal(feedback.critic, "plain");
    assert.equal(feedback.needsImprovement, true);
    assert.equal(feedback.error, undefined);
  }
});

test("critiqueSafely asks the twin on an event loop and the plain method elsewhere", async () => {
  const critic: Critic = {
    name: "both",
    critique: () => ({ critic: "both", summary: "sync" }),
    _critiqueAsync: (_thought, context) =>
      Promise.resolve({ critic: "both", summary: `async ${context?.signal instanceof AbortSignal}` }),
  };
  assert.equal(runSync(critiqueSafely(critic, draft())).summary, "sync");
  assert.equal((await runAsync(critiqueSafely(critic, draft()))).summary, "async true");
});

test("critiqueSafely prefers the operation of a critic", () => {
  const critic: Critic = {
    name: "three",
    critique: () => assert.fail("not this one"),
    *_critiqueOperation() {
      return { critic: "three", summary: "operation" };
    },
  };
  assert.equal(runSync(critiqueSafely(critic, draft())).summary, "operation");
});

test("critiqueSafely turns what a critic throws into feedback with an error, which is no verdict", async () => {
  const cases: [unknown, string, string][] = [
    [new Error("broken"), "exception", "broken"],
    [new CriticError("no text", { code: "no_text" }), "no_text", "no text"],
    [new ModelApiError("busy", { code: "rate_limit" }), "rate_limit", "busy"],
    ["a string", "exception", "a string"],
    [undefined, "exception", "undefined"],
  ];
  for (const [thrown, code, message] of cases) {
    const make = () =>
      critiqueSafely(
        plain(() => {
          throw thrown;
        }),
        draft(),
      );
    for (const feedback of await everyDriver(make)) {
      assert.deepEqual(feedback.error, { code, message });
      assert.equal(feedback.needsImprovement, undefined);
      assert.equal(feedback.critic, "plain");
    }
  }
});

test("critiqueSafely turns what is no feedback into an error", () => {
  for (const given of [undefined, null, "fine", 7, [], { needsImprovement: "yes" }, { isues: [] }]) {
    const feedback = runSync(critiqueSafely(plain(() => given as never), draft()));
    assert.notEqual(feedback.error, undefined, JSON.stringify(given));
    assert.equal(feedback.needsImprovement, undefined);
  }
});

test("critiqueSafely ends a critic that takes too long, and says so", () => {
  const slow = defineCritic("slow", function* () {
    yield* sleep(60_000);
    return {};
  });
  const { outcome, elapsedMs } = simulate(critiqueSafely(slow, draft(), { timeoutMs: 50 }));
  assert.ok(outcome.ok);
  assert.equal(outcome.value.error!.code, "timeout");
  assert.match(outcome.value.error!.message, /slow took longer than 50 ms/);
  assert.equal(outcome.value.durationMs, 50);
  assert.equal(elapsedMs, 50);
});

test("critiqueSafely does not take cancellation for an error of the critic", async () => {
  const slow = defineCritic("slow", function* () {
    yield* sleep(60_000);
    return {};
  });
  const controller = new AbortController();
  const running = runAsync(critiqueSafely(slow, draft()), { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
  const aware: Critic = {
    name: "aware",
    _critiqueAsync: (_, context) => Promise.reject(context!.signal!.reason),
  };
  const already = new AbortController();
  already.abort(new Error("over"));
  await assert.rejects(
    runAsync(
      critiqueSafely({ ...aware, _critiqueAsync: () => Promise.reject(already.signal.reason) }, draft(), {
        signal: already.signal,
      }),
    ),
    /over/,
  );
});

test("critiqueSafely yields nothing for a critic that does not wait", () => {
  const instant = defineCritic("instant", () => ({ issues: [] }));
  const step = critiqueSafely(instant, draft()).next();
  assert.equal(step.done, true);
  assert.equal((step.value as CriticFeedback).needsImprovement, false);
});

test("critiqueSafely counts the calls of a critic that fails or runs out of time", () => {
  const failing = new MockModel({
    responses: ["unreadable", new ModelApiError("no")],
    usage: { promptTokens: 3, completionTokens: 1 },
  });
  const feedback = runSync(critiqueSafely(new SelfRefineCritic({ model: failing }), draft()));
  assert.equal(feedback.modelCalls, 2);
  assert.deepEqual(feedback.usage, {
    modelCalls: 2,
    promptTokens: 3,
    completionTokens: 1,
    callsWithoutUsage: 1,
  });
  const slow = new MockModel({ response: "x", latencyMs: 1_000 });
  const { outcome } = simulate(
    critiqueSafely(new SelfRefineCritic({ model: slow }), draft(), { timeoutMs: 10 }),
  );
  assert.ok(outcome.ok);
  assert.equal(outcome.value.modelCalls, 1);
});

test("critiqueSafely files feedback under the name that the run gives", () => {
  const critic = defineCritic("twin", () => ({ issues: [] }));
  assert.equal(runSync(critiqueSafely(critic, draft(), { criticName: "twin#2" })).critic, "twin#2");
  const broken = plain(() => assert.fail("broken"));
  assert.equal(runSync(critiqueSafely(broken, draft(), { criticName: "plain#2" })).critic, "plain#2");
});
