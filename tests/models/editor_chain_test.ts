import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { EditorModel } from "../../src/models/mod.ts";
import { ContentValidator } from "../../src/validators/content_validator.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";

const DRAFT = readFileSync(new URL("../../examples/demo/draft.md", import.meta.url), "utf8");

function chain(): Chain {
  return new Chain({
    model: new EditorModel(),
    prompt: "Edit the announcement of Ledger 4.2.",
    input: DRAFT,
    validators: [
      new LengthValidator({ minWords: 100, maxWords: 180 }),
      new ContentValidator({
        prohibited: ["in order to", "utilize", "simply", "amazing"],
        required: ["Ledger", "1 April"],
      }),
    ],
    maxImprovementIterations: 3,
  });
}

test("the editor makes a draft valid that fails two validators", () => {
  const { thought, iterations, stopReason } = chain().runDetailed();
  assert.equal(stopReason, "passed");
  assert.equal(Object.values(iterations[0]!.validationResults).filter((result) => !result.passed).length, 2);
  assert.equal(thought.valid, true);
  assert.match(thought.text!, /1 April/);
  assert.match(thought.text!, /^## Ledger 4\.2 moves/);
});

test("the editor's chain gives the same text on an event loop", async () => {
  assert.equal((await chain()._runAsync()).text, chain().run().text);
});
