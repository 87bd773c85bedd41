/** When critics are applied and when a run stops: every row of the rules as one case, under every driver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { Critic } from "../../src/critics/critic.ts";
import {
  always,
  answering,
  ASKS,
  CONTENT,
  drafting,
  never,
  observed,
  resultOf,
  saying,
  testRun,
  UNDECIDED,
  wants,
} from "./helpers.ts";

const broken = () => saying("broken", new Error("out of order"));

interface Row {
  name: string;
  options: () => ChainOptions;
  stopReason: string;
  /** How many texts there are. */
  texts: number;
  /** How many critiques each text gets. */
  critiques: number[];
  /** Which iteration is returned. */
  returned?: number;
}

const ROWS: Row[] = [
  {
    name: "a valid text without critics is passed at once",
    options: () => ({ validators: [always] }),
    stopReason: "passed",
    texts: 1,
    critiques: [0],
  },
  {
    name: "a text without validators and critics is passed",
    options: () => ({}),
    stopReason: "passed",
    texts: 1,
    critiques: [0],
  },
  {
    name: "a valid text is not shown to critics by default",
    options: () => ({ validators: [always], critics: [saying("critic", ASKS)] }),
    stopReason: "passed",
    texts: 1,
    critiques: [0],
  },
  {
    name: "a text that becomes valid is passed",
    options: () => ({ validators: [wants("2")], critics: [saying("critic", ASKS)] }),
    stopReason: "passed",
    texts: 3,
    critiques: [1, 1, 0],
    returned: 2,
  },
  {
    name: "a valid text of which a critic says that it is fine is satisfying",
    options: () => ({ validators: [always], critics: [saying("critic", CONTENT)], alwaysApplyCritics: true }),
    stopReason: "satisfied",
    texts: 1,
    critiques: [1],
  },
  {
    name: "critics without validators satisfy as well",
    options: () => ({ critics: [saying("critic", ASKS, CONTENT)], alwaysApplyCritics: true }),
    stopReason: "satisfied",
    texts: 2,
    critiques: [1, 1],
    returned: 1,
  },
  {
    name: "a critic without a verdict counts as neither",
    options: () => ({
      critics: [saying("undecided", UNDECIDED), saying("content", CONTENT)],
      alwaysApplyCritics: true,
    }),
    stopReason: "satisfied",
    texts: 1,
    critiques: [2],
  },
  {
    name: "critics that all give no verdict do not ask for change",
    options: () => ({ critics: [saying("undecided", UNDECIDED)], alwaysApplyCritics: true }),
    stopReason: "satisfied",
    texts: 1,
    critiques: [1],
  },
  {
    name: "one critic of two that asks for change is enough to go on",
    options: () => ({
      validators: [always],
      critics: [saying("content", CONTENT), saying("asking", ASKS, ASKS, CONTENT)],
      alwaysApplyCritics: true,
    }),
    stopReason: "satisfied",
    texts: 3,
    critiques: [2, 2, 2],
    returned: 2,
  },
  {
    name: "a text that is not valid goes on although its critic is content",
    options: () => ({ validators: [wants("1")], critics: [saying("critic", CONTENT)] }),
    stopReason: "passed",
    texts: 2,
    critiques: [1, 0],
    returned: 1,
  },
  {
    name: "all improvements are used",
    options: () => ({ validators: [never], critics: [saying("critic", ASKS)], maxImprovementIterations: 2 }),
    stopReason: "max-iterations",
    texts: 3,
    critiques: [1, 1, 0],
    returned: 2,
  },
  {
    name: "critics that always apply see the last text too",
    options: () => ({
      critics: [saying("critic", ASKS)],
      alwaysApplyCritics: true,
      maxImprovementIterations: 2,
    }),
    stopReason: "max-iterations",
    texts: 3,
    critiques: [1, 1, 1],
    returned: 2,
  },
  {
    name: "critiqueFinal off spares the last text",
    options: () => ({
      critics: [saying("critic", ASKS)],
      alwaysApplyCritics: true,
      critiqueFinal: false,
      maxImprovementIterations: 1,
    }),
    stopReason: "passed",
    texts: 2,
    critiques: [1, 0],
    returned: 1,
  },
  {
    name: "critiqueFinal on shows critics the last text that is not valid",
    options: () => ({
      validators: [never],
      critics: [saying("critic", ASKS)],
      critiqueFinal: true,
      maxImprovementIterations: 1,
    }),
    stopReason: "max-iterations",
    texts: 2,
    critiques: [1, 1],
    returned: 1,
  },
  {
    name: "no improvement is allowed and the text is not valid",
    options: () => ({ validators: [never], critics: [saying("critic", ASKS)], maxImprovementIterations: 0 }),
    stopReason: "max-iterations",
    texts: 1,
    critiques: [0],
  },
  {
    name: "no improvement is allowed and the critics still have a word",
    options: () => ({
      validators: [never],
      critics: [saying("critic", ASKS)],
      maxImprovementIterations: 0,
      critiqueFinal: true,
    }),
    stopReason: "max-iterations",
    texts: 1,
    critiques: [1],
  },
  {
    name: "a text that is not valid stops when nothing may act on it",
    options: () => ({
      validators: [never],
      critics: [saying("critic", ASKS)],
      applyImproversOnValidationFailure: false,
    }),
    stopReason: "critics-disabled",
    texts: 1,
    critiques: [0],
  },
  {
    name: "alwaysApplyCritics without a critic acts on nothing",
    options: () => ({
      validators: [never],
      alwaysApplyCritics: true,
      applyImproversOnValidationFailure: false,
    }),
    stopReason: "critics-disabled",
    texts: 1,
    critiques: [0],
  },
  {
    name: "critics that always apply act on a text that is not valid, to the last iteration",
    options: () => ({
      validators: [never],
      critics: [saying("critic", ASKS)],
      alwaysApplyCritics: true,
      applyImproversOnValidationFailure: false,
      critiqueFinal: false,
      maxImprovementIterations: 2,
    }),
    stopReason: "max-iterations",
    texts: 3,
    critiques: [1, 1, 0],
    returned: 2,
  },
  {
    name: "every critic fails and the text is valid",
    options: () => ({ validators: [always], critics: [broken()], alwaysApplyCritics: true }),
    stopReason: "critics-failed",
    texts: 1,
    critiques: [1],
  },
  {
    name: "every critic fails and the text is improved from its validation alone",
    options: () => ({ validators: [wants("1")], critics: [broken()] }),
    stopReason: "passed",
    texts: 2,
    critiques: [1, 0],
    returned: 1,
  },
  {
    name: "one critic fails and the other is content",
    options: () => ({ critics: [broken(), saying("critic", CONTENT)], alwaysApplyCritics: true }),
    stopReason: "satisfied",
    texts: 1,
    critiques: [2],
  },
  {
    name: "without critics the text is improved from its validation",
    options: () => ({ validators: [wants("2")] }),
    stopReason: "passed",
    texts: 3,
    critiques: [0, 0, 0],
    returned: 2,
  },
  {
    name: "the model repeats itself",
    options: () => ({ model: answering("The same.", " The  same.\n"), validators: [never] }),
    stopReason: "no-progress",
    texts: 2,
    critiques: [0],
    returned: 1,
  },
  {
    name: "the model repeats itself and stopOnNoProgress is off",
    options: () => ({
      model: answering("The same."),
      validators: [never],
      stopOnNoProgress: false,
      maxImprovementIterations: 2,
    }),
    stopReason: "max-iterations",
    texts: 3,
    critiques: [0],
    returned: 2,
  },
  {
    name: "the model repeats an earlier text, but not the last one",
    options: () => ({
      model: answering("One.", "Two.", "One.", "Two."),
      validators: [never],
      maxImprovementIterations: 3,
    }),
    stopReason: "max-iterations",
    texts: 4,
    critiques: [0],
    returned: 3,
  },
];

