/** Random chains: every option that decides how a run goes, with components that ask the world. */
import type { ChainOptions } from "../../src/chain/options.ts";
import { resolveSettings } from "../../src/chain/settings.ts";
import { runChain, type RunResult } from "../../src/chain/run.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import type { Critic } from "../../src/critics/critic.ts";
import { defineModel } from "../../src/models/define_model.ts";
import type { Model } from "../../src/models/model.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import type { Retriever } from "../../src/retrievers/retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { operationsOf } from "../../src/storage/operations_of.ts";
import { OperationStorage, type StorageOperations } from "../../src/storage/storage.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import type { ModelAnswer } from "./answers.ts";
import { chainProblems } from "./chain_invariants.ts";
import type { Scenario, Wildness } from "./scenario.ts";
import type { Seeded } from "./seeded.ts";
import { askWorld, type Life, tracked } from "./world.ts";

/** What is drawn once; the components are made for each life. */
interface Plan {
  readonly options: ChainOptions;
  readonly models: number;
  readonly validators: readonly boolean[];
  readonly critics: readonly ("asks" | "reports" | "plain")[];
  readonly modelRetrievers: number;
  readonly criticRetrievers: number;
  readonly stores: boolean;
}

/** Draws a chain. */
export function chainScenario(seeded: Seeded, wildness: Wildness): Scenario {
  const plan = drawPlan(seeded, wildness);
  return {
    kind: "chain",
    start: (life) => runChain(resolveSettings(optionsOf(plan, life)), "run-1"),
    essence: (value) => essenceOf(value as RunResult),
    problemsOf: (outcome, life, elapsedMs) =>
      chainProblems(outcome, { life, elapsedMs, options: optionsOf(plan, life) }),
  };
}

function drawPlan(seeded: Seeded, { timeless }: Wildness): Plan {
  const times = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: seeded.integer(0, most) }, make);
  const durationMs = (): number | undefined => seeded.maybe(0.3, () => seeded.integer(20, 3_000));
  const critics = times(3, () => seeded.pick(["asks", "reports", "plain"] as const));
  const options: ChainOptions = {
    prompt: `task ${seeded.integer(0, 1_000_000)}`,
    systemPrompt: seeded.maybe(0.2, () => "You write."),
    input: seeded.maybe(0.1, () => "a first text"),
    maxImprovementIterations: seeded.integer(0, 4),
    applyImproversOnValidationFailure: seeded.chance(0.7),
    alwaysApplyCritics: seeded.chance(0.4),
    critiqueFinal: seeded.maybe(0.3, () => seeded.chance(0.5)),
    stopOnNoProgress: seeded.chance(0.7),
    select: seeded.pick(["best", "last"]),
    onValidatorError: seeded.pick(["fail", "fail", "pass", "throw"]),
    onCriticError: seeded.pick(["skip", "skip", "throw"]),
    onRetrieverError: seeded.pick(["skip", "skip", "throw"]),
    onStorageError: seeded.pick(["warn", "warn", "throw"]),
    onModelError: seeded.pick(["throw", "return-best"]),
    onExhausted: seeded.pick(["return", "return", "throw"]),
    maxConcurrency: seeded.pick([1, 2, 8]),
    retry: {
      attempts: seeded.integer(1, 4),
      baseMs: timeless ? 0 : seeded.integer(0, 500),
      jitter: seeded.chance(0.5),
    },
    timeouts: timeless ? {} : {
      generateMs: durationMs(),
      validateMs: durationMs(),
      critiqueMs: durationMs(),
      retrieveMs: durationMs(),
      totalMs: durationMs(),
    },
    // Side by side, critics spend a budget in the order of their answers.
    budget: timeless ? undefined : seeded.maybe(0.3, () => ({
      maxModelCalls: seeded.maybe(0.7, () => seeded.integer(1, 8)),
      maxTokens: seeded.maybe(0.3, () => seeded.integer(20, 400)),
    })),
    onEvent: seeded.maybe(0.3, () => () => {}),
  };
  return {
    options,
    models: seeded.integer(1, 3),
    validators: times(5, () => seeded.chance(0.6)),
    critics,
    modelRetrievers: seeded.integer(0, 2),
    criticRetrievers: seeded.integer(0, 2),
    stores: seeded.chance(0.5),
  };
}

