/**
 * Keeps keys out of what is told of a call: servers repeat what they were sent, in bodies, headers and in words of their own.
 *
 * @module
 */

/** What is shorter than this is no key, and taking it out would spoil ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * Takes secrets out of a text. Do it before the text is cut: half a key is told too much, too.
 *
 * @param secrets The secrets: keys, and whole values of headers.
 * @param text The text.
 * @returns The text, with `***` for each secret, and for what a header's value says it is (`Bearer …`, `session=…`), in the
 * ways in which JSON and URLs write it.
 */
export function scrub(secrets: readonly string[], text: string): string {
  const forms = new Set(secrets.flatMap((secret) => [secret, ...partsOf(secret)]).flatMap(formsOf));
  // A secret may begin with another one, of which it would leave its end.
  return [...forms].sort((one, other) => other.length - one.length)
    .reduce((scrubbed, form) => scrubbed.replaceAll(form, "***"), text);
}

/**
 * Takes secrets out of JSON, such as a server's whole answer.
 *
 * @param secrets The secrets.
 * @param value JSON.
 * @returns The value itself where there is none in it; `undefined` where it makes no sense without them.
 */
export function scrubJson(secrets: readonly string[], value: unknown): unknown {
  const text = JSON.stringify(value);
  const scrubbed = scrub(secrets, text);
  if (scrubbed === text) return value;
  try {
    return JSON.parse(scrubbed);
  } catch {
    return undefined;
  }
}

/** The key itself in a value such as `Bearer KEY` or `session=KEY; other=KEY`; words of a sentence are none. */
function partsOf(secret: string): string[] {
  const words = secret.trim().split(/[\s;,]+/);
  if (words.length !== 2 && !secret.includes("=")) return [];
  return words.flatMap((word) => [word, word.slice(word.indexOf("=") + 1)]);
}

function formsOf(secret: string): string[] {
  const plain = secret.trim();
  if (plain.length < SHORTEST_SECRET) return [];
  const inJson = JSON.stringify(plain).slice(1, -1);
  const inUrl = plain.isWellFormed() ? [encodeURIComponent(plain)] : [];
  // A quoted request stands in the JSON of an answer as JSON within JSON.
  const quoted = JSON.stringify(inJson).slice(1, -1);
  return [plain, inJson, inJson.replaceAll("/", "\\/"), quoted, ...inUrl];
}
