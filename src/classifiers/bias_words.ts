/**
 * What prejudice says of groups. Written for Sifaka, under its licence; English.
 *
 * @module
 */

/** Judgements in an adjective. */
export const TRAITS: readonly string[] =
  ("lazy stupid dumb dishonest greedy violent emotional hysterical irrational weak inferior superior arrogant rude dirty filthy " +
    "dangerous untrustworthy incompetent submissive aggressive primitive backward backwards ignorant hypocritical immoral selfish " +
    "entitled crazy irresponsible unreliable useless slow helpless bossy manipulative gullible brainwashed uncivilized stingy " +
    "promiscuous fanatical clueless naive ungrateful moody illogical forgetful senile childish immature evil sneaky cunning " +
    "cowardly intolerant corrupt unclean unfaithful disloyal shallow vain unintelligent uneducated undisciplined delusional " +
    "pathetic disgusting worthless perverted sinful fragile feeble unproductive boring bitter grumpy stubborn lawless")
    .split(" ");

/** Judgements in a noun. */
export const KINDS: readonly string[] =
  ("criminals thieves liars cheaters cheats terrorists addicts drunks drunkards alcoholics parasites freeloaders hypocrites " +
    "idiots fools cowards snobs bigots extremists fanatics gossips racists snowflakes leeches scroungers savages sheep bullies " +
    "brats rapists murderers perverts fascists losers crooks spies traitors whiners complainers spendthrifts misers sexists " +
    "barbarians").split(" ");

/** What a group is said to be unable to do. */
export const ABILITIES: readonly string[] = [
  "drive",
  "lead",
  "cook",
  "think",
  "learn(?: (?:anything|new|to))?",
  "understand",
  "handle",
  "manage",
  "adapt",
  "integrate",
  "parent",
  "govern",
  "do (?:math|maths|science|sports|anything|business|physics)",
  "use (?:computers?|technology|a computer|smartphones?)",
  "be (?:trusted|good|leaders?|managers?|presidents?|pilots?|engineers?|doctors?|soldiers?|scientists?|bosses|parents?|reasoned|relied|loyal|faithful|honest|rational)",
  "keep (?:a secret|secrets|jobs?|a job)",
  "hold (?:a job|their liquor|jobs)",
  "control (?:themselves|their)",
  "take (?:a joke|jokes|criticism|care of)",
  "make (?:decisions|good decisions|a decision)",
  "commit",
  "cope",
  "concentrate",
  "succeed",
];

/** What a group is said to have none of. */
export const VIRTUES: readonly string[] =
  ("feelings morals manners values ambition respect skills taste patience shame honor honour culture discipline empathy " +
    "intelligence loyalty integrity humor humour").split(" ");
