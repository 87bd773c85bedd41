import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const TASK = ["run", "-p", "Say hello.", "--no-store", "-v"];
let ollama: Server;
let models: readonly { id: string }[] = [];
before(async () => {
  ollama = createServer((request, response) => {
    if (request.url === "/v1/models") response.end(JSON.stringify({ data: models }));
    else response.writeHead(500).end("{}");
  });
  await new Promise<void>((resolve) => ollama.listen(0, "127.0.0.1", resolve));
});
after(() => ollama.close());

const host = (): string => `127.0.0.1:${(ollama.address() as AddressInfo).port}`;

test("run without a model takes the first provider whose key is set, and says why", async () => {
  const { stderr } = await callCli([...TASK, "--set", "options.timeouts.totalMs=1"], {
    env: { GROQ_API_KEY: "sk-secret-of-the-test", OLLAMA_HOST: host() },
  });
  assert.match(stderr, /^model: groq:\S+, as GROQ_API_KEY is set$/m);
  assert.doesNotMatch(stderr, /sk-secret/);
});

test("run without a model or a key takes an Ollama that answers and has a model", async () => {
  models = [{ id: "llama3.2:1b" }];
  const { status, stderr } = await callCli([...TASK, "--set", "options.retry.attempts=1"], {
    env: { OLLAMA_HOST: host() },
  });
  assert.match(
    stderr,
    /^model: ollama:llama3\.2:1b, as no provider's key is set, and Ollama answers at 127\.0\.0\.1:\d+$/m,
  );
  assert.equal(status, 3);
});

test("run without a model, a key or an Ollama takes the editor", async () => {
  models = [];
  const empty = await callCli(["run", "-i", "-", "--no-store"], {
    env: { OLLAMA_HOST: host() },
    input: "We utilize it.\n",
  });
  assert.match(
    empty.stderr,
    /^model: editor, as no provider's key is set, and the Ollama at \S+ has no model yet$/m,
  );
  assert.match(empty.stderr, /^no configuration: the critic self_refine looks at the text$/m);
  const silent = await callCli(["run", "-i", "-", "--no-store"], {
    env: { OLLAMA_HOST: "127.0.0.1:9" },
    input: "Fine.\n",
  });
  assert.match(
    silent.stderr,
    /^model: editor, as no provider's key is set, and no Ollama answers at 127\.0\.0\.1:9$/m,
  );
  assert.equal(silent.status, 0, silent.stderr);
});

test("run and batch without a model, a key, an Ollama or a text to improve say what would help, and keep nothing", () =>
  inTemporaryDirectory(async (cwd) => {
    writeFileSync(join(cwd, "sifaka.yaml"), "prompt: Say hello.\nstorage: sqlite:./runs.db\n");
    writeFileSync(join(cwd, "in.jsonl"), "{}\n");
    for (const args of [["run", "sifaka.yaml"], ["batch", "in.jsonl", "--out", "out.jsonl"]]) {
      const { status, stdout, stderr } = await callCli(args, { cwd, env: { OLLAMA_HOST: "127.0.0.1:9" } });
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(
        stderr,
        /^error: There is no language model to write with: no provider's key is set, and no Ollama answers at .*\n {2}Set a provider's key/,
      );
    }
    assert.deepEqual(readdirSync(cwd).sort(), ["in.jsonl", "sifaka.yaml"]);
  }));
