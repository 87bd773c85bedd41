/** Whatever stands in a configuration, it is read or refused with a ConfigurationError that names the place, and soon. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { Config } from "../../src/config/config.ts";
import { configSchema } from "../../src/config/config_schema.ts";
import { parseSettings } from "../../src/config/parse.ts";
import type { LocatedProblem } from "../../src/config/problem.ts";
import { schemaChecker } from "../../src/config/schema_check.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { damaged, hostileText, piece, repeated } from "./arbitraries.ts";
import { valueOf } from "./config_values.ts";
import { fuzz } from "./harness.ts";

const MOST_UNITS = 2 ** 20;
const SCHEMA = configSchema();
const CHECK = schemaChecker(SCHEMA);

const LAYOUTS = [{}, { indent: 4 }, { defaultStringType: "QUOTE_DOUBLE" }, { collectionStyle: "flow" }, {
  lineWidth: 20,
}] as const;
const written = fc.tuple(valueOf(SCHEMA), fc.constantFrom(...LAYOUTS, undefined))
  .map(([value, layout]) => layout === undefined ? JSON.stringify(value) : stringify(value, layout));

const HEADS = [
  "",
  "a: ",
  "model:\n  ",
  "validators: [",
  "validators:\n",
  "{",
  "[",
  "- ",
  "&x [",
  "prompt: |\n  ",
  "variables: {",
  "'",
  '"',
];
const YAML_PIECES = [
  "- ",
  "? ",
  ": ",
  "a: ",
  "a: b\n",
  "  ",
  "\n",
  "&a ",
  "*a ",
  "*a,",
  "&a [*a, *a],",
  "!tag ",
  "!!str ",
  "---\n",
  "%YAML 1.2\n",
  "|\n ",
  ">\n ",
  "<<: *a\n",
  "- *a\n",
  "[",
  "{",
  "]",
  "}",
  "''",
  '""',
  '"\\x41"',
  "# c\n",
  "1,",
  "length: {}\n",
  "- length\n",
];
const yamlText = fc.tuple(
  fc.constantFrom(...HEADS),
  fc.array(
    repeated(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...YAML_PIECES) }, { weight: 1, arbitrary: piece }),
      MOST_UNITS,
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
).map(([head, parts]) => (head + parts.join("")).slice(0, MOST_UNITS));

/** Much of one thing: long keys over many values, many anchors, deep nesting. */
const large = fc.tuple(
  fc.constantFrom("key", "anchors", "deep", "blocks", "scalar", "keys"),
  fc.integer({ min: 1, max: 20_000 }),
)
  .map(([kind, count]) => {
    const numbers = Array.from({ length: Math.min(count, 9_000) }, (_, index) => index);
    switch (kind) {
      case "key":
        return `? ${"k".repeat(20 * count)}\n: [${"1,".repeat(Math.min(count, 10_000))}]`;
      case "anchors":
        return numbers.map((index) => `k${index}: &a${index} *a${index >> 1}`).join("\n");
      case "deep":
        return `${"[{a: ".repeat(count)}1${"}]".repeat(count)}`;
      case "blocks":
        return numbers.slice(0, 700).map((index) => `${" ".repeat(index)}a:`).join("\n");
      case "scalar":
        return `prompt: "${"\\u0041 x".repeat(2 * count)}"`;
      case "keys":
        return `variables: {${numbers.map((index) => `k${index}: [1]`).join(",")}}`;
    }
  });

const source = fc.oneof(
  { weight: 100, arbitrary: written },
  { weight: 100, arbitrary: damaged(written) },
  { weight: 50, arbitrary: yamlText },
  { weight: 30, arbitrary: hostileText(MOST_UNITS) },
  { weight: 1, arbitrary: large },
);

const PATHS = [
  "model",
  "validators.0",
  "validators.0.length.minWords",
  "critics",
  "options.timeoutMs",
  "a.b",
  "__proto__.x",
  "variables.x",
];
const override = fc.oneof(
  fc.tuple(fc.constantFrom(...PATHS), fc.array(piece, { maxLength: 3 })).map(([path, value]) =>
    `${path}=${value.join("")}`
  ),
  fc.string({ maxLength: 10 }),
);
const overrides = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, {
  weight: 1,
  arbitrary: fc.array(override, { maxLength: 2 }),
});

const ENVIRONMENT = (name: string) =>
  name === "SET"
    ? { state: "set", value: "s3cret-value" } as const
    : { state: name === "A" ? "denied" : "unset" } as const;

fuzz("a configuration is read, or refused with a ConfigurationError", {
  file: import.meta.url,
  inputs: fc.record({ text: source, overrides }),
  runs: 1_500,
  kinds: ["refused as text", "refused when made", "made"],
  check: ({ text, overrides }) => {
    let config: Config;
    try {
      const parsed = parseSettings(text, "f.yaml", { overrides, readEnvironment: ENVIRONMENT, check: CHECK });
      config = new Config(parsed, {
        folder: "/nowhere",
        allowModules: true,
        onNotice: () => {},
        onFile: () => {},
        importModule: (url) => import(url),
      });
    } catch (error) {
      checkError(error, text);
      return "refused as text";
    }
    try {
      config.createChain({ input: "A text.", ignoreStorage: true });
      return "made";
    } catch (error) {
      // The index of a retriever over files is a store, and is opened when the chain is made.
      if (error instanceof StorageError && error.code === "missing_directory") return "refused when made";
      checkError(error, text);
      return "refused when made";
    }
  },
});

const LONGEST_MESSAGE = 11 * 1_100;

function checkError(error: unknown, text: string): void {
  if (!(error instanceof ConfigurationError)) throw error;
  assert.ok(error.message.length <= LONGEST_MESSAGE, `the message has ${error.message.length} characters`);
  assert.ok(!error.message.includes("s3cret-value"), "a message shows what an environment variable holds");
  const problems = (error.metadata.problems ?? []) as readonly LocatedProblem[];
  assert.ok(problems.length <= 10);
  const lineCount = text.split("\n").length;
  for (const { line, column, message } of problems) {
    // A component may give its reasons one below the other, but a key or a value breaks no line.
    // deno-lint-ignore no-control-regex
    assert.ok(!/[\0-\x09\x0b-\x1f]/.test(message), `a control character in ${JSON.stringify(message)}`);
    if (line === undefined) continue;
    assert.ok(line >= 1 && line <= lineCount && column! >= 1, `${line}:${column}`);
  }
}
