import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import { createModel, generateOperation } from "../../src/models/mod.ts";
import { startAimock } from "../helpers/mock_provider.ts";

const aimock = await startAimock([
  { match: { userMessage: "Name a lemur" }, response: { content: "The indri." } },
  {
    match: { userMessage: "fail" },
    response: { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 3 },
  },
]);
after(() => aimock.stop());

const model = createModel("openai:gpt-4o", { apiKey: "sk-test", baseUrl: aimock.url });

test("a model understands aimock's completions, in both drivers", async () => {
  assert.equal(model.generate("Name a lemur"), "The indri.");
  assert.equal(await model._generateAsync("Name a lemur"), "The indri.");
  const { finishReason, usage } = runSync(generateOperation(model, "Name a lemur"));
  assert.equal(finishReason, "stop");
  assert.ok(usage?.promptTokens !== undefined && usage.completionTokens !== undefined);
});

test("a model understands aimock's streams, in both drivers", async () => {
  assert.equal([...model.stream("Name a lemur")].join(""), "The indri.");
  let text = "";
  for await (const piece of model._streamAsync("Name a lemur")) text += piece;
  assert.equal(text, "The indri.");
});

test("a model understands aimock's rate limits", () => {
  assert.throws(() => model.generate("fail"), (error) => {
    assert.ok(error instanceof ModelApiError);
    assert.equal(error.code, "rate_limit");
    assert.equal(error.retryAfterMs, 3000);
    return true;
  });
});
