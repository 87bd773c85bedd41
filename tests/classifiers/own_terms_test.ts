import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationClassifier } from "../../src/classifiers/classifier.ts";
import {
  BiasClassifier,
  ProfanityClassifier,
  SentimentClassifier,
  SpamClassifier,
  ToxicityClassifier,
} from "../../src/classifiers/mod.ts";
import {
  createBiasValidator,
  createProfanityValidator,
  createSentimentValidator,
  createSpamValidator,
  createToxicityValidator,
} from "../../src/validators/mod.ts";
import { draft, refuses } from "../validators/helpers.ts";
import { classify } from "./helpers.ts";

interface Changes {
  readonly addTerms?: Readonly<Record<string, never>>;
  readonly removeTerms?: readonly string[];
  readonly language?: string;
}

interface Lexicon {
  readonly make: (changes?: Changes) => OperationClassifier;
  /** What its words are evidence of, and the label of a text with one of a user's own. */
  readonly kind: unknown;
  readonly label: string;
  readonly neutral: string;
  /** A text of the label, and the word in it by which it has it. */
  readonly text: string;
  readonly word: string;
}

const LEXICONS: readonly Lexicon[] = [
  {
    make: (changes) => new SentimentClassifier(changes),
    kind: -4,
    label: "negative",
    neutral: "neutral",
    text: "What a horrible day.",
    word: "horrible",
  },
  {
    make: (changes) => new ProfanityClassifier(changes),
    kind: "mild",
    label: "profane",
    neutral: "clean",
    text: "That is crap.",
    word: "crap",
  },
  {
    make: (changes) => new ToxicityClassifier(changes),
    kind: "insult",
    label: "toxic",
    neutral: "non_toxic",
    text: "You are an idiot.",
    word: "idiot",
  },
  {
    make: (changes) => new BiasClassifier(changes),
    kind: "age",
    label: "biased",
    neutral: "unbiased",
    text: "Girls cannot do maths.",
    word: "maths",
  },
];

test("every lexicon takes words of one's own, and no other instance sees them", async () => {
  for (const { make, kind, label, neutral, text, word } of LEXICONS) {
    const addTerms = { "Snail Mail": kind as never };
    const own = make({ addTerms });
    Object.assign(addTerms, { table: kind });
    const found = await classify(own, "They sent  snail  MAIL, a table.");
    assert.equal(found.label, label, own.name);
    assert.deepEqual(found.spans.map(({ start, end }) => [start, end]), [[11, 22]], own.name);
    assert.equal((await classify(own, "They sent snail mailboxes.")).label, neutral, own.name);
    assert.equal((await classify(make(), "They sent snail mail.")).label, neutral, own.name);
    assert.equal((await classify(own, text)).label, label, own.name);
    const less = make({ removeTerms: [word.toUpperCase()] });
    assert.equal((await classify(less, text)).label, neutral, own.name);
    assert.equal((await classify(make(), text)).label, label, own.name);
  }
});

test("a lexicon for another language knows only words of one's own", async () => {
  for (const { make, kind, label, neutral, text } of LEXICONS) {
    const none = await classify(make({ language: "de" }), text);
    assert.deepEqual(
      [none.label, none.confidence, none.metadata.unsupportedLanguage],
      [neutral, 0.5, true],
      make().name,
    );
    const german = make({ language: "de-AT", addTerms: { grottig: kind as never } });
    const found = await classify(
      german,
      "Das Essen war einfach nur grottig und der Kellner kam erst nach Stunden.",
    );
    assert.deepEqual([found.label, found.metadata.unsupportedLanguage], [label, undefined], german.name);
    assert.equal(
      (await classify(german, "Das Essen war gut.")).metadata.unsupportedLanguage,
      true,
      german.name,
    );
    assert.equal((await classify(make({ language: "en-GB" }), text)).label, label);
  }
});

