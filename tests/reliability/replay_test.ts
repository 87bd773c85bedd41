import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAndReplay } from "./replay.ts";

test("stored runs are replayed to the letter without a network", { timeout: 120_000 }, async () => {
  const { runs, identical, calls, faults } = await makeAndReplay(6);
  assert.deepEqual({ runs, identical, calls, faults }, { runs: 6, identical: 12, calls: 42, faults: [] });
});
