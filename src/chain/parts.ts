/**
 * What a run depends on, part by part, so that a journal is not continued by another chain, and the difference can be named.
 *
 * @module
 */

import { isNotCompared, TextHash } from "../drivers/fingerprint.ts";
import type { ChainPart } from "../storage/runs.ts";
import { modelId } from "./generate.ts";
import type { ChainSettings } from "./settings.ts";

const SHOWN_CHARACTERS = 60;

/**
 * Describes a chain.
 *
 * @param settings The chain's.
 * @returns Its parts: texts, models, components in their order, and the options that decide what a run does.
 */
export function partsOf(settings: ChainSettings): ChainPart[] {
  const { models, prompt, systemPrompt, input, validators, critics, modelRetrievers, criticRetrievers } =
    settings;
  return [
    part("prompt", shorten(prompt), prompt),
    ...(systemPrompt === undefined ? [] : [part("systemPrompt", shorten(systemPrompt), systemPrompt)]),
    ...(input === undefined ? [] : [part("input", shorten(input), input)]),
    ...models.map((model, index) => {
      const name = index === 0 ? "model" : `fallbackModels[${index - 1}]`;
      return componentPart(name, modelId(model), model);
    }),
    ...validators.map(({ name, component }, index) => componentPart(`validators[${index}]`, name, component)),
    ...critics.map(({ name, component }, index) => componentPart(`critics[${index}]`, name, component)),
    ...modelRetrievers.map((each, index) => componentPart(`modelRetrievers[${index}]`, each.name, each)),
    ...criticRetrievers.map((each, index) => componentPart(`criticRetrievers[${index}]`, each.name, each)),
    ...OPTIONS.map((name) => {
      const text = JSON.stringify(settings[name], (_, value) => value === Infinity ? "none" : value) ??
        "none";
      return part(name, shorten(text), text);
    }),
  ];
}

/** The options that decide what a run does. */
const OPTIONS = [
  "chainId",
  "maxImprovementIterations",
  "applyImproversOnValidationFailure",
  "alwaysApplyCritics",
  "critiqueFinal",
  "stopOnNoProgress",
  "select",
  "onValidatorError",
  "onCriticError",
  "onRetrieverError",
  "onStorageError",
  "onModelError",
  "onExhausted",
  "maxConcurrency",
  "timeouts",
  "retry",
  "maxModelCalls",
  "maxTokens",
  "maxCostUsd",
  "promptBudget",
  "stream",
] as const satisfies readonly (keyof ChainSettings)[];

/**
 * Compares a chain with the one that a run was made by.
 *
 * @param before The parts then.
 * @param now The parts now.
 * @returns One line for each part that differs.
 */
export function differencesOf(before: readonly ChainPart[], now: readonly ChainPart[]): string[] {
  const then = new Map(before.map((each) => [each.part, each]));
  const lines: string[] = [];
  for (const each of now) {
    const was = then.get(each.part);
    then.delete(each.part);
    if (was?.hash === each.hash) continue;
    if (was === undefined) lines.push(`${each.part} is new: ${each.description}`);
    else if (was.description !== each.description) {
      lines.push(`${each.part} was ${was.description} and is ${each.description}`);
    } else lines.push(`${each.part} (${each.description}) has other options or another text`);
  }
  for (const { part: name, description } of then.values()) lines.push(`${name} is gone: ${description}`);
  return lines;
}

function part(name: string, description: string, text: string): ChainPart {
  const hash = new TextHash();
  hash.add(text);
  return { part: name, description, hash: hash.digits };
}

function componentPart(name: string, description: string, component: object): ChainPart {
  return part(name, description, JSON.stringify([description, describe(component, 0)]));
}

const MAX_DEPTH = 8;

/** A value as JSON that differs when what is made with it may behave differently; of functions, only their names. */
function describe(value: unknown, depth: number): unknown {
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (value instanceof RegExp || value instanceof Date) return String(value);
  if (depth > MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => describe(item, depth + 1));
  const fields = fieldsOf(value, depth).filter(([name]) => !isNotCompared(name));
  return [
    value.constructor?.name ?? "",
    ...fields.sort(([a], [b]) => a < b ? -1 : 1).map(([name, field]) => [name, describe(field, depth + 1)]),
  ];
}

/** What tells an object: for a component what it was made with, else its plain values, as others may change while it works. */
function fieldsOf(value: object, depth: number): [string, unknown][] {
  const { _madeWith } = value as { _madeWith?: () => object };
  if (typeof _madeWith === "function") return Object.entries(_madeWith.call(value));
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (isPlain && depth > 0) return Object.entries(value);
  return Object.entries(value).filter(([name, field]) =>
    (depth === 0 ? !COUNTER.test(name) : name === "name") &&
    ["string", "number", "boolean"].includes(typeof field)
  );
}

/** What a component of somebody's own counts as it works. */
const COUNTER = /calls|count/i;

function shorten(text: string): string {
  const line = Array.from(text.slice(0, 4 * SHOWN_CHARACTERS).replace(/\s+/g, " ").trim());
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1).join("")}…` : line.join("");
}
