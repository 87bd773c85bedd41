import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import type { OutputStream, Terminal } from "../../src/runtime/terminal.ts";

interface FakeTerminal extends Terminal {
  readonly written: { stdout: string; stderr: string };
  /** What a Ctrl-C does; `undefined` while nobody listens. */
  interrupt?: (count: number) => void;
}

function fakeTerminal(
  args: readonly string[],
  readInput: Terminal["readInput"] = () => Promise.resolve(new Uint8Array()),
  isTerminal: { stdout: boolean; stderr: boolean } = { stdout: false, stderr: false },
): FakeTerminal {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): OutputStream => ({
    isTerminal: isTerminal[name],
    columns: undefined,
    rows: undefined,
    write: (text) => Promise.resolve(void (written[name] += text)),
  });
  const terminal: FakeTerminal = {
    args,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    written,
    readInput,
    inputChunks: () => {
      throw new Error("nobody asks for it");
    },
    onInterrupt(callback) {
      terminal.interrupt = callback;
      return () => terminal.interrupt = undefined;
    },
  };
  return terminal;
}

const READS_INPUT = ["run", "-p", "-", "-m", "mock", "--no-store"];
const never = (): never => assert.fail("the program was ended at once");

test("the first Ctrl-C aborts what is waited for, and the status is 130", async () => {
  const terminal = fakeTerminal(READS_INPUT, (_maxBytes, signal) => {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const status = main(terminal, { endNow: never });
  terminal.interrupt!(1);
  assert.equal(await status, 130);
  assert.equal(terminal.written.stdout, "");
  assert.match(terminal.written.stderr, /^interrupted: ends in order/);
});

test("the second Ctrl-C ends the program at once when it does not end in order", () => {
  const terminal = fakeTerminal(READS_INPUT, () => new Promise(() => {}));
  const ended: number[] = [];
  void main(terminal, { endNow: (status) => ended.push(status) });
  terminal.interrupt!(1);
  assert.deepEqual(ended, []);
  terminal.interrupt!(2);
  assert.deepEqual(ended, [130]);
});

test("a program that was not interrupted leaves Ctrl-C as it found it", async () => {
  const terminal = fakeTerminal(READS_INPUT, () => Promise.resolve(new TextEncoder().encode("Say hello.")));
  assert.equal(await main(terminal, { endNow: never }), 0);
  assert.equal(terminal.interrupt, undefined);
  assert.match(terminal.written.stdout, /Say hello\./);
});

const STREAMS = ["run", "-p", "Write.", "-m", "mock", "--no-store", "--stream", "--no-color"];

test("a text that was shown as it came is not printed again at a terminal, and is where one stream is none", async () => {
  const run = async (stdout: boolean, stderr: boolean): Promise<FakeTerminal["written"]> => {
    const terminal = fakeTerminal(STREAMS, undefined, { stdout, stderr });
    assert.equal(await main(terminal, { endNow: never }), 0);
    return terminal.written;
  };
  const both = await run(true, true);
  const text = /^(.+)\niteration 0: mock wrote /m.exec(both.stderr)![1]!;
  assert.equal(both.stdout, "");
  for (const [stdout, stderr] of [[true, false], [false, true], [false, false]] as const) {
    const written = await run(stdout, stderr);
    assert.equal(written.stdout, `${text}\n`);
    assert.ok(written.stderr.includes(text));
  }
});
