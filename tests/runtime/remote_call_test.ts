import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../../src/errors.ts";
import { loadFunction } from "../../src/runtime/remote_call.ts";

const calls = (name: string): string => new URL(`../fixtures/${name}.ts`, import.meta.url).href;

test("loadFunction finds an exported function", async () => {
  const echo = await loadFunction({ module: calls("calls"), name: "echo" });
  assert.equal(typeof echo, "function");
});

test("loadFunction names the module that exports no such function", async () => {
  const ref = { module: calls("calls"), name: "nothing" };
  await assert.rejects(loadFunction(ref), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.message, `Cannot call nothing as ${ref.module} exports no such function`);
    return true;
  });
});

test("loadFunction says how to fetch a module that does not load in time", async () => {
  const ref = { module: calls("never_loads"), name: "echo" };
  await assert.rejects(loadFunction(ref, 100), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "module_not_loaded");
    assert.equal(
      error.message,
      `Cannot call echo as its module did not load within 0.1 seconds: ${ref.module}`,
    );
    assert.ok(error.suggestions.some((line) => line.includes(`deno cache ${ref.module}`)));
    return true;
  });
});
