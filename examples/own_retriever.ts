/**
 * A retriever of one's own: one class that extends OperationRetriever, or one function. It waits by yield*, so several are asked side by
 * side. At the end it is held to what every retriever must do, as a test of it would.
 *
 *     deno run examples/own_retriever.ts · bun examples/own_retriever.ts · node examples/own_retriever.ts
 */
import { defineRetriever, Document, type Operation, sleep } from "@sifaka/sifaka";
import {
  CachedRetriever,
  HybridRetriever,
  OperationRetriever,
  type RetrieveOptions,
} from "@sifaka/sifaka/retrievers";
import { retrieverConformance } from "@sifaka/sifaka/testing";

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

/** Finds the texts of a glossary by how many words of the query they hold. */
class Glossary extends OperationRetriever {
  readonly name = "glossary";
  readonly #texts: ReadonlyMap<string, string>;

  constructor(texts: Readonly<Record<string, string>>) {
    super({ texts });
    this.#texts = new Map(Object.entries(texts));
  }

  *_retrieveOperation(query: string, { limit = 3 }: RetrieveOptions = {}): Operation<Document[]> {
    const wanted = new Set(wordsOf(query));
    if (wanted.size === 0) return [];
    yield* sleep(1); // a look into a service, say
    return [...this.#texts]
      .map(([id, text]) => ({ id, text, score: new Set(wordsOf(text)).intersection(wanted).size }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map((found) => new Document({ ...found, source: this.name }));
  }
}

const glossary = new Glossary({ sifaka: "A sifaka is a lemur that leaps.", owl: "An owl hunts by night." });
console.log(glossary.retrieve("What is a sifaka?")[0]?.text);

const notes = defineRetriever("notes", (query) => query.includes("sifaka") ? ["A sifaka sunbathes."] : []);
const both = new CachedRetriever(new HybridRetriever({ retrievers: [glossary, notes] }));
for (const { source, text } of both.retrieve("sifaka")) console.log(`${source}: ${text}`);
console.log(`asked again, from the cache: ${both.retrieve("sifaka")[0]?.metadata.cached}`);

const cases = retrieverConformance((documents) => new Glossary(documents));
for (const { run } of cases) await run(); // in a test: test(`Glossary ${name}`, run)
console.log(`does all ${cases.length} things that every retriever must`);
