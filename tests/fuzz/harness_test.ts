/** A fuzzer that fails says how to run it again, and one whose input never ends is ended. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { RUNTIME } from "../helpers/spawn_self.ts";

interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

const RUNNERS = { deno: ["test", "--no-check", "-A"], bun: ["test"], node: ["--test"] } as const;

function runFixture(name: string, settings: Readonly<Record<string, string>>): Promise<Outcome> {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return new Promise((resolve, reject) => {
    // A test runner that finds itself below another one reports to that.
    const { NODE_TEST_CONTEXT: _, SIFAKA_FUZZ_RUNS: _runs, SIFAKA_FUZZ_SEED: _seed, ...env } = process.env;
    const child = spawn(process.execPath, [...RUNNERS[RUNTIME], path], {
      env: { ...env, NO_COLOR: "1", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => output += text);
    }
    child.on("error", reject).on("close", (status, signal) => resolve({ status, signal, output }));
  });
}

test("an input that never ends is ended by the watchdog, which says how to run it again", async () => {
  const { status, output } = await runFixture("endless_fuzz.ts", {
    SIFAKA_FUZZ_PATIENCE_MS: "300",
    SIFAKA_FUZZ_SEED: "42",
  });
  assert.notEqual(status, 0);
  assert.match(
    output,
    /Input 0 never ends\. Run it again: SIFAKA_FUZZ_SEED=42 SIFAKA_FUZZ_RUNS=10 SIFAKA_FUZZ_PATH=0 /,
  );
});

test("an input that fails is shrunk, and the command that is printed finds it again", async () => {
  const first = await runFixture("failing_fuzz.ts", { SIFAKA_FUZZ_SEED: "7" });
  assert.notEqual(first.status, 0);
  assert.match(first.output, /fails: Error: 1000 is too much/);
  const [, path] = /Run it again: SIFAKA_FUZZ_SEED=7 SIFAKA_FUZZ_RUNS=500 SIFAKA_FUZZ_PATH=([\d:]+) /.exec(
    first.output,
  )!;
  const again = await runFixture("failing_fuzz.ts", { SIFAKA_FUZZ_SEED: "7", SIFAKA_FUZZ_PATH: path! });
  assert.match(again.output, /Input 1 \(shrunk 0 times\) fails: Error: 1000 is too much/);
});
