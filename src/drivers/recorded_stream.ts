/**
 * Streams in a journal: written as a whole when they end, and given again chunk by chunk.
 *
 * @module
 */

import { decodeError, type EncodedError } from "../operation/outcome.ts";
import { decodeValue, encodeValue } from "../operation/value_codec.ts";
import type { EffectRecord } from "./effect_record.ts";

/** How a stream ended: by itself, by its reader, or by an error. */
type StreamEnd = "done" | "closed" | { readonly error: EncodedError };

/** What is written of a stream. */
export interface StreamBody {
  /** Its chunks, each as encoded text. */
  readonly chunks: readonly string[];
  /** How it ended. */
  readonly end: StreamEnd;
}

/** Collects the chunks of a stream until it ends. */
export class StreamRecorder {
  readonly #path: string;
  readonly #fingerprint: string;
  readonly #chunks: string[] = [];
  #opaque = false;

  /**
   * @param path The path of the effect that opened it.
   * @param fingerprint What was asked.
   */
  constructor(path: string, fingerprint: string) {
    this.#path = path;
    this.#fingerprint = fingerprint;
  }

  /** Adds a chunk. */
  add(chunk: unknown): void {
    const text = encodeValue(chunk);
    if (text === undefined) this.#opaque = true;
    else this.#chunks.push(text);
  }

  /** What is to be written when it ended in order. */
  record(end: "done" | "closed"): EffectRecord | undefined {
    return this.#make({ chunks: this.#chunks, end });
  }

  /** What is to be written when it failed. */
  failed(error: EncodedError): EffectRecord | undefined {
    return this.#make({ chunks: this.#chunks, end: { error } });
  }

  /** A stream with a chunk that cannot be kept is not written: it is opened again. */
  #make(body: StreamBody): EffectRecord | undefined {
    return this.#opaque ? undefined : {
      path: this.#path,
      fingerprint: this.#fingerprint,
      timing: "stream",
      outcome: "ok",
      body: JSON.stringify(body),
    };
  }
}

/** A stream that is given again. */
export class RecordedStream {
  /** The path of the effect that opened it. */
  readonly path: string;
  readonly #body: StreamBody;
  #next = 0;

  /**
   * @param path The path of the effect that opened it.
   * @param body What was written of it.
   */
  constructor(path: string, body: StreamBody) {
    this.path = path;
    this.#body = body;
  }

  /** Whether its reader ended it. */
  get isClosed(): boolean {
    return this.#body.end === "closed";
  }

  /** The next chunk; `undefined` when there are no more. */
  next(): IteratorResult<unknown> | undefined {
    const text = this.#body.chunks[this.#next];
    if (text === undefined) return undefined;
    this.#next++;
    return { done: false, value: decodeValue(text) };
  }

  /** What comes after the last chunk. */
  endOutcome(): { ok: boolean; value: unknown } {
    const { end } = this.#body;
    if (typeof end === "object") return { ok: false, value: decodeError(end.error) };
    return { ok: true, value: { done: true, value: undefined } };
  }
}
