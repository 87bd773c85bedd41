/**
 * How much of a run fits on its page: however long the run and its texts are, the page stays one that a browser shows, and is made
 * while others wait no longer than they notice.
 *
 * @module
 */

import { monotonicMs } from "../runtime/clock.ts";
import { type TextChange, wordChanges } from "./word_diff.ts";

/** Of the longest texts of all iterations together so much is shown, in UTF-16 code units. */
const PAGE_CHARACTERS = 2_000_000;
/** The least and the most that is shown of one text, likewise. */
const [LEAST_CHARACTERS, MOST_CHARACTERS] = [10_000, 200_000] as const;
/** How long may be looked for the changes of two texts, and for those of all texts of a page, in milliseconds. */
const [DIFF_MS, PAGE_DIFF_MS] = [500, 1_500] as const;

/** What one page has room and time for, shared by its iterations. */
export class PageRoom {
  readonly #characters: number;
  #pairs: number;
  #restMs = PAGE_DIFF_MS;

  /** @param iterations How many iterations the page has. */
  constructor(iterations: number) {
    const share = Math.floor(PAGE_CHARACTERS / Math.max(iterations, 1));
    this.#characters = Math.min(Math.max(share, LEAST_CHARACTERS), MOST_CHARACTERS);
    this.#pairs = iterations - 1;
  }

  /** What is shown of a text: all of it, or its beginning. */
  shown(text: string): string {
    return text.slice(0, this.#characters);
  }

  /** Whether a text is longer than what is shown of it. */
  isCut(text: string): boolean {
    return text.length > this.#characters;
  }

  /** Compares what is shown of two texts. Time that one comparison did not need is there for those after it. */
  changes(before: string, after: string): TextChange[] {
    const timeoutMs = Math.min(DIFF_MS, Math.max(this.#restMs, 0) / Math.max(this.#pairs--, 1));
    const startMs = monotonicMs();
    const changes = wordChanges(this.shown(before), this.shown(after), { timeoutMs });
    this.#restMs -= monotonicMs() - startMs;
    return changes;
  }
}
