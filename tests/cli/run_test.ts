import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { CLI, runCli } from "../helpers/run_cli.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

let provider: MockProvider;
before(async () => provider = await startProvider());
after(() => provider.stop());

/** The first text is too long, the second is not. */
const SHORTENS = `
model: { provider: mock, responses: ["one two three four five six seven", "one two three"] }
prompt: Write about {{topic}}.
variables: { topic: numbers }
validators:
  - length: { maxWords: 5 }
  - content: { prohibited: [seven] }
`;

test("run prints the text alone, and its progress on standard error", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), SHORTENS);
    const { status, stdout, stderr } = await runCli(["run", "a.yaml", "--no-store"], { cwd: directory });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "one two three\n");
    assert.match(stderr, /^iteration 0: mock wrote 7 words in /m);
    assert.match(stderr, /^ {2}✗ LengthValidator: .*7.*5/m);
    assert.match(stderr, /^ {2}✗ ContentValidator: .*\n.*seven/m);
    assert.match(stderr, /^iteration 1: mock wrote 3 words in /m);
    assert.match(stderr, /^ {2}✓ LengthValidator: /m);
    assert.match(stderr, /^valid after 1 improvement · 2 model calls · tokens not known · /m);
  }));

test("run prints the best text also when it is not valid, and exits with 1", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), SHORTENS);
    const args = ["run", "a.yaml", "--no-store", "--set", "validators.0.length.maxWords=1"];
    const { status, stdout, stderr } = await callCli(args, { cwd: directory });
    assert.equal(status, 1);
    assert.equal(stdout, "one two three\n");
    assert.match(stderr, /^not valid \(max-iterations\): the text of iteration \d is the best/m);
    const throwing = await callCli([...args, "--set", "options.onExhausted=throw", "-q"], { cwd: directory });
    assert.deepEqual([throwing.status, throwing.stdout, throwing.stderr], [1, "one two three\n", ""]);
  }));

test("run without validators accepts the first text", async () => {
  const { status, stdout, stderr } = await callCli([
    "run",
    "-p",
    "Say hello.",
    "-m",
    "mock",
    "--no-store",
    "-q",
  ]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /Say hello\./);
});

test("run --json prints one document with every iteration", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), SHORTENS);
    const { status, stdout } = await callCli(["run", "a.yaml", "--no-store", "--json", "-q"], {
      cwd: directory,
    });
    assert.equal(status, 0);
    const document = JSON.parse(stdout);
    assert.deepEqual(Object.keys(document), [
      "runId",
      "chainId",
      "valid",
      "stopReason",
      "iteration",
      "text",
      "iterations",
      "warnings",
      "usage",
      "performance",
    ]);
    assert.deepEqual(
      [document.valid, document.stopReason, document.iteration, document.text],
      [true, "passed", 1, "one two three"],
    );
    assert.deepEqual(document.iterations.map((item: { text: string }) => item.text), [
      "one two three four five six seven",
      "one two three",
    ]);
    assert.equal(document.iterations[0].validationResults.LengthValidator.passed, false);
    assert.equal(document.usage.modelCalls, 2);
  }));

test("run takes a prompt from a file and a text from standard input", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "prompt.txt"), "Describe the indri.\n");
    const fromFile = await callCli(["run", "-p", "@prompt.txt", "-m", "mock", "--no-store", "-q"], {
      cwd: directory,
    });
    assert.match(fromFile.stdout, /Describe the indri\./);
    writeFileSync(join(directory, "a.yaml"), SHORTENS);
    const fromInput = await callCli(["run", "a.yaml", "-i", "-", "--no-store"], {
      cwd: directory,
      input: "fine already\n",
    });
    assert.deepEqual([fromInput.status, fromInput.stdout], [0, "fine already\n"]);
    assert.match(fromInput.stderr, /^iteration 0: the given text, 2 words$/m);
    const both = await callCli(["run", "-p", "-", "-i", "-", "--no-store"], { input: "x" });
    assert.equal(both.status, 2);
    assert.match(both.stderr, /cannot both be standard input/);
  }));

test("run takes sifaka.yaml of the working directory where nothing is named, and says so", () =>
  inTemporaryDirectory(async (directory) => {
    const nothing = await callCli(["run"], { cwd: directory });
    assert.equal(nothing.status, 2);
    assert.match(nothing.stderr, /^error: There is nothing to write/);
    writeFileSync(join(directory, "sifaka.yaml"), SHORTENS);
    const { status, stderr } = await callCli(["run", "--no-store"], { cwd: directory });
    assert.equal(status, 0);
    assert.match(stderr, /^configuration: sifaka\.yaml$/m);
  }));

