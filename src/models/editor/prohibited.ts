/**
 * Rids a text of what must not occur in it: puts simpler words in its place where there are any, takes it out where the
 * sentence can do without, and drops the sentence where it cannot.
 *
 * @module
 */

import { type Block } from "./blocks.ts";
import { FILLERS } from "./rules.ts";
import { applyChanges, type Change, takeOut } from "./splice.ts";
import { splitSentences } from "./split_sentences.ts";

/** What to do and how to find it. */
export interface Prohibition {
  /** The texts that must not occur. */
  readonly terms: readonly string[];
  /** Says what to write instead; `undefined` where there is nothing. */
  readonly replacementFor: (term: string) => string | undefined;
}

/**
 * Removes prohibited texts.
 *
 * @param blocks The text.
 * @param prohibition What must go.
 * @returns The blocks; one that has lost all of its text is empty.
 */
export function removeProhibited(blocks: readonly Block[], prohibition: Prohibition): Block[] {
  const { terms } = prohibition;
  if (terms.length === 0) return [...blocks];
  const pattern = patternOf(terms);
  return blocks.map((block) => {
    if (block.kind === "fixed" || block.kind === "blank" || !found(pattern, block.text)) return block;
    if (block.kind === "heading") return { ...block, text: takeAllOut(block.text, pattern, prohibition) };
    return { ...block, text: cleanSentences(block.text, pattern, prohibition) };
  });
}

/**
 * One pattern for all terms in upper and lower case, the longest first. Spaces in a term stand for any, and a boundary is asked
 * for beside a letter only.
 */
export function patternOf(terms: readonly string[]): RegExp {
  const alternatives = [...new Set(terms.map((term) => term.trim()).filter((term) => term !== ""))]
    .sort((one, other) => other.length - one.length)
    .map((term) => {
      const body = term.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\s+/gu, "\\s+");
      const opening = /^[\p{L}\p{N}_]/u.test(term) ? "(?<![\\p{L}\\p{N}_])" : "";
      const closing = /[\p{L}\p{N}_]$/u.test(term) ? "(?![\\p{L}\\p{N}_])" : "";
      return `${opening}${body}${closing}`;
    });
  return new RegExp(alternatives.join("|"), "giu");
}

function found(pattern: RegExp, text: string): boolean {
  return text.search(pattern) >= 0;
}

function cleanSentences(text: string, pattern: RegExp, prohibition: Prohibition): string {
  return splitSentences(text).map((sentence) => {
    const replaced = replaceIn(sentence, pattern, prohibition);
    const shorter = dropFillers(replaced, pattern);
    return found(pattern, shorter) ? "" : shorter;
  }).join("").replace(/\s+$/, (space) => /\s$/.test(text) ? space : "");
}

function replaceIn(sentence: string, pattern: RegExp, { replacementFor }: Prohibition): string {
  const changes: Change[] = [];
  for (const { 0: term, index } of sentence.matchAll(pattern)) {
    const by = replacementFor(term);
    // A replacement that is itself prohibited would only be found again.
    if (by !== undefined && by !== "" && !found(pattern, by)) {
      changes.push({ start: index, end: index + term.length, by });
    }
  }
  return changes.length === 0 ? sentence : applyChanges(sentence, changes);
}

function dropFillers(sentence: string, pattern: RegExp): string {
  let text = sentence;
  // Each turn takes one out; a sentence has fewer terms than characters.
  for (let turn = 0; turn < sentence.length; turn++) {
    const next = [...text.matchAll(pattern)].find((match) =>
      FILLERS.has(match[0].toLowerCase().replace(/\s+/g, " ")) && canDrop(text, match.index)
    );
    if (next === undefined) break;
    text = takeOut(text, next.index, next.index + next[0].length);
  }
  return text;
}

/** "Not simply wrong" without "simply" says the opposite, and "the very day" cannot lose its "very". */
function canDrop(sentence: string, at: number): boolean {
  return !/(?:\bnot|n['’]t|\bno|\bnever|\bthe|\bas|\bso|\bhow)\s+$/i.test(sentence.slice(0, at));
}

function takeAllOut(heading: string, pattern: RegExp, prohibition: Prohibition): string {
  let text = replaceIn(heading, pattern, prohibition);
  for (let turn = 0; turn < heading.length; turn++) {
    const [next] = text.matchAll(pattern);
    if (next === undefined) break;
    text = takeOut(text, next.index, next.index + next[0].length);
  }
  return text.trim();
}
