import assert from "node:assert/strict";
import { test } from "node:test";
import { readQuantities } from "../../src/text/quantities.ts";
import { NOT_QUANTITIES } from "../../src/text/not_quantities.ts";
import { ageValidator, percentageValidator, priceValidator } from "../../src/validators/numeric_presets.ts";
import type { NumericRangeOptions } from "../../src/validators/numeric_range_options.ts";
import { NumericRangeValidator } from "../../src/validators/numeric_range_validator.ts";
import { checkContract, checkTable, draft, refuses, validate } from "./helpers.ts";

const read = (text: string, locale = "en"): (string | number)[][] =>
  readQuantities(text, { locale, ignore: NOT_QUANTITIES }).map(({ kind, value, start, end }) => [
    kind,
    value,
    text.slice(start, end),
  ]);

test("NumericRangeValidator does what every validator must", async () => {
  await checkContract(new NumericRangeValidator({ min: 0, max: 10, context: "(a+)+b" }));
});

test("each number is read once, in its longest form", () => {
  const table: [string, (string | number)[][], string?][] = [
    ["85% of it", [["percent", 85, "85%"]]],
    ["$1,234.56", [["currency", 1234.56, "$1,234.56"]]],
    ["-$5, $-6 and −$7", [["currency", -5, "-$5"], ["currency", -6, "$-6"], ["currency", -7, "−$7"]]],
    ["$(5)", [["currency", -5, "$(5)"]]],
    ["It is −5 °C.", [["number", -5, "−5"]]],
    ["3-5 eggs", [["number", 3, "3"], ["number", 5, "5"]]],
    ["€1.234,50 und 2,5", [["currency", 1234.5, "€1.234,50"], ["number", 2.5, "2,5"]], "de"],
    ["1e9 and 2.5E-3", [["number", 1e9, "1e9"], ["number", 0.0025, "2.5E-3"]]],
    ["5 EUR, USD 6, 7 dollars", [["currency", 5, "5 EUR"], ["currency", 6, "USD 6"], [
      "currency",
      7,
      "7 dollars",
    ]]],
    ["$2M, 3 million, 4k", [["currency", 2e6, "$2M"], ["number", 3e6, "3 million"], ["number", 4e3, "4k"]]],
    [".5 and 1,2,3", [["number", 0.5, ".5"], ["number", 1, "1"], ["number", 2, "2"], ["number", 3, "3"]]],
    ["12 percent (-3)", [["percent", 12, "12 percent"], ["number", -3, "-3"]]],
    ["5kg, 1/2", [["number", 5, "5"], ["number", 1, "1"], ["number", 2, "2"]]],
  ];
  for (const [text, expected, locale] of table) assert.deepEqual(read(text, locale), expected, text);
});

test("what is written with digits and counts nothing is no number", () => {
  const texts = [
    "2024-01-15",
    "2024-01-15T10:30:00Z",
    "1/2/2024 and 15.01.24",
    "on January 5, 2024 and 5 May",
    "10:30, 9 pm",
    "v1.2.3, 1.2.3 and v2",
    "the 1st and 22nd",
    "https://example.com/7?n=8 a7@b9.com",
    "`x = 5` and\n```\n6\n```\n",
    "```\n7, never closed",
    "A4, COVID-19, #42, file_2, 3a7f",
    "+49 30 1234567, 555-123-4567, (555) 123-4567, 978-3-16-148410-0",
  ];
  for (const text of texts) assert.deepEqual(read(text), [], text);
  const dated = new NumericRangeValidator({ max: 100, ignore: [] });
  assert.equal(dated.validate({ text: "2024-01-15" } as never).passed, false);
});

test("NumericRangeValidator checks each number by the rules of its own kind", async () => {
  const numbers = new NumericRangeValidator({ max: 50, percentRange: [0, 100] });
  await checkTable(numbers, [["85% for $900", true], ["60", false], ["improved by 150 %", false], [
    "-$5",
    false,
  ], ["", true]]);
  await checkTable(new NumericRangeValidator({ max: 50 }), [["improved by 150 %", true]]);
  const result = await validate(numbers, "Of 40 rooms, 60 or\n120% are taken.");
  assert.deepEqual(result.issues, [
    'Line 1, column 14: the number "60" is not at most 50.',
    'Line 2, column 1: the percentage "120%" is not at least 0 and at most 100.',
  ]);
  assert.equal(result.message, "2 of 3 numbers lie outside the allowed ranges.");
  assert.equal(result.score, 1 / 3);
});

