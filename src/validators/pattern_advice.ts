/**
 * Advice on regular expressions that were written for another language.
 *
 * @module
 */

/** A form of another language, and how JavaScript writes it. */
const FOREIGN_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\(\?P</, "write a named group as (?<name>…)"],
  [/\(\?P=/, "write a reference to a named group as \\k<name>"],
  [/^\(\?[a-zA-Z]+\)/, "leave out the leading flags and set caseSensitive, multiline or flags"],
  [/\\A/, "write \\A, the start of the text, as (?<![^])"],
  [/\\[Zz]/, "write \\Z, the end of the text, as (?![^])"],
  [/\(\?#/, "JavaScript has no comments in patterns: leave (?#…) out"],
  [/\(\?>/, "JavaScript has no atomic groups: write (?>x) as (?=(x))\\1"],
  [/[*+?}]\+/, "JavaScript has no possessive quantifiers: write x*+ as x*"],
  [/\[\[:\w+:\]/, "write a class such as [[:alpha:]] as \\p{L}"],
];

/**
 * Says how to write a pattern that the engine refuses.
 *
 * @param source Its source.
 * @returns Advice, or "" where there is none.
 */
export function adviceFor(source: string): string {
  const found = FOREIGN_FORMS.filter(([form]) => form.test(source)).map(([, advice]) => advice);
  if (found.length === 0 && /\\[^\p{L}\p{N}^$\\.*+?()[\]{}|/-]/u.test(source)) {
    return "only ^ $ \\ . * + ? ( ) [ ] { } | / may be escaped";
  }
  return found.join("; ");
}
