/** What the tests of critics share. */
import { Agent4DebateCritic } from "../../src/critics/agent4debate_critic.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConstitutionalCritic } from "../../src/critics/constitutional_critic.ts";
import type { CommonCriticOptions } from "../../src/critics/common_options.ts";
import type { ModelCritic } from "../../src/critics/model_critic.ts";
import { MetaRewardingCritic } from "../../src/critics/meta_rewarding_critic.ts";
import { NCriticsCritic } from "../../src/critics/n_critics_critic.ts";
import { PromptCritic } from "../../src/critics/prompt_critic.ts";
import { ReflexionCritic } from "../../src/critics/reflexion_critic.ts";
import { SelfConsistencyCritic } from "../../src/critics/self_consistency_critic.ts";
import { SelfRAGCritic } from "../../src/critics/self_rag_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { StyleCritic } from "../../src/critics/style_critic.ts";
import { SelfTaughtEvaluatorCritic } from "../../src/critics/self_taught_evaluator_critic.ts";
import { type MockCall, MockModel } from "../../src/models/mock_model.ts";
import type { Model } from "../../src/models/model.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { GateModel, type GateModelOptions } from "../../src/testing/gate_model.ts";
import type { CriticFeedback } from "../../src/thought/critic_feedback.ts";
import type { Message } from "../../src/thought/message.ts";
import { Thought, type ThoughtInit } from "../../src/thought/thought.ts";

export const TASK = "Explain why lemurs are threatened.";
export const DRAFT = "Lemurs are very threatened, as everybody knows.";

/** A thought with fixed id and time, whose text failed one validator. */
export function failing(init: Partial<ThoughtInit> = {}): Thought {
  return draft(init).addValidationResult("LengthValidator", {
    passed: false,
    message: "The text has 7 words; at least 20 are needed",
    score: 0.35,
  });
}

/** A thought with fixed id and time. */
export function draft(init: Partial<ThoughtInit> = {}): Thought {
  return new Thought({ id: "t", timestamp: "2025-01-01T00:00:00.000Z", prompt: TASK, text: DRAFT, ...init });
}

/** An answer that any of the critics can read, with a verdict. */
export const ANSWER = JSON.stringify({
  needsImprovement: true,
  score: 4,
  summary: "No reason is given.",
  issues: [{ text: "No reason is given.", severity: "high", quote: "as everybody knows" }],
  suggestions: [{ text: "Name the loss of forests." }],
  diagnosis: "The text states and does not explain.",
  rootCause: "The writer took the threat for granted.",
  plan: ["Name the loss of forests.", "Give a figure."],
  avoid: ["Appeals to what everybody knows."],
  planFollowed: "",
  violated: true,
  severity: "high",
  quote: "as everybody knows",
  explanation: "It appeals to common knowledge.",
  revisionRequest: "Give the reason.",
});

/** The built-in critics, each made so that a critique of {@linkcode failing} takes at least one call. */
export const CRITICS: [name: string, make: (options: CommonCriticOptions) => ModelCritic][] = [
  ["PromptCritic", (options) => new PromptCritic(options)],
  ["ReflexionCritic", (options) => new ReflexionCritic(options)],
  ["SelfRefineCritic", (options) => new SelfRefineCritic(options)],
  ["StyleCritic", (options) => new StyleCritic({ styleDescription: "Plain.", ...options })],
  [
    "ConstitutionalCritic",
    (options) => new ConstitutionalCritic({ principles: ["Give reasons."], ...options }),
  ],
];

/** A model whose calls wait until `count` are in flight; when they never are, it fails. */
export function gated(
  count: number,
  answer: (messages: readonly Message[]) => string = () => ANSWER,
  options: GateModelOptions = {},
): GateModel {
  const model = new MockModel({ response: ({ messages }) => answer(messages) });
  return new GateModel(model, { opensAt: count, ...options });
}

/** The text of the user's first message. */
export function asked(call: MockCall): string {
  return call.messages.find((message) => message.role === "user")!.content;
}

/** The text of the system message. */
export function role(call: MockCall): string {
  return call.messages.filter((message) => message.role === "system").map((message) => message.content).join(
    "\n",
  );
}

/** Runs an operation through every driver and gives the values, which a test then compares. */
export async function everyDriver<T>(make: () => Operation<T>): Promise<T[]> {
  const simulated = simulate(make(), { seed: 7 }).outcome;
  if (!simulated.ok) throw simulated.error;
  return [runSync(make()), await runAsync(make()), simulated.value];
}

/** An answer that every question of every critic can be answered with. */
export const ANY_ANSWER: string = JSON.stringify({
  ...JSON.parse(ANSWER) as object,
  reasoning: "The task asks for reasons; the text gives none.",
  groups: [{ members: [1] }],
  from: [1],
  winner: "A",
  points: ["No reason is given."],
  speech: "A reason is needed.",
  edits: [{ before: "as everybody knows", after: "as forests are cut", reason: "It gives the reason." }],
  accepted: true,
  sides: [{ side: 1, diagnosis: 8, evidence: 7, cost: 6 }, { side: 2, diagnosis: 4, evidence: 4, cost: 4 }],
  needsEvidence: true,
  claims: [{ claim: "Everybody knows it.", quote: "as everybody knows", query: "who knows it" }],
  verdicts: [{ document: 1, claim: 1, relevant: true, support: "no", evidence: "" }],
  utility: 3,
  instruction: "Explain why lemurs leap.",
});

/** A retriever that finds the same two documents for every question. */
export const ATLAS = defineRetriever("atlas", () => ["Forests are cut.", "Sifakas leap."]);

/** The critics that ask several questions, with the options under which the contract is tested. */
export const FANNING: [name: string, make: (options: CommonCriticOptions) => ModelCritic][] = [
  ["NCriticsCritic", (options) => new NCriticsCritic({ synthesise: true, ...options })],
  ["MetaRewardingCritic", (options) => new MetaRewardingCritic({ refine: true, ...options })],
  ["SelfConsistencyCritic", (options) => new SelfConsistencyCritic(options)],
  ["SelfRAGCritic", (options) => new SelfRAGCritic({ retriever: ATLAS, maxDocuments: 2, ...options })],
  ["Agent4DebateCritic", (options) => new Agent4DebateCritic({ retriever: ATLAS, ...options })],
  ["SelfTaughtEvaluatorCritic", (options) => new SelfTaughtEvaluatorCritic(options)],
];

/** Runs a critique in the blocked thread and on the event loop, with a fresh model each time. */
export async function bothWays<M extends Model>(
  makeModel: () => M,
  make: (model: M) => ModelCritic,
  thought: Thought = failing(),
): Promise<{ readonly model: M; readonly feedback: CriticFeedback }[]> {
  const [first, second] = [makeModel(), makeModel()];
  return [
    { model: first, feedback: make(first).critique(thought) },
    { model: second, feedback: await make(second)._critiqueAsync(thought) },
  ];
}
