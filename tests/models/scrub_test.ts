import assert from "node:assert/strict";
import { test } from "node:test";
import { scrub, scrubJson } from "../../src/models/scrub.ts";

test("scrub takes a secret out as it is, as JSON writes it, and as a URL does", () => {
  const secret = 'k3y/with"signs+';
  for (const written of [secret, JSON.stringify(secret), 'k3y\\/with\\"signs+', encodeURIComponent(secret)]) {
    assert.equal(scrub([secret], `before ${written} after`).includes("with"), false, written);
  }
});

test("scrub takes out the key of a header that also names its scheme or its field", () => {
  assert.equal(scrub(["Bearer abcdefgh12"], "you sent abcdefgh12"), "you sent ***");
  assert.equal(scrub(["id=1; session=abcdefgh12"], "you sent abcdefgh12"), "you sent ***");
});

test("scrub leaves nothing of a secret that begins with another one", () => {
  assert.equal(scrub(["abcdefgh", "abcdefgh-and-more"], "abcdefgh-and-more abcdefgh"), "*** ***");
});

test("scrub leaves ordinary words and what is too short for a key", () => {
  const text = "an application of a key abc";
  assert.equal(scrub(["abc", "", "My great application for lemurs"], text), text);
});

test("scrubJson takes secrets out of an answer, also where it quotes a request", () => {
  const answer = { echo: JSON.stringify({ authorization: 'Bearer sk-"quoted"/key' }), choices: [1] };
  const scrubbed = scrubJson(['sk-"quoted"/key'], answer);
  assert.equal(JSON.stringify(scrubbed).includes("quoted"), false);
  assert.deepEqual((scrubbed as { choices: number[] }).choices, [1]);
  assert.equal(scrubJson(["sk-another-key"], answer), answer);
});
