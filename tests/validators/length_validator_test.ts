import assert from "node:assert/strict";
import { test } from "node:test";
import type { LengthOptions, LengthUnit } from "../../src/validators/length_options.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { checkContract, draft, refuses, validate } from "./helpers.ts";

test("LengthValidator does what every validator must", async () => {
  await checkContract(new LengthValidator({ minLength: 1, maxWords: 10, minSentences: 1 }));
});

test("LengthValidator holds each unit to its exact bound", async () => {
  const samples: [LengthUnit, string, number][] = [
    ["graphemes", "a👩‍👩‍👧e\u0301", 3],
    ["codePoints", "a👍", 2],
    ["utf16", "a👍", 3],
    ["bytes", "aé", 3],
    ["words", "one two three", 3],
    ["sentences", "One. Two.", 2],
    ["lines", "a\nb\nc", 3],
    ["paragraphs", "a\n\nb", 2],
    ["tokens", "a b c d", 4],
  ];
  const tokenCounter = (text: string): number => text.split(" ").length;
  for (const [unit, text, length] of samples) {
    const passes = async (options: LengthOptions): Promise<boolean> =>
      (await validate(new LengthValidator({ unit, tokenCounter, ...options }), text)).passed;
    assert.equal(await passes({ minLength: length, maxLength: length }), true, unit);
    assert.equal(await passes({ minLength: length + 1 }), false, unit);
    assert.equal(await passes({ maxLength: length - 1 }), false, unit);
    assert.equal(await passes({ minLength: length - 1, maxLength: length + 1 }), true, unit);
  }
});

test("LengthValidator names the count, the unit and the bound", async () => {
  const short = await validate(new LengthValidator({ minWords: 5 }), "one two three");
  assert.equal(short.message, "The text has 3 words, fewer than the 5 required.");
  assert.deepEqual(short.issues, ["2 words too few: 3 of at least 5."]);
  assert.deepEqual(short.suggestions, ["Add at least 2 words."]);
  assert.deepEqual(short.metadata, { counts: { words: 3 }, bounds: { words: { min: 5 } } });
  assert.equal(short.score, 0.6);
  const long = await validate(new LengthValidator({ maxLength: 4 }), "abcde");
  assert.equal(long.message, "The text has 5 characters, more than the 4 allowed.");
  assert.deepEqual(long.suggestions, ["Remove at least 1 character."]);
  assert.equal(long.score, 0.8);
  const fine = await validate(new LengthValidator({ minLength: 1, maxLength: 4 }), "abc");
  assert.equal(fine.message, "The text has 3 characters (at least 1, at most 4).");
});

test("LengthValidator holds all bounds at once", async () => {
  const both = new LengthValidator({ maxLength: 20, minWords: 3, maxSentences: 1 });
  assert.equal((await validate(both, "one two three")).passed, true);
  const result = await validate(both, "Five. And a very long text.");
  assert.equal(result.issues.length, 2);
  assert.equal(result.suggestions.length, 2);
  assert.equal(result.score, 0.5);
});

test("LengthValidator takes a maximum of 10,000 for what it says", async () => {
  const limited = new LengthValidator({ maxLength: 10_000 });
  assert.equal((await validate(limited, "a".repeat(10_000))).passed, true);
  assert.equal((await validate(limited, "a".repeat(10_001))).passed, false);
  assert.equal(
    (await validate(new LengthValidator({ maxWords: 20_000 }), "word ".repeat(20_001))).passed,
    false,
  );
});

test("LengthValidator scores a text lower the further it is from the bound", () => {
  const limited = new LengthValidator({ minLength: 50, maxLength: 100 });
  const scores = [0, 10, 40, 49, 50].map((length) => limited.validate(draft("a".repeat(length))).score!);
  assert.deepEqual(scores, [...scores].sort((one, other) => one - other));
  const longer = [100, 101, 150, 1_000].map((length) => limited.validate(draft("a".repeat(length))).score!);
  assert.deepEqual(longer, [...longer].sort((one, other) => other - one));
});

test("LengthValidator passes an empty text where there is no minimum", async () => {
  assert.equal((await validate(new LengthValidator({ maxLength: 5 }), "")).passed, true);
  assert.equal((await validate(new LengthValidator({ minLength: 0 }), "")).passed, true);
  assert.equal((await validate(new LengthValidator({ minLength: 1 }), "")).score, 0);
  assert.equal((await validate(new LengthValidator({ maxLength: 0 }), "a")).score, 0);
});

test("LengthValidator counts white space unless told to trim", async () => {
  assert.equal((await validate(new LengthValidator({ minLength: 3 }), " a ")).passed, true);
  assert.equal((await validate(new LengthValidator({ minLength: 3, trim: true }), " a ")).passed, false);
});

test("LengthValidator counts words in the language of the context unless it has its own", () => {
  const words = new LengthValidator({ minWords: 1 });
  for (const locale of ["en", "ja", "th"]) {
    assert.equal(words.validate(draft("ภาษาไทยง่าย"), { locale }).passed, true, locale);
  }
  assert.equal(
    new LengthValidator({ minWords: 1, locale: "th" }).validate(draft("ภาษาไทย"), { locale: "en" }).passed,
    true,
  );
});

test("LengthValidator reports a token counter that throws or gives no count", () => {
  const broken = (tokenCounter: (text: string) => number) =>
    new LengthValidator({ unit: "tokens", maxLength: 5, tokenCounter }).validate(draft("a"));
  assert.deepEqual(
    broken(() => {
      throw new Error("no table");
    }).error,
    { code: "internal", message: "no table" },
  );
  assert.match(broken(() => NaN).error!.message, /must give an integer/);
});

test("LengthValidator refuses options that cannot be meant", () => {
  const make = (options: unknown) => () => new LengthValidator(options as LengthOptions);
  refuses(make({}), /at least one bound is required/);
  refuses(make({ unit: "words" }), /at least one bound is required/);
  refuses(
    make({ minWords: 50, maxWords: 20 }),
    /^Cannot create LengthValidator as minWords must not exceed maxWords: minWords is 50, maxWords is 20$/,
  );
  refuses(make({ unit: "words", minLength: 10, maxWords: 5 }), /bounds on words must leave room/);
  for (const wrong of [-1, 1.5, NaN, Infinity, true, "3", null]) {
    refuses(make({ minLength: wrong }), /minLength must be an integer of at least 0/);
  }
  refuses(make({ maxLength: 5, unit: "letters" }), /unit must be one of/);
  refuses(make({ maxLength: 5, unit: "tokens" }), /tokenCounter is required/);
  refuses(make({ maxLenght: 5 }), /there is no option maxLenght; did you mean maxLength/);
  refuses(make({ maxLength: 5, locale: "not a locale" }), /BCP 47/);
  refuses(make({ maxLength: 5, name: " " }), /name must be a string that is not blank/);
});
