/**
 * Whether this process may use the network.
 *
 * @module
 */

interface DenoLike {
  readonly permissions?: { querySync(descriptor: { name: "net"; host: string }): { readonly state: string } };
}

/**
 * Tells whether Deno has been allowed to reach a host, or to listen there, without asking anybody.
 *
 * @param host The host, with its port if there is one.
 * @returns Whether it has; in other runtimes, `true`.
 */
export function mayUseNetwork(host: string): boolean {
  const { Deno } = globalThis as { Deno?: DenoLike };
  return Deno?.permissions === undefined ||
    Deno.permissions.querySync({ name: "net", host }).state === "granted";
}
