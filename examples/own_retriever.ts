/**
 * A retriever of one's own: one class that extends OperationRetriever. It waits by yield*, so several are asked side by side.
 *
 *     deno run examples/own_retriever.ts · bun examples/own_retriever.ts · node examples/own_retriever.ts
 */
import { Document, type Operation, sleep } from "@sifaka/sifaka";
import {
  CachedRetriever,
  HybridRetriever,
  InMemoryRetriever,
  OperationRetriever,
  type RetrieveOptions,
} from "@sifaka/sifaka/retrievers";

/** Finds the definitions of the words of a query. */
class Glossary extends OperationRetriever {
  readonly name = "glossary";
  readonly #definitions: ReadonlyMap<string, string>;

  constructor(definitions: Readonly<Record<string, string>>) {
    super();
    this.#definitions = new Map(Object.entries(definitions));
  }

  *_retrieveOperation(query: string, { limit = 3 }: RetrieveOptions = {}): Operation<Document[]> {
    yield* sleep(20); // a look into a service, say
    const found: Document[] = [];
    for (const word of new Set(query.toLowerCase().match(/\p{L}+/gu))) {
      const text = this.#definitions.get(word);
      if (text !== undefined) found.push(new Document({ id: word, text, source: this.name }));
    }
    return found.slice(0, limit);
  }
}

const glossary = new Glossary({ sifaka: "Sifaka: a lemur that leaps.", aye: "Aye-aye: a lemur that taps." });
console.log(glossary.retrieve("What is a sifaka?")[0]?.text);

const texts = new InMemoryRetriever({ documents: ["A sifaka sunbathes.", "An owl hunts by night."] });
const both = new CachedRetriever(new HybridRetriever({ retrievers: [glossary, texts] }));
for (const { source, text } of both.retrieve("sifaka")) console.log(`${source}: ${text}`);
console.log(`asked again, from the cache: ${both.retrieve("sifaka")[0]?.metadata.cached}`);
