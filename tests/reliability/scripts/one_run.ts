/** One run of the trials' chain. Arguments: the store, the run, the provider's base URL, `sync` or `async`. */
import process from "node:process";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";
import { trialChain } from "../trial_chain.ts";

const [path, runId, baseUrl, how] = process.argv.slice(2);
using storage = new SqliteStorage(path!);
const chain = trialChain({ baseUrl: baseUrl!, storage });
const thought = how === "sync" ? chain.run({ runId }) : await chain._runAsync({ runId });
console.log(JSON.stringify({ text: thought.text }));
