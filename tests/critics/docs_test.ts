/** Holds docs/critics.md to what the critics do: every one has a section with its source, and costs what the table says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CRITICS as REGISTERED } from "../../src/config/registry.ts";
import type { Critic } from "../../src/critics/critic.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { ATLAS, draft, failing } from "./helpers.ts";

const PAGE = readFileSync(new URL("../../docs/critics.md", import.meta.url), "utf8");

interface Row {
  readonly critic: string;
  readonly formula: string;
}

const ROWS = new Map(
  [...PAGE.matchAll(/^\| \[(\w+)\]\(#(\w+)\) \| `(\w+)` \| `([^`]+)` \|/gm)].map((
    [, critic, anchor, name, formula],
  ): [string, Row] => {
    assert.equal(anchor, critic!.toLowerCase());
    return [name!, { critic: critic!, formula: formula! }];
  }),
);

interface Case {
  readonly options?: object;
  readonly letters: Readonly<Record<string, number>>;
  readonly thought?: Thought;
}

const MODES = { each: 0, batched: 0, sample: 0, P: 5, S: 1 };

/** For each critic some settings, and what the letters of its formula stand for then. The first are the defaults. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  prompt: [{ letters: {} }],
  reflexion: [
    { letters: { failed: 1, llm: 0 }, thought: failing() },
    {
      letters: { failed: 0, llm: 0 },
      thought: draft().addValidationResult("length", { passed: true, message: "" }),
    },
    { options: { evaluator: "llm" }, letters: { failed: 1, llm: 1 }, thought: failing() },
  ],
  self_refine: [{ letters: {} }],
  constitutional: [
    { letters: { ...MODES, each: 1 } },
    { options: { principles: ["a", "b"] }, letters: { ...MODES, each: 1, P: 2 } },
    { options: { mode: "batched" }, letters: { ...MODES, batched: 1 } },
    { options: { mode: "sample", sampleSize: 3 }, letters: { ...MODES, sample: 1, S: 3 } },
  ],
  self_rag: [
    { letters: { checked: 0, batched: 0, D: 0, C: 0 } },
    {
      letters: { checked: 1, batched: 0, D: 2, C: 1 },
      thought: draft().addPreGenerationContext(["one", "two"]),
    },
    { options: { retriever: ATLAS }, letters: { checked: 1, batched: 0, D: 5, C: 1 } },
    { options: { retriever: ATLAS, batched: true }, letters: { checked: 1, batched: 1, D: 5, C: 1 } },
  ],
  n_critics: [
    { letters: { N: 3, includeSelf: 1, synthesise: 0 } },
    {
      options: { roles: ["a", "b"], includeSelf: false, synthesise: true },
      letters: { N: 2, includeSelf: 0, synthesise: 1 },
    },
  ],
  meta_rewarding: [
    { letters: { J: 3, all: 1, vsFirst: 0, refine: 0 } },
    { options: { numJudgments: 5, refine: true }, letters: { J: 5, all: 1, vsFirst: 0, refine: 1 } },
    {
      options: { numJudgments: 4, pairing: "vs-first" },
      letters: { J: 4, all: 0, vsFirst: 1, refine: 0 },
    },
  ],
  self_taught_evaluator: [
    { letters: { J: 3, improvedCandidate: 1 } },
    { options: { numJudgments: 5, improvedCandidate: false }, letters: { J: 5, improvedCandidate: 0 } },
  ],
  agent4debate: [
    { letters: { T: 3, A: 2, compact: 0, r: 0, O: 2 } },
    {
      options: { sides: ["a", "b", "c"], stages: ["opening", "rebuttal"], compact: true },
      letters: { T: 2, A: 3, compact: 1, r: 0, O: 4 },
    },
  ],
  style: [{ letters: {} }],
  self_consistency: [
    { letters: { K: 5, cluster: 1 } },
    { options: { numSamples: 9, cluster: "lexical" }, letters: { K: 9, cluster: 0 } },
  ],
};

function evaluate(formula: string, letters: Readonly<Record<string, number>>): number {
  const script = formula.replaceAll("×", "*").replaceAll("−", "-");
  assert.match(script, /^[\w\s()+*,.-]+$/);
  return new Function(...Object.keys(letters), `return ${script}`)(...Object.values(letters)) as number;
}

test("docs/critics.md has a row and a section for every critic, and no other", () => {
  assert.deepEqual([...ROWS.keys()].sort(), Object.keys(REGISTERED).sort());
  for (const [name, { critic }] of ROWS) {
    const made = make(name, {});
    assert.equal(made.constructor.name, critic);
    const section = PAGE.split(`\n## ${critic}\n`)[1]?.split("\n## ")[0] ?? "";
    for (const part of ["**Algorithm.**", "**Simplified.**", "**When.**"]) {
      assert.ok(section.includes(part), `${critic}: ${part}`);
    }
    assert.match(section, /arXiv \d{4}\.\d{5}|No paper/);
  }
});

/** What a critic cannot be made without. */
const NEEDED: Readonly<Record<string, object>> = { style: { styleDescription: "Plain." } };

