/**
 * A journal stands between an operation and any driver. It writes down every answered effect before the operation goes on,
 * and on another start of the same run answers from what is written.
 *
 * The rules that make a resumed run equal to one that was never interrupted:
 *
 * - Answers are given again in the order in which they were first given. What an operation does depends on that order and on
 *   nothing else, so races, timeouts, queues for permits and failures come out as they did, and what was cancelled then is
 *   cancelled again without having been performed.
 * - While answers are recalled, an effect that has none waits. When the record is used up, the effects that wait are those
 *   that were in flight at the end of the earlier start; they are performed now, and the run is live.
 * - What a run does once it has been cancelled from outside is not written down: a resumed run goes another way.
 * - Cheap answers (the clock, random numbers, timers, permits) are written together with the next one that is not cheap. After
 *   a crash the record is therefore always a beginning of what happened, with one exception: a stream is written as a whole
 *   when it ends, so answers given inside one that never ended are dropped.
 * - Events are sent again with `replayed: true`; chunks for the reader of a stream are produced again.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { StreamNextEffect } from "../operation/effects.ts";
import { decodeError, type EncodedError } from "../operation/outcome.ts";
import { decodeValue } from "../operation/value_codec.ts";
import type { EffectRecord, JournalOptions, RecordLog } from "./effect_record.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Answer, JournalWriter, type Recordable } from "./journal_writer.ts";
import { RecordedStream, type StreamBody } from "./recorded_stream.ts";
import type { Task } from "./task.ts";

/** What a journal needs of the interpreter and its driver. */
export interface JournalHost {
  /** Performs an effect; the answer, or `PENDING`. */
  perform(effect: Recordable, task: Task): unknown;
  /** Gives a waiting task its answer and steps it on. */
  deliver(task: Task, ok: boolean, value: unknown): void;
  /** Lets a waiting task ask again for what it waits for. */
  askAgain(task: Task, effect: Recordable): void;
  /** Ends the run with an error. */
  abort(reason: unknown): void;
  /** Whether the run has ended or is being cancelled. */
  readonly leaving: boolean;
  /** What stands for an answer that comes later. */
  readonly pending: unknown;
}

/** An effect that waits for its turn in the record, or for the end of the record. */
interface Parked {
  readonly task: Task;
  readonly effect: Recordable;
  /** Makes its answer of the record, when its turn comes; `undefined` where there is none. */
  readonly answer: (() => Answer) | undefined;
  giveUp(): void;
}

/** The journal of one start of a run. */
export class Journal {
  readonly #log: RecordLog;
  readonly #writer: JournalWriter;
  readonly #options: JournalOptions;
  readonly #records: readonly EffectRecord[];
  readonly #byPath = new Map<string, EffectRecord>();
  /** By the path of the record that is waited for, or of the effect where there is none; in the order of asking. */
  readonly #parked = new Map<string, Parked>();
  readonly #recalled = new Map<number, RecordedStream>();
  readonly #host: JournalHost;
  #next = 0;
  #live: boolean;
  #settling = false;
  /** Tasks that wait for something that has no place in the record, such as the reader of what they produce. */
  readonly #outside = new Set<Task>();
  /** The path of the effect that waited for the end of the record and is performed now: others began while it waited. */
  #late: string | undefined;
  /** The path of the effect whose value is being made again. */
  #remade: string | undefined;
  #lastStreamId = 0;
  /** How many effects were answered from the record. */
  recalled = 0;

  /**
   * @param options Where the records are, and how to use them.
   * @param host Whom it works for.
   */
  constructor(options: JournalOptions, host: JournalHost) {
    const { log } = options;
    this.#log = log;
    this.#writer = new JournalWriter(log, (error) => this.#loseLog(error));
    this.#options = options;
    this.#host = host;
    this.#records = log.records;
    for (const record of log.records) this.#byPath.set(record.path, record);
    this.#live = options.lenient === true || (log.records.length === 0 && options.replayOnly !== true);
  }

