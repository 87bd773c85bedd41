import { test } from "node:test";
import {
  citationValidator,
  codeBlockValidator,
  structureValidator,
} from "../../src/validators/regex_presets.ts";
import { checkTable, refuses } from "./helpers.ts";

test("codeBlockValidator requires fenced code blocks", async () => {
  await checkTable(codeBlockValidator(), [
    ["```sh\nls\n```", true],
    ["text\n\n~~~\ncode\n~~~\n", true],
    ["````\n```\n````", true],
    ["```\n```", true],
    ["```sh\nls", false],
    ["`inline`", false],
    ["", false],
  ]);
  await checkTable(codeBlockValidator({ minBlocks: 2 }), [
    ["```\na\n```\n\n```\nb\n```", true],
    ["```\na\n```\n", false],
  ]);
});

test("citationValidator knows numbers, authors and et al.", async () => {
  await checkTable(citationValidator(), [
    ["as shown [1]", true],
    ["as shown [2, 3–5]", true],
    ["as shown (Smith, 2020)", true],
    ["as shown (Smith & Jones, 2020a)", true],
    ["as shown (Müller et al., 2020)", true],
    ["as shown (van Gogh)", false],
    ["as shown (2020)", false],
    ["a[i]", false],
  ]);
  await checkTable(citationValidator({ minCitations: 2 }), [["[1] (Smith, 2020)", true], ["[1]", false]]);
});

test("structureValidator requires headings and items", async () => {
  const structure = structureValidator({ minHeadings: 1, minListItems: 2 });
  await checkTable(structure, [
    ["# A\n\n- one\n- two", true],
    ["## A\n1. one\n2) two", true],
    ["#hashtag\n- one\n- two", false],
    ["# A\n- one", false],
    ["# A\n-one\n-two", false],
  ]);
  refuses(() => structureValidator({ minHeadings: 0 }), /must not both be 0/);
  refuses(() => structureValidator({ minHeading: 1 } as never), /did you mean minHeadings/);
});
