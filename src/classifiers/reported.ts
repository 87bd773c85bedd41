/**
 * Finds what a text does not say itself: what it denies, and what it reports that others say.
 *
 * @module
 */

/** How a text stands to something in it. */
export type Stance = "said" | "denied" | "reported";

/** How much of its weight something keeps, by how the text stands to it. */
export const SHARE_OF_STANCE: Readonly<Record<Stance, number>> = { said: 1, reported: 0.2, denied: 0 };

const REPORTING =
  "(?:said|says|saying|wrote|writes|shouted|yelled|screamed|whispers?|whispered|claims?|claimed|claiming|tweeted|told|" +
  "called|calls|calling|stated|declared|argued|replied|read|reads|muttered|posted|stereotype|slogan|poster|headline|phrase|" +
  "words?|term|insult|slur|quote|quoted|sentence|message|comment|email|e mail|letter|note|line|song|film|movie|book|novel|poem|title)";
const BEFORE_QUOTE = new RegExp(`\\b${REPORTING}\\b[^.!?"]{0,60}$|: $`);
const AFTER_QUOTE = new RegExp(`^[ ,.]{0,4}(?:[a-z]+ ){0,4}${REPORTING}\\b`);
const DENIED =
  /\b(?:not(?! (?:believe|understand|imagine|stand|only|help)\b)|never|nobody|no one|hardly|false|wrong|untrue|myth|nonsense|rude|unfair|without|refuse|refuses|refused|stop)(?: (?!but\b)[a-z]+){0,6} $/;
const REPORTED =
  /(?<!\bi |\bnot )\b(?:said|says|wrote|claims?|claimed|tells|told|called|calling|thinks?|thought|believes?|believed|assume[sd]?|suggest(?:s|ed|ing)?|stereotypes?|claim|idea|notion|prejudice|belief|assumption|propaganda|whether|used to (?:say|think|believe))(?: (?:him|her|me|them|us|that|the|police|people|some|all|how|he|she|they|it|is|was|of|a|an|by)){0,4} $/;
/** How far back a denial is looked for, in UTF-16 units of plain text. */
const REACH = 64;
const LONGEST_QUOTE = 600;

/** Tells how a plain text stands to each place in it. */
export class StanceReader {
  readonly #text: string;
  /** Marks each unit that stands in reported speech between quotation marks. */
  readonly #quoted: Uint8Array;

  /**
   * Finds the quotations.
   *
   * @param text The text, as a `PlainReader` gives it.
   */
  constructor(text: string) {
    this.#text = text;
    this.#quoted = new Uint8Array(text.length);
    for (let open = text.indexOf('"'); open >= 0;) {
      const close = text.indexOf('"', open + 1);
      if (close < 0) break;
      if (close - open <= LONGEST_QUOTE && this.#isReported(open, close)) this.#quoted.fill(1, open, close);
      open = text.indexOf('"', close + 1);
    }
  }

  /**
   * How the text stands to a place in it.
   *
   * @param start Where the place begins.
   * @returns Whether the text says it, denies it or reports it.
   */
  at(start: number): Stance {
    if (this.#quoted[start] === 1) return "reported";
    const clause = this.#text.slice(Math.max(0, start - REACH), start).replace(/^.*[.!?,;:"]/s, "");
    if (DENIED.test(clause)) return "denied";
    return REPORTED.test(clause) ? "reported" : "said";
  }

  #isReported(open: number, close: number): boolean {
    return BEFORE_QUOTE.test(this.#text.slice(Math.max(0, open - REACH), open)) ||
      AFTER_QUOTE.test(this.#text.slice(close + 1, close + 1 + REACH));
  }
}
