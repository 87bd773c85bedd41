import assert from "node:assert/strict";
import { test } from "node:test";
import { sleep } from "../../src/operation/operation.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { ValidatorError } from "../../src/errors.ts";
import { allOf, anyOf, type CompositionOptions, not } from "../../src/validators/composition.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { prohibitedContent, requiredContent } from "../../src/validators/factories.ts";
import { rules } from "../../src/validators/rules.ts";
import type { OperationValidator, Validator } from "../../src/validators/validator.ts";
import { checkContract, draft, refuses, validate } from "./helpers.ts";

/** Passes, fails, or cannot be made. */
type State = "pass" | "fail" | "error";
const STATES: readonly State[] = ["pass", "fail", "error"];

function stub(state: State, asked: string[] = []): OperationValidator {
  return defineValidator(state, () => {
    asked.push(state);
    if (state === "error") throw new ValidatorError("out of order", { code: "guard_unavailable" });
    return state === "pass"
      ? { passed: true, score: 1 }
      : { passed: false, score: 0.25, issues: ["bad"], suggestions: ["mend it"] };
  });
}

const stateOf = (validator: Validator): State => {
  const result = (validator as OperationValidator).validate(draft("text"));
  return result.error ? "error" : result.passed ? "pass" : "fail";
};

/** Three-valued logic, written down apart from the code under test. */
const AND = (states: State[]): State =>
  states.includes("fail") ? "fail" : states.includes("error") ? "error" : "pass";
const OR = (states: State[]): State =>
  states.includes("pass") ? "pass" : states.includes("error") ? "error" : "fail";
const NOT = (state: State): State => state === "error" ? "error" : state === "pass" ? "fail" : "pass";

type Tree = { validator: Validator; state: State };
const leaves: Tree[] = STATES.map((state) => ({ validator: stub(state), state }));

function grow(trees: readonly Tree[]): Tree[] {
  const grown: Tree[] = trees.map(({ validator, state }) => ({
    validator: not(validator),
    state: NOT(state),
  }));
  for (const one of trees) {
    for (const other of trees) {
      const [pair, states] = [[one.validator, other.validator], [one.state, other.state]];
      for (const evaluation of ["all", "shortCircuit"] as const) {
        grown.push({ validator: allOf(pair, { evaluation }), state: AND(states) });
        grown.push({ validator: anyOf(pair, { evaluation }), state: OR(states) });
      }
    }
  }
  return grown;
}

test("compositions follow their truth tables to depth three", () => {
  const second = grow(leaves);
  // Of the second level, one tree a shape and outcome is enough to grow the third from.
  const chosen = STATES.flatMap((state) => second.filter((tree) => tree.state === state).slice(0, 4));
  for (const { validator, state } of [...second, ...grow(chosen)]) {
    assert.equal(stateOf(validator), state, validator.name);
  }
});

test("De Morgan's laws and double negation hold for what was judged and for what could not be", () => {
  for (const one of STATES) {
    for (const other of STATES) {
      const [a, b] = [stub(one), stub(other)];
      assert.equal(stateOf(not(allOf([a, b]))), stateOf(anyOf([not(a), not(b)])));
      assert.equal(stateOf(not(anyOf([a, b]))), stateOf(allOf([not(a), not(b)])));
    }
    assert.equal(stateOf(not(not(stub(one)))), one);
  }
});

test("allOf, anyOf and not do what every validator must", async () => {
  const [short, long] = [new LengthValidator({ maxWords: 5 }), new LengthValidator({ minWords: 5 })];
  await checkContract(allOf([short, long]));
  await checkContract(anyOf([short, long]));
  await checkContract(not(short));
});

test("allOf has the lowest score and every issue under its part's name", async () => {
  const both = allOf([stub("fail"), stub("pass"), new LengthValidator({ minWords: 2 })]);
  assert.equal(both.name, "(fail and pass and LengthValidator)");
  const result = await validate(both, "text");
  assert.equal(result.score, 0.25);
  assert.deepEqual(result.issues, ["fail: bad", "LengthValidator: 1 word too few: 1 of at least 2."]);
  assert.deepEqual(result.suggestions, ["mend it", "Add at least 1 word."]);
  assert.match(result.message, /fail and LengthValidator do not/);
  assert.equal((result.metadata.parts as unknown[]).length, 3);
});

test("anyOf has the highest score and lists every alternative when none holds", async () => {
  const either = anyOf([stub("fail"), new LengthValidator({ minWords: 2 })], { name: "either" });
  const result = await validate(either, "text");
  assert.equal(result.score, 0.5);
  assert.deepEqual(result.issues, ["fail: bad", "LengthValidator: 1 word too few: 1 of at least 2."]);
  const fine = await validate(anyOf([stub("fail"), stub("pass")]), "text");
  assert.deepEqual([fine.score, fine.issues], [1, []]);
});

