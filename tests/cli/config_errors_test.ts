import assert from "node:assert/strict";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { runCli } from "../helpers/run_cli.ts";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

/** Runs a configuration and gives what was said about it; it must be refused, and nothing printed. */
async function refusal(directory: string, yaml: string, args: readonly string[] = []): Promise<string> {
  writeFileSync(join(directory, "a.yaml"), yaml);
  const { status, stdout, stderr } = await callCli(["run", "a.yaml", "--no-store", ...args], {
    cwd: directory,
  });
  assert.equal(status, 2, stderr);
  assert.equal(stdout, "");
  return stderr;
}

test("a misspelt key is shown in its line with the nearest right one", () =>
  inTemporaryDirectory(async (directory) => {
    assert.equal(
      await refusal(directory, "model: mock\npromt: Write.\n"),
      "error: a.yaml:2:1: there is no key promt; did you mean prompt?\n  2 | promt: Write.\n    | ^^^^^\n",
    );
  }));

test("a misspelt component is shown in its line with the nearest right one", () =>
  inTemporaryDirectory(async (directory) => {
    const stderr = await refusal(
      directory,
      "model: mock\nprompt: Write.\nvalidators: [lenght]\ncritics:\n  - selfRefine: {}\n",
    );
    assert.match(stderr, /^error: a\.yaml:3:14: there is no validator lenght; did you mean length\?$/m);
    assert.match(stderr, /^error: a\.yaml:5:5: there is no critic selfRefine; did you mean self_refine\?$/m);
  }));

test("a misspelt provider is shown in its line with the nearest right one", () =>
  inTemporaryDirectory(async (directory) => {
    const spec = await refusal(directory, "model: opnai:gpt-6.1-terra\nprompt: Write.\n");
    assert.match(spec, /^error: a\.yaml:1:8: /);
    assert.match(spec, / {2}1 \| model: opnai:gpt-6.1-terra\n {4}\| {8}\^{19}\n/);
    assert.match(spec, /Did you mean openai:gpt-6.1-terra\?/);
    const map = await refusal(directory, "model: { provider: opnai, name: gpt-6.1-terra }\nprompt: Write.\n");
    assert.match(map, /^error: a\.yaml:1:20: provider must be one of .*did you mean openai\?/);
  }));

test("options that contradict each other are shown in their line", () =>
  inTemporaryDirectory(async (directory) => {
    const stderr = await refusal(
      directory,
      "model: mock\nprompt: Write.\nvalidators:\n  - length: { minWords: 50, maxWords: 20 }\n",
    );
    assert.match(
      stderr,
      /^error: a\.yaml:4:\d+: .*min.* must not exceed .*: minWords is 50, maxWords is 20/i,
    );
    assert.match(stderr, /^ {2}4 \| {3}- length: \{ minWords: 50, maxWords: 20 \}$/m);
  }));

test("a wrong value that --set gives is told as such", () =>
  inTemporaryDirectory(async (directory) => {
    const stderr = await refusal(directory, "model: mock\nprompt: Write.\n", [
      "--set",
      "options.select=worst",
    ]);
    assert.match(
      stderr,
      /^error: a\.yaml: select must be one of "best", "last".*\(given by --set options\.select\)\n$/,
    );
  }));

test("a blank prompt is refused, wherever it comes from", () =>
  inTemporaryDirectory(async (directory) => {
    assert.match(
      await refusal(directory, "model: mock\nprompt: '  '\n"),
      /^error: a\.yaml:2:9: prompt must be a text that is not blank/,
    );
    for (const prompt of ["", " \n"]) {
      const { status, stderr } = await callCli(["run", "-m", "mock", "--no-store", "-p", prompt]);
      assert.equal(status, 2);
      assert.equal(stderr, "error: The prompt must not be blank\n");
    }
    const { status, stderr } = await callCli(["run", "-m", "mock", "--no-store", "-p", "-"], {
      input: " \n",
    });
    assert.deepEqual([status, stderr], [2, "error: The prompt must not be blank\n"]);
  }));

