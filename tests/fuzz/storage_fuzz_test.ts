/** Whatever is asked of the storages, one call after another, they answer as a plain map would. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import fc from "fast-check";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { fuzz } from "./harness.ts";
import { StorageModel } from "./storage_model.ts";
import { checkPages, type Step, step, type Subject } from "./storage_steps.ts";

const directory = mkdtempSync(join(tmpdir(), "sifaka-fuzz-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const START_MS = 1_700_000_000_000;
const steps = fc.array(step, { minLength: 1, maxLength: 60, size: "max" });

function runAll(subject: Subject, list: readonly Step[]): void {
  list.forEach(({ name, run }, index) => {
    try {
      run(subject);
    } catch (error) {
      throw new Error(`call ${index + 1}, ${name}: ${(error as Error).message}`, { cause: error });
    }
  });
  checkPages(subject, 2);
}

let files = 0;

fuzz("the storages do what a map does", {
  file: import.meta.url,
  inputs: steps,
  runs: 250,
  weight: 50,
  check: (list) => {
    const path = join(directory, `${++files}.db`);
    let first = new SqliteStorage(path, { synchronous: "normal" });
    let second = new SqliteStorage(path, { synchronous: "normal" });
    const memory = new MemoryStorage();
    let isFirst = true;
    const subject: Subject = {
      model: new StorageModel(START_MS),
      storages: [memory._operations, first._operations],
      nowMs: START_MS,
      reopen: () => {
        // By turns the other connection goes on, and the first one is closed and opened again.
        isFirst = !isFirst;
        if (isFirst) {
          first.close();
          second.close();
          first = new SqliteStorage(path, { synchronous: "normal" });
          second = new SqliteStorage(path, { synchronous: "normal" });
        }
        subject.storages = [memory._operations, (isFirst ? first : second)._operations];
      },
    };
    try {
      runAll(subject, list);
    } finally {
      first.close();
      second.close();
      for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    }
  },
});

fuzz("MemoryStorage keeps what was used last", {
  file: import.meta.url,
  inputs: fc.record({ list: steps, maxEntries: fc.integer({ min: 1, max: 6 }) }),
  runs: 600,
  weight: 5,
  check: ({ list, maxEntries }) => {
    runAll({
      model: new StorageModel(START_MS, maxEntries),
      storages: [new MemoryStorage({ maxEntries })._operations],
      nowMs: START_MS,
      reopen: () => {},
    }, list);
  },
});
