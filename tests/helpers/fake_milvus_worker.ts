/**
 * A stand-in for Milvus that knows the few calls that Sifaka makes, in a thread of its own, so that blocking calls get an answer. It is
 * strict where Milvus is: fields, their types and lengths, the syntax of filters; and it gives rows in an order of its own.
 */
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { parseFilter } from "./milvus_filter.ts";

type Row = Record<string, unknown>;

interface Field {
  fieldName: string;
  dataType: "VarChar" | "Int64" | "Bool" | "JSON" | "FloatVector";
  isPrimary?: boolean;
  elementTypeParams?: { dim?: string; max_length?: string };
}

interface Request {
  collectionName: string;
  schema?: { fields: Field[] };
  indexParams?: { metricType: string }[];
  params?: { consistencyLevel?: string };
  data?: unknown[];
  filter?: string;
  searchParams?: { metricType?: string };
  outputFields?: string[];
  limit?: number;
}

interface Collection {
  fields: Field[];
  metric: string;
  rows: Map<string, Row>;
}

const MOST_ROWS = 16_384;
const collections = new Map<string, Collection>();

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

const DISTANCES: Record<string, (a: number[], b: number[]) => number> = {
  COSINE: (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  IP: dot,
  L2: (a, b) => a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0),
};

const WRITTEN: Partial<Record<Field["dataType"], (value: unknown) => string>> = {
  Int64: String,
  JSON: JSON.stringify,
};

class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function checkRow({ fields }: Collection, row: Row): void {
  const extra = Object.keys(row).find((name) => !fields.some(({ fieldName }) => fieldName === name));
  if (extra !== undefined) throw new Refusal(1801, `there is no field ${extra}`);
  for (const { fieldName, dataType, elementTypeParams } of fields) {
    const value = row[fieldName];
    const sound = {
      VarChar: () =>
        typeof value === "string" && Buffer.byteLength(value) <= Number(elementTypeParams!.max_length),
      Int64: () => Number.isSafeInteger(value),
      Bool: () => typeof value === "boolean",
      JSON: () => value !== undefined && Buffer.byteLength(JSON.stringify(value)) <= 65_536,
      FloatVector: () => Array.isArray(value) && value.length === Number(elementTypeParams!.dim),
    }[dataType]();
    if (!sound) throw new Refusal(1804, `field ${fieldName} cannot hold what was given`);
  }
}

/** Whole numbers and JSON are written as texts. */
function shown({ fields }: Collection, row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => {
    const field = fields.find(({ fieldName }) => fieldName === name);
    if (field === undefined) throw new Refusal(1100, `there is no field ${name}`);
    return [name, WRITTEN[field.dataType]?.(row[name]) ?? row[name]];
  }));
}

function matching(collection: Collection, filter: string | undefined): Row[] {
  const rows = [...collection.rows.values()].reverse();
  return filter === undefined ? rows : rows.filter(parseFilter(filter));
}

function search(collection: Collection, request: Request): Row[] {
  const { data, filter, limit, outputFields, searchParams } = request;
  if (searchParams?.metricType !== collection.metric) throw new Refusal(1100, "metric type not match");
  if (limit! > MOST_ROWS) throw new Refusal(65535, `limit ${limit} is above ${MOST_ROWS}`);
  const [query] = data as [number[]];
  const vector = collection.fields.find(({ dataType }) => dataType === "FloatVector")!;
  if (query.length !== Number(vector.elementTypeParams!.dim)) throw new Refusal(1100, "dimension");
  const order = collection.metric === "L2" ? 1 : -1;
  return matching(collection, filter)
    .map((row) => ({ row, distance: DISTANCES[collection.metric]!(query, row.vector as number[]) }))
    .sort((a, b) => order * (a.distance - b.distance))
    .slice(0, limit)
    .map(({ row, distance }) => ({ ...shown(collection, row, outputFields!), distance }));
}

function query(collection: Collection, { filter, limit, outputFields }: Request): Row[] {
  const counts = outputFields![0] === "count(*)";
  // Without a filter rows can be counted, but not given.
  const rows = matching(collection, counts && filter === "" ? undefined : filter);
  if (counts) return [{ "count(*)": rows.length }];
  if (limit !== undefined && limit > MOST_ROWS) {
    throw new Refusal(65535, `limit ${limit} is above ${MOST_ROWS}`);
  }
  return rows.slice(0, limit).map((row) => shown(collection, row, outputFields!));
}

function answer(command: string, body: Request): unknown {
  const { collectionName: name } = body;
  const collection = collections.get(name);
  if (command === "collections/has") return { has: collection !== undefined };
  if (command === "collections/create") {
    const { fields } = body.schema!;
    const { consistencyLevel = "Bounded" } = body.params ?? {};
    if (!["Strong", "Session", "Bounded", "Eventually"].includes(consistencyLevel)) {
      throw new Refusal(1100, consistencyLevel);
    }
    collections.set(name, { fields, metric: body.indexParams![0]!.metricType, rows: new Map() });
    return {};
  }
  if (collection === undefined) throw new Refusal(100, "collection not found");
  const primary = collection.fields.find(({ isPrimary }) => isPrimary)!.fieldName;
  switch (command) {
    case "entities/upsert": {
      const rows = body.data as Row[];
      for (const row of rows) checkRow(collection, row);
      for (const row of rows) collection.rows.set(String(row[primary]), row);
      return { upsertCount: rows.length, upsertIds: rows.map((row) => row[primary]) };
    }
    case "entities/delete":
      for (const row of matching(collection, body.filter!)) collection.rows.delete(String(row[primary]));
      return {};
    case "entities/search":
      return search(collection, body);
    case "entities/query":
      return query(collection, body);
    default:
      throw new Refusal(404, command);
  }
}

function respond(url: string, text: string): unknown {
  try {
    return { code: 0, data: answer(url.replace(/^\/v2\/vectordb\//, ""), JSON.parse(text) as Request) };
  } catch (error) {
    return { code: error instanceof Refusal ? error.code : 1100, message: (error as Error).message };
  }
}

const server = createServer((request, response) => {
  request.setEncoding("utf8");
  let text = "";
  request.on("data", (part) => text += part);
  request.on("end", () => response.end(JSON.stringify(respond(request.url!, text))));
});
server.listen(0, "127.0.0.1", () => parentPort!.postMessage((server.address() as AddressInfo).port));
