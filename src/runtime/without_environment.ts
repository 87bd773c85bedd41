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

/**
 * Hides the environment, on every runtime, while an SDK's client is made. A client looks for variables that no option
 * replaces, such as `OPENAI_CUSTOM_HEADERS`: under Deno that would stop the program with a question, and anywhere it would
 * send headers meant for one provider to another.
 *
 * @param make Makes the client; it must not wait.
 * @returns What it makes.
 */
export function hidingEnvironment<T>(make: () => T): T {
  const own = Object.getOwnPropertyDescriptor(globalThis, "process");
  if (own?.configurable !== true) return make();
  Object.defineProperty(globalThis, "process", { value: { env: {} }, configurable: true, writable: true });
  try {
    return make();
  } finally {
    Object.defineProperty(globalThis, "process", own);
  }
}
