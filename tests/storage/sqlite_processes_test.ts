/** Several processes at one file, and processes that die while they write. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  script: string,
  args: readonly string[],
  permissions?: readonly string[],
): [ChildProcess, Promise<Ended>] {
  const path = fileURLToPath(new URL(`./scripts/${script}`, import.meta.url));
  const child = spawn(process.execPath, [...scriptArguments(path, permissions), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout!.on("data", (chunk) => stdout += chunk);
    child.stderr!.on("data", (chunk) => stderr += chunk);
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
  return [child, ended];
}

/** Bun ends a test after five seconds otherwise, and a slow disk needs more. */
const PATIENT = { timeout: 120_000 };

function assertWhole(path: string): void {
  const database = new DatabaseSync(path);
  assert.deepEqual(Object.values(database.prepare("PRAGMA integrity_check").get()!), ["ok"]);
  database.prepare("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)").run();
  database.close();
}

test(
  "SqliteStorage loses nothing when 8 processes write 1,000 values each into one new file",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      const writers = Array.from(
        { length: 8 },
        (_, index) => start("write_values.ts", [path, `p${index}`, "1000"])[1],
      );
      for (const { status, stderr } of await Promise.all(writers)) {
        assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      }
      using storage = new SqliteStorage(path);
      assert.equal(storage.size(), 8_000);
      for (let index = 0; index < 8; index++) {
        assert.equal(storage.keys({ prefix: `p${index}/` }).length, 1_000);
        assert.equal(storage.search(`p${index}`, { limit: 1_000 }).length, 1_000);
      }
      assertWhole(path);
    }),
);

test(
  "SqliteStorage keeps every acknowledged value when its process is killed while it writes",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      for (const [round, acknowledgements] of [1, 40, 300].entries()) {
        const [child, ended] = start("write_values.ts", [path, `r${round}`, "1000000"]);
        let lines = 0;
        child.stdout!.on("data", (chunk) => {
          lines += String(chunk).split("\n").length - 1;
          if (lines >= acknowledgements) child.kill("SIGKILL");
        });
        const { stdout, stderr } = await ended;
        assert.equal(stderr, "");
        // A line that the kill cut short was not read as an acknowledgement.
        const acknowledged = stdout.slice(0, stdout.lastIndexOf("\n") + 1).trim().split("\n").length;
        assert.ok(acknowledged >= acknowledgements);
        using storage = new SqliteStorage(path);
        for (let index = 0; index < acknowledged; index++) {
          assert.equal(
            (storage.get(`r${round}/${index}`) as { text: string }).text,
            `value ${index} of r${round}`,
          );
        }
        assert.ok(storage.size() > 0);
        assertWhole(path);
      }
    }),
);

const inDeno = { skip: RUNTIME !== "deno" && "only Deno has permissions" };

test(
  "SqliteStorage needs leave to read and write its file, and no other",
  inDeno,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "runs.db");
      const run = async (...permissions: string[]) => {
        // Deno's node:child_process grants everything when no permission is named.
        return (await start("open_storage.ts", [path], ["--allow-env=HOME", ...permissions])[1]).stdout
          .trim();
      };
      const needed = [`--allow-read=${path}`, `--allow-write=${path}`];
      assert.equal(await run(), permissionMessage(path, needed));
      assert.equal(await run(needed[1]!), permissionMessage(path, [needed[0]!]));
      assert.equal(await run(needed[0]!), permissionMessage(path, [needed[1]!]));
      assert.equal(await run(...needed), "set 1");
      assert.equal(await run(needed[0]!), permissionMessage(path, [needed[1]!]));
      const inMemory = start("open_storage.ts", [":memory:"], ["--allow-env=HOME"])[1];
      assert.equal((await inMemory).stdout.trim(), "set 1");
    }),
);

function permissionMessage(path: string, flags: readonly string[]): string {
  const needed = flags.join(" ");
  return `permission_denied: Cannot open "${path}" as Deno has not been allowed to: run again with ${needed}\n` +
    `  Add ${needed} to the command.`;
}
