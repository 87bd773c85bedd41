/**
 * What `deno compile` puts into its binary. Its base binary, denort, is downloaded; where that is not to be had, another program
 * stands in for it, which shows that everything is put in but gives nothing that runs. DENORT_BIN names a real one.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { compileArguments } from "../../scripts/compile.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { ROOT, runProgram, RUNTIMES, testWith } from "./tools.ts";

const STAND_IN = "/bin/true";
const { DENORT_BIN } = process.env;
const deno = DENORT_BIN || existsSync(STAND_IN) ? RUNTIMES.deno : undefined;
const { version } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as { version: string };

testWith(
  deno,
  "SIFAKA_TEST_DENO is not set",
  "deno compile takes in the worker and the modules with the SDKs",
  (deno) =>
    inTemporaryDirectory((directory) => {
      const output = join(directory, "sifaka");
      const args = compileArguments("deno", output);
      const { status, stdout, stderr } = runProgram(deno, args, {
        env: { DENORT_BIN: DENORT_BIN || STAND_IN },
      });
      assert.equal(status, 0, stderr);
      const binary = readFileSync(output);
      for (const path of args.filter((word) => word.endsWith(".ts"))) {
        assert.ok(binary.includes(readFileSync(join(ROOT, path))), `${path} is not in the binary`);
      }
      for (const name of ["openai/", "retext-english/", "commander/", "yaml/"]) {
        assert.ok((stdout + stderr).includes(name), name);
      }
      if (DENORT_BIN) {
        assert.equal(runProgram(output, ["--version"]).stdout.trim(), version);
      }
    }),
);
