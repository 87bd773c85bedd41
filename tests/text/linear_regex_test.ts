import assert from "node:assert/strict";
import { test } from "node:test";
import { LinearRegex, TooManySteps } from "../../src/text/linear_regex.ts";

function compile(source: string, flags = "u"): LinearRegex {
  const compiled = LinearRegex.compile(source, flags);
  assert.ok(compiled, source);
  return compiled;
}

/** The matches, each as "index:text". */
function matches(source: string, flags: string, text: string): string[] {
  return [...compile(source, flags).matchAll(text)].map((match) => `${match.index}:${match[0]}`);
}

function native(source: string, flags: string, text: string): string[] {
  return [...text.matchAll(new RegExp(source, `${flags}g`))].map((match) => `${match.index}:${match[0]}`);
}

test("LinearRegex finds what the runtime's engine finds", () => {
  const samples: [string, string, string][] = [
    ["a|ab", "u", "abab"],
    ["(?:a|ab)(?:c|bcd)", "u", "abcd"],
    ["a*?b", "u", "aaab ab"],
    ["x*", "u", "axxb"],
    ["(a*)*b", "u", "aaab"],
    ["(?:|a)+", "u", "aaa"],
    ["(?:a?b??){0,3}", "u", "abab"],
    ["(?:a{2,3}){2}", "u", "aaaaaaa"],
    ["^b$", "um", "a\nb\r\nb\u2028b"],
    ["^b$", "u", "b\nb"],
    ["\\bcat\\b", "u", "cat concat cat_ cat"],
    ["\\Bat\\B", "u", "cat cats"],
    ["\\bs", "iu", "\u017f s\u212as"],
    [".", "u", "a\n👍\ud800"],
    [".", "su", "a\n👍"],
    [".", "", "👍"],
    ["[^\\p{L}\\s]+", "u", "añ1-2 é!"],
    ["(?<=\\$)\\d+(?!\\d|%)", "u", "$12 $34% 56"],
    ["(?<!a|bc)d", "u", "ad bcd cd"],
    ["(?=(?<=a)b)b", "u", "ab bb"],
    ["(?i:A)b", "u", "aB ab Ab"],
    ["ſ", "iu", "S"],
    ["\\u{1F44D}|\\x41|\\cJ", "u", "👍A\n"],
    ["(?<name>\\d{4})-\\d\\d", "u", "2024-01"],
  ];
  for (const [source, flags, text] of samples) {
    assert.deepEqual(matches(source, flags, text), native(source, flags, text), `/${source}/${flags}`);
  }
});

/** Random numbers that are the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => Math.floor((state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31 * below);
}

const ATOMS = [
  "a",
  "b",
  "[ab]",
  "\\w",
  ".",
  "^",
  "$",
  "(?=a)",
  "(?!b)",
  "\\b",
  "\\B",
  "(?<=a)",
  "(?<!a)",
  "\\n",
  "[^a]",
  "",
];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "{2,}", "??", "{1,3}?"];

function randomPattern(random: (below: number) => number, depth: number): string {
  const part = (): string => randomPattern(random, depth - 1);
  const choice = random(20);
  if (depth === 0 || choice < 7) return ATOMS[random(ATOMS.length)]!;
  if (choice < 12) return part() + part();
  if (choice < 15) return `(?:${part()}|${part()})`;
  if (choice < 16) return `(?${["=", "!", "<=", "<!"][random(4)]}${part()})`;
  return `(${part()})${QUANTIFIERS[random(QUANTIFIERS.length)]}`;
}

test("LinearRegex finds what the runtime's engine finds for random patterns", () => {
  const random = generator(11);
  const letters = "ababA \n";
  for (let round = 0; round < 3_000; round++) {
    const source = randomPattern(random, 4);
    const flags = ["u", "um", "iu", "", "m", "s"][random(6)]!;
    for (let sample = 0; sample < 3; sample++) {
      const text = Array.from({ length: random(9) }, () => letters[random(letters.length)]).join("");
      assert.deepEqual(
        matches(source, flags, text),
        native(source, flags, text),
        `/${source}/${flags} ${JSON.stringify(text)}`,
      );
    }
  }
});

test("LinearRegex takes linear time for what takes exponential time elsewhere", () => {
  const prose = "The quick brown fox jumps over the lazy dog, and again. ";
  const samples: [string, string][] = [
    ["^(a+)+$", `${"a".repeat(2 ** 20)}!`],
    ["(\\w+\\s?)*$", prose.repeat(18_000)],
    ["(?:a?|b?){1,30}c", "ab".repeat(2 ** 17)],
    ["<[^>]*>", "<".repeat(2 ** 19)],
  ];
  for (const [source, text] of samples) {
    const startedMs = performance.now();
    assert.ok([...compile(source).matchAll(text)].length <= 1);
    assert.ok(performance.now() - startedMs < 4_000, source);
  }
});

test("LinearRegex gives up where looking around would take too many steps", () => {
  const looking = compile("(?:(?=.*x)a)*$");
  assert.equal([...looking.matchAll("aax")].length, 1);
  assert.throws(() => [...looking.matchAll("a".repeat(20_000))], TooManySteps);
});

test("LinearRegex does not compile back-references and what is too large", () => {
  assert.equal(LinearRegex.compile("(a)\\1", "u"), undefined);
  assert.equal(LinearRegex.compile("(?<x>a)\\k<x>", "u"), undefined);
  assert.equal(LinearRegex.compile("(?:a{100}){100}", "u"), undefined);
  assert.equal(LinearRegex.compile("[\\q{abc}]", "v"), undefined);
});
