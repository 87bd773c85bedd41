/**
 * Writes answered effects down for a journal.
 *
 * @module
 */

import type { AcquireEffect, LeafEffect, StreamNextEffect } from "../operation/effects.ts";
import { type EncodedError, encodeError } from "../operation/outcome.ts";
import { encodeValue } from "../operation/value_codec.ts";
import type { EffectRecord, RecordLog } from "./effect_record.ts";
import { fingerprintOf, secretsOf } from "./fingerprint.ts";
import { StreamRecorder } from "./recorded_stream.ts";

/** What a journal may see: leaf effects, and permits. */
export type Recordable = LeafEffect | AcquireEffect;

/** What an effect was answered with. */
export interface Answer {
  /** Whether it went well. */
  readonly ok: boolean;
  /** The value, or what was thrown. */
  readonly value: unknown;
}

/** What is written down. */
export interface Answered extends Answer {
  /** Where the effect stands. */
  readonly path: string;
  /** Whether it was answered before anything else could happen. */
  readonly inline: boolean;
}

/** What may be asked again for nothing, so that it need not be durable at once. */
const CHEAP: ReadonlySet<string> = new Set(["now", "random", "randomId", "sleep", "acquire"]);

/** The most cheap answers that are not written yet. */
const MOST_BUFFERED = 1_000;

/** Keeps cheap answers until there is one that must be durable, and streams until they end. */
export class JournalWriter {
  readonly #log: RecordLog;
  readonly #onError: (error: unknown) => boolean;
  readonly #streams = new Map<number, StreamRecorder>();
  #buffer: EffectRecord[] = [];
  #broken = false;

  /**
   * @param log Where to.
   * @param onError Told once when the log fails, after which nothing is written any more; says whether the run goes on.
   */
  constructor(log: RecordLog, onError: (error: unknown) => boolean) {
    this.#log = log;
    this.#onError = onError;
  }

  /** Writes an answer down; `false` when the run must not go on. */
  write(effect: Recordable, { path, inline, ok, value }: Answered): boolean {
    if (effect.kind === "streamNext") return this.#writeChunk(effect, { ok, value });
    const fingerprint = fingerprintOf(effect);
    if (effect.kind === "remoteStream" && ok) {
      const { streamId } = value as { streamId: number };
      this.#streams.set(streamId, new StreamRecorder(path, fingerprint));
      return true;
    }
    const about = { path, fingerprint, timing: inline ? "inline" : "later" } as const;
    const durable = !CHEAP.has(effect.kind) && !(effect.kind === "host" && effect.repeatable);
    if (!ok) return this.append({ ...about, outcome: "error", body: errorText(effect, value) }, durable);
    const body = encodeValue(value);
    return body === undefined
      ? this.append({ ...about, outcome: "opaque", body: "" }, false)
      : this.append({ ...about, outcome: "ok", body }, durable);
  }

  /** Writes a stream down that its reader has closed, if it is one of those that are recorded. */
  closeStream(streamId: number): void {
    const recorder = this.#streams.get(streamId);
    this.#streams.delete(streamId);
    if (recorder !== undefined) this.#appendStream(recorder.record("closed"));
  }

  #writeChunk({ stream: { streamId } }: StreamNextEffect, { ok, value }: Answer): boolean {
    const recorder = this.#streams.get(streamId);
    if (recorder === undefined) return true;
    const { done, value: chunk } = (value ?? {}) as { done?: boolean; value?: unknown };
    if (ok && !done) {
      recorder.add(chunk);
      return true;
    }
    this.#streams.delete(streamId);
    return this.#appendStream(
      ok ? recorder.record("done") : recorder.failed(withoutStacks(encodeError(value))),
    );
  }

  #appendStream(record: EffectRecord | undefined): boolean {
    return record === undefined || this.append(record, true);
  }

  /** Writes a record, at once or with the next one; `false` when the run must not go on. */
  append(record: EffectRecord, durable: boolean): boolean {
    this.#buffer.push(record);
    return durable || this.#buffer.length >= MOST_BUFFERED ? this.flush() : true;
  }

  /** Writes what is still to be written; `false` when the run must not go on. */
  flush(): boolean {
    const records = this.#buffer;
    this.#buffer = [];
    return records.length === 0 || this.#touch(() => this.#log.append(records));
  }

  /** Forgets records. */
  drop(paths: readonly string[]): void {
    if (paths.length > 0) this.#touch(() => this.#log.drop(paths));
  }

  #touch(use: () => void): boolean {
    if (this.#broken) return true;
    try {
      use();
      return true;
    } catch (error) {
      this.#broken = true;
      return this.#onError(error);
    }
  }
}

function errorText(effect: Recordable, error: unknown): string {
  const text = JSON.stringify(withoutStacks(encodeError(error)));
  const secrets = "args" in effect ? secretsOf(effect.args) : [];
  return secrets.reduce(
    (left, secret) => left.replaceAll(JSON.stringify(secret).slice(1, -1), "[redacted]"),
    text,
  );
}

/** Stacks tell of this machine and say nothing to another one. */
function withoutStacks({ stack: _, cause, errors, ...rest }: EncodedError): EncodedError {
  return {
    ...rest,
    ...(cause && { cause: withoutStacks(cause) }),
    ...(errors && { errors: errors.map(withoutStacks) }),
  };
}
