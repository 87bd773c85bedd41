import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent4DebateCritic } from "../../src/critics/agent4debate_critic.ts";
import { orderings } from "../../src/critics/agent4debate_judge.ts";
import type { Agent4DebateOptions } from "../../src/critics/agent4debate_options.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import type { Generation } from "../../src/models/generation.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import type { Model } from "../../src/models/model.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import type { Message } from "../../src/thought/message.ts";
import { asked, draft, role } from "./helpers.ts";

const SIDES = [{ name: "keep", stance: "KEEP it." }, { name: "change", stance: "CHANGE it." }];
const EDIT = { before: "as everybody knows", after: "as forests are cut", reason: "It gives the reason." };

type Agent = "Analyzer" | "Writer" | "Reviewer" | "judge";

interface Asked {
  readonly agent: Agent;
  readonly side: string;
  readonly stage: string;
  readonly prompt: string;
}

function readCall(messages: readonly Message[]): Asked {
  const [system, user] = [messages[0]!.content, messages[1]!.content];
  const agent =
    (["Analyzer", "Writer", "Reviewer"] as const).find((name) => system.includes(`the ${name} of a side`)) ??
      "judge";
  const side = /argues for: (\w+)/.exec(system)?.[1] ?? "";
  return { agent, side, stage: /The stage is the (\w+)/.exec(user)?.[1] ?? "", prompt: user };
}

type Script = Partial<Record<Agent, (asked: Asked) => object | string>>;

const USUAL: Required<Script> = {
  Analyzer: ({ side }) => ({ points: [`${side} points`], questions: [`what ${side} asks`] }),
  Writer: ({ side, stage }) => ({
    speech: `${side} speaks in the ${stage}`,
    edits: side === "CHANGE" ? [EDIT] : [],
    questions: [`${side} is left with ${stage}`],
  }),
  Reviewer: () => ({ accepted: true, reasons: [] }),
  judge: ({ prompt }) => {
    const changeIsFirst = prompt.indexOf("CHANGE speaks") < prompt.indexOf("KEEP speaks");
    const marks = (score: number, side: number) => ({ side, diagnosis: score, evidence: score, cost: score });
    return {
      sides: [marks(changeIsFirst ? 8 : 4, 1), marks(changeIsFirst ? 4 : 8, 2)],
      issues: [{ text: "It gives no reason.", severity: "high" }],
      conceded: ["It is short."],
      score: 4,
      summary: "A reason is needed.",
    };
  },
};

function debating(script: Script = {}): MockModel {
  return new MockModel({
    response: ({ messages }: MockCall) => {
      const call = readCall(messages);
      const answer = (script[call.agent] ?? USUAL[call.agent])(call);
      return typeof answer === "string" ? answer : JSON.stringify(answer);
    },
  });
}

const make = (model: Model | string, options: Partial<Agent4DebateOptions> = {}) =>
  new Agent4DebateCritic({ model, sides: SIDES, maxRepairs: 0, retry: { attempts: 1 }, ...options });
const critique = (model: MockModel, options: Partial<Agent4DebateOptions> = {}) =>
  make(model, options).critique(draft());
const callsOf = (model: MockModel): Asked[] => model.calls.map(({ messages }) => readCall(messages));

/** A debater whose calls wait until both sides are at the same point of the same stage. */
class Barrier implements Model {
  readonly name = "barrier";
  readonly log: string[] = [];
  readonly #waiting = new Map<string, number>();

  *_generateOperation(prompt: string | readonly Message[]): Operation<Generation> {
    const call = readCall(prompt as readonly Message[]);
    const point = `${call.stage} ${call.agent}`;
    this.log.push(point);
    this.#waiting.set(point, (this.#waiting.get(point) ?? 0) + 1);
    for (let waits = 0; this.#waiting.get(point)! < 2; waits++) {
      if (waits > 50) throw new Error(`nobody else came to ${point}`);
      yield* sleep(1);
    }
    const answer = USUAL[call.agent](call);
    return { text: JSON.stringify(answer), finishReason: "stop", model: this.name };
  }
}

