/**
 * Vectors of texts, made by a function of the caller's and checked.
 *
 * @module
 */

import { RetrieverError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";

/** One vector of numbers for each text, all of one length. */
export type Vectors = readonly (readonly number[])[];

/**
 * Makes vectors of texts: plain, or a generator that waits by `yield*`. One that returns a promise works in the `_…Async` methods
 * alone.
 */
export type Embed = (texts: readonly string[]) => Vectors | Promise<Vectors> | Operation<Vectors>;

/**
 * Makes vectors of texts.
 *
 * @param name The retriever, for the error.
 * @param embed What makes them.
 * @param texts The texts.
 * @returns One vector for each text.
 * @throws {RetrieverError} When `embed` gives anything else.
 */
export function* embedTexts(name: string, embed: Embed, texts: readonly string[]): Operation<Vectors> {
  const given = embed(texts);
  const vectors: unknown = isOperation(given)
    ? yield* given
    : given instanceof Promise
    ? yield* host(() => given as never)
    : given;
  if (!Array.isArray(vectors) || vectors.length !== texts.length) {
    throw wrongVectors(name, `embed must give one vector for each of ${texts.length} texts`);
  }
  const length = (vectors[0] as readonly number[] | undefined)?.length ?? 0;
  const sound = vectors.every((vector) =>
    Array.isArray(vector) && vector.length === length && length > 0 && vector.every(Number.isFinite)
  );
  if (!sound) throw wrongVectors(name, "embed must give lists of finite numbers, all of one length");
  return vectors as Vectors;
}

/**
 * Makes the error of vectors that cannot be used.
 *
 * @param name The retriever.
 * @param reason What is wrong with them.
 * @returns The error to throw.
 */
export function wrongVectors(name: string, reason: string): RetrieverError {
  return new RetrieverError(`Cannot retrieve from ${name} as ${reason}`, {
    code: "invalid_vectors",
    component: name,
    operation: "retrieve",
  });
}

function isOperation(value: unknown): value is Operation<Vectors> {
  return typeof (value as Partial<Operation<Vectors>> | null)?.next === "function";
}
