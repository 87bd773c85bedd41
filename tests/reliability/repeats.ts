/**
 * Which calls came twice, and whether they had to.
 *
 * A call may come again when its answer was not on disk at the kill: because it had not gone out, or because it had and the
 * process died before it could write it down. For the second the store is asked, and the server's log alone gives a bound that
 * needs no store: once a call of the next step has come, everything before it was recorded.
 */
import type { LoggedCall } from "./call_log.ts";
import type { StoreState } from "./after_kill.ts";

/** The calls of one process of a trial. */
export interface CallsOfLife {
  /** What came while it lived. */
  readonly calls: readonly LoggedCall[];
  /** When it was killed; `Infinity` when it ended by itself. */
  readonly killedMs: number;
  /** What the store held at its end. */
  readonly store: StoreState;
}

/** What was found. */
export interface Repeats {
  /** How many calls came again whose answer had not gone out when the process was killed. */
  readonly unanswered: number;
  /** For each call that came again though its answer had gone out: how long before the kill, in milliseconds. */
  readonly unrecordedMs: readonly number[];
  /** Calls that must not have come again. */
  readonly faults: readonly string[];
}

/** Compares the calls of each process with those of all that came after it. */
export function findRepeats(lives: readonly CallsOfLife[]): Repeats {
  let unanswered = 0;
  const unrecordedMs: number[] = [];
  const faults: string[] = [];
  lives.forEach((life, index) => {
    const tokens = life.calls.map(({ token }) => token);
    if (new Set(tokens).size < tokens.length) faults.push("one process asked the same twice");
    const later = new Set(lives.slice(index + 1).flatMap(({ calls }) => calls.map(({ token }) => token)));
    for (const call of life.calls.filter(({ token }) => later.has(token))) {
      if (life.store.isRecorded(call.token)) faults.push(`${call.token} was recorded and came again`);
      if (wasFollowed(call, life.calls)) faults.push(`${call.token} had led to another step and came again`);
      const aheadMs = life.killedMs - (call.answeredMs ?? Infinity);
      if (aheadMs > 0) unrecordedMs.push(aheadMs);
      else unanswered++;
    }
  });
  return { unanswered, unrecordedMs, faults };
}

function wasFollowed(call: LoggedCall, calls: readonly LoggedCall[]): boolean {
  return calls.slice(calls.indexOf(call) + 1).some(({ kind }) => kind !== call.kind);
}