test("Agent4DebateCritic has the sides of a stage speak side by side, and holds one stage after the other", async () => {
  for (const run of [runSync, runAsync]) {
    const model = new Barrier();
    const feedback = await run(make(model)._critiqueOperation(draft()));
    assert.equal(feedback.modelCalls, 20);
    assert.deepEqual(
      model.log,
      ["opening", "rebuttal", "summary"].flatMap((stage) =>
        ["Analyzer", "Writer", "Reviewer"].flatMap((agent) => [`${stage} ${agent}`, `${stage} ${agent}`])
      ).concat([" judge", " judge"]),
    );
  }
});

test("Agent4DebateCritic lets nobody answer what has not been said to the end", () => {
  const model = debating();
  critique(model);
  for (const { stage, side, prompt } of callsOf(model).filter(({ agent }) => agent !== "judge")) {
    const other = side === "KEEP" ? "CHANGE" : "KEEP";
    const heard = (name: string): string[] =>
      [...prompt.matchAll(new RegExp(`${name} speaks in the (\\w+)`, "g"))].map(([, when]) => when!);
    const before = { opening: [], rebuttal: ["opening"], summary: ["opening", "rebuttal"] }[stage]!;
    assert.deepEqual(heard(other), before, `${side} in the ${stage}`);
  }
});

test("Agent4DebateCritic looks up what its Analyzers ask, for their own side", () => {
  const retriever = new MockRetriever({ documents: ["Forests are cut."] });
  const model = debating();
  critique(model, { retriever });
  assert.deepEqual(retriever.queries.length, 6);
  assert.ok(retriever.queries.includes("what KEEP asks"));
  const writer = callsOf(model).find(({ agent }) => agent === "Writer")!;
  assert.match(writer.prompt, /What was looked up for your side:.*Forests are cut\./s);
  const without = debating();
  critique(without);
  assert.doesNotMatch(callsOf(without).find(({ agent }) => agent === "Writer")!.prompt, /looked up/);
});

test("Agent4DebateCritic sends a speech back, with the reasons, no more often than it may", () => {
  const model = debating({ Reviewer: () => ({ accepted: false, reasons: ["The edit does not apply."] }) });
  const feedback = critique(model, { stages: ["opening"], maxReviewRounds: 2 });
  assert.equal(feedback.modelCalls, 2 * (3 + 2 * 2) + 2);
  const rewritten = callsOf(model).filter(({ agent, prompt }) =>
    agent === "Writer" && prompt.includes("sent this speech back")
  );
  assert.equal(rewritten.length, 4);
  assert.match(rewritten[0]!.prompt, /The edit does not apply\./);
  const [turn] = feedback.metadata.transcript as { returns: number; objections: string[] }[];
  assert.deepEqual([turn!.returns, turn!.objections], [2, ["The edit does not apply."]]);
  const critic = make(model, { stages: ["opening"], maxReviewRounds: 2, maxRepairs: 1 });
  assert.deepEqual(critic.estimateCalls(draft()), { min: 8, expected: 8, max: 32 });
});

test("Agent4DebateCritic judges in several orders of the sides, with their names hidden, at temperature 0", () => {
  const model = debating();
  const judge = debating();
  const feedback = critique(model, { judgeModel: judge });
  assert.equal(judge.calls.length, 2);
  assert.ok(model.calls.every((call) => readCall(call.messages).agent !== "judge"));
  const firsts = judge.calls.map((call) =>
    /Side 1\.\nIn the opening:\n<speech-\w+>\n(\w+)/.exec(asked(call))![1]
  );
  assert.deepEqual(firsts, ["KEEP", "CHANGE"]);
  for (const call of judge.calls) {
    assert.equal(call.options.temperature, 0);
    assert.doesNotMatch(asked(call), /KEEP it\.|CHANGE it\./);
    assert.match(role(call), /You are the judge/);
  }
  assert.deepEqual(feedback.metadata.scores, [{ side: "keep", score: 0.4 }, { side: "change", score: 0.8 }]);
  assert.equal(feedback.confidence, 0.4);
});

test("Agent4DebateCritic gives the points that were upheld, and the winner's edits", () => {
  const feedback = critique(debating());
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.metadata.winner, "change");
  assert.deepEqual(feedback.issues, [{ text: "It gives no reason.", severity: "high" }, {
    text: "It is short.",
  }]);
  assert.deepEqual(feedback.suggestions, [{
    text: 'Replace "as everybody knows" with "as forests are cut". Reason: It gives the reason.',
    quote: "as everybody knows",
  }]);
  assert.equal(feedback.score, 0.4);
});

