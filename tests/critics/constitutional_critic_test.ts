import assert from "node:assert/strict";
import { test } from "node:test";
import { ConstitutionalCritic, type ConstitutionalOptions } from "../../src/critics/constitutional_critic.ts";
import { critiqueSafely } from "../../src/critics/critique_safely.ts";
import { drawNext } from "../../src/critics/draw.ts";
import { containsQuote } from "../../src/critics/quote.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import type { JsonValue } from "../../src/json.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import type { Prompt } from "../../src/models/generation.ts";
import { promptText } from "../../src/thought/prompt.ts";
import { asked, DRAFT, draft, gated } from "./helpers.ts";

const PRINCIPLES = ["ALPHA holds.", "BETA holds.", "GAMMA holds."];
const verdict = (principle: number, violated: boolean, more: object = {}): object => ({
  principle,
  violated,
  severity: "medium",
  quote: "",
  explanation: violated ? `principle ${principle} is broken` : "",
  revisionRequest: violated ? `mend ${principle}` : "",
  ...more,
});
const satisfied = JSON.stringify({ verdicts: [verdict(1, false)] });

function principleOf(text: string): number {
  const section = text.slice(text.indexOf("The principle, with its number:"));
  return Number(/\n(\d+)\. /.exec(section)?.[1]);
}

/** A model that says of each principle what `violated` holds for it. */
function judging(violated: Record<number, object>, settings: { fail?: number } = {}): MockModel {
  return new MockModel({
    response: (call: MockCall) => {
      const number = principleOf(asked(call));
      if (number === settings.fail) throw new Error("the line is dead");
      const more = violated[number];
      return JSON.stringify({
        needsImprovement: true,
        verdicts: [verdict(number, more !== undefined, more ?? {})],
      });
    },
  });
}

function critique(options: Partial<ConstitutionalOptions>, text = DRAFT) {
  return new ConstitutionalCritic({ model: new MockModel(), principles: PRINCIPLES, ...options }).critique(
    draft({ text }),
  );
}

const statuses = (feedback: { metadata: { readonly [key: string]: JsonValue } }): unknown[] =>
  (feedback.metadata.verdicts as { status: string }[]).map((entry) => entry.status);

test("ConstitutionalCritic asks about each principle in a call of its own, all at once", async () => {
  for (const run of [runSync, runAsync]) {
    const model = gated(3, () => satisfied);
    const feedback = await run(
      new ConstitutionalCritic({ model, principles: PRINCIPLES })._critiqueOperation(draft()),
    );
    assert.equal(feedback.needsImprovement, false);
    assert.equal(feedback.modelCalls, 3);
    assert.equal(model.mostInFlight, 3);
  }
});

test("ConstitutionalCritic keeps no more calls in flight than modelCallConcurrency", () => {
  const model = gated(2, () => satisfied);
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES, modelCallConcurrency: 2 });
  assert.ok(simulate(critic._critiqueOperation(draft())).outcome.ok);
  assert.equal(model.mostInFlight, 2);
});

test("ConstitutionalCritic puts one principle with its own request into each call", () => {
  const model = judging({});
  new ConstitutionalCritic({
    model,
    principles: ["ALPHA {holds}.", { text: "BETA holds.", critiqueRequest: "Is BETA there?" }],
  }).critique(draft());
  assert.match(asked(model.calls[0]!), /\n1\. ALPHA \{holds\}\./);
  assert.doesNotMatch(asked(model.calls[0]!), /BETA/);
  assert.match(asked(model.calls[1]!), /\n2\. BETA holds\.\n {3}Ask: Is BETA there\?/);
  assert.match(
    asked(model.calls[1]!),
    /Quote the exact words.*Severity\. low: .*medium: .*high: .*"Satisfied" is a full answer/s,
  );
});

test("ConstitutionalCritic keeps the other verdicts when a call fails, and flags the principle as unknown", () => {
  const feedback = critique({ model: judging({ 1: {} }, { fail: 2 }) });
  assert.deepEqual(statuses(feedback), ["violated", "unknown", "satisfied"]);
  assert.deepEqual(feedback.metadata.unknown, ["principle-2"]);
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.score, 0.5);
  assert.match(feedback.summary, /not known: principle-2/);
});

