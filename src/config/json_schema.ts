/**
 * JSON Schema made from the descriptions of options that the components themselves check by.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { OptionSchema, OptionSchemas } from "../options.ts";

/** A JSON Schema, draft 7. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

/**
 * Makes the schema of a component's options. What only code can give is left out.
 *
 * @param schemas The options.
 * @param required The options that must be there.
 * @returns The schema of an object with these fields and no others.
 */
export function objectSchema(schemas: OptionSchemas, required: readonly string[] = []): JsonSchema {
  return valueSchema({ type: "object", properties: schemas, ...(required.length > 0 ? { required } : {}) })!;
}

/**
 * Makes the schema of one option.
 *
 * @param option The option.
 * @returns The schema; `undefined` for what only code can give.
 */
export function valueSchema(option: OptionSchema): JsonSchema | undefined {
  if (option.codeOnly) return undefined;
  const { type, minLength, items, properties, additionalProperties, anyOf } = option;
  const schema: Record<string, JsonValue> = {};
  for (const keyword of PLAIN) {
    if (option[keyword] !== undefined) schema[keyword] = option[keyword] as JsonValue;
  }
  if (type !== undefined) schema.type = type as JsonValue;
  if (minLength !== undefined) Object.assign(schema, { minLength, pattern: "\\S" });
  if (items) schema.items = valueSchema(items) ?? false;
  if (properties) Object.assign(schema, fieldSchemas(properties));
  if (typeof additionalProperties === "object") {
    schema.additionalProperties = valueSchema(additionalProperties) ?? false;
  } else if (properties || additionalProperties !== undefined) {
    schema.additionalProperties = additionalProperties ?? false;
  }
  if (anyOf) {
    const choices = anyOf.map(valueSchema).filter((choice) => choice !== undefined);
    if (choices.length === 0) return undefined;
    if (choices.length === 1) return { ...schema, ...choices[0] };
    schema.anyOf = choices;
  }
  return schema;
}

const PLAIN = [
  "description",
  "enum",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "minItems",
  "maxItems",
  "required",
  "default",
] as const;

function fieldSchemas(properties: OptionSchemas): { properties: JsonSchema } {
  const fields: Record<string, JsonValue> = {};
  for (const [name, option] of Object.entries(properties)) {
    const schema = valueSchema(option);
    if (schema !== undefined) fields[name] = schema;
  }
  return { properties: fields };
}
