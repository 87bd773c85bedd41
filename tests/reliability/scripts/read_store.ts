/** Reads a store that may only be read, and tries to write. Arguments: the file, a run in it. Prints what came of it as JSON. */
import process from "node:process";
import { MockModel } from "../../../src/models/mock_model.ts";
import { Chain } from "../../../src/chain/chain.ts";
import { SqliteStorage } from "../../../src/storage/sqlite_storage.ts";
import { ThoughtStore } from "../../../src/storage/thought_store.ts";

const [path, runId] = process.argv.slice(2);

function codeOf(action: () => unknown): string {
  try {
    action();
    return "done";
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return `${code}: ${message.replaceAll(path!, "FILE")}`;
  }
}

const opened = codeOf(() => {
  using storage = new SqliteStorage(path!, { readOnly: true });
  const model = new MockModel({ response: "The indri sings." });
  const chain = new Chain({ model, prompt: "Describe the indri.", storage });
  console.log(JSON.stringify({
    runs: storage.runs.list().map(({ status }) => status),
    found: new ThoughtStore(storage).search("indri").length,
    replayed: chain.replay(runId!).text,
    written: [
      () => storage.set("a", 1),
      () => storage.delete("a"),
      () => storage.clear(),
      () => chain.run({ runId: "another" }),
      () => chain.deleteRun(runId!),
      () => chain.prune({ keepLast: 0 }),
    ].map(codeOf),
    unrecorded: chain.run().text,
    warnings: chain.runDetailed().warnings.length,
  }));
});
if (opened !== "done") console.log(JSON.stringify({ opened }));