for (const { name, options, stopReason, texts, critiques, returned = 0 } of ROWS) {
  testRun(
    `chain stops with ${stopReason} when ${name}`,
    () => ({ model: drafting(), ...options() }),
    (result) => {
      assert.equal(result.stopReason, stopReason);
      assert.equal(result.iterations.length, texts);
      assert.deepEqual(
        result.iterations.map((thought) => thought.criticFeedback.length).slice(0, critiques.length),
        critiques,
      );
      assert.equal(result.thought.iteration, returned);
      assert.deepEqual(result.iterations.map(({ iteration }) => iteration), [...Array(texts).keys()]);
    },
  );
}

const UNREACHABLE: [name: string, options: ChainOptions, warned: boolean][] = [
  ["both flags are off", { applyImproversOnValidationFailure: false }, true],
  ["no text is written again", { maxImprovementIterations: 0 }, true],
  ["no text is written again, but the last is criticised", {
    maxImprovementIterations: 0,
    critiqueFinal: true,
  }, false],
  ["they may act on texts that are not valid", {}, false],
  ["they always apply", { alwaysApplyCritics: true, applyImproversOnValidationFailure: false }, false],
];
for (const [name, options, warned] of UNREACHABLE) {
  test(`chain ${warned ? "warns" : "does not warn"} of critics that are never asked when ${name}`, () => {
    const { outcome, events } = observed({
      model: drafting(),
      critics: [saying("critic", CONTENT)],
      ...options,
    });
    const codes = outcome.ok && outcome.value.warnings.map(({ code }) => code);
    assert.deepEqual(codes, warned ? ["critics_unreachable"] : []);
    assert.equal(events.some((event) => event.type === "warning"), warned);
  });
}

test("chain does not warn when there are no critics", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", applyImproversOnValidationFailure: false });
  assert.deepEqual(resultOf(chain).warnings, []);
});

test("critics never see each other's feedback of the same round", () => {
  const seen: number[] = [];
  const critic = (name: string): Critic => ({
    name,
    critique(thought) {
      seen.push(thought.criticFeedback.length);
      return { critic: name, needsImprovement: true };
    },
  });
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    critics: [critic("a"), critic("b")],
    alwaysApplyCritics: true,
    maxImprovementIterations: 1,
  });
  resultOf(chain);
  assert.deepEqual(seen, [0, 0, 0, 0]);
});
