/**
 * Runs one fuzzer: draws inputs from a seed, looks at what the code makes of each, shrinks what fails, and says how to run it
 * again.
 *
 *     SIFAKA_FUZZ_RUNS   how many inputs each fuzzer tries; a few seconds' worth unless it says
 *     SIFAKA_FUZZ_SEED   draws the same inputs again; a fresh seed unless it says
 *     SIFAKA_FUZZ_PATH   goes straight to one of them, as a failure prints it
 *
 * An input that takes longer than it may fails, too. One that never ends cannot be stopped from its own thread: a watchdog
 * thread prints the command and ends the process.
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
  /** Kinds of cases that must all occur: a fuzzer whose inputs are all refused at the door tests nothing. */
  readonly kinds?: readonly string[];
  /** Inputs to try first. */
  readonly examples?: readonly T[];
  /** How long one input may take, in milliseconds. @default 1000 */
  readonly longestMs?: number;
}

const ASKED_RUNS = numberFrom("SIFAKA_FUZZ_RUNS");
const ASKED_SEED = numberFrom("SIFAKA_FUZZ_SEED");
const ASKED_PATH = process.env.SIFAKA_FUZZ_PATH ?? "";

const LONGEST_MS = 1_000;
const LONGEST_SHRINKING_MS = 60_000;
/** A busy machine may stop a thread for a while; only what is slow every time is slow. */
const SLOW_TRIES = 3;

/** Adds the test of a fuzzer. */
export function fuzz<T>(name: string, fuzzer: Fuzzer<T>): void {
  test(name, async () => {
    const seed = ASKED_SEED ?? Math.floor(Math.random() * 2 ** 31);
    const numRuns = ASKED_RUNS ?? fuzzer.runs;
    const kinds = new Map<string, number>();
    const watchdog = new Watchdog((run) =>
      command(name, fuzzer.file, { seed, numRuns, path: ASKED_PATH || `${run}` })
    );
    const startedMs = performance.now();
    let failedAtMs: number | undefined;
    let run = 0;
    const property = fc.asyncProperty(fuzzer.inputs, async (input) => {
      if (failedAtMs === undefined) run++;
      else if (performance.now() - failedAtMs > LONGEST_SHRINKING_MS) return;
      watchdog.begin(run - 1);
      // An input that never ends can only be shown before it is tried.
      if (ASKED_PATH !== "" && run === 1) console.error(`The input: ${shown(input)}`);
      try {
        const kind = await checkInTime(fuzzer, input);
        if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      } catch (error) {
        failedAtMs ??= performance.now();
        throw error;
      } finally {
        watchdog.end();
      }
    });
    const examples = fuzzer.examples?.map((input): [T] => [input]);
    const found = await fc.check(property, { seed, numRuns, path: ASKED_PATH, examples });
    await watchdog.stop();
    if (found.failed) throw failure(name, fuzzer, { ...found, asked: numRuns });
    report(name, { seed, runs: found.numRuns, durationMs: performance.now() - startedMs, kinds });
    const missing = fuzzer.kinds?.filter((kind) => !kinds.has(kind)) ?? [];
    if (missing.length > 0 && numRuns >= fuzzer.runs && ASKED_PATH === "") {
      throw new Error(
        `No input was of the kind ${missing.join(", ")}; ${again(name, fuzzer, seed, numRuns)}`,
      );
    }
  });
}

/** Checks one input; again when it was slow, so that a pause of the machine is not taken for a slow input. */
async function checkInTime<T>(
  { check, longestMs = LONGEST_MS }: Fuzzer<T>,
  input: T,
): Promise<string | undefined> {
  let shortestMs = Infinity;
  for (let attempt = 0; attempt < SLOW_TRIES; attempt++) {
    const startedMs = performance.now();
    const kind = await check(input);
    shortestMs = Math.min(shortestMs, performance.now() - startedMs);
    if (shortestMs <= longestMs) return kind ?? undefined;
  }
  throw new Error(`It took ${Math.round(shortestMs)} ms, longer than ${longestMs} ms`);
}

interface Failure<T> {
  readonly seed: number;
  readonly asked: number;
  readonly numRuns: number;
  readonly numShrinks: number;
  readonly counterexample: [T] | null;
  readonly counterexamplePath: string | null;
  readonly errorInstance: unknown;
}

const LONGEST_INPUT = 4_000;

function shown(input: unknown): string {
  const text = fc.stringify(input);
  return text.length > LONGEST_INPUT ? `${text.slice(0, LONGEST_INPUT)}… (${text.length} characters)` : text;
}

function failure<T>(name: string, fuzzer: Fuzzer<T>, found: Failure<T>): Error {
  const { seed, asked, numRuns, numShrinks, counterexamplePath, errorInstance: cause } = found;
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new Error(
    `Input ${numRuns} (shrunk ${numShrinks} times) fails: ${message}\nThe input: ${
      shown(found.counterexample?.[0])
    }\n` +
      `Run it again: ${command(name, fuzzer.file, { seed, numRuns: asked, path: counterexamplePath ?? "" })}`,
    { cause },
  );
}

function again(
  name: string,
  { file }: Fuzzer<never> | { file: string },
  seed: number,
  numRuns: number,
): string {
  return `run it again: ${command(name, file, { seed, numRuns, path: "" })}`;
}

function command(name: string, file: string, draw: { seed: number; numRuns: number; path: string }): string {
  const script = relative(process.cwd(), fileURLToPath(file));
  const { seed, numRuns, path } = draw;
  const settings = `SIFAKA_FUZZ_SEED=${seed} SIFAKA_FUZZ_RUNS=${numRuns}${
    path === "" ? "" : ` SIFAKA_FUZZ_PATH=${path}`
  }`;
  const runner = RUNTIME === "deno"
    ? `deno test -A ${script} --filter "${name}"`
    : RUNTIME === "bun"
    ? `bun test ./${script} -t "${name}"`
    : `node --test-name-pattern "${name}" ${script}`;
  return `${settings} ${runner}`;
}

interface Report {
  readonly seed: number;
  readonly runs: number;
  readonly durationMs: number;
  readonly kinds: ReadonlyMap<string, number>;
}

/** Says what was done, where somebody asked for it. */
function report(name: string, { seed, runs, durationMs, kinds }: Report): void {
  if (ASKED_RUNS === undefined) return;
  const cases = [...kinds].sort().map(([kind, count]) => `${kind} ${count}`).join(", ");
  console.log(
    `${name}: ${runs} inputs in ${(durationMs / 1_000).toFixed(1)} s (seed ${seed}${cases && `; ${cases}`})`,
  );
}

function numberFrom(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${variable} must be a whole number: it is ${text}`);
  return value;
}
