/**
 * Takes away what a model thought aloud before it answered.
 *
 * @module
 */

// A line separator is no indentation, as it begins a line itself: a run of them would be looked through once for each.
const TAG = /(?:(^)[^\S\r\n\u2028\u2029]*|)<(\/?)(think|thinking|reasoning|scratchpad)>/gim;

/**
 * Removes reasoning blocks such as `<think>…</think>`.
 *
 * A block counts where its opening tag starts a line, so that a draft quoted inside an answer is not cut. A first closing tag
 * without an opening one ends a block that began with the text; an opening tag that is never closed begins one that lasts to
 * the end, since the answer was cut off while the model was still thinking.
 *
 * @param text What the model said.
 * @returns What it answered, trimmed.
 */
export function stripReasoning(text: string): string {
  const kept: string[] = [];
  let position = 0;
  let inside: string | undefined;
  let isFirst = true;
  for (const match of text.matchAll(TAG)) {
    const [tag, lineStart, slash, written] = match;
    const name = written!.toLowerCase();
    const end = match.index + tag.length;
    const isOrphan = isFirst && !/^\s*\{/.test(text);
    isFirst = false;
    if (inside !== undefined) {
      if (slash === "/" && name === inside) {
        inside = undefined;
        position = end;
      }
    } else if (slash === "") {
      if (lineStart === undefined && match.index !== position) continue;
      kept.push(text.slice(position, match.index));
      inside = name;
    } else if (isOrphan) position = end;
  }
  if (inside === undefined) kept.push(text.slice(position));
  return kept.join("").trim();
}
