/**
 * Words that say nothing about what a text is about.
 *
 * @module
 */

/**
 * The English words that retrieval leaves out unless it is told others.
 *
 * @example
 * ```ts
 * import { ENGLISH_STOP_WORDS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(ENGLISH_STOP_WORDS.includes("the")); // true
 * ```
 */
export const ENGLISH_STOP_WORDS: readonly string[] = Object.freeze(
  ("a about after again all also am an and any are as at be because been before being below between both but by can could " +
    "did do does doing down during each few for from further had has have having he her here hers him his how i if in into " +
    "is it its just me more most my no nor not of off on once only or other our out over own s same she should so some such " +
    "t than that the their them then there these they this those through to too under until up us very was we were what when " +
    "where which while who whom why will with would you your").split(" "),
);