test("a variable and an environment variable without a value are named with their line", () =>
  inTemporaryDirectory(async (directory) => {
    assert.match(
      await refusal(directory, "model: mock\nprompt: Write {{topik}}.\nvariables: { topic: lemurs }\n"),
      /^error: a\.yaml:2:15: the variable \{\{topik\}\} has no value; did you mean "topic"\?/,
    );
    assert.match(
      await refusal(directory, "model: mock\nprompt: Write ${SIFAKA_TEST_UNSET}.\n"),
      /^error: a\.yaml:2:9: the environment variable SIFAKA_TEST_UNSET is not set/,
    );
  }));

test("what an environment variable holds is not shown in an error", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), "model: mock\nprompt: x\nstorage: ${SIFAKA_TEST_SECRET}\n");
    const env = { SIFAKA_TEST_SECRET: "s3cret-value" };
    const { status, stderr } = await callCli(["run", "a.yaml", "-vv"], { cwd: directory, env });
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^error: a\.yaml:3:10: storage must be sqlite:PATH, .* or memory.*\$\{SIFAKA_TEST_SECRET\}/,
    );
    assert.doesNotMatch(stderr, /s3cret-value/);
  }));

test("a missing key names its variable and the line of the model", () =>
  inTemporaryDirectory(async (directory) => {
    const stderr = await refusal(directory, "prompt: Write.\nmodel: openai:gpt-6.1-terra\n");
    assert.match(stderr, /^error: a\.yaml:2:8: .*no API key was found: OPENAI_API_KEY is not set$/m);
    assert.doesNotMatch(stderr, /--allow-env/);
  }));

test("a key that Deno may not read is told apart from one that is not set", async () => {
  // Only Deno asks for permissions.
  if (RUNTIME !== "deno") return;
  await inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, "a.yaml"), "model: openai:gpt-6.1-terra\nprompt: Write.\n");
    const { status, stderr } = await runCli(["run", "a.yaml", "--no-store"], {
      cwd: directory,
      env: { OPENAI_API_KEY: "sk-test" },
      permissions: ["--allow-read"],
    });
    assert.equal(status, 2);
    assert.match(stderr, /OPENAI_API_KEY may not be read/);
    assert.match(stderr, /--allow-env=OPENAI_API_KEY/);
  });
});

test("a configuration that cannot be read says why", () =>
  inTemporaryDirectory(async (directory) => {
    mkdirSync(join(directory, "folder.yaml"));
    writeFileSync(join(directory, "binary.yaml"), new Uint8Array([0x70, 0x00, 0x01]));
    writeFileSync(join(directory, "large.yaml"), "");
    truncateSync(join(directory, "large.yaml"), 50 * 1024 * 1024);
    const reasons: Record<string, RegExp> = {
      "none.yaml": /^error: Cannot read the configuration none\.yaml as there is no such file or folder\n$/,
      "folder.yaml": /^error: Cannot read the configuration folder\.yaml as it is a folder\n$/,
      "binary.yaml": /^error: Cannot read the configuration binary\.yaml as it is binary, not text\n/,
      "large.yaml":
        /^error: Cannot read the configuration large\.yaml as at most 1 MiB are read: it has 50 MiB\n$/,
    };
    for (const [file, reason] of Object.entries(reasons)) {
      const { status, stderr } = await callCli(["run", file, "--no-store"], { cwd: directory });
      assert.equal(status, 2);
      assert.match(stderr, reason);
    }
  }));

test("a YAML bomb and a syntax error are refused with their place", () =>
  inTemporaryDirectory(async (directory) => {
    const levels = "bcdefghij".split("").map((name, index) => {
      return `${name}: &${name} [${Array(10).fill(`*${"abcdefghi"[index]}`).join(", ")}]`;
    });
    const bomb = await refusal(directory, `a: &a [x, x, x, x, x, x, x, x, x, x]\n${levels.join("\n")}\n`);
    assert.match(bomb, /^error: a\.yaml:\d+:\d+: a configuration holds at most 100000 values/);
    assert.match(
      await refusal(directory, "prompt: [Write\nmodel: mock\n"),
      /^error: a\.yaml:2:1: this is not valid YAML: /,
    );
  }));

test("a byte order mark before a configuration is no mistake", () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(
      join(directory, "a.yaml"),
      "\ufeffmodel: { provider: mock, responses: [Done.] }\nprompt: Write.\n",
    );
    const { status, stdout } = await callCli(["run", "a.yaml", "--no-store", "-q"], { cwd: directory });
    assert.deepEqual([status, stdout], [0, "Done.\n"]);
  }));
