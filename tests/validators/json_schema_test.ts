import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidationResult } from "../../src/thought/validation_result.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { draft, refuses } from "./helpers.ts";

/** JSON Schemas are checked in the worker, which the simulation has none of. */
async function fits(
  schema: object | boolean,
  text: string,
  format: "json" | "containsJson" = "json",
): Promise<ValidationResult> {
  const validator = new FormatValidator({ format, schema: schema as Readonly<Record<string, unknown>> });
  const result = validator.validate(draft(text));
  assert.deepEqual(await validator._validateAsync(draft(text)), result);
  assert.equal(result.error, undefined, result.error?.message);
  return result;
}

test("a JSON Schema holds for every keyword that is supported", async () => {
  const table: [object | boolean, string, string][] = [
    [{ type: "integer" }, "1", "1.5"],
    [{ type: ["string", "null"] }, "null", "1"],
    [{ enum: [1, "a"] }, '"a"', '"b"'],
    [{ const: { a: [1] } }, '{"a":[1]}', '{"a":[2]}'],
    [{ properties: { a: { type: "string" } } }, '{"a":"x"}', '{"a":1}'],
    [{ required: ["a"] }, '{"a":1}', "{}"],
    [{ properties: { a: true }, additionalProperties: false }, '{"a":1}', '{"b":1}'],
    [{ additionalProperties: { type: "number" } }, '{"x":1}', '{"x":"1"}'],
    [{ propertyNames: { maxLength: 1 } }, '{"x":1}', '{"xy":1}'],
    [{ minProperties: 1, maxProperties: 1 }, '{"x":1}', "{}"],
    [{ items: { type: "number" } }, "[1,2]", '[1,"2"]'],
    [{ prefixItems: [{ type: "number" }, { type: "string" }] }, '[1,"a"]', "[1,2]"],
    [{ contains: { const: 1 }, minContains: 2, maxContains: 2 }, "[1,1,2]", "[1,2]"],
    [{ minItems: 1, maxItems: 2, uniqueItems: true }, "[1,2]", "[1,1]"],
    [{ minimum: 1, maximum: 2 }, "2", "3"],
    [{ exclusiveMinimum: 1, exclusiveMaximum: 2 }, "1.5", "1"],
    [{ multipleOf: 2 }, "4", "5"],
    [{ minLength: 1, maxLength: 2 }, '"ab"', '""'],
    [{ pattern: "^a+$" }, '"aa"', '"ab"'],
    [{ anyOf: [{ type: "string" }, { minimum: 5 }] }, "6", "4"],
    [{ oneOf: [{ minimum: 5 }, { maximum: 7 }] }, "4", "6"],
    [{ allOf: [{ minimum: 5 }, { maximum: 7 }] }, "6", "8"],
    [{ not: { type: "string" } }, "1", '"1"'],
    [{ if: { minimum: 5 }, then: { multipleOf: 5 }, else: { const: 1 } }, "10", "6"],
    [{ $defs: { "a/b": { type: "string" } }, $ref: "#/$defs/a~1b", title: "x" }, '"a"', "1"],
    [
      { properties: { next: { $ref: "#" }, n: { type: "number" } } },
      '{"next":{"n":1}}',
      '{"next":{"n":"1"}}',
    ],
    [{ type: "object", additionalProperties: false }, "{}", '{"__proto__":1}'],
  ];
  for (const [schema, good, bad] of table) {
    assert.equal((await fits(schema, good)).passed, true, `${JSON.stringify(schema)} ${good}`);
    assert.equal((await fits(schema, bad)).passed, false, `${JSON.stringify(schema)} ${bad}`);
  }
  assert.equal((await fits(false, "1")).passed, false);
  assert.equal((await fits(true, "1")).passed, true);
});

test("every fault is told with its pointer, what is expected and what was found", async () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: { "a/b": { type: "string" }, tags: { items: { enum: ["x", "y"] } } },
    additionalProperties: false,
  };
  const { issues, suggestions } = await fits(schema, '{"a/b":1,"tags":["x","z"],"more":1}');
  assert.deepEqual([...issues].sort(), [
    "/a~1b: must be string: found 1",
    '/tags/1: must be one of ["x","y"]: found "z"',
    'the whole value: must have required property \'name\': found {"a/b":1,"tags":["x","z"],"more":1}',
    'the whole value: must not have the property "more": found {"a/b":1,"tags":["x","z"],"more":1}',
  ]);
  assert.equal(suggestions.length, 4);
});

test("JSON in prose is checked against a JSON Schema, candidate by candidate", async () => {
  const schema = { required: ["a"] };
  assert.equal((await fits(schema, 'First {"b":1}, then {"a":1}.', "containsJson")).metadata.valid, 1);
  assert.equal((await fits(schema, 'Only {"b":1}.', "containsJson")).passed, false);
  const many = await fits(schema, '{"a":1} '.repeat(2_000), "containsJson");
  assert.equal(many.metadata.valid, 2_000);
});

test("a pattern of a schema takes linear time", async () => {
  const startedMs = performance.now();
  await fits({ pattern: "^(a+)+$" }, JSON.stringify(`${"a".repeat(5_000)}!`));
  assert.ok(performance.now() - startedMs < 5_000);
});

test("a schema that is not fully understood is refused when the validator is made", () => {
  const make = (schema: unknown) => () =>
    new FormatValidator({ format: "json", schema: schema as object as never });
  refuses(make({ format: "email" }), /schema has the keyword "format", which is not supported/);
  refuses(
    make({ properties: { a: { requird: ["x"] } } }),
    /schema\.properties\.a has the keyword "requird".*did you mean required\?/,
  );
  refuses(make({ $ref: "https://example.com/schema" }), /schema\.\$ref must be a place in this schema/);
  refuses(make({ $ref: "#/$defs/none" }), /schema\.\$ref must be a place in this schema/);
  refuses(make({ pattern: "(" }), /schema\.pattern must be a regular expression/);
  refuses(make({ pattern: "(a)\\1" }), /linear time/);
  refuses(make({ minLength: -1 }), /schema\.minLength must be an integer of at least 0: it is -1/);
  refuses(make({ items: [{}] }), /schema\.items must be a JSON Schema/);
  refuses(make({ anyOf: [] }), /schema\.anyOf must be a list of schemas/);
  refuses(make({ required: ["a", "a"] }), /different names/);
  refuses(make({ multipleOf: 0 }), /number above 0/);
  refuses(make([]), /schema must be/);
});

test("a schema is copied, so that changing it later changes nothing", async () => {
  const schema = { type: "string" };
  const validator = new FormatValidator({ format: "json", schema });
  schema.type = "number";
  assert.equal(validator.validate(draft('"a"')).passed, true);
  assert.equal((await validator._validateAsync(draft("1"))).passed, false);
});
