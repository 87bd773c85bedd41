/**
 * Runs whose process is killed by `kill -9` at a random moment, while it calls a provider over HTTP, and that another process
 * then ends. What the provider was asked is counted by its own log.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run --allow-net=127.0.0.1 tests/reliability/kill.ts [TRIALS] [SEED]
 */
import { randomInt } from "node:crypto";
import process from "node:process";
import { CallLog } from "./call_log.ts";
import { runTrial, type TrialReport, type Way } from "./kill_trial.ts";

const WAYS: readonly Way[] = ["cli", "sync", "async"];
/** How many trials run at a time. */
const SIDE_BY_SIDE = 2;

/** What came of it all. */
export interface KillReport {
  /** How many trials there were. */
  readonly trials: number;
  /** Decides the moments of all kills. */
  readonly seed: number;
  /** How many trials ended with the text of an undisturbed run. */
  readonly sameText: number;
  /** How many kills met a living process. */
  readonly kills: number;
  /** How the runs stood after the kills. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How many calls came to the server. */
  readonly calls: number;
  /** Calls that came again: how many whose answer had not gone out, and how many whose answer was not on disk yet. */
  readonly repeated: {
    readonly unanswered: number;
    readonly unrecorded: number;
    /** How long before the kill the answer had gone out at the most, in milliseconds. */
    readonly longestUnrecordedMs: number;
  };
  /** What was not as it should be; empty when all is well. */
  readonly faults: readonly string[];
}

/**
 * Kills and resumes.
 *
 * @param trials How many.
 * @param seed Decides the moments.
 * @returns What came of it.
 */
export async function killAndResume(trials: number, seed: number): Promise<KillReport> {
  const log = new CallLog();
  await log.start();
  try {
    const { text: expected, faults } = await runTrial(log, {
      name: "undisturbed",
      way: "sync",
      seed,
      kills: 0,
    });
    const reports: TrialReport[] = [];
    const left = Array.from({ length: trials }, (_, index) => index).reverse();
    const worker = async (): Promise<void> => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) {
        const way = WAYS[index % WAYS.length]!;
        reports.push(await runTrial(log, { name: `trial-${index}-${way}`, way, seed: seed * 1_000 + index }));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    return summary(reports, { seed, expected, faults });
  } finally {
    await log.stop();
  }
}

interface Undisturbed {
  readonly seed: number;
  readonly expected: string | undefined;
  readonly faults: readonly string[];
}

function summary(reports: readonly TrialReport[], { seed, expected, faults }: Undisturbed): KillReport {
  const sum = (of: (report: TrialReport) => number): number =>
    reports.reduce((total, each) => total + of(each), 0);
  const statuses: Record<string, number> = {};
  for (const status of reports.flatMap((each) => each.statuses)) {
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  const unrecorded = reports.flatMap(({ unrecordedMs }) => unrecordedMs);
  const sameText = reports.filter(({ text }) => text !== undefined && text === expected).length;
  const texts = sameText < reports.length
    ? [`${reports.length - sameText} trials ended with another text`]
    : [];
  return {
    trials: reports.length,
    seed,
    sameText,
    kills: sum(({ kills }) => kills),
    statuses,
    calls: sum(({ calls }) => calls),
    repeated: {
      unanswered: sum(({ unanswered }) => unanswered),
      unrecorded: unrecorded.length,
      longestUnrecordedMs: Math.round(Math.max(0, ...unrecorded)),
    },
    faults: [...faults, ...texts, ...reports.flatMap((each) => each.faults)],
  };
}

if (import.meta.main) {
  const trials = Number(process.argv[2] ?? 200);
  const seed = Number(process.argv[3] ?? randomInt(1_000_000));
  const startedMs = performance.now();
  const report = await killAndResume(trials, seed);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`${trials} trials in ${seconds} s\n${JSON.stringify(report, undefined, 2)}`);
  if (report.faults.length > 0) console.log(`again: deno task kill ${trials} ${seed}`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}
