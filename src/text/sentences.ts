/**
 * Tells whether a piece of text that a segmenter took for a sentence goes on after its full stop: "Dr. ", "J. R. R. ",
 * "No. 5".
 *
 * Only abbreviations that hardly ever end a sentence are listed; "etc." and "Inc." often do.
 *
 * @module
 */

const TITLES = "mr|mrs|ms|mx|dr|prof|rev|hon|gen|col|capt|cmdr|lt|sgt|sen|rep|gov|st|mt|ft";
const LATIN = "e\\.g|i\\.e|cf|vs|viz|ca|approx";
const NUMBERED = "no|nos|fig|figs|eq|eqs|p|pp|vol|vols|ch|sec|art|ed|eds|para";
const BEFORE = "(?:^|[^\\p{L}\\p{N}.])";

const ALWAYS_GOES_ON = new RegExp(`${BEFORE}(?:${TITLES}|${LATIN})\\.\\s*$`, "iu");
const BEFORE_NUMBER = new RegExp(`${BEFORE}(?:${NUMBERED})\\.\\s*$`, "iu");
/** "J. ", but not the pronoun of "Neither do I. ". */
const INITIAL = /(?:^|[^\p{L}\p{N}])(?!I\.)\p{Lu}\.\s*$/u;
const STARTS_WITH_NUMBER = /^[\p{Nd}(§#]/u;
/** An abbreviation is near the end of its segment; nothing before is looked at. */
const TAIL = 24;

/**
 * Whether a sentence goes on in the next segment.
 *
 * @param segment What the segmenter took for a sentence.
 * @param next The segment after it.
 * @returns `true` when the two belong together.
 */
export function goesOn(segment: string, next: string): boolean {
  // A line break ends a sentence whatever stands before it.
  if (/[\n\r\u2028\u2029]$/.test(segment)) return false;
  const tail = segment.slice(-TAIL);
  return ALWAYS_GOES_ON.test(tail) || INITIAL.test(tail) ||
    (BEFORE_NUMBER.test(tail) && STARTS_WITH_NUMBER.test(next));
}
