/** The programs that the tests of the package as a whole need, where they are to be found. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { RUNTIME } from "../helpers/spawn_self.ts";

/** The project's directory. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** The runtimes: the one that runs the tests, and those that SIFAKA_TEST_DENO, SIFAKA_TEST_BUN and SIFAKA_TEST_NODE name. */
export const RUNTIMES: Readonly<Record<"deno" | "bun" | "node", string | undefined>> = {
  deno: process.env.SIFAKA_TEST_DENO || (RUNTIME === "deno" ? process.execPath : undefined),
  bun: process.env.SIFAKA_TEST_BUN || (RUNTIME === "bun" ? process.execPath : undefined),
  node: process.env.SIFAKA_TEST_NODE || (RUNTIME === "node" ? process.execPath : undefined),
};

/** Debian's Chromium, or the one that SIFAKA_TEST_CHROMIUM names. */
export const CHROMIUM: string | undefined = [process.env.SIFAKA_TEST_CHROMIUM, "/usr/bin/chromium"]
  .find((path) => path && existsSync(path));

/** How Chromium is started so that it keeps to itself. */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What became of a program. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is started. */
export interface ProgramOptions {
  /** The working directory. */
  readonly cwd?: string;
  /** Environment variables beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

const LONGEST_MS = 120_000;
const PLAIN = { NO_COLOR: "1" };

/** Runs a program to its end, and blocks meanwhile. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...PLAIN, ...options.env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    timeout: LONGEST_MS,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Runs a program to its end while this thread goes on, for example to serve what the program asks for. */
export function runBeside(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...PLAIN, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => stdout += chunk);
    child.stderr.setEncoding("utf8").on("data", (chunk) => stderr += chunk);
    const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    });
  });
}

/** Adds a test that needs something from outside; where it is missing, the test is skipped and says why. */
export function testWith<T>(
  what: T | undefined,
  missing: string,
  name: string,
  body: (what: T) => void | Promise<void>,
): void {
  if (what !== undefined) return void test(name, () => body(what));
  console.error(`skips "${name}": ${missing}`);
  test.skip(name, () => {});
}
