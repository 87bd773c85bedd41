/** What of `--set` is kept with a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeKept } from "../../src/cli/kept_overrides.ts";

test("an override is kept when neither its path nor its value can hold a secret", () => {
  for (
    const override of [
      "options.maxImprovementIterations=1",
      "variables.note=Note: this, and the key: none",
      "model={provider: mock, maxTokens: 5}",
      "model.baseUrl=https://example.com/v1?a=b",
      'variables.mail="a@example.com"',
    ]
  ) assert.ok(mayBeKept(override), override);
  for (
    const override of [
      "model.apiKey=sk-1",
      'model={"provider":"openai","apiKey":"sk-1"}',
      "model={provider: openai, headers: {x: sk-1}}",
      "critics=[{reflexion: {model: {apiKey : sk-1}}}]",
      "storage=redis://me:pass@localhost:6379",
      "storage={redis: {url: 'redis://:pass@localhost'}}",
    ]
  ) assert.ok(!mayBeKept(override), override);
});
