import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidationResult } from "../../src/thought/validation_result.ts";
import { ProseValidator, ReadabilityValidator } from "../../src/validators/prose_validators.ts";
import type { OperationValidator } from "../../src/validators/validator.ts";
import { draft, refuses } from "./helpers.ts";

/** Prose is read in the worker, which the simulation has none of. */
async function read(validator: OperationValidator, text: string): Promise<ValidationResult> {
  const result = validator.validate(draft(text));
  assert.deepEqual(await validator._validateAsync(draft(text)), result);
  assert.equal(result.error, undefined, result.error?.message);
  assert.equal(result.passed ? result.score === 1 : result.score! < 1, true);
  assert.equal(result.issues.length, result.suggestions.length);
  return result;
}

const HARD =
  "The constellation also contains an isolated neutron star which was discovered notwithstanding considerable observational difficulties.";

test("ReadabilityValidator tells hard sentences from easy ones, by the age of the reader", async () => {
  const readable = new ReadabilityValidator();
  assert.equal((await read(readable, "The cat sat on the mat and looked at me.")).passed, true);
  const result = await read(readable, `The cat sat.\n\n${HARD} We went home.`);
  assert.equal(result.message, "1 of 3 sentences is hard to read at the age of 16.");
  assert.match(result.issues[0]!, /^Line 3, column 1: "The constellation.*" is hard to read\.$/);
  assert.ok(Math.abs(result.score! - 2 / 3) < 1e-9);
  assert.equal(
    (await read(new ReadabilityValidator({ maxHardShare: 0.5 }), `We sat.\n\n${HARD}`)).passed,
    true,
  );
  const young = new ReadabilityValidator({ age: 8 });
  assert.equal(
    (await read(young, "Everybody appreciated the magnificent celebration yesterday.")).passed,
    false,
  );
  assert.equal((await read(readable, `\`\`\`\n${HARD}\n\`\`\``)).passed, true);
});

test("ProseValidator finds what its rules name, where it stands", async () => {
  const table: [ConstructorParameters<typeof ProseValidator>[0], string, string[]][] = [
    [{}, "Please utilize it.", ['Write "use" for "utilize".']],
    [{}, "See the the cat.", ['Write "the" for "the the".']],
    [{}, "It is a apple.", ['Write "an" for "a".']],
    [{ rules: ["passive"] }, "The book was written by him.", ['Say who does it in place of "written".']],
    [{ rules: ["vague"] }, "It is very nice.", ['Leave out or replace "very".']],
    [{}, "We use `utilize` and see https://utilize.example.", []],
    [{ allow: ["Utilize"] }, "Please utilize it.", []],
    [{ maxFindings: 1 }, "Please utilize it.", []],
    [{}, "# Utilize\n\n> utilize it", []],
  ];
  for (const [options, text, suggestions] of table) {
    assert.deepEqual((await read(new ProseValidator(options), text)).suggestions, suggestions, text);
  }
  const placed = await read(new ProseValidator(), "- One.\n- Please utilize it.");
  assert.deepEqual(placed.issues, ['Line 2, column 10: "utilize" can be said more simply.']);
  assert.deepEqual(placed.metadata, { sentences: 2, findings: 1, counts: { simpler: 1 } });
});

test("prose is judged in any text, also none and a long one", async () => {
  for (const validator of [new ProseValidator(), new ReadabilityValidator()]) {
    assert.equal(validator.validate(draft()).error?.code, "no_text");
    for (const text of ["", " \n", "12 34", "\ud800".repeat(100), "👩‍👩‍👧".repeat(2_000), "a".repeat(100_000)]) {
      await read(validator, text);
    }
    const long = "The cat sat on the mat. ".repeat(4_000);
    assert.equal(validator.validate(draft(long)).metadata.sentences, 4_000);
    const reason = new Error("stop");
    await assert.rejects(
      validator._validateAsync(draft(long), { signal: AbortSignal.abort(reason) }),
      reason,
    );
  }
});

test("prose validators refuse options that make no sense", () => {
  refuses(() => new ProseValidator({ rules: [] }), /rules must be an array with at least 1 item/);
  refuses(() => new ProseValidator({ rules: ["simple"] as never }), /rules\[0\] must be one of "simpler"/);
  refuses(() => new ReadabilityValidator({ age: 3 }), /age must be an integer from 6 to 30/);
  refuses(() => new ReadabilityValidator({ maxHardShare: 2 }), /from 0 to 1/);
});
