/**
 * The words of insults and threats. Written for Sifaka, under its licence; English. Swear words and slurs are not listed here:
 * they are those of the package `obscenity`.
 *
 * @module
 */

/** What people are called who are insulted, and nearly nothing else is. */
export const INSULTS: readonly string[] =
  ("idiot moron imbecile cretin loser scumbag dumbass dimwit halfwit nitwit dumbo bonehead blockhead airhead douchebag " +
    "sleazebag lowlife simpleton jackass crybaby dipstick numbskull nincompoop ignoramus weirdo pervert dunce")
    .split(" ");

/** What is an insult when a person is called so. */
export const CALLED: readonly string[] =
  ("fool jerk creep clown joke disgrace failure coward liar fraud nobody pig rat snake dog cow weasel parasite maggot vermin " +
    "cockroach leech trash garbage scum filth freak monster muppet brat baby bully embarrassment waste hypocrite dope " +
    "degenerate psycho piece hack slob swine").split(" ");

/** Adjectives that insult a person. */
export const ADJECTIVES: readonly string[] =
  ("stupid dumb brainless spineless gutless worthless pathetic dense disgusting ugly useless moronic idiotic retarded " +
    "revolting repulsive despicable contemptible incompetent clueless witless mindless talentless insufferable dumbest stupidest ugliest braindead " +
    "good-for-nothing").split(" ").map((word) => word.replaceAll("-", " "));

/** What may stand between "you are" and the insult. */
export const BETWEEN: readonly string[] =
  ("a an the such so too very really truly quite pretty just all both nothing but bunch of absolute absolutely complete " +
    "completely total totally utter utterly real little big filthy dirty lying miserable sad sorry poor old fat lazy most " +
    "fucking bloody goddamn damn sick twisted cheap rotten ignorant arrogant selfish plain nasty stinking human being " +
    "excuse for whiny cheating full clearly obviously probably always still person").split(" ");

/** Violence to a person, said of no other object in these words. */
export const VIOLENCE: readonly string[] =
  ("kill murder stab strangle slaughter butcher behead rape torture hurt harm maim cripple punch slap smash attack shoot " +
    "drown poison choke skin gut hang execute").split(" ");

/** Parts of a body. */
export const BODY: readonly string[] =
  "face head skull throat neck bones bone legs leg arms arm knees kneecaps teeth nose jaw fingers ribs brains back eyes wrists"
    .split(" ");

/** Those who are near to somebody. */
export const KIN: readonly string[] =
  ("family families kids kid children child wife husband mother father mom mum dad parents brother sister son daughter baby " +
    "dog cat friends girlfriend boyfriend").split(" ");

/** What makes people less than people. */
export const DEHUMANISING: readonly string[] = [
  ..."vermin parasites cockroaches roaches rats animals subhuman subhumans scum filth savages apes monkeys pigs dogs trash garbage"
    .split(" "),
  ..."worthless disgusting inferior degenerates leeches rapists terrorists abomination abominations plague disease cancer"
    .split(" "),
  ..."infestation evil".split(" "),
];

/** What is done to those who are to be rid of. */
export const DESTRUCTION: readonly string[] =
  ("shot hanged hung gassed exterminated killed eradicated lynched burned burnt drowned sterilized executed slaughtered " +
    "castrated beheaded").split(" ");

/** Words of the patterns beside these, so that they too are seen behind other signs. */
export const FRAME: readonly string[] =
  ("you your yourself are will going want know where live kys die dead burn find hunt break bullet knife bleach hope hate " +
    "nobody brain going suicide shut").split(" ");

/** Which words of `obscenity` insult a whole group by themselves. */
export const SLURS: ReadonlySet<string> = new Set(
  ["abeed", "africoon", "arabush", "chingchong", "chink", "fag", "kike", "nigger", "tranny"],
);

/** Which are thrown at people. */
export const SWEARS: ReadonlySet<string> = new Set(
  ("fuck shit ass arse bastard bitch cunt dick prick twat wank whore slut pussy turd cuck retard bollocks piss cock")
    .split(" "),
);
