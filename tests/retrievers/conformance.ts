/** What every retriever must do, over three documents that its maker is given. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError } from "../../src/errors.ts";
import type { OperationRetriever } from "../../src/retrievers/retriever.ts";
import { Document } from "../../src/thought/document.ts";

/** The documents; "lemur" stands in all of them, and "leaves" in the first alone. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  diet: "The lemur eats leaves, leaves and leaves.",
  home: "The lemur lives in Madagascar.",
  voice: "The lemur calls.",
};

/** Adds the tests of every retriever for one of them. `create` may be called many times. */
export function testRetriever(name: string, create: () => OperationRetriever): void {
  const refused = (error: unknown): boolean =>
    error instanceof ConfigurationError && /limit must be an integer of at least 1/.test(error.message);

  test(`${name} finds the best document first, by either method`, async () => {
    const plain = create().retrieve("Which leaves does a lemur eat?");
    const twin = await create()._retrieveAsync("Which leaves does a lemur eat?");
    assert.match(plain[0]!.text, /eats leaves/);
    assert.deepEqual(twin.map((document) => document.toJSON()), plain.map((document) => document.toJSON()));
  });
  test(`${name} gives documents that name their source, with scores that fall`, () => {
    const found = create().retrieve("lemur leaves", { limit: 3 });
    assert.equal(found.length, 3);
    for (const document of found) {
      assert.ok(document instanceof Document);
      assert.ok(typeof document.source === "string" && document.source !== "");
    }
    const scores = found.map(({ score }) => score!);
    assert.deepEqual(scores, [...scores].sort((a, b) => b - a));
  });
  test(`${name} finds nothing for a blank query`, async () => {
    assert.deepEqual(create().retrieve(" \n"), []);
    assert.deepEqual(await create()._retrieveAsync(""), []);
  });
  test(`${name} keeps to a limit and refuses one that is none`, async () => {
    assert.equal(create().retrieve("lemur", { limit: 2 }).length, 2);
    for (const limit of [0, -1, 1.5, NaN]) {
      assert.throws(() => create().retrieve("lemur", { limit }), refused);
      await assert.rejects(create()._retrieveAsync("lemur", { limit }), refused);
    }
  });
  test(`${name} gives the same when asked again`, () => {
    const retriever = create();
    const texts = () => retriever.retrieve("lemur leaves").map(({ text, score }) => [text, score]);
    assert.deepEqual(texts(), texts());
  });
  test(`${name} takes any text as a query`, () => {
    const retriever = create();
    for (const query of ['"', "-lemur", "*", "a AND (", "\0", "🚀", "x ".repeat(5_000), "NEAR(a b)"]) {
      assert.ok(Array.isArray(retriever.retrieve(query)));
    }
  });
  test(`${name} throws the reason of a signal`, async () => {
    const reason = new Error("enough");
    const options = { signal: AbortSignal.abort(reason) };
    assert.throws(() => create().retrieve("lemur", options), reason);
    await assert.rejects(create()._retrieveAsync("lemur", options), reason);
    assert.throws(() => runSync(create()._retrieveOperation("lemur"), options), reason);
    await assert.rejects(runAsync(create()._retrieveOperation("lemur"), options), reason);
  });
}
