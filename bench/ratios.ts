/**
 * Measures, on the runtime it is run with, what Sifaka promises: how close side-by-side work comes to the ideal, what a chain costs
 * beside its validators, and how fast the program starts. Prints every figure with its bound; with `--check` it ends with 1 when
 * one is past it.
 *
 *     deno run --allow-read --allow-env --allow-run --allow-net=127.0.0.1 bench/ratios.ts
 *     bun bench/ratios.ts
 *     node bench/ratios.ts
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Chain, defineModel, defineValidator, sleep } from "../mod.ts";
import { measure, print } from "./harness.ts";
import { overheadCandidates } from "./overhead.ts";
import { slowCritics } from "./slow_critics.ts";

const ROUNDS = 9;
const model = defineModel("still", () => "A text that is fine as it is.");
let failures = 0;

function judged(ratio: number, bound: number, unit: string): string {
  const kept = ratio <= bound;
  if (!kept) failures++;
  return `${ratio.toFixed(2)} × ${unit}, at most ${bound.toFixed(2)}${kept ? "" : "  ← past its bound"}`;
}

for (
  const { durations, bound } of [{ durations: [100, 150, 200], bound: 1.05 }, {
    durations: [100, 100, 100, 100, 100],
    bound: 1.1,
  }]
) {
  const ideal = Math.max(...durations);
  const chain = new Chain({
    model,
    prompt: "Write.",
    validators: durations.map((durationMs, index) =>
      defineValidator(`wait ${index}`, function* () {
        yield* sleep(durationMs);
        return true;
      })
    ),
  });
  const measures = await measure(
    { "run()": () => chain.run(), "_runAsync()": () => chain._runAsync() },
    { rounds: ROUNDS, warmup: 1 },
  );
  print(
    `Validators of ${durations.join(", ")} ms`,
    measures.map((entry) => ({ ...entry, note: judged(entry.medianMs / ideal, bound, "the ideal") })),
  );
}

for (const count of [5, 20, 100]) {
  const { byHand, run, runAsync } = overheadCandidates(count);
  const [baseline, ...others] = await measure({
    "Promise.all by hand": byHand,
    "run()": run,
    "_runAsync()": runAsync,
  }, {
    rounds: 300,
    batch: 40,
    warmup: 100,
  });
  const rows = others.map((entry) => {
    const ratio = entry.medianMs / baseline!.medianMs;
    return { ...entry, note: count === 20 ? judged(ratio, 10, "by hand") : `${ratio.toFixed(2)} × by hand` };
  });
  print(`${count} instant validators`, [{ ...baseline!, note: "" }, ...rows]);
}

const { chain, close } = await slowCritics();
try {
  const measures = await measure(
    { "run()": () => chain.run(), "_runAsync()": () => chain._runAsync() },
    { rounds: ROUNDS, warmup: 2 },
  );
  print(
    "Three critics that each call a model for 200 ms over HTTP",
    measures.map((entry) => ({ ...entry, note: judged(entry.medianMs / 200, 1.25, "the ideal") })),
  );
} finally {
  close();
}

const start = (script: string, ...args: string[]) => () => {
  const options = "Deno" in globalThis ? ["run", "--quiet", "--no-check"] : [];
  const { status } = spawnSync(process.execPath, [
    ...options,
    fileURLToPath(new URL(script, import.meta.url)),
    ...args,
  ]);
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
};
const [empty, version] = await measure(
  { "an empty program": start("empty_program.ts"), "sifaka --version": start("../cli.ts", "--version") },
  { rounds: 31, warmup: 3 },
);
const note = judged(version!.medianMs / empty!.medianMs, 1.5, "an empty program");
print("Starting", [{ ...empty!, note: "" }, { ...version!, note }]);

if (process.argv.includes("--check") && failures > 0) {
  console.error(`\n${failures} ${failures === 1 ? "ratio is" : "ratios are"} past the bound`);
  process.exitCode = 1;
}
