import assert from "node:assert/strict";
import { test } from "node:test";
import { readItems, readSections, saysNothing } from "../../src/text/sections.ts";

const HEADINGS = { issues: ["problems"], suggestions: ["recommendations"], score: ["rating"] };

function items(text: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...readSections(text, HEADINGS)].map(([name, section]) => [name, section.items]),
  );
}

for (
  const heading of [
    "Issues:",
    "issues:",
    "## Issues",
    "### Issues:",
    "**Issues**",
    "**Issues:**",
    "__Issues__",
    "1. Issues",
    "2) Issues:",
    "## 1. Issues",
    "Issues (2):",
    "PROBLEMS:",
    "Issues：",
  ]
) {
  test(`readSections knows the heading ${heading}`, () => {
    assert.deepEqual(items(`Preface.\n${heading}\n- a\n- b`), { issues: ["a", "b"] });
  });
}

for (const mark of ["-", "*", "•", "1.", "1)", "a)", "(1)", "–", "１．"]) {
  test(`readItems knows the mark ${mark}`, () => {
    assert.deepEqual(readItems([`${mark} first`, "  and more", `${mark} second`]), [
      "first and more",
      "second",
    ]);
  });
}

test("readSections takes the text after the colon of a heading", () => {
  assert.equal(readSections("Score: 8/10", HEADINGS).get("score")?.inline, "8/10");
  assert.deepEqual(items("Issues: too long"), { issues: ["too long"] });
});

test("readSections ends a section at a heading that is not asked for", () => {
  assert.deepEqual(items("Issues:\n- a\n\n## Strengths\n- b\n\nSuggestions:\n- c"), {
    issues: ["a"],
    suggestions: ["c"],
  });
});

test("readSections joins sections of one name", () => {
  assert.deepEqual(items("Issues:\n- a\n\nScore: 3\n\nProblems:\n- b").issues, ["a", "b"]);
});

test("readSections leaves bulleted labels inside their list", () => {
  assert.deepEqual(items("Issues:\n- Suggestions: there are none in the text\n- b"), {
    issues: ["Suggestions: there are none in the text", "b"],
  });
});

test("readSections does not take a sentence about issues for a heading", () => {
  assert.deepEqual(items("The issues are many, and nobody counts them."), {});
});

test("readItems joins deeper items with the one above them", () => {
  assert.deepEqual(readItems(["- a", "  - a1", "  - a2", "- b"]), ["a a1 a2", "b"]);
});

test("readItems leaves out prose around a list", () => {
  assert.deepEqual(readItems(["I found two:", "- a", "- b", "", "All in all it is fine."]), ["a", "b"]);
});

test("saysNothing knows lists that say there is nothing, and no others", () => {
  for (
    const text of [
      "None",
      "none.",
      "N/A",
      "n/a",
      "Nothing",
      "No issues found.",
      "No major problems were identified",
      "There are no issues",
      "-",
      "**None**",
      "No suggestions at this time",
    ]
  ) {
    assert.equal(saysNothing(text), true, text);
  }
  for (
    const text of [
      "None of the claims has a source",
      "No evidence is given",
      "Nothing happens in the second act",
      "No issues with grammar, but the tone is off",
    ]
  ) {
    assert.equal(saysNothing(text), false, text);
  }
});

test("readSections is linear in the length of the text", () => {
  for (
    const text of [
      "#".repeat(1_000_000),
      " ".repeat(1_000_000),
      "*".repeat(1_000_000),
      "Issues:\n" + "- a\n".repeat(250_000),
    ]
  ) {
    assert.ok(readSections(text, HEADINGS).size <= 1);
  }
});
