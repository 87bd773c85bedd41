/**
 * Ends a process whose thread never comes back: code under test that runs for ever blocks the timers of the test runner, too.
 */
import process from "node:process";
import { Worker } from "node:worker_threads";

/** How long one input may block the thread before the process is ended, in milliseconds. */
const PATIENCE_MS = Number(process.env.SIFAKA_FUZZ_PATIENCE_MS ?? 60_000);
/** The share of that time for which the process must have been busy: where others have the processor, nothing is hung. */
const BUSY_SHARE = 0.3;

/** Which input is being tried, how many tries there have been, and whether to end. */
const RUN = 0;
const TRY = 1;
const ENDED = 2;
const IDLE = -1;

/** Runs in the worker, in all runtimes, so it is plain JavaScript. */
const WORKER_CODE = `
const { workerData } = process.getBuiltinModule("node:worker_threads");
const { writeSync } = process.getBuiltinModule("node:fs");
const { words, patienceMs, busyMs, head, tail, pid } = workerData;
const shared = new Int32Array(words);
let seen = 0;
let sinceMs = performance.now();
let used = process.cpuUsage();
const busyForMs = () => {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
};
while (Atomics.wait(shared, ${ENDED}, 0, 100) === "timed-out") {
  const run = Atomics.load(shared, ${RUN});
  const tries = Atomics.load(shared, ${TRY});
  if (run === ${IDLE} || tries !== seen) {
    seen = tries;
    sinceMs = performance.now();
    used = process.cpuUsage();
  } else if (performance.now() - sinceMs > patienceMs && busyForMs() > busyMs) {
    writeSync(2, "\\nInput " + run + " never ends. Run it again: " + (tail === undefined ? head : head + run + tail) + "\\n");
    // A test runner takes a moment to hand on what is printed.
    Atomics.wait(shared, ${ENDED}, 0, 500);
    process.kill(pid, "SIGKILL");
  }
}
`;

const MARK = "\0";

/** Watches one fuzzer. */
export class Watchdog {
  readonly #shared = new Int32Array(new SharedArrayBuffer(12));
  readonly #thread: Worker;

  /** @param commandFor The command that tries one input again. */
  constructor(commandFor: (run: string) => string) {
    this.#shared[RUN] = IDLE;
    const [head, tail] = commandFor(MARK).split(MARK);
    this.#thread = new Worker(WORKER_CODE, {
      eval: true,
      workerData: {
        words: this.#shared.buffer,
        patienceMs: PATIENCE_MS,
        busyMs: PATIENCE_MS * BUSY_SHARE,
        head,
        tail,
        pid: process.pid,
      },
    });
    this.#thread.unref();
  }

  /** An input is being tried. */
  begin(run: number): void {
    Atomics.add(this.#shared, TRY, 1);
    Atomics.store(this.#shared, RUN, run);
  }

  /** It has been. */
  end(): void {
    Atomics.store(this.#shared, RUN, IDLE);
  }

  /** No more inputs come. */
  async stop(): Promise<void> {
    Atomics.store(this.#shared, ENDED, 1);
    Atomics.notify(this.#shared, ENDED);
    await this.#thread.terminate();
  }
}
