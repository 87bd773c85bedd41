import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { runCli } from "../helpers/run_cli.ts";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const CHECKS = `
model: openai:gpt-6.1-terra
prompt: Write.
validators:
  - length: { maxWords: 3 }
  - content: { prohibited: [bad] }
critics: [reflexion]
options: { fallbackModels: ["openai:gpt-5"] }
`;

test("check needs no model: it prints a table of verdicts and exits with 1 for a text that is not valid", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a.yaml"), CHECKS);
    writeFileSync(join(cwd, "long.md"), "one two three four\n");
    const { status, stdout, stderr } = await callCli(["check", "long.md", "--config", "a.yaml"], { cwd });
    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(stdout, /^LengthValidator {3}fail {2}.*4.*3/);
    assert.match(stdout, /^ContentValidator {2}pass {2}/m);
    const short = await callCli(["check", "-", "--config", "a.yaml"], { cwd, input: "one two" });
    assert.equal(short.status, 0);
    assert.match(short.stdout, /^LengthValidator {3}pass {2}/);
  }));

test("check --json prints one document", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "sifaka.yaml"), CHECKS);
    const { status, stdout } = await callCli(["check", "-", "--json"], { cwd, input: "bad" });
    assert.equal(status, 1);
    const document = JSON.parse(stdout);
    assert.deepEqual([document.file, document.valid], ["-", false]);
    assert.deepEqual(
      document.results.map((
        result: { validator: string; passed: boolean },
      ) => [result.validator, result.passed]),
      [
        ["LengthValidator", true],
        ["ContentValidator", false],
      ],
    );
  }));

test("check wants no value for the variables of a task that nobody does, and shows validators those that it has", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(
      join(cwd, "own.mjs"),
      `export default { name: "Own", validate: ({ prompt, systemPrompt }) => ({ passed: true, message: prompt + systemPrompt }) };`,
    );
    writeFileSync(
      join(cwd, "sifaka.yaml"),
      'prompt: "{{a}} {{b}},"\nsystemPrompt: "{{c}}"\ninput: "{{d}}"\nvariables: { a: x }\nvalidators: [{ module: ./own.mjs }]\n',
    );
    const { status, stdout, stderr } = await callCli(["check", "-"], { cwd, input: "text" });
    assert.deepEqual([status, stdout, stderr], [0, "Own  pass  x {{b}},{{c}}\n", ""]);
  }));

test("check without validators or without its text is a usage error", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a.yaml"), "prompt: x\n");
    const none = await callCli(["check", "-", "--config", "a.yaml"], { cwd });
    assert.deepEqual([none.status, none.stderr], [2, "error: a.yaml has no validators to check with\n"]);
    writeFileSync(join(cwd, "a.yaml"), CHECKS);
    const missing = await callCli(["check", "none.md", "--config", "a.yaml"], { cwd });
    assert.equal(missing.status, 2);
    assert.match(
      missing.stderr,
      /^error: Cannot read the text none\.md as there is no such file or folder\n/,
    );
  }));

test("init writes a configuration that runs, and replaces one only when forced", () =>
  inTemporaryDirectory(async (cwd) => {
    const { status, stdout, stderr } = await callCli(["init"], { cwd });
    assert.deepEqual([status, stdout], [0, ""]);
    assert.match(stderr, /^wrote sifaka\.yaml; run it by: sifaka run$/m);
    const run = await callCli(["run", "--no-store", "-m", "mock", "-q"], { cwd });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stdout, /^Mock/);
    writeFileSync(join(cwd, "sifaka.yaml"), "mine");
    const again = await callCli(["init"], { cwd });
    assert.equal(again.status, 2);
    assert.match(again.stderr, /^error: Cannot write sifaka\.yaml as it exists already\n {2}.*--force/);
    assert.equal(readFileSync(join(cwd, "sifaka.yaml"), "utf8"), "mine");
    assert.equal((await callCli(["init", "--force", "-q"], { cwd })).stderr, "");
    assert.match(readFileSync(join(cwd, "sifaka.yaml"), "utf8"), /^# yaml-language-server/);
  }));

