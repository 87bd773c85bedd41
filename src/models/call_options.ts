/**
 * What may be asked of one call to a model, and its check.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { findProblems, type OptionSchema, type OptionSchemas, show } from "../options.ts";
import type { Message } from "../thought/message.ts";
import type { GenerateOptions, Prompt } from "./generation.ts";

/** The options of a call that shape the answer; models take them as defaults too. */
export const SAMPLING_OPTIONS: OptionSchemas = Object.freeze({
  temperature: { description: "Randomness, 0 to 2.", type: "number", minimum: 0, maximum: 2 },
  maxTokens: { description: "The longest answer, in tokens.", type: "integer", minimum: 1 },
  topP: {
    description: "Nucleus sampling, above 0 up to 1.",
    type: "number",
    exclusiveMinimum: 0,
    maximum: 1,
  },
  topK: { description: "Only the k likeliest tokens.", type: "integer", minimum: 1 },
  stop: {
    description: "Texts that end the answer.",
    type: "array",
    items: { type: "string" },
    minItems: 1,
  },
  seed: { description: "Asks for the same answer to the same question.", type: "integer" },
  presencePenalty: {
    description: "Above 0 discourages what has been said already.",
    type: "number",
    minimum: -2,
    maximum: 2,
  },
  frequencyPenalty: {
    description: "Above 0 discourages what has been said often.",
    type: "number",
    minimum: -2,
    maximum: 2,
  },
  extra: {
    description: "Passed to the provider untouched.",
    type: "object",
    additionalProperties: true,
  },
});

/** The option `capabilities` of a model. */
export const CAPABILITIES_OPTION: OptionSchema = Object.freeze<OptionSchema>({
  description: "Corrects what is assumed of the model.",
  type: "object",
  properties: {
    structuredOutput: { type: "boolean" },
    systemRole: { type: "boolean" },
    seed: { type: "boolean" },
    maxContextTokens: { type: "integer", minimum: 1 },
  },
});

const CALL_OPTIONS: OptionSchema = {
  type: "object",
  properties: {
    ...SAMPLING_OPTIONS,
    systemPrompt: { type: "string" },
    responseFormat: {
      type: "object",
      properties: { type: { enum: ["json"] }, schema: { type: "object", additionalProperties: true } },
      required: ["type", "schema"],
    },
    timeoutMs: { type: "number", exclusiveMinimum: 0 },
    fresh: { type: "boolean" },
    signal: {
      codeOnly: true,
      accepts: (value) => typeof (value as AbortSignal | null)?.addEventListener === "function",
      accepted: "an AbortSignal",
    },
  },
};

/**
 * Checks the options of one call before anything is sent.
 *
 * @param subject The model, as the error names it.
 * @param options What the caller gave.
 * @throws {ConfigurationError} When an option is unknown or wrong.
 */
export function checkCallOptions(subject: string, options: GenerateOptions): void {
  const problems = findProblems(options, CALL_OPTIONS);
  if (problems.length === 0) return;
  throw new ConfigurationError(
    `Cannot call ${subject} as ${problems.map((problem) => problem.message).join("; ")}`,
    {
      code: "invalid_option",
      component: subject,
      operation: "generate",
      metadata: { problems },
    },
  );
}

/**
 * Makes the error for options that a model does not support.
 *
 * @param subject The model, as the error names it.
 * @param names The options.
 * @returns The error to throw.
 */
export function unsupportedOptions(subject: string, names: readonly string[]): ConfigurationError {
  return new ConfigurationError(`Cannot call ${subject} as it does not support ${names.join(", ")}`, {
    code: "unsupported_option",
    component: subject,
    operation: "generate",
    metadata: { options: names },
    suggestions: ["Leave the option out, or pass the provider's own name for it in `extra`."],
  });
}

/**
 * Makes one conversation of a prompt and a system prompt. System messages at its start become one, since some providers
 * take only one.
 *
 * @param subject The model, as the error names it.
 * @param prompt What to generate from.
 * @param systemPrompt Comes first.
 * @returns The messages, in order.
 * @throws {ConfigurationError} When there is nothing to generate from, or something that is no message.
 */
export function toMessages(subject: string, prompt: Prompt, systemPrompt?: string): Message[] {
  const refuse = (code: string, reason: string): ConfigurationError =>
    new ConfigurationError(`Cannot call ${subject} as ${reason}`, {
      code,
      component: subject,
      operation: "generate",
    });
  const given: readonly Message[] = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
  if (!Array.isArray(given)) {
    throw refuse("invalid_prompt", `the prompt must be a text or a list of messages: it is ${show(given)}`);
  }
  const wrong = given.findIndex((message) => !isMessage(message));
  if (wrong >= 0) {
    const rule = `a message has a role (${ROLES.join(", ")}) and a content, which is a text`;
    throw refuse("invalid_prompt", `${rule}: prompt[${wrong}] is ${show(given[wrong])}`);
  }
  if (!given.some(({ role, content }) => role !== "system" && content.trim() !== "")) {
    throw refuse("blank_prompt", "the prompt is blank");
  }
  let first = 0;
  const system = systemPrompt === undefined || systemPrompt.trim() === "" ? [] : [systemPrompt];
  while (given[first]?.role === "system") system.push(given[first++]!.content);
  const rest = given.slice(first).map(({ role, content }) => ({ role, content }));
  return system.length === 0 ? rest : [{ role: "system", content: system.join("\n\n") }, ...rest];
}

const ROLES: readonly unknown[] = ["system", "user", "assistant"];

function isMessage(value: unknown): value is Message {
  const { role, content } = Object(value) as Partial<Message>;
  return ROLES.includes(role) && typeof content === "string";
}
