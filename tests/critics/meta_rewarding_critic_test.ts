import assert from "node:assert/strict";
import { test } from "node:test";
import { bestJudgement } from "../../src/critics/meta_rewarding_choice.ts";
import { MetaRewardingCritic, type MetaRewardingOptions } from "../../src/critics/meta_rewarding_critic.ts";
import { pairFormat, readWinner } from "../../src/critics/pairwise.ts";
import { parseAnswer } from "../../src/critics/parse_answer.ts";
import { pairsOf, winRates } from "../../src/critics/ratings.ts";
import type { Prompt } from "../../src/models/generation.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import { promptText } from "../../src/thought/prompt.ts";
import type { GateModel } from "../../src/testing/gate_model.ts";
import { asked, bothWays, draft, gated } from "./helpers.ts";

const judgement = (label: string, score: number, ...issues: string[]): string =>
  JSON.stringify({ reasoning: `reasons of ${label}`, score, summary: label, issues });
const isMeta = (prompt: string): boolean => prompt.includes("Two judges have judged");

/** Which judgement stands at A, and which at B. */
function places(prompt: string): [string, string] {
  const labels = [...prompt.matchAll(/reasons of (\w+)/g)].map(([, label]) => label!);
  return [labels[0]!, labels[1]!];
}

/** A model that gives the judgements in turn, and compares them as told. */
function judging(judgements: string[], better: (a: string, b: string) => string): MockModel {
  let next = 0;
  return new MockModel({
    response: (call: MockCall) => {
      const prompt = asked(call);
      if (!isMeta(prompt)) return judgements[next++ % judgements.length]!;
      const [a, b] = places(prompt);
      return JSON.stringify({ reasoning: `comparing ${a} with ${b}`, winner: better(a, b) });
    },
  });
}

const THREE = [
  judgement("one", 2, "The date is missing."),
  judgement("two", 3, "It is vague.", "The date is missing here."),
  judgement("three", 4),
];
const favours = (label: string) => (a: string, b: string): string =>
  a === label ? "A" : b === label ? "B" : "tie";

function critique(model: MockModel, options: Partial<MetaRewardingOptions> = {}) {
  return new MetaRewardingCritic({ model, maxRepairs: 0, modelCallConcurrency: 1, ...options }).critique(
    draft(),
  );
}

test("MetaRewardingCritic makes its judgements side by side, and then all comparisons side by side", async () => {
  let metaInFlight = 0;
  const gate = () => {
    metaInFlight = 0;
    const model: GateModel = gated(3, (prompt: Prompt) => {
      const text = typeof prompt === "string" ? prompt : promptText(prompt);
      if (!isMeta(text)) return THREE[0]!;
      metaInFlight = Math.max(metaInFlight, model.inFlight);
      return '{"winner": "tie"}';
    });
    return model;
  };
  const make = (model: GateModel) => new MetaRewardingCritic({ model, modelCallConcurrency: 6 });
  for (const { model, feedback } of await bothWays(gate, make)) {
    assert.equal(feedback.modelCalls, 9);
    assert.equal(model.mostInFlight, 6);
    assert.equal(metaInFlight, 6);
  }
});

test("MetaRewardingCritic compares every pair in both orders, at temperature 0", () => {
  const model = judging(THREE, favours("two"));
  critique(model);
  const metas = model.calls.filter((call) => isMeta(asked(call)));
  assert.deepEqual(metas.map((call) => places(asked(call)).join(" ")), [
    "one two",
    "two one",
    "one three",
    "three one",
    "two three",
    "three two",
  ]);
  assert.ok(metas.every(({ options }) => options.temperature === 0));
  assert.ok(
    model.calls.filter((call) => !isMeta(asked(call))).every(({ options }) => options.temperature === 0.7),
  );
});

test("MetaRewardingCritic gives the judgement that wins, and marks what others share", () => {
  const feedback = critique(judging(THREE, favours("two")));
  assert.equal(feedback.summary, "two");
  assert.equal(feedback.metadata.best, 1);
  assert.deepEqual(feedback.metadata.ratings, [0.25, 1, 0.25]);
  assert.deepEqual(feedback.metadata.corroborated, ["The date is missing here."]);
  assert.equal(feedback.score, 0.6);
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.confidence, 0.666666666667);
});

test("MetaRewardingCritic takes a judge that favours a place for undecided", () => {
  const feedback = critique(judging(THREE, () => "A"));
  assert.deepEqual(feedback.metadata.ratings, [0.5, 0.5, 0.5]);
  assert.equal(feedback.summary, "two");
  for (
    const { winner, consistent } of feedback.metadata.comparisons as { winner: string; consistent: boolean }[]
  ) {
    assert.deepEqual([winner, consistent], ["tie", false]);
  }
});

test("MetaRewardingCritic takes the median judgement when all are equal, then the shorter one", () => {
  assert.equal(critique(judging(THREE, () => "tie")).summary, "two");
  const same = [judgement("longer", 3, "It is vague."), judgement("short", 3)];
  assert.equal(critique(judging(same, () => "tie"), { numJudgments: 2 }).summary, "short");
});

test("MetaRewardingCritic picks the same judgement in whatever order they come", () => {
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]) {
    const turned = order.map((index) => THREE[index]!);
    assert.equal(critique(judging(turned, favours("three"))).summary, "three");
    assert.equal(critique(judging(turned, () => "tie")).summary, "two");
  }
});

