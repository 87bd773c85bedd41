/**
 * A collection on a Milvus server, made when it is missing.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { type MilvusCommand, milvusLiteral, type MilvusTarget } from "./milvus_target.ts";

/** A row, or anything else with named parts. */
export type MilvusRow = Readonly<Record<string, JsonValue>>;

/** How vectors are compared. */
export type MilvusMetric = "COSINE" | "IP" | "L2";

/** What a collection is made like. */
export interface MilvusSchema {
  /** Its name. */
  readonly name: string;
  /** The fields besides the vector, the primary key among them. */
  readonly fields: readonly MilvusRow[];
  /** How many numbers a vector has. */
  readonly dimension: number;
  /** How vectors are compared. */
  readonly metric: MilvusMetric;
  /** How soon a reader sees what was written. @default the server's own */
  readonly consistency?: string;
}

/** Which rows are asked for. */
export interface MilvusQuery {
  /** What must be true of them. */
  readonly filter: string;
  /** The fields that are given. */
  readonly outputFields: readonly string[];
  /** At most so many; as many as there are, unless it says. */
  readonly limit?: number;
}

/** Which rows are asked for, by a vector. */
export interface MilvusSearch {
  /** What is looked for. */
  readonly vector: readonly number[];
  /** What must be true of rows. @default nothing */
  readonly filter?: string;
  /** The fields that are given. */
  readonly outputFields: readonly string[];
  /** At most so many. */
  readonly limit: number;
}

/**
 * Describes a field of text.
 *
 * @param fieldName Its name.
 * @param maxBytes How long it may be, in bytes of UTF-8.
 * @returns The description, as the server takes it.
 */
export function textField(fieldName: string, maxBytes: number): MilvusRow {
  return { fieldName, dataType: "VarChar", elementTypeParams: { max_length: String(maxBytes) } };
}

/** One operation for each thing that is done with a collection. */
export class MilvusCollection {
  readonly #target: MilvusTarget;
  readonly #schema: MilvusSchema;
  readonly #module: string = packageModule("storage/milvus_calls");

  /**
   * @param target Which server.
   * @param schema What the collection is made like.
   */
  constructor(target: MilvusTarget, schema: MilvusSchema) {
    this.#target = target;
    this.#schema = schema;
  }

  /** Writes rows, each in the place of one of its primary key. */
  *upsert(data: readonly MilvusRow[]): Operation<void> {
    if (data.length > 0) yield* this.#perform("entities/upsert", { data: [...data] });
  }

  /** Gives rows, in no order. */
  *query({ filter, outputFields, limit }: MilvusQuery): Operation<readonly MilvusRow[]> {
    return (yield* this.#perform("entities/query", {
      filter,
      outputFields: [...outputFields],
      ...limit === undefined ? {} : { limit },
    })) as readonly MilvusRow[];
  }

  /** Counts rows: those of which something is true, or all. */
  *count(filter = ""): Operation<number> {
    const [row] = yield* this.query({ filter, outputFields: ["count(*)"] });
    return Number(row!["count(*)"]);
  }

  /** Gives rows by their vectors, the nearest first, each with its `distance`. */
  *search({ vector, filter, outputFields, limit }: MilvusSearch): Operation<readonly MilvusRow[]> {
    return (yield* this.#perform("entities/search", {
      data: [[...vector]],
      annsField: "vector",
      ...filter === undefined ? {} : { filter },
      searchParams: { metricType: this.#schema.metric },
      outputFields: [...outputFields],
      limit,
    })) as readonly MilvusRow[];
  }

  /** Removes the rows of which something is true. */
  *delete(filter: string): Operation<void> {
    yield* this.#perform("entities/delete", { filter });
  }

  /** Makes the collection when it is missing. */
  *ensure(): Operation<void> {
    const { has } = (yield* this.#call("collections/has", {})) as { has?: boolean };
    if (has) return;
    const { fields, dimension, metric, consistency } = this.#schema;
    const vector = {
      fieldName: "vector",
      dataType: "FloatVector",
      elementTypeParams: { dim: String(dimension) },
    };
    yield* this.#call("collections/create", {
      schema: { autoId: false, enableDynamicField: false, fields: [...fields, vector] },
      indexParams: [
        { fieldName: "vector", indexName: "vector", indexType: "AUTOINDEX", metricType: metric },
      ],
      ...consistency === undefined ? {} : { params: { consistencyLevel: consistency } },
    });
  }

  *#perform(command: MilvusCommand, body: MilvusRow): Operation<JsonValue> {
    // Asked each time: what an instance remembers would make a resumed run differ from the one that it resumes.
    yield* this.ensure();
    return yield* this.#call(command, body);
  }

  *#call(command: MilvusCommand, body: MilvusRow): Operation<JsonValue> {
    const ref = { module: this.#module, name: "perform" };
    return yield* remote<JsonValue>(ref, this.#target, command, {
      collectionName: this.#schema.name,
      ...body,
    });
  }
}

/**
 * Asks for rows of some values of a field.
 *
 * @param field The field, of text.
 * @param values The values.
 * @returns The filter.
 */
export function isIn(field: string, values: readonly string[]): string {
  return `${field} in [${values.map(milvusLiteral).join(", ")}]`;
}

/**
 * Turns what the server says of a vector into a score; higher is better.
 *
 * @param metric How vectors are compared.
 * @param distance What the server says.
 * @returns A cosine moved to the range from 0 to 1, the inner product, or the negated distance.
 */
export function scoreOf(metric: MilvusMetric, distance: number): number {
  return metric === "COSINE" ? (1 + distance) / 2 : metric === "L2" ? -distance : distance;
}
