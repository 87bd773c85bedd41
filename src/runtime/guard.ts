/**
 * Runs regular expressions that may take forever where they can be stopped: on a worker thread of their own.
 *
 * A regular expression cannot be interrupted from the thread it runs on, so a search is sent to a worker that is given up
 * when the time is over; the next search gets a fresh one. Answers are written into shared memory: a blocked thread sleeps on
 * it, an event loop is woken by a message that says only "look again". Workers are started when first needed, kept for the
 * next search, and never keep the process alive.
 *
 * Deno does not interrupt a terminated worker while it is inside a regular expression: the thread goes on in the background
 * until the search or the process ends. So there may only be a few of those: past {@linkcode MOST_RUNAWAYS} every search
 * is refused at once, as one that ran out of time.
 *
 * @module
 */

import { TimeoutError, WorkerLostError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { builtin } from "./builtin.ts";
import { startTimer } from "./clock.ts";

/** What to look for, and how much of it to tell. */
export interface PatternSearch {
  /** The source of the regular expression. */
  readonly source: string;
  /** Its flags, without `g` and `y`. */
  readonly flags: string;
  /** The text. */
  readonly text: string;
  /** Of how many matches to tell where they stand. */
  readonly mostSpans: number;
  /** After how many matches to stop looking. */
  readonly stopAfter: number;
}

/** What was found. */
export interface PatternMatches {
  /** How many matches, at most `stopAfter`. */
  readonly count: number;
  /** Where the first of them begin and end, in UTF-16 units. */
  readonly spans: readonly (readonly [number, number])[];
}

interface GuardThread {
  postMessage(message: unknown): void;
  on(event: "message" | "error" | "exit", listener: (value: unknown) => void): unknown;
  terminate(): unknown;
  unref(): void;
}

interface Threads {
  readonly Worker: new (
    code: string,
    options: { eval: true; workerData: unknown; execArgv: string[] },
  ) => GuardThread;
}

const START_WITHIN_MS = 20_000;
const MOST_IDLE = 2;
const MOST_BUSY = 4;
/** How many searches that could not be stopped may be running in the background. */
const MOST_RUNAWAYS = 4;

/** The first words of an answer; the spans follow. */
const STATE = 0;
const COUNT = 1;
const SPANS = 2;
const WAITING = 0;
const FOUND = 1;

/** Runs in the worker, in all runtimes, so it is plain JavaScript. */
const WORKER_CODE = `
const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
parentPort.on("message", ({ source, flags, text, mostSpans, stopAfter, answer, tell }) => {
  const words = new Int32Array(answer);
  let count = 0;
  let state = ${FOUND};
  try {
    for (const match of text.matchAll(new RegExp(source, flags + "g"))) {
      if (count < mostSpans) {
        words[${SPANS} + 2 * count] = match.index;
        words[${SPANS} + 2 * count + 1] = match.index + match[0].length;
      }
      if (++count >= stopAfter) break;
    }
  } catch { state = 2; }
  words[${COUNT}] = count;
  Atomics.store(words, ${STATE}, state);
  Atomics.notify(words, ${STATE});
  if (tell) parentPort.postMessage(0);
});
const ready = new Int32Array(workerData);
Atomics.store(ready, 0, 1);
Atomics.notify(ready, 0);
parentPort.postMessage(0);
`;

/** Whether this runtime has worker threads; a browser has none that a blocked thread could use. */
export function hasGuard(): boolean {
  return builtin<Threads>("node:worker_threads")?.Worker !== undefined &&
    typeof SharedArrayBuffer === "function";
}

/**
 * Searches a text on a worker thread.
 *
 * @param search What to look for.
 * @param timeoutMs How long the search itself may take, in milliseconds; starting a worker does not count.
 * @returns An operation of what was found.
 * @throws {TimeoutError} With code `regex_timeout`, when the time is over.
 * @throws {WorkerLostError} When no worker can be started, or it dies.
 */
export function searchGuarded(search: PatternSearch, timeoutMs: number): Operation<PatternMatches> {
  return host(() => searchBlocking(search, timeoutMs), (signal) => searchWaiting(search, timeoutMs, signal));
}

/** Workers at rest, how many are at work for event loops, and who waits for one; the only state of this module. */
const idle: GuardWorker[] = [];
const waiting: (() => void)[] = [];
const runaways = new Set<Int32Array>();
let busy = 0;

function searchBlocking(search: PatternSearch, timeoutMs: number): PatternMatches {
  refuseRunaways(timeoutMs);
  const worker = takeWorker();
  worker.blockUntilReady();
  const answer = worker.send(search, false);
  Atomics.wait(answer, STATE, WAITING, timeoutMs);
  return finish(worker, answer, search, timeoutMs);
}

async function searchWaiting(
  search: PatternSearch,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PatternMatches> {
  while (busy >= MOST_BUSY) await new Promise<void>((resolve) => waiting.push(resolve));
  busy++;
  let worker: GuardWorker | undefined;
  let answer: Int32Array | undefined;
  try {
    signal.throwIfAborted();
    refuseRunaways(timeoutMs);
    worker = takeWorker();
    await worker.untilReady(signal);
    const words = answer = worker.send(search, true);
    await worker.until(() => Atomics.load(words, STATE) !== WAITING, timeoutMs, signal);
    return finish(worker, words, search, timeoutMs);
  } catch (error) {
    if (!signal.aborted && !worker?.lost) throw error;
    worker?.giveUp();
    if (answer !== undefined) noteRunaway(answer);
    throw error;
  } finally {
    busy--;
    waiting.shift()?.();
  }
}

/** Reads the answer, and keeps the worker or gives it up. */
function finish(
  worker: GuardWorker,
  answer: Int32Array,
  search: PatternSearch,
  timeoutMs: number,
): PatternMatches {
  const state = Atomics.load(answer, STATE);
  if (state === WAITING) {
    worker.giveUp();
    noteRunaway(answer);
    throw overrun(timeoutMs);
  }
  if (idle.length < MOST_IDLE) idle.push(worker);
  else worker.giveUp();
  if (state !== FOUND) throw new RangeError("The pattern needs more memory than the engine has");
  const spans: [number, number][] = [];
  const told = Math.min(answer[COUNT]!, search.mostSpans);
  for (let index = 0; index < told; index++) {
    spans.push([answer[SPANS + 2 * index]!, answer[SPANS + 2 * index + 1]!]);
  }
  return { count: answer[COUNT]!, spans };
}

function takeWorker(): GuardWorker {
  for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) if (!worker.lost) return worker;
  const threads = builtin<Threads>("node:worker_threads");
  if (threads === undefined) throw lost("there are no worker threads here");
  return new GuardWorker(threads);
}

function noteRunaway(answer: Int32Array): void {
  if ("Deno" in globalThis && Atomics.load(answer, STATE) === WAITING) runaways.add(answer);
}

function refuseRunaways(timeoutMs: number): void {
  for (const answer of runaways) if (Atomics.load(answer, STATE) !== WAITING) runaways.delete(answer);
  if (runaways.size >= MOST_RUNAWAYS) {
    throw overrun(timeoutMs, "; as many as may are still running in the background");
  }
}

function overrun(timeoutMs: number, more = ""): TimeoutError {
  return new TimeoutError(`The pattern did not finish within ${timeoutMs} ms${more}`, {
    code: "regex_timeout",
    metadata: { timeoutMs },
    suggestions: ["Rewrite the pattern so that no repetition can match the same text in several ways."],
  });
}

function lost(why: string, cause?: unknown): WorkerLostError {
  return new WorkerLostError(`Cannot check a pattern as ${why}`, { code: "worker_lost", cause });
}

/** One worker thread, used for one search at a time. */
class GuardWorker {
  /** Whether it has died or was given up. */
  lost = false;
  readonly #ready: Int32Array = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #thread: GuardThread;
  #fatal: unknown;
  #wake: (() => void) | undefined;

  constructor(threads: Threads) {
    // Without the flags of the process, which may preload modules or change how code is read.
    this.#thread = new threads.Worker(WORKER_CODE, {
      eval: true,
      workerData: this.#ready.buffer,
      execArgv: [],
    });
    this.#thread.on("message", () => this.#wake?.());
    this.#thread.on("error", (error) => this.#die(error));
    this.#thread.on("exit", () => this.#die(undefined));
    this.#thread.unref();
  }

  blockUntilReady(): void {
    Atomics.wait(this.#ready, 0, 0, START_WITHIN_MS);
    if (Atomics.load(this.#ready, 0) === 0) {
      this.giveUp();
      throw lost("its worker thread did not start");
    }
  }

  async untilReady(signal: AbortSignal): Promise<void> {
    // What is posted before the worker listens may be dropped.
    await this.until(() => Atomics.load(this.#ready, 0) === 1, START_WITHIN_MS, signal);
    if (Atomics.load(this.#ready, 0) === 0) throw lost("its worker thread did not start");
  }

  /** Sends a search; gives where the answer will stand. */
  send(search: PatternSearch, tell: boolean): Int32Array {
    const length = SPANS + 2 * search.mostSpans;
    const answer = new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
    this.#thread.postMessage({ ...search, answer: answer.buffer, tell });
    return answer;
  }

  /** Waits until something is so or the time is over. */
  until(isSo: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        stopTimer();
        signal.removeEventListener("abort", abort);
        this.#wake = undefined;
        settle();
      };
      const abort = (): void => end(() => reject(signal.reason));
      const look = (): void => {
        if (isSo()) end(resolve);
        else if (this.lost) end(() => reject(lost("its worker thread ended", this.#fatal)));
      };
      // The timer also keeps the process alive while it waits.
      const stopTimer = startTimer(timeoutMs, () => end(resolve));
      signal.addEventListener("abort", abort);
      this.#wake = look;
      if (signal.aborted) abort();
      else look();
    });
  }

  /** Ends the thread, whatever it does. */
  giveUp(): void {
    this.lost = true;
    void this.#thread.terminate();
  }

  #die(fatal: unknown): void {
    this.lost = true;
    this.#fatal ??= fatal;
    this.#wake?.();
  }
}
