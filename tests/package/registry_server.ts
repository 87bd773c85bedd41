/** Serves the package's sources over plain HTTP on loopback, as a registry would: with every import rewritten to an address. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ROOT } from "./tools.ts";

/** A running registry. */
export interface Registry {
  /** Where the package's files are, with a slash at the end. */
  readonly url: string;
  /** The paths that were asked for. */
  readonly served: readonly string[];
  /** Ends the server. */
  stop(): void;
}

const { imports } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as {
  imports: Record<string, string>;
};
const SPECIFIER = /^((?:import|export)\s(?:[^"';]*?\sfrom\s+)?)"([^"]+)"/gm;
const PREFIX = "/@sifaka/sifaka/1.0.0/";

/** Starts a registry. End it with `stop`. */
export async function startRegistry(): Promise<Registry> {
  const served: string[] = [];
  const server: Server = createServer(({ url = "" }, response) => {
    served.push(url);
    try {
      if (!url.startsWith(PREFIX)) throw new Error("no such package");
      const source = rewritten(readFileSync(join(ROOT, url.slice(PREFIX.length)), "utf8"));
      response.writeHead(200, { "content-type": "application/typescript" }).end(source);
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${PREFIX}`, served, stop };
}

function rewritten(source: string): string {
  return source.replace(SPECIFIER, (_, clause: string, specifier: string) => {
    const target = specifier.startsWith(".") || specifier.includes(":") ? specifier : targetOf(specifier);
    return `${clause}"${target}"`;
  });
}

/** Finds the address of `yaml`, of `@sifaka/sifaka`, or of a path in a package, as in `ajv/dist/2020.js`. */
function targetOf(specifier: string): string {
  const name = Object.keys(imports).find((key) => specifier === key || specifier.startsWith(`${key}/`));
  if (name === undefined) throw new Error(`deno.json does not say what ${specifier} is`);
  return imports[specifier] ?? `${imports[name]}${specifier.slice(name.length)}`;
}
