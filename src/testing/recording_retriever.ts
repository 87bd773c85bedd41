/**
 * A retriever that remembers what it was asked.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { retrieveOperation } from "../retrievers/retrieve.ts";
import { OperationRetriever, type RetrieveOptions, type Retriever } from "../retrievers/retriever.ts";
import type { Document } from "../thought/document.ts";

/** One question to a {@linkcode RecordingRetriever}. */
export interface RecordedRetrieval {
  /** What was looked for. */
  readonly query: string;
  /** How many documents were asked for, where that was said. */
  readonly limit?: number;
  /** What was found; left out while it is looked for, and when that failed. */
  readonly documents?: readonly Document[];
  /** What the retriever threw. */
  readonly error?: unknown;
}

/**
 * Asks another retriever and remembers each question with its answer.
 *
 * @example
 * ```ts
 * import { InMemoryRetriever } from "@sifaka/sifaka/retrievers";
 * import { RecordingRetriever } from "@sifaka/sifaka/testing";
 *
 * const retriever = new RecordingRetriever(new InMemoryRetriever({ documents: ["Lemurs leap.", "Owls hunt."] }));
 * retriever.retrieve("lemurs", { limit: 1 });
 * console.log(retriever.calls[0]?.query, retriever.calls[0]?.documents?.[0]?.text); // "lemurs" "Lemurs leap."
 * ```
 */
export class RecordingRetriever extends OperationRetriever {
  /** The name of the retriever that is asked. */
  readonly name: string;
  /** Whether a failure ends the run: what the other says. */
  override readonly required: boolean;
  readonly #base: Retriever;
  readonly #calls: RecordedRetrieval[] = [];

  /**
   * Listens to a retriever.
   *
   * @param base The retriever that is asked.
   */
  constructor(base: Retriever) {
    super({ base });
    this.name = base.name;
    this.required = base.required ?? false;
    this.#base = base;
  }

  /** Every question so far, oldest first. */
  get calls(): readonly RecordedRetrieval[] {
    return [...this.#calls];
  }

  /** The one body behind `retrieve` and its twin. */
  *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const { limit } = options;
    const asked: RecordedRetrieval = { query, ...(limit === undefined ? {} : { limit }) };
    const index = this.#calls.push(asked) - 1;
    try {
      const documents = yield* retrieveOperation(this.#base, query, options);
      this.#calls[index] = { ...asked, documents: [...documents] };
      return documents;
    } catch (error) {
      this.#calls[index] = { ...asked, error };
      throw error;
    }
  }
}