test("MetaRewardingCritic goes on with the judgements that can be read, and not with fewer than two", () => {
  const feedback = critique(judging([THREE[0]!, "nothing", THREE[2]!], favours("three")));
  assert.equal(feedback.summary, "three");
  assert.equal(feedback.modelCalls, 3 + 2);
  const few = judging([THREE[0]!, "nothing", "nothing"], favours("one"));
  assert.throws(() => critique(few), { code: "too_few_answers", message: /at least 2 judgements/ });
});

test("MetaRewardingCritic takes comparisons that fail for undecided, and says why they are missing", () => {
  const model = judging(THREE, (a) => {
    if (a === "three") throw new Error("the line is dead");
    return "tie";
  });
  const feedback = critique(model, { retry: { attempts: 1 } });
  assert.deepEqual(feedback.metadata.failures, ["the line is dead", "the line is dead"]);
  assert.deepEqual(feedback.metadata.ratings, [0.5, 0.5, 0.5]);
});

test("MetaRewardingCritic compares with the first alone when told to", () => {
  const model = judging(THREE, favours("three"));
  assert.equal(critique(model, { pairing: "vs-first" }).summary, "three");
  assert.equal(model.calls.length, 3 + 4);
});

test("MetaRewardingCritic improves the best judgement by what was said of it when told to", () => {
  const model = new MockModel({
    response: (call) => {
      const prompt = asked(call);
      if (prompt.startsWith("Improve a judgement")) return judgement("refined", 1, "It is wrong.");
      return isMeta(prompt) ? '{"reasoning": "it overlooks the facts", "winner": "tie"}' : THREE[1]!;
    },
  });
  const feedback = critique(model, { refine: true });
  assert.equal(model.calls.length, 10);
  assert.match(asked(model.calls[9]!), /reasons of two.*it overlooks the facts/s);
  assert.equal(feedback.summary, "refined");
  assert.equal(feedback.score, 0.6);
});

test("MetaRewardingCritic shows its best judgements of earlier rounds to its judges, the latest only", () => {
  const memory = { value: undefined };
  const model = judging(THREE, favours("two"));
  const critic = new MetaRewardingCritic({ model, exemplars: 1, modelCallConcurrency: 1 });
  critic.critique(draft(), { memory });
  assert.deepEqual(Object.keys(memory.value!), ["exemplars"]);
  critic.critique(draft(), { memory });
  assert.doesNotMatch(asked(model.calls[0]!), /found to be the best/);
  assert.match(asked(model.calls[9]!), /found to be the best.*reasons of two/s);
  assert.equal((memory.value as unknown as { exemplars: string[] }).exemplars.length, 1);
  const none = judging(THREE, favours("two"));
  const forgetful = { value: undefined };
  new MetaRewardingCritic({ model: none, exemplars: 0 }).critique(draft(), { memory: forgetful });
  assert.equal(forgetful.value, undefined);
});

test("MetaRewardingCritic's rubric says that length is no merit, and its judges cannot tell who wrote what", () => {
  const model = judging(THREE, favours("two"));
  critique(model);
  assert.match(asked(model.calls[0]!), /A longer text is not a better one/);
  const meta = model.calls.map(asked).find(isMeta)!;
  assert.match(meta, /accuracy.*coverage.*specificity.*fairness.*Length is no merit/s);
  assert.doesNotMatch(meta, /judge 1|first judge|MockModel/i);
});

test("MetaRewardingCritic refuses numbers out of range", () => {
  for (const options of [{ numJudgments: 1 }, { numJudgments: 10 }, { exemplars: -1 }, { pairing: "some" }]) {
    assert.throws(() => new MetaRewardingCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
    });
  }
});

test("readWinner reads a label or a tie, and no praise", () => {
  const read = (answer: string) => readWinner(parseAnswer(answer, pairFormat().reading).fields);
  const cases: [string, string | undefined][] = [
    ['{"winner": "A"}', "A"],
    ['{"winner": "b"}', "B"],
    ['{"winner": "Judgement B"}', "B"],
    ['{"winner": "[[A]]"}', "A"],
    ['{"verdict": "A is better"}', "A"],
    ['{"winner": "a tie"}', "tie"],
    ['{"winner": "Tie."}', "tie"],
    ['{"winner": "neither"}', "tie"],
    ['{"winner": "a close one"}', undefined],
    ['{"winner": "Both are good"}', undefined],
    ["Reasoning: both are fine.\n\nWinner: B", "B"],
    ["## Winner\nA", "A"],
  ];
  for (const [answer, winner] of cases) assert.equal(read(answer), winner, answer);
});

test("winRates and pairsOf count games", () => {
  assert.deepEqual(pairsOf(3, "all"), [[0, 1], [0, 2], [1, 2]]);
  assert.deepEqual(pairsOf(3, "vs-first"), [[0, 1], [0, 2]]);
  assert.deepEqual(winRates(3, [{ pair: [0, 1], winner: 0 }, { pair: [0, 2], winner: undefined }]), [
    0.75,
    0,
    0.5,
  ]);
  assert.deepEqual(winRates(2, []), [0.5, 0.5]);
});

test("bestJudgement decides between equals by their words in the end", () => {
  const make = (text: string) => ({ answer: parseAnswer('{"score": 3}'), text, rating: 0.5 });
  assert.equal(bestJudgement([make("bb"), make("ab")]).text, "ab");
  assert.equal(bestJudgement([make("ab"), make("bb")]).text, "ab");
});
