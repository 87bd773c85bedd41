/**
 * Where each value of a configuration stands in its file, and how that is shown to the person who wrote it.
 *
 * @module
 */

import { hideInUrls, hideSecrets, namesSecret } from "../text/secret_names.ts";

/** Of a longer line that cannot be read nothing is shown: looking for what may be secret in it would take its time. */
const LONGEST_SEARCHED = 20_000;

/** The way from the top of a configuration to one of its values. */
export type Path = readonly (string | number)[];

/** A stretch of the file, in UTF-16 code units from its start. */
export interface Span {
  /** Its first unit. */
  readonly start: number;
  /** The unit after its last. */
  readonly end: number;
}

/** A line and a column, both counted from 1. */
export interface Position {
  /** The line. */
  readonly line: number;
  /** The column, in UTF-16 code units. */
  readonly column: number;
}

/** The spans of one value and of the key it stands under. */
export interface Place {
  /** The value's own span. */
  readonly value: Span;
  /** The span of its key, for the values of a map. */
  readonly key?: Span;
}

const MAX_EXCERPT_COLUMNS = 100;
/** Whether a value stands under a key that names a secret, so that no message may show it. */
export function isSecret(path: Path): boolean {
  return path.some(namesSecret);
}

/** Where one value stands, and what stands below it. A tree: keys may be long, and every value below one has it in its path. */
interface PlaceNode {
  readonly isSecret: boolean;
  readonly parts: Map<string | number, PlaceNode>;
  place?: Place;
}

/** The text of a configuration file together with where its values stand. */
export class Places {
  /** What the file is called in messages. */
  readonly file: string;
  readonly #text: string;
  readonly #top: PlaceNode = { isSecret: false, parts: new Map() };
  readonly #secrets: Span[] = [];
  readonly #overrides: { readonly path: Path; readonly text: string }[] = [];

  /**
   * @param file What the file is called in messages.
   * @param text Its text.
   */
  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  /** Notes where a value stands. */
  add(path: Path, place: Place): void {
    let node = this.#top;
    for (const part of path) {
      let below = node.parts.get(part);
      if (below === undefined) {
        below = { isSecret: node.isSecret || namesSecret(part), parts: new Map() };
        node.parts.set(part, below);
      }
      node = below;
    }
    node.place = place;
    if (node.isSecret) this.#secrets.push(place.value);
  }

  /** Notes that a value was given by an override of the command line, and no longer stands in the file. */
  override(path: Path, text: string): void {
    this.#overrides.push({ path, text });
  }

  /** Where a value stands; where the nearest value around it does when it has no place of its own. */
  find(path: Path): Place | undefined {
    let node: PlaceNode | undefined = this.#top;
    let found = node.place;
    for (const part of path) {
      node = node.parts.get(part);
      if (node === undefined) break;
      found = node.place ?? found;
    }
    return found;
  }

  /**
   * Finds where a part of a text value is written.
   *
   * @param path The value.
   * @param part The part.
   * @returns Its span in the file; `undefined` where it does not stand there as it is, as in a value that an override gave.
   */
  spanOf(path: Path, part: string): Span | undefined {
    const span = this.overrideOf(path) === undefined ? this.find(path)?.value : undefined;
    const start = span === undefined ? -1 : this.#text.indexOf(part, span.start);
    return span === undefined || start < 0 || start + part.length > span.end
      ? undefined
      : { start, end: start + part.length };
  }

  /** The override that gave a value, as it was typed. */
  overrideOf(path: Path): string | undefined {
    return this.#overrides.findLast((entry) => entry.path.every((part, index) => part === path[index]))?.text;
  }

  /** What the file says at a place, before anything was put in for `${…}`. */
  source(span: Span): string {
    return this.#slice(span.start, span.end);
  }

  #slice(start: number, end: number): string {
    let text = this.#text.slice(start, end);
    for (const secret of this.#secrets) {
      const from = Math.max(secret.start, start) - start;
      const to = Math.min(secret.end, end) - start;
      if (from < to) text = text.slice(0, from) + "*".repeat(to - from) + text.slice(to);
    }
    return text;
  }

  /** The line and column of an offset. */
  position(offset: number): Position {
    const before = this.#text.slice(0, offset);
    const lineStart = before.lastIndexOf("\n") + 1;
    let line = 1;
    for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line++;
    return { line, column: offset - lineStart + 1 };
  }

  /**
   * The line of a span with a caret below it.
   *
   * @param span What to point at.
   * @returns Two lines of text.
   */
  excerpt(span: Span): string {
    const { line: lineNumber, column } = this.position(span.start);
    const lineStart = span.start - column + 1;
    const lineEnd = this.#text.indexOf("\n", lineStart);
    const line = this.#slice(lineStart, lineEnd < 0 ? this.#text.length : lineEnd).trimEnd();
    const written = hideInUrls(line);
    // Where the file could not be read, nobody knows which of its values are secrets.
    const whole = this.#top.parts.size > 0
      ? written
      : written.length > LONGEST_SEARCHED
      ? written.replace(/\S/g, "*")
      : hideSecrets(written);
    const cut = Math.max(
      0,
      Math.min(column - 1 - MAX_EXCERPT_COLUMNS / 2, whole.length - MAX_EXCERPT_COLUMNS),
    );
    const shown = whole.slice(cut, cut + MAX_EXCERPT_COLUMNS);
    const width = Math.max(1, Math.min(span.end, lineStart + whole.length) - span.start);
    // A tab before the caret stays a tab, so that the caret stands where the terminal shows the value.
    const indent = shown.slice(0, column - 1 - cut).replace(
      /[^\t]/gu,
      (character) => " ".repeat(columnsOf(character)),
    );
    const caret = "^".repeat(Math.max(1, Math.min(width, shown.length - (column - 1 - cut))));
    const number = String(lineNumber);
    return `  ${number} | ${shown}\n  ${" ".repeat(number.length)} | ${indent}${caret}`;
  }
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** How many columns of a terminal a character takes. */
function columnsOf(character: string): number {
  return /\p{Mark}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
