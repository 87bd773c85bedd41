/**
 * What the built-in retrievers are told in the same way.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { type OptionSchema, type OptionSchemas, show } from "../options.ts";
import type { DocumentInit } from "../thought/document.ts";
import type { RetrieveOptions } from "./retriever.ts";

/** Documents as a list, or as a record from id to document. A string stands for a document of that text. */
export type DocumentsInit =
  | readonly (string | DocumentInit)[]
  | Readonly<Record<string, string | DocumentInit>>;

/** The options that the built-in retrievers share. */
export interface CommonRetrieverOptions {
  /** What documents say they came from when they name no source, and what events call the retriever. @default the class's name */
  name?: string;
  /** Whether a failure ends the run. @default false */
  required?: boolean;
  /** The most documents of one retrieval; an integer of at least 1. @default 3 */
  maxResults?: number;
}

/** How many documents a retrieval gives when nothing is said. */
export const DEFAULT_MAX_RESULTS = 3;

const DOCUMENT: OptionSchema = {
  description: "A document, or its text.",
  anyOf: [
    { type: "string" },
    {
      type: "object",
      properties: {
        text: { description: "The text.", type: "string" },
        id: { description: "What its source calls it.", type: "string" },
        source: { description: "Where it comes from: a file, an address, a title.", type: "string" },
        score: { description: "Not used; a score is given by the query.", type: "number" },
        metadata: { description: "Further facts.", type: "object", additionalProperties: true },
      },
      required: ["text"],
    },
  ],
};

/** Describes the options that the built-in retrievers share, and their documents. */
export const COMMON_RETRIEVER_OPTIONS: OptionSchemas = {
  name: {
    description: "What documents say they came from when they name no source.",
    type: "string",
    minLength: 1,
  },
  required: { description: "Whether a failure ends the run.", type: "boolean", default: false },
  maxResults: {
    description: "The most documents of one retrieval.",
    type: "integer",
    minimum: 1,
    default: DEFAULT_MAX_RESULTS,
  },
  documents: {
    description: "The documents: a list, or a map from id to document.",
    anyOf: [{ type: "array", items: DOCUMENT }, { type: "object", additionalProperties: DOCUMENT }],
  },
};

/**
 * Lists documents that were given in either form.
 *
 * @param documents A list, or a record from id to document.
 * @returns What the documents are made of, in order.
 */
export function listDocuments(documents: DocumentsInit): DocumentInit[] {
  if (Array.isArray(documents)) return documents.map(initOf);
  return Object.entries(documents).map(([id, document]) => ({ ...initOf(document), id }));
}

function initOf(document: string | DocumentInit): DocumentInit {
  return typeof document === "string" ? { text: document } : document;
}

/**
 * Finds how many documents one retrieval may give.
 *
 * @param name The retriever, for the error.
 * @param options What the caller asks.
 * @param maxResults What the retriever was told.
 * @returns The number.
 * @throws {ConfigurationError} When `limit` is no integer of at least 1.
 */
export function limitOf(name: string, options: RetrieveOptions, maxResults: number): number {
  const { limit = maxResults } = options;
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new ConfigurationError(
    `Cannot retrieve from ${name} as limit must be an integer of at least 1: limit is ${show(limit)}`,
    { code: "invalid_option", component: name, operation: "retrieve" },
  );
}
