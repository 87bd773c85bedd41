/**
 * The list of runs.
 *
 * @module
 */

import type { RunVerdict } from "../storage/run_page.ts";
import { money, plural } from "../text/wording.ts";
import { count, duration, instant, oneLine, tokens } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import { type Place, segment } from "./layout.ts";
import { outcomeBadge } from "./outcome.ts";
import { type RunQuery, searchTextOf, writeQuery } from "./run_query.ts";
import { MOST_LOOKS, ROWS, type RunListing, type RunRow } from "./run_reader.ts";

const TEXT_CHARACTERS = 220;
const TITLE_CHARACTERS = 110;

/**
 * Makes the page with the search and the list.
 *
 * @param place Where the viewer is.
 * @param query What is asked for.
 * @param shown The list, and the models to choose from.
 * @returns The content of the page.
 */
export function listPage(
  place: Place,
  query: RunQuery,
  shown: { readonly listing: RunListing; readonly models: readonly string[] },
): Html {
  const { listing, models } = shown;
  const outcomes = VERDICTS.map(([value, name]) => option(value, name, value === (query.verdict ?? "")));
  return markup`<h1>Runs</h1>
<form class="search" role="search" action="${place.base}/" method="get" data-results="${place.base}/results">
<p class="field wide"><label for="q">Search texts</label>
<input id="q" name="q" type="search" value="${query.words}" autocomplete="off" spellcheck="false"
aria-describedby="hint"></p>
<p class="field"><label for="verdict">Outcome</label>
<select id="verdict" name="verdict">${outcomes}</select></p>
<p class="field"><label for="model">Model</label>
<input id="model" name="model" value="${query.model}" list="models" autocomplete="off" spellcheck="false">
<datalist id="models">${models.map((model) => markup`<option value="${model}"></option>`)}</datalist></p>
<p class="field"><label for="from">From</label><input id="from" name="from" type="date" value="${query.from}"></p>
<p class="field"><label for="to">To</label><input id="to" name="to" type="date" value="${query.to}"></p>
<p class="field"><button type="submit">Search</button></p>
<p id="hint" class="hint">Every word must occur. <kbd>"a phrase"</kbd> in quotes, <kbd>-word</kbd> to leave out.
<kbd>/</kbd> searches, <kbd>j</kbd> and <kbd>k</kbd> go through the runs.</p>
</form>
<div id="results">${results(place, query, listing)}</div>`;
}

const VERDICTS: readonly (readonly [RunVerdict | "", string])[] = [
  ["", "any"],
  ["valid", "valid"],
  ["invalid", "not valid"],
  ["unfinished", "unfinished"],
];

function option(value: string, name: string, isChosen: boolean): Html {
  return isChosen
    ? markup`<option value="${value}" selected>${name}</option>`
    : markup`<option value="${value}">${name}</option>`;
}

/**
 * Makes the list alone.
 *
 * @param place Where the viewer is.
 * @param query What is asked for.
 * @param listing The runs.
 * @returns The list, with links to the pages before and after it.
 */
export function results(place: Place, query: RunQuery, listing: RunListing): Html {
  const { base } = place;
  const { rows, next, isPartial = false } = listing;
  const older = next === undefined ? "" : writeQuery({ ...query, after: next });
  const newest = writeQuery({ ...query, after: undefined });
  return markup`<h2 class="unseen">Results</h2>
<p class="count" data-announce>${countOf(query, listing)}</p>${
    isPartial
      ? markup`<p class="hint">Very many texts have these words: only the best ${
        count(MOST_LOOKS)
      } were looked through for runs that fit the other fields.</p>`
      : ""
  }
<ol class="runs">${rows.map((row) => markup`<li>${runCard(place, row)}</li>`)}</ol>
<nav class="pages" aria-label="Pages of the list">${
    query.after === undefined ? "" : markup`<a href="${base}/?${newest}">Newest</a>`
  }${next === undefined ? "" : markup`<a href="${base}/?${older}" rel="next">Older runs</a>`}</nav>`;
}

/** A page tells how many runs it shows, and not as if these were all. */
function countOf(query: RunQuery, { rows, next }: RunListing): string {
  const { words, after } = query;
  if (rows.length === 0) {
    return writeQuery(query) === "" ? "There are no runs so far." : "No run is like that.";
  }
  const runs = plural(rows.length, "run");
  if (searchTextOf(words) !== "") return rows.length === ROWS ? `The best ${runs}` : `${runs}, best first`;
  if (after !== undefined) return `${rows.length} older ${rows.length === 1 ? "run" : "runs"}`;
  return next === undefined ? `${runs}, newest first` : `The newest ${runs}`;
}

function runCard({ base }: Place, { summary, text, snippet }: RunRow): Html {
  const { runId, startedAt, facts } = summary;
  const title = oneLine(facts.prompt ?? "", TITLE_CHARACTERS) || runId;
  return markup`<article class="card">
<h3 dir="auto"><a href="${base}/run/${segment(runId)}">${title}</a></h3>
<p class="outcome">${outcomeBadge(summary)}</p>
<p class="when"><time datetime="${startedAt}">${instant(startedAt)} UTC</time></p>
<p class="facts">${
    [
      facts.model,
      facts.iterations === undefined ? undefined : plural(facts.iterations, "iteration"),
      facts.durationMs === undefined ? undefined : duration(facts.durationMs),
      facts.usage === undefined || facts.usage.modelCalls === 0 ? undefined : `${tokens(facts.usage)} tokens`,
      facts.usage?.costUsd === undefined ? undefined : money(facts.usage.costUsd),
    ].filter((fact) => fact !== undefined).map((fact) => markup`<bdi>${fact}</bdi> `)
  }</p>
${
    snippet !== undefined
      ? markup`<p class="excerpt" dir="auto">${marked(snippet)}</p>`
      : text !== undefined
      ? markup`<p class="excerpt" dir="auto">${oneLine(text, TEXT_CHARACTERS)}</p>`
      : facts.error !== undefined
      ? markup`<p class="excerpt" dir="auto">${oneLine(facts.error.message, TEXT_CHARACTERS)}</p>`
      : ""
  }</article>`;
}

/** A snippet has its matches between `«` and `»`; texts may hold these signs, too, which then stand out for nothing. */
function marked(snippet: string): Html[] {
  return snippet.split(/«([^«»]*)»/).map((part, index) =>
    index % 2 === 1 ? markup`<mark>${part}</mark>` : markup`${part}`
  );
}
