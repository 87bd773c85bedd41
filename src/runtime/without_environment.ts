/**
 * Keeps a package from reading environment variables that it has no need of.
 *
 * Under Deno each read asks for a permission. The YAML parser looks at two variables of its own debugging at every token, and
 * a user should not have to grant those.
 *
 * @module
 */

import { hasPermissionFlags } from "./env.ts";

/**
 * Calls a function that, as far as it can see, has an empty environment. Other runtimes ask for no permission, so there the
 * function is simply called.
 *
 * @param action What to call; it must not wait, since everything else would see the empty environment meanwhile.
 * @returns What it returns.
 */
export function withoutEnvironment<T>(action: () => T): T {
  const { process } = globalThis as { process?: object };
  const own = process && Object.getOwnPropertyDescriptor(process, "env");
  if (!own?.configurable || !hasPermissionFlags()) return action();
  Object.defineProperty(process, "env", { value: {}, configurable: true, enumerable: true, writable: true });
  try {
    return action();
  } finally {
    Object.defineProperty(process, "env", own);
  }
}
