/**
 * Finds quotations in the text they are said to come from.
 *
 * @module
 */

/**
 * Says whether a text contains a quotation, apart from case, blanks, the shape of quotation marks and dashes, and dots of
 * omission at its ends.
 *
 * @param text The text.
 * @param quote The quotation.
 * @returns Whether the words are there. `false` for a quotation without words.
 */
export function containsQuote(text: string, quote: string): boolean {
  const parts = plain(quote).split(/\s*(?:\[\.\.\.\]|\.\.\.)\s*/).map(trimMarks).filter((part) =>
    part !== ""
  );
  if (parts.length === 0) return false;
  const source = plain(text);
  let from = 0;
  return parts.every((part) => {
    const found = source.indexOf(part, from);
    from = found + part.length;
    return found >= 0;
  });
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase()
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚`]/g, "'")
    .replace(/[‐‑–—]/g, "-")
    .replace(/\s+/g, " ");
}

function trimMarks(text: string): string {
  return text.replace(/^[\s"']+|[\s"']+$/g, "");
}
