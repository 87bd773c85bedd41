import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanRevision } from "../../src/critics/clean_revision.ts";

const TEXT = "Lemurs lose forests.\n\nThat is all.";
const CASES: [name: string, answer: string, expected?: string, draft?: string][] = [
  ["leaves a bare text alone", TEXT],
  ["trims", `\n ${TEXT}\n`],
  ["strips a code fence", "```\n" + TEXT + "\n```"],
  ["strips a code fence with a language", "```markdown\n" + TEXT + "\n```"],
  ["strips a line that announces the text", `Here is the improved text:\n\n${TEXT}`],
  ["strips a polite line that announces the text", `Sure! Here's the revised version:\n${TEXT}`],
  ["strips a label", `Improved text: ${TEXT}`],
  ["strips a bold label", `**Revised version:**\n\n${TEXT}`],
  ["strips an announcement before a fence", "Here is the text:\n```\n" + TEXT + "\n```"],
  ["strips the tag of our own prompts", `<draft-0a1b2c3d>\n${TEXT}\n</draft-0a1b2c3d>`],
  ["strips reasoning", `<think>Shorter.</think>\n${TEXT}`],
  ["keeps an announcement that is all there is", "Here is the improved text:"],
  ["keeps an empty fence", "```\n```"],
  ["keeps a fence that does not surround the text", "Run:\n```\nls\n```\nand read."],
  ["keeps a fence that the draft had", "```js\nlet a = 1;\n```", undefined, "```js\nvar a = 1;\n```"],
  [
    "keeps a first line that the draft had",
    `Here is the plan:\n${TEXT}`,
    undefined,
    "Here is the plan:\nNone.",
  ],
  ["keeps a first line that announces nothing", `Lemurs: a study\n${TEXT}`],
  ["gives nothing for nothing", " \n", ""],
];

for (const [name, answer, expected, draft = "A draft."] of CASES) {
  test(`cleanRevision ${name}`, () => {
    const unchanged = name.startsWith("keeps") ? answer : TEXT;
    assert.equal(
      cleanRevision(answer, draft),
      expected ?? (name.startsWith("strips") || name.startsWith("trims") ? TEXT : unchanged),
    );
  });
}

test("cleanRevision is quick on a long answer", () => {
  for (
    const answer of [
      "`".repeat(500_000),
      "```\n".repeat(200_000),
      "Here is ".repeat(100_000),
      "<draft-0a1b2c3d>\n".repeat(50_000),
    ]
  ) {
    assert.ok(cleanRevision(answer, "x").length > 0);
  }
});