test("ConstitutionalCritic gives no verdict when nothing is violated but not everything is known", () => {
  const feedback = critique({ model: judging({}, { fail: 2 }) });
  assert.equal(feedback.needsImprovement, undefined);
  assert.equal(feedback.score, 1);
});

test("ConstitutionalCritic throws when every call fails, and becomes feedback with an error in a chain", () => {
  const model = new MockModel({ response: new Error("the line is dead") });
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES });
  assert.throws(() => critic.critique(draft()), /the line is dead/);
  const feedback = runSync(critiqueSafely(critic, draft()));
  assert.deepEqual(feedback.error, { code: "exception", message: "the line is dead" });
  assert.equal(feedback.modelCalls, 3);
});

test("ConstitutionalCritic cancels the calls still in flight when it is cancelled", async () => {
  const model = gated(99, () => satisfied);
  const controller = new AbortController();
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES });
  const running = critic._critiqueAsync(draft(), { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
  assert.equal(model.cancelled, 3);
  assert.equal(model.inFlight, 0);
});

test("ConstitutionalCritic counts a violation of low severity only when strict", () => {
  const model = judging({ 2: { severity: "low" } });
  assert.equal(critique({ model }).needsImprovement, false);
  assert.equal(critique({ model, strict: true }).needsImprovement, true);
  assert.equal(critique({ model: judging({ 2: { severity: "medium" } }) }).needsImprovement, true);
});

test("ConstitutionalCritic does not take the word None for a violation", () => {
  const model = new MockModel({ response: "Violated: no\nIssues:\n- None\nExplanation: None" });
  const feedback = critique({ model });
  assert.deepEqual(statuses(feedback), ["satisfied", "satisfied", "satisfied"]);
  assert.equal(feedback.needsImprovement, false);
  assert.deepEqual(feedback.issues, []);
});

test("ConstitutionalCritic lowers a violation whose quotation is not in the text to unconfirmed", () => {
  const found = critique({
    model: judging({ 1: { severity: "high", quote: "As  everybody KNOWS." } }),
    principles: ["ALPHA holds."],
  });
  assert.deepEqual(statuses(found), ["violated"]);
  assert.equal(found.issues[0]!.quote, "As  everybody KNOWS.");
  const invented = critique({
    model: judging({ 1: { severity: "high", quote: "never said" } }),
    principles: ["ALPHA holds."],
  });
  assert.deepEqual(statuses(invented), ["unconfirmed"]);
  assert.equal(invented.needsImprovement, false);
  assert.equal(invented.issues[0]!.severity, "low");
  assert.match(invented.issues[0]!.text, /unconfirmed/);
  assert.equal(invented.score, 0);
});

test("ConstitutionalCritic weighs principles in its score", () => {
  const principles = [{ text: "ALPHA", weight: 3 }, "BETA"];
  assert.equal(critique({ model: judging({ 1: {} }), principles }).score, 0.25);
  assert.equal(critique({ model: judging({ 2: {} }), principles }).score, 0.75);
});

test("ConstitutionalCritic reports violations by severity, with what to do", () => {
  const feedback = critique({ model: judging({ 1: { severity: "low" }, 3: { severity: "high" } }) });
  assert.deepEqual(feedback.issues.map((issue) => issue.text), [
    "principle-3: principle 3 is broken",
    "principle-1: principle 1 is broken",
  ]);
  assert.deepEqual(feedback.suggestions.map((item) => item.text), ["mend 3", "mend 1"]);
});

test("ConstitutionalCritic takes a principle's own revision request when the answer has none", () => {
  const model = judging({ 1: { revisionRequest: "" } });
  const feedback = critique({
    model,
    principles: [{ id: "alpha", text: "ALPHA", revisionRequest: "Add ALPHA." }],
  });
  assert.deepEqual(feedback.suggestions.map((item) => item.text), ["Add ALPHA."]);
  assert.match(feedback.issues[0]!.text, /^alpha: /);
});

