/**
 * The checks of a chain before anything is called.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, optionError } from "../options.ts";
import { CHAIN_RUN_OPTIONS, type ChainOptions, type ChainRunOptions, type ChainTexts } from "./options.ts";
import { type ChainSettings, optionProblems } from "./settings.ts";
import { Budget } from "./shared_budget.ts";

/**
 * Checks a chain's options.
 *
 * @param options What the caller gave.
 * @returns A copy that the caller cannot change.
 * @throws {ConfigurationError} When something is wrong with them.
 */
export function checked(options: ChainOptions): ChainOptions {
  const problems = optionProblems(options);
  if (problems.length > 0) throw optionError("Chain", problems);
  const copy: Record<string, unknown> = { ...options };
  for (const name of LISTS) if (options[name]) copy[name] = [...options[name]];
  for (const name of RECORDS) {
    const record = options[name];
    if (record && !(record instanceof Budget)) copy[name] = { ...record };
  }
  return copy;
}

/** What the caller could change later, and is copied therefore. Components are not: they may be any object. */
const LISTS = ["validators", "critics", "modelRetrievers", "criticRetrievers", "fallbackModels"] as const;
const RECORDS = ["timeouts", "retry", "budget", "promptBudget"] as const;

/**
 * Checks the options of a run.
 *
 * @param options What the caller gave.
 * @returns The texts that it changes; `undefined` when it changes none.
 * @throws {ConfigurationError} When something is wrong with them.
 */
export function checkedTexts(options: ChainRunOptions): ChainTexts | undefined {
  const { prompt, systemPrompt, input } = checkOptions("a run of Chain", options, CHAIN_RUN_OPTIONS);
  const given = Object.entries({ prompt, systemPrompt, input }).filter(([, text]) => text !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/**
 * Fails before the first call is paid for, when a component could not be called synchronously.
 *
 * @param settings The chain's.
 * @throws {ConfigurationError} When there is one.
 */
export function refuseAsyncOnly({ asyncOnly }: ChainSettings): void {
  if (asyncOnly === undefined) return;
  const { name, method } = asyncOnly;
  throw new ConfigurationError(
    `Cannot run Chain synchronously as ${name} can ${method} only asynchronously`,
    {
      code: "async_only",
      component: name,
      suggestions: [
        `Give ${name} a synchronous method \`${method}\`.`,
        "Write it as an operation with defineModel, defineValidator, defineCritic or defineRetriever.",
        "Call `await chain._runAsync()` instead of `chain.run()`.",
      ],
    },
  );
}
