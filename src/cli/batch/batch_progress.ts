/**
 * Shows how far a batch is: a bar at the foot of a terminal, a line from time to time elsewhere.
 *
 * @module
 */

import { monotonicMs, startTimer } from "../../runtime/clock.ts";
import type { Log } from "../log.ts";
import { money, plural, seconds } from "../wording.ts";
import type { ResultLine } from "./result_line.ts";
import type { Tally } from "./tally.ts";
import { shortLine } from "../wording.ts";

const LINE_MS = 10_000;
const BAR_CHARACTERS = 20;
/** The rest is in the file, and many thousands of lines may fail for one reason. */
const MOST_FAILURES_TOLD = 5;

/** Tells of a batch on its log. */
export class BatchProgress {
  readonly #log: Log;
  readonly #tally: Tally;
  readonly #total: number | undefined;
  readonly #before: number;
  readonly #startedMs = monotonicMs();
  #failuresTold = 0;
  #stop: (() => void) | undefined;
  #toldDone = 0;

  /**
   * @param log Where it is told.
   * @param tally What there is already, and what comes.
   * @param total How many lines there are, where that is known.
   */
  constructor(log: Log, tally: Tally, total: number | undefined) {
    this.#log = log;
    this.#tally = tally;
    this.#total = total;
    this.#before = tally.done;
    this.#toldDone = tally.done;
  }

  /** Begins to tell. */
  start(): void {
    if (this.#log.isAnimated) this.#log.waiting(() => `${this.#bar()}${this.#facts()}`);
    else this.#arm();
  }

  /** Tells of a result. */
  finished({ line, error, valid, stopReason, iterations = 0 }: ResultLine): void {
    if (error === undefined) {
      const verdict = valid ? "valid" : `not valid (${stopReason})`;
      this.#log.detail(`line ${line}: ${verdict} after ${plural(iterations, "text")}`);
      return;
    }
    const isTold = this.#failuresTold++ < MOST_FAILURES_TOLD;
    const tell = (text: string): void => isTold ? this.#log.notice(text) : this.#log.detail(text);
    tell(`${this.#log.paint.bad(`line ${line} failed:`)} ${shortLine(error.message)}`);
    if (this.#failuresTold === MOST_FAILURES_TOLD) {
      this.#log.notice("further failures are told with -v, and in the results");
    }
  }

  /** Ends the telling. */
  stop(): void {
    this.#stop?.();
    this.#log.waiting();
  }

  /** Tells what it came to. */
  end(out: string): void {
    this.#log.notice(
      [this.#counts(), ...this.#price(), seconds(this.durationMs), `results in ${out}`].join(" · "),
    );
  }

  /** How long it takes so far, in milliseconds. */
  get durationMs(): number {
    return monotonicMs() - this.#startedMs;
  }

  #arm(): void {
    this.#stop = startTimer(LINE_MS, () => {
      if (this.#tally.done > this.#toldDone) this.#log.notice(this.#facts());
      this.#toldDone = this.#tally.done;
      this.#arm();
    });
  }

  #bar(): string {
    if (!this.#total) return "";
    const filled = Math.floor(BAR_CHARACTERS * Math.min(1, this.#tally.done / this.#total));
    return `${"█".repeat(filled)}${"░".repeat(BAR_CHARACTERS - filled)} `;
  }

  #facts(): string {
    return [this.#counts(), ...this.#pace(), ...this.#price()].join(" · ");
  }

  #counts(): string {
    const { done, counts: { valid, invalid, failed } } = this.#tally;
    const lines = this.#total === undefined
      ? plural(done, "line")
      : `${done} of ${plural(this.#total, "line")}`;
    return `${lines}: ${valid} valid, ${invalid} not valid, ${failed} failed`;
  }

  #pace(): string[] {
    const now = this.#tally.done - this.#before;
    const { durationMs } = this;
    if (now === 0 || durationMs === 0) return [];
    const rate = now / (durationMs / 1_000);
    const pace = rate >= 1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
    if (this.#total === undefined) return [pace];
    return [pace, `${left((this.#total - this.#tally.done) / rate)} left`];
  }

  #price(): string[] {
    const { costUsd, priced, done, counts } = this.#tally;
    if (priced === 0) return [];
    return [`${priced < done - counts.failed ? "at least " : ""}${money(costUsd)}`];
  }
}

/** A time in seconds as a person estimates it. */
function left(durationS: number): string {
  const total = Math.max(0, Math.ceil(durationS));
  if (total < 60) return `${total} s`;
  const minutes = Math.ceil(total / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
