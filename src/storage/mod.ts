/**
 * Storages: where thoughts and other JSON values are kept and found again.
 *
 * @module
 */

export {
  type Eviction,
  type EvictionReason,
  MEMORY_STORAGE_OPTIONS,
  MemoryStorage,
  type MemoryStorageOptions,
} from "./memory_storage.ts";
export { CACHED_STORAGE_OPTIONS, CachedStorage, type CachedStorageOptions } from "./cached_storage.ts";
export type { TierStats } from "./cached_tier.ts";
export { FILE_STORAGE_OPTIONS, FileStorage, type FileStorageOptions } from "./file_storage.ts";
export { MILVUS_STORAGE_OPTIONS, MilvusStorage, type MilvusStorageOptions } from "./milvus_storage.ts";
export type { MilvusMetric } from "./milvus_collection.ts";
export type { MilvusServerOptions } from "./milvus_target.ts";
export type { Embed, Vectors } from "./embed.ts";
export { operationsOf } from "./operations_of.ts";
export type { EffectRecord, RecordLog } from "../drivers/effect_record.ts";
export type {
  ChainPart,
  OwnedRun,
  PruneRunsOptions,
  ReadRunOptions,
  RunEnd,
  RunFacts,
  RunRequest,
  RunStatus,
  RunStore,
  RunSummary,
  StoredRun,
  VerdictCount,
} from "./runs.ts";
export type { RunPage, RunPageOptions, RunVerdict } from "./run_page.ts";
export { REDIS_STORAGE_OPTIONS, RedisStorage, type RedisStorageOptions } from "./redis_storage.ts";
export type { SqliteVectorOptions } from "./sqlite_vectors.ts";
export { SQLITE_STORAGE_OPTIONS, SqliteStorage, type SqliteStorageOptions } from "./sqlite_storage.ts";
export {
  type ClearOptions,
  type KeysOptions,
  OperationStorage,
  type SearchHit,
  type SearchOptions,
  type SetOptions,
  type Storage,
  type StorageCallOptions,
  type StorageOperations,
} from "./storage.ts";
export { ThoughtOperations } from "./thought_operations.ts";
export {
  type ChainSummary,
  type PruneOptions,
  saveThought,
  type ThoughtHit,
  type ThoughtSearchOptions,
  ThoughtStore,
} from "./thought_store.ts";
