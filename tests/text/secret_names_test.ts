import assert from "node:assert/strict";
import { test } from "node:test";
import { hideInUrls, hideSecrets, namesSecret } from "../../src/text/secret_names.ts";

test("names of secrets are known, in every spelling", () => {
  for (
    const name of [
      "apiKey",
      "api_key",
      "X-Api-Key",
      "Authorization",
      "headers",
      "authToken",
      "token",
      "Cookie",
    ]
  ) {
    assert.ok(namesSecret(name), name);
  }
  for (const name of ["apiKeyEnv", "maxTokens", "tokenizer", "model", "keywords", 0]) {
    assert.ok(!namesSecret(name), String(name));
  }
});

test("hideSecrets hides what stands after a name of a secret, and what looks like a key", () => {
  assert.equal(hideSecrets("model: { apiKey: 'ab c, name: x"), "model: { apiKey: *** ** ***** *");
  assert.equal(hideSecrets("x: sk-1234567890abcdefghij, b"), `x: ${"*".repeat(23)}, b`);
  assert.equal(hideSecrets("model: openai:gpt-6.1-terra"), "model: openai:gpt-6.1-terra");
});

test("hideInUrls hides the name, the password and the query of a URL", () => {
  assert.equal(
    hideInUrls("at http://me:pass@h.org/v1?key=abc, and b?c"),
    "at http://*******@h.org/v1?******** and b?c",
  );
  assert.equal(hideInUrls("at https://h.org/v1/#a"), "at https://h.org/v1/#a");
});

test("hideSecrets reads a long line in time that grows with its length only", () => {
  const startedMs = performance.now();
  hideInUrls("http://a?".repeat(30_000) + "a".repeat(100_000));
  hideSecrets(`${"a".repeat(200_000)} ${"a.".repeat(100_000)} ${"a ".repeat(100_000)}`);
  assert.ok(performance.now() - startedMs < 20_000);
});