test("lexicons that are evaded see words of one's own in look-alike letters and over lines", async () => {
  const own = new ToxicityClassifier({ addTerms: { "snail mail": "insult" } });
  const text = "They sent ѕnаil\n  mail.";
  const { label, spans } = await classify(own, text);
  assert.deepEqual([label, text.slice(spans[0]!.start, spans[0]!.end)], ["toxic", "ѕnаil\n  mail"]);
});

test("words of one's own are found in scripts without spaces", async () => {
  const japanese = new ProfanityClassifier({ language: "ja", addTerms: { 馬鹿: "strong" } });
  const { label, metadata } = await classify(japanese, "お前は馬鹿だ。");
  assert.deepEqual([label, metadata.censoredText], ["profane", "お前は**だ。"]);
});

test("a word of one's own counts as much as what it is evidence of", async () => {
  const own = new ToxicityClassifier({
    addTerms: { zorp: "threat", blarg: "identity_attack", fnord: "profanity" },
  });
  assert.equal((await classify(own, "We will zorp.")).label, "threat");
  assert.equal((await classify(own, "We will blarg.")).label, "severe_toxic");
  assert.equal((await classify(own, "We will fnord.")).label, "toxic");
  const profanity = new ProfanityClassifier({
    severity: "strong",
    addTerms: { zorp: "mild" },
    customWords: ["blarg"],
  });
  assert.equal((await classify(profanity, "We will zorp.")).label, "clean");
  assert.equal((await classify(profanity, "We will blarg.")).label, "profane");
});

test("SpamClassifier takes signs of one's own, of two families at least", async () => {
  const text = "Grab the moonstone bundle while the comet flies.";
  const own = new SpamClassifier({
    addTerms: { "grab the": "action", "moonstone bundle": "goods", "while the comet flies": "urgency" },
  });
  assert.equal((await classify(own, text)).label, "spam");
  assert.equal((await classify(new SpamClassifier(), text)).label, "ham");
  const one = new SpamClassifier({ addTerms: { "grab the": "action", bundle: "action", comet: "action" } });
  assert.equal((await classify(one, text)).label, "ham");
  const spam = "You have won a FREE cruise!!! Click here now!";
  assert.equal((await classify(new SpamClassifier(), spam)).label, "spam");
  const less = new SpamClassifier({ removeTerms: ["click here", "won", "free"] });
  assert.equal((await classify(less, spam)).label, "ham");
  assert.equal(
    (await classify(new SpamClassifier({ language: "nl" }), spam)).metadata.unsupportedLanguage,
    true,
  );
});

test("validators on lexicons take the same words", () => {
  const language = "de";
  const validators = [
    createSentimentValidator({ forbidden: ["negative"], language, addTerms: { grottig: -4 } }),
    createProfanityValidator({ language, addTerms: { grottig: "strong" } }),
    createToxicityValidator({ language, addTerms: { grottig: "insult" } }),
    createBiasValidator({ language, addTerms: { grottig: "class" } }),
    createSpamValidator({ language, addTerms: { grottig: "goods", gratis: "reward", und: "action" } }),
  ];
  for (const validator of validators) {
    assert.equal(
      validator.validate(draft("Wirklich grottig, und das gratis.")).passed,
      false,
      validator.name,
    );
    assert.equal(validator.validate(draft("Wirklich gut.")).passed, true, validator.name);
  }
});

test("a lexicon refuses words and languages that cannot be meant", () => {
  refuses(
    () => new ToxicityClassifier({ addTerms: { zorp: "rude" as "insult" } }),
    /addTerms\.zorp must be one of "insult"/,
  );
  refuses(() => new BiasClassifier({ addTerms: { " ": "age" } }), /addTerms must not have a blank word/);
  refuses(
    () => new SpamClassifier({ addTerms: { Zorp: "goods" }, removeTerms: ["zorp"] }),
    /each word must be given once: "Zorp" and "zorp" are one/,
  );
  for (const language of ["german", "e", "de_AT", " "]) {
    for (const { make } of LEXICONS) refuses(() => make({ language }), /language must be/);
  }
});
