/** What a request gives when the answer is good, too large, elsewhere, too late, or no longer wanted. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { requestText } from "../../src/runtime/request_text.ts";

const server = createServer((request, response) => {
  if (request.url === "/moved") response.writeHead(302, { location: "/text" }).end();
  else if (request.url === "/text") response.writeHead(418).end("ten bytes!");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string, options: { maxBytes?: number; timeoutMs?: number; signal?: AbortSignal } = {}) =>
  requestText(`${base}${path}`, {
    timeoutMs: 5_000,
    maxBytes: 10,
    signal: new AbortController().signal,
    ...options,
  });

test("a request gives an answer of any status, up to its bound", async () => {
  assert.deepEqual(await ask("/text"), { state: "answered", status: 418, text: "ten bytes!" });
  const larger = await ask("/text", { maxBytes: 9 });
  assert.equal(larger.state, "failed");
  assert.match((larger as { reason: string }).reason, /larger than 9 bytes/);
});

test("a request is not sent on to where the server says", async () => {
  assert.equal((await ask("/moved")).state, "failed");
});

test("a request ends when its time is over, and throws the reason when it is aborted", async () => {
  assert.deepEqual(await ask("/silent", { timeoutMs: 20 }), { state: "late" });
  const reason = new Error("enough");
  const controller = new AbortController();
  const asked = ask("/silent", { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(asked, reason);
});