test("Agent4DebateCritic leaves the text alone when the side wins that has no edits", () => {
  const model = debating({
    judge: ({ prompt }) => {
      const keepIsFirst = prompt.indexOf("KEEP speaks") < prompt.indexOf("CHANGE speaks");
      return {
        sides: [{ side: 1, diagnosis: keepIsFirst ? 9 : 2 }, { side: 2, diagnosis: keepIsFirst ? 2 : 9 }],
        issues: ["It could be longer."],
      };
    },
  });
  const feedback = critique(model);
  assert.equal(feedback.metadata.winner, "keep");
  assert.equal(feedback.needsImprovement, false);
  assert.deepEqual([feedback.issues, feedback.suggestions], [[], []]);
});

test("Agent4DebateCritic takes a judge that favours a place for undecided, and then the fewer edits", () => {
  const model = debating({
    judge: () => ({ sides: [{ side: 1, diagnosis: 9 }, { side: 2, diagnosis: 1 }] }),
  });
  const feedback = critique(model);
  assert.equal(feedback.confidence, 0);
  assert.equal(feedback.metadata.winner, "keep");
});

test("Agent4DebateCritic drops edits of words that are not in the text, and tells the Reviewer of them", () => {
  const model = debating({
    Writer: ({ side }) => ({
      speech: `${side} speaks`,
      edits: side === "CHANGE"
        ? [{ ...EDIT, before: "never written" }, { before: "", after: "A date.", reason: "" }]
        : [],
    }),
  });
  const feedback = critique(model);
  assert.deepEqual(feedback.suggestions, [{ text: 'Add: "A date."' }]);
  const review = callsOf(model).find(({ agent, side }) => agent === "Reviewer" && side === "CHANGE")!;
  assert.match(review.prompt, /never written.*\(the words to replace are not in the text\)/);
});

test("Agent4DebateCritic adds what the judge accepts of the other side's edits to the winner's, in whatever order it saw them", () => {
  const kept = { before: "Lemurs", after: "Many lemurs", reason: "" };
  const model = (acceptedIn: number) => {
    let judged = 0;
    return debating({
      Writer: ({ side }) => ({
        speech: `${side} speaks`,
        edits: side === "CHANGE" ? [EDIT] : [{ ...kept, after: "All lemurs" }, kept],
      }),
      judge: (asked) => {
        const keep = asked.prompt.indexOf("KEEP speaks") < asked.prompt.indexOf("CHANGE speaks") ? 1 : 2;
        const accepted = judged++ < acceptedIn ? [{ side: keep, edit: 2 }, { side: 3 - keep, edit: 1 }] : [];
        return { ...USUAL.judge(asked) as object, accepted };
      },
    });
  };
  const suggestionsOf = (acceptedIn: number): string[] =>
    critique(model(acceptedIn)).suggestions.map(({ text }) => text);
  const plan = 'Replace "as everybody knows" with "as forests are cut". Reason: It gives the reason.';
  assert.deepEqual(suggestionsOf(0), [plan]);
  assert.deepEqual(suggestionsOf(1), [plan, 'Replace "Lemurs" with "Many lemurs".']);
  assert.deepEqual(suggestionsOf(2), [plan, 'Replace "Lemurs" with "Many lemurs".']);
});

test("Agent4DebateCritic takes no winner who misquotes the text for one who would keep it", () => {
  const misquoting: Script["Writer"] = ({ side }) => ({
    speech: `${side} speaks`,
    edits: side === "CHANGE" ? [{ ...EDIT, before: "never written" }] : [],
  });
  const feedback = critique(debating({ Writer: misquoting }));
  assert.equal(feedback.metadata.winner, "change");
  assert.equal(feedback.needsImprovement, true);
  assert.deepEqual(feedback.issues.map(({ text }) => text), ["It gives no reason.", "It is short."]);
  const judge: Script["judge"] = (asked) => ({ ...USUAL.judge(asked) as object, issues: [], conceded: [] });
  const silent = critique(debating({ Writer: misquoting, judge }));
  assert.equal(silent.metadata.winner, "change");
  assert.equal(silent.needsImprovement, undefined);
});

