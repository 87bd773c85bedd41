/**
 * Loads modules that a person wrote: their validators, critics and retrievers.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

interface ModuleTools {
  createRequire(url: string): (specifier: string) => Record<string, unknown>;
}

/**
 * Loads a module in the caller's thread, without an event loop.
 *
 * @param url The module's URL.
 * @returns What it exports.
 * @throws Whatever the module throws, and an error when it awaits at its top level.
 */
export function requireModule(url: string): Record<string, unknown> {
  const tools = builtin<ModuleTools>("node:module");
  if (!tools) throw new Error("this runtime loads modules only asynchronously");
  return tools.createRequire(url)(decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:)/, ""));
}

/**
 * Loads a module.
 *
 * @param url The module's URL.
 * @returns What it exports.
 * @throws Whatever the module throws.
 */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  return await import(url) as Record<string, unknown>;
}
