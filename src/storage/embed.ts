/**
 * Vectors of texts, made by a function of the caller's and checked.
 *
 * @module
 */

import { host, type Operation } from "../operation/operation.ts";
import type { OptionSchema } from "../options.ts";

/** One vector of numbers for each text, all of one length. */
export type Vectors = readonly (readonly number[])[];

/**
 * Makes vectors of texts: plain, or a generator that waits by `yield*`. One that returns a promise works in the `_…Async` methods
 * alone.
 */
export type Embed = (texts: readonly string[]) => Vectors | Promise<Vectors> | Operation<Vectors>;

/** Describes `embed` as an option. */
export const EMBED_OPTION: OptionSchema = {
  description: "Makes vectors of texts.",
  codeOnly: true,
  accepts: (value) => typeof value === "function",
  accepted: "a function",
};

/** What is asked of vectors. */
export interface EmbedRequest {
  /** The texts. */
  readonly texts: readonly string[];
  /** How many numbers each vector must have. @default as many as the first */
  readonly dimension?: number;
  /** Makes the error of vectors that cannot be used, from what is wrong with them. */
  readonly wrong: (reason: string) => Error;
}

/**
 * Makes vectors of texts.
 *
 * @param embed What makes them.
 * @param request Of what.
 * @returns One vector for each text.
 * @throws What `wrong` makes, when `embed` gives anything else.
 */
export function* embedTexts(embed: Embed, { texts, dimension, wrong }: EmbedRequest): Operation<Vectors> {
  const given = embed(texts);
  const vectors: unknown = isOperation(given)
    ? yield* given
    : given instanceof Promise
    ? yield* host(() => given as never)
    : given;
  if (!Array.isArray(vectors) || vectors.length !== texts.length) {
    throw wrong(`embed must give one vector for each of ${texts.length} texts`);
  }
  const length = (vectors[0] as readonly number[] | undefined)?.length ?? 0;
  const sound = vectors.every((vector) =>
    Array.isArray(vector) && vector.length === length && length > 0 && vector.every(Number.isFinite)
  );
  if (!sound) throw wrong("embed must give lists of finite numbers, all of one length");
  if (dimension !== undefined && length !== dimension) {
    throw wrong(`embed gave vectors of ${length} numbers and dimension is ${dimension}`);
  }
  return vectors as Vectors;
}

function isOperation(value: unknown): value is Operation<Vectors> {
  return typeof (value as Partial<Operation<Vectors>> | null)?.next === "function";
}
