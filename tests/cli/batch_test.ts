/** `sifaka batch` as a person starts it: its inputs, its results, and what becomes of it when it is interrupted. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { callCli, type CallOptions } from "../helpers/call_cli.ts";
import { type MockProvider, type Scenario, startProvider } from "../helpers/mock_provider.ts";
import { type CliOptions, type CliOutcome, runCli } from "../helpers/run_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const PATIENT = { timeout: 120_000 };
const KEY = "sk-canary-0123456789";
let provider: MockProvider;

before(async () => void (provider = await startProvider()));
after(() => provider.stop());

interface Result {
  readonly line: number;
  readonly input: unknown;
  readonly runId?: string;
  readonly text: string | null;
  readonly valid: boolean;
  readonly error?: { readonly type: string; readonly code: string; readonly message: string };
}

/** A folder with a configuration, in which batches are run. */
class Folder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  config(scenario: Scenario = {}, more = "validators: [{ length: { minWords: 2 } }]"): void {
    const baseUrl = provider.url({ text: "A fine text.", ...scenario });
    this.write(
      "sifaka.yaml",
      `model: { provider: openai-compatible, name: m, baseUrl: "${baseUrl}", apiKeyEnv: CANARY_KEY }
prompt: Write about {{name}} for {{who}}.
variables: { who: everybody }
storage: sqlite:./runs.db
${more}
`,
    );
  }

  lines(count: number): void {
    const lines = Array.from({ length: count }, (_, index) => `${JSON.stringify({ name: `n${index}` })}\n`);
    this.write("in.jsonl", lines.join(""));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  read(name = "out.jsonl"): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  /** By line; every line has one result. */
  results(): Result[] {
    const results = this.read().trimEnd().split("\n").map((line) => JSON.parse(line) as Result);
    assert.equal(new Set(results.map(({ line }) => line)).size, results.length);
    return results.sort((a, b) => a.line - b.line);
  }

  batch(args: readonly string[] = [], options: CallOptions = {}): Promise<CliOutcome> {
    return callCli(this.#arguments(args), { ...this.#place, ...options });
  }

  /** In a process of its own. */
  batchProcess(args: readonly string[] = [], options: CliOptions = {}): Promise<CliOutcome> {
    return runCli(this.#arguments(args), { ...this.#place, ...options });
  }

  get #place(): CallOptions {
    return { cwd: this.path, env: { CANARY_KEY: KEY } };
  }

  #arguments(args: readonly string[]): string[] {
    return [
      "batch",
      ...(args[0]?.startsWith("--") ?? true ? ["in.jsonl"] : []),
      "--out",
      "out.jsonl",
      ...args,
    ];
  }
}

function inFolder(action: (folder: Folder) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (path) => {
    await provider.clear();
    const folder = new Folder(path);
    folder.config();
    await action(folder);
  });
}

const calls = async (): Promise<number> => (await provider.requests()).length;
const prompts = async (): Promise<string[]> =>
  (await provider.requests()).map(({ body }) => JSON.stringify((body as { messages: unknown }).messages))
    .sort();

