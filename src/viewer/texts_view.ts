/**
 * The texts of a run side by side, with what changed from one to the next.
 *
 * @module
 */

import { countWords, plural } from "../text/wording.ts";
import type { Thought } from "../thought/thought.ts";
import { type Html, markup } from "./markup.ts";
import type { PageRoom } from "./page_room.ts";
import type { TextChange } from "./word_diff.ts";

/** What stands around the text of an iteration. */
export interface TextsAround {
  /** The iteration before it; `undefined` for the first. */
  readonly before: Thought | undefined;
  /** What its page has room for. */
  readonly room: PageRoom;
}

/**
 * Shows the text of an iteration, beside that of the iteration before it where there is one.
 *
 * @param thought The iteration.
 * @param around The one before it, and the room of the page.
 * @returns The texts.
 */
export function textsView(thought: Thought, { before, room }: TextsAround): Html {
  if (thought.text === undefined) return markup`<p>There is no text so far.</p>`;
  if (before?.text === undefined) {
    const only = { head: "Text", text: thought.text, content: room.shown(thought.text) };
    return markup`<div class="texts single">${column(only, room)}</div>`;
  }
  const changes = room.changes(before.text, thought.text);
  const count = changes.filter(({ kind }) => kind !== "kept").length;
  const without = (left: TextChange["kind"]): Html[] =>
    changes.filter(({ kind }) => kind !== left).map(marked);
  const columns: readonly Column[] = [
    { head: `Before: iteration ${before.iteration}`, text: before.text, content: without("added") },
    { head: `After: iteration ${thought.iteration}`, text: thought.text, content: without("removed") },
  ];
  return markup`<p class="hint">${count === 0 ? "The text is the same." : plural(count, "change")}</p>
<div class="texts">${columns.map((each) => column(each, room))}</div>`;
}

interface Column {
  readonly head: string;
  /** The whole text. */
  readonly text: string;
  /** What is shown of it. */
  readonly content: string | readonly Html[];
}

function column({ head, text, content }: Column, room: PageRoom): Html {
  return markup`<figure class="text"><figcaption>${head}, ${
    plural(countWords(room.shown(text)), "word")
  }</figcaption>
<div class="prose" dir="auto">${content}</div>${cutHint(text, room)}</figure>`;
}

/**
 * Says of a text that its end is not shown.
 *
 * @param text The whole text.
 * @param room What its page has room for.
 * @returns A hint; nothing where the whole text is shown.
 */
export function cutHint(text: string, room: PageRoom): Html | "" {
  return room.isCut(text) ? markup`<p class="hint">The rest is not shown: the text is very long.</p>` : "";
}

function marked({ kind, text }: TextChange): Html {
  if (kind === "removed") return markup`<del>${text}</del>`;
  return kind === "added" ? markup`<ins>${text}</ins>` : markup`${text}`;
}
