/**
 * How validators word counts and lists.
 *
 * @module
 */

/**
 * A number with its noun.
 *
 * @param count The number.
 * @param noun The noun for one.
 * @param plural The noun for several. @default the noun with an "s"
 * @returns For example "1 word", "12 words".
 */
export function counted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/**
 * A list in a sentence.
 *
 * @param items Its items.
 * @returns For example "a, b and c".
 */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/**
 * Makes a sentence: a capital at its start, a full stop at its end.
 *
 * @param text The words.
 * @returns The sentence.
 */
export function sentence(text: string): string {
  const [first = ""] = text;
  return `${first.toUpperCase()}${text.slice(first.length)}${/[.!?…]$/.test(text) ? "" : "."}`;
}
