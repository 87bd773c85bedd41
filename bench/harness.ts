/**
 * Measures candidates against a baseline in one run, on any runtime: calls take turns, so that a machine that slows down
 * slows all of them down, and only medians and their ratios are reported.
 */

/** One thing to measure: done once per call. */
export type Candidate = () => unknown;

/** What was measured of one candidate. */
export interface Measure {
  /** Its name. */
  readonly name: string;
  /** The median of one call, in milliseconds. */
  readonly medianMs: number;
}

/**
 * Calls each candidate in turn.
 *
 * @param candidates What to measure, by name.
 * @param rounds How many turns each has.
 * @param batch How many calls one turn makes, for what is too short to time alone.
 * @param warmup How many turns each has before that, unmeasured.
 * @returns A measure for each, in the order given.
 */
export async function measure(
  candidates: Readonly<Record<string, Candidate>>,
  { rounds, batch = 1, warmup = Math.ceil(rounds / 10) }: { rounds: number; batch?: number; warmup?: number },
): Promise<Measure[]> {
  const names = Object.keys(candidates);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = -warmup; round < rounds; round++) {
    for (const name of names) {
      const startedMs = performance.now();
      for (let call = 0; call < batch; call++) {
        const pending = candidates[name]!();
        if (pending instanceof Promise) await pending;
      }
      const durationMs = (performance.now() - startedMs) / batch;
      if (round >= 0) times.get(name)!.push(durationMs);
    }
  }
  return names.map((name) => ({ name, medianMs: median(times.get(name)!) }));
}

/** The middle of the figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The runtime that runs the bench, with its version. */
export function runtimeName(): string {
  const { Deno, Bun, process } = globalThis as unknown as {
    Deno?: { version: { deno: string } };
    Bun?: { version: string };
    process: { version: string };
  };
  return Deno ? `Deno ${Deno.version.deno}` : Bun ? `Bun ${Bun.version}` : `Node ${process.version.slice(1)}`;
}

/** Prints a table: what was measured, its median, and how it compares. */
export function print(
  title: string,
  rows: readonly { name: string; medianMs: number; note: string }[],
): void {
  console.log(`\n${title} (${runtimeName()})`);
  for (const { name, medianMs, note } of rows) {
    const figure = medianMs < 1 ? `${(medianMs * 1000).toFixed(1)} µs` : `${medianMs.toFixed(1)} ms`;
    console.log(`  ${name.padEnd(44)} ${figure.padStart(10)}  ${note}`);
  }
}
