/** Whole chains, as a program of a user writes them: without a network, and over HTTP on loopback. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Chain, defineValidator, ModelApiError, type Thought, type Validator } from "../mod.ts";
import { ConstitutionalCritic, ReflexionCritic, SelfRefineCritic } from "../src/critics/mod.ts";
import { createModel, MockModel, OpenAiCompatibleModel } from "../src/models/mod.ts";
import { InMemoryRetriever } from "../src/retrievers/mod.ts";
import { MemoryStorage, ThoughtStore } from "../src/storage/mod.ts";
import { LengthValidator, RegexValidator } from "../src/validators/mod.ts";
import {
  type Aimock,
  type MockProvider,
  type Scenario,
  startAimock,
  startProvider,
} from "./helpers/mock_provider.ts";

const STORY = "An AI woke up, looked around, and wrote down all that it could see from its small window.";
const REFLECTION = JSON.stringify({
  diagnosis: "The story ends before it begins.",
  rootCause: "Haste.",
  plan: ["Tell what the AI sees."],
  avoid: [],
});
const REFINE = JSON.stringify({
  needs_improvement: true,
  issues: ["dull"],
  suggestions: ["Liven it up."],
  summary: "Dull.",
});

const provider: MockProvider = await startProvider();
const writer: Aimock = await startAimock([
  { match: { userMessage: "Revise a draft" }, response: { content: STORY } },
  { match: { userMessage: "Write a story" }, response: { content: "An AI woke up." } },
]);
after(() => {
  provider.stop();
  writer.stop();
});

function served(scenario: Scenario, name = "gpt-test"): OpenAiCompatibleModel {
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: name,
    apiKey: "sk-test",
    baseUrl: provider.url(scenario),
  });
}

test("the founding example runs, synchronously", () => {
  const model = new MockModel({ responses: ["An AI woke up.", REFLECTION, STORY] });
  const validator = new LengthValidator({ minLength: 50, maxLength: 500 });
  const critic = new ReflexionCritic({ model });

  const chain = new Chain({ model, prompt: "Write a story about AI", maxImprovementIterations: 2 });
  chain.validateWith(validator);
  chain.improveWith(critic);
  const result: Thought = chain.run();

  assert.equal(result.text, STORY);
  assert.equal(result.valid, true);
  assert.equal(result.iteration, 1);
  assert.equal(result.history[0]!.text, "An AI woke up.");
  assert.equal(result.history[0]!.criticFeedback[0]!.critic, "ReflexionCritic");
  assert.ok(model.calls[2]!.prompt.includes("Tell what the AI sees."));
  assert.equal(result.usage.modelCalls, 3);
});

test("the founding document's three validators leave three results", () => {
  const chain = new Chain({ model: createModel("mock"), prompt: "Test" });
  chain.validateWith(new LengthValidator({ minLength: 10 }));
  chain.validateWith(new RegexValidator({ requiredPatterns: ["\\w+"] }));
  chain.validateWith(defineValidator("calm", ({ text }) => !text!.includes("!")));
  assert.equal(Object.keys(chain.run().validationResults).length, 3);
});

test("several chains run at once, as framework code does", async () => {
  const chains = ["Story 1", "Story 2", "Story 3"].map((prompt) =>
    new Chain({ model: new MockModel({ response: `${prompt}.`, latencyMs: 100 }), prompt })
  );
  const startedMs = performance.now();
  const thoughts = await Promise.all(chains.map((chain) => chain._runAsync()));
  assert.ok(performance.now() - startedMs < 250);
  assert.deepEqual(thoughts.map(({ text }) => text), ["Story 1.", "Story 2.", "Story 3."]);
});

test("a chain over HTTP improves its text, and keeps all of it", async () => {
  for (const run of ["runDetailed", "_runDetailedAsync"] as const) {
    const storage = new MemoryStorage();
    const chain = new Chain({
      model: new OpenAiCompatibleModel({
        provider: "openai",
        model: "gpt-test",
        apiKey: "sk-test",
        baseUrl: writer.url,
      }),
      prompt: "Write a story about AI",
      systemPrompt: "You are brief.",
      chainId: "story",
      validators: [new LengthValidator({ minWords: 10 })],
      critics: [new SelfRefineCritic({ model: served({ text: REFINE }, "judge") })],
      modelRetrievers: [new InMemoryRetriever({ documents: ["AI is short for artificial intelligence."] })],
      storage,
    });
    const { thought, stopReason, iterations, usage } = await chain[run]();
    assert.deepEqual([stopReason, thought.text, iterations.length], ["passed", STORY, 2]);
    assert.equal(iterations[0]!.criticFeedback[0]!.issues[0]!.text, "dull");
    assert.equal(usage.modelCalls, 3);
    assert.ok(usage.promptTokens! > 0);
    assert.deepEqual(new ThoughtStore(storage).list("story").map(({ text }) => text), [
      "An AI woke up.",
      STORY,
    ]);
  }
  const requests = await writer.requests();
  const asked = requests.map(({ body }) => (body as { messages: unknown }).messages);
  assert.equal(asked.length, 4);
  assert.deepEqual(asked.slice(2), asked.slice(0, 2), "both ways ask the same words");
});

for (const run of ["runDetailed", "_runDetailedAsync"] as const) {
  test(`three critics that call a model each have their requests under way at once in ${run}()`, async () => {
    await provider.clear();
    const scenario = { text: REFINE, together: 3 };
    const critics = ["one", "two", "three"].map((name) =>
      new SelfRefineCritic({ model: served(scenario, name), name })
    );
    const chain = new Chain({
      model: new MockModel({ response: "A draft." }),
      prompt: "Write.",
      critics,
      alwaysApplyCritics: true,
      maxImprovementIterations: 0,
    });
    const { thought } = await chain[run]();
    const requests = await provider.requests();
    assert.deepEqual(requests.map(({ sideBySide }) => sideBySide), [1, 2, 3]);
    assert.deepEqual(requests.map(({ body }) => (body as { model: string }).model).sort(), [
      "one",
      "three",
      "two",
    ]);
    assert.deepEqual(
      thought.criticFeedback.map(({ critic, needsImprovement }) => [critic, needsImprovement]),
      [
        ["one", true],
        ["two", true],
        ["three", true],
      ],
    );
  });

  test(`validators that call a model from plain code still get their answers in ${run}()`, async () => {
    const judge = served({ text: "yes" });
    const validators: Validator[] = ["a", "b"].map((name) => ({
      name,
      validate: () => ({ passed: judge.generate("Is it good?") === "yes" }),
    }));
    const { thought } = await new Chain({ model: new MockModel(), prompt: "Write.", validators })[run]();
    assert.equal(thought.valid, true);
  });

  test(`a provider that is busy for a moment is asked again in ${run}()`, async () => {
    await provider.clear();
    const busy = served({
      status: 429,
      headers: { "retry-after-ms": "5" },
      json: { error: { message: "slow down" } },
    });
    const chain = new Chain({
      model: busy,
      fallbackModels: [served({ text: "From the spare." }, "spare")],
      prompt: "Write.",
      retry: { attempts: 2, baseMs: 1 },
    });
    const { thought, usage } = await chain[run]();
    assert.equal(thought.text, "From the spare.");
    assert.equal(thought.generation!.model, "spare-served");
    assert.equal(usage.modelCalls, 3);
    assert.equal((await provider.requests()).length, 3);
  });

  test(`a provider's own error ends the run as it is in ${run}()`, async () => {
    const chain = new Chain({
      model: served({ status: 401, json: { error: { message: "Incorrect API key" } } }),
      prompt: "Write.",
    });
    await assert.rejects(async () => await chain[run](), (error: ModelApiError) => {
      assert.ok(error instanceof ModelApiError);
      assert.deepEqual([error.status, error.step, error.requestId, error.retryable], [
        401,
        "generate",
        "req-42",
        false,
      ]);
      assert.ok(!error.message.includes("sk-test"));
      return true;
    });
  });

  test(`a provider that hangs is given up in ${run}(), and the request with it`, async () => {
    await provider.clear();
    const chain = new Chain({
      model: served({ hang: true }),
      prompt: "Write.",
      timeouts: { generateMs: 500 },
    });
    await assert.rejects(async () => await chain[run](), { name: "ModelError", code: "timeout" });
    await provider.untilAborted();
    assert.equal((await provider.requests()).length, 1);
  });
}

test("critics of several kinds share one chain", () => {
  const judge = new MockModel({
    response: JSON.stringify({ ...JSON.parse(REFLECTION), ...JSON.parse(REFINE), violations: [] }),
  });
  const chain = new Chain({
    model: new MockModel({ responses: ["An AI woke up.", STORY] }),
    prompt: "Write a story about AI",
    validators: [new LengthValidator({ minWords: 10 })],
    critics: [
      new ReflexionCritic({ model: judge }),
      new SelfRefineCritic({ model: judge }),
      new ConstitutionalCritic({ model: judge }),
    ],
  });
  const { thought, usage } = chain.runDetailed();
  assert.equal(thought.text, STORY);
  assert.equal(thought.history[0]!.criticFeedback.length, 3);
  assert.equal(usage.modelCalls, 2 + judge.calls.length);
});
