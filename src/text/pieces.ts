/**
 * Cuts long texts.
 *
 * @module
 */

/**
 * Cuts a text to pieces that together are the text: behind a space in the last quarter of a piece, where there is one.
 *
 * @param text The text.
 * @param length The longest piece, in UTF-16 code units; at least 2.
 * @returns The pieces, one at least.
 */
export function piecesOf(text: string, length: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > length) {
    const end = endOfPiece(rest, length);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

function endOfPiece(text: string, length: number): number {
  const tail = text.slice(Math.floor(length * 3 / 4), length);
  const space = tail.search(/\s\S*$/);
  if (space >= 0) return length - tail.length + space + 1;
  // No half of a character is left behind.
  return /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(length - 1, length + 1)) ? length - 1 : length;
}
