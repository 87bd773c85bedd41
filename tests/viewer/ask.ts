/** Asks a viewer as any program can: with whatever headers it likes. */
import { request } from "node:http";
import type { Storage } from "../../src/storage/mod.ts";
import { startViewer, type Viewer } from "../../src/viewer/server.ts";

/** What a viewer answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How to ask. */
export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks for an address. */
export function ask(url: string, { method = "GET", headers = {} }: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { connection: "close", ...headers } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => body += chunk).on(
        "end",
        () => resolve({ status: response.statusCode!, headers: response.headers, body }),
      );
    });
    asked.on("error", reject).end();
  });
}

/** Serves a storage while something is done, and ends both. */
export async function withViewer(
  storage: Storage,
  use: (viewer: Viewer, ask: (path: string, options?: AskOptions) => Promise<Answer>) => Promise<void>,
): Promise<void> {
  const viewer = await startViewer({ open: () => storage, label: "test.db" });
  try {
    await use(viewer, (path, options) => ask(viewer.url() + path, options));
  } finally {
    await viewer.close();
    storage.close();
  }
}
