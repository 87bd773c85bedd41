import assert from "node:assert/strict";
import { test } from "node:test";
import { runUnderChaos } from "./chaos.ts";

test("chains under chaos end with a valid text or a typed error, and wait as long as they are told", async () => {
  const { valid, errors, faults, waits } = await runUnderChaos(20);
  assert.deepEqual(faults, []);
  assert.equal(valid + Object.values(errors).reduce((sum, count) => sum + count, 0), 20);
  assert.ok(waits.shortestMs >= 1_000);
});