test(
  "batch runs each line of JSON, says what is wrong with a line, and starts no line twice",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.write(
        "in.jsonl",
        '\ufeff{"name":"ärger"}\r\n\n{"name":["x",1],"who":7}\n{"nam":"c"}\nno json\n["x"]\n{"name":"ärger"}',
      );
      const { status, stdout, stderr } = await folder.batch();
      assert.deepEqual([status, stdout], [2, ""], stderr);
      const results = folder.results();
      assert.deepEqual(results.map(({ line, valid }) => [line, valid]), [
        [1, true],
        [3, true],
        [4, false],
        [5, false],
        [6, false],
        [7, true],
      ]);
      assert.deepEqual(results[0]!.input, { name: "ärger" });
      assert.equal(results[0]!.text, "A fine text.");
      assert.notEqual(results[0]!.runId, results[5]!.runId);
      assert.match(results[2]!.error!.message, /the variable \{\{name\}\} has no value; did you mean "nam"/);
      assert.match(results[3]!.error!.message, /it is no JSON/);
      assert.match(results[4]!.error!.message, /it is no JSON object/);
      assert.match(stderr, /6 of 6 lines: 3 valid, 0 not valid, 3 failed/);
      const asked = await prompts();
      assert.equal(asked.length, 3);
      assert.equal(
        asked.filter((text) => text.includes(JSON.stringify('["x",1] for 7.').slice(1, -1))).length,
        1,
      );
      assert.equal(asked.filter((text) => text.includes("Write about ärger for everybody.")).length, 2);
      const before = folder.read();
      const again = await folder.batch(["--json"]);
      assert.equal(again.status, 2);
      assert.equal(await calls(), 3);
      assert.equal(folder.read(), before);
      const summary = JSON.parse(again.stdout);
      assert.deepEqual([summary.lines, summary.done, summary.valid, summary.failed], [6, 6, 3, 3]);
    }),
);

test(
  "batch reads a table with quoted values and line breaks in them, and knows a row that does not fit",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.write(
        "in.csv",
        '\ufeffname,who\r\n"a ""b"", c",you\r\n"two\r\nlines",me\r\nonly one\r\n\r\nz,"open',
      );
      const { status, stderr } = await folder.batch(["in.csv"]);
      assert.equal(status, 2, stderr);
      const results = folder.results();
      assert.deepEqual(results.map(({ line, valid, input }) => [line, valid, input]), [
        [1, true, { name: 'a "b", c', who: "you" }],
        [2, true, { name: "two\r\nlines", who: "me" }],
        [3, false, '["only one"]'],
        [4, false, ""],
      ]);
      assert.match(results[2]!.error!.message, /it has 1 values, and there are 2 columns/);
      assert.match(results[3]!.error!.message, /a quote is opened and never closed/);
    }),
);

test(
  "batch keeps numbers that no double holds, and knows their lines again",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.write("in.jsonl", '{"name":9007199254740993,"who":1.10}\n');
      assert.equal((await folder.batch()).status, 0);
      assert.match(folder.read(), /"input":\{"name":9007199254740993,"who":1\.10\}/);
      assert.match((await prompts()).join(), /Write about 9007199254740993 for 1\.10\./);
      const again = await folder.batch();
      assert.equal(again.status, 0, again.stderr);
      assert.equal(await calls(), 1);
      folder.write("in.jsonl", '{"name":9007199254740992,"who":1.10}\n');
      assert.match((await folder.batch()).stderr, /line 1 was another one when its result was made/);
    }),
);

test("batch refuses a table whose columns cannot be told apart", PATIENT, () =>
  inFolder(async (folder) => {
    folder.write("in.csv", "name,name\na,b\n");
    const { status, stderr } = await folder.batch(["in.csv"]);
    assert.equal(status, 2);
    assert.match(stderr, /two are called "name"/);
  }));

test(
  "batch reads standard input, also as a table, and goes on with it",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      const first = await folder.batch(["-", "--limit", "1"], { input: '{"name":"a"}\n{"name":"b"}\n' });
      assert.equal(first.status, 0, first.stderr);
      assert.equal(folder.results().length, 1);
      const second = await folder.batch(["-", "--format", "tsv"], { input: "name\na\nb\n" });
      assert.equal(second.status, 0, second.stderr);
      assert.deepEqual(folder.results().map(({ input }) => input), [{ name: "a" }, { name: "b" }]);
      assert.equal(await calls(), 2);
      const other = await folder.batch(["-"], { input: '{"name":"z"}\n' });
      assert.equal(other.status, 2);
      assert.match(other.stderr, /other inputs than standard input: line 1 was another one/);
    }),
);

