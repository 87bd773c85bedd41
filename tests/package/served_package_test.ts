/** A program under Deno that imports the package from a registry, with the permissions a user would give. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { type MockProvider, startProvider } from "../helpers/mock_provider.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { type Registry, startRegistry } from "./registry_server.ts";
import { type Outcome, runBeside, runProgram, RUNTIMES, testWith } from "./tools.ts";

let provider: MockProvider;
let registry: Registry;
before(async () => {
  provider = await startProvider();
  registry = await startRegistry();
});
after(() => {
  provider.stop();
  registry.stop();
});

const MISSING = "SIFAKA_TEST_DENO is not set";
const EXAMPLE = {
  text: "A sifaka leaps sideways across open ground.",
  options: { maxWords: 12 },
};

/** Runs a program that sees the machine's npm cache but keeps what it fetches from the registry to itself. */
async function runServed(
  deno: string,
  source: (base: string) => string,
  permissions: readonly string[],
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await inTemporaryDirectory(async (cwd) => {
    const { npmCache } = JSON.parse(runProgram(deno, ["info", "--json"]).stdout) as { npmCache: string };
    const cache = join(cwd, "deno");
    mkdirSync(npmCache, { recursive: true });
    mkdirSync(cache);
    symlinkSync(npmCache, join(cache, "npm"));
    writeFileSync(join(cwd, "program.ts"), source(registry.url));
    const args = [
      "run",
      "--no-prompt",
      "--quiet",
      "--check",
      `--allow-import=${new URL(registry.url).host}`,
      ...permissions,
    ];
    outcome = await runBeside(deno, [...args, "program.ts"], { cwd, env: { DENO_DIR: cache } });
  });
  return outcome!;
}

testWith(
  RUNTIMES.deno,
  MISSING,
  "a program that imports the package from a registry runs a remote model synchronously",
  async (deno) => {
    const url = provider.url({ text: EXAMPLE.text });
    const program = (base: string): string => `
    import { Chain } from "${base}mod.ts";
    import { createModel } from "${base}src/models/mod.ts";
    import { LengthValidator } from "${base}src/validators/mod.ts";

    const model = createModel("openai-compatible:m", { baseUrl: ${JSON.stringify(url)} });
    const chain = new Chain({ model, prompt: "Describe the sifaka." });
    chain.validateWith(new LengthValidator(${JSON.stringify(EXAMPLE.options)}));
    const thought = chain.run();
    console.log(JSON.stringify([thought.text, thought.valid]));
    console.log((await chain._runAsync()).text);
  `;
    const { status, stdout, stderr } = await runServed(deno, program, [`--allow-net=${new URL(url).host}`]);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${JSON.stringify([EXAMPLE.text, true])}\n${EXAMPLE.text}\n`);
    const paths = registry.served.map((path) => path.split("/").at(-1));
    for (const name of ["worker.ts", "openai_calls.ts"]) {
      assert.ok(
        paths.includes(name),
        `${name} was not fetched`,
      );
    }
  },
);

testWith(
  RUNTIMES.deno,
  MISSING,
  "a program that imports the core from a registry and calls nothing remote needs no permission",
  async (deno) => {
    const program = (base: string): string => `
    import { Chain, defineModel, defineValidator, sleep } from "${base}mod.ts";

    const chain = new Chain({ model: defineModel("fixed", () => "It ends well."), prompt: "Write." });
    chain.validateWith(defineValidator("slow", function* () {
      yield* sleep(1);
      return true;
    }));
    console.log(chain.run().valid);
  `;
    const from = registry.served.length;
    const { status, stdout, stderr } = await runServed(deno, program, []);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "true\n");
    assert.deepEqual(registry.served.slice(from).filter((path) => path.endsWith("_calls.ts")), []);
  },
);
