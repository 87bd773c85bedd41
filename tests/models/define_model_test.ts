import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { defineModel, generateOperation, type Generation, type Model } from "../../src/models/mod.ts";
import { sleep } from "../../src/operation/operation.ts";
import { Thought } from "../../src/thought/thought.ts";
import { gives, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

testEveryDriver("a defined model gives its text", {
  operation: () => generateOperation(defineModel("plain", (messages) => messages.at(-1)!.content), "Hi"),
  check: gives<Generation>({ text: "Hi", finishReason: "stop", model: "plain" }),
});

testEveryDriver("a defined model may wait, and say more than the text", {
  operation: () =>
    generateOperation(
      defineModel("slow", function* (messages, options) {
        yield* sleep(2);
        return {
          text: `${messages.length} ${options.temperature}`,
          finishReason: "length",
          usage: { promptTokens: 1 },
        };
      }),
      "Hi",
      { systemPrompt: "Be brief.", temperature: 1 },
    ),
  check: gives<Generation>({
    text: "2 1",
    finishReason: "length",
    usage: { promptTokens: 1 },
    model: "slow",
  }),
});

testEveryDriver("a blank answer is an empty completion", {
  operation: () => generateOperation(defineModel("blank", () => " "), "Hi"),
  check: throwsMessage(/custom:blank answered with an empty text/),
});

testEveryDriver("an answer that is no text is refused", {
  operation: () => generateOperation(defineModel("odd", () => ({ text: 42 } as never)), "Hi"),
  check: throwsMessage(/answered with something that is not text: 42/),
});

testEveryDriver("a plain object with generate is a model", {
  operation: () => generateOperation({ name: "own", generate: (prompt) => `${prompt}!` }, "Hi"),
  check: gives<Generation>({ text: "Hi!", finishReason: "stop", model: "own" }),
});

testEveryDriver("an object that cannot generate is refused", {
  operation: () => generateOperation({ name: "mute" }, "Hi"),
  check: throwsMessage(/Cannot generate with mute as it has no generate method/),
});

test("a defined model that returns a promise works on an event loop, and says what to do elsewhere", async () => {
  const model = defineModel("promising", (messages) => Promise.resolve(messages[0]!.content));
  assert.equal(await model._generateAsync("Hi"), "Hi");
  assert.throws(() => model.generate("Hi"), /returned a promise/);
});

test("each driver calls the form of a plain object that is made for it", async () => {
  const seen: string[] = [];
  const model: Model = {
    name: "own",
    generate: () => (seen.push("sync"), "sync"),
    _generateAsync: (
      _prompt,
      options,
    ) => (seen.push(`async ${options?.signal?.aborted}`), Promise.resolve("async")),
  };
  const { runAsync } = await import("../../src/drivers/async.ts");
  const { runSync } = await import("../../src/drivers/sync.ts");
  assert.equal(runSync(generateOperation(model, "Hi")).text, "sync");
  assert.equal((await runAsync(generateOperation(model, "Hi"))).text, "async");
  assert.deepEqual(seen, ["sync", "async false"]);
});

test("a defined model has every method", async () => {
  const model = defineModel("whole", () => "text");
  assert.equal(model.generate("Hi"), "text");
  assert.deepEqual([...model.stream("Hi")], ["text"]);
  const thought = new Thought({ prompt: "Hi" });
  assert.deepEqual(model.generateWithThought(thought), ["text", "Hi"]);
  assert.deepEqual(await model._generateWithThoughtAsync(thought), ["text", "Hi"]);
});

test("a defined model that never ends is cancelled at its time", () => {
  const model = defineModel("stuck", function* () {
    yield* sleep(1e9);
    return "late";
  });
  const { outcome, elapsedMs } = simulate(generateOperation(model, "Hi", { timeoutMs: 2000 }));
  assert.equal(elapsedMs, 2000);
  throwsMessage(/custom:stuck did not answer within 2000 ms/)(outcome);
});

test("a model cannot be defined without a name or a function", () => {
  assert.throws(() => defineModel(" ", () => "x"), /its name must not be blank: name is " "/);
  assert.throws(() => defineModel("x", "y" as never), /its second argument must be a function: it is "y"/);
});