test("NumericRangeValidator knows allowed and forbidden ranges, open and closed, without an end", async () => {
  const table: [NumericRangeOptions, string, boolean][] = [
    [{ allowedRanges: [[1, 2], [5, 6]] }, "1 2 5 6", true],
    [{ allowedRanges: [[1, 2], [5, 6]] }, "3", false],
    [{ allowedRanges: [{ min: 1, exclusiveMin: true }] }, "1", false],
    [{ allowedRanges: [[1, Infinity]] }, "1e300", true],
    [{ forbiddenRanges: [[13, 13]] }, "12 14", true],
    [{ forbiddenRanges: [[13, 13]] }, "13", false],
    [{ requireAtLeast: 2 }, "only 1", false],
    [{ max: 9, currencies: ["$"], currencyRange: [0, 5] }, "€8", true],
    [{ max: 9, context: "rooms?" }, "20 rooms", false],
    [{ max: 9, context: "rooms?" }, "20 chairs", true],
    [{ max: 9, context: /rooms?/, contextDistance: 3 }, "20 very large rooms", true],
  ];
  for (const [options, text, passes] of table) {
    const { passed } = await validate(new NumericRangeValidator(options), text);
    assert.equal(passed, passes, `${JSON.stringify(options)} ${text}`);
  }
});

test("NumericRangeValidator reads very long rows of digits and signs in linear time", async () => {
  const numbers = new NumericRangeValidator({ min: 0, max: 10 });
  for (const piece of ["1", "1,", "1-", "1.", "$", "1a", "`1", "1 2:", "+1 ", "1e", "a1@"]) {
    const startedMs = performance.now();
    await validate(numbers, piece.repeat(100_000));
    assert.ok(performance.now() - startedMs < 6_000, piece);
  }
});

test("presets know percentages, prices and ages", async () => {
  await checkTable(percentageValidator(), [["100% of 500", true], ["101%", false], ["-1%", false]]);
  await checkTable(priceValidator({ max: 10, currency: "$" }), [["$10 or €20", true], ["$10.01", false], [
    "-$1",
    false,
  ]]);
  await checkTable(ageValidator(), [
    ["Born in 1990, she is 34 years old.", true],
    ["Born in 1990, aged 34", true],
    ["She is 240 years old.", false],
    ["a 200-year-old boy", false],
  ]);
});

test("NumericRangeValidator refuses options that make no sense", () => {
  const make = (options: unknown) => () => new NumericRangeValidator(options as NumericRangeOptions);
  refuses(make({}), /at least one rule is required/);
  refuses(make({ min: 2, max: 1 }), /min must not exceed max: min is 2, max is 1/);
  refuses(make({ min: NaN }), /min must be a number: min is NaN/);
  refuses(make({ max: 1, kinds: [] }), /kinds must be an array with at least 1 item/);
  refuses(make({ percentRange: [3, 2] }), /percentRange must hold a number at least: it goes from 3 to 2/);
  refuses(make({ allowedRanges: [[1, 2]], forbiddenRanges: [[0, 5]] }), /they forbid all that is allowed/);
  refuses(make({ max: 1, context: "(" }), /context must be a regular expression/);
  refuses(make({ max: 1, locale: "no such" }), /locale must be a BCP 47/);
  refuses(make({ maximum: 1 }), /did you mean max\?|there is no option maximum/);
});

test("NumericRangeValidator names a great many numbers in linear time", () => {
  const small = new NumericRangeValidator({ max: 10 });
  const startedMs = performance.now();
  const { issues } = small.validate(draft("Größe 12 ".repeat(30_000)));
  assert.ok(performance.now() - startedMs < 10_000);
  assert.equal(issues.length, 30_000);
  assert.match(issues.at(-1)!, /^Line 1, column 269998: /);
  assert.equal(small.validate(draft("`12` ".repeat(200_000))).error, undefined);
});
