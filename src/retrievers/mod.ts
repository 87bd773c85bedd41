/**
 * Retrievers: where documents for a model or a critic are found.
 *
 * @module
 */

export {
  CACHED_RETRIEVER_OPTIONS,
  CachedRetriever,
  type CachedRetrieverOptions,
} from "./cached_retriever.ts";
export type { CommonRetrieverOptions, DocumentsInit } from "./common_options.ts";
export {
  type DefinedResults,
  type DefinedRetriever,
  defineRetriever,
  type DefineRetrieverOptions,
} from "./define_retriever.ts";
export { FILE_RETRIEVER_OPTIONS, FileRetriever, type FileRetrieverOptions } from "./file_retriever.ts";
export {
  HYBRID_RETRIEVER_OPTIONS,
  HybridRetriever,
  type HybridRetrieverOptions,
} from "./hybrid_retriever.ts";
export {
  IN_MEMORY_OPTIONS,
  InMemoryRetriever,
  type InMemoryRetrieverOptions,
} from "./in_memory_retriever.ts";
export { MOCK_RETRIEVER_OPTIONS, MockRetriever, type MockRetrieverOptions } from "./mock_retriever.ts";
export { REDIS_RETRIEVER_OPTIONS, RedisRetriever, type RedisRetrieverOptions } from "./redis_retriever.ts";
export { retrieveOperation } from "./retrieve.ts";
export { OperationRetriever, type RetrieveOptions, type Retriever } from "./retriever.ts";
export { ENGLISH_STOP_WORDS } from "./stop_words.ts";
export {
  type AddDocumentsOptions,
  STORAGE_RETRIEVER_OPTIONS,
  StorageRetriever,
  type StorageRetrieverOptions,
} from "./storage_retriever.ts";
export {
  MILVUS_RETRIEVER_OPTIONS,
  MilvusRetriever,
  type MilvusRetrieverOptions,
  type MilvusRetrieverStats,
} from "./milvus_retriever.ts";
export type { MilvusMetric } from "../storage/milvus_collection.ts";
export type { MilvusServerOptions } from "../storage/milvus_target.ts";
export type { Embed, Vectors } from "../storage/embed.ts";
export {
  VECTOR_RETRIEVER_OPTIONS,
  VectorRetriever,
  type VectorRetrieverOptions,
} from "./vector_retriever.ts";
