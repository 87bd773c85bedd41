import { test } from "node:test";
import assert from "node:assert/strict";
import { referenceTo } from "../../src/thought/reference.ts";
import { Thought } from "../../src/thought/thought.ts";

test("referenceTo names the thought and says in one line what became of it", () => {
  const thought = new Thought({
    prompt: "p",
    id: "a",
    iteration: 2,
    timestamp: "2026-01-31T12:00:00Z",
    text: "é👩‍👩‍👧\r\n",
  })
    .withValidationResults([
      { validator: "Length", passed: true },
      { validator: "Regex", passed: false },
      { validator: "Format", passed: false, error: { code: "crash", message: "" } },
    ])
    .withCriticFeedback([
      { critic: "Tone", needsImprovement: true },
      { critic: "Unsure" },
      { critic: "Broken", needsImprovement: true, error: { code: "crash", message: "" } },
    ]);
  assert.deepEqual(referenceTo(thought), {
    thoughtId: "a",
    iteration: 2,
    timestamp: "2026-01-31T12:00:00Z",
    summary:
      "3 graphemes; 1 of 3 validators passed (not Regex, Format); 1 of 3 critics ask for change (Tone)",
  });
});

test("referenceTo says what has not happened yet", () => {
  assert.equal(referenceTo(new Thought({ prompt: "p" })).summary, "no text; not validated; not criticised");
  assert.equal(
    referenceTo(new Thought({ prompt: "p", text: "a" })).summary,
    "1 grapheme; not validated; not criticised",
  );
  const passed = new Thought({ prompt: "p", text: "" }).addValidationResult("v", { passed: true });
  assert.equal(referenceTo(passed).summary, "0 graphemes; 1 of 1 validators passed; not criticised");
});

test("referenceTo gives one that cannot be changed", () => {
  assert.ok(Object.isFrozen(referenceTo(new Thought({ prompt: "p" }))));
});
