/** Runs the command line as a person does: as a child process under the runtime that runs the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { scriptArguments } from "./spawn_self.ts";

/** The program. */
export const CLI: string = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** What became of a run. */
export interface CliOutcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the program is started. */
export interface CliOptions {
  /** The working directory. */
  cwd?: string;
  /** Environment variables over those of `BARE_ENVIRONMENT`. */
  env?: Readonly<Record<string, string>>;
  /** Standard input. */
  input?: string;
  /** Deno's permission flags. */
  permissions?: readonly string[];
  /** Told of the child, and of all of standard error so far each time something is added. */
  onStderr?: (text: string, child: ChildProcess) => void;
  /** Told of the child, and of all of standard output so far each time something is added. */
  onStdout?: (text: string, child: ChildProcess) => void;
  /** The program and its first arguments, where it is not the sources under this runtime. */
  command?: readonly string[];
}

/** What the program sees of this machine: nothing that changes what it does. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  ["PATH", "TMPDIR", "DENO_DIR", "NODE_COMPILE_CACHE", "HOME", "SYSTEMROOT"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

const LONGEST_MS = 60_000;

/** Runs the program to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  const { cwd, env = {}, input = "", permissions, onStderr, onStdout } = options;
  const [program, ...first] = options.command ?? [process.execPath, ...scriptArguments(CLI, permissions)];
  return new Promise((resolve, reject) => {
    const child = spawn(program!, [...first, ...args], {
      cwd,
      env: { ...BARE_ENVIRONMENT, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      onStdout?.(stdout, child);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
      onStderr?.(stderr, child);
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, stdout, stderr });
    });
    // A program that ends without reading its input closes the pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
