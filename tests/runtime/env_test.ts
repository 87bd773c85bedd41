import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "../../src/runtime/env.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";

test("reading a variable tells a value from none", () => {
  process.env.SIFAKA_TEST_VARIABLE = "value";
  assert.deepEqual(readEnvironment("SIFAKA_TEST_VARIABLE"), { state: "set", value: "value" });
  delete process.env.SIFAKA_TEST_VARIABLE;
  assert.deepEqual(readEnvironment("SIFAKA_TEST_VARIABLE"), { state: "unset" });
});

test("reading a variable without permission is denied, and asks nobody", { skip: RUNTIME !== "deno" }, () => {
  const script = fileURLToPath(new URL("../fixtures/missing_key.ts", import.meta.url));
  const run = (permissions: string[]): { code: string; message: string; suggestions: string[] } => {
    const args = scriptArguments(script, ["--allow-read", ...permissions]);
    const child = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, OPENAI_API_KEY: "" },
    });
    return JSON.parse(child.stdout);
  };
  const denied = run([]);
  assert.equal(denied.code, "missing_api_key");
  assert.equal(
    denied.message,
    "Cannot create the openai model gpt-6.1-terra as no API key was found: OPENAI_API_KEY may not be read",
  );
  assert.deepEqual(denied.suggestions, [
    "Set the environment variable OPENAI_API_KEY.",
    "Or pass the key as the option `apiKey`.",
    "Let Deno read it: --allow-env=OPENAI_API_KEY",
  ]);
  const blank = run(["--allow-env=OPENAI_API_KEY"]);
  assert.match(blank.message, /OPENAI_API_KEY is blank$/);
  assert.equal(blank.suggestions.length, 2);
});
