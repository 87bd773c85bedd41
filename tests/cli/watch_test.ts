/** What `--watch` does again, when, and what it says of it. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { type CliOutcome, runCli } from "../helpers/run_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { testWith } from "../package/tools.ts";

const PATIENT = { timeout: 120_000 };
const WAITS = /watching \d+ files?; Ctrl-C ends\n/;

/** Something to do once standard error says something that it had not said at the step before. */
type Step = readonly [said: RegExp, act: (child: ChildProcess) => void];

// Deno's `child.kill` would report the signal sent in place of the status.
const interrupt = (child: ChildProcess): void => void process.kill(child.pid!, "SIGINT");

/** How the program is watched. */
interface WatchOptions {
  readonly cwd: string;
  /** The program, where it is not the sources under this runtime. */
  readonly command?: readonly string[];
}

/** Runs the program in a folder and reacts to what it says; a program that does not say it is killed in the end. */
async function watch(
  options: WatchOptions,
  args: readonly string[],
  steps: readonly Step[],
): Promise<CliOutcome> {
  let done = 0;
  let read = 0;
  const outcome = await runCli([...args, "--watch"], {
    ...options,
    onStderr: (text, child) => {
      // What was said at once may be several steps.
      for (const [said, act] of steps.slice(done)) {
        const found = said.exec(text.slice(read));
        if (!found) return;
        done++;
        read += found.index + found[0].length;
        act(child);
      }
    },
  });
  assert.equal(done, steps.length, `step ${done} never came:\n${outcome.stderr}`);
  assert.equal(outcome.signal, null, outcome.stderr);
  return outcome;
}

const says = (text: string): string => `
model: { provider: mock, responses: ["${text}"] }
prompt: Write.
`;

/** Writes files into a folder, when it is called. */
const writes = (cwd: string, files: Readonly<Record<string, string>>) => (): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
};

test(
  "run --watch runs again when the configuration changes, and prints one text after the other",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      writes(cwd, { "sifaka.yaml": says("First.") })();
      const { status, stdout, stderr } = await watch({ cwd }, ["run", "--no-store"], [
        [
          WAITS,
          writes(cwd, { "sifaka.yaml": `${says("Second.")}validators: [{ length: { minWords: 5 } }]` }),
        ],
        [/^changed: sifaka\.yaml$/m, () => {}],
        [WAITS, interrupt],
      ]);
      assert.equal(stdout, "First.\nSecond.\n");
      assert.match(stderr, /^exit status 0; watching 1 file; Ctrl-C ends$/m);
      assert.match(stderr, /^exit status 1; watching 1 file; Ctrl-C ends$/m);
      assert.equal(status, 130);
      assert.doesNotMatch(stderr, /resume/);
    }),
);

test(
  "run --watch runs again when the input, or the file of the prompt, changes",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      mkdirSync(join(cwd, "texts"));
      writes(cwd, {
        "a.yaml": "{ model: editor, input: texts/draft.md, validators: [{ length: { maxWords: 5 } }] }",
        "texts/draft.md": "One.",
        "task.txt": "Shorten it.",
      })();
      const { status, stdout, stderr } = await watch(
        { cwd },
        ["run", "a.yaml", "-p", "@task.txt", "--no-store"],
        [
          [/watching 3 files/, writes(cwd, { "texts/draft.md": "One two." })],
          [/^changed: texts.draft\.md$/m, () => {}],
          [WAITS, writes(cwd, { "task.txt": "Shorten it by much." })],
          [/^changed: task\.txt$/m, () => {}],
          [WAITS, interrupt],
        ],
      );
      assert.equal(stdout, "One.\nOne two.\nOne two.\n", stderr);
      assert.equal(status, 130);
    }),
);

const CHECKS = "validators: [{ length: { maxWords: 2 } }]";

test(
  "check --watch sees a file that is replaced by another, taken away, or behind a link",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      mkdirSync(join(cwd, "elsewhere"));
      writes(cwd, { "sifaka.yaml": CHECKS, "elsewhere/draft.md": "One." })();
      symlinkSync(join(cwd, "elsewhere", "draft.md"), join(cwd, "draft.md"));
      const replace = (): void => {
        writes(cwd, { "elsewhere/draft.md~": "One two three." })();
        renameSync(join(cwd, "elsewhere", "draft.md~"), join(cwd, "elsewhere", "draft.md"));
      };
      const { status, stdout, stderr } = await watch({ cwd }, ["check", "draft.md"], [
        [/exit status 0; watching 2 files/, replace],
        [/exit status 1; watching 2 files/, () => rmSync(join(cwd, "elsewhere", "draft.md"))],
        [
          /error: .*draft\.md.*\n[^]*exit status 2; watching 2 files/,
          writes(cwd, { "elsewhere/draft.md": "One." }),
        ],
        [/exit status 0; watching 2 files/, interrupt],
      ]);
      assert.deepEqual(stdout.match(/\b(?:pass|fail)\b/g), ["pass", "fail", "pass"], stderr);
      assert.equal(status, 130);
    }),
);

test(
  "check --watch tells where a configuration is wrong, and goes on when it is mended",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      writes(cwd, { "draft.md": "One two three." })();
      const { stdout } = await watch({ cwd }, ["check", "draft.md", "--config", "a.yaml", "--json"], [
        [
          /error: .*a\.yaml.*\n[^]*exit status 2; watching 1 file;/,
          writes(cwd, { "a.yaml": "validators:\n  - lenght" }),
        ],
        [
          /error: a\.yaml:2:5: .*lenght[^]*exit status 2; watching 1 file;/,
          writes(cwd, { "a.yaml": "validators: [" }),
        ],
        [/error: a\.yaml:1:[^]*exit status 2; watching 1 file;/, writes(cwd, { "a.yaml": CHECKS })],
        [/exit status 1; watching 2 files;/, interrupt],
      ]);
      assert.equal(JSON.parse(stdout).valid, false);
    }),
);

