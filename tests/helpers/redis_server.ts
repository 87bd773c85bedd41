/** A real Redis server for tests: Debian's, on a free port of the loopback, ended with the test. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARIES = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"];

/** Why tests of a server are skipped here; `false` where they run. */
export const REDIS_MISSING: string | false = BINARIES.some((path) => existsSync(path))
  ? false
  : "redis-server is missing: apt-get install redis-server";

/** A running server. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server; the same port may be asked for again after `stop`. */
export async function startRedis(wanted?: number): Promise<RedisServer> {
  const port = wanted ?? await freePort();
  const directory = mkdtempSync(join(tmpdir(), "sifaka-redis-"));
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    directory,
  ];
  const child = spawn(BINARIES.find((path) => existsSync(path))!, args, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (let tries = 0; !await answers(port); tries++) {
    if (tries > 6_000) throw new Error("redis-server did not start");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    const end = (up: boolean): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