test("not says what was asked to be said", async () => {
  const calm = not(requiredContent(["hurry"], { requireMode: "any" }), {
    name: "calm",
    message: "Slow down.",
  });
  const result = await validate(calm, "Hurry!");
  assert.deepEqual([result.passed, result.score, result.suggestions], [false, 0, ["Slow down."]]);
  assert.match(result.issues[0]!, /must not hold/);
  const unscored = not(defineValidator("plain", () => true)).validate(draft("text"));
  assert.deepEqual([unscored.passed, unscored.score], [false, undefined]);
});

test("a part's error names the part and its code", () => {
  const result = allOf([stub("pass"), stub("error")]).validate(draft("text"));
  assert.deepEqual(result.error, { code: "guard_unavailable", message: "error: out of order" });
  assert.deepEqual(result.suggestions, []);
});

test("parts are all asked by default, and no further than needed with shortCircuit", () => {
  const calls = (make: typeof allOf, states: State[], options: CompositionOptions): number => {
    const asked: string[] = [];
    make(states.map((state) => stub(state, asked)), options).validate(draft("text"));
    return asked.length;
  };
  const short = { evaluation: "shortCircuit" } as const;
  assert.equal(calls(allOf, ["fail", "pass", "pass"], {}), 3);
  assert.equal(calls(allOf, ["fail", "pass", "pass"], short), 1);
  assert.equal(calls(allOf, ["error", "fail", "pass"], short), 2);
  assert.equal(calls(anyOf, ["fail", "pass", "pass"], short), 2);
});

test("parts are asked side by side", () => {
  const slow = (name: string): OperationValidator =>
    defineValidator(name, function* () {
      yield* sleep(1_000);
      return true;
    });
  const both = allOf([slow("a"), slow("b"), slow("c")]);
  const { outcome, elapsedMs } = simulate(both._validateOperation(draft("text")));
  assert.ok(outcome.ok && outcome.value.passed);
  assert.ok(elapsedMs < 1_100, `${elapsedMs}`);
});

test("plain and asynchronous objects can be parts", async () => {
  const plain = { name: "plain", validate: () => ({ passed: true }) };
  const later = { name: "later", _validateAsync: () => Promise.resolve({ passed: false, issues: ["no"] }) };
  assert.equal(allOf([plain]).validate(draft("text")).passed, true);
  assert.deepEqual((await allOf([plain, later])._validateAsync(draft("text"))).issues, ["later: no"]);
});

test("compositions refuse what they cannot be made of", () => {
  refuses(() => allOf([]), /Cannot create allOf as it needs a list of at least one validator/);
  refuses(() => anyOf([{ name: "x" } as Validator]), /part 1 is \{"name":"x"\}/);
  refuses(() => not(undefined as never), /part 1 is undefined/);
  refuses(() => not(stub("pass"), { mesage: "x" } as never), /did you mean message\?/);
  const parts = [stub("pass")];
  const copied = allOf(parts);
  parts.push(copied);
  assert.equal(copied.validate(draft("text")).passed, true);
});

test("rules builds what allOf of its parts is", async () => {
  const greeting = rules("greeting").length({ min: 1, max: 50 }).words({ max: 3 }).sentences({ max: 1 })
    .contains(["good", "morning"], "any").matches("[.!]$").custom(
      "no question",
      (text) => !text.includes("?"),
      {
        score: () => 0.5,
        detail: () => "It asks.",
      },
    ).build();
  await checkContract(greeting);
  assert.equal(greeting.name, "greeting");
  assert.equal((await validate(greeting, "Good day!")).passed, true);
  assert.ok((await validate(greeting, "Good day?")).issues.includes("no question: It asks."));
  assert.equal((await validate(rules("short").length({ min: 1, max: 50 }).build(), "hello")).score, 1);
  const twice = rules("twice").contains(["a"]).contains(["b"]).build();
  assert.deepEqual((await validate(twice, "c")).issues, [
    'contains: Missing: "a".',
    'contains#2: Missing: "b".',
  ]);
  refuses(() => rules("none").build(), /it needs at least one rule/);
  refuses(() => rules("empty").contains([]), /required|at least one item/);
});

test("one listed word of a blacklist is enough to fail", async () => {
  for (
    const spam of [
      not(rules("spam").contains(["winner", "prize"], "any").build()),
      prohibitedContent(["winner", "prize"]),
    ]
  ) {
    assert.equal((await validate(spam, "You are a winner.")).passed, false);
    assert.equal((await validate(spam, "Hello.")).passed, true);
  }
});
