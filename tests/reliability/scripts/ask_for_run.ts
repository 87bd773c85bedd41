/**
 * Asks for a run, and prunes what it takes for old. Arguments: the store, the run, `clock=MS`. Prints what became of it as JSON.
 */
import "./jumping_clock.ts";
import process from "node:process";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";

const [path, runId] = process.argv.slice(2);
using storage = new SqliteStorage(path!);
const pruned = storage.runs.prune({ olderThanMs: 3_600_000 });
let taken = "taken";
try {
  const run = storage.runs.own({ runId: runId!, parts: [], facts: {} });
  run.release();
} catch (error) {
  taken = (error as { readonly code: string }).code;
}
console.log(JSON.stringify({ pruned, taken, statuses: storage.runs.list().map(({ status }) => status) }));
