/**
 * What a user changes about a lexicon: words and phrases that count beside those of the lexicon, those that do not, and the
 * language of the texts.
 *
 * Each classifier has its own; nothing is shared between two. All of one's words are found in one pass, as whole words, whatever
 * their case, white space and look-alike letters.
 *
 * @module
 */

import { optionError, type OptionProblem, type OptionSchemas, show } from "../options.ts";
import { toComparable } from "../text/normalize.ts";
import { foldPhrase, PhraseFinder } from "../text/phrase_finder.ts";
import { standsAlone } from "../text/word_boundary.ts";

/** The options of a lexicon that all of them share. */
export interface LexiconOptions<Kind extends string> {
  /** Further words and phrases, each with what it is evidence of; they count wherever they stand, quoted or denied. @default {} */
  readonly addTerms?: Readonly<Record<string, Kind>>;
  /** Words and phrases that are no evidence: what the lexicon finds where one of them stands does not count. @default [] */
  readonly removeTerms?: readonly string[];
  /**
   * The language of the texts, by its BCP 47 tag. The lexicon is English; for any other language only `addTerms` count, and a text
   * without any of them has the neutral label, with `unsupportedLanguage` in its metadata. @default "en"
   */
  readonly language?: string;
}

/** Where something stands in a text, in UTF-16 units. */
export interface TermSpan {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** A word of one's own in a text. */
export interface OwnTerm<Kind extends string> extends TermSpan {
  /** What it is evidence of. */
  readonly kind: Kind;
}

const ENGLISH = "en";
const LANGUAGE_TAG = /^([a-z]{2,3})(?:-[a-z\d]{1,8})*$/i;

/** The option that says in which language the texts are. */
export const LANGUAGE_OPTION: OptionSchemas = {
  language: {
    description: "The language of the texts, by its BCP 47 tag; for any but English only addTerms count.",
    type: "string",
    minLength: 2,
    default: ENGLISH,
  },
};

/**
 * The shared options of a lexicon, for checking them and for the configuration file.
 *
 * @param kinds What its words are evidence of.
 * @returns Their schemas.
 */
export function lexiconOptions(kinds: readonly string[]): OptionSchemas {
  return {
    addTerms: {
      description: "Further words and phrases, each with what it is evidence of.",
      type: "object",
      additionalProperties: { enum: kinds },
    },
    removeTerms: {
      description: "Words and phrases that are no evidence.",
      type: "array",
      items: { type: "string", minLength: 1 },
      default: [],
    },
    ...LANGUAGE_OPTION,
  };
}

/**
 * Whether a language is English.
 *
 * @param component The component, as errors name it.
 * @param language Its BCP 47 tag.
 * @returns `true` for English of any country.
 * @throws {ConfigurationError} When it is no tag.
 */
export function isEnglish(component: string, language: string = ENGLISH): boolean {
  const subtag = LANGUAGE_TAG.exec(language)?.[1];
  if (subtag !== undefined) return subtag.toLowerCase() === ENGLISH;
  const message = `language must be a BCP 47 tag, such as "en" or "pt-BR": it is ${show(language)}`;
  throw optionError(component, [{ path: ["language"], message }]);
}

/** The words of one classifier's user. */
export class OwnTerms<Kind extends string> {
  /** Whether the texts are in English, so that the lexicon's own words count. */
  readonly isEnglish: boolean;
  readonly #added: TermFinder;
  readonly #kinds: readonly Kind[];
  readonly #removed: TermFinder;

  /**
   * Checks the options and takes them over.
   *
   * @param component The component, as errors name it.
   * @param options The words.
   * @throws {ConfigurationError} When a word is blank, stands in both lists or twice in one, or the language is none.
   */
  constructor(component: string, { addTerms = {}, removeTerms = [], language }: LexiconOptions<Kind>) {
    this.isEnglish = isEnglish(component, language);
    const added = Object.keys(addTerms);
    const problems = wrongTerms(added, removeTerms);
    if (problems.length > 0) throw optionError(component, problems);
    this.#added = new TermFinder(added);
    this.#kinds = Object.values(addTerms);
    this.#removed = new TermFinder(removeTerms);
  }

  /**
   * Finds the added words.
   *
   * @param text The text.
   * @returns The words in order, the longest of what overlaps.
   */
  find(text: string): OwnTerm<Kind>[] {
    return this.#added.find(text).map(({ start, end, term }) => ({ start, end, kind: this.#kinds[term]! }));
  }

  /**
   * Takes out what stands where a removed word does.
   *
   * @param text The text.
   * @param findings What the lexicon found, in order.
   * @returns What counts of it.
   */
  without<Finding extends TermSpan>(text: string, findings: readonly Finding[]): Finding[] {
    const removed = findings.length === 0 ? [] : this.#removed.find(text);
    let next = 0;
    return findings.filter(({ start, end }) => {
      while (next < removed.length && removed[next]!.end <= start) next++;
      return next === removed.length || removed[next]!.start >= end;
    });
  }
}

function wrongTerms(added: readonly string[], removed: readonly string[]): OptionProblem[] {
  const problems: OptionProblem[] = [];
  const seen = new Map<string, string>();
  const terms = [
    ...added.map((term) => ({ term, path: ["addTerms", term] })),
    ...removed.map((term, index) => ({ term, path: ["removeTerms", index] })),
  ];
  for (const { term, path } of terms) {
    const key = comparable(term);
    const other = seen.get(key);
    if (key === "") problems.push({ path, message: `${path[0]} must not have a blank word` });
    else if (other !== undefined) {
      problems.push({
        path,
        message: `each word must be given once: ${show(other)} and ${show(term)} are one`,
      });
    } else seen.set(key, term);
  }
  return problems;
}

function comparable(term: string): string {
  return foldPhrase(toComparable(term.trim(), "confusables").text, false);
}

/** Finds a fixed set of words. */
class TermFinder {
  readonly #finder: PhraseFinder | undefined;

  constructor(terms: readonly string[]) {
    if (terms.length > 0) this.#finder = new PhraseFinder(terms.map(comparable), false);
  }

  find(original: string): (TermSpan & { readonly term: number })[] {
    if (this.#finder === undefined) return [];
    const { text, toOriginal } = toComparable(original, "confusables");
    const found: { start: number; end: number; term: number }[] = [];
    this.#finder.find(text, (term, start, end) => {
      if (standsAlone(text, start, end)) found.push({ start, end, term });
    });
    const inOrder = found.sort((one, other) => one.start - other.start || other.end - one.end);
    let end = 0;
    return inOrder.flatMap((one) => {
      if (one.start < end) return [];
      end = one.end;
      const [from, to] = toOriginal([one.start, one.end]);
      return [{ start: from, end: to, term: one.term }];
    });
  }
}
