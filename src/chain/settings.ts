/**
 * A chain's options, checked and resolved: what a run works with. Runs take a snapshot, so later changes of the chain do not
 * reach them.
 *
 * @module
 */

import type { Critic } from "../critics/critic.ts";
import { createModel } from "../models/create_model.ts";
import type { Model } from "../models/model.ts";
import { DEFAULT_RETRY } from "../operation/combinators.ts";
import { findProblems, optionError, type OptionProblem } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { Storage } from "../storage/storage.ts";
import type { PromptBudget } from "../thought/prompt.ts";
import type { Validator } from "../validators/validator.ts";
import { CHAIN_OPTIONS, type ChainOptions, type ChainTimeouts } from "./options.ts";
import type { PolicySettings } from "./policy.ts";
import { priceProblems } from "./prices.ts";
import { Budget } from "./shared_budget.ts";

/** A component and the name its results are filed under. */
export interface Named<T> {
  /** Its name, unique in the chain. */
  readonly name: string;
  /** The component. */
  readonly component: T;
}

/** Everything a run needs to know. */
export interface ChainSettings extends PolicySettings {
  /** The model, then its replacements. */
  readonly models: readonly Model[];
  /** The task. */
  readonly prompt: string;
  /** What the model is. */
  readonly systemPrompt: string | undefined;
  /** A text to improve. */
  readonly input: string | undefined;
  /** The chain's name in its store; drawn for each run where there is none. */
  readonly chainId: string | undefined;
  /** The validators. */
  readonly validators: readonly Named<Validator>[];
  /** The critics. */
  readonly critics: readonly Named<Critic>[];
  /** The retrievers for the model. */
  readonly modelRetrievers: readonly Retriever[];
  /** The retrievers for the critics. */
  readonly criticRetrievers: readonly Retriever[];
  /** Keeps thoughts. */
  readonly storage: Storage | undefined;
  /** Which iteration is returned. */
  readonly select: "best" | "last";
  /** What a validator that breaks means. */
  readonly onValidatorError: "fail" | "throw" | "pass";
  /** What a critic that breaks means. */
  readonly onCriticError: "skip" | "throw";
  /** What a retriever that breaks means. */
  readonly onRetrieverError: "skip" | "throw";
  /** What a failed write means. */
  readonly onStorageError: "warn" | "throw";
  /** What a failing model means after a complete iteration. */
  readonly onModelError: "throw" | "return-best";
  /** What it means that no text was valid. */
  readonly onExhausted: "return" | "throw";
  /** How many components may be under way at once. */
  readonly maxConcurrency: number;
  /** Bounds of time. */
  readonly timeouts: ChainTimeouts;
  /** How transient failures are tried again. */
  readonly retry: {
    readonly attempts: number;
    readonly baseMs: number;
    readonly maxMs: number;
    readonly jitter: boolean;
  };
  /** The most model calls; Infinity for no bound. */
  readonly maxModelCalls: number;
  /** The most tokens; Infinity for no bound. */
  readonly maxTokens: number;
  /** The most money, in US dollars; Infinity for no bound. */
  readonly maxCostUsd: number;
  /** The budget that runs share; one for each run where there is none. */
  readonly sharedBudget: Budget | undefined;
  /** What an improvement prompt may hold. */
  readonly promptBudget: PromptBudget;
  /** Whether texts are asked for piece by piece. */
  readonly stream: boolean;
  /** Whether anyone listens. */
  readonly observed: boolean;
  /** The first component that a synchronous run could not call, and the method that it lacks. */
  readonly asyncOnly: { readonly name: string; readonly method: string } | undefined;
}

/**
 * Checks options and finds everything that is wrong with them.
 *
 * @param options What the caller gave.
 * @returns One entry a problem.
 */
export function optionProblems(options: ChainOptions): OptionProblem[] {
  const isShared = options?.budget instanceof Budget;
  const plain = isShared ? { ...options, budget: undefined } : options;
  const problems = findProblems(plain, { type: "object", properties: CHAIN_OPTIONS });
  if (typeof options !== "object" || options === null) return problems;
  const { validators, critics, modelRetrievers, criticRetrievers } = options;
  return [
    ...problems,
    ...componentProblems("validators", validators, "validate"),
    ...componentProblems("critics", critics, "critique"),
    ...componentProblems("modelRetrievers", modelRetrievers, "retrieve"),
    ...componentProblems("criticRetrievers", criticRetrievers, "retrieve"),
    ...modelProblems(options),
    ...(problems.length > 0 ? [] : priceProblems(options)),
  ];
}

function componentProblems(option: string, components: unknown, method: string): OptionProblem[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((component: unknown, index) => {
    const path = [option, index];
    const problem = nameProblem(component, method) ??
      (components.indexOf(component) === index
        ? undefined
        : `must not be the same object twice: ${(component as { name: string }).name} is there already`);
    return problem === undefined ? [] : [{ path, message: `${option}[${index}] ${problem}` }];
  });
}

function modelProblems({ model, fallbackModels }: ChainOptions): OptionProblem[] {
  const fallbacks: readonly unknown[] = Array.isArray(fallbackModels) ? fallbackModels : [];
  return [
    ...(typeof model === "object" && model !== null ? oneModelProblem(["model"], "model", model) : []),
    ...fallbacks.flatMap((item, index) =>
      typeof item === "string" && item.trim() !== ""
        ? []
        : oneModelProblem(["fallbackModels", index], `fallbackModels[${index}]`, item)
    ),
  ];
}