test("ConstitutionalCritic makes do with an answer in the common form", () => {
  const answer = JSON.stringify({
    needsImprovement: true,
    summary: "Vague.",
    issues: [{ text: "Vague", severity: "high" }],
    suggestions: ["Be plain."],
  });
  const feedback = critique({ model: new MockModel({ response: answer }) });
  assert.deepEqual(statuses(feedback), ["violated", "violated", "violated"]);
  assert.ok(feedback.issues.some((issue) => issue.text === "Vague"));
  assert.equal(feedback.suggestions.filter((item) => item.text === "Be plain.").length, 1);
});

test("ConstitutionalCritic counts nothing twice that an answer says in its verdict and in the common form", () => {
  const twice = (violated: boolean): MockModel =>
    new MockModel({
      response: JSON.stringify({
        verdicts: [verdict(1, violated)],
        issues: ["The first principle is not kept."],
        suggestions: ["Keep it."],
      }),
    });
  const broken = critique({ model: twice(true), principles: ["ALPHA holds."] });
  assert.deepEqual(broken.issues.map(({ text }) => text), ["principle-1: principle 1 is broken"]);
  assert.deepEqual(broken.suggestions.map(({ text }) => text), ["mend 1"]);
  const kept = critique({ model: twice(false), principles: ["ALPHA holds."] });
  assert.deepEqual([kept.needsImprovement, kept.issues, kept.suggestions], [false, [], []]);
});

test("ConstitutionalCritic asks about all principles in one call when batched, in any order of the answer", () => {
  const model = new MockModel({
    response: JSON.stringify({
      verdicts: [verdict(3, true), verdict(1, false), { ...verdict(2, false), principle: "Principle 2" }],
    }),
  });
  const feedback = critique({ model, mode: "batched" });
  assert.equal(model.calls.length, 1);
  assert.deepEqual(statuses(feedback), ["satisfied", "satisfied", "violated"]);
  for (const principle of PRINCIPLES) assert.ok(asked(model.calls[0]!).includes(principle));
  assert.match(asked(model.calls[0]!), /one verdict on every principle, 3 in all/);
});

test("ConstitutionalCritic asks once more for the entries that a batched answer lacks", () => {
  const model = new MockModel({
    responses: [
      JSON.stringify({ verdicts: [verdict(1, true), verdict(3, false)] }),
      JSON.stringify({ verdicts: [verdict(2, false)] }),
    ],
    mode: "strict",
  });
  const feedback = critique({ model, mode: "batched" });
  assert.equal(model.calls.length, 2);
  assert.match(model.calls[1]!.messages.at(-1)!.content, /no readable entry for principle 2/);
  assert.deepEqual(statuses(feedback), ["violated", "satisfied", "satisfied"]);
});

test("ConstitutionalCritic flags what a batched answer still lacks as unknown", () => {
  const model = new MockModel({ response: JSON.stringify({ verdicts: [verdict(1, false)] }) });
  const feedback = critique({ model, mode: "batched" });
  assert.equal(model.calls.length, 2);
  assert.deepEqual(statuses(feedback), ["satisfied", "unknown", "unknown"]);
  assert.equal(feedback.needsImprovement, undefined);
});

test("ConstitutionalCritic draws until all principles have had their turn, and then again", () => {
  const model = judging({});
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES, mode: "sample", seed: 5 });
  const memory: { value: JsonValue | undefined } = { value: undefined };
  for (let round = 0; round < 6; round++) critic.critique(draft(), { memory });
  const drawn = model.calls.map((call) => principleOf(asked(call)));
  assert.deepEqual([...drawn.slice(0, 3)].sort(), [1, 2, 3]);
  assert.deepEqual([...drawn.slice(3)].sort(), [1, 2, 3]);
});

