/**
 * Talks to a Milvus server by version 2 of its RESTful API. Reached by URL alone; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import { RetrieverError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { RemoteContext } from "../operation/effects.ts";
import type { MilvusCommand, MilvusTarget } from "./milvus_target.ts";

/**
 * Performs a command.
 *
 * @param target Which server.
 * @param command What to do.
 * @param body What the command asks for, without the database.
 * @param context Aborts the wait; a command that has been sent may still be performed.
 * @returns The `data` of the server's answer.
 * @throws {RetrieverError} When the server cannot be reached or refuses.
 */
export async function perform(
  target: MilvusTarget,
  command: MilvusCommand,
  body: Readonly<Record<string, JsonValue>>,
  context: RemoteContext,
): Promise<JsonValue> {
  const timeout = AbortSignal.timeout(target.timeoutMs);
  try {
    const response = await fetch(new URL(`/v2/vectordb/${command}`, target.baseUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...target.token === undefined ? {} : { authorization: `Bearer ${target.token}` },
      },
      body: JSON.stringify({ dbName: target.database, ...body }),
      redirect: "error",
      signal: AbortSignal.any([context.signal, timeout]),
    });
    return dataOf(target, command, { status: response.status, text: await response.text() });
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    throw error instanceof RetrieverError ? error : unreachable(target, command, error);
  }
}

/** A refusal comes with status 200, too: the code in the body tells. */
function dataOf(
  target: MilvusTarget,
  command: MilvusCommand,
  { status, text }: { status: number; text: string },
): JsonValue {
  const answer = parse(text);
  if (status === 200 && answer?.code === 0) return answer.data ?? null;
  const message = typeof answer?.message === "string" ? answer.message : "no reason given";
  const token = target.token ?? "";
  throw failure(target, command, {
    code: "refused",
    reason: `refused with status ${status}, code ${answer?.code ?? "none"}: ${
      token === "" ? message : message.replaceAll(token, "***")
    }`,
    retryable: status === 429 || status >= 500,
  });
}

function parse(text: string): { code?: unknown; data?: JsonValue; message?: unknown } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function unreachable(target: MilvusTarget, command: MilvusCommand, cause: unknown): RetrieverError {
  const { name, message } = (cause ?? {}) as { name?: string; message?: string };
  const denied = name === "NotCapable" || name === "PermissionDenied";
  const late = name === "TimeoutError";
  return failure(target, command, {
    code: denied ? "permission_denied" : "unreachable",
    reason: denied
      ? "may not be reached: run again with --allow-net"
      : late
      ? `gave no answer within ${target.timeoutMs} ms`
      : `cannot be reached: ${message ?? String(cause)}`,
    retryable: !denied,
  });
}

function failure(
  { baseUrl }: MilvusTarget,
  operation: string,
  { code, reason, retryable }: { code: string; reason: string; retryable: boolean },
): RetrieverError {
  const { host } = new URL(baseUrl);
  return new RetrieverError(`Cannot ${operation} in MilvusRetriever as the server ${host} ${reason}`, {
    code,
    component: "MilvusRetriever",
    operation,
    metadata: { host, retryable },
  });
}