const VALIDATOR = `
import { limit } from "./rules/limit.ts";
let asked = 0;
export default {
  name: "mine",
  validate: () => ({ passed: false, message: \`limit \${limit}, asked \${++asked}\`, issues: [] }),
};
`;

/** Changes a module, what it imports, and what that imports, and breaks them. */
function changesModules(command?: readonly string[]): Promise<void> {
  return inTemporaryDirectory(async (cwd) => {
    mkdirSync(join(cwd, "rules"));
    const limitIs = (limit: number): string => `export const value: number = ${limit};\n`;
    writes(cwd, {
      "sifaka.yaml": "validators: [{ module: ./mine.ts }]",
      "draft.md": "One.",
      "mine.ts": VALIDATOR,
      "rules/limit.ts": 'import { value } from "./value.ts";\nexport const limit: number = value;\n',
      "rules/value.ts": limitIs(1),
    })();
    const again = /exit status 1; watching 5 files;/;
    const failed = /error: sifaka\.yaml:1:\d+: [^]*exit status 2; watching 5 files;/;
    const { status, stdout, stderr } = await watch({ cwd, command }, ["check", "draft.md"], [
      [again, writes(cwd, { "rules/value.ts": limitIs(2) })],
      [again, writes(cwd, { "mine.ts": VALIDATOR.replace("`limit", "`at most") })],
      [again, writes(cwd, { "rules/value.ts": "export const value: number = ;\n" })],
      [failed, writes(cwd, { "rules/value.ts": limitIs(3) })],
      [again, () => rmSync(join(cwd, "rules", "value.ts"))],
      [failed, writes(cwd, { "rules/value.ts": limitIs(4) })],
      [again, writes(cwd, { "draft.md": "Two." })],
      [again, interrupt],
    ]);
    const messages = ["limit 1", "limit 2", "at most 2", "at most 3", "at most 4", "at most 4"];
    assert.deepEqual(
      stdout.match(/(?:limit|at most) .*/g),
      messages.map((each) => `${each}, asked 1`),
      stderr,
    );
    assert.equal(status, 130);
  });
}

test(
  "check --watch uses modules as they are now, with what they import, broken or missing for a while",
  PATIENT,
  () => changesModules(),
);

testWith(
  process.env.SIFAKA_TEST_BINARY || undefined,
  "SIFAKA_TEST_BINARY names no binary",
  "the single binary uses modules as they are now",
  (binary) => changesModules([binary]),
);

const SLOW = `
model: { provider: mock, responses: ["Never seen."], latencyMs: 100000 }
prompt: Write.
storage: sqlite:./runs.db
`;

const WRITES = /^iteration 0: .* writes$/m;
const HINT = /^to go on where it stopped: sifaka resume [0-9a-f]{8} --db runs\.db$/m;

/** What became of the runs of a folder's store. */
async function statuses(cwd: string): Promise<readonly string[]> {
  const { stdout, stderr } = await callCli(["runs", "--db", "runs.db", "--json"], { cwd });
  assert.notEqual(stdout, "", stderr);
  return (JSON.parse(stdout) as { status: string }[]).map(({ status }) => status).sort();
}

test(
  "a change while a run is under way ends it in order, and it can be resumed",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      writes(cwd, { "sifaka.yaml": SLOW })();
      const { status, stdout, stderr } = await watch({ cwd }, ["run", "-v"], [
        [WRITES, writes(cwd, { "sifaka.yaml": `${says("Quick.")}storage: sqlite:./runs.db` })],
        [/^changed: sifaka\.yaml; the run under way ends and begins anew$/m, () => {}],
        [HINT, () => {}],
        [/exit status 0; watching 1 file/, interrupt],
      ]);
      assert.equal(stdout, "Quick.\n", stderr);
      assert.equal(status, 130);
      assert.doesNotMatch(stderr, /error/);
      assert.deepEqual(await statuses(cwd), ["finished", "interrupted"]);
    }),
);

test(
  "Ctrl-C while a run is under way says how to go on, as it does without --watch",
  PATIENT,
  () =>
    inTemporaryDirectory(async (cwd) => {
      writes(cwd, { "sifaka.yaml": SLOW })();
      const { status, stdout, stderr } = await watch({ cwd }, ["run", "-v"], [[WRITES, interrupt], [
        HINT,
        () => {},
      ]]);
      assert.deepEqual([status, stdout], [130, ""], stderr);
      assert.deepEqual(await statuses(cwd), ["interrupted"]);
    }),
);

const REFUSED: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  "a prompt from standard input": [["run", "a.yaml", "-p", "-"], /--watch cannot watch standard input/],
  "an input from standard input": [["run", "a.yaml", "-i", "-"], /--watch cannot watch standard input/],
  "a check of standard input": [["check", "-"], /--watch cannot watch standard input/],
  "a run that has a name": [["run", "a.yaml", "--run-id", "monday"], /--watch starts a new run .* --run-id/],
  "nothing to watch": [["run", "-p", "Write."], /--watch has no file to watch/],
  "no configuration at all": [["run"], /There is nothing to write/],
};

for (const [what, [args, message]] of Object.entries(REFUSED)) {
  test(`--watch refuses ${what}`, PATIENT, () =>
    inTemporaryDirectory(async (cwd) => {
      const { status, stdout, stderr } = await callCli([...args, "--watch"], { cwd });
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, message);
    }));
}
