import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { killAndResume } from "./kill.ts";

test(
  "a run whose process is killed at a random moment ends with the same text, and pays for nothing twice",
  { timeout: 120_000 },
  async () => {
    const report = await killAndResume(4, randomInt(1_000_000));
    assert.deepEqual(report.faults, [], `again: deno task kill 4 ${report.seed}`);
    assert.equal(report.sameText, 4);
  },
);
