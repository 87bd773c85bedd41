/**
 * One run: what was asked, what came of it, when, and every text with all that was said about it.
 *
 * @module
 */

import type { RunSummary } from "../storage/runs.ts";
import { plural } from "../text/wording.ts";
import type { Thought } from "../thought/thought.ts";
import { count, duration, instant, oneLine, price, tokens } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import { type Place, segment } from "./layout.ts";
import { outcomeBadge } from "./outcome.ts";
import { MOST_ITERATIONS, type RunDetails } from "./run_reader.ts";
import { PageRoom } from "./page_room.ts";
import { cutHint, type TextsAround, textsView } from "./texts_view.ts";
import { timelineOf } from "./timeline.ts";
import { timelineView } from "./timeline_view.ts";
import { underWay } from "./under_way.ts";
import { criticsView, validatorsView } from "./verdicts_view.ts";

const TITLE_CHARACTERS = 120;

/** The title of a run's page. */
export function runTitle({ summary, best }: RunDetails): string {
  return oneLine(best?.prompt ?? summary.facts.prompt ?? "", TITLE_CHARACTERS) || summary.runId;
}

/**
 * Makes the page of a run. While the run is going on, the page asks for itself again.
 *
 * @param place Where the viewer is.
 * @param details The run.
 * @returns The content of the page.
 */
export function runPage({ base }: Place, details: RunDetails): Html {
  const { summary } = details;
  const address = `${base}/part/${segment(summary.runId)}`;
  return markup`<p class="back"><a href="${base}/">All runs</a></p>
<h1 dir="auto">${runTitle(details)}</h1>
${
    summary.status === "running"
      ? markup`<div id="run" data-live="${address}">${runPart(details)}</div>`
      : markup`<div id="run">${runPart(details)}</div>`
  }`;
}

/**
 * Makes the part of a run's page that changes while the run is going on.
 *
 * @param details The run.
 * @returns The part.
 */
export function runPart(details: RunDetails): Html {
  const { summary, thoughts, best, records, parts } = details;
  const { status, facts: { error, iterations = 0 } } = summary;
  const room = new PageRoom(thoughts.length);
  return markup`<div data-status="${status}">
${overview(summary, thoughts)}
${status === "running" ? markup`<p class="now">${underWay(thoughts, parts)}</p>` : ""}
${
    error === undefined
      ? ""
      : markup`<p class="failure">It failed: <bdi>${error.message}</bdi> <code>${error.code}</code></p>`
  }
${
    iterations > MOST_ITERATIONS
      ? markup`<p class="hint">Only the last ${MOST_ITERATIONS} iterations are shown.</p>`
      : ""
  }${
    thoughts.length < 2
      ? ""
      : markup`<nav class="jump" aria-label="Iterations">${
        thoughts.map((thought) =>
          markup`<a href="#iteration-${thought.iteration}">Iteration ${thought.iteration}${
            thought === best ? " (best)" : ""
          } <small>${passedWords(thought)}</small></a>`
        )
      }</nav>`
  }
${timelineView(timelineOf(thoughts, records))}
${
    thoughts.map((thought, index) =>
      iterationView(thought, { before: thoughts[index - 1], room, isBest: thought === best })
    )
  }
${thoughts.length === 0 ? markup`<p>No text is complete so far.</p>` : ""}</div>`;
}

/** How many validators let a text pass. */
function passedWords({ validationResults }: Thought): string {
  const results = Object.values(validationResults);
  const passed = results.filter((result) => result.passed).length;
  return results.length === 0 ? "" : `${passed} of ${results.length} passed`;
}

function overview(summary: RunSummary, thoughts: readonly Thought[]): Html {
  const { facts, runId, startedAt } = summary;
  const usage = facts.usage ?? thoughts.at(-1)?.usage;
  const entries: readonly (readonly [string, Html | string | undefined])[] = [
    ["Outcome", outcomeBadge(summary)],
    ["Began", markup`<time datetime="${startedAt}">${instant(startedAt)} UTC</time>`],
    ["Took", facts.durationMs === undefined ? undefined : duration(facts.durationMs)],
    ["Model", facts.model === undefined ? undefined : markup`<bdi>${facts.model}</bdi>`],
    ["Stopped", facts.stopReason],
    ["Model calls", usage && count(usage.modelCalls)],
    ["Tokens", usage && tokenWords(usage)],
    ["Cost", usage && price(usage.costUsd)],
    ["Run", markup`<code dir="auto">${runId}</code>`],
  ];
  return markup`<dl class="overview">${
    entries.map(([name, value]) =>
      value === undefined ? "" : markup`<div><dt>${name}</dt><dd>${value}</dd></div>`
    )
  }</dl>`;
}

function tokenWords(usage: Thought["usage"]): string {
  const { promptTokens, completionTokens, cacheReadTokens } = usage;
  if (promptTokens === undefined && completionTokens === undefined) return "unknown";
  const parts = [
    promptTokens === undefined ? undefined : `${count(promptTokens)} sent`,
    completionTokens === undefined ? undefined : `${count(completionTokens)} received`,
    cacheReadTokens === undefined ? undefined : `${count(cacheReadTokens)} from the cache`,
  ].filter((part) => part !== undefined);
  return `${tokens(usage)} (${parts.join(", ")})`;
}

function iterationView(
  thought: Thought,
  { before, room, isBest }: TextsAround & { readonly isBest: boolean },
): Html {
  const { iteration, generation, modelPrompt, systemPrompt } = thought;
  const { usage, durationMs } = generation ?? {};
  const facts = [
    markup`<bdi>${generation?.model ?? "the text that was given"}</bdi>`,
    ...durationMs === undefined ? [] : [duration(durationMs)],
    ...usage === undefined ? [] : [`${tokenWords(usage)} tokens`, `cost ${price(usage.costUsd)}`],
  ];
  return markup`<section class="iteration" id="iteration-${iteration}" aria-labelledby="head-${iteration}">
<h2 id="head-${iteration}">Iteration ${iteration}${
    isBest ? markup` <span class="badge good">the best</span>` : ""
  }</h2>
<p class="facts">${facts.map((fact) => markup`<span>${fact}</span> `)}</p>
${textsView(thought, { before, room })}
<div class="columns"><div>${validatorsView(thought)}</div><div>${criticsView(thought, room)}</div></div>
${
    systemPrompt === undefined || generation === undefined
      ? ""
      : promptView("The exact system prompt", systemPrompt, { key: `system-${iteration}`, room })
  }${
    modelPrompt === undefined
      ? ""
      : promptView("The exact prompt", modelPrompt, { key: `prompt-${iteration}`, room })
  }${contextView(thought, room)}</section>`;
}

function promptView(
  head: string,
  text: string,
  { key, room }: { readonly key: string; readonly room: PageRoom },
): Html {
  return markup`<details data-keep="${key}"><summary>${head}</summary>
<pre class="prose" dir="auto">
${room.shown(text)}</pre>${cutHint(text, room)}</details>`;
}

function contextView(
  { preGenerationContext, postGenerationContext, iteration }: Thought,
  room: PageRoom,
): Html | "" {
  const documents = [...preGenerationContext, ...postGenerationContext];
  if (documents.length === 0) return "";
  return markup`
    <details data-keep="context-${iteration}">
      <summary>${plural(documents.length, "document")} found by retrievers</summary>
      <ul>${
    documents.map(({ text }) =>
      markup`<li class="prose" dir="auto">${room.shown(text)}${cutHint(text, room)}</li>`
    )
  }</ul>
    </details>
  `;
}
