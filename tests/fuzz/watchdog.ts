/**
 * Ends a process whose thread never comes back: code under test that runs for ever blocks the timers of the test runner, too.
 */
import process from "node:process";
import { Worker } from "node:worker_threads";

/** How long one input may block the thread before the process is ended, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Which input is being tried, which has been announced as stuck, and whether to end. */
const RUN = 0;
const IDLE = -1;
const STOP = -2;

/** Runs in the worker, in all runtimes, so it is plain JavaScript. */
const WORKER_CODE = `
const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { writeSync } = process.getBuiltinModule("node:fs");
const { words, patienceMs, head, tail, pid } = workerData;
const shared = new Int32Array(words);
let seen = ${IDLE};
let sinceMs = performance.now();
for (;;) {
  Atomics.wait(shared, 1, 0, 500);
  const run = Atomics.load(shared, ${RUN});
  if (run === ${STOP}) break;
  if (run !== seen || run === ${IDLE}) {
    seen = run;
    sinceMs = performance.now();
  } else if (performance.now() - sinceMs > patienceMs) {
    writeSync(2, "\\nInput " + run + " never ends. Run it again: " + head + run + tail + "\\n");
    process.kill(pid, "SIGKILL");
  }
}
`;

const MARK = "\0";

/** Watches one fuzzer. */
export class Watchdog {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #thread: Worker;

  /** @param commandFor The command that tries one input again. */
  constructor(commandFor: (run: string) => string) {
    this.#shared[RUN] = IDLE;
    const [head, tail] = commandFor(MARK).split(MARK);
    this.#thread = new Worker(WORKER_CODE, {
      eval: true,
      workerData: { words: this.#shared.buffer, patienceMs: PATIENCE_MS, head, tail, pid: process.pid },
    });
    this.#thread.unref();
  }

  /** An input is being tried. */
  begin(run: number): void {
    Atomics.store(this.#shared, RUN, run);
  }

  /** It has been. */
  end(): void {
    Atomics.store(this.#shared, RUN, IDLE);
  }

  /** No more inputs come. */
  async stop(): Promise<void> {
    Atomics.store(this.#shared, RUN, STOP);
    Atomics.store(this.#shared, 1, 1);
    Atomics.notify(this.#shared, 1);
    await this.#thread.terminate();
  }
}
