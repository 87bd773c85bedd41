/** The retrievers that need nothing, against what every retriever must do. */
import { CachedRetriever } from "../../src/retrievers/cached_retriever.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { HybridRetriever } from "../../src/retrievers/hybrid_retriever.ts";
import { InMemoryRetriever } from "../../src/retrievers/in_memory_retriever.ts";
import { StorageRetriever } from "../../src/retrievers/storage_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { DOCUMENTS, testRetriever } from "./conformance.ts";

function stored(storage: Storage): StorageRetriever {
  const retriever = new StorageRetriever({ storage });
  retriever.addDocuments(DOCUMENTS);
  return retriever;
}

const inMemory = (): InMemoryRetriever => new InMemoryRetriever({ documents: DOCUMENTS });
const others = defineRetriever("others", () => ["The fox runs."]);

testRetriever("InMemoryRetriever", inMemory);
testRetriever(
  "InMemoryRetriever by overlap",
  () => new InMemoryRetriever({ documents: DOCUMENTS, ranking: "overlap" }),
);
testRetriever("StorageRetriever over memory", () => stored(new MemoryStorage()));
testRetriever("StorageRetriever over SQLite", () => stored(new SqliteStorage(":memory:")));
testRetriever("CachedRetriever", () => new CachedRetriever(inMemory()));
testRetriever(
  "HybridRetriever",
  () => new HybridRetriever({ retrievers: [inMemory(), stored(new MemoryStorage()), others] }),
);
