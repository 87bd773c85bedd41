/**
 * The texts of a run side by side, with what changed from one to the next.
 *
 * @module
 */

import { countWords, plural } from "../text/wording.ts";
import type { Thought } from "../thought/thought.ts";
import { type Html, markup } from "./markup.ts";
import { type TextChange, wordChanges } from "./word_diff.ts";

/** The longest text that is shown, in UTF-16 code units; of a longer one its beginning is. */
const LONGEST_TEXT = 200_000;
/** How long may be looked for the changes of two texts, in milliseconds. */
const DIFF_MS = 500;

/**
 * Shows the text of an iteration, beside that of the iteration before it where there is one.
 *
 * @param thought The iteration.
 * @param before The one before it.
 * @returns The texts.
 */
export function textsView(thought: Thought, before: Thought | undefined): Html {
  if (thought.text === undefined) return markup`<p>There is no text so far.</p>`;
  if (before?.text === undefined) {
    return markup`<div class="texts single">${column("Text", thought.text)}</div>`;
  }
  const changes = wordChanges(shown(before.text), shown(thought.text), { timeoutMs: DIFF_MS });
  const count = changes.filter(({ kind }) => kind !== "kept").length;
  const heads = [`Before: iteration ${before.iteration}`, `After: iteration ${thought.iteration}`] as const;
  return markup`<p class="hint">${count === 0 ? "The text is the same." : plural(count, "change")}</p>
<div class="texts">
${column(heads[0], before.text, changes.filter(({ kind }) => kind !== "added"))}
${column(heads[1], thought.text, changes.filter(({ kind }) => kind !== "removed"))}
</div>`;
}

function column(head: string, text: string, changes?: readonly TextChange[]): Html {
  return markup`<figure class="text"><figcaption>${head}, ${
    plural(countWords(shown(text)), "word")
  }</figcaption>
<div class="prose" dir="auto">${changes === undefined ? shown(text) : changes.map(marked)}</div>${
    text.length > LONGEST_TEXT
      ? markup`<p class="hint">The rest is not shown: the text is very long.</p>`
      : ""
  }</figure>`;
}

function marked({ kind, text }: TextChange): Html {
  if (kind === "removed") return markup`<del>${text}</del>`;
  return kind === "added" ? markup`<ins>${text}</ins>` : markup`${text}`;
}

function shown(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
