import assert from "node:assert/strict";
import { test } from "node:test";
import { positionOf, positionsIn } from "../../src/text/excerpt.ts";

test("positionsIn finds the places that positionOf finds", () => {
  const text = "one 1\r\ntwo 👩‍👩‍👧 2\rthree 3\n\nfour 4 and é 5";
  const positionAt = positionsIn(text);
  for (const { index } of text.matchAll(/\d/g)) {
    assert.deepEqual(positionAt(index), positionOf(text, index), String(index));
  }
  assert.deepEqual(positionOf(text, text.indexOf("2")), { line: 2, column: 7 });
  assert.deepEqual(positionOf(text, text.indexOf("4")), { line: 5, column: 6 });
});

test("positionsIn takes linear time for many places on one long line", () => {
  const text = "é 1 ".repeat(250_000);
  const positionAt = positionsIn(text);
  const startedMs = performance.now();
  for (let index = 2; index < text.length; index += 4) positionAt(index);
  assert.ok(performance.now() - startedMs < 5_000);
  assert.equal(positionAt(text.length).column, 1_000_001);
});
