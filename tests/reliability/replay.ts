/**
 * Stored runs are replayed when the provider is gone and, under Deno, the process may not use the network at all.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run --allow-net=127.0.0.1 tests/reliability/replay.ts [RUNS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { CallLog } from "./call_log.ts";
import { live } from "./mortal_process.ts";

const SCRIPT = fileURLToPath(new URL("./scripts/many_runs.ts", import.meta.url));
const WITHOUT_NETWORK = ["--allow-read", "--allow-write", "--allow-env"];
/** How an attempt to reach the provider must end. */
const REFUSED: Readonly<Record<typeof RUNTIME, RegExp>> = {
  deno: /^NotCapable$/,
  bun: /^(Error|TypeError)$/,
  node: /^TypeError$/,
};

/** What came of it all. */
export interface ReplayReport {
  /** How many runs were made. */
  readonly runs: number;
  /** How many calls that took. */
  readonly calls: number;
  /** How many replays gave the same thought to the letter; two for each run, one for each driver. */
  readonly identical: number;
  /** How an attempt of the replaying process to reach the provider ended. */
  readonly network: string;
  /** What was not as it should be; empty when all is well. */
  readonly faults: readonly string[];
}

interface Printed {
  readonly thoughts: Readonly<Record<string, unknown>>;
  readonly network: string;
}

/**
 * Makes runs and replays them.
 *
 * @param runs How many.
 * @returns What came of it.
 */
export async function makeAndReplay(runs: number): Promise<ReplayReport> {
  const directory = mkdtempSync(join(tmpdir(), "sifaka-replay-"));
  const log = new CallLog();
  await log.start();
  const start = async (what: string, permissions?: readonly string[]): Promise<Printed> => {
    const args = [what, join(directory, "runs.db"), log.url("runs"), String(runs)];
    const { status, stdout, stderr } = await live([...scriptArguments(SCRIPT, permissions), ...args]);
    if (status !== 0) throw new Error(`the process that was to ${what} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as Printed;
  };
  try {
    const made = await start("make");
    await log.stop();
    return compare(made, await start("replay", WITHOUT_NETWORK), log.calls.length);
  } finally {
    await log.stop().catch(() => {});
    rmSync(directory, { recursive: true, force: true });
  }
}

function compare(made: Printed, replayed: Printed, calls: number): ReplayReport {
  const faults: string[] = [];
  let identical = 0;
  for (const [runId, thought] of Object.entries(made.thoughts)) {
    for (const name of [runId, `${runId}, async`]) {
      if (isDeepStrictEqual(replayed.thoughts[name], thought)) identical++;
      else faults.push(`the replay of ${name} is another thought`);
    }
  }
  const { network } = replayed;
  if (!REFUSED[RUNTIME].test(network)) faults.push(`the provider could be reached: ${network}`);
  return { runs: Object.keys(made.thoughts).length, calls, identical, network, faults };
}

if (import.meta.main) {
  const startedMs = performance.now();
  const report = await makeAndReplay(Number(process.argv[2] ?? 100));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`${seconds} s\n${JSON.stringify(report, undefined, 2)}`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}