  /** Answers an effect from the record, performs it, or lets it wait. */
  answer(effect: Recordable, task: Task): unknown {
    if (this.#host.leaving) return this.#clean(effect, task);
    if (PASSING.has(effect.kind)) return this.#pass(effect, task);
    if (effect.kind === "streamNext" && this.#recalled.has(effect.stream.streamId)) {
      return this.#recallChunk(effect, task);
    }
    const path = task.leafPath(effect);
    if (path === this.#remade) return this.#performOutside(effect, task);
    const record = this.#byPath.get(path);
    if (record !== undefined && record.fingerprint !== fingerprintOf(effect)) {
      if (!this.#options.lenient) return this.#diverge(path, "something else is asked there now", task);
      this.#byPath.delete(path);
    } else if (record !== undefined) {
      if (this.#options.lenient) return this.#recallLeniently(record, effect, task);
      if (!this.#live) return this.#recall(record, effect, task);
    }
    return this.#live ? this.#perform(effect, task) : this.#park(path, effect, task, undefined);
  }

  /** Takes the answer to an effect that was waited for; `false` when the run must not go on. */
  answered(task: Task, ok: boolean, value: unknown): boolean {
    const effect = task.pending;
    this.#outside.delete(task);
    if (effect === undefined) return true;
    task.pending = undefined;
    if (this.#host.leaving) return true;
    return this.#writer.write(effect, { path: task.leafPath(effect), ok, value, inline: false });
  }

  /** Hands out answers whose turn it is, as long as there are any. To be called whenever the operation has come to rest. */
  settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    while (!this.#live && !this.#host.leaving && this.#settleOne());
    this.#settling = false;
    // Clean-up that was under way when the run was cancelled goes on without the record.
    if (this.#host.leaving) this.#askParkedAgain();
  }

  /**
   * Writes what is still to be written, when the run has ended.
   *
   * @param finished Whether it will not go on, so that records which no longer fit can be dropped.
   */
  close(finished: boolean): void {
    this.#writer.flush();
    if (finished && this.#options.lenient) this.#writer.drop([...this.#byPath.keys()]);
  }

  #settleOne(): boolean {
    const record = this.#records[this.#next];
    if (record === undefined) {
      this.#goLive();
      return false;
    }
    const parked = this.#parked.get(record.path);
    if (parked?.answer !== undefined) {
      this.#parked.delete(record.path);
      this.#consume();
      const { task, effect } = parked;
      task.wait = undefined;
      if (record.outcome === "opaque") this.#remake(record.path, effect, task);
      else {
        const { ok, value } = parked.answer();
        this.#host.deliver(task, ok, value);
      }
      return true;
    }
    const stream = record.timing === "stream" ? this.#streamOf(record) : undefined;
    if (stream?.isClosed) {
      this.#consume();
      return true;
    }
    if (this.#waitsOutside()) return false;
    if (this.#isInsideOpenStream(record)) {
      this.#byPath.delete(record.path);
      if (!this.#options.replayOnly) this.#writer.drop([record.path]);
      this.#next++;
      return true;
    }
    this.#diverge(record.path, "the run does not come to it any more", undefined);
    return false;
  }

  #consume(): void {
    this.#next++;
    this.recalled++;
  }

  /** The recalled stream of a record, if it has been opened. */
  #streamOf(record: EffectRecord): RecordedStream | undefined {
    for (const stream of this.#recalled.values()) if (stream.path === record.path) return stream;
    return undefined;
  }

  #waitsOutside(): boolean {
    for (const task of this.#outside) if (task.done || task.wait === undefined) this.#outside.delete(task);
    return this.#outside.size > 0;
  }

  /** Whether a record belongs to an operation that waits for a stream that was never written. */
  #isInsideOpenStream({ path }: EffectRecord): boolean {
    for (const { effect, task, answer } of this.#parked.values()) {
      if (answer !== undefined || effect.kind !== "remoteStream") continue;
      if (path.startsWith(`${task.path}/`)) return true;
    }
    return false;
  }

  #recall(record: EffectRecord, effect: Recordable, task: Task): unknown {
    if (record.timing === "stream") return this.#openRecalled(record);
    if (record.timing === "inline" && this.#records[this.#next] === record) {
      this.#consume();
      if (record.outcome === "opaque") return this.#performOutside(effect, task);
      if (effect.kind === "acquire") effect.semaphore.take();
      return valueOf(outcomeOf(record));
    }
    return this.#park(record.path, effect, task, () => {
      if (effect.kind === "acquire") effect.semaphore.take();
      return outcomeOf(record);
    });
  }

  /** Takes a record wherever it fits. It is written again, so that the record has the order of this start. */
  #recallLeniently(record: EffectRecord, effect: Recordable, task: Task): unknown {
    this.#byPath.delete(record.path);
    if (record.outcome === "opaque" || effect.kind === "acquire") return this.#perform(effect, task);
    this.recalled++;
    if (record.timing === "stream") {
      this.#writer.append(record, false);
      return this.#openRecalled(record);
    }
    this.#writer.append({ ...record, timing: "inline" }, false);
    return valueOf(outcomeOf(record));
  }

  /** Makes a value again that could not be kept. */
  #remake(path: string, effect: Recordable, task: Task): void {
    this.#remade = path;
    this.#host.askAgain(task, effect);
    this.#remade = undefined;
  }

  #performOutside(effect: Recordable, task: Task): unknown {
    if (this.#options.replayOnly && !HARMLESS.has(effect.kind)) return this.#missing(effect, task);
    const value = this.#host.perform(effect, task);
    if (value === this.#host.pending) this.#outside.add(task);
    return value;
  }

  /** A run that was cancelled from outside still cleans up; what it does then is not written. */
  #clean(effect: Recordable, task: Task): unknown {
    if (this.#options.replayOnly && (effect.kind === "remote" || effect.kind === "remoteStream")) {
      throw missing(task.leafPath(effect));
    }
    return this.#host.perform(effect, task);
  }

  #openRecalled(record: EffectRecord): { streamId: number } {
    const streamId = --this.#lastStreamId;
    this.#recalled.set(streamId, new RecordedStream(record.path, JSON.parse(record.body) as StreamBody));
    return { streamId };
  }

  #recallChunk(effect: StreamNextEffect, task: Task): unknown {
    const stream = this.#recalled.get(effect.stream.streamId)!;
    const chunk = stream.next();
    if (chunk !== undefined) return chunk;
    if (this.#live) return valueOf(stream.endOutcome());
    return stream.isClosed
      ? this.#park(task.leafPath(effect), effect, task, undefined)
      : this.#park(stream.path, effect, task, () => stream.endOutcome());
  }

  #park(key: string, effect: Recordable, task: Task, answer: Parked["answer"]): unknown {
    const parked: Parked = { task, effect, answer, giveUp: () => void this.#parked.delete(key) };
    this.#parked.set(key, parked);
    task.wait = parked;
    return this.#host.pending;
  }

  #pass(effect: Recordable, task: Task): unknown {
    if (effect.kind === "streamClose") return this.#closeStream(effect.stream.streamId, effect, task);
    if (effect.kind !== "emit" || this.#live) return this.#performOutside(effect, task);
    return this.#performOutside({ ...effect, event: { ...effect.event, replayed: true } }, task);
  }

  #closeStream(streamId: number, effect: Recordable, task: Task): unknown {
    if (this.#recalled.has(streamId)) return undefined;
    const value = this.#host.perform(effect, task);
    this.#writer.closeStream(streamId);
    return value;
  }

  #perform(effect: Recordable, task: Task): unknown {
    if (this.#options.replayOnly) return this.#missing(effect, task);
    const path = task.leafPath(effect);
    const about = { path, inline: path !== this.#late };
    const together = effect.kind === "host" && effect.store !== undefined && effect.store === this.#log.store;
    let value: unknown;
    try {
      value = together ? this.#performTogether(effect, task, about) : this.#host.perform(effect, task);
    } catch (error) {
      this.#writer.write(effect, { ...about, ok: false, value: error });
      throw error;
    }
    if (value === this.#host.pending) task.pending = effect;
    else if (!together) this.#writer.write(effect, { ...about, ok: true, value });
    return value;
  }

  /** What a thought is made of, and the thought, are kept together or not at all. */
  #performTogether(effect: Recordable, task: Task, about: { path: string; inline: boolean }): unknown {
    return this.#log.together!(() => {
      const value = this.#host.perform(effect, task);
      this.#writer.write(effect, { ...about, ok: true, value });
      this.#writer.flush();
      return value;
    });
  }

