import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { all } from "../../src/operation/combinators.ts";
import { sleep } from "../../src/operation/operation.ts";
import { defineValidator, type ValidateFunction } from "../../src/validators/define_validator.ts";
import { checkContract, draft, refuses } from "./helpers.ts";

test("defineValidator makes a validator that does what every validator must", async () => {
  await checkContract(defineValidator("mine", () => true));
});

test("defineValidator takes a verdict, issues, or a result", async () => {
  const judge = (check: ValidateFunction) => defineValidator("mine", check)._validateAsync(draft("text"));
  assert.equal((await judge(() => true)).passed, true);
  const refused = await judge(() => false);
  assert.deepEqual([refused.passed, refused.message, refused.validator], [false, "did not pass", "mine"]);
  assert.equal((await judge(() => [])).passed, true);
  assert.deepEqual((await judge((thought) => [`about ${thought.text}`])).issues, ["about text"]);
  const full = await judge(() => ({ passed: false, score: 0.5, suggestions: ["more"] }));
  assert.deepEqual([full.score, full.suggestions], [0.5, ["more"]]);
});

test("defineValidator takes a generator function, which may wait beside others", () => {
  const slow = defineValidator("slow", function* () {
    yield* sleep(100);
    return { passed: true, message: "" };
  });
  assert.equal(slow.validate(draft("text")).passed, true);
  const five = all(Array.from({ length: 5 }, () => slow._validateOperation(draft("text"))));
  const { outcome, elapsedMs } = simulate(five, { seed: 1 });
  assert.equal(outcome.ok, true);
  assert.equal(elapsedMs, 100);
});

test("defineValidator takes an asynchronous function for use on an event loop", async () => {
  const asynchronous = defineValidator(
    "later",
    async (thought) => await Promise.resolve(thought.text === "text"),
  );
  assert.equal((await asynchronous._validateAsync(draft("text"))).passed, true);
  assert.throws(() => asynchronous.validate(draft("text")), { code: "async_only" });
  const promising = defineValidator("later", () => Promise.resolve(["no"]));
  assert.deepEqual((await promising._validateAsync(draft("text"))).issues, ["no"]);
  assert.throws(() => promising.validate(draft("text")), { code: "promise_returned" });
});

test("defineValidator gives an asynchronous function a signal that is aborted when time is over", async () => {
  let aborted = false;
  const hanging = defineValidator("hanging", async (_, { signal }) => {
    await new Promise((resolve) => signal!.addEventListener("abort", resolve));
    aborted = true;
    return true;
  });
  assert.equal((await hanging._validateAsync(draft("text"), { timeoutMs: 5 })).error?.code, "timeout");
  await Promise.resolve();
  assert.equal(aborted, true);
});

test("defineValidator reports a function that throws or gives junk", () => {
  const broken = defineValidator("broken", () => {
    throw new Error("oops");
  });
  assert.deepEqual(broken.validate(draft("text")).error, { code: "internal", message: "oops" });
  const junk = defineValidator("junk", (() => "yes") as never).validate(draft("text"));
  assert.equal(junk.error?.code, "internal");
  assert.match(junk.error!.message, /junk gave "yes"/);
});

test("defineValidator refuses a blank name and what is no function", () => {
  refuses(() => defineValidator(" ", () => true), /its name must not be blank/);
  refuses(() => defineValidator("v", 5 as never), /validator v as it must be a function: it is 5/);
});
