/** Configurations that fit the schema, nearly: drawn from the schema itself, with something wrong in them now and then. */
import fc from "fast-check";
import type { JsonSchema } from "../../src/config/json_schema.ts";
import type { JsonValue } from "../../src/json.ts";
import { piece } from "./arbitraries.ts";

const text: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(
    "openai:gpt-6.1-terra",
    "editor",
    "mock",
    "Write about {{animal}}.",
    "${SET}",
    "${UNSET}",
    "$${SET}",
    "a",
    " ",
  ),
  fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join("")),
);

const junk: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 1e21, [], {}, [[]], { a: { b: [] } }),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(
    fc.oneof(fc.constantFrom("name", "model", "__proto__", "apiKey"), fc.string({ maxLength: 8 })),
    text,
    {
      maxKeys: 3,
    },
  ),
);

/** Draws values of a schema; at every level, rarely, something else. */
export function valueOf(schema: JsonSchema, depth = 0): fc.Arbitrary<JsonValue> {
  const fitting = depth > 8 ? junk : fittingValue(schema, depth);
  return fc.oneof({ weight: 24, arbitrary: fitting }, { weight: 1, arbitrary: junk });
}

function fittingValue(schema: JsonSchema, depth: number): fc.Arbitrary<JsonValue> {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum as JsonValue[]);
  if (Array.isArray(schema.anyOf)) {
    return fc.oneof(...(schema.anyOf as JsonSchema[]).map((choice) => valueOf(choice, depth)));
  }
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case "object":
      return objectOf(schema, depth);
    case "array":
      return fc.array(valueOf((schema.items ?? {}) as JsonSchema, depth + 1), { maxLength: 3 });
    case "integer":
      return fc.integer({
        min: Number(schema.minimum ?? -2),
        max: Math.min(Number(schema.maximum ?? 1_000), 10_000),
      });
    case "number":
      return fc.double({ min: Number(schema.minimum ?? 0), max: Number(schema.maximum ?? 10), noNaN: true })
        .map((value) => value + 0);
    case "boolean":
      return fc.boolean();
    case "string":
      return text;
    default:
      return junk;
  }
}

function objectOf(schema: JsonSchema, depth: number): fc.Arbitrary<JsonValue> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const other = typeof schema.additionalProperties === "object"
    ? schema.additionalProperties as JsonSchema
    : undefined;
  const most = typeof schema.maxProperties === "number" ? schema.maxProperties : 4;
  const field = properties.length === 0
    ? fc.tuple(fc.constantFrom("a", "b", "x-y"), other ? valueOf(other, depth + 1) : junk)
    : fc.constantFrom(...properties).chain(([name, inner]) =>
      fc.tuple(fc.constant(name), valueOf(inner, depth + 1))
    );
  const strange = fc.tuple(
    fc.oneof(fc.constantFrom("__proto__", "validator", "modle"), fc.string({ maxLength: 6 })),
    junk,
  );
  const required = (schema.required ?? []) as string[];
  return fc.tuple(
    fc.array(fc.oneof({ weight: 30, arbitrary: field }, { weight: 1, arbitrary: strange }), {
      maxLength: most,
    }),
    fc.tuple(
      ...properties.filter(([name]) => required.includes(name))
        .map(([name, inner]) => fc.tuple(fc.constant(name), valueOf(inner, depth + 1))),
    ),
  ).map(([fields, needed]) => Object.fromEntries([...fields, ...needed]) as JsonValue);
}
