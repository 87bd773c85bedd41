/**
 * The words of profanity that are ours: mild ones, which lists of strong words leave out, and the places where a word of a list
 * is none.
 *
 * All expressions are for text in small letters without look-alikes, and repeat within bounds.
 *
 * @module
 */

/** Mild words; where a word has a plain meaning too, only what it is said with makes it one. */
export const MILD: readonly RegExp[] = [
  /\b(?:god|hot)?dam+n(?:it|able)?\b|\b(?:god)?dam+it\b|\bgoddamned\b/g,
  /\b(?:this|that|these|those|a|so|too|my|your|his|her|be)\s{1,3}damned\b/g,
  /\b(?:bull)?crap(?:py|ped|ping|load)?\b/g,
  /\b(?:what|who|where|why|how|when|get|shut|bloody|go to|to|like|as|beat|scared)\s{1,3}(?:the\s{1,3})?hell\b(?!['’])/g,
  /\bthe\s{1,3}hell\s{1,3}(?:with|out|up|away|off)\b|\bhell\s{1,3}(?:no|yes|yeah|of a)\b|\bhellhole\b/g,
  /\bbloody\s{1,3}(?=\p{L})(?!mary|sunday|battle|war|wars|conflict|nose|noses|lip|knee|knees|hand|hands|wound|wounds|knife|bandage|bandages|revolution|coup|civil|history|shirt|stool|diarrh|mess of|and)\p{L}{1,30}/gu,
  /\bbugger(?:ed|ing|s)?\b|\btossers?\b|\bscrew\s{1,3}(?:you|him|her|them|this|that)\b/g,
  /\b(?:dumb|jack|bad|smart|lame|kick|hard|lazy|wise|half)-?ass(?:es|ed|ery)?\b/g,
];

/** Listed words that are the plain name of something. */
export const PLAIN_NAMES: ReadonlySet<string> = new Set(["penis", "vagina", "sex"]);

/** Listed words that are mild. */
export const MILD_STEMS: ReadonlySet<string> = new Set(["arse", "ass", "bollocks", "piss", "boob", "tit"]);

/** Listed words that are what they are in whatever word they stand. */
export const UNMISTAKABLE: ReadonlySet<string> = new Set(["fuck", "motherfucker", "shit", "bullshit"]);

/** What listed words may go on with. */
export const ENDINGS =
  /^(?:s|es|ed|er|ers|ing|in|y|ie|ies|ty|ish|h[o0]les?|head|heads|face|faces|bag|bags|wad|wads|load|loads|wipe|wipes|hat|hats|off|up|ter|ters|tard|tards)?$/;

/** Names and terms in which a listed word is none, with some words around it. */
export const PLAIN_PLACES: readonly RegExp[] = [
  /\bshiit?ak?es?\b|\bshitakes?\b|\bmishit(?:s|ting)?\b|\bcumin\b|\bpussy\s?(?:willows?|cats?|foot\p{L}{0,4})/gu,
  /\bmoby[\s-]{1,3}dick\b|\bdick\s{1,3}(?:cheney|van dyke|turpin|clark|tracy|grayson|francis|whittington)\b/g,
  /\b(?:blue|great|coal|marsh|willow|crested|long-tailed)\s{1,3}tits?\b|\btit\s{1,3}for\s{1,3}tat\b/g,
  /\bbastard\s{1,3}(?:files?|swords?|wing|hemp|toadflax|title)\b|\b(?:summa|magna)\s{1,3}cum\s{1,3}laude\b|\bcum\s{1,3}laude\b/g,
  /\bcock-a-doodle-doo\b|\bcock[\s-]{1,3}(?:and[\s-]{1,3}bull|crow)/g,
  /\b(?:wild|nubian|african|somali|asiatic)\s{1,3}ass(?:es)?\b|\b(?:ox|mule|camel|horse)\s{1,3}and\s{1,3}(?:the\s{1,3}|an\s{1,3})?ass\b|\b(?:rode|riding|ride|rides|saddled)\s[^.!?]{0,40}\bass\b/g,
  /\b(?:breeder|kennel|litter|puppies|pups|vet|stud|whelp\p{L}{0,4})\b[^.!?]{0,60}\bbitch(?:es)?\b|\bbitch(?:es)?\b[^.!?]{0,60}\b(?:breeder|kennel|litter|puppies|pups|whelp)/gu,
  /\b(?:hens?|rooster|roast\p{L}{0,4}|stuff\p{L}{0,4}|farmyard|crowing|herbs)\b[^.!?]{0,40}\bcocks?\b|\bcocks?\b[^.!?]{0,40}\b(?:hens?|rooster|crow\p{L}{0,4}|farmyard)\b|\bcocked\b/gu,
  /\b(?:to|and|or|will|then|fork|needle|can)\s{1,3}prick\b|\bprick\s{1,3}(?:the|your|a|his|her|my)\b|\bprick(?:ed|ing|les?|ly|s)\b/g,
];

/** What stands right before a word that is spoken of and not said. */
export const MENTION =
  /\b(?:words?|terms?|expressions?|interjections?|verbs?|nouns?|spell(?:ed|ing)?)\s{1,3}["'“‘«`]$/;

/** What people mask with stars and the like. */
export const MASKED_WORDS: readonly { readonly word: string; readonly severity: "mild" | "strong" }[] = [
  ...("fuck fucks fucked fucker fuckers fucking fuckin motherfucker motherfuckers motherfucking shit shits shitty " +
    "bullshit bitch bitches asshole assholes arsehole bastard bastards cunt cunts dick dickhead prick pricks whore slut " +
    "twat wanker").split(" ").map((word) => ({ word, severity: "strong" }) as const),
  ...["damn", "damned", "goddamn", "crap", "crappy", "arse", "piss", "bollocks"].map((word) =>
    ({ word, severity: "mild" }) as const
  ),
];
