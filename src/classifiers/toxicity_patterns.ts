/**
 * The patterns of insults, threats and attacks, for the plain text of a {@linkcode PlainReader}: each is a thing said to
 * somebody or of somebody, not a word that occurs.
 *
 * All repeat within bounds, so that any text takes linear time.
 *
 * @module
 */

import { groupPattern } from "./identity_groups.ts";
import {
  ADJECTIVES,
  BETWEEN,
  BODY,
  CALLED,
  DEHUMANISING,
  DESTRUCTION,
  INSULTS,
  KIN,
  VIOLENCE,
} from "./toxicity_words.ts";

/** What kind of harm is done. */
export type ToxicityCategory = "insult" | "profanity" | "identity_attack" | "self_harm" | "threat";

/** A pattern, and how much it says. */
export interface ToxicityPattern {
  /** What kind of harm it is. */
  readonly category: ToxicityCategory;
  /** How much evidence it is. */
  readonly weight: number;
  /** What it looks like in plain text. */
  readonly pattern: RegExp;
}

/** Stands in plain text for each letter of a swear word, so that one pattern holds for all of them. */
export const SWEAR_MARK = "\ue000";
/** Stands for each letter of a slur. */
export const SLUR_MARK = "\ue001";

const any = (words: readonly string[], ending = ""): string => `(?:(?:${words.join("|")})${ending})`;
const SWEAR = `${SWEAR_MARK}{2,40}`;
const GROUP = groupPattern();
const INSULT = `(?:${any(INSULTS, "s?")}|${SWEAR})`;
/** Those that are nearly always meant so, whoever is called that. */
const SURE_INSULTS = INSULTS.filter((word) => !["loser", "pervert", "weirdo", "dunce"].includes(word));
const NOUN = `(?:${any([...INSULTS, ...CALLED], "(?:e?s)?")}|${SWEAR})`;
const ADJECTIVE = any(ADJECTIVES);
const FILLING = `(?:${any([...BETWEEN, ...ADJECTIVES])} |${SWEAR} ){0,6}`;
const FOLLOWED = ' [.!?,;:"]| (?:and|who|like|is|are|or)\\b| $';
const END = `(?=${FOLLOWED})`;
const STOP = "[.!?] ";
const YOU_ARE =
  "(?:you (?:all |guys |people |lot |two |both |, [a-z]+ , )?(?:really |truly |just |clearly |obviously |honestly |" +
  "literally |still )?(?:are|come across as|sound like|look like|act like|behave like|remind me of)|are you(?: all| guys| people)?(?: (?:really|that|this|just|seriously|actually)){0,2}|your(?= an? ))";
const NOT_SAFE =
  "(?! (?:with (?:kindness|laughter|love|hugs|questions)|up (?:on|for|with|at|later|next|some)\\b|" +
  "some |down an? |(?:at|in) (?:a game|chess|checkers|cards|poker|tennis|golf|pool|mario|fifa|football|scrabble|the (?:\\w+ )?" +
  "(?:half|final|finals|game|match|race|quiz|round|polls|market|debate|court|league|ring))|" +
  "an? (?:\\w+ ){0,2}(?:email|e|mail|message|text|note|line|link|copy|slice|piece|cheque|check|deal|question|look|smile)\\b))";
const OWN = "(?:your|his|her|their|the)";
const KIN_OF = `(?:your|his|her|their) (?:\\w+ )?${any(KIN)}`;
const BODY_OF = `(?:your|his|her|their) (?:\\w+ ){0,2}${any(BODY)}`;
const WILL =
  "(?:i|we) (?:swear (?:to god )?(?:i |we )?)?(?:will|am going to|are going to|am about to|are about to|shall|want to|" +
  "would love to|would like to|wish i could|plan to|promise to|am coming to|am)" +
  " (?:(?!(?:not|never|nobody|no|without|if|when|who|that|anyone|gladly|happily)\\b)[a-z]+ ){0,7}?";
