/**
 * One line at the foot of a terminal that says what the program waits for and since when.
 *
 * @module
 */

import { monotonicMs, startTimer } from "../runtime/clock.ts";
import type { OutputStream } from "../runtime/terminal.ts";

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME_MS = 100;
/** To the first column, and everything after it away. */
const CLEAR = "\r\x1b[K";

/** Draws itself again and again until it is hidden. What takes less than a tenth of a second never shows. */
export class StatusLine {
  readonly #stream: OutputStream;
  #text: string | (() => string) = "";
  #sinceMs = 0;
  #frame = 0;
  #isDrawn = false;
  #stop: (() => void) | undefined;

  /** @param stream The terminal. */
  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** Says what the program waits for, and since when; or what a function says each time it is drawn. */
  show(text: string | (() => string)): void {
    this.hide();
    this.#text = text;
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

  #elapsed(): string {
    return `${Math.floor((monotonicMs() - this.#sinceMs) / 1_000)} s`;
  }

  #draw(): void {
    const text = typeof this.#text === "function" ? this.#text() : `${this.#text} ${this.#elapsed()}`;
    const line = `${FRAMES[this.#frame++ % FRAMES.length]} ${text}`;
    // A line that wraps could not be cleared again.
    const shown = Array.from(line).slice(0, (this.#stream.columns ?? 80) - 1).join("");
    void this.#stream.write(`${CLEAR}${shown}`);
    this.#isDrawn = true;
  }
}
