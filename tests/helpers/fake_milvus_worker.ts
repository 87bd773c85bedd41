/** A stand-in for Milvus that knows the few calls of MilvusRetriever, in a thread of its own, so that blocking calls get an answer. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

interface Row {
  id: string;
  vector: number[];
  document: unknown;
}

interface Request {
  collectionName: string;
  schema?: { fields: { fieldName: string; elementTypeParams?: { dim?: string } }[] };
  data?: unknown[];
  filter?: string;
  limit?: number;
}

const collections = new Map<string, { dimension: number; rows: Map<string, Row> }>();

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, index) => sum + value * y[index]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function answer(path: string, body: Request): unknown {
  const { collectionName: name } = body;
  const collection = collections.get(name);
  if (path === "/v2/vectordb/collections/has") return { code: 0, data: { has: collection !== undefined } };
  if (path === "/v2/vectordb/collections/create") {
    const vector = body.schema!.fields.find(({ fieldName }) => fieldName === "vector")!;
    collections.set(name, { dimension: Number(vector.elementTypeParams!.dim), rows: new Map() });
    return { code: 0, data: {} };
  }
  if (collection === undefined) return { code: 100, message: "collection not found" };
  switch (path) {
    case "/v2/vectordb/entities/upsert": {
      const rows = body.data as Row[];
      if (rows.some(({ vector }) => vector.length !== collection.dimension)) {
        return { code: 1804, message: "dimension" };
      }
      for (const row of rows) collection.rows.set(row.id, row);
      return { code: 0, data: { upsertCount: rows.length, upsertIds: rows.map(({ id }) => id) } };
    }
    case "/v2/vectordb/entities/delete": {
      const [, list] = /^id in (\[.*\])$/s.exec(body.filter!) ?? [];
      if (list === undefined) return { code: 1100, message: "cannot parse expression" };
      for (const id of JSON.parse(list) as string[]) collection.rows.delete(id);
      return { code: 0, data: {} };
    }
    case "/v2/vectordb/entities/search": {
      const [query] = body.data as [number[]];
      if (query.length !== collection.dimension) return { code: 1100, message: "dimension" };
      const rows = [...collection.rows.values()]
        .map(({ id, vector, document }) => ({ id, document, distance: cosine(query, vector) }))
        .sort((a, b) => b.distance - a.distance);
      return { code: 0, data: rows.slice(0, body.limit) };
    }
    default:
      return { code: 404, message: path };
  }
}

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (part) => text += part);
  request.on("end", () => response.end(JSON.stringify(answer(request.url!, JSON.parse(text)))));
});
server.listen(0, "127.0.0.1", () => parentPort!.postMessage((server.address() as AddressInfo).port));
