/** A provider on loopback that goes on only when it is told to. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server under way. */
export interface GatedServer {
  /** The base URL of its OpenAI-compatible endpoint. */
  readonly baseUrl: string;
  /** Lets every answer send what comes after its first piece. */
  release(): void;
}

/**
 * Starts a server that streams each answer in pieces, and sends all but the first only after its release; ends it afterwards.
 *
 * @param pieces The pieces of every answer.
 * @param use What is done meanwhile.
 */
export async function withGatedServer(
  pieces: readonly string[],
  use: (server: GatedServer) => Promise<void>,
): Promise<void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk(pieces[0]!));
    await released;
    response.end(
      `${pieces.slice(1).map((piece) => chunk(piece)).join("")}${chunk("", "stop")}data: [DONE]\n\n`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await use({ baseUrl: `http://127.0.0.1:${port}/v1`, release });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function chunk(content: string, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  const data = { id: "c", object: "chat.completion.chunk", created: 0, model: "small", choices };
  return `data: ${JSON.stringify(data)}\n\n`;
}
