/**
 * A provider on loopback that keeps a log of its own of every call: when it came, and when its answer had gone out. What it
 * answers follows from the body of the call alone, so a chain comes to the same text whenever it asks the same.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/** What a call was for. */
export type CallKind = "text" | "feedback";

/** A call that came. */
export interface LoggedCall {
  /** Which trial it belongs to. */
  readonly trial: string;
  /** Stands for its whole body, and is in the answer. */
  readonly token: string;
  /** What it was for. */
  readonly kind: CallKind;
  /** When it came, in milliseconds of this process's monotonic clock. */
  readonly arrivedMs: number;
  /** When its answer had been handed to the operating system; `undefined` while it has not. */
  answeredMs?: number;
}

/** The provider. */
export class CallLog {
  /** All calls, in the order in which they came. */
  readonly calls: LoggedCall[] = [];
  /** Told, by trial, of each call that comes and of each that is answered. */
  readonly listeners: Map<string, (call: LoggedCall) => void> = new Map();
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  #origin = "";

  /** Begins to listen. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    this.#origin = `http://127.0.0.1:${address.port}`;
  }

  /** The base URL for the calls of one trial. */
  url(trial: string): string {
    return `${this.#origin}/${trial}/v1`;
  }

  /** The calls of one trial. */
  of(trial: string): LoggedCall[] {
    return this.calls.filter((call) => call.trial === trial);
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedMs = performance.now();
    let body = "";
    for await (const chunk of request) body += chunk;
    const digest = createHash("sha256").update(body).digest();
    const token = `t${digest.toString("hex").slice(0, 12)}`;
    const kind = /Give feedback on a text|Examine a text by criteria/.test(body) ? "feedback" : "text";
    const call: LoggedCall = { trial: request.url!.split("/")[1]!, token, kind, arrivedMs };
    this.calls.push(call);
    this.listeners.get(call.trial)?.(call);
    response.on("finish", () => {
      call.answeredMs = performance.now();
      this.listeners.get(call.trial)?.(call);
    });
    await wait(10 + digest[31]! % 30);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(completion(kind === "text" ? textOf(token) : feedbackOf(token))));
  }
}

/** Too short for the chain of the trials, so that it goes on to its last iteration. */
function textOf(token: string): string {
  return `The indri sings at dawn, says ${token}.`;
}

function feedbackOf(token: string): string {
  const place = { severity: "high", quote: "", location: "everywhere" };
  return JSON.stringify({
    needsImprovement: true,
    score: 4,
    confidence: 0.9,
    summary: `It says too little, says ${token}.`,
    issues: [{ text: `It is too short, says ${token}.`, fix: "Say more.", ...place }],
    suggestions: [{ text: `Say more than ${token}.` }],
    dimensions: [{ name: "clarity", score: 4, quote: "" }],
    criteria: [],
    resolved: [],
    stop: false,
  });
}

function completion(content: string): unknown {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "served",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  };
}
