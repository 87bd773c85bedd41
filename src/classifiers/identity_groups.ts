/**
 * Names of groups of people, by what makes the group. Written for Sifaka, under its licence; English.
 *
 * Only names that mean people by themselves are listed as nouns; where an adjective needs "people" after it, it is among the
 * adjectives. No term of abuse is here.
 *
 * @module
 */

/** What makes a group. */
export type IdentityCategory =
  | "gender"
  | "race"
  | "religion"
  | "age"
  | "class"
  | "disability"
  | "nationality"
  | "politics"
  | "orientation";

/** The names of one category's groups. */
export interface IdentityGroups {
  /** Nouns in the plural. */
  readonly plurals: readonly string[];
  /** Adjectives that name a group together with a noun for people. */
  readonly adjectives: readonly string[];
}

/** The groups. */
const IDENTITY_GROUPS: Readonly<Record<IdentityCategory, IdentityGroups>> = {
  gender: {
    plurals: [
      "women",
      "men",
      "girls",
      "boys",
      "females",
      "males",
      "ladies",
      "housewives",
      "mothers",
      "fathers",
      "blondes",
    ],
    adjectives: ["female", "male", "transgender", "trans", "blonde"],
  },
  race: {
    plurals: ["blacks", "whites", "asians", "latinos", "hispanics", "arabs", "africans", "gypsies", "roma"],
    adjectives: [
      "black",
      "white",
      "asian",
      "latino",
      "hispanic",
      "arab",
      "african",
      "brown",
      "native american",
      "indigenous",
    ],
  },
  religion: {
    plurals: [
      "muslims",
      "jews",
      "christians",
      "catholics",
      "protestants",
      "hindus",
      "buddhists",
      "sikhs",
      "mormons",
      "atheists",
    ],
    adjectives: ["muslim", "jewish", "christian", "catholic", "religious", "hindu", "atheist"],
  },
  age: {
    plurals: [
      "teenagers",
      "millennials",
      "boomers",
      "pensioners",
      "seniors",
      "retirees",
      "zoomers",
      "the elderly",
      "adolescents",
    ],
    adjectives: ["old", "young", "older", "younger", "elderly", "aged", "teenage"],
  },
  class: {
    plurals: ["the poor", "the rich", "the unemployed", "the homeless", "peasants", "beggars"],
    adjectives: [
      "poor",
      "rich",
      "wealthy",
      "homeless",
      "working class",
      "unemployed",
      "uneducated",
      "low income",
    ],
  },
  disability: {
    plurals: ["the disabled", "the blind", "the deaf", "autistics", "the mentally ill"],
    adjectives: ["disabled", "blind", "deaf", "autistic", "handicapped", "mentally ill", "dyslexic"],
  },
  nationality: {
    plurals: [
      "immigrants",
      "migrants",
      "refugees",
      "foreigners",
      "americans",
      "mexicans",
      "germans",
      "italians",
      "russians",
      "indians",
      "poles",
      "romanians",
      "turks",
      "pakistanis",
      "nigerians",
      "greeks",
      "spaniards",
      "australians",
      "canadians",
      "koreans",
      "the french",
      "the english",
      "the british",
      "the chinese",
      "the japanese",
      "the irish",
      "the dutch",
      "the polish",
      "the swiss",
    ],
    adjectives: [
      "immigrant",
      "foreign",
      "chinese",
      "japanese",
      "french",
      "english",
      "british",
      "irish",
      "mexican",
      "american",
    ],
  },
  politics: {
    plurals: [
      "conservatives",
      "liberals",
      "democrats",
      "republicans",
      "socialists",
      "communists",
      "leftists",
      "progressives",
      "feminists",
      "environmentalists",
      "libertarians",
    ],
    adjectives: ["conservative", "liberal", "left wing", "right wing", "socialist"],
  },
  orientation: {
    plurals: ["gays", "lesbians", "homosexuals", "bisexuals"],
    adjectives: ["gay", "lesbian", "homosexual", "bisexual", "queer"],
  },
};

/** Nouns that with one of the adjectives name a group. */
const PEOPLE =
  "(?:people|persons|folks?|women|men|girls|boys|kids|children|workers|drivers|bosses|leaders|managers|politicians|teachers|doctors|voters|families|students)";

/**
 * The source of an expression for the groups of a category, in the plain text of a {@linkcode PlainReader}.
 *
 * @param category Which; all when it is left out.
 * @returns The source of a group that does not capture.
 */
export function groupPattern(category?: IdentityCategory): string {
  const groups = category === undefined ? Object.values(IDENTITY_GROUPS) : [IDENTITY_GROUPS[category]];
  const plurals = groups.flatMap((group) => group.plurals).join("|");
  const adjectives = groups.flatMap((group) => group.adjectives).join("|");
  return `(?:(?:${adjectives}) ${PEOPLE}|${plurals})`;
}

/** The categories. */
export const IDENTITY_CATEGORIES: readonly IdentityCategory[] = Object.freeze(
  Object.keys(IDENTITY_GROUPS) as IdentityCategory[],
);

const PLURALS: Readonly<Record<string, string>> = {
  woman: "women",
  man: "men",
  lady: "ladies",
  person: "people",
};
const BY_ADJECTIVE = IDENTITY_CATEGORIES.map((category) =>
  [category, new RegExp(`^(?:${IDENTITY_GROUPS[category].adjectives.join("|")}) `)] as const
);
const BY_NOUN = IDENTITY_CATEGORIES.map((category) =>
  [category, new RegExp(`^(?:${IDENTITY_GROUPS[category].plurals.join("|")})\\b`)] as const
);

/**
 * What makes people a group.
 *
 * @param name Their name in plain text, one of them or all: "old people", "a woman".
 * @returns The category; age where they are "over" so many years.
 */
export function categoryOf(name: string): IdentityCategory {
  if (name.includes(" over ")) return "age";
  const plural = PLURALS[name] ?? (name.endsWith("s") ? name : `${name}s`);
  const found = BY_ADJECTIVE.find(([, names]) => names.test(name)) ??
    BY_NOUN.find(([, names]) => names.test(name) || names.test(plural));
  return found?.[0] ?? "gender";
}
