import assert from "node:assert/strict";
import { test } from "node:test";
import { customFormat, jsonFormat, markdownFormat } from "../../src/validators/factories.ts";
import type { FormatOptions } from "../../src/validators/format_options.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { checkContract, draft, refuses, validate } from "./helpers.ts";

test("FormatValidator does what every validator must, in each format", async () => {
  for (const format of ["json", "containsJson", "markdown", "email", "url"] as const) {
    await checkContract(new FormatValidator({ format }));
  }
  await checkContract(customFormat((text) => text.length > 3));
});

test("FormatValidator says which format it checked", async () => {
  assert.equal((await validate(jsonFormat(), "[]")).metadata.format, "json");
});

test("a custom format may be a boolean, issues, a result, an operation or a promise", async () => {
  const passes = async (customValidator: FormatOptions["customValidator"]) =>
    (await validate(customFormat(customValidator!), "text")).passed;
  assert.equal(await passes(() => true), true);
  assert.equal(await passes((text) => text !== "text"), false);
  assert.equal(await passes(() => []), true);
  const result = await validate(
    customFormat(() => ({ passed: false, issues: ["no"], suggestions: ["yes"] })),
    "text",
  );
  assert.deepEqual([result.issues, result.suggestions, result.score], [["no"], ["yes"], 0]);
  const asynchronous = customFormat((text) => Promise.resolve(text === "text"));
  assert.equal((await asynchronous._validateAsync(draft("text"))).passed, true);
  assert.equal(
    (await customFormat(async () => await Promise.resolve(["no"]))._validateAsync(draft("a"))).passed,
    false,
  );
  assert.throws(() => asynchronous.validate(draft("text")), /returned a promise/);
});

test("a custom format that breaks is an error, not a verdict", async () => {
  const thrown = customFormat(() => {
    throw new Error("broken");
  });
  const result = thrown.validate(draft("a"));
  assert.deepEqual(result.error, { code: "internal", message: "broken" });
  assert.equal(result.passed, false);
  const junk = customFormat((() => 42) as never).validate(draft("a"));
  assert.match(junk.error!.message, /must give true or false, a list of issues .*: FormatValidator gave 42/);
  const hanging = customFormat(() => new Promise<boolean>(() => {}));
  assert.equal((await hanging._validateAsync(draft("a"), { timeoutMs: 10 })).error?.code, "timeout");
});

test("FormatValidator refuses options that cannot be meant", () => {
  const make = (options: unknown) => () => new FormatValidator(options as FormatOptions);
  refuses(make({}), /format is required: one of "json"/);
  refuses(make({ format: "xml" }), /format must be one of/);
  refuses(make({ format: "json", formatType: "json" }), /format and formatType must not both be given/);
  refuses(make({ format: "custom" }), /customValidator is required/);
  refuses(make({ format: "custom", customValidator: 5 }), /customValidator must be a function/);
  refuses(
    make({ format: "json", customValidator: () => true }),
    /customValidator must only be given where format is "custom"/,
  );
  refuses(
    make({ format: "email", schema: () => [] }),
    /schema must only be given where format is "json" or "containsJson"/,
  );
  refuses(
    make({ format: "json", schema: { type: "objekt" } }),
    /schema\.type must be one of string, number, integer, boolean, object, array, null/,
  );
  refuses(make({ format: "json", schema: null }), /schema must be/);
  refuses(make({ format: "json", markdown: {} }), /markdown must only be given/);
  refuses(make({ format: "containsJson", minCount: 0 }), /minCount must be an integer of at least 1/);
  refuses(make({ format: "markdown", markdown: { requireHeadings: true } }), /did you mean requireHeading/);
  refuses(make({ format: "url", url: { protocols: [] } }), /at least 1 item/);
  refuses(make({ format: "url", url: { protocols: ["not a protocol"] } }), /names of protocols/);
  refuses(make({ format: "json", fromat: 1 }), /did you mean format/);
});

test("FormatValidator takes the other names of its options", () => {
  assert.equal(new FormatValidator({ formatType: "json" }).validate(draft("1")).passed, true);
  assert.equal(new FormatValidator({ expectedFormat: "email" }).validate(draft("1")).passed, false);
  assert.equal(markdownFormat().validate(draft("1")).passed, true);
});
