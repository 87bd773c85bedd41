/**
 * One or a few lines at the foot of a terminal that say what the program waits for and since when.
 *
 * @module
 */

import { monotonicMs, startTimer } from "../runtime/clock.ts";
import type { OutputStream } from "../runtime/terminal.ts";
import { fitColumns } from "./display_width.ts";

/** What is shown: a text, after which the time is counted, or a function that is asked for the lines each time they are drawn. */
export type Status = string | ((columns: number) => string | readonly string[]);

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME_MS = 100;
/** Columns before each line: the frame and a space. */
const MARGIN = 2;
/** To the first column, and everything from there on away. */
const CLEAR = "\r\x1b[J";
/** A terminal that became narrower, which the program is told only later, cuts a line then and has no more lines than were drawn. */
const NO_WRAP = "\x1b[?7l";
const WRAP = "\x1b[?7h";

/**
 * Draws itself again and again until it is hidden. What takes less than a tenth of a second never shows.
 *
 * The cursor stays where the first line begins. Terminals differ in whether they wrap what is there when they become narrower,
 * but in all of them everything that was drawn comes after that place, so it can be cleared.
 */
export class StatusLine {
  readonly #stream: OutputStream;
  #status: Status = "";
  #sinceMs = 0;
  #frame = 0;
  #isDrawn = false;
  #stop: (() => void) | undefined;

  /** @param stream The terminal. */
  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** Says what the program waits for, and since when; or what a function says each time it is drawn. */
  show(status: Status): void {
    this.hide();
    this.#status = status;
    this.#sinceMs = monotonicMs();
    this.#arm();
  }

  /** Ends the waiting. */
  hide(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.clear();
  }

  /** Makes room for a line of output; the status is drawn again below it in a moment. */
  clear(): void {
    if (this.#isDrawn) void this.#stream.write(CLEAR);
    this.#isDrawn = false;
  }

  #arm(): void {
    this.#stop = startTimer(FRAME_MS, () => {
      this.#draw();
      this.#arm();
    });
  }

  #draw(): void {
    const { columns = 80, rows = 24 } = this.#stream;
    // A line that reaches the last column may wrap, and a line above the screen could not be cleared again.
    const room = Math.max(0, columns - 1 - MARGIN);
    const lines = this.#lines(room).slice(0, Math.max(1, rows - 1)).map((line) => fitColumns(line, room));
    const frame = `${FRAMES[this.#frame++ % FRAMES.length]} `.slice(0, Math.max(0, columns - 1));
    const text = `${frame}${lines.join(`\n${" ".repeat(MARGIN)}`)}`;
    const up = lines.length > 1 ? `\x1b[${lines.length - 1}A` : "";
    void this.#stream.write(`${CLEAR}${NO_WRAP}${text}${up}\r${WRAP}`);
    this.#isDrawn = true;
  }

  #lines(columns: number): readonly string[] {
    if (typeof this.#status === "string") return [`${this.#status} ${this.#elapsed()}`];
    const lines = this.#status(columns);
    return typeof lines === "string" ? [lines] : lines;
  }

  #elapsed(): string {
    return `${Math.floor((monotonicMs() - this.#sinceMs) / 1_000)} s`;
  }
}
