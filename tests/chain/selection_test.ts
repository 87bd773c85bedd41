/** Which iteration of a run is returned. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import { answering, drafting, never, resultOf, saying } from "./helpers.ts";

/** Gives each iteration its own verdict and score. */
function scoring(name: string, ...rounds: [passed: boolean, score?: number][]): Validator {
  return {
    name,
    validate: ({ iteration }) => ({ passed: rounds[iteration]![0], score: rounds[iteration]![1] }),
  };
}

const CASES: [name: string, options: ChainOptions, returned: number][] = [
  [
    "the first text failed fewer validators",
    { validators: [scoring("a", [true], [false], [false]), scoring("b", [false], [false], [false])] },
    0,
  ],
  ["all fail and the second scored best", {
    validators: [scoring("a", [false, 0.2], [false, 0.9], [false, 0.5])],
  }, 1],
  ["all fail alike and the last is the latest", { validators: [scoring("a", [false], [false], [false])] }, 2],
  [
    "fewer failures outweigh a better score",
    {
      validators: [
        scoring("a", [false, 0.9], [true, 0.1], [false, 0.9]),
        scoring("b", [false, 0.9], [false, 0.1], [false, 0.9]),
      ],
    },
    1,
  ],
  [
    "validators see no difference and critics scored the second best",
    {
      validators: [never],
      critics: [saying("c", { score: 0.1 }, { score: 0.8 }, { score: 0.3 })],
      critiqueFinal: true,
    },
    1,
  ],
  [
    "the last text was shown to no critic, which makes it no worse",
    { validators: [never], critics: [saying("c", { score: 0.1 }, { score: 0.8 })] },
    2,
  ],
  [
    "critics that broke have no say",
    {
      validators: [never],
      critics: [saying("c", { score: 0.9 }, new Error("x"), { score: 0.9 })],
      critiqueFinal: true,
    },
    2,
  ],
  [
    "a validator that broke counts as failed",
    {
      validators: [
        {
          name: "a",
          validate: ({ iteration }) => {
            if (iteration === 2) throw new Error("x");
            return { passed: true };
          },
        },
        never,
      ],
    },
    1,
  ],
];

for (const [name, options, returned] of CASES) {
  test(`chain returns iteration ${returned} when ${name}`, () => {
    const result = resultOf(
      new Chain({ model: drafting(), prompt: "Write.", maxImprovementIterations: 2, ...options }),
    );
    assert.equal(result.iterations.length, 3);
    assert.equal(result.thought.iteration, returned);
    assert.equal(result.thought, result.iterations[returned]);
    const ancestors = result.iterations.slice(0, returned).map(({ id }) => id);
    assert.deepEqual(result.thought.history.map(({ id }) => id), ancestors);
  });

  test(`chain with select "last" returns the last iteration when ${name}`, () => {
    const chain = new Chain({
      model: drafting(),
      prompt: "Write.",
      maxImprovementIterations: 2,
      ...options,
      select: "last",
    });
    assert.equal(resultOf(chain).thought.iteration, 2);
  });
}

test("chain returns a worse last draft only when it is told to", () => {
  const validators = [scoring("length", [false, 0.9], [false, 0.1])];
  const options = { prompt: "Write.", validators, maxImprovementIterations: 1 };
  assert.equal(new Chain({ ...options, model: answering("good", "bad") }).run().text, "good");
  assert.equal(new Chain({ ...options, model: answering("good", "bad"), select: "last" }).run().text, "bad");
});

test("chain returns a text as the model wrote it, however long or short, with the last one checked too", () => {
  const long = "A lemur leaps. ".repeat(200);
  const validators = [new LengthValidator({ maxLength: 100 })];
  const result = resultOf(
    new Chain({
      model: answering(`${long}1`, `${long}2`),
      prompt: "Write.",
      validators,
      maxImprovementIterations: 1,
    }),
  );
  assert.deepEqual(result.iterations.map(({ text }) => text), [`${long}1`, `${long}2`]);
  for (const { validationResults } of result.iterations) {
    assert.equal(validationResults["LengthValidator"]!.passed, false);
  }
  const short = resultOf(new Chain({ model: answering("A."), prompt: "Write." }));
  assert.deepEqual([short.thought.text, short.valid, short.iterations.length], ["A.", true, 1]);
});

test("history holds each earlier iteration once, complete and oldest first", () => {
  const { thought, iterations } = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      validators: [never],
      critics: [saying("c", { needsImprovement: true })],
      maxImprovementIterations: 12,
    }),
  );
  assert.equal(thought.history.length, 12);
  assert.deepEqual(thought.history.map(({ iteration }) => iteration), [...Array(12).keys()]);
  for (const [index, past] of thought.history.entries()) {
    assert.equal(past.text, `draft ${index}`);
    assert.equal(past.criticFeedback.length, 1);
    assert.equal(Object.keys(past.validationResults).length, 1);
    assert.equal(past.history.length, 0);
    assert.equal(past.id, iterations[index]!.id);
  }
  assert.equal(thought.parentId, iterations[11]!.id);
});

test("onExhausted throw ends a run without a valid text with the best of it", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [scoring("length", [false, 0.9], [false, 0.1]), scoring("tone", [true], [true])],
    maxImprovementIterations: 1,
    onExhausted: "throw",
  });
  assert.throws(() => chain.run(), (error: Error & Record<string, unknown>) => {
    assert.equal(error.name, "ChainExhaustedError");
    assert.equal(error.code, "exhausted");
    assert.equal(error.message, "No text was valid after 2 iterations: length failed");
    assert.equal((error.thought as { text: string }).text, "draft 0");
    assert.deepEqual(error.metadata, { stopReason: "max-iterations", failed: ["length"] });
    return true;
  });
});

test("onExhausted throw lets a valid text pass", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", onExhausted: "throw" });
  assert.equal(chain.run().text, "draft 0");
});
