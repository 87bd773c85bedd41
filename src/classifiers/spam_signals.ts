/**
 * What spam is known by, in families: what it asks for, what it promises, how it hurries, what it sells, where it leads, and how
 * it is written. Written for Sifaka, under its licence; English.
 *
 * All expressions repeat within bounds, so that any text takes linear time.
 *
 * @module
 */

/** What kind of sign it is. */
export type SpamFamily =
  | "action"
  | "reward"
  | "urgency"
  | "goods"
  | "scheme"
  | "list"
  | "link"
  | "money"
  | "shouting"
  | "punctuation"
  | "obfuscation";

/** A sign of spam. */
export interface SpamSignal {
  /** Its family. */
  readonly family: SpamFamily;
  /** How strong a sign it is beside others of the family. */
  readonly weight: number;
  /** What it looks like. */
  readonly pattern: RegExp;
}

const signals = (family: SpamFamily, rows: readonly (readonly [number, RegExp])[]): SpamSignal[] =>
  rows.map(([weight, pattern]) => ({ family, weight, pattern }));

/** The signs, but for those that are counted over the whole text. */
export const SPAM_SIGNALS: readonly SpamSignal[] = [
  ...signals("action", [
    [
      1,
      /\bclick\s{1,3}(?:here|below|now|(?:on\s{1,3})?(?:the|this)\s{1,3}(?:link|url|button)\b(?!\s{1,3}in\b)|(?:the\s{1,3})?link\s{1,3}below|on\s{1,3}the\s{1,3}following)/giu,
    ],
    [
      1,
      /\b(?:call|order|buy|apply|reply|respond|sign\s{1,3}up|register|join|subscribe|enrol+|shop|download|deposit|chat|donate|invest)\s{1,3}(?:(?:us|me|free|your\s{1,3}copy|for\s{1,3}free)\s{1,3})?(?:now|today|immediately|tonight|asap)\b/giu,
    ],
    [
      1,
      /\b(?:call|dial)\s{1,3}(?:us\s{1,3})?(?:now\s{1,3})?(?:toll[\s-]?free|(?:1[\s-])?\(?(?:8[0-9]{2}|0[89]\d{2,3})\)?[\s-]?\d)|\btoll[\s-]free\b/giu,
    ],
    [1, /\b(?:claim|redeem|collect)\s{1,3}(?:your|it|this|the)\b|\bto\s{1,3}claim\b/giu],
    [0.6, /\bvisit\s{1,3}(?:our|my|this|the)\s{1,3}(?:web\s?)?(?:site|page|store|shop)\b/giu],
    [
      0.8,
      /\b(?:click|sign\s{1,3}up|join|register|log\s{1,3}in|pay|verify|claim|shop|release\s{1,3}it)\b[^.!?\n]{0,60}https?:\/\//giu,
    ],
    [
      0.8,
      /\b(?:buy|order|call|get|download|reply|claim|start)\s{1,3}(?:\w{1,15}\s{1,3}){1,4}?(?:now|today)\s?[!,.]/giu,
    ],
    [
      1,
      /\b(?:[Tt]ext|[Tt]xt|TXT|TEXT|[Ss]end|[Rr]eply)\s{1,3}["“]?[A-Z]{2,12}["”]?\s{1,3}to\s{1,3}\d{4,6}\b|\b[Rr]eply\s{1,3}(?:YES|with\s{1,3}your\s{1,3}(?:bank|card|full|account|telephone|phone))\b/gu,
    ],
    [
      0.8,
      /\b(?:enter|confirm|verify|update)\s{1,3}your\s{1,3}(?:card|bank|account|password|billing|credit|details|information|identity)\b/giu,
    ],
    [
      0.9,
      /\b(?:message|contact|whatsapp|text|dm)\s{1,3}me\s{1,3}on\s{1,3}(?:whatsapp|telegram|signal)\b|\bsee\s{1,3}my\s{1,3}(?:private\s{1,3})?(?:photos|pictures|pics|video)\b|\b(?:book|start)\s{1,3}(?:now|today|fast)\b|\bcall\s{1,3}us\s{1,3}24\/7\b|\b(?:reply|respond)\s{1,3}urgently\b|\bdownload\s{1,3}our\s{1,3}app\b|\bsend\s{1,3}(?:me\s{1,3}|us\s{1,3})?your\s{1,3}(?:full\s{1,3}name|bank)\b/giu,
    ],
  ]),
  ...signals("reward", [
    [
      1,
      /\b(?:you(?:'ve|\s{1,3}have|\s{1,3}are|'re)?\s{1,3}(?:just\s{1,3})?(?:been\s{1,3})?)(?:won|chosen|selected|pre-?approved|a\s{1,3}(?:lucky\s{1,3})?winner)\b|\b(?:lucky|dear|international|grand)\s{1,3}(?:winners?|prize|lottery)\b|\bha(?:s|ve)\s{1,3}won\s{1,3}(?:a|an|the)?\s{0,3}(?:\S{1,20}\s){0,3}?(?:prize|lottery|gift|cash)\b/giu,
    ],
    [
      1,
      /\bfree\s{1,3}(?:\w{1,12}\s{1,3}){0,2}?(?:gifts?|money|quotes?|access|bonus|iphone|ipad|ringtones?|info|information|samples?|consultation|copy|membership|spins|shipping|cruise|vacation|report|video|cd|tv|cash|offer|trial\s{1,3}(?:today|now|offer|period)|advice)\b|\b(?:absolutely|100%|totally|completely)\s{1,3}free\b|\bfor\s{1,3}free[!\s]|\bFREE!/gu,
    ],
    [0.8, /\bFREE\b/gu],
    [
      0.9,
      /\b(?:gift\s{1,3}cards?|cash\s{1,3}(?:prize|bonus|back)|bonus\s{1,3}of|win\s{1,3}(?:big|a\s{1,3}brand|cash|\$|£|\d)|chance\s{1,3}to\s{1,3}win|complimentary|jackpot|free\s{1,3}chat|chat\s{1,3}for\s{1,3}free|sign\s{1,3}up\s{1,3}free|your\s{1,3}prize|unclaimed)\b/giu,
    ],
    [
      0.8,
      /\b(?:risk[\s-]free|no\s{1,3}risk|no\s{1,3}obligation|no\s{1,3}cost|money[\s-]back|satisfaction\s{1,3}guaranteed|100%\s{1,3}(?:guaranteed|legal|natural|safe|satisfaction)|guaranteed\s?!|guaranteed\s{1,3}to|we\s{1,3}guarantee\s{1,3}(?:you|first|results)|nothing\s{1,3}to\s{1,3}lose)\b/giu,
    ],
    [
      0.8,
      /\b(?:up\s{1,3}to\s{1,3})?\d{2,3}\s?%\s{1,3}(?:off|discount|profit|gains?|savings?|less)\b|\blowest\s{1,3}(?:prices?|rates?|cost)\b|\b(?:special|amazing|exclusive|incredible|unbelievable|free)\s{1,3}offer\b|\bsave\s{1,3}(?:up\s{1,3}to|thousands|hundreds|big|money)\b|\bbest\s{1,3}(?:prices|deals?)\b|\bwholesale\s{1,3}prices?\b/giu,
    ],
    [
      0.6,
      /\bcongrat(?:ulation)?s\b|\b(?:number|name)\s{1,3}was\s{1,3}(?:drawn|chosen|picked)\b|\bfree\s{1,3}(?:webinar|audit|entry|tickets?|flights?|spins|e-?book)\b|\b(?:cheap|unbeatable|rock[\s-]bottom)\s{1,3}(?:prices?|flights?|pills|meds|tickets)\b|\b(?:buy|get)\s{1,3}(?:one|two|1|2),?\s{1,3}get\s{1,3}(?:one|two|1|2)\s{1,3}free\b|\bor\s{1,3}your\s{1,3}money\s{1,3}back\b|\bresults\s{1,3}guaranteed\b|\b100%\s{1,3}safe\b/giu,
    ],
  ]),
  ...signals("urgency", [
    [
      1,
      /\b(?:act|hurry)\s{1,3}(?:now|today|fast|immediately|up)\b|\bhurry\s?[!,.]|\blimited[\s-]time\b|\b(?:today|tonight)\s{1,3}only\b|\blast\s{1,3}chance\b|\bfinal\s{1,3}(?:notice|reminder|warning)\b|\bwhile\s{1,3}(?:supplies|stocks?)\s{1,3}lasts?\b|\bbefore\s{1,3}it(?:'s|\s{1,3}is)\s{1,3}too\s{1,3}late\b|\bdon['’]?t\s{1,3}(?:miss|delay|wait)\b|\b(?:offer|expires?|ends?|expiring)\s{1,3}(?:ends|expires|today|tonight|soon|in\s{1,3}\d{1,2}\s{1,3}(?:hours|minutes))\b|\babout\s{1,3}to\s{1,3}expire\b|\bwithin\s{1,3}(?:24|48|72)\s{1,3}hours\b|\bat\s{1,3}once\s?!|\bonly\s{1,3}\d{1,3}\s{1,3}(?:left|remaining)\b/giu,
    ],
    [0.7, /\bURGENT\b|\bATTENTION\b|\burgent(?:ly)?\s?[:!]/gu],
    [
      1,
      /\b(?:account|card|mailbox|access)\s{1,3}(?:\w{1,10}\s{1,3}){0,2}?(?:suspended|closed|blocked|limited|deactivated|terminated)\b|\blose\s{1,3}access\b|\bcomputer\s{1,3}is\s{1,3}infected\b/giu,
    ],
    [
      0.9,
      /\b(?:subscription|membership|mailbox|inbox|account|package|parcel|delivery)\s{1,3}(?:\w{1,10}\s{1,3}){0,2}?(?:expired|full|on\s{1,3}hold|suspended)\b|\bwill\s{1,3}be\s{1,3}(?:suspended|blocked|deactivated|deleted)\b|\bunusual\s{1,3}(?:activity|sign-?in)\b|\bonly\s{1,3}\d{1,3}\s{1,3}(?:seats|places|spots|pieces|items)\b|\blimited\s{1,3}(?:seats|stock|spots|places|supply|offer)\b|\bonly\s{1,3}today\b|\binstant\s{1,3}(?:delivery|access|approval)\b/giu,
    ],
  ]),
  ...signals("goods", [
    [
      1.2,
      /\b(?:viagra|cialis|levitra|xanax|phentermine|hgh|human\s{1,3}growth\s{1,3}hormone|herbal|no\s{1,3}prescription|prescription\s{1,3}drugs\s{1,3}online|without\s{1,3}(?:a\s{1,3})?prescription|anti[\s-]?aging|wrinkles?|impotence|libido|breast\s{1,3}enlargement|penis|enlarge(?:ment)?\s{1,3}(?:your|of)|miracle\s{1,3}(?:cream|pill|cure|diet))\b/giu,
    ],
    [
      1.2,
      /\b(?:los(?:e|ing)|burn)\s{1,3}(?:up\s{1,3}to\s{1,3})?(?:weight|fat|\d{1,3}(?:\s?-\s?\d{1,3})?\s{1,3}(?:pounds|lbs|kilos|kg))\b(?=.{0,40}(?:\d|fast|without|guarante|exercise|diet|!))|\bweight\s{1,3}loss\b/giu,
    ],
    [
      1.2,
      /\b(?:hot|sexy|horny|local|nude|naked|beautiful)\s{1,3}(?:\w{1,10}\s{1,3})?(?:girls|singles|babes|women|teens|moms)\b|\b(?:x{3}|porn\w{0,8}|adult\s{1,3}(?:site|content|entertainment|video)s?|hardcore|live\s{1,3}sex|web\s?cams?|secret\s{1,3}admirer)\b/giu,
    ],
    [
      1.2,
      /\b(?:replica\s{1,3}(?:\w{1,10}\s{1,3})?(?:watches|bags|handbags)|university\s{1,3}(?:diploma|degree)s?|diplomas?\s{1,3}(?:in|from|online)|toner\s{1,3}cartridges?|ink(?:jet)?\s{1,3}cartridges?|extended\s{1,3}warranty|car(?:'s)?\s{1,3}warranty\s{1,3}is|cable\s{1,3}(?:descrambler|box)|satellite\s{1,3}tv|herbal\s{1,3}\w{1,12}|online\s{1,3}casino|casinos?\s{1,3}bonus|ringtones?|more\s{1,3}followers|your\s{1,3}followers|first\s{1,3}page\s{1,3}(?:of|on)\s{1,3}google|traffic\s{1,3}to\s{1,3}your)\b/giu,
    ],
    [
      1,
      /\b(?:(?:male|breast|performance)\s{1,3}enhancement|(?:diet|weight|enhancement|sleeping)\s{1,3}pills|discreet\s{1,3}(?:shipping|packaging|delivery)|(?:likes|followers|subscribers|views)\s{1,3}for\s{1,3}only|love\s{1,3}spells?|hair\s{1,3}(?:back|loss|growth)\b|years\s{1,3}younger|your\s{1,3}diploma|without\s{1,3}studying|seo\s{1,3}(?:services|experts|packages?)|(?:number\s{1,3}one|rank(?:ed|ing)?)\s{1,3}on\s{1,3}google|instagram\s{1,3}likes|(?:free|bonus)\s{1,3}spins|casino\s{1,3}bonus|printer\s{1,3}ink)\b/giu,
    ],
  ]),
  ...signals("scheme", [
    [
      1.2,
      /\b(?:make|earn|making|earning)\s{1,3}(?:(?:extra|easy|big|real|fast|more|serious|passive|good)\s{1,3}){0,2}(?:money|cash|income|\$|£|€|up\s{1,3}to|thousands|hundreds)|\b(?:extra|residual|passive|second)\s{1,3}income\b|\bwork(?:ing)?\s{1,3}(?:from|at)\s{1,3}home\b(?=.{0,60}(?:[!$]|earn|income|boss|money))|\b(?:be|become)\s{1,3}your\s{1,3}own\s{1,3}boss\b|\bhome[\s-]based\s{1,3}business\b|\bfinancial(?:ly)?\s{1,3}(?:freedom|independen\w{2,4}|free)\b|\bget\s{1,3}rich\b|\bdouble\s{1,3}your\s{1,3}(?:money|income|investment)\b|\bmulti-?level\s{1,3}marketing\b|\bmlm\b|\bbusiness\s{1,3}opportunity\b|\bno\s{1,3}experience\s{1,3}(?:needed|required|necessary)\b|\bcrypto\s{1,3}signals\b|\bpenny\s{1,3}stocks?\b|\binvestors?\s{1,3}alert\b|\bstock\s{1,3}(?:is\s{1,3}about\s{1,3}to|will)\s{1,3}(?:explode|soar|double)/giu,
    ],
    [
      1.2,
      /\b(?:refinanc\w{1,4}|mortgage\s{1,3}(?:rates?|loans?|quotes?|lenders?)|consolidat\w{1,5}\s{1,3}(?:your|all)\s{0,3}(?:debts?|bills)?|debt\s{1,3}(?:consolidation|free|relief)|bad\s{1,3}credit|no\s{1,3}credit\s{1,3}(?:check|needed)|low\s{1,3}interest\s{1,3}(?:loan|rates?)|home\s{1,3}owners?\b|life\s{1,3}insurance|credit\s{1,3}(?:repair|cards?\s{1,3}(?:debt|approval))|unsecured\s{1,3}(?:loan|card)|merchant\s{1,3}account)\b/giu,
    ],
    [
      1.3,
      /\b(?:\d{1,3}(?:[.,]\d{1,3})?\s{1,3}million\s{1,3}(?:us\s{1,3}|u\.s\.\s{1,3}|united\s{1,3}states\s{1,3})?dollars|us\s?\$\s?\d{1,3}(?:[.,]\d{1,3})*(?:\s{1,3}million|m\b)?|million\s{1,3}(?:united\s{1,3}states|us)\s{1,3}dollars|next\s{1,3}of\s{1,3}kin|late\s{1,3}(?:minister|president|father|husband|general|head\s{1,3}of)|beneficiary|inheritance|strictly\s{1,3}confidential|barrister|(?:business|mutual)\s{1,3}(?:proposal|transaction|assistance)|foreign\s{1,3}(?:partner|account)|transfer\s{1,3}(?:of\s{1,3})?(?:the\s{1,3}|this\s{1,3})?(?:funds?|money|sum)|security\s{1,3}company|lottery)\b/giu,
    ],
    [
      1.2,
      /\b(?:bulk\s{1,3}e-?mail(?:ing|s)?|e-?mail\s{1,3}(?:marketing|addresses\s{1,3}for)|million\s{1,3}(?:\w{1,8}\s{1,3}){0,2}e-?mail|opt-?in\s{1,3}(?:list|e-?mail)s?|targeted\s{1,3}(?:e-?mail|leads)|mailing\s{1,3}lists?\s{1,3}for\s{1,3}sale)\b/giu,
    ],
    [
      1.1,
      /\b(?:\d{1,3}(?:[.,]\d{1,3})?\s{1,3}million\s{1,3}(?:euros|pounds|usd)|inherited\s{1,3}(?:\S{1,12}\s){0,2}million|cash\s{1,3}machine|in\s{1,3}debt\b(?=\?)|cut\s{1,3}your\s{1,3}(?:payments|bills|debt)|invest\s{1,3}\$?\d[\d,.]{0,10}|make\s{1,3}you\s{1,3}rich|unclaimed\b.{0,40}\bpartner|keep\s{1,3}this\s{1,3}confidential|hours\s{1,3}a\s{1,3}day\s{1,3}and\s{1,3}earn)\b/giu,
    ],
  ]),
  ...signals("list", [
    [
      1,
      /\bto\s{1,3}be\s{1,3}(?:removed|taken\s{1,3}off|deleted)\b|\bremov(?:e|al|ed)\s{1,3}(?:me|yourself|your\s{1,3}(?:name|e-?mail|address)|instructions|from\s{1,3}(?:our|this|the|future)\b)|\b(?:this|it)\s{1,3}is\s{1,3}not\s{1,3}(?:spam|unsolicited)\b|\bunsolicited\b|\bone[\s-]time\s{1,3}(?:mailing|e-?mail)\b|\byou\s{1,3}(?:are\s{1,3})?(?:have\s{1,3})?(?:receiv\w{2,3}|received)\s{1,3}this\s{1,3}(?:e-?mail|message|offer|mail)\s{1,3}because\b|\bopt[\s-]?(?:out|ed)\b|\bfuture\s{1,3}(?:mailings|offers|e-?mails|promotions)\b|\bin\s{1,3}the\s{1,3}subject\s{1,3}line\b|\bbill\s{1,3}s\.?\s?1618\b/giu,
    ],
  ]),
  ...signals("link", [
    [1.2, /\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|is\.gd|ow\.ly|cutt\.ly|rebrand\.ly|rb\.gy|t\.me)\/\w/giu],
    [1.2, /\bhttps?:\/\/(?:\d{1,3}\.){3}\d{1,3}\b|\bhttps?:\/\/\d{8,10}\b|\bhttps?:\/\/[^\s/@]{1,60}@/giu],
    [0.8, /\bhttps?:\/\/[\w.-]{1,60}\.(?:ru|top|xyz|biz|info|click|loan|win|bid|tk|cc|ws)\b/giu],
    [0.5, /\bhttps?:\/\/[\w.-]{1,60}\/\S{0,100}[?&](?:id|aff|ref|o|s|u|e|email)=/giu],
  ]),
  ...signals("money", [
    [
      1,
      /[$£€]\s?\d[\d,.]{0,14}(?=[^.!?\n]{0,60}!)|\b\d[\d,.]{0,12}\s?(?:dollars|pounds|euros|usd)\b(?=[^.!?\n]{0,60}!)/giu,
    ],
    [0.5, /[$£€]\s?\d[\d,.]{0,14}|\b\d[\d,.]{0,12}\s?(?:dollars|pounds|usd)\b/giu],
  ]),
  ...signals("punctuation", [
    [1, /!\s?!{1,20}|\${2,20}|\?!|!\?/gu],
    [0.3, /!/gu],
  ]),
  ...signals("obfuscation", [
    [
      1.2,
      /\b(?:v[1!|]agra|v[i1!|]@gra|c[1!|]al[i1!|]s|fr33|m0ney|cas[1!]no|p[0]rn|s3x|l0an|d[1!]et|pr[1!]ce|0ffer|w[1!]nner|pen[1!]s|c1ick|0rder|m[o0]rtg@ge)\b/giu,
    ],
    [1, /(?<![\p{L}\p{N}])(?:[A-Z][ ._*-]{1,2}){3,20}[A-Z](?![\p{L}\p{N}])/gu],
  ]),
];
