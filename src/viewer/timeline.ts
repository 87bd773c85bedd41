/**
 * When each part of a run worked.
 *
 * The journal of a run holds every look that it took at the clock, with its place in the tree of operations. The first and the last
 * look of a validator or a critic are when it began and ended; a validator that never waited took none, and stands at the moment at
 * which the texts were checked. Where there is no journal, the durations that the thoughts tell are put one after the other in
 * the order in which a chain works.
 *
 * @module
 */

import type { EffectRecord } from "../drivers/effect_record.ts";
import type { Thought } from "../thought/thought.ts";

/** What worked. */
export type SpanKind = "retrieval" | "generation" | "validator" | "critic";

/** A stretch of time in which one part of a run worked. */
export interface Span {
  /** What kind of part. */
  readonly kind: SpanKind;
  /** Its name. */
  readonly name: string;
  /** The iteration, from 0. */
  readonly iteration: number;
  /** When it began, in milliseconds since the epoch. */
  readonly startMs: number;
  /** When it ended, likewise. */
  readonly endMs: number;
  /** What came of it, in a few words. */
  readonly outcome: string;
  /** Whether that is bad news: a validator that did not pass, or a part that broke. */
  readonly isBad: boolean;
}

/** When each part of a run worked. */
export interface Timeline {
  /** The stretches, in the order in which a chain works. */
  readonly spans: readonly Span[];
  /** Whether they were measured, and not put together of durations. */
  readonly measured: boolean;
}

/** The looks at the clock of one iteration, in milliseconds since the epoch, in order. */
interface Looks {
  /** Those of the iteration itself. */
  readonly own: number[];
  /** Those of its children, by their place such as `validate.2`. */
  readonly children: Map<string, number[]>;
}

const OWN = /\/iteration\.(\d+)\/now:\d+$/;
const CHILD = /\/iteration\.(\d+)\/((?:validate|critique|retrieve)\.\d+)\/(?:.*\/)?now:\d+$/;

/**
 * Finds out when each part of a run worked.
 *
 * @param thoughts The iterations of the run, oldest first.
 * @param records Its journal.
 * @returns The timeline.
 */
export function timelineOf(thoughts: readonly Thought[], records: readonly EffectRecord[]): Timeline {
  const looks = looksOf(records);
  const spans = thoughts.flatMap((thought) => spansOf(thought, looks.get(thought.iteration)));
  return { spans, measured: looks.size > 0 };
}

function looksOf(records: readonly EffectRecord[]): Map<number, Looks> {
  const looks = new Map<number, Looks>();
  for (const { path, body } of records) {
    const [, iteration, child] = CHILD.exec(path) ?? OWN.exec(path) ?? [];
    const timeMs = Number(body);
    if (iteration === undefined || !Number.isFinite(timeMs)) continue;
    let found = looks.get(Number(iteration));
    if (found === undefined) looks.set(Number(iteration), found = { own: [], children: new Map() });
    if (child === undefined) found.own.push(timeMs);
    else if (found.children.has(child)) found.children.get(child)!.push(timeMs);
    else found.children.set(child, [timeMs]);
  }
  return looks;
}

function spansOf(thought: Thought, looks: Looks | undefined): Span[] {
  const { iteration } = thought;
  const generation = generationOf(thought, looks?.own ?? []);
  const endOf = (spans: readonly Span[], otherwise: number): number =>
    spans.reduce((latest, { endMs }) => Math.max(latest, endMs), otherwise);
  const begun = generation?.endMs ?? looks?.own[0] ?? Date.parse(thought.timestamp);
  const validators = Object.values(thought.validationResults).map((result, index): Span => ({
    kind: "validator",
    name: result.validator,
    iteration,
    ...stretch(looks?.children.get(`validate.${index}`), begun, result.durationMs),
    outcome: result.error !== undefined ? "could not check" : result.passed ? "passed" : "did not pass",
    isBad: !result.passed,
  }));
  const checked = endOf(validators, begun);
  const critics = thought.criticFeedback.map((feedback, index): Span => ({
    kind: "critic",
    name: feedback.critic,
    iteration,
    ...stretch(looks?.children.get(`critique.${index}`), checked, feedback.durationMs),
    outcome: feedback.error !== undefined
      ? "could not examine"
      : feedback.needsImprovement
      ? "asks for change"
      : "asks for nothing",
    isBad: feedback.error !== undefined,
  }));
  return [...retrievalsOf(iteration, looks), ...generation ? [generation] : [], ...validators, ...critics];
}

/** The generation is the stretch between two looks that took as long as the thought says. */
function generationOf(
  { generation, iteration, timestamp }: Thought,
  own: readonly number[],
): Span | undefined {
  if (generation?.durationMs === undefined) return undefined;
  const { durationMs, model, finishReason } = generation;
  const index = own.findIndex((timeMs, here) => own[here + 1]! - timeMs === durationMs);
  const startMs = own[index] ?? Date.parse(timestamp);
  const outcome = finishReason === "stop" ? "answered" : `answered, ended by ${finishReason}`;
  const isBad = finishReason === "length" || finishReason === "filter";
  return { kind: "generation", name: model, iteration, startMs, endMs: startMs + durationMs, outcome, isBad };
}

function retrievalsOf(iteration: number, looks: Looks | undefined): Span[] {
  return [...looks?.children ?? []].filter(([place]) => place.startsWith("retrieve.")).map((
    [, times],
  ): Span => ({
    kind: "retrieval",
    name: "retrieval",
    iteration,
    ...stretch(times, 0, 0),
    outcome: "looked for documents",
    isBad: false,
  }));
}

function stretch(
  times: readonly number[] | undefined,
  startMs: number,
  durationMs = 0,
): { readonly startMs: number; readonly endMs: number } {
  if (times === undefined) return { startMs, endMs: startMs + durationMs };
  return {
    startMs: times.reduce((first, time) => Math.min(first, time), Infinity),
    endMs: times.reduce((last, time) => Math.max(last, time), -Infinity),
  };
}
