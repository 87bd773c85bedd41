/** One binary, made with `bun build --compile`: it finds the worker and the modules with the SDKs inside itself. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { compileArguments } from "../../scripts/compile.ts";
import { runCli } from "../helpers/run_cli.ts";
import { ROOT, runProgram, RUNTIMES, testWith } from "./tools.ts";

const MISSING = "SIFAKA_TEST_BUN is not set";
const TEXT = "A sifaka leaps sideways across open ground.";
const { version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as { version: string };

let provider: MockProvider;
let directory: string;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "sifaka-"));
  provider = await startProvider();
});
after(() => {
  provider.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Does what `deno task compile:bun` does, for another program or to another place. */
function compile(bun: string, program: string, name: string): string {
  const output = join(directory, name);
  const args = compileArguments("bun", output).map((word) => word === "cli.ts" ? program : word);
  const { status, stderr } = runProgram(bun, args);
  assert.equal(status, 0, stderr);
  return output;
}

testWith(
  RUNTIMES.bun,
  MISSING,
  "the compiled command line runs the editor and a remote model",
  async (bun) => {
    const command = [compile(bun, "cli.ts", "sifaka")];
    const shown = await runCli(["--version"], { command, cwd: directory });
    assert.equal(shown.status, 0, shown.stderr);
    assert.equal(shown.stdout.trim(), version);

    const draft = "In order to get home, the the sifaka utilizes a a leap.";
    writeFileSync(
      join(directory, "edit.yaml"),
      "model: editor\nprompt: Make it plain.\nvalidators: [{ length: { minWords: 3 } }]\n",
    );
    const edited = await runCli(["run", "edit.yaml", "--input", "-", "--db", "edit.db"], {
      command,
      cwd: directory,
      input: draft,
    });
    assert.equal(edited.status, 0, edited.stderr);
    assert.match(edited.stdout, /sifaka/);

    const baseUrl = provider.url({ text: TEXT });
    writeFileSync(
      join(directory, "remote.yaml"),
      `model: { provider: openai-compatible, name: m, baseUrl: "${baseUrl}" }\nprompt: Describe the sifaka.\n`,
    );
    const asked = await runCli(["run", "remote.yaml", "--db", "remote.db"], { command, cwd: directory });
    assert.equal(asked.status, 0, asked.stderr);
    assert.equal(asked.stdout.trim(), TEXT);
  },
);

testWith(
  RUNTIMES.bun,
  MISSING,
  "a compiled program starts its worker and gets errors with their class",
  (bun) => {
    const program = compile(bun, "tests/package/compiled_program.ts", "program");
    const refused = provider.url({
      status: 401,
      headers: { "x-request-id": "request-1" },
      json: { error: { message: "bad key" } },
    });
    const { status, stdout, stderr } = runProgram(program, [provider.url({ text: TEXT }), refused], {
      cwd: directory,
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${TEXT}\nModelApiError 401 request-1\n`);
  },
);
