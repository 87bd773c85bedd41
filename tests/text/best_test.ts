import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bestOf } from "../../src/text/best.ts";

test("bestOf gives what sorting would put first", () => {
  const items = fc.uniqueArray(fc.integer(), { maxLength: 30 });
  fc.assert(fc.property(items, fc.nat(40), (numbers, count) => {
    assert.deepEqual(
      bestOf(numbers, count, (a, b) => a - b),
      [...numbers].sort((a, b) => a - b).slice(0, count),
    );
  }));
});