test("run finds the configuration's files beside it, wherever it is started", () =>
  inTemporaryDirectory(async (directory) => {
    mkdirSync(join(directory, "texts"));
    writeFileSync(
      join(directory, "texts", "a.yaml"),
      `${SHORTENS}input: draft-{{topic}}.md\nstorage: sqlite:./runs.db\n`,
    );
    writeFileSync(join(directory, "texts", "draft-numbers.md"), "short\n");
    const { status, stdout, stderr } = await callCli(["run", "texts/a.yaml"], { cwd: directory });
    assert.deepEqual([status, stdout], [0, "short\n"], stderr);
    assert.ok(readdirSync(join(directory, "texts")).includes("runs.db"));
  }));

test("run without colour writes no escape, whatever the environment says", async () => {
  const environments: Record<string, string>[] = [{ NO_COLOR: "1" }, { FORCE_COLOR: "1" }, {}];
  for (const env of environments) {
    const { stderr, stdout } = await callCli(["run", "-p", "x", "-m", "mock", "--no-store"], { env });
    assert.ok(!`${stdout}${stderr}`.includes("\x1b"));
  }
});

test("run loads code beside the configuration, names code from elsewhere, and none with --no-modules", () =>
  inTemporaryDirectory(async (directory) => {
    const code = `export default (options) => ({
      name: "NoDigits",
      validate: (thought) => {
        const passed = !/[0-9]/.test(thought.text) && options.extra !== false;
        return { validator: "NoDigits", passed, message: passed ? "no digits" : "has digits" };
      },
    });`;
    mkdirSync(join(directory, "inner"));
    writeFileSync(join(directory, "outside.mjs"), code);
    writeFileSync(join(directory, "inner", "beside.mjs"), code);
    const yaml = (path: string): string =>
      `model: { provider: mock, responses: [abc] }\nprompt: x\nvalidators:\n  - module: ${path}\n`;
    writeFileSync(join(directory, "inner", "a.yaml"), yaml("./beside.mjs"));
    writeFileSync(
      join(directory, "inner", "b.yaml"),
      yaml("{ path: ../outside.mjs, options: { extra: false } }"),
    );
    const beside = await callCli(["run", "inner/a.yaml", "--no-store"], { cwd: directory });
    assert.deepEqual([beside.status, beside.stdout], [0, "abc\n"], beside.stderr);
    assert.doesNotMatch(beside.stderr, /loads code/);
    const outside = await callCli(["run", "inner/b.yaml", "--no-store"], { cwd: directory });
    assert.equal(outside.status, 1, outside.stderr);
    assert.match(
      outside.stderr,
      /^inner\/b\.yaml loads code from outside the configuration's folder: .*outside\.mjs$/m,
    );
    const forbidden = await callCli(["run", "inner/a.yaml", "--no-store", "--no-modules"], {
      cwd: directory,
    });
    assert.equal(forbidden.status, 2);
    assert.match(forbidden.stderr, /^error: inner\/a\.yaml:4:13: .*--no-modules forbids code/);
    writeFileSync(join(directory, "inner", "beside.mjs"), "export default 5;");
    // In another process, as a module is loaded once in each.
    const wrong = await runCli(["run", "inner/a.yaml", "--no-store"], { cwd: directory });
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /its default export must be a validator/);
  }));

test("run ends with 3 when the provider refuses the key, and never shows it", () =>
  inTemporaryDirectory(async (directory) => {
    const url = provider.url({ status: 401, json: { error: { message: "Incorrect API key provided" } } });
    writeFileSync(
      join(directory, "a.yaml"),
      `prompt: x\nmodel: { provider: openai, name: gpt-6.1-terra, baseUrl: "${url}" }\n`,
    );
    const { status, stdout, stderr } = await callCli(["run", "a.yaml", "--no-store", "-vv"], {
      cwd: directory,
      env: { OPENAI_API_KEY: "sk-secret-of-the-test" },
    });
    assert.equal(status, 3);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: .*401/m);
    assert.doesNotMatch(stderr, /sk-secret-of-the-test/);
  }));