test(
  "a batch of which some text is not valid ends with 1, and says what is wrong with it",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.config(
        {},
        "validators: [{ length: { minWords: 9 } }]\noptions: { maxImprovementIterations: 0 }",
      );
      folder.lines(2);
      const { status, stderr } = await folder.batch(["--concurrency", "1"]);
      assert.equal(status, 1, stderr);
      const [result] = folder.results() as (Result & { issues: string[]; stopReason: string })[];
      assert.deepEqual([result!.text, result!.valid], ["A fine text.", false]);
      assert.match(result!.issues.join(), /^LengthValidator: .*at least 9/);
    }),
);

test(
  "lines that the model failed for end a batch with 3, keep no secret, and are tried again when asked",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.lines(3);
      folder.config({ status: 400, body: `{"error":{"message":"bad key ${KEY} in it"}}` });
      const { status, stderr } = await folder.batch();
      assert.equal(status, 3, stderr);
      const failed = folder.results();
      assert.deepEqual(failed.map(({ valid, text, error }) => [valid, text, error!.code]), [
        [false, null, "bad_request"],
        [false, null, "bad_request"],
        [false, null, "bad_request"],
      ]);
      assert.ok(!folder.read().includes(KEY) && !stderr.includes(KEY));
      assert.match(stderr, /the same command with --retry-failed/);
      folder.config();
      assert.equal((await folder.batch()).status, 3);
      assert.equal(await calls(), 3);
      const again = await folder.batch(["--retry-failed"]);
      assert.equal(again.status, 0, again.stderr);
      assert.deepEqual(
        folder.results().map(({ valid, runId }) => [valid, runId]),
        failed.map(({ runId }) => [true, runId]),
      );
      assert.equal(await calls(), 6);
      assert.deepEqual(readdirSync(folder.path).filter((name) => name.startsWith("out")), ["out.jsonl"]);
    }),
);

test(
  "a batch stops where every line would fail, and goes on by the same command when that is mended",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.lines(30);
      folder.config({ status: 401, json: { error: { message: "no such key" } } });
      const { status, stderr } = await folder.batch(["--concurrency", "2"]);
      assert.equal(status, 3);
      assert.match(stderr, /no such key/);
      assert.ok(await calls() <= 2);
      assert.equal(folder.read(), "");
      folder.config();
      assert.equal((await folder.batch()).status, 0);
      assert.equal(folder.results().length, 30);
    }),
);

test(
  "a line that failed and was mended is run, and one whose result stands may not change",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.write("in.jsonl", '{"name":"a"}\nno json\n');
      assert.equal((await folder.batch()).status, 2);
      folder.write("in.jsonl", '{"name":"a"}\n{"name":"b"}\n{"name":"c"}\n');
      assert.equal((await folder.batch()).status, 0);
      assert.deepEqual(folder.results().map(({ input }) => input), [{ name: "a" }, { name: "b" }, {
        name: "c",
      }]);
      assert.equal(await calls(), 3);
      const before = folder.read();
      folder.write("in.jsonl", '{"name":"a"}\n{"name":"B"}\n{"name":"c"}\n');
      const changed = await folder.batch();
      assert.equal(changed.status, 2);
      assert.match(changed.stderr, /other inputs than in\.jsonl: line 2 was another one/);
      folder.write("in.jsonl", '{"name":"a"}\n');
      assert.match((await folder.batch()).stderr, /it holds a result of line 2, and the last line is 1/);
      folder.write("in.jsonl", '{"name":"a"}\n{"name":"b"}\n{"name":"c"}\n');
      const other = await folder.batch(["--set", "variables.who=nobody"]);
      assert.equal(other.status, 2);
      assert.match(other.stderr, /it holds results of another configuration/);
      // How often is tried says nothing about what is asked for.
      assert.equal((await folder.batch(["--set", "options.retry={ attempts: 2 }"])).status, 0);
      assert.equal(folder.read(), before);
      assert.equal(await calls(), 3);
    }),
);