const TO_DIE =
  "(?:die|drop dead|jump off|hang yourself|kill yourself|end it(?: all)?|end your life|drown yourself|disappear forever)";
const BE_DESTROYED = `(?:be (?:all )?(?:[a-z]+ (?:or|and) )?(?:${
  any(DESTRUCTION)
}|wiped out|put down|put to death)|die|burn|rot)`;
const GOAL =
  "(?:die|rot|burn|suffer|choke|be dead|were dead|bleed|(?:get|gets) (?:hit|cancer|raped|shot|run over|killed|stabbed|aids))";

type Row = readonly [weight: number, source: string];

const INSULT_ROWS: readonly Row[] = [
  [
    1.6,
    `${YOU_ARE} (?!not )${FILLING}(?:${NOUN}|${ADJECTIVE})(?! (?:right|wrong|proof|by|for a living|lucky|good|happy|rich|easy|fast)\\b)`,
  ],
  [
    1.6,
    `how (?:can you be |are you |can you people be )?(?:so |this |that )?${ADJECTIVE} (?:you|are you|can you)\\b`,
  ],
  [1.4, `how (?:can|could) (?:you|anyone|somebody|someone) be (?:so |this |that )${ADJECTIVE}`],
  [
    1.6,
    `(?:as|than) (?:${ADJECTIVE}|fat|old) (?:as )?you\\b|\\byou (?:\\w+ ){0,2}(?:goldfish|pea) (?:brain|brained)`,
  ],
  [1.6, `you ${FILLING}${NOUN}(?= of (?:a|shit|trash|garbage|space|\\ue000)|${FOLLOWED})`],
  [1.5, `you ${ADJECTIVE} (?:little |old |fat |lying )?[a-z]+${END}`],
  [1.4, `, (?:you )?${FILLING}(?:${INSULT}|clown|creep|jerk|pig|scum|freak|brat)(?= [.!?"]| $)`],
  [1.4, `(?:^ |${STOP})(?:hey |ok |oh |you )?${FILLING}${INSULT}(?= [.!?,]| $)`],
  [1.3, `what an? ${FILLING}${NOUN}(?=${FOLLOWED}| you\\b)|\\bbunch of ${FILLING}${NOUN}${END}`],
  [1.5, `${NOUN} (?:and [a-z]+ )?like you(?:rself|rselves)?\\b`],
  [1.4, `(?:do not|stop) (?:be|being) (?:such )?an? ${FILLING}${NOUN}${END}`],
  [1.3, `(?:he|she|they) (?:is|are|really is|really are) (?!not )${FILLING}(?:${NOUN}|${ADJECTIVE})${END}`],
  [
    1.3,
    `(?:the|my|this|that|those|these|all|our) (?:[a-z]+ ){1,2}(?:is|are) (?!not )${FILLING}(?:${INSULT}|(?:${ADJECTIVE}|fat|lying|dirty|filthy|lazy) ${NOUN})${END}`,
  ],
  [
    1.8,
    `you ${FILLING}(?:sack|pile|bag|piece|lump|bucket|load) of (?:${SWEAR}|garbage|trash|crap|filth|dirt)`,
  ],
  [
    1.25,
    `(?:this|these|those|some|village|complete|total|utter|stfu|wtf|lol|bro|dude) ${
      any(SURE_INSULTS, "s?")
    }\\b`,
  ],
  [1.25, "(?:moronic|idiotic|brainless|braindead)\\b"],
  [
    1.3,
    "(?:dumb|dumber|thick|stupid) (?:as|than) (?:a )?(?:rocks?|bricks?|box of rocks|posts?|door|two short planks)\\b|\\bmore (?:intelligence|brains|sense|personality|charm) than you\\b",
  ],
  [0.9, `what (?:the (?:hell|${SWEAR}) )?is wrong with you\\b`],
  [
    1.6,
    "waste of (?:space|oxygen|skin|breath|air)\\b|\\bbrains? (?:is |are )?(?:of a|the size of a|like a)\\b",
  ],
  [1.5, "you (?:do not )?have (?:no|the|a|any) (?:brains?(?: of a| like)?|spine|shame|backbone|talent)\\b"],
  [
    1.4,
    "(?:nobody|no one|everyone|everybody|we all|none of us) (?:likes?|loves?|hates?|despises?|misses|missed|wants?) you\\b(?! to)",
  ],
  [
    1.3,
    "i (?:really |fucking |just )?(?:hate|despise|loathe) you\\b(?! (?:for being so|when|if|to)\\b)|\\byou make me (?:sick|puke|vomit)\\b",
  ],
  [
    1.4,
    "your (?:ugly |stupid )?face makes\\b|\\byour (?:mother|father|parents|family) (?:must|should) be (?:so )?(?:ashamed|embarrassed)",
  ],
  [1.3, "go to hell\\b|\\bscrew you\\b|\\b(?:rot|burn) in hell\\b|\\bdrop dead\\b"],
  [1.3, "(?:pathetic|poor|sorry|sad|miserable) excuse (?:for|of) an?\\b"],
  [0.9, `shut (?:the (?:hell|${SWEAR}) )?up\\b|\\bshut your (?:mouth|face|trap|hole|gob)\\b`],
  [1.5, `(?:^ |[.!?,] )you (?:(?!(?:lucky|clever|sly|good|sweet|cute|funny)\\b)[a-z]+ ){1,2}${NOUN}${END}`],
  [1.4, `(?:^ |[.!?,] )(?:[a-z]+ , )?${any(SURE_INSULTS)} ,`],
  [
    1.25,
    `(?!(?:an?|the|of|as|my|his|her|like|no|is|was|or|and|than|not)\\b)[a-z]+ ${
      any(SURE_INSULTS)
    }(?= [.!]| $)`,
  ],
  [1.3, `(?:he|she) is an? ${FILLING}${ADJECTIVE} (?:little |old |fat )?[a-z]+`],
  [
    1.3,
    `what an? ${FILLING}(?:human being|person|man|woman|guy|creature|thing to be)(?= [.!?]| you\\b| (?:he|she) | $)(?<=${ADJECTIVE} [a-z ]{3,12})`,
  ],
  [
    1.3,
    `never (?:seen|met|known) (?:anybody|anyone|someone|somebody|a person|people) (?:so|as|this) ${ADJECTIVE}`,
  ],
  [1.3, `only (?:an? )?${FILLING}${INSULT} (?:would|could)\\b`],
  [1.3, `(?:my|his|her|the|our) [a-z]+ is an? (?:(?!(?:not|no)\\b)[a-z]+ ){0,2}${INSULT}${END}`],
];

