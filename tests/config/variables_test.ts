import assert from "node:assert/strict";
import { test } from "node:test";
import { Places } from "../../src/config/places.ts";
import type { LocatedProblem } from "../../src/config/problem.ts";
import { putVariables, substituteVariables, type Variables } from "../../src/config/variables.ts";
import { readYaml } from "../../src/config/yaml_source.ts";
import type { ConfigurationError } from "../../src/errors.ts";

const substitute = (text: string, variables: Variables): string =>
  substituteVariables(text, variables, new Places("a.yaml", ""), []);

test("variables are put in for their names, with or without spaces", () => {
  assert.equal(
    substitute("{{a}} and {{ b-c.d }} and {{n}}", { a: "x", "b-c.d": true, n: 1.5 }),
    "x and true and 1.5",
  );
});

test("what a variable holds is not looked at again", () => {
  assert.equal(substitute("{{a}}", { a: "{{b}} $& $1", b: "no" }), "{{b}} $& $1");
});

test("braces that hold no name stay as they are", () => {
  assert.equal(
    substitute('{{}} {{ 1 }} {"a": {"b": 1}} {{a b}}', {}),
    '{{}} {{ 1 }} {"a": {"b": 1}} {{a b}}',
  );
});

test("a name without a value is named with its line and the nearest name", () => {
  const { places } = readYaml("prompt: Write {{versoin}}.\n", "a.yaml");
  assert.throws(
    () => substituteVariables("Write {{versoin}}.", { version: "1" }, places, ["prompt"]),
    /^ConfigurationError: a\.yaml:1:15: the variable \{\{versoin\}\} has no value; did you mean "version"\?$/,
  );
});

test("a name without a value is pointed at where it stands, also in a text of several lines", () => {
  const { places } = readYaml("prompt: |\n  One {{a}}\n  two {{ b }}.\n", "a.yaml");
  assert.throws(
    () => substituteVariables("One {{a}}\ntwo {{ b }}.\n", { a: 1 }, places, ["prompt"]),
    (error: ConfigurationError) => {
      const [problem] = error.metadata.problems as readonly LocatedProblem[];
      assert.equal(problem!.excerpt, "  3 |   two {{ b }}.\n    |       ^^^^^^^");
      return true;
    },
  );
});

test("a name without a value in a text that is not written so is told with the text", () => {
  const { places } = readYaml('prompt: "Write {\\x7b a }}."\nother: "{{ a }}"\n', "a.yaml");
  const told = /^ConfigurationError: a\.yaml:1:9: the variable \{\{a\}\}/;
  assert.throws(() => substituteVariables("Write {{ a }}.", {}, places, ["prompt"]), told);
  places.override(["other"], "other");
  assert.throws(
    () => substituteVariables("{{ a }}", {}, places, ["other"]),
    /^ConfigurationError: a\.yaml: .*--set/,
  );
});

test("names without a value can be left as they are written", () => {
  assert.equal(putVariables("{{a}} {{ b }}", { a: "x" }), "x {{ b }}");
});

test("a name that only an object's prototype has is not a variable", () => {
  assert.throws(
    () => substitute("{{constructor}}", {}),
    /the variable \{\{constructor\}\} has no value; there are no variables/,
  );
});
