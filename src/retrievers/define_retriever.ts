/**
 * Makes a retriever from one function.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import type { Document, DocumentInit } from "../thought/document.ts";
import { toDocuments } from "./retrieve.ts";
import { OperationRetriever, type RetrieveOptions } from "./retriever.ts";

/** What the function of {@linkcode defineRetriever} may give: documents and texts, best first. */
export type DefinedResults = readonly (string | DocumentInit)[];

/**
 * The function of {@linkcode defineRetriever}: plain, or a generator that waits by `yield*`. One that returns a promise works
 * in the `_…Async` methods alone.
 */
export type DefinedRetriever = (
  query: string,
  options: RetrieveOptions,
) => DefinedResults | Promise<DefinedResults> | Operation<DefinedResults>;

/** Options of {@linkcode defineRetriever}. */
export interface DefineRetrieverOptions {
  /** Whether a failure ends the run. @default false */
  required?: boolean;
}

const DEFINE_RETRIEVER_OPTIONS: OptionSchemas = {
  required: { description: "Whether a failure ends the run.", type: "boolean", default: false },
};

/**
 * Makes a complete retriever from a function.
 *
 * @param name What documents say they came from when they name no source.
 * @param retrieve Gets the query (never a blank one) and the call's options, and gives documents or texts, best first.
 * @param options Whether a failure ends the run.
 * @returns The retriever, with its method, its twin and its operation.
 * @throws {ConfigurationError} When the name is blank, `retrieve` is no function, or an option is wrong.
 *
 * @example
 * ```ts
 * import { defineRetriever, sleep } from "@sifaka/sifaka";
 *
 * const atlas = defineRetriever("atlas", function* (query) {
 *   yield* sleep(5);
 *   return query.includes("lemur") ? ["Lemurs live in Madagascar."] : [];
 * });
 * console.log(atlas.retrieve("lemurs")[0]?.source); // "atlas"
 * ```
 */
export function defineRetriever(
  name: string,
  retrieve: DefinedRetriever,
  options?: DefineRetrieverOptions,
): OperationRetriever {
  if (typeof name !== "string" || name.trim() === "") {
    throw new ConfigurationError(
      `Cannot define a retriever as its name must not be blank: name is ${show(name)}`,
      {
        code: "invalid_option",
      },
    );
  }
  if (typeof retrieve !== "function") {
    throw new ConfigurationError(
      `Cannot define the retriever ${name} as its second argument must be a function: it is ${
        show(retrieve)
      }`,
      { code: "invalid_option", component: name },
    );
  }
  const { required = false } = checkOptions(name, options, DEFINE_RETRIEVER_OPTIONS);
  return new FunctionRetriever(name, retrieve, required);
}

class FunctionRetriever extends OperationRetriever {
  override readonly name: string;
  override readonly required: boolean;
  readonly #retrieve: DefinedRetriever;

  constructor(name: string, retrieve: DefinedRetriever, required: boolean) {
    super();
    this.name = name;
    this.required = required;
    this.#retrieve = retrieve;
  }

  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    if (query.trim() === "") return [];
    return toDocuments(this.name, yield* this.#results(query, options), options.limit);
  }

  *#results(query: string, options: RetrieveOptions): Operation<unknown> {
    const given = this.#retrieve(query, options);
    if (isOperation(given)) return yield* given;
    // A promise is the driver's business: the asynchronous one awaits it, the synchronous one says what to do instead.
    return given instanceof Promise ? yield* host<unknown>(() => given) : given;
  }
}

function isOperation(value: unknown): value is Operation<unknown> {
  return typeof (value as Partial<Operation<unknown>> | null)?.next === "function";
}
