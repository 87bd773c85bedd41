/**
 * Takes a revised text out of what a model wrapped around it.
 *
 * @module
 */

import { stripReasoning } from "../text/reasoning.ts";

const FENCED = /^(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)\n?\1[ \t]*$/;
const TAGGED = /^<([a-z]+-[0-9a-f]{8,})>\n?([\s\S]*?)\n?<\/\1>$/;
const ANNOUNCED = new RegExp(
  String.raw`^[*_#\s]*(?:(?:sure|certainly|of course|okay|ok|absolutely)[,.!:]?\s+)?` +
    String
      .raw`(?:here(?:'s|’s| is| are)[^\n]{0,120}?|(?:the |my |an? )?(?:improved|revised|corrected|updated|rewritten|refined|new|final)` +
    String.raw`(?: and \w+)? (?:text|version|draft|response|answer))\s*[:：][*_\s]*(?:\n|$)|` +
    String
      .raw`^[*_#\s]*(?:improved|revised|corrected|updated|rewritten|refined|final) (?:text|version|draft|response)\s*[:：][*_]*[ \t]*`,
  "i",
);

/**
 * Takes away one surrounding code fence, one surrounding tag of our own prompts, and a first line that only announces the text,
 * wherever something is left then. What the draft itself had is not taken away.
 *
 * @param answer What the model said.
 * @param draft The text that was revised.
 * @returns The revised text, trimmed; "" where there is none.
 */
export function cleanRevision(answer: string, draft: string): string {
  let text = stripReasoning(answer);
  const steps = [ANNOUNCED, TAGGED, FENCED, TAGGED];
  for (const step of steps) {
    if (step.test(draft.trim())) continue;
    const rest = step === ANNOUNCED ? text.replace(step, "") : step.exec(text)?.[2] ?? text;
    if (rest.trim() !== "") text = rest.trim();
  }
  return text;
}

/** Whether two texts are the same but for blanks. */
export function sameWords(a: string, b: string): boolean {
  return a.trim().replace(/\s+/g, " ") === b.trim().replace(/\s+/g, " ");
}