const PROFANITY_ROWS: readonly Row[] = [
  [
    1.6,
    `${SWEAR} (?:you|off|yourself|yourselves|him|her|them|your [a-z]+)\\b|\\b(?:suck|lick|kiss|eat) my ${SWEAR}`,
  ],
  [0.3, SWEAR],
];

const IDENTITY_ROWS: readonly Row[] = [
  [2.2, `${SLUR_MARK}{2,40}`],
  [2.2, `(?:${GROUP}|these people|those people) are (?!not )(?:[a-z]+ ){0,3}?${any(DEHUMANISING)}\\b`],
  [
    2.2,
    `(?:kill|gas|exterminate|shoot|hang|burn|lynch|murder|slaughter|eradicate) (?:all |every |each )(?:of )?(?:the |those |these )?${GROUP}`,
  ],
  [
    2.2,
    `(?:${GROUP}|these people|those people|people like you|they) (?:all )?deserves? to (?:die|burn|suffer|rot|be ${
      any(DESTRUCTION)
    })`,
  ],
  [
    2.2,
    `(?:${GROUP}|these people|those people|people like you) (?:all )?(?:should|ought to|must|need to|have to) (?:all |just )?${BE_DESTROYED}\\b`,
  ],
  [
    1.5,
    `they (?:all )?(?:should|ought to|must) (?:all |just )?be (?:${any(DESTRUCTION)}|wiped out|put down)\\b`,
  ],
  [
    2.0,
    `i (?:really |just |fucking )?(?:hate|despise|loathe|can not stand) (?:all )?(?:of )?(?:the |those |these )?${GROUP}`,
  ],
  [
    2.0,
    "(?:^ |[.!?,] )(?:you should |just |please )?go back to your (?:own )?(?:country|jungle|desert|cave)",
  ],
  [
    2.0,
    "(?:go|send (?:them|him|her|you)(?: all)?) back (?:to )?where (?:you|they|he|she) (?:came|come|comes) from",
  ],
  [2.2, `(?:${GROUP}|these people|those people) are (?:property|slaves|not (?:people|human|humans))\\b`],
  [2.0, `send (?:those|these|the|all those) (?:[a-z]+ )?${any(DEHUMANISING)} back\\b`],
];

