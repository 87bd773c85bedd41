/**
 * What every retriever must do, over three documents.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { OperationRetriever } from "../retrievers/retriever.ts";
import { Document } from "../thought/document.ts";
import { type ConformanceCase, expect, expectEqual, expectError } from "./conformance.ts";

/** The documents of {@linkcode retrieverConformance}; "lemur" stands in all of them, and "leaves" in the first alone. */
export const CONFORMANCE_DOCUMENTS: Readonly<Record<string, string>> = Object.freeze({
  diet: "The lemur eats leaves, leaves and leaves.",
  home: "The lemur lives in Madagascar.",
  voice: "The lemur calls.",
});

const ODD_QUERIES = ['"', "-lemur", "*", "a AND (", "\0", "🚀", "x ".repeat(5_000), "NEAR(a b)"];

/**
 * Lists what every retriever must do, for any test runner: rank, name sources, keep to limits, take any query, stop when it is told
 * to, and the same by each method. Sifaka's own retrievers are held to the same cases.
 *
 * @param make Makes a retriever over the documents that it is given; it is called many times with the same ones.
 * @returns The cases.
 *
 * @example
 * ```ts
 * import { InMemoryRetriever } from "@sifaka/sifaka/retrievers";
 * import { retrieverConformance } from "@sifaka/sifaka/testing";
 *
 * for (const { name, run } of retrieverConformance((documents) => new InMemoryRetriever({ documents }))) {
 *   await run(); // or: test(`MyRetriever ${name}`, run);
 * }
 * ```
 */
export function retrieverConformance(
  make: (documents: Readonly<Record<string, string>>) => OperationRetriever,
): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const create = (): OperationRetriever => make(CONFORMANCE_DOCUMENTS);
  const test: AddCase = (name, run) => void cases.push({ name, run: async () => await run() });
  ranks(test, create);
  keepsToLimits(test, create);
  takesAnything(test, create);
  return cases;
}

type AddCase = (name: string, run: () => void | Promise<void>) => void;
type Create = () => OperationRetriever;

const jsonOf = (documents: readonly Document[]): unknown => documents.map((document) => document.toJSON());

function ranks(test: AddCase, create: Create): void {
  test("finds the best document first, by either method", async () => {
    const plain = create().retrieve("Which leaves does a lemur eat?");
    const twin = await create()._retrieveAsync("Which leaves does a lemur eat?");
    expect(/eats leaves/.test(plain[0]?.text ?? ""), `the first document is ${JSON.stringify(plain[0])}`);
    expectEqual(jsonOf(twin), jsonOf(plain), "what _retrieveAsync gives");
  });
  test("gives documents that name their source, with scores that fall", () => {
    const found = create().retrieve("lemur leaves", { limit: 3 });
    expectEqual(found.length, 3, "the number of documents");
    for (const document of found) {
      expect(document instanceof Document, "it gives something that is no Document");
      expect(
        typeof document.source === "string" && document.source !== "",
        `${JSON.stringify(document)} has no source`,
      );
    }
    const scores = found.map(({ score }) => score!);
    expectEqual(scores, [...scores].sort((a, b) => b - a), "the order of scores");
  });
  test("gives the same when asked again", () => {
    const retriever = create();
    const texts = () => retriever.retrieve("lemur leaves").map(({ text, score }) => [text, score]);
    expectEqual(texts(), texts(), "the second answer");
  });
}

function keepsToLimits(test: AddCase, create: Create): void {
  const isRefusal = (error: unknown): boolean =>
    error instanceof ConfigurationError && /limit must be an integer of at least 1/.test(error.message);
  test("keeps to a limit and refuses one that is none", async () => {
    expectEqual(create().retrieve("lemur", { limit: 2 }).length, 2, "the number of documents");
    for (const limit of [0, -1, 1.5, NaN]) {
      const what = `a limit of ${limit}`;
      await expectError(() => create().retrieve("lemur", { limit }), isRefusal, what);
      await expectError(() => create()._retrieveAsync("lemur", { limit }), isRefusal, what);
    }
  });
}

function takesAnything(test: AddCase, create: Create): void {
  test("finds nothing for a blank query", async () => {
    expectEqual(create().retrieve(" \n"), [], "what it gives");
    expectEqual(await create()._retrieveAsync(""), [], "what _retrieveAsync gives");
  });
  test("takes any text as a query", () => {
    const retriever = create();
    for (const query of ODD_QUERIES) expect(Array.isArray(retriever.retrieve(query)), "it gives no list");
  });
  test("throws the reason of a signal", async () => {
    const reason = new Error("enough");
    const options = { signal: AbortSignal.abort(reason) };
    const isReason = (error: unknown): boolean => error === reason;
    const calls: readonly [what: string, call: () => unknown][] = [
      ["retrieve", () => create().retrieve("lemur", options)],
      ["_retrieveAsync", () => create()._retrieveAsync("lemur", options)],
      ["_retrieveOperation under runSync", () => runSync(create()._retrieveOperation("lemur"), options)],
      ["_retrieveOperation under runAsync", () => runAsync(create()._retrieveOperation("lemur"), options)],
    ];
    for (const [what, call] of calls) await expectError(call, isReason, what);
  });
}
