import assert from "node:assert/strict";
import { test } from "node:test";
import {
  SelfTaughtEvaluatorCritic,
  type SelfTaughtEvaluatorOptions,
} from "../../src/critics/self_taught_evaluator_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import type { Prompt } from "../../src/models/generation.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import { promptText } from "../../src/thought/prompt.ts";
import type { GateModel } from "../../src/testing/gate_model.ts";
import { asked, bothWays, DRAFT, draft, gated, TASK } from "./helpers.ts";

const OTHER_TASK = "Explain how lemurs leap.";
const WORSE = "They push off with their hind legs.";
const BETTER = "Lemurs are threatened because forests are cut.";

type Text = "draft" | "worse" | "better";
const TEXTS: Record<Text, string> = { draft: DRAFT, worse: WORSE, better: BETTER };

/** Which texts a comparison shows, A first; `undefined` for another question. */
function pairIn(prompt: string): [Text, Text] | undefined {
  const at = (label: string): Text =>
    (Object.keys(TEXTS) as Text[]).find((name) =>
      new RegExp(`Text ${label}:\n<text-\\w+>\n${TEXTS[name].slice(0, 20)}`).test(prompt)
    )!;
  return prompt.includes("Judge which of two texts") ? [at("A"), at("B")] : undefined;
}

/** A judge by whom, of two texts, the one that `best` names wins, with what it says of the loser. */
function judging(
  best: (pair: [Text, Text], index: number) => Text | "tie",
  written: Partial<Record<"candidate" | "instruction", string>> = {},
): MockModel {
  let comparisons = 0;
  return new MockModel({
    response: (call: MockCall) => {
      const prompt = asked(call);
      const pair = pairIn(prompt);
      if (pair === undefined) {
        if (prompt.includes("Change a request")) {
          return JSON.stringify({ instruction: written.instruction ?? OTHER_TASK });
        }
        return prompt.includes("Write a better version") ? written.candidate ?? BETTER : WORSE;
      }
      const winner = best(pair, comparisons++);
      const label = winner === "tie" ? "tie" : pair[0] === winner ? "A" : "B";
      const differences = winner === "tie" ? [] : [{
        better: label,
        text: `What ${winner} does is missing.`,
        change: `Do what ${winner} does.`,
        severity: "medium",
      }];
      return JSON.stringify({ reasoning: `because of ${winner}`, differences, winner: label });
    },
  });
}

/** The order in which everybody would have the three texts. */
const sound = (pair: [Text, Text]): Text =>
  pair.includes("better") ? "better" : pair.includes("draft") ? "draft" : "worse";

function critique(model: MockModel, options: Partial<SelfTaughtEvaluatorOptions> = {}) {
  return new SelfTaughtEvaluatorCritic({ model, maxRepairs: 0, modelCallConcurrency: 1, ...options })
    .critique(draft());
}

test("SelfTaughtEvaluatorCritic writes both texts side by side, and judges all pairs of a batch side by side", async () => {
  const gate = () => {
    const model: GateModel = gated(2, (prompt: Prompt) => {
      const text = typeof prompt === "string" ? prompt : promptText(prompt);
      if (text.includes("Judge which")) return JSON.stringify({ winner: "A" });
      return text.includes("Change a request") ? JSON.stringify({ instruction: OTHER_TASK }) : BETTER;
    });
    return model;
  };
  const make = (model: GateModel) => new SelfTaughtEvaluatorCritic({ model, modelCallConcurrency: 6 });
  for (const { model, feedback } of await bothWays(gate, make)) {
    assert.equal(feedback.modelCalls, 15);
    assert.equal(model.mostInFlight, 6);
  }
  // The judgements alone: the gate opens when all six are in flight, and the texts come from elsewhere.
  const strict = gated(2, () => "never", { timeoutMs: 20 });
  const alone = new SelfTaughtEvaluatorCritic({
    model: strict,
    modelCallConcurrency: 1,
    retry: { attempts: 1 },
  });
  assert.throws(() => alone.critique(draft()), /only 1 of 2 calls were in flight/);
});

