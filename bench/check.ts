/**
 * Reads what `deno bench --json bench/validation_bench.ts` printed and fails when validation side by side is not at least
 * twice as fast as one after another on the slow groups.
 *
 *     deno bench --json … | deno run bench/check.ts
 */

/** The part of Deno's report that is used here. */
interface Report {
  benches: {
    name: string;
    group: string;
    baseline: boolean;
    results: { ok?: { avg: number } }[];
  }[];
}

const LEAST_SPEEDUP = 2;

const report: Report = JSON.parse(await new Response(Deno.stdin.readable).text());
const groups = Map.groupBy(report.benches, ({ group }) => group);
let failures = 0;
for (const [group, benches] of groups) {
  const [sequential, concurrent] = [true, false].map((baseline) =>
    benches.find((bench) => bench.baseline === baseline)?.results[0]?.ok?.avg
  );
  if (sequential === undefined || concurrent === undefined) {
    throw new Error(`The report lacks a figure of "${group}"`);
  }
  const speedup = sequential / concurrent;
  const isSlow = group.includes(" ms,");
  const enough = !isSlow || speedup >= LEAST_SPEEDUP;
  if (!enough) failures++;
  const bound = isSlow ? `, at least ${LEAST_SPEEDUP}` : "";
  console.log(
    `${group}: ${speedup.toFixed(2)} × as fast side by side${bound}${enough ? "" : "  ← too slow"}`,
  );
}
if (groups.size === 0) throw new Error("The report holds no benches");
if (failures > 0) Deno.exit(1);
