/**
 * The events of a run in a file, for a program that follows it: one JSON object a line, `{ time, type, … }`, with the fields of
 * {@linkcode ChainEvent}.
 *
 * @module
 */

import type { ChainEvent } from "../chain/events.ts";
import type { Config } from "../config/config.ts";
import { ConfigurationError } from "../errors.ts";
import { isPlainFile, readChunks } from "../runtime/byte_chunks.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import { appendTextFile } from "../runtime/files.ts";
import type { Log } from "./log.ts";

/** What a file of events needs. */
export interface EventsFileOptions {
  /** Knows what must not be told. */
  readonly config: Config;
  /** Told once when the file cannot be written any more; the run goes on. */
  readonly log: Log;
}

const BEGINNING = '{"time":';

/** A file of something else, say the configuration, is not to be spoilt by a slip of the hand. */
async function refuseOthers(path: string): Promise<void> {
  for await (const bytes of readChunks(path, "the events")) {
    if (new TextDecoder().decode(bytes.subarray(0, BEGINNING.length)) === BEGINNING) return;
    throw new ConfigurationError(`Cannot add events to ${path} as it holds something else`, {
      code: "foreign_events",
      suggestions: ["Give another file by --events."],
    });
  }
}

/** Adds events to the end of a file, each as soon as it happens. What the environment holds for the configuration is taken out. */
export class EventsFile {
  readonly #path: string;
  readonly #config: Config;
  readonly #log: Log;
  #isBroken = false;

  private constructor(path: string, { config, log }: EventsFileOptions) {
    this.#path = path;
    this.#config = config;
    this.#log = log;
  }

  /**
   * Opens the file, which is made where there is none.
   *
   * @param path Where.
   * @param options What must not be told, and who is told of a failure.
   * @returns The file.
   * @throws {ConfigurationError} When it cannot be written, or holds something else.
   */
  static async open(path: string, options: EventsFileOptions): Promise<EventsFile> {
    appendTextFile(path, "");
    if (isPlainFile(path)) await refuseOthers(path);
    return new EventsFile(path, options);
  }

  /** Adds an event. */
  write(event: ChainEvent): void {
    if (this.#isBroken) return;
    const line = JSON.stringify(
      { time: new Date(currentTimeMs()).toISOString(), ...event },
      (_, value) => typeof value === "string" ? this.#config.redact(value) : value,
    );
    try {
      appendTextFile(this.#path, `${line}\n`);
    } catch (error) {
      this.#isBroken = true;
      this.#log.notice(`  ${this.#log.paint.bad("warning:")} ${(error as Error).message}; the run goes on`);
    }
  }
}