test("SelfTaughtEvaluatorCritic changes the task, and shows nothing of the original to who answers it", () => {
  const model = judging(sound);
  critique(model);
  const change = model.calls.map(asked).find((prompt) => prompt.includes("Change a request"))!;
  assert.ok(change.includes(TASK));
  assert.match(
    change,
    /similar one, so that a good answer to the changed request would answer the original poorly/,
  );
  const answer = model.calls.map(asked).find((prompt) => prompt.startsWith("Write the text"))!;
  assert.ok(answer.includes(OTHER_TASK));
  assert.ok(!answer.includes(TASK) && !answer.includes(DRAFT));
  for (const prompt of model.calls.map(asked).filter((text) => pairIn(text) !== undefined)) {
    assert.ok(prompt.includes(TASK) && !prompt.includes(OTHER_TASK));
  }
});

test("SelfTaughtEvaluatorCritic judges each pair in both orders", () => {
  const model = judging(sound);
  critique(model);
  const pairs = model.calls.map((call) => pairIn(asked(call))?.join(" ")).filter((pair) =>
    pair !== undefined
  );
  assert.deepEqual(pairs, [
    ...["draft worse", "worse draft", "draft worse", "worse draft", "draft worse", "worse draft"],
    ...["draft better", "better draft", "draft better", "better draft", "draft better", "better draft"],
  ]);
});

test("SelfTaughtEvaluatorCritic asks for improvement when the better version wins, and describes what it does better", () => {
  const feedback = critique(judging(sound));
  assert.equal(feedback.needsImprovement, true);
  assert.deepEqual(feedback.issues, [{ text: "What better does is missing.", severity: "medium" }]);
  assert.deepEqual(feedback.suggestions, [{ text: "Do what better does." }]);
  assert.equal(feedback.metadata.reliability, 1);
  assert.equal(feedback.score, 0);
  assert.equal(feedback.confidence, 1);
  const { raw: _, ...shown } = feedback.toJSON();
  assert.ok(!JSON.stringify(shown).includes(BETTER));
});

test("SelfTaughtEvaluatorCritic is content with a draft that wins or draws", () => {
  const draftWins = critique(judging((pair) => pair.includes("draft") ? "draft" : "tie"));
  assert.deepEqual([draftWins.needsImprovement, draftWins.score], [false, 1]);
  assert.deepEqual(draftWins.issues, []);
  const draws = critique(judging((pair) => pair.includes("better") ? "tie" : "draft"));
  assert.deepEqual([draws.needsImprovement, draws.score], [false, 0.5]);
});

test("SelfTaughtEvaluatorCritic does not compare the draft with itself", () => {
  const model = judging(sound, { candidate: `Here is the improved text:\n\n${DRAFT}  ` });
  const feedback = critique(model);
  assert.equal(model.calls.length, 3 + 6);
  assert.equal(feedback.needsImprovement, false);
  assert.equal(feedback.score, 0.5);
  assert.equal(feedback.metadata.candidateIsDraft, true);
});

test("SelfTaughtEvaluatorCritic shows only right judgements as examples, and no more than it should", () => {
  const model = judging((pair, index) => pair.includes("better") ? "better" : index < 2 ? "worse" : "draft");
  critique(model);
  const prompts = model.calls.map(asked).filter((prompt) => pairIn(prompt)?.includes("better"));
  for (const prompt of prompts) {
    assert.equal(prompt.match(/<example-/g)?.length, 2);
    assert.match(prompt, /because of draft/);
    assert.doesNotMatch(prompt, /because of worse/);
  }
  const none = judging(sound);
  critique(none, { exemplars: 0 });
  assert.ok(none.calls.every((call) => !asked(call).includes("<example-")));
});

