/**
 * The languages that the language classifier knows, by BCP 47 primary subtags.
 *
 * @module
 */

/** All of them; `"und"` stands for none of them. */
export const LANGUAGES: readonly string[] =
  ("am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl no or pa pl " +
    "pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh").split(" ");

/** What stands for a language that is not known. */
export const UNDETERMINED = "und";
