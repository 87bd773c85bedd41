/**
 * What a chain for a usual purpose is made of, as data.
 *
 * @module
 */

import type { ChainOptions } from "../chain/options.ts";
import type { JsonValue } from "../json.ts";

/** A component by name: its name alone, or a map from it to its options, as in a configuration. */
export type NamedComponent = string | { readonly [name: string]: { readonly [option: string]: JsonValue } };

/** The purposes that there is a preset for. */
export type PresetName =
  | "development"
  | "content_generation"
  | "fact_checking"
  | "research_analysis"
  | "production_safe";

/** What a preset says. Whatever the caller says goes before it. */
export interface Preset {
  /** Its name. */
  readonly name: PresetName;
  /** What it is for. */
  readonly purpose: string;
  /** Writes the texts; where it is left out, the caller must say. */
  readonly model?: string;
  /** Check every text. */
  readonly validators: readonly NamedComponent[];
  /** Say how to improve a text. */
  readonly critics: readonly NamedComponent[];
  /** Where thoughts are kept. */
  readonly storage: string;
  /** Whether its critics hold a text against documents, so that a retriever for them must be given. */
  readonly needsCriticRetriever: boolean;
  /** How often the text may be written again, and for which texts critics are asked. */
  readonly options: Required<
    Pick<
      ChainOptions,
      "maxImprovementIterations" | "applyImproversOnValidationFailure" | "alwaysApplyCritics"
    >
  >;
}

/** The presets, by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  development: {
    name: "development",
    purpose: "Trying out code, without a language model and without cost.",
    model: "mock",
    validators: [],
    critics: [],
    storage: "memory",
    needsCriticRetriever: false,
    options: {
      maxImprovementIterations: 1,
      applyImproversOnValidationFailure: true,
      alwaysApplyCritics: false,
    },
  },
  content_generation: {
    name: "content_generation",
    purpose: "A text for readers, of ordinary length and civil.",
    validators: [{ length: { minLength: 50, maxLength: 1_000 } }, "toxicity"],
    critics: ["constitutional"],
    storage: "memory",
    needsCriticRetriever: false,
    options: {
      maxImprovementIterations: 2,
      applyImproversOnValidationFailure: true,
      alwaysApplyCritics: true,
    },
  },
  fact_checking: {
    name: "fact_checking",
    purpose: "A text whose claims are held against documents.",
    validators: [{ length: { minLength: 50 } }],
    critics: ["self_rag", "reflexion"],
    storage: "memory",
    needsCriticRetriever: true,
    options: {
      maxImprovementIterations: 3,
      applyImproversOnValidationFailure: true,
      alwaysApplyCritics: true,
    },
  },
  research_analysis: {
    name: "research_analysis",
    purpose: "A longer text that is thought over again and again.",
    validators: [{ length: { minLength: 200, maxLength: 5_000 } }],
    critics: ["reflexion"],
    storage: "memory",
    needsCriticRetriever: false,
    options: {
      maxImprovementIterations: 5,
      applyImproversOnValidationFailure: true,
      alwaysApplyCritics: true,
    },
  },
  production_safe: {
    name: "production_safe",
    purpose: "A text that goes out unseen: civil, held to principles, and kept on disk.",
    validators: [{ length: { minLength: 50, maxLength: 2_000 } }, "toxicity"],
    critics: ["constitutional", "reflexion"],
    storage: "file:sifaka_thoughts",
    needsCriticRetriever: false,
    options: {
      maxImprovementIterations: 3,
      applyImproversOnValidationFailure: true,
      alwaysApplyCritics: true,
    },
  },
};
