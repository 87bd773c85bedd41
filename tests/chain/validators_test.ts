/** How a chain asks its validators, and what becomes of those that are slow or break. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { ValidatorError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import { always, answering, drafting, errorOf, never, observed, resultOf, simulated } from "./helpers.ts";

const waiting = (name: string, durationMs: number): Validator =>
  defineValidator(name, function* () {
    yield* sleep(durationMs);
    return true;
  });

const breaking = (name: string): Validator =>
  defineValidator(name, () => {
    throw new Error("the dictionary is missing");
  });

const BEFORE_LIMIT_MS = 300;
const five = () => ["a", "b", "c", "d", "e"].map((name) => waiting(name, 100));

test("five validators of 100 ms take well under 300 ms in run(), in configuration order", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators: five() });
  const startedMs = performance.now();
  const thought = chain.run();
  assert.ok(performance.now() - startedMs < BEFORE_LIMIT_MS);
  assert.deepEqual(Object.keys(thought.validationResults), ["a", "b", "c", "d", "e"]);
});

test("five validators of 100 ms take well under 300 ms in _runAsync(), in configuration order", async () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators: five() });
  const startedMs = performance.now();
  const thought = await chain._runAsync();
  assert.ok(performance.now() - startedMs < BEFORE_LIMIT_MS);
  assert.deepEqual(Object.keys(thought.validationResults), ["a", "b", "c", "d", "e"]);
});

test("results keep the order of the configuration, whatever order they come in", () => {
  const validators = [waiting("slow", 90), always, waiting("quick", 10), never, waiting("middling", 50)];
  const names = ["slow", "always", "quick", "never", "middling"];
  const { thought } = resultOf(
    new Chain({ model: drafting(), prompt: "Write.", validators, maxImprovementIterations: 0 }),
  );
  assert.deepEqual(Object.keys(thought.validationResults), names);
  assert.deepEqual(names.map((name) => thought.validationResults[name]!.validator), names);
});

test("maxConcurrency bounds how many validators are under way", () => {
  let active = 0;
  let most = 0;
  const counting = (name: string): Validator =>
    defineValidator(name, function* () {
      yield* sleep(1);
      most = Math.max(most, ++active);
      yield* sleep(10);
      active--;
      return true;
    });
  const validators = Array.from({ length: 12 }, (_, index) => counting(`v${index}`));
  for (const maxConcurrency of [1, 3, 8]) {
    most = 0;
    resultOf(new Chain({ model: drafting(), prompt: "Write.", validators, maxConcurrency }));
    assert.equal(most, maxConcurrency);
  }
});

test("two validators of one class are both seen, the second under #2", () => {
  const validators = [new LengthValidator({ minWords: 1 }), new LengthValidator({ minWords: 100 })];
  const thought = new Chain({ model: drafting(), prompt: "Write.", validators, maxImprovementIterations: 0 })
    .run();
  assert.deepEqual(Object.keys(thought.validationResults), ["LengthValidator", "LengthValidator#2"]);
  assert.equal(thought.validationResults["LengthValidator"]!.passed, true);
  assert.equal(thought.validationResults["LengthValidator#2"]!.passed, false);
  assert.equal(thought.validationResults["LengthValidator#2"]!.validator, "LengthValidator#2");
  assert.equal(thought.valid, false);
});

test("what a validator adds as metadata is in its result, in the record and in what a critic sees", () => {
  const seen: unknown[] = [];
  const storage = new MemoryStorage();
  const { thought, iterations } = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      storage,
      validators: [{ name: "counting", validate: () => ({ passed: false, metadata: { counted: [3] } }) }],
      critics: [{
        name: "looking",
        critique({ validationResults }: Thought) {
          seen.push(validationResults["counting"]!.metadata);
          return { critic: "looking" };
        },
      }],
      maxImprovementIterations: 1,
    }),
  );
  const kept = iterations.map(({ id }) => new ThoughtStore(storage).get(id));
  for (const each of [...iterations, ...kept, thought.history[0]]) {
    assert.deepEqual(each!.validationResults["counting"]!.metadata, { counted: [3] });
  }
  assert.deepEqual(seen, [{ counted: [3] }]);
});

test("a name that looks like a numbered one is not taken twice", () => {
  const named = (name: string): Validator => ({ name, validate: () => ({ passed: true }) });
  const validators = ["a", "a#2", "a", "a"].map(named);
  const thought = new Chain({ model: drafting(), prompt: "Write.", validators }).run();
  assert.deepEqual(Object.keys(thought.validationResults), ["a", "a#2", "a#3", "a#4"]);
});

test("names of every kind keep their place", () => {
  const names = ["__proto__", "10", "constructor", "2", "naïve ✓", "toString"];
  const validators = names.map((name): Validator => ({ name, validate: () => ({ passed: true }) }));
  const { validationResults } = new Chain({ model: drafting(), prompt: "Write.", validators }).run();
  assert.deepEqual(new Set(Object.keys(validationResults)), new Set(names));
});

test("a slow validator and one that throws do not disturb each other", () => {
  const validators = [waiting("slow", 80), breaking("broken"), always];
  const { thought, stopReason } = resultOf(
    new Chain({ model: drafting(), prompt: "Write.", validators, maxImprovementIterations: 0 }),
  );
  const { slow, broken, always: fine } = thought.validationResults;
  assert.deepEqual([slow!.passed, slow!.durationMs], [true, 80]);
  assert.deepEqual([fine!.passed, fine!.durationMs], [true, undefined]);
  assert.equal(broken!.passed, false);
  assert.deepEqual(broken!.error, { code: "internal", message: "the dictionary is missing" });
  assert.equal(stopReason, "max-iterations");
});

test("onValidatorError fail never counts a validator that breaks as passed", () => {
  const result = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      validators: [breaking("broken")],
      maxImprovementIterations: 1,
    }),
  );
  assert.equal(result.valid, false);
  assert.equal(result.thought.valid, false);
  assert.equal(result.iterations.length, 2);
});

test("onValidatorError pass counts it as passed, and says so in the result, the warnings and the events", () => {
  const { outcome, events } = observed({
    model: drafting(),
    validators: [breaking("broken")],
    onValidatorError: "pass",
  });
  assert.ok(outcome.ok);
  const { thought, warnings, valid, stopReason } = outcome.value;
  const result = thought.validationResults["broken"]!;
  assert.deepEqual([valid, stopReason, result.passed, result.error], [true, "passed", true, undefined]);
  assert.match(result.message, /onValidatorError.*the dictionary is missing/);
  assert.deepEqual(result.metadata.ignoredError, { code: "internal", message: "the dictionary is missing" });
  assert.deepEqual(warnings.map(({ code }) => code), ["validator_ignored"]);
  assert.match(warnings[0]!.message, /^broken: .*the dictionary is missing/);
  const told = events.filter((event) => event.type === "warning");
  assert.deepEqual(told.map(({ code, message }) => ({ code, message })), warnings);
});

test("onValidatorError throw ends the run", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [always, breaking("broken")],
    onValidatorError: "throw",
  });
  assert.throws(() => chain.run(), (error: ValidatorError) => {
    assert.ok(error instanceof ValidatorError);
    assert.deepEqual([error.component, error.operation, error.code], ["broken", "validate", "internal"]);
    assert.equal(error.message, "broken could not check the text: the dictionary is missing");
    return true;
  });
});

for (const maxConcurrency of [1, 8]) {
  test(`validators that wait are cleaned up when another one ends the run (maxConcurrency ${maxConcurrency})`, () => {
    const closed: string[] = [];
    const holding = (name: string): Validator => ({
      name,
      *_validateOperation(): Operation<{ passed: boolean }> {
        try {
          yield* sleep(1_000);
          return { passed: true };
        } finally {
          yield* sleep(5);
          closed.push(name);
        }
      },
    });
    const late = defineValidator("late", function* () {
      yield* sleep(1);
      throw new Error("late fault");
    });
    for (const faulty of [breaking("early"), late]) {
      closed.length = 0;
      const chain = new Chain({
        model: drafting(),
        prompt: "Write.",
        validators: [
          faulty === late ? late : holding("first"),
          holding("second"),
          faulty === late ? holding("third") : faulty,
        ],
        onValidatorError: "throw",
        maxConcurrency,
      });
      const { outcome, elapsedMs } = simulated(chain);
      assert.ok(!outcome.ok);
      assert.ok(elapsedMs < 100);
      assert.deepEqual(closed.sort(), faulty === late ? ["second", "third"] : ["first", "second"]);
    }
  });
}

test("timeouts.validateMs ends a validator that hangs, and the run goes on", () => {
  const validators = [waiting("hanging", 1e9), waiting("quick", 10)];
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      validators,
      timeouts: { validateMs: 200 },
      maxImprovementIterations: 0,
    }),
  );
  assert.ok(outcome.ok);
  const { hanging, quick } = outcome.value.thought.validationResults;
  assert.equal(elapsedMs, 200);
  assert.equal(quick!.passed, true);
  assert.deepEqual(hanging!.error, { code: "timeout", message: "hanging took longer than 200 ms" });
});

test("a validator may call a model of its own from plain code", async () => {
  const judge = new MockModel({ response: "yes", latencyMs: 5 });
  const validator: Validator = {
    name: "judge",
    validate: ({ text }) => ({ passed: judge.generate(`Is this good? ${text}`) === "yes" }),
  };
  const chain = new Chain({ model: answering("A text."), prompt: "Write.", validators: [validator, always] });
  assert.equal(chain.run().valid, true);
  assert.equal((await chain._runAsync()).valid, true);
  assert.deepEqual(judge.calls.map(({ prompt }) => prompt), Array(2).fill("Is this good? A text."));
});

test("a validator may run a chain of its own", () => {
  const inner = new Chain({ model: answering("no", "yes"), prompt: "Judge.", validators: [always] });
  const validator = defineValidator("inner", function* (): Operation<boolean> {
    const [{ thought }] = yield* all([inner._runOperation()]);
    return thought.text === "yes";
  });
  const plain: Validator = { name: "plain", validate: () => ({ passed: inner.run().text === "yes" }) };
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators: [validator, plain] });
  assert.deepEqual(Object.keys(chain.run().validationResults), ["inner", "plain"]);
});

test("a validator sees a finished thought, and none of the other results", () => {
  const seen: Thought[] = [];
  const looking: Validator = {
    name: "looking",
    validate(thought) {
      seen.push(thought);
      return { passed: true };
    },
  };
  resultOf(new Chain({ model: drafting(), prompt: "Write.", validators: [always, looking] }));
  assert.equal(seen[0]!.text, "draft 0");
  assert.equal(seen[0]!.modelPrompt, "Write.");
  assert.deepEqual(seen[0]!.validationResults, {});
});

test("a validator that gives something unusable is a failed check", () => {
  const validators = [
    { name: "nothing", validate: () => undefined },
    { name: "text", validate: () => "fine" },
    { name: "contradiction", validate: () => ({ passed: true, issues: ["bad"] }) },
  ] as unknown as Validator[];
  const { validationResults } = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators,
    maxImprovementIterations: 0,
  }).run();
  assert.deepEqual(
    Object.values(validationResults).map(({ passed, error }) => [passed, error !== undefined]),
    [
      [false, true],
      [false, true],
      [false, true],
    ],
  );
});

test("a chain without validators checks nothing and says that its text is valid, but not the thought", () => {
  const result = resultOf(new Chain({ model: drafting(), prompt: "Write." }));
  assert.deepEqual([result.valid, result.thought.valid], [true, false]);
});

test("a chain whose validators never wait takes no virtual time and no child", () => {
  const { elapsedMs, trace } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      validators: [always, new LengthValidator({ minWords: 1 })],
    }),
  );
  assert.equal(elapsedMs, 0);
  assert.deepEqual(trace.filter(({ path }) => path.includes("/validate")), []);
});

test("an error of a validator that was thrown as a ValidatorError keeps its code", () => {
  const validator = defineValidator("coded", () => {
    throw new ValidatorError("no dictionary", { code: "no_dictionary" });
  });
  const error = errorOf(
    new Chain({ model: drafting(), prompt: "Write.", validators: [validator], onValidatorError: "throw" }),
  );
  assert.equal(error.code, "no_dictionary");
});

test("a validator with a time limit that never gets its turn, as another one ends the run, still cleans up", () => {
  const ended: string[] = [];
  const asking = (name: string, broken: boolean): Validator =>
    defineValidator(name, function* () {
      try {
        yield* sleep(10);
        if (broken) throw new Error("the dictionary is missing");
        return true;
      } finally {
        ended.push(name);
      }
    });
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [asking("first", true), asking("second", false)],
    maxConcurrency: 1,
    onValidatorError: "throw",
    timeouts: { validateMs: 1_000 },
  });
  assert.ok(errorOf(chain) instanceof ValidatorError);
  assert.deepEqual(ended, ["first", "second"]);
});
