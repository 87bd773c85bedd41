/** Stores that can only be read, on a disk that really refuses every write. */
import assert from "node:assert/strict";
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { Chain } from "../../src/chain/chain.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { runCli } from "../helpers/run_cli.ts";
import { withSmallDisk } from "../helpers/small_disk.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { live } from "./mortal_process.ts";

const SCRIPT = fileURLToPath(new URL("./scripts/read_store.ts", import.meta.url));
const PATIENT = { timeout: 120_000 };
const DISK_KILOBYTES = 4_096;

function makeStore(path: string): void {
  using storage = new SqliteStorage(path);
  const model = new MockModel({ response: "The indri sings." });
  new Chain({ model, prompt: "Describe the indri.", storage }).run({ runId: "r" });
}

const READING = ["--allow-read", "--allow-env"];
/** Deno lets SQLite read a store on a read-only disk with no fewer. */
const ALL = ["--allow-all"];

/** Reads a store in a process of its own. */
async function readStore(path: string, permissions = READING): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await live([...scriptArguments(SCRIPT, permissions), path, "r"]);
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

function assertReads(seen: Record<string, unknown>): void {
  const refused = (what: string): string =>
    `read_only: Cannot ${what} in "FILE" as it was opened for reading alone`;
  assert.deepEqual(seen, {
    runs: ["finished"],
    found: 1,
    replayed: "The indri sings.",
    written: ["set", "delete", "clear", "begin a run", "delete a run", "prune runs"].map(refused),
    unrecorded: "The indri sings.",
    warnings: 1,
  });
}

async function onReadOnlyDisk(
  context: TestContext,
  prepare: (directory: string) => void | Promise<void>,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const mounted = await withSmallDisk(DISK_KILOBYTES, async (disk) => {
    await prepare(disk.path);
    disk.makeReadOnly();
    assert.throws(() => writeFileSync(join(disk.path, "x"), "x"), { code: "EROFS" });
    await use(disk.path);
  });
  if (!mounted) context.skip("only root may mount a file system");
}

test(
  "a store that is opened for reading alone is read, and says of each write that it cannot be made",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const path = join(directory, "the runs #1?.db");
      makeStore(path);
      assertReads(await readStore(path));
      const missing = join(directory, "none.db");
      assert.match(String((await readStore(missing)).opened), /^missing_file: .* there is no such file/);
      assert.ok(!readdirSync(directory).includes("none.db"));
      writeFileSync(missing, "");
      assert.match(
        String((await readStore(missing)).opened),
        /^older_version: .* there is nothing in it yet/,
      );
      writeFileSync(missing, "no database at all, but long enough to look like one".repeat(20));
      assert.match(String((await readStore(missing)).opened), /^not_a_database: /);
      assert.match(String((await readStore(directory)).opened), /^is_a_directory: /);
    }),
);

test(
  "a store on a read-only disk is read, and one with an unread log is refused",
  PATIENT,
  (context) =>
    onReadOnlyDisk(context, (directory) => {
      makeStore(join(directory, "the runs #1?.db"));
      const open = join(directory, "open.db");
      using storage = new SqliteStorage(open);
      storage.set("a", 1);
      for (const end of ["", "-wal"]) copyFileSync(`${open}${end}`, join(directory, `killed.db${end}`));
    }, async (directory) => {
      const path = join(directory, "the runs #1?.db");
      assertReads(await readStore(path, ALL));
      if (RUNTIME === "deno") {
        assert.match(
          String((await readStore(path)).opened),
          /^cannot_open: .* no file can be made beside it/,
        );
      }
      const { opened } = await readStore(join(directory, "killed.db"), ALL);
      assert.match(
        String(opened),
        /^unread_log: Cannot open "FILE" as it may only be read, and FILE-wal holds changes/,
      );
    }),
);

const READING_COMMANDS = [["list"], ["show", "last"], ["search", "indri"], ["export"], ["replay", "r"]];

test("the command line reads a store on a read-only disk", PATIENT, (context) => {
  const run = (cwd: string, ...args: string[]) => runCli(args, { cwd, permissions: ALL });
  return onReadOnlyDisk(context, async (directory) => {
    writeFileSync(
      join(directory, "sifaka.yaml"),
      `model: { provider: mock, response: "The indri sings." }\nprompt: Describe the indri.\nstorage: sqlite:./runs.db\n`,
    );
    const { status, stderr } = await run(directory, "run", "--run-id", "r");
    assert.equal(status, 0, stderr);
  }, async (directory) => {
    await Promise.all(READING_COMMANDS.map(async (args) => {
      const { status, stdout, stderr } = await run(directory, ...args);
      assert.deepEqual({ args, status }, { args, status: 0 }, stderr);
      assert.match(stdout, /indri/);
    }));
    const { status, stderr } = await run(directory, "run", "--run-id", "s");
    assert.equal(status, 4, stderr);
    assert.match(stderr, /read-only|cannot be opened/);
  });
});
