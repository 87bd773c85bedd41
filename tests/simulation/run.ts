/**
 * Checks many seeds on two processes:
 *
 *     deno task simulate [COUNT=10000] [--from SEED]
 *
 * Without `--from` it begins at a fresh random seed. A failing seed is printed with the command that runs it alone; the exit
 * code is 1 then.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkSeed, type Figures, noFigures } from "./check_seed.ts";
import { againCommand, freshSeed } from "./seeds.ts";

const PROCESSES = 2;
const MOST_FAILURES = 10;

/** What one process has found. */
interface Report {
  readonly figures: Figures;
  readonly failures: readonly { readonly seed: number; readonly message: string }[];
}

/** Which seeds: `count` of them, every `step`th. */
interface Seeds {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

async function checkSeeds({ from, count, step }: Seeds): Promise<Report> {
  const figures = noFigures();
  const failures: { seed: number; message: string }[] = [];
  for (let index = 0; index < count && failures.length < MOST_FAILURES; index++) {
    const seed = from + index * step;
    try {
      await checkSeed(seed, figures);
    } catch (error) {
      failures.push({ seed, message: error instanceof Error ? error.stack ?? error.message : String(error) });
    }
  }
  return { figures, failures };
}

function checkElsewhere({ from, count, step }: Seeds): Promise<Report> {
  const file = fileURLToPath(import.meta.url);
  const child = spawn(
    process.execPath,
    [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      file,
      `${count}`,
      "--from",
      `${from}`,
      "--step",
      `${step}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`A process ended with code ${code}: ${output}`));
    });
  });
}

function total(reports: readonly Report[]): Figures {
  const sum = noFigures();
  for (const { figures } of reports) {
    for (const [kind, count] of Object.entries(figures.faults)) {
      const faults = sum.faults as Record<string, number>;
      faults[kind] = (faults[kind] ?? 0) + count;
    }
    sum.resumes += figures.resumes;
    sum.replays += figures.replays;
    sum.effects += figures.effects;
    sum.agreements += figures.agreements;
  }
  return sum;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { from: { type: "string" }, step: { type: "string" } },
  });
  const count = wholeNumber("COUNT", positionals[0] ?? "10000");
  const from = values.from === undefined ? freshSeed() : wholeNumber("--from", values.from);
  if (values.step !== undefined) {
    const report = await checkSeeds({ from, count, step: wholeNumber("--step", values.step) });
    return console.log(JSON.stringify(report));
  }
  const startedMs = performance.now();
  const reports = count === 1
    ? [await checkSeeds({ from, count, step: 1 })]
    : await Promise.all(Array.from({ length: PROCESSES }, (_, index) =>
      checkElsewhere({
        from: from + index,
        count: Math.ceil((count - index) / PROCESSES),
        step: PROCESSES,
      })));
  const seconds = (performance.now() - startedMs) / 1_000;
  const failures = reports.flatMap((report) => report.failures);
  for (const { seed, message } of failures) {
    console.error(`Seed ${seed} fails: ${message}\nRun it again: ${againCommand(seed)}\n`);
  }
  const { faults, resumes, replays, effects, agreements } = total(reports);
  const kinds = Object.entries(faults).sort().map(([kind, times]) => `${kind} ${times}`).join(", ");
  console.log(
    `${count} seeds from ${from} in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second, ` +
      `${failures.length} failed.\nFaults: ${kinds}.\n` +
      `Resumed ${resumes} times, replayed ${replays} runs, compared the drivers ${agreements} times; ${effects} effects.`,
  );
  if (failures.length > 0) process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${name} must be a whole number: it is ${text}`);
  }
  return value;
}

await main();
