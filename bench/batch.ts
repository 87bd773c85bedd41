/**
 * Measures how close `sifaka batch` comes to the ideal: 1,000 lines, 20 at once, each answered after 50 ms by a server on
 * loopback, on the runtime it is run with, with its record in an SQLite file. The ideal is what the same calls take by nothing
 * but `fetch`, in the same run. Then every line is run again from its record.
 * With `--check` it ends with 1 when it takes longer than the ideal times `--bound` (1.15 where that is left out); `--rounds` says
 * how often it is measured (3).
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run --allow-net=127.0.0.1 bench/batch.ts
 *     bun bench/batch.ts
 *     node bench/batch.ts
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { median, runtimeName } from "./harness.ts";

const LINES = 1_000;
const AT_ONCE = 20;
const LATENCY_MS = 50;
const LATENCIES_MS = LINES / AT_ONCE * LATENCY_MS;
const ROUNDS = numberAfter("--rounds", 3);

/** The number after an option of the command line, or what it is without one. */
function numberAfter(option: string, otherwise: number): number {
  const at = process.argv.indexOf(option);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function start(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net=127.0.0.1"];
  const first = "Deno" in globalThis ? ["run", "--quiet", "--no-prompt", ...permissions, path] : [path];
  return spawn(process.execPath, [...first, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
}

async function output(child: Child): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return text;
}

async function batch(directory: string, out: string): Promise<{ durationMs: number; wholeMs: number }> {
  const file = (name: string): string => join(directory, name);
  const startedMs = performance.now();
  const child = start("../cli.ts", [
    "batch",
    file("inputs.jsonl"),
    "--config",
    file("config.yaml"),
    "--out",
    file(out),
    "--db",
    file("runs.db"),
    "--concurrency",
    String(AT_ONCE),
    "--json",
    "-q",
  ], { OPENAI_API_KEY: "none" });
  const { durationMs, valid } = JSON.parse(await output(child)) as { durationMs: number; valid: number };
  const wholeMs = performance.now() - startedMs;
  const lines = new Set(
    readFileSync(file(out), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line).line as number),
  );
  if (valid !== LINES || lines.size !== LINES) throw new Error(`${lines.size} lines, ${valid} valid`);
  return { durationMs, wholeMs };
}

/** The same calls by nothing but `fetch`: what this machine and runtime allow at the moment. */
async function byHand(url: string): Promise<number> {
  const startedMs = performance.now();
  let left = LINES;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await (await fetch(url, { method: "POST", body: "{}" })).json();
  }));
  return performance.now() - startedMs;
}

const server = start("slow_server.mjs", [String(LATENCY_MS)]);
const figures = {
  first: [] as number[],
  whole: [] as number[],
  again: [] as number[],
  byHand: [] as number[],
};
try {
  const port = await new Promise<string>((resolve) =>
    server.stdout.once("data", (data) => resolve(String(data).trim()))
  );
  for (let round = 0; round < ROUNDS; round++) {
    const directory = mkdtempSync(join(tmpdir(), "sifaka-batch-"));
    try {
      const baseUrl = `http://127.0.0.1:${port}/v1`;
      writeFileSync(
        join(directory, "config.yaml"),
        `model: { provider: openai-compatible, name: slow, baseUrl: "${baseUrl}" }
prompt: Describe {{product}} in one sentence for {{reader}}.
variables: { reader: engineers }
validators: [{ length: { minWords: 3, maxWords: 100 } }, { content: { prohibited: [simply] } }]
`,
      );
      const inputs = Array.from(
        { length: LINES },
        (_, index) => `${JSON.stringify({ product: `product ${index}` })}\n`,
      );
      writeFileSync(join(directory, "inputs.jsonl"), inputs.join(""));
      figures.byHand.push(await byHand(`${baseUrl}/chat/completions`));
      const first = await batch(directory, "first.jsonl");
      figures.first.push(first.durationMs);
      figures.whole.push(first.wholeMs);
      figures.again.push((await batch(directory, "again.jsonl")).durationMs);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
} finally {
  server.kill();
}

const bound = numberAfter("--bound", 1.15);
const ratio = median(figures.first) / median(figures.byHand);
const show = (label: string, durationMs: number, note: string): void =>
  console.log(
    `  ${label.padEnd(44)} ${durationMs.toFixed(0).padStart(6)} ms  ${
      (durationMs / LATENCIES_MS).toFixed(3)
    } ×  ${note}`,
  );
console.log(
  `\n${LINES} lines, ${AT_ONCE} at once, ${LATENCY_MS} ms each: ${LATENCIES_MS} ms of latency (${runtimeName()})`,
);
show("the calls alone, by fetch", median(figures.byHand), "the ideal");
show(
  "the runs, from the first to the last result",
  median(figures.first),
  `${ratio.toFixed(3)} × the ideal, at most ${bound}`,
);
show("the whole program, its start included", median(figures.whole), "");
show("all of them again, from their records", median(figures.again), "");
if (process.argv.includes("--check") && ratio > bound) process.exit(1);
