/**
 * Who this process is.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

interface DenoLike {
  readonly permissions?: {
    querySync(descriptor: { name: "sys"; kind: "hostname" }): { readonly state: string };
  };
}

/** What tells a process from others. */
export interface ProcessFacts {
  /** Its number; 0 where there is none. */
  readonly pid: number;
  /** The machine's name, where it can be known without asking anybody. */
  readonly host: string | undefined;
}

/** Tells who this process is. */
export function processFacts(): ProcessFacts {
  const { Deno, process } = globalThis as { Deno?: DenoLike; process?: { pid?: number } };
  const mayAsk = Deno?.permissions === undefined ||
    Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  const host = mayAsk ? builtin<{ hostname(): string }>("node:os")?.hostname() : undefined;
  return { pid: process?.pid ?? 0, host };
}
