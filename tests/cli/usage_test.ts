import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { VERSION } from "../../src/cli/version.ts";
import { runCli } from "../helpers/run_cli.ts";

const COMMANDS = ["run", "check", "list", "show", "search", "init", "schema", "models"];

test("the program's version is the one of deno.json and package.json", () => {
  for (const file of ["deno.json", "package.json"]) {
    const { version } = JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
    assert.equal(VERSION, version);
  }
});

test("sifaka --version prints the version", async () => {
  assert.deepEqual(await runCli(["--version"]), {
    status: 0,
    signal: null,
    stdout: `${VERSION}\n`,
    stderr: "",
  });
});

test("sifaka --help lists every command and gives examples", async () => {
  const { status, stdout, stderr } = await runCli(["--help"]);
  assert.equal(status, 0);
  assert.equal(stderr, "");
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, "m"));
  assert.match(stdout, /^Examples:$/m);
});

test("every command explains itself with examples", async () => {
  const outcomes = await Promise.all(COMMANDS.map((command) => runCli([command, "--help"])));
  outcomes.forEach(({ status, stdout, stderr }, index) => {
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.match(stdout, new RegExp(`^Usage: sifaka ${COMMANDS[index]} `));
    assert.match(stdout, /^Examples:\n {2}sifaka /m);
  });
});

test("a misspelt command is answered with the nearest", async () => {
  const { status, stdout, stderr } = await runCli(["serach", "x"]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "error: unknown command 'serach'; did you mean search?\n");
});

test("a misspelt option is answered with the nearest", async () => {
  const { status, stdout, stderr } = await runCli(["run", "--promt", "x"]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "error: unknown option '--promt'; did you mean --prompt?\n");
});

test("a missing command, argument or value is a usage error of one line", async () => {
  for (
    const args of [[], ["show"], ["run", "--model"], ["list", "--limit", "many"], ["list", "--limit", "0"]]
  ) {
    const { status, stdout, stderr } = await runCli(args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: [^\n]+\n$/);
  }
});
