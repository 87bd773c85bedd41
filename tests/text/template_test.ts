import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError } from "../../src/errors.ts";
import { compileTemplate } from "../../src/text/template.ts";

const RULES = { allowed: ["prompt", "text", "criteria"] };

function render(template: string, values: Record<string, string | undefined>): string {
  return compileTemplate("PromptCritic", "critiqueTemplate", template, RULES)(values);
}

function problem(template: string, rules: { allowed: string[]; required?: string[] } = RULES): string {
  try {
    compileTemplate("PromptCritic", "critiqueTemplate", template, rules);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "invalid_template");
    return error.message;
  }
  return "none";
}

test("a template puts values in the place of their names", () => {
  assert.equal(render("{prompt}: {text}. {prompt}", { prompt: "P", text: "T" }), "P: T. P");
  assert.equal(render("no placeholder", {}), "no placeholder");
  assert.equal(render("", {}), "");
});

test("a template takes braces in values as text", () => {
  assert.equal(
    render("{prompt}{text}", { prompt: "{text}", text: "{{prompt}} $& $1" }),
    "{text}{{prompt}} $& $1",
  );
});

test("a template writes double braces as single ones", () => {
  assert.equal(render('{{"score": 1}} {{text}} {{{text}}}', { text: "T" }), '{"score": 1} {text} {T}');
});

test("a template fills a value that is left out with nothing", () => {
  assert.equal(render("[{prompt}|{text}]", { text: undefined }), "[|]");
  const inherited = compileTemplate("C", "o", "[{constructor}]", { allowed: ["constructor"] });
  assert.equal(inherited({}), "[]");
});

test("a template refuses a placeholder that is not known and names the nearest", () => {
  assert.equal(
    problem("{txet}"),
    "Cannot create PromptCritic as critiqueTemplate must not use a placeholder that is not known: " +
      '{txet} is used; did you mean "text"?',
  );
});

test("a template refuses to lack a required placeholder", () => {
  assert.equal(
    problem("{prompt} {{text}}", { ...RULES, required: ["text"] }),
    "Cannot create PromptCritic as critiqueTemplate must use the placeholder {text}: it does not",
  );
});

test("a template refuses a brace that stands alone", () => {
  for (const template of ['{"score": 1}', "}", "{", "{ text }", "{text", "{text}}", "{}"]) {
    assert.match(problem(template), /must have braces in pairs/, template);
  }
});
