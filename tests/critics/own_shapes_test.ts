/** Recorded shapes of answers to questions that are no critiques, read by the one module that reads answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { JUDGE_FORMAT, readJudgement } from "../../src/critics/agent4debate_judge.ts";
import { ANALYSIS_FORMAT, REVIEW_FORMAT, SPEECH_FORMAT } from "../../src/critics/agent4debate_prompts.ts";
import { readAnalysis, readSpeech } from "../../src/critics/agent4debate_team.ts";
import type { AnswerFormat } from "../../src/critics/answer_format.ts";
import { JUDGEMENT_FORMAT } from "../../src/critics/meta_rewarding_prompts.ts";
import { type CriticAnswer, parseAnswer } from "../../src/critics/parse_answer.ts";
import { field, readBoolean, readTexts } from "../../src/critics/read_fields.ts";
import { groupQuestion, readGroups } from "../../src/critics/self_consistency_prompts.ts";
import { readClaims, readRelevance, readSupport, readUtility } from "../../src/critics/self_rag_claims.ts";
import {
  PLAN_FORMAT,
  RELEVANCE_FORMAT,
  SUPPORT_FORMAT,
  UTILITY_FORMAT,
} from "../../src/critics/self_rag_prompts.ts";
import { contrastQuestion, readInstruction } from "../../src/critics/self_taught_prompts.ts";
import { readTrace } from "../../src/critics/self_taught_traces.ts";
import { COMPARISON_FORMAT } from "../../src/critics/self_taught_prompts.ts";
import { Document } from "../../src/thought/document.ts";
import { draft } from "./helpers.ts";

const TEXT = "Lemurs live in Africa. They leap.";
const DOCUMENTS = new Map([[1, new Document({ text: "Lemurs live in Madagascar.", source: "atlas" })]]);
const CLAIM = { number: 1, claim: "Lemurs live in Africa.", quote: "", query: "q" };
const CLAIMS = [CLAIM, { ...CLAIM, number: 2, claim: "They leap." }];

interface Kind {
  readonly format: AnswerFormat;
  readonly read: (answer: CriticAnswer) => unknown;
}

/** A side of a debate that has said nothing. */
const SILENT = { side: { name: "silent", stance: "" }, turns: [], failure: undefined };

const KINDS = {
  plan: {
    format: PLAN_FORMAT,
    read: (answer) => [
      readBoolean(field(answer.fields, "needsEvidence")),
      readClaims(answer, TEXT, 3).map(({ claim, quote }) => `${claim}|${quote}`),
    ],
  },
  relevance: { format: RELEVANCE_FORMAT, read: (answer) => [...readRelevance(answer, [1, 2])] },
  relevanceOfOne: { format: RELEVANCE_FORMAT, read: (answer) => [...readRelevance(answer, [2])] },
  support: {
    format: SUPPORT_FORMAT,
    read: (answer) =>
      [...readSupport(answer, CLAIMS, DOCUMENTS).values()].map((
        { claim, support },
      ) => [claim.number, support]),
  },
  supportOfOne: {
    format: SUPPORT_FORMAT,
    read: (answer) => [...readSupport(answer, [CLAIM], DOCUMENTS).values()].map(({ support }) => support),
  },
  utility: { format: UTILITY_FORMAT, read: (answer) => readUtility(answer.fields) },
  groups: { format: groupQuestion(["a", "b", "c"], []).format, read: (answer) => readGroups(answer, 3) },
  judgement: { format: JUDGEMENT_FORMAT, read: (answer) => answer.score },
  comparison: {
    format: COMPARISON_FORMAT,
    read: (answer) => {
      const { winner, differences } = readTrace(answer, { draft: "d", other: "o" }, false);
      return [winner, differences.map(({ better, text }) => `${better}: ${text}`)];
    },
  },
  instruction: {
    format: contrastQuestion({ thought: draft() } as never).format,
    read: readInstruction,
  },
  analysis: {
    format: ANALYSIS_FORMAT,
    read: (answer) => [readAnalysis(answer).points, readAnalysis(answer).questions],
  },
  speech: {
    format: SPEECH_FORMAT,
    read: (answer) => {
      const { text, edits } = readSpeech(answer, TEXT);
      return [text, edits.map(({ before, after, applies }) => `${before}>${after}:${applies}`)];
    },
  },
  review: {
    format: REVIEW_FORMAT,
    read: (
      answer,
    ) => [readBoolean(field(answer.fields, "accepted")), readTexts(field(answer.fields, "reasons"))],
  },
  judge: {
    format: JUDGE_FORMAT,
    read: (answer) => readJudgement([{ answer, order: [1, 0] }], [SILENT, SILENT]).scores,
  },
} satisfies Readonly<Record<string, Kind>>;

