import assert from "node:assert/strict";
import { test } from "node:test";
import { passagesOf } from "../../src/text/passages.ts";

const cut = (text: string) => Array.from(passagesOf(text));

test("passagesOf cuts no text that is not very long", () => {
  const text = "One. Two. ".repeat(6_000);
  assert.deepEqual(cut(text), [{ text, start: 0 }]);
  assert.deepEqual(cut(""), [{ text: "", start: 0 }]);
});

test("passagesOf cuts at the end of a sentence, else behind a space, else anywhere but within a character", () => {
  const ends: [string, RegExp][] = [
    ["It is a sentence, i.e. words. ", /\. $/],
    ["One line\n", /\n$/],
    ["words without an end ", /\w $/],
    ["a", /^a+$/],
    ["👩", /^👩+$/u],
    ["これは文です。 ", /。 $/],
  ];
  for (const [unit, end] of ends) {
    const text = unit.repeat(200_000 / unit.length);
    const passages = cut(text);
    assert.ok(passages.length > 3, unit);
    assert.equal(passages.map((passage) => passage.text).join(""), text);
    for (const passage of passages) {
      assert.match(passage.text, end);
      assert.ok(passage.text.length <= 65_536);
      assert.equal(text.slice(passage.start, passage.start + passage.text.length), passage.text);
    }
  }
});
