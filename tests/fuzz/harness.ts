/**
 * Runs one fuzzer: draws inputs from a seed, looks at what the code makes of each, shrinks what fails, and says how to run it
 * again.
 *
 *     SIFAKA_FUZZ_RUNS   how many inputs each fuzzer tries; a few seconds' worth unless it says
 *     SIFAKA_FUZZ_SEED   draws the same inputs again; a fresh seed unless it says
 *     SIFAKA_FUZZ_PATH   goes straight to one of them, as a failure prints it
 *
 * An input that takes longer than it may fails, too. What counts is how long the processor was busy with it, at its best of
 * three tries: on a busy machine every clock runs on while the input waits for its turn. An input that waits for what never
 * comes fails after a minute. One that is never done cannot be stopped from its own thread: a watchdog thread prints the
 * command and ends the process.
 */
import process from "node:process";
import { relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { Watchdog } from "./watchdog.ts";

/** What is tried, and what must be so. */
export interface Fuzzer<T> {
  /** The file it stands in: `import.meta.url`. */
  readonly file: string;
  /** Draws an input. */
  readonly inputs: fc.Arbitrary<T>;
  /** Throws when something is wrong. What it returns says which kind of case it was. */
  readonly check: (input: T) => string | void | Promise<string | void>;
  /** How many inputs it tries in about three seconds. */
  readonly runs: number;
  /** How many inputs of other fuzzers one of these stands for, where it is costly: so many fewer are tried. @default 1 */
  readonly weight?: number;
  /** Kinds of cases that must all occur: a fuzzer whose inputs are all refused at the door tests nothing. */
  readonly kinds?: readonly string[];
  /** Inputs to try first. */
  readonly examples?: readonly T[];
  /** How long one input may take, in milliseconds. @default 1000; 5000 where no number of inputs is asked for */
  readonly longestMs?: number;
}

const ASKED_RUNS = numberFrom("SIFAKA_FUZZ_RUNS");
const ASKED_SEED = numberFrom("SIFAKA_FUZZ_SEED");
const ASKED_PATH = process.env.SIFAKA_FUZZ_PATH ?? "";

/** What nothing may take; where it is only a look in passing, on a machine of which nothing is known, it may take longer. */
const LONGEST_MS = ASKED_RUNS === undefined ? 5_000 : 1_000;
const LONGEST_SHRINKING_MS = 60_000;
/** What else the process does meanwhile, such as collecting garbage, is counted too; only what is slow every time is slow. */
const SLOW_TRIES = 3;
/** How long an input may wait without an end. A busy machine makes nothing wait that long. */
const HUNG_AFTER_MS = 60_000;

/** Adds the test of a fuzzer. */
export function fuzz<T>(name: string, fuzzer: Fuzzer<T>): void {
  test(name, async () => {
    const seed = ASKED_SEED ?? Math.floor(Math.random() * 2 ** 31);
    const { weight = 1 } = fuzzer;
    const numRuns = ASKED_RUNS === undefined ? fuzzer.runs : Math.ceil(ASKED_RUNS / weight);
    const again = (path: string): string =>
      command(name, fuzzer.file, { seed, runs: numRuns * weight, path });
    const startedMs = performance.now();
    const { kinds, found, slowestMs } = await tryInputs(fuzzer, again, {
      seed,
      numRuns,
      path: ASKED_PATH,
      examples: fuzzer.examples?.map((input): [T] => [input]),
    });
    if (found.failed) throw failure(found, again(found.counterexamplePath ?? ""));
    report(name, {
      seed,
      runs: found.numRuns,
      durationMs: performance.now() - startedMs,
      kinds,
      slowestMs,
    });
    const missing = fuzzer.kinds?.filter((kind) => !kinds.has(kind)) ?? [];
    if (missing.length > 0 && numRuns >= fuzzer.runs && ASKED_PATH === "") {
      throw new Error(`No input was of the kind ${missing.join(", ")}\nRun it again: ${again("")}`);
    }
  });
}

interface Tried<T> {
  readonly kinds: ReadonlyMap<string, number>;
  readonly found: fc.RunDetails<[T]>;
  readonly slowestMs: number;
}

async function tryInputs<T>(
  fuzzer: Fuzzer<T>,
  again: (path: string) => string,
  parameters: fc.Parameters<[T]>,
): Promise<Tried<T>> {
  const kinds = new Map<string, number>();
  const watchdog = new Watchdog((run) => again(ASKED_PATH || `${run}`));
  let failedAtMs: number | undefined;
  let run = 0;
  let slowestMs = 0;
  const property = fc.asyncProperty(fuzzer.inputs, async (input) => {
    if (failedAtMs === undefined) run++;
    else if (performance.now() - failedAtMs > LONGEST_SHRINKING_MS) return;
    watchdog.begin(run - 1);
    // An input that never ends can only be shown before it is tried.
    if (ASKED_PATH !== "" && run === 1) console.error(`The input: ${shown(input)}`);
    try {
      const { kind, busyMs } = await checkInTime(fuzzer, input);
      slowestMs = Math.max(slowestMs, busyMs);
      if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    } catch (error) {
      failedAtMs ??= performance.now();
      throw error;
    } finally {
      watchdog.end();
    }
  });
  try {
    return { kinds, found: await fc.check(property, parameters), slowestMs };
  } finally {
    await watchdog.stop();
  }
}

interface Checked {
  readonly kind: string | undefined;
  /** How long the processor was busy with it, in milliseconds. */
  readonly busyMs: number;
}

/** Checks one input; again when it was slow. */
async function checkInTime<T>(fuzzer: Fuzzer<T>, input: T): Promise<Checked> {
  const { check, longestMs = LONGEST_MS } = fuzzer;
  let busyMs = Infinity;
  for (let attempt = 0; attempt < SLOW_TRIES; attempt++) {
    const startedMs = performance.now();
    const used = process.cpuUsage();
    const result = check(input);
    const kind = result instanceof Promise ? await unlessHung(result) : result;
    const { user, system } = process.cpuUsage(used);
    // Several threads may have been busy, the clock may have run on while none was.
    busyMs = Math.min(busyMs, (user + system) / 1_000, performance.now() - startedMs);
    if (busyMs <= longestMs) return { kind: kind ?? undefined, busyMs };
  }
  throw new Error(`It took ${Math.round(busyMs)} ms, longer than ${longestMs} ms`);
}

function unlessHung<R>(result: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`It still waits after ${HUNG_AFTER_MS} ms`)),
      HUNG_AFTER_MS,
    );
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const LONGEST_INPUT = 4_000;

