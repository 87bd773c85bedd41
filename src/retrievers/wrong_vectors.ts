/**
 * What retrievers say of vectors that cannot be used.
 *
 * @module
 */

import { RetrieverError } from "../errors.ts";

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