test("Agent4DebateCritic gives a walk-over, with no confidence, when a side fails", () => {
  const model = debating({
    Analyzer: (call) => {
      if (call.side === "KEEP" && call.stage === "rebuttal") throw new Error("the line is dead");
      return USUAL.Analyzer(call);
    },
  });
  const feedback = critique(model);
  assert.equal(feedback.metadata.winner, "change");
  assert.equal(feedback.metadata.walkOver, true);
  assert.equal(feedback.confidence, 0);
  assert.equal(feedback.score, undefined);
  assert.deepEqual(feedback.metadata.failures, [{ side: "keep", reason: "the line is dead" }]);
  assert.ok(callsOf(model).every(({ agent, stage }) => agent !== "judge" && stage !== "summary"));
});

test("Agent4DebateCritic goes on with two of three sides, and shows each in each place", () => {
  const model = debating({
    Writer: (call) => {
      if (call.side === "THIRD") throw new Error("dead");
      return USUAL.Writer(call);
    },
  });
  const feedback = critique(model, { sides: [...SIDES, "THIRD way."] });
  assert.equal(feedback.metadata.winner, "change");
  assert.equal(callsOf(model).filter(({ agent }) => agent === "judge").length, 2);
  assert.deepEqual(orderings(2), [[0, 1], [1, 0]]);
  assert.deepEqual(orderings(3), [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]);
  assert.equal(orderings(4).length, 4);
});

test("Agent4DebateCritic throws the first failure when every side fails", () => {
  const model = debating({ Writer: () => "no speech at all" });
  assert.throws(() => critique(model), {
    code: "too_few_answers",
    message: /could not read the opening of keep/,
  });
});

test("Agent4DebateCritic makes one call of Analyzer and Writer when compact, and looks up what was left open", () => {
  const retriever = new MockRetriever({ documents: ["x"] });
  const model = debating();
  const feedback = critique(model, { compact: true, stages: ["rebuttal", "opening"], retriever });
  assert.equal(feedback.modelCalls, 2 * 2 * 2 + 2);
  assert.ok(callsOf(model).every(({ agent }) => agent !== "Analyzer"));
  assert.deepEqual([...new Set(retriever.queries)], [
    draft().prompt,
    "KEEP is left with opening",
    "CHANGE is left with opening",
  ]);
});

test("Agent4DebateCritic remembers what a debate settled, for the next one", () => {
  const memory = { value: undefined };
  const model = debating();
  const critic = make(model);
  critic.critique(draft(), { memory });
  assert.deepEqual(memory.value as unknown, { settled: ["It gives no reason.", "It is short."] });
  critic.critique(draft(), { memory });
  assert.doesNotMatch(asked(model.calls[0]!), /earlier versions settled/);
  assert.match(asked(model.calls[20]!), /earlier versions settled.*- It gives no reason\./s);
});

test("Agent4DebateCritic keeps its transcript within bounds", () => {
  const model = debating({
    Writer: ({ side }) => ({ speech: `${side} ${"says a lot ".repeat(5_000)}`, edits: [] }),
  });
  assert.ok(JSON.stringify(critique(model).metadata.transcript).length < 20_000);
});

test("Agent4DebateCritic tells each agent what the contract asks of it", () => {
  const model = debating();
  critique(model);
  const first = (agent: Agent): string => callsOf(model).find((call) => call.agent === agent)!.prompt;
  assert.match(first("Analyzer"), /strongest points.*"questions": what evidence would decide/s);
  assert.match(first("Writer"), /exact words of the text and what is to stand there instead/);
  assert.match(first("Reviewer"), /does not apply to the text.*neither the text nor a document.*unanswered/s);
  assert.match(first("judge"), /diagnosis:.*evidence:.*cost:.*order in which the sides stand means nothing/s);
});

test("Agent4DebateCritic refuses a debate that is none", () => {
  const wrong: [object, RegExp][] = [
    [{ sides: ["alone"] }, /sides must be an array with at least 2 items/],
    [{ sides: ["a", "a"] }, /sides\[1\] repeats sides\[0\]/],
    [{ sides: [{ name: "x", stance: "a" }, { name: "x", stance: "b" }] }, /repeats/],
    [{ stages: ["opening", "closing"] }, /stages\[1\]/],
    [{ stages: ["rebuttal"] }, /stages must have the opening/],
    [{ stages: ["opening", "opening"] }, /stages must be different/],
    [{ maxReviewRounds: -1 }, /maxReviewRounds/],
    [{ judgeModel: "opnai:x" }, /opnai/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new Agent4DebateCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
});