/** For an answer that is asked for again. */
const UNREAD = Symbol("unread");

const SHAPES: readonly [kind: keyof typeof KINDS, name: string, answer: string, expected: unknown][] = [
  ["plan", "as asked", '{"needsEvidence": true, "claims": [{"claim": "A.", "quote": "live in Africa"}]}', [
    true,
    ["A.|live in Africa"],
  ]],
  ["plan", "other names", '{"needs_evidence": "yes", "Claims": ["A.", "B."]}', [true, ["A.|", "B.|"]]],
  ["plan", "a bare list", '[{"claim": "A.", "quote": "invented"}, {"claim": "B."}]', [undefined, [
    "A.|",
    "B.|",
  ]]],
  ["plan", "fenced, with a preface", 'Sure:\n```json\n{"needsEvidence": false, "claims": []}\n```', [
    false,
    [],
  ]],
  ["plan", "prose", "Needs evidence: yes\n\n## Claims\n1. A.\n2. B.", [true, ["A.|", "B.|"]]],
  ["plan", "prose without claims", "Needs evidence: no\nClaims: None", [false, []]],
  ["plan", "one claim in prose", "Needs evidence: yes\nClaims:\n- A.", [true, ["A.|"]]],
  ["plan", "cut off", '{"needsEvidence": true, "claims": [{"claim": "A."}, {"claim": "B', [true, [
    "A.|",
  ]]],
  ["plan", "more than asked for", `{"claims": ${JSON.stringify(["A", "B", "C", "D"])}}`, [undefined, [
    "A|",
    "B|",
    "C|",
  ]]],
  [
    "relevance",
    "as asked",
    '{"verdicts": [{"document": 2, "relevant": false}, {"document": 1, "relevant": true}]}',
    [[2, false], [1, true]],
  ],
  ["relevance", "in words", '{"verdicts": [{"document": "Document 1", "relevant": "Yes."}]}', [[1, true]]],
  ["relevance", "a number that was not asked", '{"verdicts": [{"document": 7, "relevant": true}]}', []],
  ["relevance", "a verdict that is none", '{"verdicts": [{"document": 1, "relevant": "somewhat"}]}', []],
  ["relevanceOfOne", "without a number", '{"relevant": true, "reason": "x"}', [[2, true]]],
  ["relevanceOfOne", "as a list", '[{"relevant": false}]', [[2, false]]],
  ["relevanceOfOne", "prose", "**Relevant:** No\n\nIt is about bread.", [[2, false]]],
  [
    "support",
    "as asked",
    '{"verdicts": [{"claim": 2, "support": "no"}, {"claim": 1, "document": 1, "evidence": "live in Madagascar", "support": "contradicted"}]}',
    [[2, "no"], [1, "contradicted"]],
  ],
  [
    "support",
    "invented evidence",
    '{"verdicts": [{"claim": 1, "document": 1, "evidence": "in Asia", "support": "fully"}]}',
    [[1, "no"]],
  ],
  [
    "support",
    "another document named",
    '{"verdicts": [{"claim": 1, "document": 9, "evidence": "Madagascar", "support": "Fully supported"}]}',
    [[1, "fully"]],
  ],
  [
    "supportOfOne",
    "without a list",
    '{"support": "partially supported", "document": 1, "evidence": "Lemurs live"}',
    ["partially"],
  ],
  ["supportOfOne", "not supported", '{"support": "Not supported"}', ["no"]],
  ["supportOfOne", "unsupported", '{"support": "unsupported"}', ["no"]],
  ["supportOfOne", "refuted", '{"support": "refuted", "evidence": "live in Madagascar"}', ["contradicted"]],
  ["supportOfOne", "prose", "Support: fully\nEvidence: Lemurs live in Madagascar", ["fully"]],
  ["supportOfOne", "no level", '{"support": "perhaps"}', []],
  ["utility", "as asked", '{"utility": 4}', 4],
  ["utility", "with its scale", '{"utility": "4/5"}', 4],
  ["utility", "in a sentence", '{"utility": "3 - it lacks a date"}', 3],
  ["utility", "outside the scale", '{"utility": 9}', UNREAD],
  ["utility", "zero", '{"utility": 0}', UNREAD],
  ["utility", "between two", '{"utility": 3.5}', UNREAD],
  ["utility", "prose", "## Utility\n5", 5],
  ["groups", "as asked", '{"groups": [{"members": [1, 3]}, {"members": [2]}]}', [[1, 3], [2]]],
  ["groups", "lists of numbers", '{"groups": [[3, 1], [2]]}', [[3, 1], [2]]],
  ["groups", "numbers twice, missing or unknown", '{"groups": [[1, 9], [1, "2"]]}', [[1], [2], [3]]],
  ["judgement", "as asked", '{"reasoning": "r", "score": 3}', 0.6],
  ["judgement", "the top", '{"score": 5}', 1],
  ["judgement", "with its scale", '{"score": "4 out of 5"}', 0.8],
  ["judgement", "outside the scale", '{"score": 7, "needsImprovement": true}', undefined],
  [
    "comparison",
    "as asked",
    '{"reasoning": "r", "differences": [{"better": "B", "text": "No date.", "change": "Name it."}, {"better": "?", "text": "x"}], "winner": "B"}',
    ["other", ["other: No date."]],
  ],
  ["comparison", "a word for a tie", '{"winner": "equal"}', ["tie", []]],
  ["comparison", "prose with reasons after it", "**Winner:** B\n\nIt names a date.\n- It is short.", [
    "other",
    [],
  ]],
  ["review", "prose with reasons after it", "Accepted: No\n\nThe edit does not apply.", [false, []]],
  ["plan", "prose with reasons after it", "Needs evidence: No.\n\nIt is a poem.", [false, []]],
  ["comparison", "prose", "Reasoning: A is clearer.\nFinal verdict: A", ["draft", []]],
  ["instruction", "as asked", '{"instruction": "Explain how lemurs leap."}', "Explain how lemurs leap."],
  ["instruction", "prose", "Changed request: Explain how lemurs leap.", "Explain how lemurs leap."],
  ["analysis", "as asked", '{"points": ["A."], "attacks": [], "questions": ["When?"]}', [["A."], ["When?"]]],
  ["analysis", "prose", "## Points\n- A.\n- B.\n\n## Open questions\n- When?", [["A.", "B."], ["When?"]]],
  ["analysis", "too many questions", '{"points": ["A."], "questions": ["1?", "2?", "3?", "4?"]}', [["A."], [
    "1?",
    "2?",
    "3?",
  ]]],
  ["speech", "as asked", '{"speech": "S.", "edits": [{"before": "They leap.", "after": "They jump."}]}', [
    "S.",
    ["They leap.>They jump.:true"],
  ]],
  [
    "speech",
    "an edit that does not apply",
    '{"speech": "S.", "edits": [{"before": "They fly.", "after": ""}]}',
    ["S.", ["They fly.>:false"]],
  ],
  [
    "speech",
    "an edit that changes nothing",
    '{"speech": "S.", "edits": [{"before": "They leap.", "after": "They leap."}]}',
    ["S.", []],
  ],
  ["speech", "prose", "Speech: Keep it.\n\nEdits: none", ["Keep it.", []]],
  ["review", "as asked", '{"reasons": ["A."], "accepted": false}', [false, ["A."]]],
  ["review", "prose", "Reasons:\n- A.\n\nAccepted: no", [false, ["A."]]],
  ["review", "nothing against it", '{"accepted": "yes", "reasons": "None"}', [true, []]],
  [
    "judge",
    "as asked, in the order shown",
    '{"sides": [{"side": 1, "diagnosis": 8, "evidence": 6, "cost": 4}, {"side": 2, "diagnosis": 1}]}',
    [0.1, 0.6],
  ],
  ["judge", "in words", '{"sides": [{"side": "Side 2", "diagnosis": "7/10"}]}', [0.7, undefined]],
  ["judge", "a side that is not there", '{"sides": [{"side": 3, "diagnosis": 8}]}', [undefined, undefined]],
];

for (const [kind, name, answer, expected] of SHAPES) {
  test(`an answer to ${kind} is read: ${name}`, () => {
    const { format, read } = KINDS[kind] as Kind;
    const parsed = parseAnswer(answer, format.reading);
    assert.equal(parsed.problem === undefined, expected !== UNREAD);
    if (expected !== UNREAD) assert.deepEqual(read(parsed), expected);
  });
}

test("an answer that says nothing of what was asked is not read", () => {
  for (const [kind, { format }] of Object.entries(KINDS) as [string, Kind][]) {
    for (const answer of ["", "I would rather not.", "[]", "{}", '{"other": 1}', "{".repeat(100_000)]) {
      const { parse, problem } = parseAnswer(answer, format.reading);
      if (answer === "[]" && parse !== "none") continue; // an empty list of what was asked for
      assert.equal(parse, "none", `${kind}: ${answer.slice(0, 20)}`);
      assert.match(problem!, /required/, kind);
    }
  }
});
