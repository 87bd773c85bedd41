import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { TimeoutError } from "../../src/errors.ts";
import { hasGuard, type PatternSearch, searchGuarded } from "../../src/runtime/guard.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";

const LIMITS = { mostSpans: 2, stopAfter: Infinity };
const LETTERS: PatternSearch = { source: "[a-c]", flags: "u", text: "a b c", ...LIMITS };
const ENDLESS: PatternSearch = { source: "^(a+)+$", flags: "u", text: `${"a".repeat(27)}!`, ...LIMITS };

test("a guard is there in Deno, Bun and Node", () => {
  assert.equal(hasGuard(), true);
});

test("a guarded search counts matches and tells where the first ones are", async () => {
  const expected = { count: 3, spans: [[0, 1], [2, 3]] };
  assert.deepEqual(runSync(searchGuarded(LETTERS, 20_000)), expected);
  assert.deepEqual(await runAsync(searchGuarded(LETTERS, 20_000)), expected);
});

test("a guarded search stops after enough matches", () => {
  assert.equal(runSync(searchGuarded({ ...LETTERS, stopAfter: 1 }, 20_000)).count, 1);
});

test("a guarded search counts an empty match once at each place", () => {
  assert.equal(runSync(searchGuarded({ ...LETTERS, source: "x*", text: "a😀" }, 20_000)).count, 3);
});

test("searches side by side are all answered", async () => {
  const texts = Array.from({ length: 12 }, (_, index) => "a".repeat(index));
  const found = await Promise.all(texts.map((text) => runAsync(searchGuarded({ ...LETTERS, text }, 20_000))));
  assert.deepEqual(found.map(({ count }) => count), texts.map((text) => text.length));
});

test("a search that takes too long ends in time, and the next one works (sync)", () => {
  runSync(searchGuarded(LETTERS, 20_000));
  const startedMs = performance.now();
  assert.throws(() => runSync(searchGuarded(ENDLESS, 30)), isRegexTimeout);
  assert.ok(performance.now() - startedMs < 20_000);
  assert.equal(runSync(searchGuarded(LETTERS, 20_000)).count, 3);
});

test("a search that takes too long ends in time and leaves the event loop alive (async)", async () => {
  await runAsync(searchGuarded(LETTERS, 20_000));
  let turns = 0;
  const turning = setInterval(() => turns++, 2);
  await assert.rejects(runAsync(searchGuarded(ENDLESS, 200)), isRegexTimeout);
  clearInterval(turning);
  assert.ok(turns >= 2, `${turns}`);
  assert.equal((await runAsync(searchGuarded(LETTERS, 20_000))).count, 3);
});

test("a cancelled search rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const running = runAsync(searchGuarded(ENDLESS, 20_000), { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await assert.rejects(running, /enough/);
  assert.equal((await runAsync(searchGuarded(LETTERS, 20_000))).count, 3);
});

test("a process that used the guard ends by itself, without any permission", () => {
  const path = fileURLToPath(new URL("../fixtures/guard_exit.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, scriptArguments(path, []), {
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(stdout, "3\n3\nregex_timeout\nregex_timeout\n", stderr);
  assert.equal(status, 0, stderr);
});

function isRegexTimeout(error: unknown): boolean {
  return error instanceof TimeoutError && error.code === "regex_timeout";
}
