import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { runCli } from "../helpers/run_cli.ts";

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
  const { stderr } = await runCli([...TASK, "--set", "options.timeouts.totalMs=1"], {
    env: { GROQ_API_KEY: "sk-secret-of-the-test", OLLAMA_HOST: host() },
  });
  assert.match(stderr, /^model: groq:\S+, as GROQ_API_KEY is set$/m);
  assert.doesNotMatch(stderr, /sk-secret/);
});

test("run without a model or a key takes an Ollama that answers and has a model", async () => {
  models = [{ id: "llama3.2:1b" }];
  const { status, stderr } = await runCli([...TASK, "--set", "options.retry.attempts=1"], {
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
  const empty = await runCli(["run", "-i", "-", "--no-store"], {
    env: { OLLAMA_HOST: host() },
    input: "We utilize it.\n",
  });
  assert.match(
    empty.stderr,
    /^model: editor, as no provider's key is set, and the Ollama at \S+ has no model yet$/m,
  );
  assert.match(empty.stderr, /^no configuration: the critic self_refine looks at the text$/m);
  const silent = await runCli(["run", "-i", "-", "--no-store"], {
    env: { OLLAMA_HOST: "127.0.0.1:9" },
    input: "Fine.\n",
  });
  assert.match(
    silent.stderr,
    /^model: editor, as no provider's key is set, and no Ollama answers at 127\.0\.0\.1:9$/m,
  );
  assert.equal(silent.status, 0, silent.stderr);
});
