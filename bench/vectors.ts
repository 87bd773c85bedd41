/**
 * Measures a search by vectors in an SQLite file beside one in memory: `deno task bench:vectors`, `bun bench/vectors.ts`,
 * `node bench/vectors.ts`. The figures stand in docs/storage.md. How many documents can be given: `… bench/vectors.ts 10000 100000`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { getLoadablePath } from "sqlite-vec";
import { StorageRetriever } from "../src/retrievers/storage_retriever.ts";
import { VectorRetriever } from "../src/retrievers/vector_retriever.ts";
import { SqliteStorage } from "../src/storage/sqlite_storage.ts";
import { seeded } from "../tests/helpers/seeded.ts";
import { measure, print } from "./harness.ts";

const DIMENSION = 384;

/** Vectors that depend on the text alone. */
function embed(texts: readonly string[]): number[][] {
  return texts.map((text) => {
    const random = seeded(Number(text.match(/\d+/)?.[0] ?? 0));
    return Array.from({ length: DIMENSION }, () => random() - 0.5);
  });
}

async function compare(count: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "sifaka-bench-"));
  try {
    const documents = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`d${index}`, `document ${index}`]),
    );
    using storage = new SqliteStorage(join(directory, "vectors.db"), {
      synchronous: "normal",
      vectors: { embed, dimension: DIMENSION, extension: getLoadablePath() },
    });
    const inFile = new StorageRetriever({ storage, mode: "vector", minScore: -1 });
    inFile.addDocuments(documents);
    const inMemory = new VectorRetriever({ embed, documents });
    const query = "document 7000000";
    const [a, b] = [inFile.retrieve(query), inMemory.retrieve(query)].map((found) =>
      found.map(({ id }) => id)
    );
    if (a!.join() !== b!.join()) throw new Error(`found ${a} and ${b}`);
    const [memory, file] = await measure({
      "VectorRetriever": () => inMemory.retrieve(query),
      "SqliteStorage with sqlite-vec": () => inFile.retrieve(query),
    }, { rounds: 20 });
    print(`the 3 nearest of ${count} vectors of ${DIMENSION} numbers`, [
      { ...memory!, note: "" },
      { ...file!, note: `${(memory!.medianMs / file!.medianMs).toFixed(2)} times as fast` },
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [10_000, 100_000]) await compare(count);
