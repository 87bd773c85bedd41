/**
 * What a run depends on, part by part, so that a journal is not continued by another chain, and the difference can be named.
 *
 * @module
 */

import { describeComponent } from "../component.ts";
import { TextHash } from "../drivers/fingerprint.ts";
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
  return part(name, description, JSON.stringify([description, describeComponent(component)]));
}

function shorten(text: string): string {
  const line = Array.from(text.slice(0, 4 * SHOWN_CHARACTERS).replace(/\s+/g, " ").trim());
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1).join("")}…` : line.join("");
}
