import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, formatError } from "../src/errors.ts";

test("formatError renders whatever was thrown", () => {
  const error = new ConfigurationError("No key was found", { suggestions: ["Set it.", "Or give it."] });
  assert.equal(formatError(error), "No key was found\n  Set it.\n  Or give it.");
  assert.equal(formatError(new TypeError("plain")), "plain");
  assert.equal(formatError(new RangeError()), "RangeError");
  assert.equal(formatError(undefined), "undefined");
  assert.equal(formatError(0), "0");
  assert.equal(formatError(Symbol("s")), "Symbol(s)");
  assert.equal(formatError(Object.create(null)), "Something was thrown that is no error");
});
