import assert from "node:assert/strict";
import { test } from "node:test";
import { screenRegex } from "../../src/text/regex_screen.ts";

test("screenRegex suspects what has exponentially many ways to match", () => {
  const patterns = [
    "^(a+)+$",
    "^(a|a)*$",
    "(\\w+\\s?)*$",
    "(x+x+)+y",
    "(?:(?:a?|b?)c)*x",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(?=(a+)+b)",
    "(?<!(a|ab|b)*)c",
    "(a{1,20}){1,20}b",
    "^(?:(?:(?:(?:a){1,12}){1,2}){0,3}){2}$",
    "(?:\\p{L}|[a-z])+!",
    "([😀-😊]|😃)*x",
    "(?:(?:-*)*aaaaa)+",
  ];
  for (const pattern of patterns) assert.equal(screenRegex(pattern, "u").verdict, "suspect", pattern);
});

test("screenRegex suspects two repetitions that share characters", () => {
  for (const pattern of ["\\d+\\w*x", "^\\s*(.*?)\\s*$", ".*foo.*bar", "(?:.*,){11}P"]) {
    assert.equal(screenRegex(pattern, "u").verdict, "suspect", pattern);
  }
});

test("screenRegex suspects a repeated back-reference and what it cannot judge", () => {
  assert.match(screenRegex("(?:(a)\\1)*b", "u").reason ?? "", /back-reference/);
  assert.equal(screenRegex("(?:[ab]{40}){40}x", "u").verdict, "suspect");
  assert.equal(screenRegex("[\\q{abc}]+x", "v").verdict, "suspect");
});

test("screenRegex takes the flags into account", () => {
  assert.equal(screenRegex("(?:ſ|s)*x", "u").verdict, "safe");
  assert.equal(screenRegex("(?:ſ|s)*x", "iu").verdict, "suspect");
  assert.equal(screenRegex("(?:.|\\n)*x", "u").verdict, "safe");
  assert.equal(screenRegex("(?:.|\\n)*x", "su").verdict, "suspect");
});

test("screenRegex passes patterns whose repetitions are told apart", () => {
  const patterns = [
    "(a+)+",
    "^(?:\\w+\\s)*$",
    '"(?:[^"\\\\]|\\\\.)*"',
    "([a-zA-Z0-9._-]+)@([a-zA-Z0-9.-]+)\\.([a-z]{2,})",
    "^(?=.*\\d)(?=.*[a-z]).{8,}$",
    "(?:(?!END)[^])*END",
    "(['\"]).*?\\1",
    "\\p{L}+\\s+\\p{L}+",
    "^#{1,6}[ \\t]+\\S",
    "\\d{4}-\\d{2}-\\d{2}",
    "[a-z]{1,63}(\\.[a-z]{1,63}){0,10}$",
    "(?:){1000000000}",
    "",
  ];
  for (const pattern of patterns) assert.equal(screenRegex(pattern, "um").verdict, "safe", pattern);
  for (const pattern of ["[\\]]{2,}]", "a{,3}", "\\k", "x{", "\\07[\\b]"]) {
    assert.equal(screenRegex(pattern, "").verdict, "safe", pattern);
  }
});

test("screenRegex tells which safe patterns are slow on a long text", () => {
  for (const pattern of ["a+b", "<[^>]*>", "\\s+$", "^\\s+x", "(?<=a+)b"]) {
    assert.equal(screenRegex(pattern, "um").slowOnLongText, true, pattern);
  }
  for (const pattern of ["\\w+", "\\[\\d+\\]", "^.*foo$", "foo|bar", "^#{1,6} "]) {
    assert.equal(screenRegex(pattern, "um").slowOnLongText, false, pattern);
  }
});

/** Random numbers that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

function randomPattern(random: () => number, depth: number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)]!;
  const choice = random();
  if (depth === 0 || choice < 0.35) return pick(["a", "b", "[ab]", "\\w", ".", "(?=a)", "\\b"]);
  if (choice < 0.6) return randomPattern(random, depth - 1) + randomPattern(random, depth - 1);
  if (choice < 0.75) return `(?:${randomPattern(random, depth - 1)}|${randomPattern(random, depth - 1)})`;
  const quantifier = pick(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "{2,}", "{1,12}"]);
  return `(?:${randomPattern(random, depth - 1)})${quantifier}`;
}

test("patterns that screenRegex calls safe end quickly", () => {
  const random = generator(7);
  const texts = ["a", "b", "ab", "aab"].flatMap((unit) => {
    const text = unit.repeat(30 / unit.length);
    return [text, `${text}!`, `${text}c!`];
  });
  let suspects = 0;
  for (let round = 0; round < 1_500; round++) {
    const source = randomPattern(random, 4) + ["", "$", "c"][round % 3];
    if (screenRegex(source, "u").verdict === "suspect") {
      suspects++;
      continue;
    }
    const pattern = new RegExp(source, "u");
    const startedMs = performance.now();
    for (const text of texts) pattern.test(text);
    assert.ok(performance.now() - startedMs < 4_000, source);
  }
  assert.ok(suspects > 50, `${suspects}`);
});
