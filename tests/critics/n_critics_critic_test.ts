import assert from "node:assert/strict";
import { test } from "node:test";
import { NCriticsCritic, type NCriticsOptions } from "../../src/critics/n_critics_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import type { GateModel } from "../../src/testing/gate_model.ts";
import { asked, bothWays, draft, gated, role } from "./helpers.ts";

const says = (score: number, more: object = {}): string =>
  JSON.stringify({ score, summary: `I say ${score}`, issues: [], suggestions: [], ...more });
const saying = (score: number, more: object = {}) => new MockModel({ response: says(score, more) });
const dead = () => new MockModel({ response: new Error("the line is dead") });

function ensemble(models: MockModel[], options: Partial<NCriticsOptions> = {}, weights: number[] = []) {
  return new NCriticsCritic({
    model: saying(10),
    includeSelf: false,
    maxRepairs: 0,
    critics: models.map((model, index) => ({
      name: `member ${index + 1}`,
      role: `part ${index + 1}`,
      model,
      weight: weights[index],
    })),
    ...options,
  });
}

test("NCriticsCritic asks all members and itself at once", async () => {
  const make = (model: GateModel) => new NCriticsCritic({ model, numCritics: 6, modelCallConcurrency: 7 });
  for (const { model, feedback } of await bothWays(() => gated(7, () => says(5)), make)) {
    assert.equal(model.mostInFlight, 7);
    assert.equal(feedback.modelCalls, 7);
  }
});

test("NCriticsCritic asks each member's own model, in its own part", () => {
  const models = [saying(4), saying(6), saying(8)];
  const self = saying(2);
  const feedback = ensemble(models, { model: self, includeSelf: true }).critique(draft());
  for (const [index, model] of models.entries()) {
    assert.equal(model.calls.length, 1);
    assert.match(role(model.calls[0]!), new RegExp(`Your part, member ${index + 1}: part ${index + 1}\\.`));
    assert.match(asked(model.calls[0]!), /0: the text fails in it altogether.*10: there is nothing left/s);
    assert.match(asked(model.calls[0]!), /You do not know what the other readers say/);
  }
  assert.match(role(self.calls[0]!), /you have written this text yourself/);
  assert.equal(feedback.score, 0.5);
  assert.deepEqual((feedback.metadata.members as { name: string }[]).map(({ name }) => name), [
    "member 1",
    "member 2",
    "member 3",
    "self",
  ]);
});

test("NCriticsCritic has as many members as it is told", () => {
  for (const numCritics of [1, 8, 20]) {
    const model = saying(5);
    new NCriticsCritic({ model, numCritics, includeSelf: false }).critique(draft());
    assert.equal(model.calls.length, numCritics);
    assert.equal(new Set(model.calls.map(role)).size, numCritics);
  }
});

test("NCriticsCritic makes one score of its members' by the aggregate", () => {
  const scoreBy = (aggregate: NCriticsOptions["aggregate"], weights: number[] = []) => {
    const { score, needsImprovement } = ensemble([saying(9), saying(8), saying(1)], { aggregate }, weights)
      .critique(draft());
    return [score, needsImprovement];
  };
  assert.deepEqual(scoreBy("mean"), [0.6, true]);
  assert.deepEqual(scoreBy("mean", [4, 3, 1]), [0.7625, false]);
  assert.deepEqual(scoreBy("median"), [0.8, false]);
  assert.deepEqual(scoreBy("min"), [0.1, true]);
  assert.deepEqual(scoreBy("majority"), [0.666666666667, false]);
  assert.deepEqual(scoreBy("majority", [1, 1, 3]), [0.4, true]);
});

test("NCriticsCritic leaves a member out that fails, and says who", () => {
  const feedback = ensemble([saying(9), dead(), saying(7)]).critique(draft());
  assert.equal(feedback.score, 0.8);
  assert.deepEqual(feedback.metadata.failures, [{ name: "member 2", reason: "the line is dead" }]);
});

test("NCriticsCritic needs a quorum of members", () => {
  const few = ensemble([saying(9), dead(), dead()]);
  assert.throws(() => few.critique(draft()), {
    code: "too_few_answers",
    message: /at least 2 members.*it has 1 of 3/,
  });
  assert.equal(ensemble([saying(9), dead(), dead()], { quorum: 1 }).critique(draft()).score, 0.9);
  const unreadable = new MockModel({ response: "85/100, I would say" });
  assert.equal(ensemble([saying(9), unreadable, saying(9)]).critique(draft()).score, 0.9);
});

test("NCriticsCritic lets a blocking member's veto decide", () => {
  const critic = new NCriticsCritic({
    model: saying(10),
    critics: [
      { name: "law", role: "what the law forbids", model: saying(2), blocking: true },
      { name: "tone", role: "how it sounds", weight: 9, model: saying(10) },
    ],
  });
  const feedback = critic.critique(draft());
  assert.ok(feedback.score! > 0.7);
  assert.equal(feedback.needsImprovement, true);
  assert.deepEqual(feedback.metadata.vetoes, ["law"]);
});