function oneModelProblem(path: OptionProblem["path"], option: string, model: unknown): OptionProblem[] {
  const problem = nameProblem(model, "generate");
  return problem === undefined ? [] : [{ path, message: `${option} ${problem}` }];
}

function nameProblem(component: unknown, method: string): string | undefined {
  if (!hasMethod(component, [method, `_${method}Async`, `_${method}Operation`])) {
    return `must have a method ${method} and has none`;
  }
  const { name } = component as { name?: unknown };
  return typeof name === "string" && name.trim() !== "" ? undefined : "must have a name that is not blank";
}

function hasMethod(component: unknown, methods: readonly string[]): boolean {
  const record = Object(component) as Record<string, unknown>;
  return methods.some((method) => typeof record[method] === "function");
}

/**
 * Resolves checked options for runs.
 *
 * @param options Options without problems.
 * @returns The settings.
 * @throws {ConfigurationError} When the model or the prompt is missing, a model spec is wrong, or the budget is too small.
 */
export function resolveSettings(options: ChainOptions): ChainSettings {
  const { model, prompt } = options;
  const missing: OptionProblem[] = [];
  if (model === undefined) {
    missing.push({ path: ["model"], message: "it has no model: give one with `model` or withModel" });
  }
  if (prompt === undefined) {
    missing.push({ path: ["prompt"], message: "it has no prompt: give one with `prompt` or withPrompt" });
  }
  if (missing.length > 0) throw optionError("a run of Chain", missing);
  const models = [model!, ...(options.fallbackModels ?? [])].map((item) =>
    typeof item === "string" ? createModel(item) : item
  );
  const unpriced = priceProblems({ ...options, model: models[0], fallbackModels: models.slice(1) });
  if (unpriced.length > 0) throw optionError("Chain", unpriced);
  const { budget } = options;
  return {
    models,
    prompt: prompt!,
    systemPrompt: options.systemPrompt,
    input: options.input,
    chainId: options.chainId,
    validators: withUniqueNames(options.validators ?? []),
    critics: withUniqueNames(options.critics ?? []),
    modelRetrievers: options.modelRetrievers ?? [],
    criticRetrievers: options.criticRetrievers ?? [],
    storage: options.storage,
    maxImprovementIterations: options.maxImprovementIterations ?? 3,
    applyImproversOnValidationFailure: options.applyImproversOnValidationFailure ?? true,
    alwaysApplyCritics: options.alwaysApplyCritics ?? false,
    critiqueFinal: options.critiqueFinal ?? options.alwaysApplyCritics ?? false,
    stopOnNoProgress: options.stopOnNoProgress ?? true,
    select: options.select ?? "best",
    onValidatorError: options.onValidatorError ?? "fail",
    onCriticError: options.onCriticError ?? "skip",
    onRetrieverError: options.onRetrieverError ?? "skip",
    onStorageError: options.onStorageError ?? "warn",
    onModelError: options.onModelError ?? "throw",
    onExhausted: options.onExhausted ?? "return",
    maxConcurrency: options.maxConcurrency ?? 8,
    timeouts: { ...options.timeouts },
    retry: { ...DEFAULT_RETRY, ...withoutUndefined(options.retry ?? {}) },
    maxModelCalls: budget?.maxModelCalls ?? Infinity,
    maxTokens: budget?.maxTokens ?? Infinity,
    maxCostUsd: budget?.maxCostUsd ?? Infinity,
    sharedBudget: budget instanceof Budget ? budget : undefined,
    promptBudget: { ...options.promptBudget },
    stream: options.stream ?? false,
    observed: options.onEvent !== undefined,
    asyncOnly: findAsyncOnly(options, models),
  };
}

function findAsyncOnly(options: ChainOptions, models: readonly Model[]): ChainSettings["asyncOnly"] {
  const { validators = [], critics = [], modelRetrievers = [], criticRetrievers = [], storage } = options;
  const groups: [method: string, components: readonly { readonly name: string }[]][] = [
    ["generate", models],
    ["validate", validators],
    ["critique", critics],
    ["retrieve", [...modelRetrievers, ...criticRetrievers]],
    ...(storage && !storage._operations
      ? STORAGE_METHODS.map((method): typeof groups[0] => [method, [storage]])
      : []),
  ];
  for (const [method, components] of groups) {
    const stuck = components.find((component) => !canBlock(component, method));
    if (stuck !== undefined) return { name: stuck.name, method };
  }
  return undefined;
}

/** What the chain calls of a storage. */
const STORAGE_METHODS = ["get", "set"];

/** Whether a synchronous run can call it: by its operation, or by a method that is not an `async` function. */
function canBlock(component: object, method: string): boolean {
  if (hasMethod(component, [`_${method}Operation`])) return true;
  const plain = (component as Record<string, unknown>)[method];
  return typeof plain === "function" && Object.prototype.toString.call(plain) !== "[object AsyncFunction]";
}

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

function withUniqueNames<T extends { readonly name: string }>(components: readonly T[]): Named<T>[] {
  const counts = new Map<string, number>();
  const taken = new Set(components.map((component) => component.name));
  return components.map((component) => {
    let count = (counts.get(component.name) ?? 0) + 1;
    let name = component.name;
    if (count > 1) {
      while (taken.has(name = `${component.name}#${count}`)) count++;
      taken.add(name);
    }
    counts.set(component.name, count);
    return { name, component };
  });
}