test("ConstitutionalCritic draws the same for the same seed, and remembers its draws in the thought", () => {
  const drawn = (seed: number): number[] => {
    const model = judging({});
    const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES, mode: "sample", seed });
    let thought = draft();
    for (let round = 0; round < 3; round++) {
      const memory = {
        value: (thought.metadata.critics as Record<string, JsonValue> | undefined)?.[critic.name],
      };
      critic.critique(thought, { memory });
      thought = thought.withMetadata({ critics: { [critic.name]: memory.value ?? null } });
    }
    return model.calls.map((call) => principleOf(asked(call)));
  };
  assert.deepEqual(drawn(1), drawn(1));
  const orders = new Set([0, 1, 2, 3, 4, 5, 6, 7].map((seed) => drawn(seed).join()));
  assert.ok(orders.size > 1);
});

test("drawNext covers all before repeating, for every size and seed, and never twice in one draw", () => {
  for (let total = 1; total <= 7; total++) {
    for (let count = 1; count <= total; count++) {
      for (let seed = -2; seed < 5; seed++) {
        const seen: number[] = [];
        let draw: ReturnType<typeof drawNext> | undefined;
        for (let round = 0; round < 2 * total; round++) {
          draw = drawNext(total, count, seed, draw);
          assert.equal(new Set(draw.drawn).size, count);
          seen.push(...draw.drawn);
        }
        assert.equal(new Set(seen.slice(0, total)).size, total);
      }
    }
  }
});

test("ConstitutionalCritic costs as many calls as estimateCalls says", () => {
  const model = judging({});
  const calls = (options: Partial<ConstitutionalOptions>): object =>
    new ConstitutionalCritic({ model, principles: PRINCIPLES, ...options }).estimateCalls(draft());
  assert.deepEqual(calls({}), { min: 3, expected: 3, max: 6 });
  assert.deepEqual(calls({ mode: "batched" }), { min: 1, expected: 1, max: 2 });
  assert.deepEqual(calls({ mode: "sample", sampleSize: 2, maxRepairs: 0 }), { min: 2, expected: 2, max: 2 });
  assert.deepEqual(new ConstitutionalCritic({ model }).estimateCalls(draft()), {
    min: 5,
    expected: 5,
    max: 10,
  });
  assert.throws(() => critique({ model, budget: { maxModelCalls: 2 } }), { code: "budget" });
});

/** Judges by the words of the text, and mends one word a revision. */
function mending(recheckAnswer?: (text: string) => string): MockModel {
  return new MockModel({
    response: (call) => {
      const prompt = asked(call);
      if (prompt.startsWith("Revise a text")) {
        const text = /<draft-\w+>\n([\s\S]*?)\n<\/draft/.exec(prompt)![1]!;
        return text.replace(prompt.includes("ALPHA") ? "bad1" : "bad3", "good");
      }
      const number = principleOf(prompt);
      if (recheckAnswer && !prompt.includes("bad")) return recheckAnswer(prompt);
      const violated = prompt.includes(`bad${number}`);
      return JSON.stringify({
        verdicts: [
          verdict(number, violated, {
            severity: number === 3 ? "high" : "medium",
            quote: violated ? `bad${number}` : "",
          }),
        ],
      });
    },
  });
}

test("ConstitutionalCritic improves with one revision a violated principle, the gravest first", () => {
  const model = mending();
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES });
  assert.equal(critic.improve(draft({ text: "bad1 bad3" })), "good good");
  const revisions = model.calls.map(asked).filter((prompt) => prompt.startsWith("Revise"));
  assert.equal(model.calls.length, 3 + 2);
  assert.match(revisions[0]!, /The principle: GAMMA.*Change as little as removes the violation/s);
  assert.match(revisions[0]!, /To do: mend 3/);
  assert.match(revisions[1]!, /bad1 good.*The principle: ALPHA/s);
});

test("ConstitutionalCritic examines the revised text when recheck is on, and keeps the better one", () => {
  const model = mending();
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES, recheck: true });
  assert.equal(critic.improve(draft({ text: "bad1 bad3" })), "good good");
  assert.equal(model.calls.length, 3 + 2 + 3);
  const worse = mending((prompt) => JSON.stringify({ verdicts: [verdict(principleOf(prompt), true)] }));
  const wary = new ConstitutionalCritic({ model: worse, principles: PRINCIPLES, recheck: true });
  assert.equal(wary.improve(draft({ text: "bad1 bad3" })), "bad1 bad3");
});

