/**
 * Talks to a Milvus server by version 2 of its RESTful API. Reached by URL alone; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import { RetrieverError, StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { requestText, type TextAnswer } from "../runtime/request_text.ts";
import type { MilvusCommand, MilvusTarget } from "./milvus_target.ts";

/** The largest answer that is read. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** The class of the errors, by the component that asks. */
const ERRORS = { MilvusRetriever: RetrieverError, MilvusStorage: StorageError } as const;

/**
 * Performs a command.
 *
 * @param target Which server, and who asks.
 * @param command What to do.
 * @param body What the command asks for, without the database.
 * @param context Aborts the wait; a command that has been sent may still be performed.
 * @returns The `data` of the server's answer.
 * @throws {RetrieverError | StorageError} When the server cannot be reached or refuses.
 */
export async function perform(
  target: MilvusTarget,
  command: MilvusCommand,
  body: Readonly<Record<string, JsonValue>>,
  context: RemoteContext,
): Promise<JsonValue> {
  const answer = await requestText(new URL(`/v2/vectordb/${command}`, target.baseUrl), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...target.token === undefined ? {} : { authorization: `Bearer ${target.token}` },
    },
    body: JSON.stringify({ dbName: target.database, ...body }),
    timeoutMs: target.timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    signal: context.signal,
  });
  if (answer.state !== "answered") throw unreachable(target, command, answer);
  return dataOf(target, command, answer);
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

function unreachable(
  target: MilvusTarget,
  command: MilvusCommand,
  answer: Exclude<TextAnswer, { state: "answered" }>,
): RetrieverError | StorageError {
  if (answer.state === "denied") {
    const reason = "may not be reached: run again with --allow-net";
    return failure(target, command, { code: "permission_denied", reason, retryable: false });
  }
  const reason = answer.state === "late"
    ? `gave no answer within ${target.timeoutMs} ms`
    : `cannot be reached: ${answer.reason}`;
  return failure(target, command, { code: "unreachable", reason, retryable: true });
}

function failure(
  { baseUrl, component }: MilvusTarget,
  operation: string,
  { code, reason, retryable }: { code: string; reason: string; retryable: boolean },
): RetrieverError | StorageError {
  const { host } = new URL(baseUrl);
  return new ERRORS[component](`Cannot ${operation} in ${component} as the server ${host} ${reason}`, {
    code,
    component,
    operation,
    metadata: { host, retryable },
  });
}
