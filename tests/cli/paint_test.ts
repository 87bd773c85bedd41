import assert from "node:assert/strict";
import { test } from "node:test";
import { createPaint, printable, wantsColor } from "../../src/cli/paint.ts";
import type { EnvironmentReader } from "../../src/config/environment.ts";

const environment = (values: Record<string, string>): EnvironmentReader => (name) =>
  values[name] === undefined ? { state: "unset" } : { state: "set", value: values[name] };

test("colour is used only for a person at a terminal who has not declined it", () => {
  assert.equal(wantsColor(true, undefined, environment({})), true);
  assert.equal(wantsColor(true, true, environment({ NO_COLOR: "" })), true);
  assert.equal(wantsColor(true, true, environment({ NO_COLOR: "1" })), false);
  assert.equal(wantsColor(true, false, environment({})), false);
  assert.equal(wantsColor(true, true, environment({ TERM: "dumb" })), false);
  assert.equal(wantsColor(false, true, environment({})), false);
  assert.equal(wantsColor(true, true, () => ({ state: "denied" })), true);
});

test("a painter without colour leaves texts alone", () => {
  assert.equal(createPaint(false).bad("x"), "x");
  assert.equal(createPaint(true).bad("x"), "\x1b[31mx\x1b[39m");
});

test("printable shows control characters and keeps all others", () => {
  assert.equal(printable("a\tb\nc\r\nd é 日 🦝"), "a\tb\nc\nd é 日 🦝");
  assert.equal(printable("\x1b[31mred\x07\r\u009b"), "\\x1b[31mred\\x07\\x0d\\x9b");
});
