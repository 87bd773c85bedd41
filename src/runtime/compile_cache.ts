/**
 * Keeps what Node compiles for the next start, as Deno does by itself: the sources of a program are many, and each is TypeScript.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

interface ModuleBuiltin {
  /** Node's; keeps them in the folder for temporary files, apart for each user, or where `NODE_COMPILE_CACHE` says. */
  enableCompileCache?(): unknown;
}

/** To be called before the program is loaded. Where the folder cannot be written, it does nothing. */
export function keepCompiledCode(): void {
  if ("Deno" in globalThis) return;
  builtin<ModuleBuiltin>("node:module")?.enableCompileCache?.();
}
