/**
 * Runs the command line inside the process of the test: for what a command answers, not for what becomes of a process. A start of the
 * program takes half a second of a machine, and there are hundreds.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { main } from "../../src/cli/main.ts";
import { tooLarge } from "../../src/runtime/files.ts";
import type { OutputStream, Terminal } from "../../src/runtime/terminal.ts";
import { BARE_ENVIRONMENT, type CliOutcome } from "./run_cli.ts";

/** Where the program is called. */
export interface CallOptions {
  /** The working directory. */
  cwd?: string;
  /** Environment variables over those of `BARE_ENVIRONMENT`. */
  env?: Readonly<Record<string, string>>;
  /** Standard input. */
  input?: string;
}

/** The working directory and the environment are those of the whole process, so one call follows another. */
let lastCall: Promise<unknown> = Promise.resolve();

/** Runs the program to its end. It is told that none of its streams is a terminal. */
export function callCli(args: readonly string[], options: CallOptions = {}): Promise<CliOutcome> {
  const call = lastCall.then(() => callNow(args, options));
  lastCall = call.catch(() => {});
  return call;
}

async function callNow(
  args: readonly string[],
  { cwd = process.cwd(), env = {}, input = "" }: CallOptions,
): Promise<CliOutcome> {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): OutputStream => ({
    isTerminal: false,
    columns: undefined,
    rows: undefined,
    write: (text) => Promise.resolve(void (written[name] += text)),
  });
  const bytes = new TextEncoder().encode(input);
  const terminal: Terminal = {
    args,
    stdout: output("stdout"),
    stderr: output("stderr"),
    readInput(maxBytes) {
      return bytes.length > maxBytes
        ? Promise.reject(tooLarge("standard input", maxBytes))
        : Promise.resolve(bytes);
    },
    async *inputChunks() {
      yield bytes;
    },
    onInterrupt: () => () => {},
  };
  const [directory, environment] = [process.cwd(), { ...process.env }];
  try {
    process.chdir(cwd);
    setEnvironment({ ...BARE_ENVIRONMENT, ...env });
    const status = await main(terminal, { endNow: () => assert.fail("the program was ended at once") });
    return { status, signal: null, ...written };
  } finally {
    setEnvironment(environment);
    process.chdir(directory);
  }
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) process.env[name] = value;
}
