/**
 * Fetches built-in modules of Deno, Bun and Node when they are first needed, so that nothing of a runtime is loaded with
 * Sifaka and the core still loads in a browser.
 *
 * @module
 */

interface ProcessLike {
  getBuiltinModule?(name: string): unknown;
}

/**
 * Fetches a built-in module.
 *
 * @typeParam T The part of the module that is used.
 * @param name Its name, for example `"node:worker_threads"`.
 * @returns The module, or `undefined` where there is none (in a browser).
 */
export function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
