/**
 * The patterns of prejudice, for the plain text of a {@linkcode PlainReader}: a group as such, and a judgement of it.
 *
 * All repeat within bounds, so that any text takes linear time.
 *
 * @module
 */

import { ABILITIES, KINDS, TRAITS, VIRTUES } from "./bias_words.ts";
import { groupPattern } from "./identity_groups.ts";

const any = (words: readonly string[]): string => `(?:${words.join("|")})`;
/** With these before it, some people of the group are meant, and not the group. */
const SOME =
  "(?<!\\b(?:the|our|my|your|his|her|their|these|those|some|few|several|certain|many|two|three|four|five|other|such|and|of) )";
const GROUP =
  `${SOME}(?<group>${groupPattern()}(?: (?:drivers|bosses|workers|leaders|men|women|parents|over [a-z0-9]+))?)(?: today| nowadays| these days| in general| here)?`;
const HOW =
  "(?:(?!not\\b|no\\b)(?:[a-z]+ly|all|always|just|too|so|very|more|less|most|by nature|born|often|far|a bunch of|nothing but|a|an|the|pretty|" +
  "mostly|such|and|loud|cold|spoiled|drug|religious) ){0,4}";
const ARE = "(?:just |simply |really )?(?:are|is|can be|tend to be|will always be|have always been)";
const JUDGEMENT =
  `(?:(?!entitled to\\b)${any(TRAITS)}|${
    any(KINDS)
  }|(?:bad|terrible|awful|lousy|horrible|worse|weak) (?:at|with|drivers|leaders|parents|bosses|students|` +
  "workers|tippers|cooks|neighbou?rs|employees|managers|fathers|mothers|tenants)|(?:good|better|best|great|hopeless) (?:at|with)|no good|" +
  "gold diggers|burdens?(?: on| to)|to blame|prone to (?:crime|violence|drugs|lying|drinking)|not (?:good at|smart|capable|suited|fit|cut out|intelligent|rational|real|to be trusted))";
const THAN =
  "(?:smarter|better|stronger|dumber|worse|lazier|cleverer|superior|inferior|more (?:intelligent|rational|logical|honest|capable|emotional|violent)) (?:[a-z]+ ){0,3}?(?:than|to)";
const ONE =
  "(?:woman|man|girl|boy|lady|black person|white person|asian|immigrant|foreigner|muslim|jew|christian|mexican|old (?:man|woman|lady|person)|" +
  "(?:poor|rich|working class|disabled|gay|black|white) (?:man|woman|kid|person|child))";

const OF_GROUPS: readonly string[] = [
  `${GROUP} ${ARE} ${HOW}${JUDGEMENT}(?![a-z])`,
  `${GROUP} ${ARE} ${HOW}${THAN}\\b`,
  `${GROUP} (?:just |simply )?(?:can not|can never|could never|are unable to|are incapable of|do not know how to|should not|should never|will never) (?:ever |even |really )?${
    any(ABILITIES)
  }\\b`,
  `${GROUP} (?:never (?:listen|learn|work|pay|care|tell|grow|think|share|apologi[sz]e|admit|change)|always (?:cause|complain|lie|cheat|steal|gossip|nag|whine|exaggerate|blame|overreact|want|need|talk))\\b`,
  `${GROUP} (?:just |simply )?do not (?:want to work|like to work|want to learn|listen|cry|feel|think|respect|belong|work hard|pay their|contribute|understand)\\b`,
  `${GROUP} (?:(?:have|has) (?:no|little)|lacks?(?: a| any)?|do not have (?:a|any)) (?:work ethic|sense of ${
    any(["humor", "humour", "shame", "style"])
  }|${any(VIRTUES)})\\b`,
  `${GROUP} (?:hate|despise|want to destroy) (?:freedom|america|(?:their|our|this) (?:own )?country|men|women|work|science|progress|everyone)\\b`,
  `${GROUP} (?:steal|take|are stealing|are taking|stole|took) (?:all )?(?:of )?(?:our|your|the) (?:jobs|women|money|houses|country)\\b`,
  `${GROUP} (?:are [a-z]+ and )?(?:just |only |all )?(?:live|leech|sponge) off\\b`,
  `${GROUP} (?:secretly )?(?:control|run|own) (?:the |all the )(?:banks|media|world|government|press|money)\\b`,
  `${GROUP} (?:only|just) (?:want|care|think|understand|marry|work|come here|vote)\\b`,
  `${GROUP} (?:have only themselves|only have themselves|have themselves|are themselves) to blame\\b`,
  `${GROUP} (?:belong in (?:the kitchen|prison|jail|cages|a zoo|asylums)|do not belong (?:here|in)|should (?:stay|be|remain|go) (?:at home|home|in the kitchen|barefoot|silent|quiet|seen and not heard))\\b`,
  `${GROUP} (?:ruin|ruined|destroy|destroyed|are ruining|are destroying) (?:everything|the economy|our|this country|the country|society|the world)\\b`,
  `${GROUP} (?:want|expect) everything (?:for free|handed)\\b`,
];

const OF_ONE: readonly string[] = [
  `(?:not (?:too |so |half )?bad|well|bad|good|smart|strong|funny|fast|articulate|clever|impressive|decent|tough|eloquent) for (?:an? )(?<group>${ONE})\\b`,
  `(?:throws?|throwing|cries|cry|crying|screams?|screaming|runs?|fights?|hits?|drives?) like (?:an? )(?<group>girl|woman|lady|old lady|old woman)\\b`,
  `an? (?<group>woman|man) 's (?:place|job|work|role|duty) is\\b`,
  `(?:no|not an?|an?|is only|is just|strictly a) (?:job|place|sport|work|game|profession|field) for (?:an? )?(?<group>woman|women|man|men|girls?|boys?|ladies)\\b`,
  `never trust (?:an? |any )?(?<group>${ONE}|${groupPattern()})\\b`,
  `(?:can not|can never|do not) (?:really )?(?:trust|expect) (?:an? |any )(?<group>${ONE})\\b`,
  `what (?:do|did|can|else) (?:you|can you|do you) expect (?:from|of) (?:an? )?(?<group>${ONE}|${groupPattern()})\\b`,
  "(?<group>boys) will be boys\\b",
  "real (?<group>men|women) (?:do not|never|always)\\b",
  "(?<=[.!?,] |^ )(?:just |please )?(?<group>man) up\\b(?! (?:the|a)\\b)",
  `(?<group>(?:people|men|women|workers|employees|anyone|anybody) over [a-z0-9]+) (?:are|is) too (?:old|slow|set in their ways|tired|rigid)\\b`,
];

/** All of them; in each the group named `group` holds the name of the people. */
export const BIAS_PATTERNS: readonly RegExp[] = [...OF_GROUPS, ...OF_ONE].map((source) =>
  new RegExp(`(?<= )${source}`, "gu")
);
