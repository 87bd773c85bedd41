import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { configSchema } from "../../src/config/config_schema.ts";
import { type JsonSchema, objectSchema, valueSchema } from "../../src/config/json_schema.ts";
import { partFor, schemaChecker } from "../../src/config/schema_check.ts";
import type { JsonValue } from "../../src/json.ts";
import type { OptionSchemas } from "../../src/options.ts";
import { valueOf } from "../fuzz/config_values.ts";

const OPTIONS: OptionSchemas = {
  count: { type: "integer", minimum: 0, maximum: 9, description: "How many." },
  ratio: { type: "number", exclusiveMinimum: 0 },
  mode: { enum: ["all", "any"], default: "all" },
  name: { type: "string", minLength: 1 },
  call: { codeOnly: true, accepts: () => true, accepted: "a function" },
  items: {
    type: "array",
    minItems: 1,
    items: {
      anyOf: [
        { type: "string", minLength: 1 },
        {
          type: "object",
          properties: { text: { type: "string" }, label: { type: "string" } },
          required: ["text"],
        },
        { codeOnly: true, accepts: () => false, accepted: "a RegExp" },
      ],
    },
  },
  headers: { type: "object", additionalProperties: { type: "string" } },
};

function messages(value: JsonValue, schema: JsonSchema = objectSchema(OPTIONS)): string[] {
  return schemaChecker(schema)(value, value).map(({ path, message }) => `${path.join("/")}: ${message}`);
}

test("a value that fits has no problems", () => {
  assert.deepEqual(
    messages({
      count: 3,
      ratio: 0.5,
      mode: "any",
      name: "x",
      items: ["a", { text: "b" }],
      headers: { a: "b" },
    }),
    [],
  );
});

test("an unknown option is answered with the nearest, or with all where none is near", () => {
  assert.deepEqual(messages({ cuont: 1 }), ["cuont: there is no key cuont; did you mean count?"]);
  assert.deepEqual(messages({ zzzzzz: 1 }), [
    "zzzzzz: there is no key zzzzzz; known: count, ratio, mode, name, items, headers",
  ]);
});

test("a wrong type, a number out of range and a wrong choice each say the rule and the value", () => {
  assert.deepEqual(messages({ count: "3" }), [
    'count: count must be a whole number from 0 to 9: count is "3"',
  ]);
  assert.deepEqual(messages({ count: 10 }), ["count: count must be a whole number from 0 to 9: count is 10"]);
  assert.deepEqual(messages({ ratio: 0 }), ["ratio: ratio must be a number above 0: ratio is 0"]);
  assert.deepEqual(messages({ mode: "al" }), [
    'mode: mode must be one of "all", "any" (did you mean all?): mode is "al"',
  ]);
  assert.deepEqual(messages({ name: null }), ["name: name must be a text: name is null"]);
});

test("a blank text is told once", () => {
  assert.deepEqual(messages({ name: "" }), ['name: name must be a text that is not blank: name is ""']);
  assert.deepEqual(messages({ name: "  " }), ['name: name must be a text that is not blank: name is "  "']);
});

test("an item that may be several things is told what is wrong with it as the one it is", () => {
  assert.deepEqual(messages({ items: [{ text: "a", lable: "b" }] }), [
    "items/0/lable: there is no option lable; did you mean label?",
  ]);
  assert.deepEqual(messages({ items: [{ label: "b" }] }), ["items/0: text is required"]);
  assert.deepEqual(messages({ items: [5] }), [
    "items/0: item 1 of items must be a text or a map: item 1 of items is 5",
  ]);
  assert.deepEqual(messages({ items: [] }), [
    "items: items must be a list with at least 1 item: items is []",
  ]);
});

test("every problem is found at once", () => {
  assert.equal(messages({ count: -1, mode: "x", headers: { a: 1 } }).length, 3);
});

test("what only code can give is left out of the schema", () => {
  assert.equal(valueSchema({ codeOnly: true, accepted: "a function" }), undefined);
  assert.equal(valueSchema({ anyOf: [{ codeOnly: true }] }), undefined);
  assert.deepEqual(valueSchema({ anyOf: [{ type: "string" }, { codeOnly: true }] }), { type: "string" });
  assert.deepEqual(messages({ call: "x" }), [
    "call: there is no key call; known: count, ratio, mode, name, items, headers",
  ]);
});

test("the value under a key that names a secret is not shown", () => {
  const schema = objectSchema({ apiKey: { type: "string" } });
  assert.deepEqual(messages({ apiKey: 123456 }, schema), ["apiKey: apiKey must be a text: apiKey is hidden"]);
});

test("the value shown is the one that was written and not the one that was put in", () => {
  const check = schemaChecker(objectSchema(OPTIONS));
  const [problem] = check({ mode: "s3cret" }, { mode: "${MODE}" });
  assert.equal(problem!.message, 'mode must be one of "all", "any": mode is "${MODE}"');
});

test("items whose numbers begin alike keep their own problems", () => {
  const items = Array.from({ length: 12 }, (_, index) => index === 1 || index === 10 ? 5 : "a");
  assert.deepEqual(messages({ items }), [
    "items/1: item 2 of items must be a text or a map: item 2 of items is 5",
    "items/10: item 11 of items must be a text or a map: item 11 of items is 5",
  ]);
});

test("thousands of problems are found in time that grows with their number only", () => {
  const startedMs = performance.now();
  assert.equal(messages({ items: Array.from({ length: 20_000 }, () => 5) }).length, 20_000);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("the schema of the configuration is a valid schema", () => {
  new Ajv({ strict: true, allowUnionTypes: true }).compile(configSchema());
});

test("the part of the schema that is for a configuration says the same of it as the whole", () => {
  const schema = configSchema();
  const check = schemaChecker(schema);
  const misspelt: JsonValue = {
    validators: [{ lenght: { maxWords: 1 } }, { length: { maxWord: "x" } }],
    promt: 1,
  };
  fc.assert(
    fc.property(valueOf(schema), (value) => {
      assert.deepEqual(schemaChecker(partFor(schema, value))(value, value), check(value, value));
    }),
    { numRuns: 40, examples: [[misspelt]], seed: 7 },
  );
});
