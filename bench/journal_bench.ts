/**
 * What the journal costs: whole runs of one chain (a model, five validators, three improvements) with and without it, in memory
 * and in a file. Run it with `deno task bench:journal`; it takes some seconds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain, defineValidator, type Storage } from "../mod.ts";
import { MockModel } from "../src/models/mod.ts";
import { MemoryStorage, SqliteStorage } from "../src/storage/mod.ts";
import { measure, print } from "./harness.ts";

const TEXTS = [0, 1, 2, 3].map((number) =>
  `Draft ${number}. ${"It says something about lemurs. ".repeat(20)}`
);

function chainOf(storage: Storage): Chain {
  return new Chain({
    prompt: "Write about lemurs.",
    model: new MockModel({ responses: TEXTS }),
    storage,
    validators: Array.from(
      { length: 5 },
      (_, index) => defineValidator(`check ${index}`, ({ iteration }) => iteration > 2),
    ),
  });
}

/** The same storage without a place for journals. */
function withoutRuns(storage: Storage): Storage {
  return Object.create(storage, { runs: { value: undefined } });
}

const directory = mkdtempSync(join(tmpdir(), "sifaka-bench-"));
try {
  let count = 0;
  const open = (): SqliteStorage =>
    new SqliteStorage(join(directory, `${count++}.db`), { synchronous: "normal" });
  const storages: [string, () => Storage][] = [["memory", () => new MemoryStorage()], ["SQLite", open]];
  for (const [name, make] of storages) {
    const bare = chainOf(withoutRuns(make()));
    const recorded = chainOf(make());
    let run = 0;
    const measures = await measure({
      "without a journal": () => bare.run(),
      "with a journal": () => recorded.run({ runId: `run ${run++}` }),
      "replayed": () => recorded.run({ runId: "run 0" }),
    }, { rounds: 15, warmup: 2, batch: 4 });
    const [baseline] = measures;
    print(
      `A run of four texts and five validators, ${name}`,
      measures.map((entry) => ({ ...entry, note: `${(entry.medianMs / baseline!.medianMs).toFixed(2)} ×` })),
    );
  }
} finally {
  rmSync(directory, { recursive: true });
}
