import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesOf, partsOf } from "../../src/chain/parts.ts";
import { resolveSettings } from "../../src/chain/settings.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { createModel } from "../../src/models/create_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import { allOf } from "../../src/validators/composition.ts";
import { ContentValidator } from "../../src/validators/content_validator.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { createProfanityValidator } from "../../src/validators/profanity_validator.ts";
import { RegexValidator } from "../../src/validators/regex_validator.ts";

const parts = (options: ChainOptions) =>
  partsOf(resolveSettings({ model: new MockModel({ response: "a" }), prompt: "Write.", ...options }));

const differences = (before: ChainOptions, now: ChainOptions): string[] =>
  differencesOf(parts(before), parts(now));

const OTHER = "has other options or another text";

test("parts tell a component whose options have changed, however deep they stand", () => {
  const model = new MockModel({ response: "a" });
  const pairs: [ChainOptions, ChainOptions, string][] = [
    [
      { validators: [new LengthValidator({ maxWords: 5 })] },
      { validators: [new LengthValidator({ maxWords: 6 })] },
      `validators[0] (LengthValidator) ${OTHER}`,
    ],
    [
      { validators: [new RegexValidator({ required: [{ name: "a", pattern: /a/ }] })] },
      { validators: [new RegexValidator({ required: [{ name: "a", pattern: /b/ }] })] },
      `validators[0] (RegexValidator) ${OTHER}`,
    ],
    [
      { validators: [allOf([new ContentValidator({ prohibited: ["a"] })], { name: "all" })] },
      { validators: [allOf([new ContentValidator({ prohibited: ["b"] })], { name: "all" })] },
      `validators[0] (all) ${OTHER}`,
    ],
    [
      { critics: [new SelfRefineCritic({ model, temperature: 0 })] },
      { critics: [new SelfRefineCritic({ model, temperature: 1 })] },
      `critics[0] (SelfRefineCritic) ${OTHER}`,
    ],
    [
      { modelRetrievers: [new InMemoryRetriever({ documents: ["a"] })] },
      { modelRetrievers: [new InMemoryRetriever({ documents: ["b"] })] },
      `modelRetrievers[0] (InMemoryRetriever) ${OTHER}`,
    ],
  ];
  for (const [before, now, line] of pairs) {
    assert.deepEqual(differences(before, before), []);
    assert.deepEqual(differences(before, now), [line]);
  }
});

test("parts hold neither keys nor addresses, so that both may change between starts of a run", () => {
  const before = createModel("openai:gpt-4o", { apiKey: "sk-one", baseUrl: "http://127.0.0.1:1/v1" });
  const now = createModel("openai:gpt-4o", { apiKey: "sk-two", baseUrl: "http://127.0.0.1:2/v1" });
  assert.deepEqual(differences({ model: before }, { model: now }), []);
  const warmer = createModel("openai:gpt-4o", { apiKey: "sk-one", temperature: 1 });
  assert.deepEqual(differences({ model: before }, { model: warmer }), [`model (openai:gpt-4o) ${OTHER}`]);
});

test("parts tell a bound that counts, and do not look at what a component of one's own counts as it works", () => {
  const format = (minCount: number) => ({
    validators: [new FormatValidator({ format: "containsJson", minCount })],
  });
  assert.deepEqual(differences(format(1), format(2)), [`validators[0] (FormatValidator) ${OTHER}`]);
  const own = (callCount: number, limit: number) => ({
    validators: [{ name: "own", callCount, limit, validate: () => ({ passed: true }) }],
  });
  assert.deepEqual(differences(own(1, 5), own(2, 5)), []);
  assert.deepEqual(differences(own(1, 5), own(1, 6)), [`validators[0] (own) ${OTHER}`]);
});

test("parts tell a classifier inside a validator whose options have changed", () => {
  const profanity = (customWords: string[]) => ({ validators: [createProfanityValidator({ customWords })] });
  assert.deepEqual(differences(profanity(["a"]), profanity(["b"])), [
    `validators[0] (ProfanityValidator) ${OTHER}`,
  ]);
});
