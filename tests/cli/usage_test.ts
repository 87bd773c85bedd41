import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { VERSION } from "../../src/cli/version.ts";
import { callCli } from "../helpers/call_cli.ts";
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
  const { status, stdout, stderr } = await callCli(["--help"]);
  assert.equal(status, 0);
  assert.equal(stderr, "");
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, "m"));
  assert.match(stdout, /^Examples:$/m);
});

test("every command explains itself with examples", async () => {
  const outcomes = await Promise.all(COMMANDS.map((command) => callCli([command, "--help"])));
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
  const { status, stdout, stderr } = await callCli(["run", "--promt", "x"]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.equal(stderr, "error: unknown option '--promt'; did you mean --prompt?\n");
});

test("a missing command, argument or value is a usage error of one line", async () => {
  for (
    const args of [[], ["show"], ["run", "--model"], ["list", "--limit", "many"], ["list", "--limit", "0"]]
  ) {
    const { status, stdout, stderr } = await callCli(args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: [^\n]+\n$/);
  }
});

test("help prints the help of a command, and answers a misspelt one with the nearest", async () => {
  const [help, run, misspelt] = await Promise.all([
    callCli(["help"]),
    callCli(["help", "run"]),
    callCli(["help", "rnu"]),
  ]);
  assert.match(help.stdout, /^Usage: sifaka \[options\] \[command\]/);
  assert.match(run.stdout, /^Usage: sifaka run /);
  assert.deepEqual([help.status, run.status], [0, 0]);
  assert.deepEqual(
    [misspelt.status, misspelt.stdout, misspelt.stderr],
    [2, "", 'error: There is no command "rnu"; did you mean "run"?\n'],
  );
});

test("a run cannot be called last or like an option, and its events do not go where its result goes", async () => {
  const [last, dashed, events] = await Promise.all([
    callCli(["run", "-p", "x", "-m", "mock", "--run-id", "last", "--db", ":memory:"]),
    callCli(["run", "-p", "x", "-m", "mock", "--run-id=-x", "--db", ":memory:"]),
    callCli(["run", "-p", "x", "-m", "mock", "--events", "-", "--no-store"]),
  ]);
  assert.deepEqual(
    [last.status, last.stderr],
    [2, "error: --run-id must not be last, which means the newest run\n"],
  );
  assert.deepEqual(
    [dashed.status, dashed.stderr],
    [2, "error: --run-id must not begin with -, as an option does\n"],
  );
  assert.deepEqual([events.status, events.stdout], [2, ""]);
  assert.match(events.stderr, /^error: --events must be a file/);
});
