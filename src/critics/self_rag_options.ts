/**
 * What the Self-RAG critic can be told.
 *
 * @module
 */

import type { OptionSchema, OptionSchemas } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  type CriticTemplates,
  IMPROVE_TEMPLATE,
  RETRIEVER_SCHEMA,
} from "./common_options.ts";
import type { SelfRAGWeights } from "./self_rag_findings.ts";

/** Options of {@linkcode SelfRAGCritic}. */
export interface SelfRAGOptions extends CommonCriticOptions {
  /** Where claims are looked up. @default the chain's critic retrievers */
  readonly retriever?: Retriever;
  /**
   * Whether to look things up: the model says so, or always (for the task itself where the text claims nothing), or never, so
   * that only documents count that are there already.
   *
   * @default "model"
   */
  readonly decideRetrieval?: "model" | "always" | "never";
  /** The most documents that are judged, at least 1. @default 5 */
  readonly maxDocuments?: number;
  /** The most claims that are checked, at least 1. @default 10 */
  readonly maxClaims?: number;
  /** From this utility on the text is good enough, 1 to 5. @default 4 */
  readonly minUtility?: number;
  /** The largest share of unsupported claims, 0 to 1, among those that could be checked. @default 0.2 */
  readonly maxUnsupported?: number;
  /** How much each part counts in the score. @default { relevance: 1, support: 1, utility: 0.5 } */
  readonly weights?: SelfRAGWeights;
  /** Whether all documents are judged in one call, and all claims in another. @default false */
  readonly batched?: boolean;
  /** The user's own prompt of the improvement. @default the built-in one */
  readonly templates?: Pick<CriticTemplates, "improve">;
}

const WEIGHT: OptionSchema = { type: "number", minimum: 0, maximum: 1_000 };

/**
 * What {@linkcode SelfRAGCritic} accepts.
 *
 * @example
 * ```ts
 * import { SELF_RAG_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("maxClaims" in SELF_RAG_OPTIONS); // true
 * ```
 */
export const SELF_RAG_OPTIONS: OptionSchemas = Object.freeze<OptionSchemas>({
  ...COMMON_CRITIC_OPTIONS,
  templates: IMPROVE_TEMPLATE,
  retriever: { ...RETRIEVER_SCHEMA, description: "Where claims are looked up." },
  decideRetrieval: {
    description: "Whether to look things up: the model says so, or always, or never.",
    enum: ["model", "always", "never"],
    default: "model",
  },
  maxDocuments: {
    description: "The most documents that are judged.",
    type: "integer",
    minimum: 1,
    maximum: 50,
    default: 5,
  },
  maxClaims: {
    description: "The most claims that are checked.",
    type: "integer",
    minimum: 1,
    maximum: 50,
    default: 10,
  },
  minUtility: {
    description: "From this utility on the text is good enough.",
    type: "integer",
    minimum: 1,
    maximum: 5,
    default: 4,
  },
  maxUnsupported: {
    description: "The largest share of unsupported claims.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.2,
  },
  weights: {
    description: "How much each part counts in the score.",
    type: "object",
    properties: {
      relevance: { ...WEIGHT, description: "The share of relevant documents.", default: 1 },
      support: { ...WEIGHT, description: "How far the claims are supported.", default: 1 },
      utility: { ...WEIGHT, description: "How useful the text is.", default: 0.5 },
    },
  },
  batched: {
    description: "Whether all documents are judged in one call, and all claims in another.",
    type: "boolean",
    default: false,
  },
});