test("SelfTaughtEvaluatorCritic gives no verdict where its judge is less reliable than it must be, and warns", () => {
  const codes: unknown[] = [];
  const critic = new SelfTaughtEvaluatorCritic({
    model: judging((pair, index) => pair.includes("better") ? "better" : index % 3 === 0 ? "draft" : "worse"),
  });
  const { outcome } = simulate(critic._critiqueOperation(draft()), {
    onEvent: (event) => codes.push((event as { code?: unknown }).code),
  });
  assert.ok(outcome.ok);
  assert.deepEqual(codes, ["unreliable_judge"]);
  assert.deepEqual(outcome.value.metadata.warnings, [
    "SelfTaughtEvaluatorCritic gives no verdict as its judge is not reliable enough: 2 of 6 judgements were right, and " +
    "minReliability is 0.5",
  ]);
  assert.equal(outcome.value.needsImprovement, undefined);
  assert.equal(outcome.value.metadata.reliability, 0.333333333333);
  assert.equal(outcome.value.issues[0]!.severity, "high");
  assert.match(outcome.value.issues[0]!.text, /no better than a text that was written for another task/);
  const lenient = critique(judging(() => "worse"), { minReliability: 0, improvedCandidate: false });
  assert.equal(lenient.needsImprovement, true);
});

test("SelfTaughtEvaluatorCritic is less sure, and moves the score less, the less its judge is reliable", () => {
  const feedback = critique(
    judging((pair, index) => pair.includes("better") ? "better" : index < 2 ? "tie" : "draft"),
  );
  assert.equal(feedback.metadata.reliability, 0.666666666667);
  assert.equal(feedback.confidence, 0.666666666667);
  assert.equal(feedback.score, 0.166666666667);
});

test("SelfTaughtEvaluatorCritic makes do without a better version", () => {
  const model = judging(sound);
  const feedback = critique(model, { improvedCandidate: false });
  assert.equal(model.calls.length, 8);
  assert.deepEqual([feedback.needsImprovement, feedback.score], [false, 1]);
  const failing = new MockModel({
    response: (call) => {
      if (asked(call).includes("Write a better version")) throw new Error("dead");
      return pairIn(asked(call)) ? '{"winner": "A"}' : JSON.stringify({ instruction: OTHER_TASK });
    },
  });
  const without = critique(failing, { retry: { attempts: 1 } });
  assert.equal(without.metadata.candidateFailed, true);
  assert.equal(without.error, undefined);
});

test("SelfTaughtEvaluatorCritic asks again for a changed task that is the original", () => {
  const model = new MockModel({
    response: (call) => {
      const repairs = call.messages.length > 2;
      if (asked(call).includes("Change a request")) {
        return JSON.stringify({ instruction: repairs ? OTHER_TASK : TASK });
      }
      return pairIn(asked(call)) ? '{"winner": "tie"}' : WORSE;
    },
  });
  const feedback = new SelfTaughtEvaluatorCritic({ model, improvedCandidate: false }).critique(draft());
  assert.equal(model.calls.length, 9);
  assert.equal(feedback.metadata.instruction, OTHER_TASK);
  assert.throws(() => critique(judging(sound, { instruction: TASK })), { code: "too_few_answers" });
});

test("SelfTaughtEvaluatorCritic remembers right judgements for the next iteration, at most four", () => {
  const memory: { value: undefined | { traces: string[] } } = { value: undefined };
  const model = judging(sound);
  const critic = new SelfTaughtEvaluatorCritic({ model, modelCallConcurrency: 1 });
  critic.critique(draft(), { memory: memory as never });
  assert.equal(memory.value!.traces.length, 4);
  critic.critique(draft(), { memory: memory as never });
  const second = model.calls.slice(15).map(asked).filter((prompt) => pairIn(prompt)?.includes("worse"));
  assert.match(second[0]!, /because of draft/);
  assert.doesNotMatch(asked(model.calls[3]!), /<example-/);
});

test("SelfTaughtEvaluatorCritic refuses numbers out of range", () => {
  for (
    const options of [{ numJudgments: 0 }, { minReliability: 1.1 }, { exemplars: 5 }, {
      templates: { critique: "{text}" },
    }]
  ) {
    assert.throws(() => new SelfTaughtEvaluatorCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
    });
  }
});
