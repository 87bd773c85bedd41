import assert from "node:assert/strict";
import { test } from "node:test";
import { packageModule } from "../../src/operation/package_module.ts";

const CALLS = "models/openai_calls";

test("packageModule finds a module of the sources", () => {
  assert.equal(packageModule(CALLS), new URL("../../src/models/openai_calls.ts", import.meta.url).href);
});

test("packageModule keeps the host and the extension where the package stands elsewhere", () => {
  const here = "https://host/@sifaka/sifaka/1.0.0/src/operation/package_module.mjs?v=2";
  assert.equal(packageModule(CALLS, here), "https://host/@sifaka/sifaka/1.0.0/src/models/openai_calls.mjs");
});

test("packageModule looks below src/ beside a bundle", () => {
  assert.equal(
    packageModule(CALLS, "https://host/app/bundle.js"),
    "https://host/app/src/models/openai_calls.js",
  );
});

test("packageModule looks below the root of a program that Bun has compiled, wherever the bundle stands in it", () => {
  for (const here of ["sifaka", "chunk-1a2b.js", "src/runtime/worker.js"]) {
    assert.equal(
      packageModule(CALLS, `file:///$bunfs/root/${here}`),
      "file:///$bunfs/root/src/models/openai_calls.js",
    );
    assert.equal(
      packageModule(CALLS, `file:///B:/~BUN/root/${here}`),
      "file:///B:/~BUN/root/src/models/openai_calls.js",
    );
  }
});
