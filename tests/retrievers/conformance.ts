/** Holds a retriever to what every retriever must do, case by case. */
import { test } from "node:test";
import type { OperationRetriever } from "../../src/retrievers/retriever.ts";
import { CONFORMANCE_DOCUMENTS, retrieverConformance } from "../../src/testing/retriever_conformance.ts";

/** The documents that the retrievers of the tests are made over. */
export const DOCUMENTS: Readonly<Record<string, string>> = CONFORMANCE_DOCUMENTS;

/** Adds the tests of every retriever for one of them. */
export function testRetriever(name: string, create: () => OperationRetriever): void {
  for (const { name: title, run } of retrieverConformance(create)) test(`${name} ${title}`, run);
}
