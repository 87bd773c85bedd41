/**
 * The events of a run in a file, for a program that follows it: one JSON object a line, `{ time, type, … }`, with the fields of
 * {@linkcode ChainEvent}.
 *
 * @module
 */

import type { ChainEvent } from "../chain/events.ts";
import type { Config } from "../config/config.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import { appendTextFile } from "../runtime/files.ts";
import type { Log } from "./log.ts";

/** Adds events to the end of a file, each as soon as it happens. What the environment holds for the configuration is taken out. */
export class EventsFile {
  readonly #path: string;
  readonly #config: Config;
  readonly #log: Log;
  #isBroken = false;

  /**
   * @param path Where.
   * @param config Knows what must not be told.
   * @param log Told once when the file cannot be written any more; the run goes on.
   * @throws {ConfigurationError} When it cannot be written to begin with.
   */
  constructor(path: string, config: Config, log: Log) {
    this.#path = path;
    this.#config = config;
    this.#log = log;
    appendTextFile(path, "");
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
