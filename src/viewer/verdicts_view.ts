/**
 * What validators and critics said about a text.
 *
 * @module
 */

import type { CriticFeedback, FeedbackItem } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import type { ValidationResult } from "../thought/validation_result.ts";
import { duration, price, tokens } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import type { PageRoom } from "./page_room.ts";
import { cutHint } from "./texts_view.ts";

/**
 * Shows every validator's verdict.
 *
 * @param thought The iteration.
 * @returns A list, or nothing where no validator has spoken.
 */
export function validatorsView({ validationResults }: Thought): Html | "" {
  const results = Object.values(validationResults);
  if (results.length === 0) return "";
  return markup`
    <h3>Validators</h3>
    <ul class="verdicts">${results.map(verdict)}</ul>
  `;
}

function verdict(result: ValidationResult): Html {
  const { validator, passed, message, issues, suggestions, score, durationMs, error } = result;
  const badge = passed
    ? markup`<span class="badge good">passed</span>`
    : markup`<span class="badge bad">${error === undefined ? "did not pass" : "could not check"}</span>`;
  return markup`<li><p>${badge} <strong><bdi>${validator}</bdi></strong>${facts(score, durationMs)}</p>
${
    // The badge says so.
    message === "passed" && passed ? "" : markup`<p dir="auto">${message}</p>`}${
    remarks("Issues", issues.filter((issue) => issue !== message))
  }${remarks("Suggestions", suggestions)}</li>`;
}

/**
 * Shows every critic's feedback.
 *
 * @param thought The iteration.
 * @param room What its page has room for.
 * @returns A list, or nothing where no critic was asked.
 */
export function criticsView({ criticFeedback, iteration }: Thought, room: PageRoom): Html | "" {
  if (criticFeedback.length === 0) return "";
  return markup`
    <h3>Critics</h3>
    <ul class="verdicts">${criticFeedback.map((feedback) => opinion(feedback, { iteration, room }))}</ul>
  `;
}

function opinion(
  feedback: CriticFeedback,
  { iteration, room }: { readonly iteration: number; readonly room: PageRoom },
): Html {
  const { critic, summary, error, issues, suggestions, score, durationMs, usage, raw } = feedback;
  return markup`<li><p>${opinionBadge(feedback)} <strong><bdi>${critic}</bdi></strong>${
    facts(
      score,
      durationMs,
      ...usage === undefined ? [] : [`${tokens(usage)} tokens`, `cost ${price(usage.costUsd)}`],
    )
  }</p>
${error === undefined ? "" : markup`<p dir="auto">${error.message}</p>`}${
    summary === "" ? "" : markup`<p dir="auto">${summary}</p>`
  }${remarks("Issues", issues.map(remark))}${remarks("Suggestions", suggestions.map(remark))}${
    raw === undefined || raw === ""
      ? ""
      : markup`<details data-keep="raw-${iteration}-${critic}"><summary>The model’s answer</summary>
<pre class="prose" dir="auto">
${room.shown(raw)}</pre>${cutHint(raw, room)}</details>`
  }</li>`;
}

function opinionBadge({ error, needsImprovement }: CriticFeedback): Html {
  if (error !== undefined) return markup`<span class="badge bad">could not examine</span>`;
  if (needsImprovement === undefined) return markup`<span class="badge busy">no verdict</span>`;
  return needsImprovement
    ? markup`<span class="badge busy">asks for change</span>`
    : markup`<span class="badge good">content</span>`;
}

function facts(score: number | undefined, durationMs: number | undefined, ...more: string[]): Html | "" {
  const known = [
    ...score === undefined ? [] : [`score ${Number(score.toFixed(2))}`],
    ...durationMs === undefined ? [] : [duration(durationMs)],
    ...more,
  ];
  return known.length === 0 ? "" : markup` <span class="faint">${known.join(", ")}</span>`;
}

function remark({ text, severity, quote }: FeedbackItem): string {
  return `${severity === undefined ? "" : `${severity}: `}${text}${
    quote === undefined ? "" : ` (“${quote}”)`
  }`;
}

function remarks(head: string, texts: readonly string[]): Html | "" {
  if (texts.length === 0) return "";
  return markup`
    <p class="remarks">${head}</p>
    <ul>${texts.map((text) => markup`<li dir="auto">${text}</li>`)}</ul>
  `;
}