function shown(input: unknown): string {
  const text = textOf(input);
  return text.length > LONGEST_INPUT ? `${text.slice(0, LONGEST_INPUT)}… (${text.length} characters)` : text;
}

function textOf(input: unknown): string {
  try {
    return fc.stringify(input);
  } catch (error) {
    return `cannot be shown: ${error}`;
  }
}

function failure<T>(found: fc.RunDetails<[T]>, again: string): Error {
  const { numRuns, numShrinks, errorInstance: cause } = found;
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const lines = [
    `Input ${numRuns} (shrunk ${numShrinks} times) fails: ${message}`,
    `The input: ${shown(found.counterexample?.[0])}`,
    `Run it again: ${again}`,
  ];
  return new Error(lines.join("\n"), { cause });
}

function command(
  name: string,
  file: string,
  { seed, runs, path }: { seed: number; runs: number; path: string },
): string {
  const script = relative(process.cwd(), fileURLToPath(file));
  const settings = [`SIFAKA_FUZZ_SEED=${seed}`, `SIFAKA_FUZZ_RUNS=${runs}`];
  if (path !== "") settings.push(`SIFAKA_FUZZ_PATH=${path}`);
  const runner = RUNTIME === "deno"
    ? `deno test -A ${script} --filter "${name}"`
    : RUNTIME === "bun"
    ? `bun test ./${script} -t "${name}"`
    : `node --test-name-pattern "${name}" ${script}`;
  return `${settings.join(" ")} ${runner}`;
}

interface Report {
  readonly seed: number;
  readonly runs: number;
  readonly durationMs: number;
  readonly kinds: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

/** Says what was done, where somebody asked for it. */
function report(name: string, { seed, runs, durationMs, kinds, slowestMs }: Report): void {
  if (ASKED_RUNS === undefined) return;
  const cases = [...kinds].sort().map(([kind, count]) => `${kind} ${count}`).join(", ");
  const perSecond = Math.round(runs / (durationMs / 1_000));
  console.log(
    `${name}: ${runs} inputs in ${(durationMs / 1_000).toFixed(1)} s, ${perSecond} a second, ` +
      `the slowest ${Math.round(slowestMs)} ms (seed ${seed}${cases && `; ${cases}`})`,
  );
}

function numberFrom(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${variable} must be a whole number: it is ${text}`);
  return value;
}
