/**
 * Puts a call into the words of OpenAI's protocol, with each provider's exceptions.
 *
 * @module
 */

import type { Message } from "../thought/message.ts";
import type { GenerateOptions } from "./generation.ts";
import type { ModelFamily, ProviderInfo } from "./providers.ts";

/** What a call asks of one model. */
export interface BodyRequest {
  /** The provider. */
  readonly info: ProviderInfo;
  /** The model's name. */
  readonly model: string;
  /** The endpoint. */
  readonly api: "chat" | "completions";
  /** The conversation. */
  readonly messages: readonly Message[];
  /** The options of the call, the model's defaults included. */
  readonly options: GenerateOptions;
}

/**
 * Finds the family of a model whose ways differ from its provider's others.
 *
 * @param info The provider.
 * @param model The model's name.
 * @returns The family; `undefined` for ordinary models.
 */
function familyOf(info: ProviderInfo, model: string): ModelFamily | undefined {
  return info.families.find((family) => family.pattern.test(model));
}

/**
 * Names the options that a model never takes.
 *
 * @param info The provider.
 * @param model The model's name.
 * @returns The names, each once.
 */
export function refusedNames(info: ProviderInfo, model: string): (keyof GenerateOptions)[] {
  return [...new Set([...info.refuses, ...familyOf(info, model)?.refuses ?? []])];
}

/**
 * Names the options that a model does not take as they are given.
 *
 * @param info The provider.
 * @param model The model's name.
 * @param options The options.
 * @returns The names, each with its bound where only the value is too much.
 */
export function refusedOptions(info: ProviderInfo, model: string, options: GenerateOptions): string[] {
  const refused: string[] = refusedNames(info, model).filter((name) => options[name] !== undefined);
  const { stop, temperature } = options;
  if (stop && info.maxStops !== undefined && stop.length > info.maxStops) {
    refused.push(`more than ${info.maxStops} stop texts`);
  }
  if (temperature !== undefined && temperature > info.maxTemperature) {
    refused.push(`a temperature above ${info.maxTemperature}`);
  }
  return refused;
}

/**
 * Makes the body of a request.
 *
 * @param request What is asked.
 * @returns The body, a plain record; `extra` overrides any of its fields.
 */
export function requestBody({ info, model, api, messages, options }: BodyRequest): Record<string, unknown> {
  const body: Record<string, unknown> = {
    model,
    ...(api === "chat" ? { messages } : { prompt: messages.map((message) => message.content).join("\n\n") }),
    temperature: options.temperature,
    [familyOf(info, model)?.maxTokensField ?? "max_tokens"]: options.maxTokens ?? info.maxTokens,
    top_p: options.topP,
    top_k: options.topK,
    stop: options.stop && [...options.stop],
    [info.seedField]: options.seed,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    response_format: options.responseFormat && {
      type: "json_schema",
      json_schema: {
        name: "answer",
        schema: options.responseFormat.schema,
        ...(canBeStrict(options.responseFormat.schema) ? { strict: true } : {}),
      },
    },
    ...options.extra,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

const STRICT_KEYWORDS: ReadonlySet<string> = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "anyOf",
  "title",
  "description",
]);

/** Whether a schema keeps to the part of JSON Schema that OpenAI's strict mode takes; it refuses any other. */
function canBeStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { properties, required, additionalProperties, items, anyOf } = schema as Record<string, unknown>;
  if (Object.keys(schema).some((keyword) => !STRICT_KEYWORDS.has(keyword))) return false;
  if (properties !== undefined) {
    const names = Object.keys(properties as object);
    const closed = additionalProperties === false && Array.isArray(required) &&
      names.every((name) => required.includes(name));
    if (!closed || !Object.values(properties as object).every(canBeStrict)) return false;
  }
  return (items === undefined || canBeStrict(items)) && (!Array.isArray(anyOf) || anyOf.every(canBeStrict));
}
