/** `sifaka view`: what it prints, serves and refuses, and how it ends. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { Chain, defineModel } from "../../mod.ts";
import { SqliteStorage } from "../../src/storage/mod.ts";
import { callCli } from "../helpers/call_cli.ts";
import { type CliOptions, type CliOutcome, runCli } from "../helpers/run_cli.ts";
import { RUNTIME } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { testWith } from "../package/tools.ts";
import { ask } from "../viewer/ask.ts";

const PATIENT = { timeout: 120_000 };

async function makeStore(path: string, ...runIds: readonly string[]): Promise<void> {
  using storage = new SqliteStorage(path);
  for (const runId of runIds) {
    const chain = new Chain({
      model: defineModel("pen", () => `Text of ${runId}.`),
      prompt: `Task of ${runId}.`,
    });
    await chain.withStorage(storage)._runAsync({ runId });
  }
}

/** Sends what Ctrl-C sends. Deno's `child.kill` would report the signal sent in place of the status. */
function interrupt({ pid }: ChildProcess): boolean {
  return process.kill(pid!, "SIGINT");
}

/** Starts the viewer, looks at its address, and ends it by Ctrl-C. */
async function viewing(
  args: readonly string[],
  look: (url: string) => Promise<void>,
  options: CliOptions = {},
): Promise<CliOutcome> {
  let looked: Promise<void> | undefined;
  const outcome = await runCli(["view", ...args], {
    ...options,
    onStdout: (text, child) => {
      if (!text.endsWith("\n")) return;
      looked ??= look(text.trim()).finally(() => interrupt(child));
    },
  });
  await looked;
  assert.ok(looked !== undefined, outcome.stderr);
  return outcome;
}

test(
  "view serves the store until Ctrl-C, and prints its address alone",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "first", "second");
      const before = readFileSync(db);
      let address = "";
      const { status, stdout, stderr } = await viewing(["--db", db], async (url) => {
        address = url;
        const { body } = await ask(url);
        assert.ok(body.includes("Text of first.") && body.includes("Text of second."));
        assert.equal((await ask(new URL("/", url).href)).status, 404);
      });
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/\n$/);
      assert.match(stderr, /Ctrl-C ends it/);
      await assert.rejects(ask(address), { code: "ECONNREFUSED" });
      assert.deepEqual(readFileSync(db), before);
    }),
);

test("view goes to the run that is named", PATIENT, () =>
  inTemporaryDirectory(async (directory) => {
    const db = join(directory, "runs.db");
    await makeStore(db, "first", "second");
    for (const [id, found] of [["fi", "first"], ["last", "second"]] as const) {
      const { status } = await viewing([id, "--db", db], async (url) => {
        assert.ok(url.endsWith(`/run/${found}`), url);
        assert.ok((await ask(url)).body.includes(`Text of ${found}.`));
      });
      assert.equal(status, 0);
    }
    const { status, stderr } = await callCli(["view", "third", "--db", db]);
    assert.equal(status, 2);
    assert.match(stderr, /There is no run "third"/);
  }));

test(
  "view takes the store of the configuration that is named",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      await makeStore(join(directory, "other.db"), "first");
      writeFileSync(
        join(directory, "other.yaml"),
        "prompt: Write.\nmodel: editor\nstorage: sqlite:./other.db\n",
      );
      const { status, stderr } = await viewing(["--config", "other.yaml"], async (url) => {
        assert.ok((await ask(url)).body.includes("Text of first."));
      }, { cwd: directory });
      assert.equal(status, 0, stderr);
    }),
);

test(
  "view shows the runs of a default store that comes to be later",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const env = { XDG_DATA_HOME: directory };
      const { status, stderr } = await viewing([], async (url) => {
        assert.ok((await ask(url)).body.includes("There are no runs so far."));
        mkdirSync(join(directory, "sifaka"));
        await makeStore(join(directory, "sifaka", "sifaka.db"), "late");
        assert.ok((await ask(url)).body.includes("Text of late."));
      }, { cwd: directory, env });
      assert.equal(status, 0, stderr);
    }),
);

test(
  "view shows the runs of a store that is removed and made anew",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "old");
      const { status, stderr } = await viewing(["--db", db], async (url) => {
        assert.ok((await ask(url)).body.includes("Text of old."));
        for (const end of ["", "-wal", "-shm"]) rmSync(db + end, { force: true });
        assert.ok((await ask(url)).body.includes("Text of old."));
        await makeStore(db, "new");
        const { body } = await ask(url);
        assert.ok(body.includes("Text of new.") && !body.includes("Text of old."));
      });
      assert.equal(status, 0, stderr);
    }),
);

test(
  "view says what is wrong with a port or a store",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "first");
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const taken = await callCli(["view", "--db", db, "--port", String(port)]);
      server.close();
      assert.equal(taken.status, 2);
      assert.match(taken.stderr, new RegExp(`port ${port} of 127\\.0\\.0\\.1 as another program uses it`));
      const missing = await callCli(["view", "--db", join(directory, "none.db")]);
      assert.equal(missing.status, 4);
      assert.match(missing.stderr, /there is no such file/);
      const high = await callCli(["view", "--port", "99999", "--db", db]);
      assert.equal(high.status, 2);
      assert.match(high.stderr, /--port must be at most 65535: it is 99999/);
    }),
);

test("view serves on the port that is asked for", PATIENT, () =>
  inTemporaryDirectory(async (directory) => {
    const db = join(directory, "runs.db");
    await makeStore(db, "first");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await viewing(["--db", db, "--port", String(port)], (url) => {
      assert.equal(new URL(url).port, String(port));
      return Promise.resolve();
    });
  }));

test(
  "view --open says so where there is no browser to start",
  PATIENT,
  () =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "first");
      const { status, stderr } = await runCli(["view", "--open", "--db", db], {
        env: { PATH: directory },
        onStderr: (text, child) => void (text.endsWith("in one\n") && interrupt(child)),
      });
      assert.equal(status, 0);
      assert.match(stderr, /no web browser could be started: open the address above in one/);
    }),
);

testWith(
  RUNTIME === "deno" ? RUNTIME : undefined,
  "only Deno asks for permissions",
  "view needs to read and to use the loopback network, and says so",
  () =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "first");
      const denied = await runCli(["view", "--db", db], { permissions: ["--allow-read"] });
      assert.equal(denied.status, 2);
      assert.match(denied.stderr, /Run Deno with --allow-net=127\.0\.0\.1\./);
      const { status } = await viewing(["--db", db], async (url) => {
        assert.ok((await ask(url)).body.includes("Text of first."));
      }, { permissions: ["--allow-read", "--allow-net=127.0.0.1"] });
      assert.equal(status, 0);
    }),
);

testWith(
  process.env.SIFAKA_TEST_BINARY || undefined,
  "SIFAKA_TEST_BINARY names no binary",
  "the single binary serves the viewer",
  (binary) =>
    inTemporaryDirectory(async (directory) => {
      const db = join(directory, "runs.db");
      await makeStore(db, "first");
      const { status, stderr } = await viewing(["--db", db], async (url) => {
        assert.ok((await ask(url)).body.includes("Text of first."));
        assert.equal((await ask(`${url}style.css`)).status, 200);
        assert.equal((await ask(`${url}charts`)).status, 200);
      }, { command: [binary] });
      assert.equal(status, 0, stderr);
    }),
);