test(
  "batch adds to no file of something else, and not to its inputs",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.lines(1);
      for (const text of ["my notes", '{"a":1}\n', "x\ny\n"]) {
        folder.write("out.jsonl", text);
        const { status, stderr } = await folder.batch();
        assert.equal(status, 2);
        assert.match(stderr, /its line 1 is no result of a batch/);
        assert.equal(folder.read(), text);
      }
      assert.equal((await folder.batch(["missing.jsonl", "--out", "none.jsonl"])).status, 2);
      assert.equal(existsSync(join(folder.path, "none.jsonl")), false);
      execFileSync("mkfifo", [join(folder.path, "pipe")]);
      const pipe = await folder.batch(["--out", "pipe"]);
      assert.equal(pipe.status, 2);
      assert.match(pipe.stderr, /Cannot add results to \S*pipe as it is no plain file/);
      const same = await folder.batch(["out.jsonl"]);
      assert.equal(same.status, 2);
      assert.match(same.stderr, /cannot be one file/);
      assert.equal(await calls(), 0);
    }),
);

test(
  "batch leaves no results of a folder, and no file beside its results is touched",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder.path, "inputs"));
      const none = await folder.batch(["inputs"]);
      assert.deepEqual([none.status, none.stderr], [
        2,
        "error: Cannot read the inputs inputs as it is a folder\n",
      ]);
      assert.equal(existsSync(join(folder.path, "out.jsonl")), false);
      folder.write("in.jsonl", "no json\n");
      folder.write("out.jsonl.new", "my own");
      assert.equal((await folder.batch()).status, 2);
      assert.equal((await folder.batch(["--retry-failed"])).status, 2);
      const again = await folder.batch(["--json"]);
      assert.match(again.stderr, /^goes on with out\.jsonl/m);
      assert.equal(JSON.parse(again.stdout).out, "out.jsonl");
      assert.equal(folder.read("out.jsonl.new"), "my own");
      folder.write("out.jsonl.lock", "my own");
      const locked = await folder.batch();
      assert.equal(locked.status, 4);
      assert.match(
        locked.stderr,
        /Cannot make the lock out\.jsonl\.lock: there is something else of that name/,
      );
      assert.equal(folder.read("out.jsonl.lock"), "my own");
      const many = await folder.batch(["--concurrency", "1001"]);
      assert.deepEqual(
        [many.status, many.stderr],
        [2, 'error: --concurrency must be a whole number from 1 to 1000: it is "1001"\n'],
      );
    }),
);

test(
  "a torn last line is dropped, and its run is answered from its record",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.lines(3);
      assert.equal((await folder.batch(["--concurrency", "1"])).status, 0);
      const whole = folder.read();
      for (const cut of [1, 20, whole.trimEnd().length - whole.trimEnd().lastIndexOf("\n") - 3]) {
        truncateSync(join(folder.path, "out.jsonl"), Buffer.byteLength(whole) - cut);
        const { status, stderr } = await folder.batch();
        assert.equal(status, 0, stderr);
        assert.equal(folder.read(), whole);
      }
      assert.equal(await calls(), 3);
    }),
);

test(
  "a batch that is killed goes on: each line has one result, and no answered call is made again",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.config(
        { delayMs: 100, text: "Short." },
        "validators: [{ length: { minWords: 5 } }]\noptions: { maxImprovementIterations: 1, stopOnNoProgress: false }",
      );
      folder.lines(60);
      const args = ["--concurrency", "6", "-v"];
      for (const killAfter of [3, 17, 31]) {
        const { signal } = await folder.batchProcess(args, {
          onStderr: (text, child) =>
            text.split("after 2 texts").length > killAfter / 2 && child.kill("SIGKILL"),
        });
        assert.equal(signal, "SIGKILL");
      }
      const { status, stderr } = await folder.batch(args);
      assert.equal(status, 1, stderr);
      assert.deepEqual(
        folder.results().map(({ line }) => line),
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
      // Of each kill, at most the calls that were under way, and what was answered a moment before it.
      const made = await calls();
      assert.ok(made >= 120 && made <= 120 + 3 * 6 * 2, `${made} calls`);
    }),
);

