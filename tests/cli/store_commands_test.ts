import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { Thought } from "../../src/thought/thought.ts";
import { callCli } from "../helpers/call_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const OLDER = "aaaa1111-0000-4000-8000-000000000001";
const NEWER = "aaaa2222-0000-4000-8000-000000000002";

/** Two runs: one of two iterations, the second of which is valid, and a newer one whose only text is not. */
function fill(path: string): void {
  using storage = new SqliteStorage(path);
  const store = new ThoughtStore(storage);
  const result = (passed: boolean) => ({
    validator: "LengthValidator",
    passed,
    message: passed ? "short enough" : "too long",
    issues: passed ? [] : ["has 9 words"],
  });
  const first = new Thought({
    id: "t1",
    chainId: OLDER,
    timestamp: "2026-01-01T10:00:00.000Z",
    prompt: "Describe lemurs.",
    text: "Lemurs are very, very, very many primates indeed.",
  }).withValidationResults([result(false)]);
  const second = first.nextIteration({ id: "t2", timestamp: "2026-01-01T10:00:01.000Z" })
    .withText("Lemurs are primates.").withValidationResults([result(true)]);
  const third = new Thought({
    id: "t3",
    chainId: NEWER,
    timestamp: "2026-01-02T10:00:00.000Z",
    prompt: "Describe the fossa.",
    text: "The fossa hunts.\nIt climbs \x1b[31mtrees.",
  }).withValidationResults([result(false)]);
  for (const thought of [first, second, third]) store.save(thought);
}

const withRuns = (use: (directory: string) => Promise<void>): Promise<void> =>
  inTemporaryDirectory(async (directory) => {
    fill(join(directory, "runs.db"));
    await use(directory);
  });

test("list shows the best text of each run, newest first", () =>
  withRuns(async (cwd) => {
    const { status, stdout, stderr } = await callCli(["list", "--db", "runs.db"], { cwd });
    assert.deepEqual([status, stderr], [0, ""]);
    const [newer, older] = stdout.split("\n");
    assert.match(
      newer!,
      /^aaaa2222 {2}2026-01-02 10:00Z {2}not valid {2}1 it\. {2}6 words {2}The fossa hunts\. It climbs/,
    );
    assert.match(
      older!,
      /^aaaa1111 {2}2026-01-01 10:00Z {2}valid {6}2 it\. {2}3 words {2}Lemurs are primates\.$/,
    );
  }));

test("list --limit says how many are left out, and --json prints the texts", () =>
  withRuns(async (cwd) => {
    const limited = await callCli(["list", "--db", "runs.db", "--limit", "1"], { cwd });
    assert.equal(limited.stdout.trim().split("\n").length, 1);
    assert.match(limited.stderr, /^not shown: 1 older run; --limit shows more$/m);
    const { stdout } = await callCli(["list", "--db", "runs.db", "--json"], { cwd });
    assert.deepEqual(JSON.parse(stdout)[1], {
      id: OLDER,
      timestamp: "2026-01-01T10:00:01.000Z",
      iterations: 2,
      valid: true,
      prompt: "Describe lemurs.",
      text: "Lemurs are primates.",
    });
  }));

test("show takes a beginning of an id, the whole of it, or last", () =>
  withRuns(async (cwd) => {
    for (const [id, expected] of [["aaaa1", OLDER], [OLDER, OLDER], ["last", NEWER]]) {
      const { status, stdout } = await callCli(["show", id!, "--db", "runs.db", "--json"], { cwd });
      assert.equal(status, 0);
      assert.equal(JSON.parse(stdout).id, expected);
    }
  }));

