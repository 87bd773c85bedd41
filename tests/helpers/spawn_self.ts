/** Starts programs under the runtime that runs the tests. */

/** The runtime that runs the tests. */
export const RUNTIME: "deno" | "bun" | "node" = "Deno" in globalThis
  ? "deno"
  : "Bun" in globalThis
  ? "bun"
  : "node";

const DENO_PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-sys",
];

/**
 * The arguments that make `process.execPath` run a script of this project.
 *
 * @param path The script's path.
 * @param permissions Deno's permission flags; other runtimes have none.
 * @returns Arguments for `spawn`, to which the script's own can be added.
 */
export function scriptArguments(path: string, permissions: readonly string[] = DENO_PERMISSIONS): string[] {
  return RUNTIME === "deno" ? ["run", "--no-prompt", "--quiet", ...permissions, path] : [path];
}