function make(name: string, options: object): Critic {
  const context = { folder: ".", model: () => new MockModel(), storage: () => undefined, parts: [] };
  return REGISTERED[name]!.make({ ...NEEDED[name], ...options } as never, context);
}

for (const [name, cases] of Object.entries(CASES)) {
  test(`the critic ${name} costs as many calls as docs/critics.md says`, () => {
    const { formula } = ROWS.get(name)!;
    for (const { options = {}, letters, thought = draft() } of cases) {
      const { expected } = make(name, options).estimateCalls!(thought);
      assert.equal(expected, evaluate(formula, letters), `${formula} with ${JSON.stringify(options)}`);
    }
  });
}

/** Who wrote which paper; the sources were looked up when the page was written. */
const PAPERS: Readonly<Record<string, readonly [authors: string, title: string, ids: readonly string[]]>> = {
  reflexion: ["Shinn, Cassano,", "Reflexion: Language Agents with Verbal Reinforcement Learning", [
    "2303.11366",
  ]],
  self_refine: ["Madaan, Tandon,", "Self-Refine: Iterative Refinement with Self-Feedback", ["2303.17651"]],
  constitutional: ["Bai et al.", "Constitutional AI: Harmlessness from AI Feedback", ["2212.08073"]],
  self_rag: ["Asai, Wu,", "Self-RAG: Learning to Retrieve, Generate, and Critique through Self-Reflection", [
    "2310.11511",
  ]],
  n_critics: [
    "Mousavi, Luna Gutiérrez,",
    "N-Critics: Self-Refinement of Large Language Models with Ensemble of Critics",
    ["2310.18679"],
  ],
  meta_rewarding: [
    "Wu, Yuan, Golovneva,",
    "Meta-Rewarding Language Models: Self-Improving Alignment with LLM-as-a-Meta-Judge",
    ["2407.19594"],
  ],
  self_consistency: [
    "Wang, Wei, Schuurmans,",
    "Self-Consistency Improves Chain of Thought Reasoning in Language Models",
    ["2203.11171", "2311.17311"],
  ],
  self_taught_evaluator: ["T. Wang, Kulikov,", "Self-Taught Evaluators", ["2408.02666"]],
  agent4debate: [
    "Y. Zhang, Yang,",
    "Can LLMs Beat Humans in Debating? A Dynamic Multi-agent Framework for Competitive Debate",
    ["2408.04472"],
  ],
};

test("docs/critics.md cites the papers by their authors, titles and numbers", () => {
  for (const [name, { critic }] of ROWS) {
    const section = PAGE.split(`\n## ${critic}\n`)[1]!.split("\n## ")[0]!.replace(/\s+/g, " ");
    const [authors, title, ids] = PAPERS[name] ?? ["No paper", "", []];
    for (const part of [authors, title, ...ids.map((id) => `arXiv ${id}`)]) {
      assert.ok(section.includes(part), `${critic}: ${part}`);
    }
    assert.deepEqual(
      [...section.matchAll(/arXiv (\S+?)[.;,]? /g)].map(([, id]) => id).sort(),
      [...ids].sort(),
    );
  }
});

test("every critic of docs/critics.md has its cost checked", () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(REGISTERED).sort());
});
