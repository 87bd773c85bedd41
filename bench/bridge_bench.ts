/**
 * Sifaka's bridge to its worker against the packages for synchronous calls: a round trip of 1 KB and of 1 MB, and five waits
 * of 100 ms. The packages have one call in flight at a time; Sifaka has five.
 *
 * On Linux the process keeps to one core. With two, a round trip of 1 KB takes 8 or 80 µs, whichever core the scheduler
 * happened to give each worker, and the figures would compare its luck.
 *
 * Run it with `deno task bench:bridge`, or by hand under Bun and Node.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import makeSynchronized from "make-synchronized";
import { createSyncFn } from "synckit";
import { runSync } from "../src/drivers/sync.ts";
import { all } from "../src/operation/combinators.ts";
import { remote } from "../src/operation/operation.ts";
import { type Measure, measure, print } from "./harness.ts";

const MODULE = new URL("./echo_calls.ts", import.meta.url).href;
const echo = { module: MODULE, name: "echo" };
const wait = { module: MODULE, name: "wait" };

/** Keeps this process, and the threads that it starts from here on, to one core. */
function keepToOneCore(): boolean {
  try {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", String(process.pid)], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

interface Call {
  readonly value?: unknown;
  readonly waitMs?: number;
}

console.log(keepToOneCore() ? "On one core" : "On all cores: the ratios of 1 KB are noise");

const synckit: (call: Call) => unknown = createSyncFn(new URL("./synckit_worker.mjs", import.meta.url));
const makeSynchronizedCall = makeSynchronized(
  new URL("./make_synchronized_worker.mjs", import.meta.url),
) as unknown as (call: Call) => unknown;

const KILOBYTE = "x".repeat(1024);
const MEGABYTE = "x".repeat(1024 * 1024);

function against(measures: readonly Measure[]): (Measure & { note: string })[] {
  const [sifaka, ...others] = measures;
  const best = Math.min(...others.map(({ medianMs }) => medianMs));
  return measures.map((entry) => ({
    ...entry,
    note: entry === sifaka ? `${(entry.medianMs / best).toFixed(2)} × the better package` : "",
  }));
}

function roundTrips(value: string): Promise<Measure[]> {
  return measure({
    "sifaka": () => runSync(remote(echo, value)),
    "synckit": () => synckit({ value }),
    "make-synchronized": () => makeSynchronizedCall({ value }),
  }, value.length > 10_000 ? { rounds: 60 } : { rounds: 800, batch: 20, warmup: 300 });
}

print("A round trip of 1 KB", against(await roundTrips(KILOBYTE)));
print("A round trip of 1 MB", against(await roundTrips(MEGABYTE)));

const five = <T>(call: () => T): T[] => Array.from({ length: 5 }, call);
const waits = await measure({
  "sifaka, five in flight": () => runSync(all(five(() => remote(wait, 100)))),
  "synckit, one after another": () => five(() => synckit({ waitMs: 100 })),
  "make-synchronized, one after another": () => five(() => makeSynchronizedCall({ waitMs: 100 })),
}, { rounds: 5 });
print(
  "Five waits of 100 ms",
  waits.map((entry) => ({ ...entry, note: `${(entry.medianMs / 100).toFixed(2)} × the ideal` })),
);
