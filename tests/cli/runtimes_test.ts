/**
 * One configuration against one server must give the same standard output everywhere. Name the other runtimes, and a compiled
 * program, by SIFAKA_TEST_DENO, SIFAKA_TEST_BUN, SIFAKA_TEST_NODE and SIFAKA_TEST_BINARY; those that are not named are skipped.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { CLI, runCli } from "../helpers/run_cli.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

let provider: MockProvider;
before(async () => provider = await startProvider());
after(() => provider.stop());

const DENO_FLAGS = [
  "run",
  "--no-prompt",
  "--quiet",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-sys",
];

/** How each runtime is started, where its path is known. */
function commands(): Map<string, readonly string[]> {
  const { SIFAKA_TEST_DENO: deno, SIFAKA_TEST_BUN: bun, SIFAKA_TEST_NODE: node, SIFAKA_TEST_BINARY: binary } =
    process.env;
  const found = new Map<string, readonly string[]>([[RUNTIME, [process.execPath, ...scriptArguments(CLI)]]]);
  if (deno) found.set("deno", [deno, ...DENO_FLAGS, CLI]);
  if (bun) found.set("bun", [bun, CLI]);
  if (node) found.set("node", [node, CLI]);
  if (binary) found.set("binary", [binary]);
  for (const name of ["deno", "bun", "node", "binary"]) {
    if (!found.has(name)) console.error(`skips ${name}: SIFAKA_TEST_${name.toUpperCase()} is not set`);
  }
  return found;
}

test("one configuration against one server gives the same output on every runtime", () =>
  inTemporaryDirectory(async (cwd) => {
    const url = provider.url({
      text: "A sifaka leaps from tree to tree. — «é 日本 🦝»\n\nIt lives in Madagascar.",
    });
    writeFileSync(
      join(cwd, "a.yaml"),
      `model: { provider: openai-compatible, name: m, baseUrl: "${url}" }
prompt: Describe the sifaka.
validators: [{ length: { maxWords: 5 } }, { content: { required: [Madagascar] } }, { regex: { required: ["^It"] } }]
critics: [self_refine, reflexion]
options: { maxImprovementIterations: 1 }
`,
    );
    const outputs = new Map<string, string>();
    for (const [name, command] of commands()) {
      const { status, stdout, stderr } = await runCli(["run", "a.yaml", "--db", `${name}.db`], {
        cwd,
        command,
      });
      assert.equal(status, 1, `${name}: ${stderr}`);
      assert.match(stdout, /It lives in Madagascar\.\n$/, `${name}: ${stderr}`);
      const check = await runCli(["check", "-", "--config", "a.yaml", "--json"], {
        cwd,
        command,
        input: stdout,
      });
      const schema = await runCli(["schema"], { cwd, command });
      outputs.set(name, [stdout, withoutDurations(check.stdout), schema.stdout].join("\n---\n"));
    }
    const [first] = outputs.values();
    for (const [name, output] of outputs) assert.equal(output, first, name);
  }));

function withoutDurations(text: string): string {
  return text.replace(/\n *"durationMs": [0-9.]+,?/g, "");
}
