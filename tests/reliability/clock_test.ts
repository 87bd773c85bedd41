/** A wall clock that jumps, in real processes: in the middle of a run, and between a run's owner and those who ask for it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { integrityOf } from "./after_kill.ts";
import { CallLog } from "./call_log.ts";
import { live } from "./mortal_process.ts";

const PATIENT = { timeout: 120_000 };
const HOUR_MS = 3_600_000;
const JUMPS = [-HOUR_MS, 24 * HOUR_MS];
const CALLS_OF_A_RUN = 7;

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test(
  "runs in which the clock jumps end as others do, and stay in the order in which they began",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      const log = new CallLog();
      await log.start();
      try {
        const texts = new Set<unknown>();
        const names: string[] = [];
        for (const how of ["sync", "async"]) {
          for (const jumpMs of JUMPS) {
            const runId = `${how} ${jumpMs}`;
            const trial = `trial${names.push(runId)}`;
            const args = [
              script("./scripts/jumping_run.ts"),
              path,
              runId,
              log.url(trial),
              how,
              String(jumpMs),
            ];
            const startedMs = performance.now();
            const { status, stdout, stderr } = await live([...scriptArguments(args[0]!), ...args.slice(1)]);
            assert.equal(status, 0, stderr);
            assert.ok(performance.now() - startedMs < 20_000, "it took too long");
            texts.add(JSON.parse(stdout).text);
            assert.equal(log.of(trial).length, CALLS_OF_A_RUN);
          }
        }
        assert.equal(texts.size, 1);
        using storage = new SqliteStorage(path);
        assert.deepEqual(storage.runs.list().map(({ runId }) => runId), names.toReversed());
        for (const { chainId } of new ThoughtStore(storage).chains()) {
          assert.deepEqual(new ThoughtStore(storage).list(chainId).map(({ iteration }) => iteration), [
            0,
            1,
            2,
          ]);
        }
      } finally {
        await log.stop();
      }
      assert.equal(integrityOf(path), "ok");
    }),
);

test(
  "a run is not taken from its owner by a process whose clock is wrong, and taken at once from a dead one",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      const ask = async (jumpMs: number): Promise<Record<string, unknown>> => {
        const asking = [
          ...scriptArguments(script("./scripts/ask_for_run.ts")),
          path,
          "r1",
          `clock=${jumpMs}`,
        ];
        const { stdout, stderr } = await live(asking);
        assert.notEqual(stdout, "", stderr);
        return JSON.parse(stdout);
      };
      const holding = [...scriptArguments(script("../storage/scripts/hold_run.ts")), path, "r1", "sync"];
      const owner = spawn(process.execPath, holding, { stdio: ["ignore", "pipe", "inherit"] });
      const ended = new Promise((resolve) => owner.on("close", resolve));
      try {
        await new Promise((resolve) => owner.stdout.once("data", resolve));
        for (const jumpMs of JUMPS) {
          assert.deepEqual(await ask(jumpMs), { pruned: 0, taken: "run_owned", statuses: ["running"] });
        }
      } finally {
        owner.kill("SIGKILL");
        await ended;
      }
      assert.deepEqual(await ask(-HOUR_MS), { pruned: 0, taken: "taken", statuses: ["interrupted"] });
      assert.deepEqual(await ask(24 * HOUR_MS), { pruned: 1, taken: "taken", statuses: [] });
    }),
);