const SELF_HARM_ROWS: readonly Row[] = [
  [2.2, "(?:kill|hang|shoot|drown|off|poison) (?:yourself|yourselves)\\b|\\bkys\\b"],
  [2.2, `(?:^ |${STOP}|, |and )(?:just |please |now )?(?:go (?:and )?|hurry up and )(?:just )?${TO_DIE}\\b`],
  [
    2.2,
    `(?:you (?:all )?should|why do not you)(?: all)?(?: just)?(?: go)?(?: and)? ${TO_DIE}(?= (?:in|of|now|already|tonight|today|slowly|alone)\\b| [.!?,]| $)`,
  ],
  [
    2.2,
    `do (?:us all|us|everyone|everybody|the world|me) a favou?r (?:, |and )?(?:[a-z]+ ){0,3}?(?:die|jump|hang|kill|drink|end|disappear|vanish|never wake up|stop breathing)\\b`,
  ],
  [
    2.2,
    "(?:^ |[.!?,] )(?:just |please )?(?:end it (?:already|all|now)|end your life|die in (?:a|the) (?:fire|hole|ditch)|die (?:slowly|already))\\b",
  ],
  [
    2.2,
    "(?:drink|swallow) (?:some |a bottle of )?bleach\\b|\\b(?:slit|cut) your (?:own )?(?:wrists?|throat)\\b",
  ],
  [
    2.2,
    `you should have been (?:aborted|swallowed|strangled|${
      DESTRUCTION.join("|")
    })\\b|\\byou should never have been born\\b`,
  ],
  [2.2, "world (?:would|will) be (?:[a-z]+ ){0,3}(?:better|happier)(?: place| off)? without you\\b"],
  [1.7, "(?:nobody|no one) (?:would|will) (?:even |ever )?(?:miss you|care if you (?:die|died))\\b"],
  [
    2.2,
    `i (?:hope|wish) (?:that )?(?:you|he|she|they|all of you|${KIN_OF}|your whole family)(?: all| both| just)? ${GOAL}\\b`,
  ],
  [2.2, "you (?:all |really |just )?deserve to (?:die|burn|suffer|rot|be (?:shot|hanged|killed|raped))\\b"],
  [
    2.2,
    "(?:^ |[.!?,] |i )hope (?:that )?you (?:(?!not\\b|never\\b)[a-z]+ ){0,5}?(?:die|rot|burn|choke|suffer)\\b",
  ],
  [2.2, "you do not deserve to (?:live|exist|breathe)\\b|\\bkilled yourself (?:yet|already)\\b"],
];

