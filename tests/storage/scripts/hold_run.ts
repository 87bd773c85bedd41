/** Begins a run of a chain and says so; its validator then blocks or waits for ever. Arguments: the file, the run, how. */
import process from "node:process";
import { Chain } from "../../../src/chain/chain.ts";
import { defineModel } from "../../../src/models/define_model.ts";
import { host, sleep } from "../../../src/operation/operation.ts";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";
import { defineValidator } from "../../../src/validators/define_validator.ts";

const [path, runId, how] = process.argv.slice(2);
const chain = new Chain({
  prompt: "Write.",
  model: defineModel("once", () => "the text of the first process"),
  storage: new SqliteStorage(path!),
  validators: [defineValidator("waiting", function* () {
    yield* host(() => console.log(process.pid));
    yield* sleep(600_000);
    return true;
  })],
});
if (how === "sync") chain.run({ runId });
else await chain._runAsync({ runId });
