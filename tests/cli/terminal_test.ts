/**
 * The program at a terminal, as a person sees it: from its sources under this runtime, and as the compiled program where
 * SIFAKA_TEST_BINARY names it.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ENDED, FROM_SOURCES, inTerminal, TMUX_MISSING, type TmuxTerminal } from "../helpers/tmux.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const { SIFAKA_TEST_BINARY: BINARY } = process.env;
const PROGRAMS: readonly (readonly [string, readonly string[]])[] = [
  ["the sources", FROM_SOURCES],
  ...(BINARY ? [["the binary", [BINARY]] as const] : []),
];

/** What only the live view has: its clock before the iteration. */
const VIEW = /\d s · iter/;

interface Scene {
  readonly files?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

type Act = (terminal: TmuxTerminal, write: (path: string, text: string) => void) => Promise<void>;

/** Makes a test of each program; the files stand in the working directory of its terminal. */
function scene(name: string, { files = {}, columns }: Scene, act: Act): void {
  for (const [program, command] of PROGRAMS) {
    test(
      `${name} (${program})`,
      { skip: TMUX_MISSING, timeout: 120_000 },
      () =>
        inTemporaryDirectory(async (cwd) => {
          const write = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
          for (const [path, text] of Object.entries(files)) write(path, text);
          await inTerminal({ cwd, command, columns }, (terminal) => act(terminal, write));
        }),
    );
  }
}

const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** A module of a validator that passes once there is a file `gate`. */
const gated = (name: string, atEnd = ""): string => `
import { existsSync } from "node:fs";
import { sleep } from "${source("operation/operation.ts")}";
import { defineValidator } from "${source("validators/define_validator.ts")}";
export default defineValidator("${name}", function* () {
  try {
    for (let turns = 0; turns < 3000 && !existsSync("gate"); turns++) yield* sleep(10);
    return true;
  } finally {
    ${atEnd}
  }
});
`;

const GATED = {
  "a.yaml": `
model:
  provider: mock
  response: "A sentence."
  usage: { promptTokens: 12, completionTokens: 5, costUsd: 0.002 }
prompt: Write a sentence.
validators: [{ length: { name: size, minWords: 1 } }, { module: ./first.ts }, { module: ./second.ts }]
storage: sqlite:./runs.db
`,
  "first.ts": gated("first_gate"),
  "second.ts": gated("second_gate"),
};

scene("run shows what is in flight, and leaves plain lines", { files: GATED }, async (terminal, write) => {
  terminal.type("sifaka run a.yaml; echo status $?");
  const live = await terminal.until(/· first_gate {2}· second_gate/);
  assert.match(live, /iteration 0: mock wrote 2 words[^]*\d s · iteration 0 · the validators check\n/);
  assert.match(
    live,
    /✓ size {2}· first_gate {2}· second_gate\n {2}1 model call · 12 tokens in, 5 out · \$0\.002$/,
  );
  write("gate", "");
  const ended = await terminal.until(ENDED);
  assert.doesNotMatch(ended, VIEW);
  assert.match(
    ended,
    /wrote 2 words.*\n {2}✓ size.*\n {2}✓ first_gate.*\n {2}✓ second_gate.*\nvalid at once/,
  );
  assert.match(ended, /^A sentence\.\nstatus 0$/m);
});

scene("Tab completes commands and files in bash", { files: { "notes.yaml": "" } }, async (terminal) => {
  terminal.type("PS1='$ ' exec bash --norc");
  await terminal.run("source <(sifaka completions bash)");
  const complete = async (line: string, whole: RegExp): Promise<void> => {
    terminal.clear();
    terminal.write(line);
    terminal.press("Tab");
    await terminal.until(whole);
    terminal.press("C-c");
  };
  await complete("sifaka exp", /sifaka export$/m);
  await complete("sifaka run no", /sifaka run notes\.yaml$/m);
});

scene("run shows who writes, and a dumb terminal gets lines alone", {}, async (terminal) => {
  const run = (latencyMs: number): string =>
    `sifaka run -p x --no-store --set 'model={"provider":"mock","response":"Done.","latencyMs":${latencyMs}}'`;
  terminal.type(`${run(2_000)}; echo status $?`);
  await terminal.until(/\d s · iteration 0 · mock writes\n {2}0 model calls · 0 tokens/);
  assert.doesNotMatch(await terminal.until(ENDED), VIEW);
  terminal.clear();
  // Longer than a frame of the view.
  const plain = await terminal.run(`TERM=dumb ${run(300)}`);
  assert.doesNotMatch(plain, VIEW);
  assert.match(plain, /^Done\.\nstatus 0$/m);
});

scene(
  "a narrow terminal, and one that becomes narrower and wider, are left without remains of the view",
  { files: GATED, columns: 30 },
  async (terminal, write) => {
    terminal.type("sifaka run a.yaml -v; echo status $?");
    const narrow = await terminal.until(/· first_gate {2}· second_gat…/);
    assert.equal(narrow.match(/\d s · iter/g)?.length, 1);
    terminal.resize(80);
    const wide = await terminal.until(/✓ size {2}· first_gate {2}· second_gate\n {2}1 model call/);
    assert.equal(wide.match(/\d s · iter/g)?.length, 1, wide);
    terminal.resize(26);
    const again = await terminal.until(/· first_gate {2}· second…\n {2}1 model call/);
    assert.equal(again.match(/\d s · iter/g)?.length, 1, again);
    terminal.resize(100);
    write("gate", "");
    const ended = await terminal.until(ENDED);
    assert.doesNotMatch(ended, VIEW);
    assert.doesNotMatch(ended, /1 model call · 12 tokens in, 5 out · \$0\.002$/m);
  },
);

scene(
  "Ctrl-C ends a run in order and says how to go on, which then does",
  { files: GATED, columns: 120 },
  async (terminal, write) => {
    terminal.type("sifaka run a.yaml; echo status $?");
    await terminal.until(/· first_gate/);
    terminal.press("C-c");
    const ended = await terminal.until(ENDED);
    assert.match(ended, /^interrupted: ends in order/m);
    assert.match(ended, /^status 130$/m);
    assert.doesNotMatch(ended, VIEW);
    const command = /^to go on where it stopped: (sifaka resume .*)$/m.exec(ended)?.[1];
    assert.ok(command, ended);
    terminal.clear();
    terminal.type(`${command}; echo status $?`);
    await terminal.until(/· first_gate {2}· second_gate\n {2}1 model call/);
    write("gate", "");
    const resumed = await terminal.until(ENDED);
    assert.match(resumed, /^A sentence\.\nstatus 0$/m);
    assert.doesNotMatch(resumed, VIEW);
  },
);

scene("a second Ctrl-C ends a run at once", {
  files: { ...GATED, "first.ts": gated("first_gate", "yield* sleep(60_000);") },
}, async (terminal) => {
  terminal.type("sifaka run a.yaml; echo status $?");
  await terminal.until(/· first_gate/);
  terminal.press("C-c");
  await terminal.until(/^interrupted: ends in order/m);
  terminal.press("C-c");
  const ended = await terminal.until(ENDED);
  assert.match(ended, /status 130$/m);
  assert.doesNotMatch(ended, VIEW);
});

scene(
  "run --stream shows a text once, and nothing else within it",
  { files: GATED },
  async (terminal, write) => {
    terminal.type("sifaka run a.yaml --stream; echo status $?");
    await terminal.until(/^A sentence\.\niteration 0: .*\n[^]*· first_gate/m);
    write("gate", "");
    const ended = await terminal.until(ENDED);
    assert.equal(ended.match(/A sentence\./g)?.length, 1, ended);
    assert.doesNotMatch(ended, VIEW);
  },
);

scene("batch shows its bar, and takes it away", {
  files: {
    ...GATED,
    "in.jsonl": '{"n":1}\n{"n":2}\n',
  },
}, async (terminal, write) => {
  terminal.type("sifaka batch in.jsonl --config a.yaml --out out.jsonl; echo status $?");
  await terminal.until(/░{20} 0 of 2 lines/);
  write("gate", "");
  const ended = await terminal.until(ENDED);
  assert.match(ended, /^2 of 2 lines: 2 valid, .* · results/m);
  assert.doesNotMatch(ended, /[█░]/);
});

scene("colours are for those who want them", { files: { ...GATED, gate: "" } }, async (terminal) => {
  const colored = async (line: string): Promise<boolean> => {
    terminal.clear();
    await terminal.run(line);
    return terminal.lines({ colored: true }).some((each) => each.includes("\x1b["));
  };
  assert.equal(await colored("sifaka run a.yaml"), true);
  assert.equal(await colored("NO_COLOR=1 sifaka run a.yaml"), false);
  assert.equal(await colored("sifaka run a.yaml --no-color"), false);
});