test("schema prints a JSON Schema, or writes it", () =>
  inTemporaryDirectory(async (cwd) => {
    const { status, stdout, stderr } = await callCli(["schema"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(JSON.parse(stdout).$schema, "http://json-schema.org/draft-07/schema#");
    const written = await callCli(["schema", "-o", "a.json"], { cwd });
    assert.deepEqual([written.status, written.stdout, written.stderr], [0, "", "wrote a.json\n"]);
    assert.equal(readFileSync(join(cwd, "a.json"), "utf8"), stdout);
  }));

test("models says which key is set and never shows it", async () => {
  const env = { MISTRAL_API_KEY: "sk-secret-of-the-test", GROQ_API_KEY: "  " };
  const { status, stdout, stderr } = await callCli(["models"], { env });
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^mistral +set +MISTRAL_API_KEY /m);
  assert.match(stdout, /^groq +not set +GROQ_API_KEY /m);
  assert.match(stdout, /^editor +not needed /m);
  const json = await callCli(["models", "--json"], { env });
  const rows = JSON.parse(json.stdout) as { provider: string; key: string }[];
  assert.equal(rows.find(({ provider }) => provider === "mistral")!.key, "set");
  assert.doesNotMatch(stdout + json.stdout, /sk-secret/);
});

test("models tells a variable that Deno may not read apart", async () => {
  if (RUNTIME !== "deno") return;
  const { stdout, stderr } = await runCli(["models"], {
    env: { MISTRAL_API_KEY: "sk-x" },
    permissions: ["--allow-read", "--allow-env=GROQ_API_KEY"],
  });
  assert.match(stdout, /^mistral +denied +MISTRAL_API_KEY /m);
  assert.match(stdout, /^groq +not set +GROQ_API_KEY /m);
  assert.match(stderr, /--allow-env=OPENAI_API_KEY,/);
});

test("doctor says what is sound and what is not, and exits with 2 for a fault", () =>
  inTemporaryDirectory(async (cwd) => {
    const fresh = await callCli(["doctor", "--db", "runs.db"], { cwd });
    assert.deepEqual([fresh.status, fresh.stderr], [0, ""]);
    assert.match(fresh.stdout, /^worker +ok +answers synchronous calls$/m);
    assert.match(fresh.stdout, /^config +note +there is no sifaka\.yaml here$/m);
    assert.match(fresh.stdout, /^store +ok +runs\.db will be made by the first run$/m);
    assert.match(fresh.stdout, /^model +note +none that writes, as no .*\n +Set a provider's key/m);
    writeFileSync(join(cwd, "sifaka.yaml"), "modl: x\n");
    writeFileSync(join(cwd, "runs.db"), "no database");
    const { status, stdout } = await callCli(["doctor", "--db", "runs.db", "--json"], { cwd });
    assert.equal(status, 2);
    const faults = (JSON.parse(stdout) as { subject: string; verdict: string; detail: string }[])
      .filter(({ verdict }) => verdict === "fault");
    assert.deepEqual(faults.map(({ subject }) => subject), ["config", "store"]);
    assert.match(faults[0]!.detail, /sifaka\.yaml:1:1/);
    const unnamed = await callCli(["doctor"], { cwd });
    assert.match(unnamed.stdout, /^store +note +not looked at, as sifaka\.yaml may name it$/m);
    assert.match(unnamed.stdout, /^model +note +not looked at, as sifaka\.yaml may name it$/m);
    const nowhere = await callCli(["doctor", "--db", "none/runs.db"], { cwd });
    assert.match(nowhere.stdout, /^store +fault +.*there is no directory/m);
  }));

test("doctor says whether the model that the configuration names can be made", () =>
  inTemporaryDirectory(async (cwd) => {
    const model = "model: { provider: openai, name: gpt-5, cache: sqlite:./cache.db }\n";
    writeFileSync(join(cwd, "sifaka.yaml"), model);
    const without = await callCli(["doctor", "--db", "runs.db"], { cwd });
    assert.equal(without.status, 2);
    assert.match(
      without.stdout,
      /^model +fault +Cannot create .*OPENAI_API_KEY is not set\n +Set the environment variable/m,
    );
    const env = { OPENAI_API_KEY: "sk-secret-of-the-test" };
    const { status, stdout } = await callCli(["doctor", "--db", "runs.db"], { cwd, env });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^keys +ok +set: OPENAI_API_KEY\nmodel +ok +gpt-5 writes, as sifaka\.yaml says$/m);
    assert.deepEqual(readdirSync(cwd), ["sifaka.yaml"]);
  }));
