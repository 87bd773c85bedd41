/** What a chain can be told, and what it says of what is wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions, ChainRunOptions } from "../../src/chain/options.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { always, answering, CONTENT, drafting, never, resultOf, saying } from "./helpers.ts";

interface Problem {
  path: (string | number)[];
  message: string;
}

function problemsOf(options: unknown): Problem[] {
  try {
    new Chain(options as ChainOptions);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.component, "Chain");
    return error.metadata.problems as Problem[];
  }
  return [];
}

const WRONG: [options: unknown, ...messages: string[]][] = [
  [
    { maxImprovementIteration: 3 },
    "there is no option maxImprovementIteration; did you mean maxImprovementIterations?",
  ],
  [{ onvalidatorerror: "fail" }, "there is no option onvalidatorerror; did you mean onValidatorError?"],
  [{ timeouts: { generate: 5 } }, "there is no option timeouts.generate; did you mean generateMs?"],
  ...[-1, 1.5, NaN, 101, true, "3", null].map((value): [unknown, string] => [
    { maxImprovementIterations: value },
    "maxImprovementIterations must be an integer from 0 to 100: maxImprovementIterations is " +
    (typeof value === "string" ? JSON.stringify(value) : String(value)),
  ]),
  ...[0, 1.5, NaN, Infinity, null].map((value): [unknown, string] => [
    { maxConcurrency: value },
    `maxConcurrency must be an integer of at least 1: maxConcurrency is ${value}`,
  ]),
  ...[0, -1, NaN, Infinity, "5"].map((value): [unknown, string] => [
    { timeouts: { totalMs: value } },
    `timeouts.totalMs must be a number above 0: timeouts.totalMs is ${
      typeof value === "string" ? '"5"' : value
    }`,
  ]),
  [{ retry: { attempts: 0 } }, "retry.attempts must be an integer of at least 1: retry.attempts is 0"],
  [
    { budget: { maxTokens: -5 } },
    "budget.maxTokens must be an integer of at least 1: budget.maxTokens is -5",
  ],
  [{ select: "first" }, 'select must be one of "best", "last": select is "first"'],
  [
    { onValidatorError: "skip" },
    'onValidatorError must be one of "fail", "throw", "pass": onValidatorError is "skip"',
  ],
  [{ prompt: "" }, 'prompt must be a string that is not blank: prompt is ""'],
  ...[true, 4, null].map((value): [unknown, string] => [
    { prompt: value },
    `prompt must be a string that is not blank: prompt is ${value}`,
  ]),
  [{ prompt: " \n\t" }, 'prompt must be a string that is not blank: prompt is " \\n\\t"'],
  [{ systemPrompt: " " }, 'systemPrompt must be a string that is not blank: systemPrompt is " "'],
  [{ model: "" }, 'model must be a model or a spec such as "openai:gpt-6.1-terra": model is ""'],
  [{ model: null }, 'model must be a model or a spec such as "openai:gpt-6.1-terra": model is null'],
  [{ model: { name: "mute" } }, "model must have a method generate and has none"],
  [{ model: { generate: () => "text" } }, "model must have a name that is not blank"],
  [{ fallbackModels: ["mock", " "] }, "fallbackModels[1] must have a method generate and has none"],
  [{ fallbackModels: [{ name: "mute" }] }, "fallbackModels[0] must have a method generate and has none"],
  [{ validators: always }, "validators must be an array of validators"],
  [{ validators: [always, {}] }, "validators[1] must have a method validate and has none"],
  [{ validators: [null] }, "validators[0] must have a method validate and has none"],
  [{ validators: [{ validate: () => true }] }, "validators[0] must have a name that is not blank"],
  [
    { validators: [always, never, always] },
    "validators[2] must not be the same object twice: always is there already",
  ],
  [{ critics: [{ name: "critic" }] }, "critics[0] must have a method critique and has none"],
  [{ modelRetrievers: [{ name: "shelf" }] }, "modelRetrievers[0] must have a method retrieve and has none"],
  [{ criticRetrievers: ["shelf"] }, "criticRetrievers[0] must have a method retrieve and has none"],
  [{ storage: {} }, "storage must be a storage, with methods get and set: storage is {}"],
  [{ signal: {} }, "signal must be an AbortSignal: signal is {}"],
  [{ onEvent: "log" }, 'onEvent must be a function: onEvent is "log"'],
  [[], "options must be an object: options is []"],
  ["options", 'options must be an object: options is "options"'],
  [
    { promt: "Write.", maxConcurrency: 0, validators: [{}], model: {}, critics: 5 },
    "there is no option promt; did you mean prompt?",
    "maxConcurrency must be an integer of at least 1: maxConcurrency is 0",
    "critics must be an array of critics: critics is 5",
    "validators[0] must have a method validate and has none",
    "model must have a method generate and has none",
  ],
];

for (const [options, ...messages] of WRONG) {
  test(`chain refuses options as ${messages.join("; ")}`, () => {
    const problems = problemsOf(options);
    assert.equal(problems.length, messages.length);
    for (const [index, message] of messages.entries()) {
      assert.ok(problems[index]!.message.startsWith(message), problems[index]!.message);
    }
    assert.throws(() => new Chain(options as ChainOptions), (error: Error) => {
      assert.ok(error.message.startsWith("Cannot create Chain as "));
      return messages.every((message) => error.message.includes(message));
    });
  });
}

test("problems name the place of what is wrong", () => {
  const problems = problemsOf({ validators: [always, {}], timeouts: { totalMs: 0 } });
  assert.deepEqual(problems.map(({ path }) => path), [["timeouts", "totalMs"], ["validators", 1]]);
});

test("undefined stands for the default", () => {
  const options = Object.fromEntries(
    [
      "maxImprovementIterations",
      "timeouts",
      "retry",
      "budget",
      "select",
      "onEvent",
      "signal",
      "input",
      "validators",
    ]
      .map((name) => [name, undefined]),
  );
  const chain = new Chain({ model: drafting(), prompt: "Write.", ...options });
  assert.equal(chain.run().text, "draft 0");
});

test("a run without a model or prompt is refused, and both are named", () => {
  assert.throws(() => new Chain().run(), (error: ConfigurationError) => {
    assert.ok(error instanceof ConfigurationError);
    assert.match(error.message, /no model.*no prompt/);
    assert.deepEqual((error.metadata.problems as Problem[]).map(({ path }) => path), [["model"], ["prompt"]]);
    return true;
  });
});

test("the same is told by a promise of _runAsync()", async () => {
  await assert.rejects(new Chain()._runAsync(), ConfigurationError);
});

test("options of a run are checked too", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write." });
  assert.throws(() => chain.run({ promt: "x" } as ChainRunOptions), /no option promt; did you mean prompt\?/);
  assert.throws(() => chain.run({ prompt: " " }), /prompt must be a string that is not blank/);
});

test("fluent calls change the chain, as statements and in a row", () => {
  const storage = new MemoryStorage();
  const chain = new Chain();
  chain.withModel(drafting());
  chain.withPrompt("Write.");
  chain.withSystemPrompt("You are brief.");
  chain.validateWith(never);
  chain.improveWith(saying("critic", CONTENT));
  const same = chain.withModelRetrievers([new MockRetriever()]).withCriticRetrievers([new MockRetriever()])
    .withStorage(storage).withOptions({ maxImprovementIterations: 1 }).validateWith(always);
  assert.equal(same, chain);
  const { thought, iterations } = resultOf(chain);
  assert.deepEqual(Object.keys(thought.validationResults), ["never", "always"]);
  assert.deepEqual([thought.prompt, thought.systemPrompt, iterations.length], [
    "Write.",
    "You are brief.",
    2,
  ]);
  assert.equal(iterations[0]!.criticFeedback.length, 1);
  assert.ok(thought.preGenerationContext.length > 0 && storage.size() > 0);
});

test("a fluent call that is wrong leaves the chain as it was", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators: [always] });
  assert.throws(() => chain.validateWith(always), /always is there already/);
  assert.throws(() => chain.withOptions({ maxConcurrency: 0 }), ConfigurationError);
  assert.throws(() => chain.withPrompt(""), ConfigurationError);
  assert.throws(() => chain.improveWith({ name: "mute" }), /must have a method critique/);
  assert.deepEqual(Object.keys(chain.run().validationResults), ["always"]);
});

test("withOptions leaves what it does not name", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    maxImprovementIterations: 0,
    validators: [never],
  });
  chain.withOptions({ select: "last", maxImprovementIterations: undefined });
  assert.equal(resultOf(chain).iterations.length, 1);
});

test("what the caller changes later does not reach the chain", () => {
  const validators = [always];
  const timeouts = { totalMs: 1e6 };
  const budget = { maxModelCalls: 5 };
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators, timeouts, budget });
  validators.push(never);
  timeouts.totalMs = -1;
  budget.maxModelCalls = 0;
  const { thought, stopReason } = resultOf(chain);
  assert.deepEqual([Object.keys(thought.validationResults), stopReason], [["always"], "passed"]);
  assert.deepEqual(validators, [always, never]);
});

test("frozen options are accepted and not changed", () => {
  const options = Object.freeze({ model: drafting(), prompt: "Write.", validators: Object.freeze([always]) });
  assert.equal(new Chain(options).validateWith(never).run().valid, false);
  assert.equal(options.validators.length, 1);
});

test("a clone can be changed apart from its original", () => {
  const original = new Chain({ model: drafting(), prompt: "Write.", validators: [always] });
  const copy = original.clone().validateWith(never).withPrompt("Write well.").withOptions({
    maxImprovementIterations: 0,
  });
  assert.deepEqual(Object.keys(original.run().validationResults), ["always"]);
  const thought = copy.run();
  assert.deepEqual([Object.keys(thought.validationResults), thought.prompt], [
    ["always", "never"],
    "Write well.",
  ]);
  assert.equal(original.run().prompt, "Write.");
});

test("run({ systemPrompt, input }) changes this run only", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    systemPrompt: "A poet.",
    validators: [always],
  });
  const own = chain.run({ systemPrompt: "A critic.", input: "Roses." });
  assert.deepEqual([own.prompt, own.systemPrompt, own.text], ["Write.", "A critic.", "Roses."]);
  const next = chain.run();
  assert.deepEqual([next.systemPrompt, next.text], ["A poet.", "draft 0"]);
  assert.throws(() => chain.run({ input: 3 } as unknown as ChainRunOptions), /input must be a string/);
});

test("run({ prompt }) changes this run only", async () => {
  const chain = new Chain({ model: drafting(), prompt: "Write." });
  assert.equal(chain.run({ prompt: "Sing." }).prompt, "Sing.");
  assert.equal((await chain._runAsync({ prompt: "Dance." })).prompt, "Dance.");
  assert.equal(chain.run().prompt, "Write.");
  assert.equal(new Chain({ model: drafting() }).run({ prompt: "Sing." }).prompt, "Sing.");
});

test("a run works on the chain as it was when it began", () => {
  const chain: Chain = new Chain({
    prompt: "Write.",
    model: answering("One.", "Two."),
    validators: [{
      name: "meddling",
      validate: () => {
        chain.withOptions({ maxImprovementIterations: 0, prompt: "Other." });
        return { passed: false };
      },
    }],
    maxImprovementIterations: 1,
  });
  const { iterations } = resultOf(chain);
  assert.deepEqual(iterations.map(({ prompt }) => prompt), ["Write.", "Write."]);
  assert.equal(resultOf(chain).iterations.length, 1);
});
