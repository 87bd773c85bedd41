/**
 * A run of the trials' chain in which the wall clock jumps after the first text. Arguments: the store, the run, the provider's
 * base URL, `sync` or `async`, how far the clock jumps in milliseconds.
 */
import { jump } from "./jumping_clock.ts";
import process from "node:process";
import { host } from "../../../src/operation/operation.ts";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";
import { defineValidator } from "../../../src/validators/define_validator.ts";
import { trialChain } from "../trial_chain.ts";

const [path, runId, baseUrl, how, jumpMs] = process.argv.slice(2);
let jumped = false;
const jumping = defineValidator("jumping", function* () {
  yield* host(() => {
    if (!jumped) jump(Number(jumpMs));
    jumped = true;
  });
  return true;
});
using storage = new SqliteStorage(path!);
const chain = trialChain({ baseUrl: baseUrl!, storage })
  .withOptions({ timeouts: { totalMs: 30_000, generateMs: 20_000 } })
  .validateWith(jumping);
const thought = how === "sync" ? chain.run({ runId }) : await chain._runAsync({ runId });
console.log(JSON.stringify({ text: thought.text }));