  /** The record is used up: what waits was in flight when the run was interrupted. */
  #goLive(): void {
    if (this.#options.replayOnly) {
      const [waiting] = this.#parked.values();
      if (waiting === undefined || this.#waitsOutside()) return;
      this.#host.abort(missing(waiting.task.leafPath(waiting.effect)));
      return;
    }
    this.#live = true;
    this.#askParkedAgain();
  }

  #askParkedAgain(): void {
    const waiting = [...this.#parked.values()];
    this.#parked.clear();
    for (const { task, effect, giveUp } of waiting) {
      // Given up, or ended with the run, by what those before it have done.
      if (task.wait?.giveUp !== giveUp) continue;
      task.wait = undefined;
      // Looked at before anything else is asked.
      this.#late = task.leafPath(effect);
      this.#host.askAgain(task, effect);
    }
    this.#late = undefined;
  }

  #loseLog(error: unknown): boolean {
    const { onWriteError } = this.#options;
    if (onWriteError !== undefined) {
      onWriteError(error);
      return true;
    }
    this.#host.abort(error);
    return false;
  }

  #missing(effect: Recordable, task: Task): unknown {
    const path = task.leafPath(effect);
    this.#host.abort(missing(path));
    return this.#park(path, effect, task, undefined);
  }

  #diverge(path: string, reason: string, task: Task | undefined): unknown {
    this.#host.abort(
      new ConfigurationError(`Cannot follow the record of the run, as ${reason}: ${path}`, {
        code: "diverged",
        metadata: { path },
        suggestions: [
          "Something in the chain, its components or the code around them has changed since.",
          "Begin a run of another id; `force: true`, or `sifaka resume ID --force`, keeps the answers that still fit.",
        ],
      }),
    );
    return task === undefined ? undefined : this.#park(path, { kind: "now" }, task, undefined);
  }
}

/** What is neither recorded nor recalled. */
const PASSING: ReadonlySet<string> = new Set(["emit", "produce", "streamClose"]);

/** What may be performed in a replay: it reaches nothing beyond this process. */
const HARMLESS: ReadonlySet<string> = new Set(["host", "emit", "produce", "streamClose"]);

function missing(path: string): ConfigurationError {
  return new ConfigurationError(`Cannot replay the run as its record has no answer for ${path}`, {
    code: "not_recorded",
    metadata: { path },
    suggestions: ["The run was interrupted there: resume it, and replay it when it is finished."],
  });
}

function outcomeOf({ outcome, body }: EffectRecord): Answer {
  return outcome === "ok"
    ? { ok: true, value: decodeValue(body) }
    : { ok: false, value: decodeError(JSON.parse(body) as EncodedError) };
}

function valueOf({ ok, value }: Answer): unknown {
  if (!ok) throw value;
  return value;
}
