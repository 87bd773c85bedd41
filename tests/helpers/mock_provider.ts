/**
 * Providers on loopback, each in a process of its own: a synchronous call blocks the thread that makes it, so a server in
 * the same thread could never answer.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { scriptArguments } from "./spawn_self.ts";
import { until } from "./until.ts";

/** What the provider does. */
export interface Scenario {
  /** The status. @default 200 */
  status?: number;
  /** Headers of the answer. */
  headers?: Record<string, string>;
  /** The whole body as text. */
  body?: string;
  /** How often the body, or each piece of a stream, is repeated; long texts do not fit into a path. @default 1 */
  repeat?: number;
  /** The whole body as JSON. */
  json?: unknown;
  /** The text of an ordinary completion. */
  text?: string;
  /** Why it ended. @default "stop" */
  finishReason?: string;
  /** How long it thinks, in milliseconds. */
  delayMs?: number;
  /** Answers nobody before so many requests wait side by side. */
  together?: number;
  /** Never answers. */
  hang?: boolean;
  /** Answers with so many bytes. */
  hugeBytes?: number;
  /** The pieces of a stream. */
  pieces?: string[];
  /** Repeats the pieces without end. */
  endless?: boolean;
  /** How long it waits after each piece, in milliseconds. */
  pieceDelayMs?: number;
  /** Falls silent after so many pieces, and keeps the connection open. */
  silentAfter?: number;
  /** Refuses with status 429 when more requests than that are under way. */
  refuseOver?: number;
  /** Breaks the connection off after so many pieces. */
  cutAfter?: number;
  /** Breaks the connection off in the middle of the body. */
  cutBody?: boolean;
  /** Whether it breaks off by an ordinary end of the answer. */
  cutCleanly?: boolean;
}

/** What the provider was asked. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How many requests were under way when it came, itself included. */
  readonly sideBySide: number;
  /** Whether the caller went away before the end. */
  readonly aborted: boolean;
  /** How many pieces of a stream were sent. */
  readonly chunksSent: number;
}

/** A provider that does what each caller's base URL says. */
export interface MockProvider {
  /** The base URL for a scenario. */
  url(scenario?: Scenario): string;
  /** What was asked since the last `clear`. */
  requests(): Promise<RecordedRequest[]>;
  /** Waits until it was asked so often, and every caller has gone away. @param count How often. @default 1 */
  untilAborted(count?: number): Promise<void>;
  /** Forgets what was asked. */
  clear(): Promise<void>;
  /** Ends the server. */
  stop(): void;
}

/** Starts a provider. End it with `stop` when the tests are over. */
export async function startProvider(): Promise<MockProvider> {
  const { origin, stop } = await startServer("../fixtures/provider_server.ts", []);
  const requests = async () => await (await fetch(`${origin}/journal`)).json() as RecordedRequest[];
  return {
    url: (scenario = {}) => `${origin}/${Buffer.from(JSON.stringify(scenario)).toString("base64url")}/v1`,
    requests,
    untilAborted: (count = 1) =>
      until("every call go away", async () => {
        const asked = await requests();
        return asked.length >= count && asked.every(({ aborted }) => aborted);
      }),
    clear: async () => void await (await fetch(`${origin}/journal`, { method: "DELETE" })).text(),
    stop,
  };
}

/** What aimock was asked and what it did. */
export interface AimockRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** When it answered, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly response: {
    readonly status: number;
    readonly chaosAction?: string;
    readonly interrupted?: boolean;
  };
}

/** A running aimock. */
export interface Aimock {
  /** Its base URL for OpenAI's protocol. */
  readonly url: string;
  /** What it was asked. */
  requests(): Promise<AimockRequest[]>;
  /** Ends the server. */
  stop(): void;
}

/**
 * Starts aimock.
 *
 * @param fixtures Entries of an aimock fixture file: `{ match: { userMessage }, response: { content } }`, first match wins.
 * @param options What aimock's `MockServerOptions` has, such as its chaos.
 */
export async function startAimock(fixtures: readonly unknown[], options: object = {}): Promise<Aimock> {
  const args = [JSON.stringify(fixtures), JSON.stringify(options)];
  const { origin, stop } = await startServer("../fixtures/aimock_server.ts", args);
  return {
    url: `${origin}/v1`,
    requests: async () => {
      const ask = (): Promise<Response> => fetch(`${origin}/__aimock/journal`);
      // A connection that stood idle while this thread was blocked may have been closed by the server meanwhile.
      return await (await ask().catch(ask)).json();
    },
    stop,
  };
}

/** A provider that repeats in its answers what it was sent. */
export interface EchoServer {
  /** The base URL of one way to repeat it, as the fixture names them. */
  url(way: string): string;
  /** Ends the server. */
  stop(): void;
}

/** Starts a provider that repeats what it was sent. */
export async function startEchoServer(): Promise<EchoServer> {
  const { origin, stop } = await startServer("../fixtures/echo_server.ts", []);
  return { url: (way) => `${origin}/${way}/v1`, stop };
}

async function startServer(
  path: string,
  args: readonly string[],
): Promise<{ origin: string; stop: () => void }> {
  const script = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, [...scriptArguments(script), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of child.stdout) {
    said += chunk;
    if (said.includes("\n")) break;
  }
  const stop = (): void => {
    child.stdin.end();
    child.kill();
  };
  return { origin: said.trim(), stop };
}