test(
  "Ctrl-C ends a batch in order, and the same command goes on with it",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.config({ delayMs: 300 });
      folder.lines(40);
      let pressed = false;
      const { status, stderr } = await folder.batchProcess(["--concurrency", "4", "-v"], {
        onStderr: (text, child) => {
          // Deno's `child.kill` would report the signal sent in place of the status.
          if (!pressed && text.includes("line 5: valid")) pressed = process.kill(child.pid!, "SIGINT");
        },
      });
      assert.equal(status, 130, stderr);
      assert.match(stderr, /to go on where it stopped: start the same command again/);
      const done = folder.results().length;
      assert.ok(done >= 5 && done < 40, `${done} lines`);
      const again = await folder.batch();
      assert.equal(again.status, 0, again.stderr);
      assert.match(again.stderr, new RegExp(`which has ${done} of the results`));
      assert.equal(folder.results().length, 40);
      assert.ok(await calls() <= 44);
    }),
);

test(
  "a second batch on one file of results is refused while the first one runs",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.config({ hang: true });
      folder.write("in.jsonl", 'no json\n{"name":"a"}\n');
      let second: Promise<CliOutcome> | undefined;
      const first = await folder.batchProcess([], {
        onStderr: (_, child) =>
          void (second ??= folder.batchProcess().finally(() => process.kill(child.pid!, "SIGINT"))),
      });
      const { status, stderr } = await second!;
      assert.equal(status, 4, stderr);
      assert.match(stderr, /another batch is adding to it/);
      assert.equal(first.status, 130, first.stderr);
      assert.equal(folder.results().length, 1);
    }),
);

test(
  "batch takes the model of the command line, keeps no store when asked, and needs --out",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.lines(2);
      const { status, stderr } = await folder.batch(["--model", "mock", "--no-store"]);
      assert.equal(status, 0, stderr);
      assert.equal((folder.results() as (Result & { model: string })[])[0]!.model, "mock");
      assert.ok(!existsSync(join(folder.path, "runs.db")));
      const nowhere = await folder.batch(["--out", "no/out.jsonl"]);
      assert.equal(nowhere.status, 2);
      assert.match(nowhere.stderr, /there is no folder .*no$/m);
      const without = await callCli(["batch", "in.jsonl"], { cwd: folder.path, env: { CANARY_KEY: KEY } });
      assert.equal(without.status, 2);
      assert.match(without.stderr, /--out/);
    }),
);

test("a run of a batch can be resumed and replayed by itself", PATIENT, () =>
  inFolder(async (folder) => {
    folder.lines(2);
    assert.equal((await folder.batch()).status, 0);
    const [{ runId, text }] = folder.results() as [Result];
    const { status, stdout, stderr } = await callCli(["replay", runId!, "--db", "runs.db"], {
      cwd: folder.path,
      env: { CANARY_KEY: KEY },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), text);
    assert.equal(await calls(), 2);
  }));

test(
  "batch keeps a byte order mark in its results, and a link to them, when it takes one out",
  PATIENT,
  () =>
    inFolder(async (folder) => {
      folder.config();
      folder.write("in.jsonl", '{"name":"a"}\n{"name":1,"who":null}\n[]\n');
      assert.equal((await folder.batch(["--concurrency", "1"])).status, 2);
      // By a link as well, which stays one.
      folder.write("kept.jsonl", `\ufeff${folder.read()}`);
      rmSync(join(folder.path, "out.jsonl"));
      symlinkSync("kept.jsonl", join(folder.path, "out.jsonl"));
      assert.equal((await folder.batch(["--retry-failed"])).status, 2);
      assert.doesNotMatch(folder.read("kept.jsonl"), /\0/);
      assert.ok(lstatSync(join(folder.path, "out.jsonl")).isSymbolicLink());
      const again = await folder.batch();
      assert.match(again.stderr, /goes on with \S*kept\.jsonl, which has 3 of the results/);
    }),
);
