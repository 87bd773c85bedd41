import assert from "node:assert/strict";
import { test } from "node:test";
import {
  SelfConsistencyCritic,
  type SelfConsistencyOptions,
} from "../../src/critics/self_consistency_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import { promptText } from "../../src/thought/prompt.ts";
import type { Prompt } from "../../src/models/generation.ts";
import type { GateModel } from "../../src/testing/gate_model.ts";
import { asked, bothWays, draft, gated } from "./helpers.ts";

const sample = (needsImprovement: boolean, score: number, ...issues: string[]): string =>
  JSON.stringify({ reasoning: "because", needsImprovement, score, summary: `score ${score}`, issues });
const isGrouping = (prompt: string): boolean => prompt.includes("Group those of their remarks");

/** A model that gives the samples in turn, and groups remarks as told. */
function sampling(samples: (string | Error)[], groups: number[][] = []): MockModel {
  let next = 0;
  return new MockModel({
    response: (call: MockCall) => {
      if (isGrouping(asked(call))) return JSON.stringify({ groups: groups.map((members) => ({ members })) });
      const answer = samples[next++ % samples.length]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
}

function critique(model: MockModel, options: Partial<SelfConsistencyOptions> = {}) {
  return new SelfConsistencyCritic({ model, maxRepairs: 0, retry: { attempts: 1 }, ...options }).critique(
    draft(),
  );
}

const FIVE = [
  sample(true, 4, "The date is missing."),
  sample(true, 5, "Nobody can tell when it takes place.", "Too long."),
  sample(false, 9),
  sample(true, 3, "It does not say on which day."),
  sample(false, 8, "A comma is missing."),
];

test("SelfConsistencyCritic asks for all samples at once, and then groups their remarks in one call", async () => {
  const gate = () =>
    gated(5, (prompt: Prompt) => {
      return isGrouping(typeof prompt === "string" ? prompt : promptText(prompt))
        ? '{"groups": []}'
        : FIVE[1]!;
    });
  const make = (model: GateModel) => new SelfConsistencyCritic({ model, modelCallConcurrency: 5 });
  for (const { model, feedback } of await bothWays(gate, make)) {
    assert.equal(model.mostInFlight, 5);
    assert.equal(feedback.modelCalls, 6);
  }
});

test("SelfConsistencyCritic keeps to its bound of calls in flight", () => {
  const model = gated(2, () => FIVE[0]!);
  new SelfConsistencyCritic({ model, modelCallConcurrency: 2 }).critique(draft());
  assert.equal(model.mostInFlight, 2);
});

test("SelfConsistencyCritic decides by majority, scores by the median, and is as sure as its samples agree", () => {
  const feedback = critique(sampling(FIVE, [[1, 2, 4]]));
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.score, 0.5);
  assert.equal(feedback.confidence, 0.6);
  assert.equal(feedback.metadata.confidenceSource, "agreement");
  assert.deepEqual(feedback.metadata.votes, { yes: 3, no: 2 });
});

test("SelfConsistencyCritic merges remarks that mean the same and keeps those with enough support", () => {
  const model = sampling(FIVE, [[1, 2, 4], [3], [5]]);
  const feedback = critique(model);
  assert.deepEqual(feedback.issues.map(({ text }) => text), ["The date is missing."]);
  const prompt = asked(model.calls.at(-1)!);
  assert.match(
    prompt,
    /1\. The date is missing\.\n2\. Nobody can tell.*\n3\. Too long\.\n4\. It does not say/,
  );
  assert.equal(model.calls.at(-1)!.options.temperature, 0);
  assert.deepEqual((feedback.metadata.clusters as { support: number }[]).map(({ support }) => support), [
    3,
    1,
    1,
  ]);
});

test("SelfConsistencyCritic counts a remark once for each sample, however often that sample makes it", () => {
  const feedback = critique(
    sampling([sample(true, 4, "a b", "a c"), sample(true, 4), sample(true, 4)], [[1, 2]]),
  );
  assert.deepEqual(feedback.issues, []);
  assert.equal(critique(sampling([sample(true, 4, "a b")], [[1, 2, 3]]), { minSupport: 3 }).issues.length, 1);
});

test("SelfConsistencyCritic groups remarks by their words without a call when told to", () => {
  const samples = [
    sample(true, 4, "The opening paragraph is too vague."),
    sample(true, 4, "Too vague: the opening paragraph!"),
    sample(true, 4, "The date is missing."),
  ];
  const model = sampling(samples);
  const feedback = critique(model, { numSamples: 3, cluster: "lexical" });
  assert.equal(model.calls.length, 3);
  assert.deepEqual(feedback.issues.map(({ text }) => text), ["The opening paragraph is too vague."]);
});

test("SelfConsistencyCritic votes over the samples that could be had and read", () => {
  const samples = [sample(true, 4), new Error("dead"), sample(true, 4), "no verdict here", sample(false, 9)];
  const feedback = critique(sampling(samples), { modelCallConcurrency: 1 });
  assert.equal(feedback.needsImprovement, true);
  assert.deepEqual(feedback.metadata.votes, { yes: 2, no: 1 });
  assert.equal((feedback.metadata.failures as string[])[0], "dead");
  assert.equal(feedback.metadata.minSupport, 2);
});

test("SelfConsistencyCritic lets the median decide between equal numbers of votes, and is half sure", () => {
  const samples = [sample(true, 2), sample(false, 8), new Error("dead")];
  const feedback = critique(sampling(samples), { numSamples: 3, cluster: "lexical" });
  assert.equal(feedback.score, 0.5);
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.confidence, 0.5);
});

test("SelfConsistencyCritic stops once the majority cannot change", () => {
  const agreeing = sampling([sample(true, 4)]);
  const feedback = critique(agreeing, { numSamples: 9, earlyStop: true, waveSize: 3, cluster: "lexical" });
  assert.equal(agreeing.calls.length, 6);
  assert.equal(feedback.metadata.samples, 6);
  const divided = sampling([sample(true, 4), sample(false, 9)]);
  critique(divided, { numSamples: 9, earlyStop: true, waveSize: 3, cluster: "lexical" });
  assert.equal(divided.calls.length, 9);
  const critic = new SelfConsistencyCritic({ model: agreeing, numSamples: 9, earlyStop: true });
  assert.deepEqual(critic.estimateCalls(draft()), { min: 6, expected: 10, max: 20 });
});

test("SelfConsistencyCritic warns when all samples are the same", () => {
  const codes: unknown[] = [];
  const critic = new SelfConsistencyCritic({ model: sampling([FIVE[0]!]), numSamples: 3 });
  simulate(critic._critiqueOperation(draft()), {
    onEvent: (event) => codes.push((event as { code?: unknown }).code),
  });
  assert.deepEqual(codes, ["no_diversity"]);
});

test("SelfConsistencyCritic asks every sample in the same words, with a seed of its own where the model takes one", () => {
  const model = sampling(FIVE);
  critique(model);
  const samples = model.calls.filter((call) => !isGrouping(asked(call)));
  assert.equal(new Set(samples.map(asked)).size, 1);
  assert.deepEqual(samples.map(({ options }) => options.seed), [1, 2, 3, 4, 5]);
  assert.match(asked(samples[0]!), /Reason step by step/);
  const names = [...asked(samples[0]!).matchAll(/^- "(\w+)":/gm)].map(([, name]) => name);
  assert.equal(names[0], "reasoning");
  const seedless = new MockModel({
    response: FIVE[0]!,
    capabilities: { seed: false },
  });
  critique(seedless);
  assert.ok(seedless.calls.every(({ options }) => !("seed" in options)));
});

test("SelfConsistencyCritic takes as many samples as its options say", () => {
  for (const numSamples of [2, 7, 41]) {
    const model = sampling(FIVE);
    critique(model, { numSamples, cluster: "lexical" });
    assert.equal(model.calls.length, numSamples);
  }
});

test("SelfConsistencyCritic falls back to the words when the grouping fails", () => {
  const model = new MockModel({
    response: (call) => {
      if (isGrouping(asked(call))) throw new Error("dead");
      return sample(true, 4, "The date is missing.");
    },
  });
  assert.deepEqual(critique(model).issues.map(({ text }) => text), ["The date is missing."]);
});

test("SelfConsistencyCritic refuses settings that prove nothing", () => {
  const wrong: [object, RegExp][] = [
    [{ numSamples: 1 }, /numSamples must be an integer from 2 to 41/],
    [{ temperature: 0 }, /temperature must be above 0.*allowDeterministic/],
    [{ minSupport: 6 }, /minSupport must not exceed numSamples: minSupport is 6, numSamples is 5/],
    [{ cluster: "votes" }, /cluster/],
    [{ waveSize: 0 }, /waveSize/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new SelfConsistencyCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
  assert.ok(new SelfConsistencyCritic({ model: new MockModel(), temperature: 0, allowDeterministic: true }));
});
