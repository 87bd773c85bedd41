/** The calls to Milvus, against a server on loopback that answers as the documents of the RESTful API say. No Milvus is run. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { RetrieverError } from "../../src/errors.ts";
import { perform } from "../../src/storage/milvus_calls.ts";
import { milvusLiteral, type MilvusTarget } from "../../src/storage/milvus_target.ts";

interface Seen {
  path: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

async function withServer(
  answer: { status?: number; text: string } | undefined,
  body: (target: MilvusTarget, seen: Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => text += part);
    request.on("end", () => {
      seen.push({ path: request.url, authorization: request.headers.authorization, body: JSON.parse(text) });
      if (answer !== undefined) response.writeHead(answer.status ?? 200).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const baseUrl = `http://127.0.0.1:${port}`;
    await body({
      component: "MilvusRetriever",
      baseUrl,
      token: "root:hidden",
      database: "default",
      timeoutMs: 5_000,
    }, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const context = () => ({ signal: new AbortController().signal }) as Parameters<typeof perform>[3];

test("a Milvus call sends path, token, database and body, and gives the data", async () => {
  const text = '{"code":0,"cost":0,"data":{"upsertCount":1,"upsertIds":["a"]}}';
  await withServer({ text }, async (target, seen) => {
    const data = await perform(target, "entities/upsert", { collectionName: "c", data: [] }, context());
    assert.deepEqual(data, { upsertCount: 1, upsertIds: ["a"] });
    assert.deepEqual(seen, [{
      path: "/v2/vectordb/entities/upsert",
      authorization: "Bearer root:hidden",
      body: { dbName: "default", collectionName: "c", data: [] },
    }]);
  });
});

test("a Milvus call is refused by the code of a body with status 200, and does not tell the token", async () => {
  await withServer({ text: '{"code":1800,"message":"bad root:hidden"}' }, async (target) => {
    await assert.rejects(perform(target, "entities/query", {}, context()), (error) => {
      assert.ok(error instanceof RetrieverError);
      assert.deepEqual([error.code, error.metadata.retryable], ["refused", false]);
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    });
  });
});

test("a Milvus call may be tried again when the server is broken or silent", async () => {
  const retryable = (error: unknown) => error instanceof RetrieverError && error.metadata.retryable === true;
  await withServer({ status: 503, text: "<html>" }, async (target) => {
    await assert.rejects(perform(target, "entities/query", {}, context()), retryable);
  });
  await withServer(undefined, async (target) => {
    await assert.rejects(perform({ ...target, timeoutMs: 20 }, "entities/query", {}, context()), retryable);
  });
});

test("a Milvus literal cannot be ended by what it holds", () => {
  assert.equal(milvusLiteral('a" or 1 == 1 \\'), '"a\\" or 1 == 1 \\\\"');
});
