import assert from "node:assert/strict";
import { test } from "node:test";
import { type EnvironmentReader, substituteEnvironment } from "../../src/config/environment.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { readYaml } from "../../src/config/yaml_source.ts";

const VALUES: Readonly<Record<string, string>> = { TOKEN: "s3cret-token", EMPTY: "", N: "1" };
const read: EnvironmentReader = (name) => {
  if (name === "DENIED") return { state: "denied" };
  return VALUES[name] === undefined ? { state: "unset" } : { state: "set", value: VALUES[name] };
};

function substitute(text: string): ReturnType<typeof substituteEnvironment> {
  const { value, places } = readYaml(text, "a.yaml");
  return substituteEnvironment(value, places, read);
}

test("environment variables are put in wherever a string names them", () => {
  assert.deepEqual(substitute('a: "x ${TOKEN} y"\nb: ["${N}${N}", "${EMPTY}"]\nc: 1\n').value, {
    a: "x s3cret-token y",
    b: ["11", ""],
    c: 1,
  });
});

test("$${NAME} stands for ${NAME} itself, and other dollars for themselves", () => {
  assert.deepEqual(substitute("a: '$${TOKEN} $5 ${not a name} ^x$'").value, {
    a: "${TOKEN} $5 ${not a name} ^x$",
  });
});

test("a variable that is not set is named with its line", () => {
  assert.throws(() => substitute("a: 1\nb: ${MISSING}\n"), (error: ConfigurationError) => {
    assert.equal(error.message, "a.yaml:2:4: the environment variable MISSING is not set");
    assert.equal(error.code, "environment_unset");
    return true;
  });
});

test("a variable that may not be read is told apart from one that is not set", () => {
  assert.throws(() => substitute("b: ${DENIED}\n"), (error: ConfigurationError) => {
    assert.equal(error.message, "a.yaml:1:4: the environment variable DENIED may not be read");
    assert.equal(error.code, "environment_denied");
    assert.deepEqual(error.suggestions, ["Run Deno with --allow-env=DENIED."]);
    return true;
  });
});

test("redact takes the values of variables out of a text", () => {
  const { redact } = substitute("a: ${TOKEN}\nb: ${N}\n");
  assert.equal(redact("failed with s3cret-token at 1"), "failed with ${TOKEN} at 1");
});

test("redact leaves nothing of a value that begins with another one", () => {
  const values: Record<string, string> = { SHORT: "abcd1234", LONG: "abcd1234-and-more" };
  const { value, places } = readYaml('["${SHORT}", "${LONG}"]', "a.yaml");
  const { redact } = substituteEnvironment(value, places, (name) => ({ state: "set", value: values[name]! }));
  assert.equal(redact("abcd1234-and-more abcd1234"), "${LONG} ${SHORT}");
});