/** The chain's options with components of one life. */
function optionsOf(plan: Plan, life: Life): ChainOptions {
  const [model, ...fallbackModels] = Array.from({ length: plan.models }, (_, index) => modelOf(life, index));
  const retrievers = (name: string, count: number): Retriever[] =>
    Array.from({ length: count }, (_, index) => retrieverOf(life, `${name} ${index}`));
  return {
    ...plan.options,
    model,
    fallbackModels,
    validators: plan.validators.map((asks, index) => validatorOf(life, index, asks)),
    critics: plan.critics.map((kind, index) => criticOf(life, index, kind)),
    modelRetrievers: retrievers("library", plan.modelRetrievers),
    criticRetrievers: retrievers("archive", plan.criticRetrievers),
    ...(plan.stores && { storage: new WorldStorage(life) }),
  };
}

/** Asks a model of the world, and counts what that takes as far as anybody can know it. */
function* callModel(life: Life, name: string, question: string, isCounted = true): Operation<ModelAnswer> {
  if (isCounted) life.modelCalls++;
  const answer = yield* askWorld<ModelAnswer | null>("generate", name, question);
  if (typeof answer?.text !== "string" || answer.text === "") throw new TypeError(`${name} gave no text`);
  if (!isCounted) life.modelCalls++;
  life.promptTokens += answer.promptTokens;
  life.completionTokens += answer.completionTokens;
  return answer;
}

function modelOf(life: Life, index: number): Model {
  const name = `writer-${index}`;
  return defineModel(name, function* (messages) {
    const question = messages.map(({ content }) => content).join("\n");
    const { text, ...usage } = yield* tracked(life, callModel(life, name, question));
    return { text, usage };
  });
}

function validatorOf(life: Life, index: number, asks: boolean): Validator {
  const name = `validator ${index}`;
  if (!asks) return defineValidator(name, ({ text }) => text!.length > 2);
  return defineValidator(name, function* ({ text }) {
    return yield* tracked(life, askWorld<boolean>("validate", name, text));
  });
}

function criticOf(life: Life, index: number, kind: Plan["critics"][number]): Critic {
  const name = `critic ${index}`;
  return defineCritic(name, function* ({ text, iteration }, { calls, documents = [] }) {
    const question = [name, text, documents.map((document) => document.text)];
    if (kind === "plain") return yield* tracked(life, askWorld("critique", ...question));
    // One that counts no call when it is made, and fails, leaves nobody a trace of it.
    const counts = kind === "asks";
    const asked = callModel(life, name, JSON.stringify(question), counts);
    const call = withUsage(tracked(life, asked));
    const { text: said, usage } = yield* counts && calls ? calls.count(call) : call;
    const issues = said.length > 0 && usage.promptTokens % 2 > 0 ? [`${said} in round ${iteration}`] : [];
    const told = { modelCalls: 1, ...usage };
    return { needsImprovement: issues.length > 0, issues, modelCalls: 1, usage: told };
  });
}

function* withUsage(call: Operation<ModelAnswer>) {
  const { text, ...usage } = yield* call;
  return { text, usage };
}

function retrieverOf(life: Life, name: string): Retriever {
  return defineRetriever(name, function* (query) {
    return yield* tracked(life, askWorld<string[]>("retrieve", name, query));
  });
}

/** Keeps values in memory, and asks the world first, which may refuse. */
class WorldStorage extends OperationStorage {
  readonly name = "world";
  readonly _operations: StorageOperations;

  constructor(life: Life) {
    super();
    const memory = operationsOf(new MemoryStorage());
    this._operations = {
      ...memory,
      *get(key) {
        yield* tracked(life, askWorld("load", key));
        return yield* memory.get(key);
      },
      *set(key, value, options) {
        yield* tracked(life, askWorld("save", key));
        yield* memory.set(key, value, options);
      },
    };
  }
}

function essenceOf({ iterations, thought, valid, stopReason, warnings, usage }: RunResult): unknown {
  const facts = iterations.map((each) => ({
    text: each.text,
    passed: Object.values(each.validationResults).map(({ passed }) => passed),
    feedback: each.criticFeedback.map(({ critic, issues, error }) => ({ critic, issues, error })),
    documents: [each.preGenerationContext.length, each.postGenerationContext.length],
  }));
  return { facts, text: thought.text, valid, stopReason, warnings: warnings.map(({ code }) => code), usage };
}
