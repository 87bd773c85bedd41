/**
 * Changes words of a text and leaves its spaces, commas and capitals in order.
 *
 * @module
 */

/** One change: the text from `start` to `end` becomes `by`. */
export interface Change {
  /** Where it begins, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
  /** What stands there afterwards; the empty text takes the words out. */
  readonly by: string;
}

/**
 * Makes changes that do not overlap; of two that do, the earlier wins.
 *
 * @param text The text.
 * @param changes What to change.
 * @returns The changed text.
 */
export function applyChanges(text: string, changes: readonly Change[]): string {
  const ordered = [...changes].sort((one, other) => one.start - other.start || other.end - one.end);
  const chosen: Change[] = [];
  for (const change of ordered) if (change.start >= (chosen.at(-1)?.end ?? 0)) chosen.push(change);
  // From the end, so that what is still to be changed stays where it was.
  return chosen.reverse().reduce(
    (changed, { start, end, by }) =>
      by === ""
        ? takeOut(changed, start, end)
        : changed.slice(0, start) + likeIn(changed, start, end, by) + changed.slice(end),
    text,
  );
}

/** Gives a replacement the capitals of what it replaces. */
function likeIn(text: string, start: number, end: number, by: string): string {
  const old = text.slice(start, end);
  if (old.length > 1 && old === old.toUpperCase() && old !== old.toLowerCase()) return by.toUpperCase();
  const first = old.charAt(0);
  return first !== first.toLowerCase() ? by.charAt(0).toUpperCase() + by.slice(1) : by;
}

/**
 * Takes words out of a sentence, with the commas that set them off.
 *
 * @param text The text.
 * @param start Where they begin, in UTF-16 code units.
 * @param end Where they end, exclusive.
 * @returns The text without them; what follows at the start of a sentence gets a capital.
 */
export function takeOut(text: string, start: number, end: number): string {
  let before = text.slice(0, start);
  let after = text.slice(end);
  const opens = /(?:^|[.!?:][)"'’”]*\s+|\n\s*)["'“‘(]*$/.test(before) && !/:\s+$/.test(before);
  if (opens) {
    after = after.replace(/^,?\s+/, "");
    return before + after.charAt(0).toUpperCase() + after.slice(1);
  }
  const setOff = /,\s*$/.test(before) && /^\s*,/.test(after);
  if (setOff) {
    before = before.replace(/,\s*$/, "");
    after = after.replace(/^\s*,/, "");
  } else if (/^\s*(?:[.!?;:,)]|$)/.test(after)) before = before.replace(/,?\s*$/, "");
  else if (/\s$/.test(before)) after = after.replace(/^\s+/, "");
  return before + after;
}