test("run tells a fault with its stack only with -vv", () =>
  inTemporaryDirectory(async (directory) => {
    const url = provider.url({ status: 400, json: { error: { message: "no" } } });
    writeFileSync(
      join(directory, "a.yaml"),
      `prompt: x\nmodel: { provider: openai-compatible, name: m, baseUrl: "${url}" }\n`,
    );
    const plain = await callCli(["run", "a.yaml", "--no-store"], { cwd: directory });
    assert.equal(plain.status, 3);
    assert.doesNotMatch(plain.stderr, /^ +at /m);
    const loud = await callCli(["run", "a.yaml", "--no-store"], {
      cwd: directory,
      env: { SIFAKA_LOG: "debug" },
    });
    assert.match(loud.stderr, /^ +at /m);
  }));

test("run ends with 4 when the store is damaged, and leaves it alone", () =>
  inTemporaryDirectory(async (directory) => {
    const bytes = "This is no database, but a text that is long enough to have a header. ".repeat(20);
    writeFileSync(join(directory, "runs.db"), bytes);
    for (const args of [["run", "-p", "x", "-m", "mock"], ["list"], ["show", "last"], ["search", "x"]]) {
      const { status, stdout, stderr } = await callCli([...args, "--db", "runs.db"], { cwd: directory });
      assert.equal(status, 4, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: .*runs\.db/);
    }
    assert.equal(readFileSync(join(directory, "runs.db"), "utf8"), bytes);
  }));

/** Sends what Ctrl-C sends. Deno's `child.kill` would report the signal sent in place of the status. */
function interrupt({ pid }: ChildProcess): boolean {
  return process.kill(pid!, "SIGINT");
}

test("run ends in order with 130 at the first Ctrl-C", () =>
  inTemporaryDirectory(async (directory) => {
    const url = provider.url({ hang: true });
    writeFileSync(
      join(directory, "a.yaml"),
      `prompt: x\nmodel: { provider: openai-compatible, name: m, baseUrl: "${url}" }\n`,
    );
    let sent = false;
    const { status, stdout, stderr } = await runCli(["run", "a.yaml", "-v", "--db", "runs.db"], {
      cwd: directory,
      onStderr: (text, child) => {
        if (!sent && text.includes("writes\n")) sent = interrupt(child);
      },
    });
    assert.deepEqual([status, stdout], [130, ""], stderr);
    assert.match(stderr, /interrupted: ends in order; Ctrl-C again ends at once/);
  }));

test("a reader that goes away ends the program quietly", () =>
  inTemporaryDirectory(async (directory) => {
    if (process.platform === "win32") return;
    const program = [process.execPath, ...scriptArguments(CLI)].map((part) => `'${part}'`).join(" ");
    const script = `{ ${program} schema; echo "status $?" >&2; } | head -1`;
    const { status, stdout, stderr } = await runCli([], { cwd: directory, command: ["sh", "-c", script] });
    assert.deepEqual([status, stdout, stderr], [0, "{\n", "status 0\n"]);
  }));

test("run keeps its texts in the file that SIFAKA_DB names, and by default in the user's data directory", () =>
  inTemporaryDirectory(async (directory) => {
    const data = join(directory, "data");
    const args = ["run", "-p", "x", "-m", "mock"];
    const byDefault = await callCli(args, { cwd: directory, env: { XDG_DATA_HOME: data } });
    assert.equal(byDefault.status, 0, byDefault.stderr);
    assert.ok(readdirSync(join(data, "sifaka")).includes("sifaka.db"));
    const byVariable = await callCli(args, {
      cwd: directory,
      env: { XDG_DATA_HOME: data, SIFAKA_DB: "my runs.db" },
    });
    assert.equal(byVariable.status, 0, byVariable.stderr);
    assert.match(
      byVariable.stderr,
      /kept in my runs\.db; to see it: sifaka show [0-9a-f]{8} --db 'my runs\.db'/,
    );
    assert.ok(readdirSync(directory).includes("my runs.db"));
  }));

test("a store that Deno may not write is a store error that names the permission", async () => {
  if (RUNTIME !== "deno") return;
  await inTemporaryDirectory(async (directory) => {
    const { status, stderr } = await runCli(["run", "-p", "x", "-m", "mock", "--db", "runs.db"], {
      cwd: directory,
      permissions: ["--allow-read"],
    });
    assert.equal(status, 4, stderr);
    assert.match(stderr, /--allow-write/);
  });
});
