/**
 * A time axis that is true to scale, but for long stretches in which nothing worked (a run that was interrupted and resumed the next
 * day): these are cut out, and marked.
 *
 * @module
 */

/** A stretch of time, in milliseconds since the epoch. */
export interface Stretch {
  /** Its beginning. */
  readonly startMs: number;
  /** Its end. */
  readonly endMs: number;
}

/** A time axis. */
export interface TimeAxis {
  /** How long the axis is without what was cut out, in milliseconds. */
  readonly lengthMs: number;
  /** What was cut out: where it stands on the axis, and how long it was, in milliseconds. */
  readonly cuts: readonly { readonly atMs: number; readonly durationMs: number }[];
  /** The place of an instant on the axis, in milliseconds from its beginning. */
  at(timeMs: number): number;
}

/** A stretch is cut out where it is so many times as long as all work together. */
const CUT_RATIO = 3;
/** No shorter stretch is cut out, in milliseconds. */
const SHORTEST_CUT_MS = 1_000;

/**
 * Lays out an axis for some stretches.
 *
 * @param stretches When something worked.
 * @returns The axis.
 */
export function timeAxis(stretches: readonly Stretch[]): TimeAxis {
  const busy = merge(stretches);
  const startMs = busy[0]?.startMs ?? 0;
  const busyMs = busy.reduce((total, stretch) => total + stretch.endMs - stretch.startMs, 0);
  const gaps: Stretch[] = busy.slice(1).map((next, index) => ({
    startMs: busy[index]!.endMs,
    endMs: next.startMs,
  }))
    .filter((gap) => gap.endMs - gap.startMs > Math.max(CUT_RATIO * busyMs, SHORTEST_CUT_MS));
  const at = (timeMs: number): number =>
    gaps.reduce(
      (place, gap) => place - Math.max(0, Math.min(timeMs, gap.endMs) - gap.startMs),
      timeMs - startMs,
    );
  return {
    lengthMs: at(busy.at(-1)?.endMs ?? 0),
    cuts: gaps.map((gap) => ({ atMs: at(gap.endMs), durationMs: gap.endMs - gap.startMs })),
    at,
  };
}

/** The stretches in order, with those that overlap made one. */
function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { startMs, endMs } of [...stretches].sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last === undefined || startMs > last.endMs) merged.push({ startMs, endMs });
    else merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
  }
  return merged;
}
