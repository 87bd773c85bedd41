import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { checkEnvironment } from "../../src/quick_start/mod.ts";
import { QuickStart } from "../../src/quick_start/mod.ts";
import { freePort } from "../helpers/redis_server.ts";
import { startProvider } from "../helpers/mock_provider.ts";

/** Runs with some environment variables set, or taken away. */
async function inEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  use: () => void | Promise<void>,
): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  try {
    for (const [name, value] of Object.entries(variables)) set(name, value);
    await use();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

test("a key is looked for under the names that its provider has, and is never shown", async () => {
  const of = (spec: string) => checkEnvironment(spec);
  await inEnvironment({ GEMINI_API_KEY: undefined, GOOGLE_API_KEY: "s3cret" }, () => {
    const found = of("google:gemini-flash-latest");
    assert.deepEqual(found, {
      provider: "gemini",
      keyRequired: true,
      keyPresent: true,
      keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
      permissionState: "granted",
    });
  });
  await inEnvironment({ OPENAI_API_KEY: " " }, () => {
    assert.equal(of("gpt-6.1-terra").keyPresent, false);
    assert.throws(() => QuickStart.basic("x", { model: "openai:m" }), /OPENAI_API_KEY/);
  });
  assert.deepEqual([of("mock").provider, of("editor").keyRequired], ["mock", false]);
});

test("an unknown provider, or no model, is said", () => {
  assert.throws(() => checkEnvironment("opnai:x"), /there is no provider "opnai"/);
  assert.throws(() => checkEnvironment("openai:"), /no name after the colon/);
  assert.throws(() => checkEnvironment(5 as never), /its spec must be text/);
});

test("a provider is asked only by wish", async () => {
  const server = await startProvider();
  try {
    await inEnvironment(
      { OPENAI_API_KEY: "test", OPENAI_BASE_URL: server.url({ json: { data: [] } }) },
      async () => {
        await server.clear();
        assert.equal("reachable" in checkEnvironment("openai:m"), false);
        assert.equal((await server.requests()).length, 0);
        assert.equal(checkEnvironment("openai:m", { probe: true }).reachable, true);
        assert.equal((await server.requests()).length, 1);
      },
    );
    const nowhere = `http://127.0.0.1:${await freePort()}/v1`;
    await inEnvironment({ OPENAI_API_KEY: "test", OPENAI_BASE_URL: nowhere }, () => {
      const found = checkEnvironment("openai:m", { probe: true });
      assert.equal(found.reachable, false);
      assert.match(found.reason!, /\w/);
    });
    assert.equal(checkEnvironment("mock", { probe: true }).reachable, true);
  } finally {
    server.stop();
  }
});
