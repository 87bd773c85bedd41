/**
 * What changed between two texts, word by word.
 *
 * @module
 */

import { diffWordsWithSpace } from "diff";

/** A stretch of text that stayed, went or came. */
export interface TextChange {
  /** What became of it. */
  readonly kind: "kept" | "removed" | "added";
  /** The text. */
  readonly text: string;
}

/** Options of {@linkcode wordChanges}. */
export interface WordChangesOptions {
  /** How long may be looked for the fewest changes, in milliseconds; then all counts as changed. @default no bound */
  readonly timeoutMs?: number;
}

/**
 * Compares two texts.
 *
 * @param before The earlier text.
 * @param after The later text.
 * @param options How long it may take.
 * @returns What stayed, went and came, in order: all but what was added makes up the earlier text, all but what was removed
 * the later one.
 */
export function wordChanges(before: string, after: string, options: WordChangesOptions = {}): TextChange[] {
  const { timeoutMs: timeout = Infinity } = options;
  // Words of languages that write none apart are found by the platform.
  const intlSegmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  const found = diffWordsWithSpace(before, after, { intlSegmenter, timeout });
  if (found === undefined) return [{ kind: "removed", text: before }, { kind: "added", text: after }];
  const stretches: Stretch[] = [{ kept: "", removed: "", added: "" }];
  for (const { value, added, removed } of found) {
    const last = stretches.at(-1)!;
    if (added) last.added += value;
    else if (removed) last.removed += value;
    else if (isChanged(last) && BLANK.test(value)) {
      last.removed += value;
      last.added += value;
    } else stretches.push({ kept: value, removed: "", added: "" });
  }
  return stretches.flatMap(changesOf).filter(({ text }) => text !== "");
}

/** A text that stayed, and what went and came after it. */
interface Stretch {
  readonly kept: string;
  removed: string;
  added: string;
}

/** What may stand between words that changed together: "in order to" went, and not three words one by one. */
const BLANK = /^[^\S\n]+$/;

function isChanged({ removed, added }: Stretch): boolean {
  return removed !== "" || added !== "";
}

/** The space in which both end stayed. */
function changesOf({ kept, removed, added }: Stretch): TextChange[] {
  const [space] = /\s*$/.exec(removed)!;
  const common = added.endsWith(space) ? space : "";
  const end = -common.length || undefined;
  return [
    { kind: "kept", text: kept },
    { kind: "removed", text: removed.slice(0, end) },
    { kind: "added", text: added.slice(0, end) },
    { kind: "kept", text: common },
  ];
}
