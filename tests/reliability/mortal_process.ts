/** A child process that may be killed at a moment that its trial chooses. */
import { spawn } from "node:child_process";
import process from "node:process";

/** What became of a process. */
export interface Life {
  /** Its exit status; `null` when it was killed. */
  readonly status: number | null;
  /** When it was killed, in milliseconds of the monotonic clock; `undefined` when it ended by itself. */
  readonly killedMs: number | undefined;
  /** What it printed. */
  readonly stdout: string;
  /** What it complained about. */
  readonly stderr: string;
}

/** How a process is started. */
export interface LifeOptions {
  /** Its working directory. */
  readonly cwd?: string;
  /** Told of the process; it gets a function that kills it there and then. */
  readonly onStart?: (kill: () => void) => void;
}

/** No trial takes so long, in milliseconds, unless something hangs. */
const LONGEST_MS = 60_000;

/** Runs a process to its end, natural or not. */
export function live(args: readonly string[], { cwd, onStart }: LifeOptions = {}): Promise<Life> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    let killedMs: number | undefined;
    child.stdout.setEncoding("utf8").on("data", (chunk) => stdout += chunk);
    child.stderr.setEncoding("utf8").on("data", (chunk) => stderr += chunk);
    const kill = (): void => {
      if (killedMs !== undefined || child.exitCode !== null) return;
      if (child.kill("SIGKILL")) killedMs = performance.now();
    };
    const timer = setTimeout(() => {
      stderr += `it hung for ${LONGEST_MS} ms`;
      kill();
    }, LONGEST_MS);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, killedMs: signal === null ? undefined : killedMs, stdout, stderr });
    });
    onStart?.(kill);
  });
}
