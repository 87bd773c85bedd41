/**
 * Environment variables of the process, read one at a time and never with a question to the user.
 *
 * @module
 */

/** What reading one variable gave: a denied variable may well be set. */
export type EnvironmentValue =
  | { readonly state: "set"; readonly value: string }
  | { readonly state: "unset" }
  | { readonly state: "denied" };

interface DenoLike {
  readonly permissions: {
    querySync(descriptor: { name: "env"; variable: string }): { readonly state: string };
  };
  readonly env: { get(name: string): string | undefined };
}

interface Runtime {
  readonly Deno?: DenoLike;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/**
 * Reads an environment variable. Under Deno a variable that has not been granted counts as denied: to read it would stop the
 * program with a question, which a library has no business to ask.
 *
 * @param name The variable.
 * @returns Its value, or why there is none.
 */
export function readEnvironment(name: string): EnvironmentValue {
  const { Deno, process } = globalThis as Runtime;
  try {
    if (
      Deno?.permissions && Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted"
    ) {
      return { state: "denied" };
    }
    const value = Deno?.env ? Deno.env.get(name) : process?.env?.[name];
    return value === undefined ? { state: "unset" } : { state: "set", value };
  } catch {
    return { state: "denied" };
  }
}

/** Whether this is Deno, where reading the environment and the network need a permission each. */
export function hasPermissionFlags(): boolean {
  return (globalThis as Runtime).Deno?.permissions !== undefined;
}
