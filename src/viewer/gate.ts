/**
 * Who may ask the viewer for anything.
 *
 * It listens on this machine alone, but every page that a browser here shows, from wherever, can send requests to it. So a request
 * must name this very server as its host (a foreign name that was made to lead to this machine is refused), must come from no foreign
 * page, must only read, and must know the secret that stands in the address.
 *
 * @module
 */

import type { Context, MiddlewareHandler, Next } from "hono";
import { isSecret } from "../runtime/secret.ts";

/** What the gate lets through. */
export interface GateOptions {
  /** The secret, which is the first part of every path. */
  readonly token: string;
  /** The port that the server listens on. */
  readonly port: () => number;
}

/** What every answer tells the browser: to load nothing from elsewhere, run nothing but the viewer's script, and show it nowhere else. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "cache-control": "no-store",
};

/** The names of this machine that a browser may call it by. */
const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"] as const;
/** The port that addresses leave out. */
const HTTP_PORT = 80;

/**
 * Makes the gate, to be put before everything else.
 *
 * @param options What it lets through.
 * @returns The middleware: 403 for a foreign host or page, 405 for what would not only read, 404 for a wrong secret.
 */
export function gate({ token, port }: GateOptions): MiddlewareHandler {
  return async (context: Context, next: Next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const hosts = hostsOf(port());
    if (!hosts.includes((context.req.header("host") ?? "").toLowerCase())) {
      return context.text("This host is not served here.", 403);
    }
    const origin = context.req.header("origin");
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      return context.text("Other pages may not ask for this.", 403);
    }
    if (!["GET", "HEAD"].includes(context.req.method)) {
      return context.text("The viewer can only be read.", 405, { allow: "GET, HEAD" });
    }
    if (!isSecret(new URL(context.req.url).pathname.split("/")[1] ?? "", token)) {
      return context.text("There is nothing here.", 404);
    }
    await next();
  };
}

function hostsOf(port: number): string[] {
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
  return port === HTTP_PORT ? [...hosts, ...LOOPBACK_NAMES] : hosts;
}
