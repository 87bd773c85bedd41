/** What `run` shows while a text is written, and what it leaves behind for programs. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ChainEvent } from "../../src/chain/events.ts";
import { withGatedServer } from "../helpers/gated_server.ts";
import { callCli } from "../helpers/call_cli.ts";
import { runCli } from "../helpers/run_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const PATIENT = { timeout: 60_000 };

/** The first text is too short, the second is not. */
const LENGTHENS = `
model: { provider: mock, responses: ["Too short.", "This one is long enough."] }
prompt: Write a sentence.
validators: [{ length: { minWords: 5 } }]
storage: sqlite:./runs.db
`;

const eventsIn = (path: string): (ChainEvent & { time: string })[] =>
  readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

test(
  "run --stream shows a piece before the next is written, and prints the whole text alone",
  PATIENT,
  () =>
    withGatedServer(["Once ", "upon a time.\u001b[2J"], async ({ baseUrl, release }) => {
      const spec = JSON.stringify({ provider: "openai-compatible", name: "small", baseUrl });
      const { status, stdout, stderr } = await runCli(
        ["run", "-p", "Write.", "--set", `model=${spec}`, "--no-store", "--stream"],
        {
          env: { OPENAI_API_KEY: "k" },
          // A program that shows no piece never has the rest sent, and is ended without a text.
          onStderr: (text) => text.endsWith("Once ") && release(),
        },
      );
      assert.equal(status, 0, stderr);
      assert.equal(stdout, "Once upon a time.\u001b[2J\n");
      assert.match(stderr, /^Once upon a time\.\\x1b\[2J\niteration 0: /m);
    }),
);

test("run --stream shows every text, each above what is said of it; -q shows none", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a.yaml"), LENGTHENS);
    const { stdout, stderr } = await callCli(["run", "a.yaml", "--stream"], { cwd });
    assert.equal(stdout, "This one is long enough.\n");
    assert.match(
      stderr,
      /^Too short\.\niteration 0: .*\n {2}✗ .*\n.*\nThis one is long enough\.\niteration 1: .*\n {2}✓ /,
    );
    assert.equal((await callCli(["run", "a.yaml", "--stream", "-q"], { cwd })).stderr, "");
    const replayed = await callCli(["replay", "last", "--db", "runs.db"], { cwd });
    assert.equal(replayed.status, 0, replayed.stderr);
    assert.equal(replayed.stdout, stdout);
  }));

test("run --only-valid prints a valid text and holds back one that is not", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a.yaml"), LENGTHENS);
    const valid = await callCli(["run", "a.yaml", "--only-valid", "--stream"], { cwd });
    assert.deepEqual([valid.status, valid.stdout], [0, "This one is long enough.\n"]);
    assert.doesNotMatch(valid.stderr, /Too short/);
    const args = ["run", "a.yaml", "--only-valid", "--set", "options.maxImprovementIterations=0"];
    const held = await callCli(args, { cwd });
    assert.deepEqual([held.status, held.stdout], [1, ""]);
    assert.match(held.stderr, /^the text is not printed, as it is not valid$/m);
    assert.match(held.stderr, /sifaka show/);
  }));

test("run --events adds every event to a file as it happens, and replay tells them again", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a.yaml"), LENGTHENS);
    const path = join(cwd, "events.jsonl");
    const { status } = await callCli(["run", "a.yaml", "--events", "events.jsonl", "-q"], { cwd });
    assert.equal(status, 0);
    const events = eventsIn(path);
    assert.deepEqual(events.map(({ type }) => type), [
      ...["run-started", "generation-started", "generated", "validator-finished", "validated", "stored"],
      ...["generation-started", "generated", "validator-finished", "validated", "stored", "run-finished"],
    ]);
    assert.ok(events.every(({ time }) => new Date(time).toISOString() === time));
    assert.equal(
      (await callCli(["replay", "last", "--db", "runs.db", "--events", "events.jsonl"], { cwd })).status,
      0,
    );
    const again = eventsIn(path).slice(events.length);
    assert.equal(again.at(0)!.type, "run-started");
    assert.ok(again.some((event) => "replayed" in event));
  }));

test("run --events keeps what the environment holds for the configuration out of the file", () =>
  inTemporaryDirectory(async (cwd) => {
    const secret = 'sk-"canary"-0123456789';
    writeFileSync(join(cwd, "a.yaml"), `model: { provider: mock, response: "\${CANARY}" }\nprompt: Write.\n`);
    const args = ["run", "a.yaml", "--no-store", "--stream", "--events", "e.jsonl"];
    const { status, stderr } = await callCli(args, { cwd, env: { CANARY: secret } });
    assert.equal(status, 0, stderr);
    const events = readFileSync(join(cwd, "e.jsonl"), "utf8");
    assert.doesNotMatch(events + stderr, /canary/);
    assert.match(events, /"type":"generated"/);
  }));

test("run --events says before the run that the file cannot be written, or holds something else", () =>
  inTemporaryDirectory(async (cwd) => {
    mkdirSync(join(cwd, "folder"));
    writeFileSync(join(cwd, "a.yaml"), LENGTHENS);
    const { status, stdout, stderr } = await callCli(["run", "a.yaml", "--events", "folder"], { cwd });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^error: Cannot write the file folder as it is a folder$/m);
    const slip = await callCli(["run", "a.yaml", "--events", "a.yaml"], { cwd });
    assert.deepEqual([slip.status, slip.stdout], [2, ""]);
    assert.match(slip.stderr, /^error: Cannot add events to a\.yaml as it holds something else$/m);
    assert.equal(readFileSync(join(cwd, "a.yaml"), "utf8"), LENGTHENS);
  }));
