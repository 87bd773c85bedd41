/**
 * What a command tells its reader beside the result, on standard error.
 *
 * @module
 */

import type { OutputStream } from "../runtime/terminal.ts";
import type { Paint } from "./paint.ts";
import type { Status, StatusLine } from "./status_line.ts";

/** How much is told: errors alone (-1), what happens (0), why (1, `-v`), everything (2, `-vv`). */
export type LogLevel = -1 | 0 | 1 | 2;

/** Writes lines to standard error, as many as the reader wants. */
export class Log {
  /** How much is told. */
  readonly level: LogLevel;
  /** Colours for standard error. */
  readonly paint: Paint;
  readonly #stream: OutputStream;
  readonly #status: StatusLine | undefined;
  readonly #redactions = new Map<string, (text: string) => string>();
  #isMidLine = false;
  #last: Promise<void> = Promise.resolve();

  /**
   * @param stream Standard error.
   * @param level How much is told.
   * @param paint Colours for it.
   * @param status Shows what is waited for, where a person sees it.
   */
  constructor(stream: OutputStream, level: LogLevel, paint: Paint, status?: StatusLine) {
    this.#stream = stream;
    this.#status = level >= 0 ? status : undefined;
    this.level = level;
    this.paint = paint;
  }

  /**
   * From now on takes something out of every line before it is written.
   *
   * @param source Where that stands; what was taken out of it before is forgotten.
   * @param redact Takes it out.
   */
  hide(source: string, redact: (text: string) => string): void {
    this.#redactions.set(source, redact);
  }

  /** Tells what went wrong; always written. */
  error(text: string): void {
    this.#write(text);
  }

  /** Tells what happens. */
  notice(text: string): void {
    if (this.level >= 0) this.#write(text);
  }

  /** Tells why. */
  detail(text: string): void {
    if (this.level >= 1) this.#write(text);
  }

  /** Tells everything. */
  debug(text: string): void {
    if (this.level >= 2) this.#write(text);
  }

  /** Shows a piece of a text as it comes; the next line begins below it. */
  piece(text: string): void {
    if (this.level < 0 || text === "") return;
    this.waiting();
    this.#isMidLine = !text.endsWith("\n");
    this.#last = this.#stream.write(this.#redacted(text));
  }

  /** Whether what is waited for is shown. */
  get isAnimated(): boolean {
    return this.#status !== undefined;
  }

  /** Shows what is waited for until something else is, or nothing; a function is asked again each time it is drawn. */
  waiting(status?: Status): void {
    if (status === undefined) this.#status?.hide();
    else if (typeof status === "string") this.#status?.show(this.#redacted(status));
    else this.#status?.show((columns) => [status(columns)].flat().map((line) => this.#redacted(line)));
  }

  /** Resolves when everything so far is handed over. */
  flush(): Promise<void> {
    this.waiting();
    if (this.#isMidLine) this.piece("\n");
    return this.#last;
  }

  #redacted(text: string): string {
    return [...this.#redactions.values()].reduce((shown, redact) => redact(shown), text);
  }

  #write(text: string): void {
    this.#status?.clear();
    this.#last = this.#stream.write(`${this.#isMidLine ? "\n" : ""}${this.#redacted(text)}\n`);
    this.#isMidLine = false;
  }
}
