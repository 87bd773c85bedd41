/**
 * How a run came out, as a badge.
 *
 * @module
 */

import type { RunSummary } from "../storage/runs.ts";
import { type Html, markup } from "./markup.ts";

/**
 * Makes the badge of a run. Its words say everything; colour only helps.
 *
 * @param run The run.
 * @returns The badge.
 */
export function outcomeBadge({ status, facts }: RunSummary): Html {
  if (status === "running") return markup`<span class="badge busy">running</span>`;
  if (status !== "finished") return markup`<span class="badge bad">${status}</span>`;
  return facts.valid === true
    ? markup`<span class="badge good">valid</span>`
    : markup`<span class="badge bad">not valid</span>`;
}
