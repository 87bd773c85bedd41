/**
 * Makes one binary of the program, `dist/sifaka`: `deno task compile` (by `deno compile`) and `deno task compile:bun` (by `bun build
 * --compile`).
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the program may do: no more than its commands need. */
const PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env", "--allow-net"];

/**
 * Finds the modules that the program reaches by their address alone, which no compiler would find: those that it names, and the
 * ones with an SDK or a package.
 *
 * @returns Their paths below the project's root, in order.
 */
export function addressedModules(): string[] {
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts")
  )
    .map((path) => `src/${path.replaceAll("\\", "/")}`);
  const named = [...sources, "cli.ts"].flatMap((path) =>
    [...readFileSync(ROOT + path, "utf8").matchAll(/packageModule\("([^"]+)"\)/g)].map(([, name]) =>
      `src/${name}.ts`
    )
  );
  return [...new Set([...named, ...sources.filter((path) => path.endsWith("_calls.ts"))])].sort();
}

/**
 * Words the command.
 *
 * @param compiler Whose.
 * @param output The binary.
 * @returns Its arguments.
 */
export function compileArguments(compiler: "deno" | "bun", output: string): string[] {
  const modules = addressedModules();
  if (compiler === "bun") {
    return ["build", "--compile", "--splitting", "cli.ts", ...modules, "--outfile", output];
  }
  const included = modules.flatMap((path) => ["--include", path]);
  return [
    "compile",
    "--no-prompt",
    ...PERMISSIONS,
    "--exclude-unused-npm",
    ...included,
    "--output",
    output,
    "cli.ts",
  ];
}

if (import.meta.main) {
  const compiler = process.argv[2] === "bun" ? "bun" : "deno";
  const { status } = spawnSync(compiler, compileArguments(compiler, "dist/sifaka"), {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (status !== 0) {
    if (compiler === "deno") {
      console.error(
        "deno compile failed, see above. Where its base binary (denort) cannot be downloaded, name one with DENORT_BIN=PATH, " +
          "or use: deno task compile:bun",
      );
    }
    process.exitCode = 1;
  }
}
