/**
 * Fences around text that a prompt holds as data: drafts, documents, what another model said.
 *
 * A fence is a pair of lines `<label-HASH>` and `</label-HASH>`. The hash is of the fenced text, so that the same
 * text gives the same prompt each time, and it is lengthened while the tag occurs in the text, so that nothing inside
 * can close the fence.
 *
 * @module
 */

/**
 * Puts a fence around a text.
 *
 * @param label What the text is: lower-case letters, for example `"draft"`.
 * @param text The text; kept as it is.
 * @returns Three parts, a line each: the opening tag, the text, the closing tag.
 */
export function fence(label: string, text: string): string {
  const tag = tagFor(label, text);
  return `<${tag}>\n${text}\n</${tag}>`;
}

const OPENING = /^<([a-z]+)-((?:[0-9a-f]{8})+)>\n/gm;

/**
 * Reads a fenced text back.
 *
 * What looks like a fence inside another fence is passed over, and so is one whose hash is not that of its text.
 *
 * @param prompt A prompt with fences.
 * @param label The label of the one wanted.
 * @returns The text of the first fence with this label, or `undefined`.
 */
export function readFence(prompt: string, label: string): string | undefined {
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(prompt); match !== null; match = opening.exec(prompt)) {
    const found = match[1]!;
    const tag = `${found}-${match[2]}`;
    const closing = `\n</${tag}>`;
    // The text may be empty: the line break before the closing tag is then the one that ends the opening line's.
    const end = prompt.indexOf(closing, opening.lastIndex);
    if (end < 0) continue;
    const text = prompt.slice(opening.lastIndex, end);
    if (tagFor(found, text) !== tag) continue;
    if (found === label) return text;
    opening.lastIndex = end + closing.length;
  }
  return undefined;
}

function tagFor(label: string, text: string): string {
  let tag = `${label}-`;
  for (let round = 0; round === 0 || text.includes(tag); round++) tag += hash(text, round);
  return tag;
}

/** FNV-1a over UTF-16 code units, as eight hexadecimal digits; each round starts from another basis. */
export function hash(text: string, round: number): string {
  let state = 0x811c9dc5 ^ Math.imul(round, 0x9e3779b1);
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return (state >>> 0).toString(16).padStart(8, "0");
}
