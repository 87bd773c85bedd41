import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startProvider } from "../helpers/mock_provider.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/remote_model.ts", import.meta.url));
const STORY = "The machine wanted to see the sea.";

test("the example of a remote model talks HTTP synchronously and prints the story", async () => {
  const provider = await startProvider();
  try {
    const permissions = [
      "--allow-read",
      "--allow-net=127.0.0.1",
      "--allow-env=OPENAI_API_KEY,SIFAKA_BASE_URL,SIFAKA_MODEL",
    ];
    const { stdout, stderr, status } = spawnSync(process.execPath, scriptArguments(EXAMPLE, permissions), {
      encoding: "utf8",
      env: {
        ...process.env,
        SIFAKA_BASE_URL: provider.url({ text: STORY }),
        SIFAKA_MODEL: "story",
        OPENAI_API_KEY: "key",
      },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), STORY);
    assert.equal((await provider.requests()).length, 1);
  } finally {
    provider.stop();
  }
});
