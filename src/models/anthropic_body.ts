/**
 * Puts a call into the words of Anthropic's Messages API.
 *
 * @module
 */

import type { Message } from "../thought/message.ts";
import type { BodyRequest } from "./request_body.ts";

/**
 * Makes the body of a request.
 *
 * @param request What is asked. The system prompt goes into a field of its own, messages without text are left out.
 * @returns The body, a plain record; `extra` overrides any of its fields.
 */
export function anthropicBody(
  { info, model, messages, options }: Omit<BodyRequest, "api">,
): Record<string, unknown> {
  const body: Record<string, unknown> = {
    model,
    max_tokens: options.maxTokens ?? info.maxTokens,
    system: systemOf(messages),
    messages: messages.filter(({ role, content }) => role !== "system" && content.trim() !== ""),
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    stop_sequences: options.stop && [...options.stop],
    output_config: options.responseFormat && {
      format: { type: "json_schema", schema: closed(options.responseFormat.schema) },
    },
    ...options.extra,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function systemOf(messages: readonly Message[]): string | undefined {
  const texts = messages.filter(({ role, content }) => role === "system" && content.trim() !== "");
  return texts.length === 0 ? undefined : texts.map(({ content }) => content).join("\n\n");
}

/** Bounds and lengths that the API refuses in a schema. They stay the caller's to check. */
const REFUSED: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
]);

/** The schema as the API takes it: objects must say that they have no further properties, and bounds are unknown to it. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (REFUSED.has(keyword) || (keyword === "minItems" && Number(value) > 1)) continue;
    kept[keyword] = keyword === "properties" || keyword === "$defs" || keyword === "definitions"
      ? Object.fromEntries(Object.entries(Object(value)).map(([name, inner]) => [name, closed(inner)]))
      : keyword === "enum" || keyword === "const" || keyword === "default"
      ? value
      : closed(value);
  }
  if (kept.type === "object" && kept.additionalProperties === undefined) kept.additionalProperties = false;
  return kept;
}
