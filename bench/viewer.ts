/**
 * How long the viewer takes for its pages over a large store. Prints a line for each page; with `--check` it fails where one takes longer
 * than it may.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-net=127.0.0.1 bench/viewer.ts [--check] [RUNS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { indexTermsOf } from "../src/storage/entry.ts";
import { SqliteStorage } from "../src/storage/mod.ts";
import { startViewer } from "../src/viewer/server.ts";
import { makeSampleStore } from "../tests/viewer/sample_store.ts";

const ASKED = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 100_000);
const MINUTE_MS = 60_000;
/** Every page is asked for so often, and the median counts; the first time reads the file. */
const TRIALS = 5;
const MOST_MS = 300;
/** The first look at the charts adds up all runs. */
const FIRST_CHARTS_MS = 5_000;

interface Sample {
  readonly parts: string;
  readonly facts: string;
  readonly record: string;
}

/** Makes a store whose runs are copies of those of a small one, each with a word of its own. */
async function fill(path: string, samplePath: string): Promise<void> {
  await makeSampleStore(samplePath, { runs: 30, generationMs: 2 });
  const samples = readSamples(samplePath);
  new SqliteStorage(path).close();
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = off; BEGIN");
  const addRun = database.prepare(
    "INSERT INTO runs (run_id, status, started_at, updated_at, lenient, parts, facts) VALUES (?, 'finished', ?, ?, 0, ?, ?)",
  );
  const addEntry = database.prepare("INSERT INTO entries (key) VALUES (?) RETURNING id");
  const addContent = database.prepare("INSERT INTO contents (id, value, terms) VALUES (?, ?, ?)");
  const addEffect = database.prepare(
    "INSERT INTO effects (run, seq, path, fingerprint, timing, outcome, body) VALUES (?, ?, ?, '', 'inline', 'ok', '1')",
  );
  for (let index = 0; index < ASKED; index++) {
    const { parts, facts, record } = samples[index % samples.length]!;
    const [runId, thoughtId] = [`run-${index}`, `thought-${index}`];
    const kept = JSON.parse(record) as { thought: { text: string } };
    const thought = {
      ...kept.thought,
      id: thoughtId,
      chainId: runId,
      text: `${kept.thought.text} number${index}`,
    };
    const value = { thought, history: [] };
    const { id } = addEntry.get(`thoughts/record/${thoughtId}`) as { id: number };
    addContent.run(id, JSON.stringify(value), indexTermsOf(value).join(" "));
    const startedMs = Date.now() - (ASKED - index) * MINUTE_MS;
    const own = JSON.stringify({ ...JSON.parse(facts), chainId: runId, thoughtId });
    const { lastInsertRowid } = addRun.run(runId, startedMs, startedMs + 9_000, parts, own);
    for (let seq = 1; seq <= 10; seq++) addEffect.run(lastInsertRowid, seq, `run/now:${seq}`);
  }
  database.exec("COMMIT");
  database.close();
}

function readSamples(path: string): Sample[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare(
    `SELECT parts, facts, value AS record FROM runs JOIN entries ON key = 'thoughts/record/' || json_extract(facts, '$.thoughtId')
      JOIN contents ON contents.id = entries.id`,
  ).all();
  database.close();
  return rows as unknown as Sample[];
}

const PAGES: readonly (readonly [what: string, path: string])[] = [
  ["the newest runs", ""],
  ["a page in the middle", `?after=${ASKED / 2}`],
  ["runs that are not valid", "?verdict=invalid"],
  ["runs that are unfinished (none)", "?verdict=unfinished"],
  ["a model that no run has", "?model=nosuch"],
  ["days without runs", "?from=2020-01-01&to=2020-02-01"],
  ["a search for a rare word", `results?q=number${ASKED - 1}`],
  ["a search for a word of many", "results?q=certificate"],
  ["a search for a word of all", "results?q=the"],
  ["one run", "run/run-5"],
  ["the charts, again", "charts"],
];

async function timeOf(url: string): Promise<number> {
  const startedMs = performance.now();
  const answer = await fetch(url);
  await answer.text();
  if (!answer.ok) throw new Error(`${url}: status ${answer.status}`);
  return performance.now() - startedMs;
}

const directory = mkdtempSync(join(tmpdir(), "sifaka-bench-"));
try {
  const path = join(directory, "runs.db");
  await fill(path, join(directory, "sample.db"));
  const storage = new SqliteStorage(path, { readOnly: true });
  const viewer = await startViewer({ open: () => storage, label: "runs.db" });
  const slow: string[] = [];
  const report = (what: string, durationMs: number, mostMs: number): void => {
    console.log(`${what.padEnd(34)}${durationMs.toFixed(1).padStart(9)} ms`);
    if (durationMs > mostMs) slow.push(what);
  };
  report("the charts, for the first time", await timeOf(`${viewer.url()}charts`), FIRST_CHARTS_MS);
  for (const [what, page] of PAGES) {
    const times: number[] = [];
    for (let trial = 0; trial < TRIALS; trial++) times.push(await timeOf(viewer.url() + page));
    report(what, times.sort((a, b) => a - b)[Math.floor(TRIALS / 2)]!, MOST_MS);
  }
  await viewer.close();
  storage.close();
  if (process.argv.includes("--check") && slow.length > 0) {
    console.error(`too slow: ${slow.join(", ")}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
