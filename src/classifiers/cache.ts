/**
 * Remembers what a classifier said.
 *
 * @module
 */

import { hostAgain, now, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassificationResult, type ClassificationResultInit } from "./classification_result.ts";
import { type Classifier, type ClassifierContext, OperationClassifier } from "./classifier.ts";
import { classifySafely } from "./classify_safely.ts";

/** Options of {@linkcode withCache}. */
export interface ClassifierCacheOptions {
  /** How many texts are remembered; the one unused for longest goes first. @default 128 */
  readonly maxEntries?: number;
  /** How long an answer holds, in milliseconds. @default for as long as it is remembered */
  readonly ttlMs?: number;
}

/** What a cache has done so far. */
export interface ClassifierCacheStats {
  /** How many texts were answered from memory. */
  readonly hits: number;
  /** How many were not. */
  readonly misses: number;
  /** How many are remembered now. */
  readonly entries: number;
}

/** A classifier that remembers. */
export interface CachedClassifier extends OperationClassifier {
  /** What it has done so far. */
  stats(): ClassifierCacheStats;
  /** Forgets everything, the statistics too. */
  clear(): void;
}

const CACHE_OPTIONS: OptionSchemas = {
  maxEntries: { description: "How many texts are remembered.", type: "integer", minimum: 1, default: 128 },
  ttlMs: { description: "How long an answer holds, in milliseconds.", type: "number", exclusiveMinimum: 0 },
};

/**
 * Makes a classifier remember what it said of a text. Failures are not remembered; a text that is being classified already on
 * the same event loop is not sent a second time.
 *
 * @param classifier Any classifier.
 * @param options How much it remembers, and for how long.
 * @returns A classifier that asks the other one only for texts that are new to it.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { defineClassifier, withCache } from "@sifaka/sifaka/classifiers";
 *
 * const cached = withCache(defineClassifier("slow", ["a"], () => "a"));
 * cached.classify("Hello.");
 * cached.classify("Hello.");
 * console.log(cached.stats()); // { hits: 1, misses: 1, entries: 1 }
 * ```
 */
export function withCache(classifier: Classifier, options: ClassifierCacheOptions = {}): CachedClassifier {
  return new Cached(classifier, checkOptions("withCache", options, CACHE_OPTIONS));
}

interface Entry {
  readonly result: ClassificationResult;
  readonly untilMs: number;
}

class Cached extends OperationClassifier implements CachedClassifier {
  override readonly name: string;
  override readonly labels: readonly string[];
  readonly #classifier: Classifier;
  readonly #maxEntries: number;
  readonly #ttlMs: number;
  /** The least recently used first. */
  readonly #entries: Map<string, Entry> = new Map();
  readonly #underWay: Map<string, Promise<ClassificationResult>> = new Map();
  #hits = 0;
  #misses = 0;

  constructor(classifier: Classifier, { maxEntries = 128, ttlMs = Infinity }: ClassifierCacheOptions) {
    super({ classifier, maxEntries, ttlMs });
    this.name = classifier.name;
    this.labels = classifier.labels;
    this.#classifier = classifier;
    this.#maxEntries = maxEntries;
    this.#ttlMs = ttlMs;
  }

  override *_classifyOperation(
    text: string,
    context: ClassifierContext = {},
  ): Operation<ClassificationResult> {
    const nowMs = this.#ttlMs === Infinity ? 0 : yield* now();
    // In an effect: a journal answers what was known when the run was recorded.
    const known = yield* hostAgain(() => this.#find(text, nowMs));
    if (known !== undefined) return ClassificationResult.of(known);
    const result = yield* classifySafely(this.#classifier, text, context);
    this.#remember(text, { result, untilMs: nowMs + this.#ttlMs });
    return result;
  }

  /** Callers of one text at one time share one call; each may leave without ending it for the others. */
  override _classifyAsync(text: string, context: ClassifierContext = {}): Promise<ClassificationResult> {
    if (context.signal !== undefined || context.timeoutMs !== undefined) {
      return super._classifyAsync(text, context);
    }
    const known = this.#underWay.get(text);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    const call = super._classifyAsync(text).finally(() => this.#underWay.delete(text));
    this.#underWay.set(text, call);
    return call;
  }

  stats(): ClassifierCacheStats {
    return { hits: this.#hits, misses: this.#misses, entries: this.#entries.size };
  }

  clear(): void {
    this.#entries.clear();
    this.#hits = 0;
    this.#misses = 0;
  }

  #find(text: string, nowMs: number): ClassificationResultInit | undefined {
    const known = this.#entries.get(text);
    if (known === undefined || nowMs >= known.untilMs) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#remember(text, known);
    return { ...known.result };
  }

  #remember(text: string, entry: Entry): void {
    this.#entries.delete(text);
    this.#entries.set(text, entry);
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
  }
}
