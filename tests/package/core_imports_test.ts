/** The core stands alone: neither a package nor a built-in module is in its graph, not even for types. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { ROOT, runProgram, RUNTIMES, testWith } from "./tools.ts";

interface ModuleGraph {
  modules: { specifier: string; kind?: string; error?: string }[];
}

testWith(
  RUNTIMES.deno,
  "SIFAKA_TEST_DENO is not set",
  "mod.ts reaches nothing but this package's own modules",
  (deno) => {
    const { status, stdout, stderr } = runProgram(deno, ["info", "--json", "mod.ts"]);
    assert.equal(status, 0, stderr);
    const { modules } = JSON.parse(stdout) as ModuleGraph;
    const own = pathToFileURL(ROOT).href;
    assert.deepEqual(modules.filter(({ specifier }) => !specifier.startsWith(own)), []);
    assert.deepEqual(modules.filter(({ error }) => error !== undefined), []);
    assert.ok(modules.length > 50, `only ${modules.length} modules`);
  },
);