test("ConstitutionalCritic writes no revision whose recheck its budget cannot pay for", () => {
  const model = mending();
  const options = { model, principles: PRINCIPLES, recheck: true, budget: { maxModelCalls: 3 + 2 + 2 } };
  assert.throws(() => new ConstitutionalCritic(options).improve(draft({ text: "bad1 bad3" })), {
    code: "budget",
  });
  assert.equal(model.calls.length, 3);
});

test("ConstitutionalCritic rechecks by the principle that it has drawn, and draws the next one afterwards", () => {
  const model = mending();
  const critic = new ConstitutionalCritic({ model, principles: PRINCIPLES, mode: "sample", recheck: true });
  const memory = { value: undefined };
  for (let round = 0; round < 3; round++) critic.improve(draft({ text: "bad1 bad2 bad3" }), { memory });
  const numbers = model.calls.map(asked).filter((prompt) => !prompt.startsWith("Revise")).map(principleOf);
  assert.deepEqual(
    numbers.map((number, index) => number === numbers[index - index % 2]),
    Array(6).fill(true),
  );
  assert.deepEqual([...new Set(numbers)].sort(), [1, 2, 3]);
});

test("ConstitutionalCritic leaves a text alone that satisfies every principle", () => {
  const model = judging({});
  assert.equal(new ConstitutionalCritic({ model, principles: PRINCIPLES }).improve(draft()), DRAFT);
  assert.equal(model.calls.length, 3);
});

test("ConstitutionalCritic refuses an empty, repeated or misshapen constitution", () => {
  const wrong: [object, RegExp][] = [
    [{ principles: [] }, /principles must be an array with at least 1 item/],
    [{ principles: ["  "] }, /principles\[0\]/],
    [{ principles: ["A", "a "] }, /principles\[1\] repeats principles\[0\]/],
    [{ principles: [{ id: "x", text: "A" }, { id: "x", text: "B" }] }, /repeats/],
    [{ principles: [{ text: "A", weight: 0 }] }, /weight/],
    [{ principles: [{ text: "A", weigth: 1 }] }, /weigth/],
    [{ principles: [{ id: "x" }] }, /principles\[0\]/],
    [
      { principles: ["A", "B"], mode: "sample", sampleSize: 3 },
      /sampleSize must not exceed.*sampleSize is 3, there are 2/,
    ],
    [{ sampleSize: 0 }, /sampleSize/],
    [{ mode: "all" }, /mode must be one of "each", "batched", "sample"/],
    [{ seed: 0.5 }, /seed/],
    [{ strict: "yes" }, /strict/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new ConstitutionalCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
});

test("ConstitutionalCritic does not keep the caller's list", () => {
  const principles = ["ALPHA holds."];
  const critic = new ConstitutionalCritic({ model: judging({}), principles });
  principles.push("BETA holds.");
  assert.equal(critic.estimateCalls(draft()).min, 1);
});

test("ConstitutionalCritic keeps the order of its results whatever the order of the calls", () => {
  for (const seed of [1, 2, 3, 4]) {
    const model = gated(3, (prompt: Prompt) => {
      const number = principleOf(typeof prompt === "string" ? prompt : promptText(prompt));
      return JSON.stringify({ verdicts: [verdict(number, number === 2)] });
    });
    const { outcome } = simulate(
      new ConstitutionalCritic({ model, principles: PRINCIPLES })._critiqueOperation(draft()),
      { seed },
    );
    assert.ok(outcome.ok);
    assert.deepEqual(statuses(outcome.value), ["satisfied", "violated", "satisfied"]);
  }
});

test("containsQuote forgives blanks, case, quotation marks, dashes and omissions", () => {
  const text = "It “always” works – in every\n  case, they say.";
  for (
    const quote of [
      '"It "always" works',
      "works - in every case",
      "IN EVERY CASE",
      "It … they say",
      "...every case…",
      "It [...] say.",
    ]
  ) {
    assert.equal(containsQuote(text, quote), true, quote);
  }
  for (const quote of ["", "…", "never works", "they say … It"]) {
    assert.equal(containsQuote(text, quote), false, quote);
  }
});