test("show prints every iteration with what was said about it", () =>
  withRuns(async (cwd) => {
    const { stdout, stderr } = await callCli(["show", "aaaa1", "--db", "runs.db"], { cwd });
    assert.equal(stderr, "");
    assert.match(
      stdout,
      new RegExp(`^run ${OLDER}\ntask Describe lemurs\\.\n\niteration 0: the given text, 8 words`),
    );
    assert.match(stdout, /^ {2}✗ LengthValidator: too long\n {6}- has 9 words$/m);
    assert.match(stdout, /^iteration 1: .*3 words, the best /m);
    assert.match(stdout, /^ {4}Lemurs are primates\.$/m);
  }));

test("show --text prints the best text alone, and show makes control characters visible", () =>
  withRuns(async (cwd) => {
    const text = await callCli(["show", "aaaa1", "--db", "runs.db", "--text"], { cwd });
    assert.equal(text.stdout, "Lemurs are primates.\n");
    const { stdout } = await callCli(["show", "last", "--db", "runs.db"], { cwd });
    assert.match(stdout, /It climbs \\x1b\[31mtrees/);
    assert.ok(!stdout.includes("\x1b"));
  }));

test("show names the runs that a beginning may mean, and what to do where it means none", () =>
  withRuns(async (cwd) => {
    const ambiguous = await callCli(["show", "aaaa", "--db", "runs.db"], { cwd });
    assert.deepEqual([ambiguous.status, ambiguous.stdout], [2, ""]);
    assert.match(
      ambiguous.stderr,
      new RegExp(`^error: "aaaa" begins the ids of 2 runs: ${NEWER}, ${OLDER}\n`),
    );
    const none = await callCli(["show", "ffff", "--db", "runs.db"], { cwd });
    assert.equal(none.status, 2);
    assert.match(none.stderr, /^error: There is no run "ffff" in runs\.db\n {2}`sifaka list` lists the runs/);
  }));

test("search finds texts by their words, marks them, and takes any query", () =>
  withRuns(async (cwd) => {
    const { status, stdout } = await callCli(["search", "hunts", "--db", "runs.db"], { cwd });
    assert.equal(status, 0);
    assert.match(stdout, /^aaaa2222 {2}iteration 0 {2}.*«hunts»/);
    const json = await callCli(["search", "primates", "--db", "runs.db", "--json"], { cwd });
    assert.deepEqual(JSON.parse(json.stdout).map((hit: { chainId: string }) => hit.chainId), [OLDER, OLDER]);
    for (const query of ['"', "a AND (", "*", "'; drop table entries"]) {
      const { status, stderr } = await callCli(["search", query, "--db", "runs.db", "-q"], { cwd });
      assert.deepEqual([status, stderr], [0, ""]);
    }
    const nothing = await callCli(["search", "zebra", "--db", "runs.db"], { cwd });
    assert.deepEqual([nothing.status, nothing.stdout, nothing.stderr], [
      0,
      "",
      "nothing in runs.db has these words\n",
    ]);
  }));

test("diff shows word by word what changed between iterations", () =>
  withRuns(async (cwd) => {
    const { status, stdout } = await callCli(["diff", "aaaa1", "--db", "runs.db"], { cwd });
    assert.equal(status, 0);
    assert.equal(
      stdout,
      "iteration 0 → 1: 3 changes\n\nLemurs are [-very, very, very many -]primates[- indeed-].\n".replace(
        "3",
        "2",
      ),
    );
    const json = await callCli(["diff", "aaaa1", "0", "1", "--json", "--db", "runs.db"], { cwd });
    const [comparison] = JSON.parse(json.stdout) as [
      { from: number; changes: { kind: string; text: string }[] },
    ];
    assert.equal(comparison.from, 0);
    const later = comparison.changes.filter(({ kind }) => kind !== "removed").map(({ text }) => text).join(
      "",
    );
    assert.equal(later, "Lemurs are primates.");
    const missing = await callCli(["diff", "aaaa1", "0", "7", "--db", "runs.db"], { cwd });
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /^error: The run has no iteration 7: it has 0 to 1/);
    const alone = await callCli(["diff", NEWER, "--db", "runs.db"], { cwd });
    assert.deepEqual([alone.status, alone.stdout], [0, ""]);
  }));

