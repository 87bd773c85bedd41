/**
 * Talks to a Redis server through its own client. Reached by URL alone, so that the client is loaded with the first call and not
 * with Sifaka; under `runSync` it runs in the I/O worker. A connection is kept for the calls that follow and does not keep the
 * process alive.
 *
 * @module
 */

import { createClient } from "@redis/client";
import { StorageError } from "../errors.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { type RedisCommand, redisScript } from "./redis_scripts.ts";
import type { RedisTarget } from "./redis_target.ts";

type Client = ReturnType<typeof newClient>;

interface Connection {
  readonly client: Client;
  readonly ready: Promise<unknown>;
  pending: number;
}

/** The open connections of this thread, by server and prefix. */
const connections = new Map<string, Connection>();

/**
 * Performs a command.
 *
 * @param target Which server.
 * @param command What to do.
 * @param args The command's arguments: the time and a fresh UUID first.
 * @param context Aborts the wait; a command that has been sent may still be performed.
 * @returns The server's answer.
 * @throws {StorageError} When the server cannot be reached or refuses.
 */
export async function perform(
  target: RedisTarget,
  command: RedisCommand,
  args: readonly string[],
  context: RemoteContext,
): Promise<unknown> {
  const connection = connect(target);
  connection.pending++;
  connection.client.ref();
  const aborted = rejection(context.signal);
  try {
    await Promise.race([connection.ready, aborted.promise]);
    const keys = ["values", "order", "expiry", "version"].map((part) => `{${target.prefix}}:${part}`);
    const answer = connection.client.eval(redisScript(command), { keys, arguments: [...args] });
    return await Promise.race([answer, aborted.promise]);
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : explain(target, command, error);
  } finally {
    aborted.stop();
    if (--connection.pending === 0) connection.client.unref();
    if (!connection.client.isReady) forget(target, connection);
  }
}

/**
 * Ends the connection of a storage, after what is under way on it.
 *
 * @param target Which server.
 */
export async function disconnect(target: RedisTarget): Promise<void> {
  const connection = connections.get(nameOf(target));
  if (connection === undefined) return;
  forget(target, connection);
  if (connection.client.isReady) await connection.client.close();
}

function connect(target: RedisTarget): Connection {
  const name = nameOf(target);
  const known = connections.get(name);
  if (known !== undefined && (known.pending > 0 || known.client.isReady)) return known;
  const client = newClient(target);
  // What goes wrong is thrown by the call that it hits.
  client.on("error", () => {});
  const ready = client.connect();
  ready.catch(() => {});
  const connection = { client, ready, pending: 0 };
  connections.set(name, connection);
  return connection;
}

function newClient({ url, connectTimeoutMs }: RedisTarget) {
  return createClient({
    url,
    disableOfflineQueue: true,
    // A connection that is lost is made anew by the next call, whose caller is told when that fails.
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false },
  });
}

function forget(target: RedisTarget, connection: Connection): void {
  if (connections.get(nameOf(target)) === connection) connections.delete(nameOf(target));
}

function nameOf({ url, prefix }: RedisTarget): string {
  return `${url}\n${prefix}`;
}

function rejection(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let stop = (): void => {};
  const promise = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    stop = () => signal.removeEventListener("abort", abort);
  });
  promise.catch(() => {});
  return { promise, stop };
}

/** Words an error without what may be a password in the URL. */
function explain({ url }: RedisTarget, operation: string, cause: unknown): StorageError {
  const { host } = new URL(url);
  const { message, code, name, errors } = (cause ?? {}) as {
    message?: string;
    code?: string;
    name?: string;
    errors?: readonly Error[];
  };
  const denied = name === "NotCapable" || name === "PermissionDenied";
  const refused = name === "ErrorReply" || name === "SimpleError";
  const reason = message || errors?.[0]?.message || code || String(cause);
  return new StorageError(
    denied
      ? `Cannot ${operation} in RedisStorage as Deno has not been allowed to: run again with --allow-net=${host}`
      : `Cannot ${operation} in RedisStorage as ${
        refused ? `the server ${host} refused` : `the server ${host} cannot be reached`
      }: ${reason}`,
    {
      code: denied ? "permission_denied" : refused ? "refused" : "unreachable",
      component: "RedisStorage",
      operation,
      suggestions: denied ? [`Add --allow-net=${host} to the command.`] : [],
      metadata: { host, retryable: !denied && !refused },
    },
  );
}
