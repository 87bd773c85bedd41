/**
 * The viewer as a server on this machine.
 *
 * @module
 */

import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { ConfigurationError } from "../errors.ts";
import { mayUseNetwork } from "../runtime/net_permission.ts";
import { newSecret } from "../runtime/secret.ts";
import type { Storage } from "../storage/storage.ts";
import { createApp } from "./app.ts";
import { segment } from "./layout.ts";
import { RunReader } from "./run_reader.ts";

/** What is to be served. */
export interface ViewerOptions {
  /** Gives the open store; another one when it has come to be since. */
  readonly open: () => Storage;
  /** What the store is called. */
  readonly label: string;
  /** The port. @default a free one */
  readonly port?: number;
}

/** A viewer that is being served. */
export interface Viewer {
  /** The address of the list, or of a run; whoever knows it can read the store. */
  url(runId?: string): string;
  /** Ends the server; requests that are being answered are cut off. */
  close(): Promise<void>;
}

/** Nothing beyond this machine can reach it. */
const ADDRESS = "127.0.0.1";

/**
 * Serves the viewer.
 *
 * @param options What is to be served.
 * @returns The viewer, which accepts requests.
 * @throws {ConfigurationError} When the port cannot be listened on.
 */
export async function startViewer({ open, label, port = 0 }: ViewerOptions): Promise<Viewer> {
  const token = newSecret();
  let listening = port;
  const app = createApp({ reader: new RunReader(open), label, token, port: () => listening });
  const server = createAdaptorServer({ fetch: app.fetch });
  listening = await listen(server, port);
  return {
    url: (runId) =>
      `http://${ADDRESS}:${listening}/${token}/${runId === undefined ? "" : `run/${segment(runId)}`}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function listen(server: ServerType, port: number): Promise<number> {
  // Deno would end the program where it is not allowed to.
  if (!mayUseNetwork(`${ADDRESS}:${port}`)) {
    throw unservable(port, "Deno was not given the permission", `Run Deno with --allow-net=${ADDRESS}.`);
  }
  return new Promise((resolve, reject) => {
    const fail = ({ code, message }: Error & { code?: string }): void =>
      reject(unservable(port, REASONS[code ?? ""] ?? message, "Leave out --port to take a free one."));
    server.once("error", fail);
    server.listen(port, ADDRESS, () => {
      server.off("error", fail);
      resolve((server.address() as { port: number }).port);
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses it",
  EACCES: "this user may not",
};

function unservable(port: number, reason: string, suggestion: string): ConfigurationError {
  const place = port === 0 ? "a free port" : `port ${port}`;
  return new ConfigurationError(`Cannot serve the viewer on ${place} of ${ADDRESS} as ${reason}`, {
    code: "cannot_listen",
    suggestions: [suggestion],
  });
}
