/** A run has one living owner, whatever becomes of the others. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Chain } from "../../src/chain/chain.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import type { OwnedRun, RunStore } from "../../src/storage/runs.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const PATIENT = { timeout: 60_000 };
const HOLD = fileURLToPath(new URL("./scripts/hold_run.ts", import.meta.url));

const own = (runs: RunStore, runId: string): OwnedRun => runs.own({ runId, parts: [], facts: {} });

function statuses(runs: RunStore): Record<string, string> {
  return Object.fromEntries(runs.list().map(({ runId, status }) => [runId, status]));
}

for (const how of ["sync", "async"]) {
  test(
    `a run of a living process is refused, and taken over at once when that is killed (${how})`,
    PATIENT,
    () =>
      inTemporaryDirectory(async (directory) => {
        const path = join(directory, "runs.db");
        using storage = new SqliteStorage(path);
        const child = spawn(process.execPath, [...scriptArguments(HOLD), path, "r1", how], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = new Promise((resolve) => child.on("close", resolve));
        try {
          const pid = await new Promise<number>((resolve) =>
            child.stdout.once("data", (text) => resolve(Number(text)))
          );
          const calls: string[] = [];
          const chain = new Chain({
            prompt: "Write.",
            model: defineModel("once", () => (calls.push("model"), "another text")),
            storage,
            validators: [defineValidator("waiting", () => true)],
          });
          assert.throws(
            () => chain.run({ runId: "r1" }),
            (error: Error & { code: string; metadata: { pid: number } }) => {
              assert.equal(error.code, "run_owned");
              assert.equal(error.metadata.pid, pid);
              assert.match(error.message, new RegExp(`process ${pid}`));
              return true;
            },
          );
          assert.throws(() => chain.deleteRun("r1"), { code: "run_owned" });
          assert.deepEqual(statuses(storage.runs), { r1: "running" });
          assert.equal(chain.prune({ keepLast: 0 }), 0);
          child.kill("SIGKILL");
          await ended;
          assert.deepEqual(statuses(storage.runs), { r1: "interrupted" });
          // The validator of this process does not wait as the one of the other did.
          assert.throws(() => chain.run({ runId: "r1" }), { code: "diverged" });
          assert.deepEqual(statuses(storage.runs), { r1: "interrupted" });
          const thought = chain.run({ runId: "r1", force: true });
          assert.equal(thought.text, "the text of the first process");
          assert.deepEqual(calls, []);
          assert.deepEqual(statuses(storage.runs), { r1: "finished" });
        } finally {
          child.kill("SIGKILL");
          await ended;
        }
        assert.equal(readdirSync(directory).filter((name) => name.includes("-owner-")).length, 1);
        storage.close();
        assert.deepEqual(readdirSync(directory), ["runs.db"]);
      }),
  );
}

for (
  const [kind, open] of [["memory", () => new MemoryStorage()], [
    "sqlite",
    (path: string) => new SqliteStorage(path),
  ], ["file", (path: string) => new FileStorage(path)]] as const
) {
  test(`two starts of one run in one process exclude each other (${kind})`, () =>
    inTemporaryDirectory((directory) => {
      using storage = open(join(directory, "runs.db"));
      const first = own(storage.runs, "r1");
      assert.throws(() => own(storage.runs, "r1"), { code: "run_owned" });
      assert.throws(() => storage.runs.delete("r1"), { code: "run_owned" });
      assert.equal(storage.runs.prune({ keepLast: 0 }), 0);
      first.release();
      assert.deepEqual(storage.runs.list(), []);
      const second = own(storage.runs, "r1");
      second.end({ status: "interrupted", facts: {} });
      assert.deepEqual(statuses(storage.runs), { r1: "interrupted" });
      assert.equal(own(storage.runs, "r1").before?.status, "interrupted");
    }));
}

test("two storages of one process at one file exclude each other, and closing one gives its runs free", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using one = new SqliteStorage(path);
    using other = new SqliteStorage(path);
    own(one.runs, "r1");
    assert.throws(() => own(other.runs, "r1"), { code: "run_owned" });
    one.close();
    assert.deepEqual(statuses(other.runs), { r1: "interrupted" });
    own(other.runs, "r1").end({ status: "finished", facts: {} });
  }));

test("where no lock can tell, an owner lives as long as its heartbeat is fresh", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "runs.db");
    using storage = new SqliteStorage(path);
    own(storage.runs, "r1");
    using other = new SqliteStorage(path);
    const database = new DatabaseSync(path);
    database.prepare("UPDATE owners SET has_lock = 0").run();
    assert.deepEqual(statuses(other.runs), { r1: "running" });
    database.prepare("UPDATE owners SET heartbeat_at = heartbeat_at - 61000").run();
    assert.deepEqual(statuses(other.runs), { r1: "interrupted" });
    database.close();
    own(other.runs, "r1").release();
  }));

test("an owner says that it lives while a synchronous run blocks the thread, and while an asynchronous one waits", () =>
  inTemporaryDirectory(async (directory) => {
    const { runSync } = await import("../../src/drivers/sync.ts");
    const { runAsync } = await import("../../src/drivers/async.ts");
    const { sleep } = await import("../../src/operation/operation.ts");
    using storage = new SqliteStorage(join(directory, "runs.db"));
    const owned = own(storage.runs, "r1");
    let beats = 0;
    const journal = { log: owned, heartbeatMs: 5, onHeartbeat: () => void (beats++, owned.beat()) };
    runSync(sleep(300), { journal });
    assert.ok(beats >= 2, `${beats} beats`);
    beats = 0;
    await runAsync(sleep(301), { journal: { ...journal, log: own(new MemoryStorage().runs, "r2") } });
    assert.ok(beats >= 2, `${beats} beats`);
    const after = beats;
    await new Promise((resolve) => setTimeout(resolve, 15));
    assert.equal(beats, after);
    owned.end({ status: "finished", facts: {} });
  }));
