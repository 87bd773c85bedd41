/**
 * Shows a person where a text answers a query.
 *
 * @module
 */

import { findMatches, type Match } from "./matches.ts";
import type { SearchQuery } from "./search_query.ts";
import { type Word, wordsOf } from "./words.ts";

/** How many words a snippet shows. */
const SHOWN_WORDS = 24;
/** How many of them stand before the first match. */
const WORDS_BEFORE = 4;
/** Windows are tried from so many matches of a text. */
const TRIED_MATCHES = 256;
/** How much of what is no word is shown before the first word and after the last, in UTF-16 code units. */
const SHOWN_AROUND = 40;
/** The longest snippet, and the most of it that stands before the first match, in UTF-16 code units. */
const LONGEST_SNIPPET = 2_000;
const LONGEST_BEFORE = 500;

interface Window {
  readonly text: string;
  readonly words: readonly Word[];
  readonly matches: readonly Match[];
  readonly clauses: number;
}

/**
 * Cuts out the part of some texts that answers most of a query, with the matches between `«` and `»`.
 *
 * @param texts The texts of one document.
 * @param query The query.
 * @returns One line of text, `…` where it was cut, or an empty string when nothing matches.
 */
export function snippetOf(texts: readonly string[], query: SearchQuery): string {
  let best: Window | undefined;
  for (const text of texts) {
    const window = bestWindow(text, query);
    if (window !== undefined && window.clauses > (best?.clauses ?? 0)) best = window;
    if (best?.clauses === query.wanted.length) break;
  }
  return best === undefined ? "" : render(best);
}

function bestWindow(text: string, query: SearchQuery): Window | undefined {
  const words = wordsOf(text);
  const found = findMatches(query, words.map((word) => word.term));
  let best: Window | undefined;
  for (const start of found.slice(0, TRIED_MATCHES)) {
    const matches = found.filter((match) =>
      match.first >= start.first && match.last < start.first + SHOWN_WORDS
    );
    const clauses = new Set(matches.map((match) => match.clause)).size;
    if (clauses > (best?.clauses ?? 0)) best = { text, words, matches, clauses };
    if (best?.clauses === query.wanted.length) break;
  }
  // A phrase longer than the window is shown as a whole.
  return best ?? (found[0] && { text, words, matches: [found[0]], clauses: 1 });
}

function render({ text, words, matches }: Window): string {
  const first = Math.max(0, matches[0]!.first - WORDS_BEFORE);
  const last = Math.min(words.length - 1, Math.max(first + SHOWN_WORDS - 1, matches.at(-1)!.last));
  const wordsFrom = first === 0 ? Math.max(0, words[0]!.start - SHOWN_AROUND) : words[first]!.start;
  // A word may be as long as a text.
  const from = Math.max(wordsFrom, words[matches[0]!.first]!.start - LONGEST_BEFORE);
  const afterLast = words[last]!.end;
  const to = last === words.length - 1 ? Math.min(text.length, afterLast + SHOWN_AROUND) : afterLast;
  let marked = "";
  let at = from;
  for (const [start, end] of spans(words, matches)) {
    marked += `${text.slice(at, start)}«${text.slice(start, end)}»`;
    at = end;
  }
  const whole = onOneLine(marked + text.slice(at, to));
  const shown = onOneLine(whole.slice(0, LONGEST_SNIPPET - 1));
  const isCutInMatch = shown.lastIndexOf("«") > shown.lastIndexOf("»") && shown !== whole;
  return `${from > 0 ? "…" : ""}${shown}${isCutInMatch ? "»" : ""}${
    to < text.length || shown !== whole ? "…" : ""
  }`;
}

/** One line, without the halves of characters that a cut may leave. */
function onOneLine(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
}

/** The matches as stretches of the text, those that overlap united. */
function spans(words: readonly Word[], matches: readonly Match[]): [start: number, end: number][] {
  const spans: [number, number][] = [];
  for (const { first, last } of matches) {
    const start = words[first]!.start;
    const end = words[last]!.end;
    const before = spans.at(-1);
    if (before !== undefined && start < before[1]) before[1] = Math.max(before[1], end);
    else spans.push([start, end]);
  }
  return spans;
}