test("NCriticsCritic is as sure as its members are close to each other", () => {
  assert.equal(ensemble([saying(5), saying(5)]).critique(draft()).confidence, 1);
  assert.equal(ensemble([saying(0), saying(10)]).critique(draft()).confidence, 0);
  assert.equal(ensemble([saying(5)]).critique(draft()).confidence, undefined);
});

test("NCriticsCritic merges equal remarks, keeps who made them, and lists who disagrees", () => {
  const feedback = ensemble([
    saying(4, { issues: [{ text: "The opening paragraph is vague.", severity: "low" }] }),
    saying(4, {
      issues: [{ text: "Vague is the opening paragraph!", severity: "high" }, { text: "No date." }],
    }),
    saying(9, { suggestions: ["Name a date."] }),
  ]).critique(draft());
  assert.deepEqual(feedback.issues, [
    { text: "The opening paragraph is vague.", severity: "high" },
    { text: "No date." },
  ]);
  assert.deepEqual(feedback.metadata.raisedBy, [
    { text: "The opening paragraph is vague.", by: ["member 1", "member 2"] },
    { text: "No date.", by: ["member 2"] },
    { text: "Name a date.", by: ["member 3"] },
  ]);
  assert.deepEqual(feedback.metadata.disagreements, { change: ["member 1", "member 2"], keep: ["member 3"] });
});

test("NCriticsCritic has one account written of all, and drops from it what nobody said", () => {
  const account = new MockModel({
    response: JSON.stringify({
      score: 9,
      summary: "They agree.",
      issues: [{ text: "Vague, and no date.", from: [1, 2] }, { text: "An invention.", from: [] }],
      suggestions: [{ text: "Another.", from: [99] }],
    }),
  });
  const members = [saying(4, { issues: ["Vague."] }), saying(5, { issues: ["No date."] })];
  const feedback = ensemble(members, { model: account, synthesise: true }).critique(draft());
  assert.equal(account.calls.length, 1);
  assert.match(
    asked(account.calls[0]!),
    /1\. \(member 1; wrong\) Vague\.\n2\. \(member 2; wrong\) No date\./,
  );
  assert.equal(feedback.summary, "They agree.");
  assert.deepEqual(feedback.issues.map(({ text }) => text), ["Vague, and no date."]);
  assert.deepEqual(feedback.suggestions, []);
  assert.equal(feedback.score, 0.45);
  const failing = ensemble(members, { model: dead(), synthesise: true }).critique(draft());
  assert.deepEqual(failing.issues.map(({ text }) => text), ["Vague.", "No date."]);
});

test("NCriticsCritic warns once in a run that one model plays every part", () => {
  const codes = (critic: NCriticsCritic, thought = draft()): unknown[] => {
    const found: unknown[] = [];
    simulate(critic._critiqueOperation(thought), {
      onEvent: (event) => found.push((event as { code?: unknown }).code),
    });
    return found;
  };
  const alone = new NCriticsCritic({ model: saying(5) });
  assert.deepEqual(codes(alone), ["one_model"]);
  const next = draft().addCriticFeedback(alone.critique(draft())).nextIteration({ id: "t2" }).withText(
    "Two.",
  );
  assert.deepEqual(codes(alone, next), []);
  assert.deepEqual(codes(ensemble([saying(5), saying(6)])), []);
});

test("NCriticsCritic refuses an ensemble that is none", () => {
  const member = { name: "a", role: "b" };
  const wrong: [object, RegExp][] = [
    [{ numCritics: 0 }, /numCritics must be an integer from 1 to 20/],
    [{ numCritics: 21 }, /numCritics/],
    [{ critics: [] }, /critics/],
    [{ roles: ["a", "b"], numCritics: 3 }, /numCritics is 3, there are 2 roles/],
    [{ critics: [member], roles: ["a"] }, /critics and roles must not both be given/],
    [{ critics: [member, { ...member, role: "c" }] }, /critics\[1\] repeats critics\[0\]/],
    [{ roles: ["a", "a"] }, /roles\[1\] repeats roles\[0\]/],
    [
      { critics: [{ ...member, name: "self" }] },
      /critics\[0\] must not be called "self" where includeSelf is on/,
    ],
    [
      { critics: [member], quorum: 2 },
      /quorum must not exceed the number of critics: quorum is 2, there are 1/,
    ],
    [{ critics: [{ ...member, weight: 0 }] }, /weight/],
    [{ critics: [{ ...member, model: "opnai:x" }] }, /opnai/],
    [{ aggregate: "max" }, /aggregate/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new NCriticsCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
});