const THREAT_ROWS: readonly Row[] = [
  [2.6, `${WILL}${any(VIOLENCE)} (?:you|all of you|every one of you|${KIN_OF}|${BODY_OF})\\b${NOT_SAFE}`],
  [
    2.6,
    `(?:find|catch|get|hunt|track) you (?:down )?and (?:[a-z]+ ){0,2}?(?:${
      any(VIOLENCE)
    }|beat|break|burn)\\b`,
  ],
  [1.6, `${WILL}${any(VIOLENCE)} (?:him|her)\\b${NOT_SAFE}`],
  [1.15, `${WILL}${any(VIOLENCE)} them(?: all)?${END}`],
  [
    2.6,
    `${WILL}(?:beat|kick|knock) (?:you|him|her|them) (?:up\\b|to death|to a pulp|senseless|unconscious|bloody|black and blue|until)`,
  ],
  [
    2.6,
    `${WILL}(?:break|smash|bash|snap|shatter|crush|slit|cut off|cut|rip off|rip out|kick|bust|cave in) (?:every bone in |both )?${BODY_OF}\\b`,
  ],
  [2.6, "(?:break|snap|crush) (?:every|each) (?:single )?bone in your body"],
  [
    2.6,
    `${WILL}(?:burn|blow|torch|set fire to)(?: down| up)? ${OWN} (?:\\w+ )?(?:house|home|flat|apartment|shop|car|church|mosque|synagogue)\\b|\\bburn your (?:house|home) down`,
  ],
  [
    2.6,
    `${WILL}(?:make|watch) (?:you|him|her|them) (?:bleed|suffer|scream|beg|die|choke)\\b|\\b${WILL}end your life`,
  ],
  [2.6, "put an? (?:bullet|knife|axe|blade) (?:in|into|through) (?:you|him|her|them|your|his|her)\\b"],
  [2.6, `${WILL}hunt you down\\b(?! an? )`],
  [
    1.4,
    `(?:coming|come) (?:over |round )?(?:[a-z]+ )?(?:for|after) you\\b|\\bcoming (?:over |round )?(?:[a-z]+ )?with an? (?:knife|gun|bat|axe|rifle)\\b`,
  ],
  [
    1.3,
    "(?:i|we) know (?:where you (?:live|sleep|work|park)|your address|where your (?:[a-z]+ )?(?:kids|children|family|house|school))",
  ],
  [
    1.3,
    "sleep with one eye open|\\bwatch your back\\b(?= [.!?,])|\\bsay goodbye to your (?:family|kids|children|wife|husband|life|legs|teeth)",
  ],
  [
    2.5,
    "you (?:will|are going to) (?:die|bleed)(?: tonight| today| tomorrow| soon| slowly| screaming| in pain| for (?:this|that))\\b",
  ],
  [
    2.5,
    "you will (?:all )?(?:pay|suffer) (?:for this |for that )?(?:with your (?:life|blood)|dearly)\\b|\\byou will never (?:see (?:them|him|her|your [a-z]+) again|leave here alive|wake up again)",
  ],
  [2.4, `you are (?:so )?dead(?: meat)?(?= [.!?,]| $)|\\byou are (?:a )?dead (?:man|woman|meat)\\b`],
  [
    2.4,
    "(?:your (?:[a-z]+ )?(?:kids|children|wife|husband|son|daughter|family)|you) (?:will )?never (?:come|comes|get|make it) home\\b|\\beating through a straw\\b",
  ],
  [2.4, `(?:somebody|someone) (?:should|needs to|ought to|is going to) ${any(VIOLENCE)} you\\b${NOT_SAFE}`],
  [
    2.5,
    `${WILL}(?:beat|kick|knock|pound) the (?:living )?(?:hell|crap|daylights|life|${SWEAR}) out of (?:you|him|her|them)\\b`,
  ],
  [2.5, "you will not (?:live to )?(?:see (?:tomorrow|another day|morning|the morning)|live another day)\\b"],
];

function patterns(category: ToxicityCategory, rows: readonly Row[]): ToxicityPattern[] {
  return rows.map(([weight, source]) => ({
    category,
    weight,
    pattern: new RegExp(`(?<=[ ]|^)(?:${source})`, "gu"),
  }));
}

/** All of them. */
export const TOXICITY_PATTERNS: readonly ToxicityPattern[] = [
  ...patterns("insult", INSULT_ROWS),
  ...patterns("profanity", PROFANITY_ROWS),
  ...patterns("identity_attack", IDENTITY_ROWS),
  ...patterns("self_harm", SELF_HARM_ROWS),
  ...patterns("threat", THREAT_ROWS),
];
