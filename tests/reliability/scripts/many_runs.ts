/**
 * Makes or replays many runs, half of them by the synchronous driver. Arguments: `make` or `replay`, the store, the provider's
 * base URL, how many. Prints the thoughts as JSON, and, when it replays, what became of an attempt to reach the provider.
 */
import process from "node:process";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";
import type { Thought } from "../../../src/thought/thought.ts";
import { trialChain } from "../trial_chain.ts";

const [what, path, baseUrl, count] = process.argv.slice(2);
using storage = new SqliteStorage(path!);
const thoughts: Record<string, unknown> = {};

for (let index = 0; index < Number(count); index++) {
  const chain = trialChain({
    baseUrl: baseUrl!,
    storage,
    prompt: `Describe the indri, for reader ${index}.`,
  });
  const runId = `run ${index}`;
  const isSync = index % 2 === 0;
  const start = (): Thought | Promise<Thought> => isSync ? chain.run({ runId }) : chain._runAsync({ runId });
  if (what === "make") {
    thoughts[runId] = (await start()).toJSON();
    continue;
  }
  // Each under the driver that did not make it, too.
  thoughts[runId] = chain.replay(runId).toJSON();
  thoughts[`${runId}, async`] = (await chain._replayAsync(runId)).toJSON();
}

const network = what === "make"
  ? "used"
  : await fetch(baseUrl!).then(() => "reached", (error: Error) => error.name);
console.log(JSON.stringify({ thoughts, network }));