test("export writes a run a line, and Markdown in which a text cannot become markup", () =>
  withRuns(async (cwd) => {
    const { status, stdout, stderr } = await callCli(["export", "--db", "runs.db"], { cwd });
    assert.deepEqual([status, stderr], [0, "exported 2 runs of runs.db\n"]);
    const [first, second] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([first.id, first.valid, first.text], [OLDER, true, "Lemurs are primates."]);
    assert.equal(Thought.fromJSON(first.iterations[1]).text, "Lemurs are primates.");
    assert.equal(second.valid, false);
    const valid = await callCli(["export", "--valid", "-q", "--db", "runs.db"], { cwd });
    assert.equal(valid.stdout.trimEnd().split("\n").length, 1);
    const markdown = await callCli(["export", "last", "--format", "markdown", "--db", "runs.db"], { cwd });
    assert.match(markdown.stdout, /^# Run aaaa2222.*\n\n### Task\n\n```text\nDescribe the fossa\.\n```\n/);
    assert.match(markdown.stdout, /- \*\*failed\*\* LengthValidator: too long\n {2}- has 9 words\n/);
  }));

test("without --db the store is the one that the configuration here names", () =>
  withRuns(async (cwd) => {
    writeFileSync(join(cwd, "sifaka.yaml"), "storage: sqlite:./runs.db\n");
    for (const args of [["list"], ["show", OLDER], ["search", "lemurs"]]) {
      const { status, stdout } = await callCli(args, { cwd });
      assert.equal(status, 0);
      assert.match(stdout, /lemurs/i);
    }
    writeFileSync(join(cwd, "sifaka.yaml"), "storag: sqlite:./runs.db\n");
    const { status, stderr } = await callCli(["list"], { cwd });
    assert.equal(status, 2);
    assert.match(stderr, /sifaka\.yaml:1:1/);
  }));

test("a store that was named must exist, and is not made by reading", () =>
  inTemporaryDirectory(async (cwd) => {
    for (const args of [["list"], ["show", "last"], ["search", "x"]]) {
      const { status, stderr } = await callCli([...args, "--db", "none.db"], { cwd });
      assert.equal(status, 4);
      assert.match(stderr, /^error: Cannot open the store none\.db as there is no such file/);
    }
    assert.equal(existsSync(join(cwd, "none.db")), false);
  }));

test("the default store is empty until there is one", () =>
  inTemporaryDirectory(async (cwd) => {
    const env = { XDG_DATA_HOME: join(cwd, "data") };
    const list = await callCli(["list"], { cwd, env });
    assert.deepEqual([list.status, list.stdout], [0, ""]);
    assert.match(list.stderr, /^there are no runs in .*sifaka\.db\n$/);
    assert.equal((await callCli(["list", "--json"], { cwd, env })).stdout, "[]\n");
    const show = await callCli(["show", "last"], { cwd, env });
    assert.equal(show.status, 2);
    assert.match(show.stderr, /^error: There are no runs in /);
    assert.equal(existsSync(join(cwd, "data")), false);
  }));

test("an id that a person gave is shown so that it can be told from one that begins alike", () =>
  inTemporaryDirectory(async (cwd) => {
    const options = { cwd, env: { SIFAKA_DB: "runs.db" } };
    for (const id of ["nightly-1", "nightly-2"]) {
      await callCli(["run", "-p", "Say it.", "-m", "mock", "--run-id", id, "-q"], options);
    }
    const ids = async (...args: string[]): Promise<string[]> =>
      (await callCli(args, options)).stdout.trimEnd().split("\n").map((line) => line.split(" ")[0]!).sort();
    assert.deepEqual(await ids("list"), ["nightly-1", "nightly-2"]);
    assert.deepEqual(await ids("runs"), ["nightly-1", "nightly-2"]);
    assert.deepEqual(await ids("search", "say"), ["nightly-1", "nightly-2"]);
  }));
