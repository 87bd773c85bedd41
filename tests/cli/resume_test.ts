/** Runs of the command line that are killed or interrupted, and go on. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { callCli, type CallOptions } from "../helpers/call_cli.ts";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { type CliOptions, type CliOutcome, runCli } from "../helpers/run_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const PATIENT = { timeout: 120_000 };
const KEY = "sk-canary-0123456789";
let provider: MockProvider;

before(async () => void (provider = await startProvider()));
after(() => provider.stop());

/** A chain of three model calls, whose texts never pass. */
function writeConfig(directory: string, delayMs = 40): void {
  const baseUrl = provider.url({ text: "A text that is far too short.", delayMs });
  writeFileSync(
    join(directory, "sifaka.yaml"),
    `model: { provider: openai-compatible, name: m, baseUrl: "${baseUrl}", apiKeyEnv: CANARY_KEY, headers: { x-canary: "header-canary-77" } }
prompt: Write.
validators: [{ length: { minWords: 50 } }]
options: { maxImprovementIterations: 2, stopOnNoProgress: false }
storage: sqlite:./runs.db
`,
  );
}

const env = { CANARY_KEY: KEY };
const run = (cwd: string, args: readonly string[], options?: CallOptions): Promise<CliOutcome> =>
  callCli(args, { cwd, env, ...options });
/** In a process of its own, which can be ended. */
const runProcess = (cwd: string, args: readonly string[], options: CliOptions): Promise<CliOutcome> =>
  runCli(args, { cwd, env, ...options });

test(
  "a run that is killed at any moment goes on, and no call that was answered is made again",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      writeConfig(directory);
      await provider.clear();
      const undisturbed = await run(directory, ["run", "--run-id", "whole", "--json"]);
      assert.equal(undisturbed.status, 1, undisturbed.stderr);
      assert.equal((await provider.requests()).length, 3);
      for (let trial = 0; trial < 4; trial++) {
        await provider.clear();
        const delayMs = randomInt(90);
        let killed = false;
        const first = await runProcess(directory, ["run", "--run-id", `killed ${trial}`], {
          onStderr: (_, child) => {
            if (!killed) setTimeout(() => child.kill("SIGKILL"), delayMs);
            killed = true;
          },
        });
        const made = (await provider.requests()).length;
        const list = JSON.parse((await run(directory, ["runs", "--json"])).stdout) as {
          runId: string;
          status: string;
        }[];
        const status = list.find(({ runId }) => runId === `killed ${trial}`)?.status;
        if (first.signal === "SIGKILL" && status !== "finished") {
          assert.equal(status ?? "interrupted", "interrupted");
        }
        const resumed = await run(directory, ["run", "--run-id", `killed ${trial}`, "--json"]);
        assert.equal(resumed.status, 1, resumed.stderr);
        const [whole, again] = [undisturbed, resumed].map(({ stdout }) => JSON.parse(stdout));
        assert.equal(again.text, whole.text);
        assert.equal(again.iterations.length, 3);
        const all = (await provider.requests()).length;
        assert.ok(
          all <= 4,
          `${made} calls before and ${all - made} after the kill, which came after ${delayMs} ms`,
        );
      }
    }),
);

test(
  "Ctrl-C says how to go on, resume does, and replay needs no network",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      writeConfig(directory, 800);
      await provider.clear();
      let stopped = false;
      const interrupted = await runProcess(directory, ["run"], {
        onStderr: (text, child) => {
          // Deno's `child.kill` would report the signal sent in place of the status.
          if (!stopped && /iteration 0: .* wrote/.test(text)) stopped = process.kill(child.pid!, "SIGINT");
        },
      });
      assert.deepEqual([interrupted.status, interrupted.signal], [130, null], interrupted.stderr);
      assert.match(interrupted.stderr, /to go on where it stopped: sifaka resume [0-9a-f]{8} --db runs\.db/);
      assert.match((await run(directory, ["runs"])).stdout, /interrupted/);
      const resumed = await run(directory, ["resume", "--json"]);
      assert.equal(resumed.status, 1, resumed.stderr);
      assert.ok((await provider.requests()).filter(({ aborted }) => !aborted).length <= 3);
      const made = (await provider.requests()).length;
      const replayed = await runProcess(directory, ["replay", "last", "--json"], {
        permissions: ["--allow-read", "--allow-write", "--allow-env"],
      });
      assert.equal(replayed.status, 1, replayed.stderr);
      assert.deepEqual(JSON.parse(replayed.stdout), JSON.parse(resumed.stdout));
      assert.equal((await provider.requests()).length, made);
      assert.match((await run(directory, ["resume"])).stderr, /no run in .* that was interrupted or failed/);
    }),
);

test(
  "a run that failed tries again by resume, and no secret is in any file or word",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const refusing = provider.url({
        status: 401,
        json: { error: { message: `Incorrect API key provided: ${KEY}` } },
      });
      writeConfig(directory);
      const failed = await run(directory, [
        "run",
        "--run-id",
        "r",
        "--set",
        `model.baseUrl=${refusing}`,
        "--set",
        "model.headers.x-second=header-canary-88",
      ]);
      assert.equal(failed.status, 3, failed.stderr);
      const listed = await run(directory, ["runs", "--json"]);
      assert.equal(JSON.parse(listed.stdout)[0].status, "failed");
      const again = await run(directory, ["resume", "r", "-vv"]);
      assert.equal(again.status, 3, again.stderr);
      const done = await run(directory, ["run", "--run-id", "r2"]);
      const said = [failed, listed, again, done].map(({ stdout, stderr }) => stdout + stderr).join("\n");
      for (const name of readdirSync(directory).filter((each) => each !== "sifaka.yaml")) {
        const bytes = readFileSync(join(directory, name)).toString("latin1");
        for (const canary of [KEY, "header-canary-77", "header-canary-88"]) {
          assert.ok(!bytes.includes(canary), `${canary} is in ${name}`);
          assert.ok(!said.includes(canary), `${canary} was told`);
        }
      }
    }),
);

test(
  "prune says what it would remove, and removes it with --yes",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      writeConfig(directory, 0);
      for (const id of ["a", "b", "c"]) await run(directory, ["run", "--run-id", id, "-q"]);
      const asked = await run(directory, ["prune", "--keep", "1"]);
      assert.match(asked.stderr, /would remove 2 runs with their texts and 2 records in runs\.db/);
      assert.equal(JSON.parse((await run(directory, ["runs", "--json"])).stdout).length, 3);
      const done = await run(directory, ["prune", "--keep", "1", "--yes"]);
      assert.match(done.stderr, /removed 2 runs/);
      assert.deepEqual(
        JSON.parse((await run(directory, ["runs", "--json"])).stdout).map((each: { runId: string }) =>
          each.runId
        ),
        ["c"],
      );
      assert.equal(JSON.parse((await run(directory, ["list", "--json"])).stdout).length, 1);
      for (
        const [args, pattern] of [
          [["prune"], /must be said what to remove/],
          [["prune", "--older-than", "soon"], /whole number with m, h, d or w/],
          [["resume", "zz"], /There is no run "zz"/],
          [["run", "--no-store", "--run-id", "x"], /A run that is not kept has no id/],
        ] as const
      ) {
        const { status, stderr } = await run(directory, args);
        assert.equal(status, 2);
        assert.match(stderr, pattern);
      }
    }),
);
