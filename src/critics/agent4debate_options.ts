/**
 * What the Agent4Debate critic can be told.
 *
 * @module
 */

import type { Model } from "../models/model.ts";
import type { OptionProblem, OptionSchemas } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  type CriticTemplates,
  IMPROVE_TEMPLATE,
  MODEL_SCHEMA,
  RETRIEVER_SCHEMA,
} from "./common_options.ts";

/** A side of the debate. */
export interface DebateSide {
  /** What results call it. */
  readonly name: string;
  /** What it argues for. */
  readonly stance: string;
}

/** A stage of the debate. */
export type DebateStage = "opening" | "rebuttal" | "summary";

/** The stages in their order. */
const STAGES: readonly DebateStage[] = Object.freeze(["opening", "rebuttal", "summary"]);

/** Options of {@linkcode Agent4DebateCritic}. */
export interface Agent4DebateOptions extends CommonCriticOptions {
  /** Who debates, 2 to 4; a string is a stance. @default one for keeping the text as far as possible, one for rewriting it */
  readonly sides?: readonly (string | DebateSide)[];
  /** Which stages are held; the opening is one of them. @default all three */
  readonly stages?: readonly DebateStage[];
  /** How often a Reviewer may send a speech back, 0 to 5. @default 1 */
  readonly maxReviewRounds?: number;
  /** Where evidence is looked up. @default the chain's critic retrievers */
  readonly retriever?: Retriever;
  /** Who judges; another model than the debaters' is better. @default the critic's model */
  readonly judgeModel?: Model | string;
  /** Whether Analyzer and Writer are one call. @default false */
  readonly compact?: boolean;
  /** The user's own prompt of the improvement. @default the built-in one */
  readonly templates?: Pick<CriticTemplates, "improve">;
}

/** The sides where none are given. */
const DEFAULT_SIDES: readonly DebateSide[] = Object.freeze([
  Object.freeze({
    name: "conserve",
    stance:
      "The text is to be kept as it is wherever that can be defended. Every change has a cost and must earn it. " +
      "Where nothing needs to be changed, say so and propose no edits.",
  }),
  Object.freeze({
    name: "rewrite",
    stance:
      "The text is to be changed wherever it can be made better. What is weak is to be replaced, not excused.",
  }),
]);

/**
 * What {@linkcode Agent4DebateCritic} accepts.
 *
 * @example
 * ```ts
 * import { AGENT4DEBATE_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("sides" in AGENT4DEBATE_OPTIONS); // true
 * ```
 */
export const AGENT4DEBATE_OPTIONS: OptionSchemas = Object.freeze<OptionSchemas>({
  ...COMMON_CRITIC_OPTIONS,
  templates: IMPROVE_TEMPLATE,
  sides: {
    description: "Who debates: stances, or names with stances.",
    type: "array",
    minItems: 2,
    maxItems: 4,
    items: {
      anyOf: [
        { type: "string", minLength: 1 },
        {
          type: "object",
          properties: {
            name: { description: "What results call it.", type: "string", minLength: 1 },
            stance: { description: "What it argues for.", type: "string", minLength: 1 },
          },
          required: ["name", "stance"],
        },
      ],
    },
    default: DEFAULT_SIDES,
  },
  stages: {
    description: "Which stages are held; the opening is one of them.",
    type: "array",
    minItems: 1,
    maxItems: 3,
    items: { enum: STAGES },
    default: STAGES,
  },
  maxReviewRounds: {
    description: "How often a Reviewer may send a speech back.",
    type: "integer",
    minimum: 0,
    maximum: 5,
    default: 1,
  },
  retriever: { ...RETRIEVER_SCHEMA, description: "Where evidence is looked up." },
  judgeModel: { ...MODEL_SCHEMA, description: "Who judges, for example openai:gpt-6.1-terra." },
  compact: { description: "Whether Analyzer and Writer are one call.", type: "boolean", default: false },
});

/**
 * Settles sides and stages.
 *
 * @param options Options that `checkOptions` has passed.
 * @returns The sides and stages in order, and what is wrong with them together.
 */
export function settleDebate(options: Agent4DebateOptions): {
  readonly sides: readonly DebateSide[];
  readonly stages: readonly DebateStage[];
  readonly problems: readonly OptionProblem[];
} {
  const problems: OptionProblem[] = [];
  const sides = (options.sides ?? DEFAULT_SIDES).map((side, index): DebateSide => {
    return typeof side === "string"
      ? { name: `side ${index + 1}`, stance: side.trim() }
      : { name: side.name.trim(), stance: side.stance.trim() };
  });
  sides.forEach(({ name, stance }, index) => {
    const same = sides.findIndex((one) => one.name === name || one.stance === stance);
    if (same === index) return;
    const message = `sides must be different from each other: sides[${index}] repeats sides[${same}]`;
    problems.push({ path: ["sides", index], message });
  });
  const given = options.stages ?? STAGES;
  if (!given.includes("opening")) {
    problems.push({
      path: ["stages"],
      message: "stages must have the opening: there is nothing to answer without it",
    });
  }
  if (new Set(given).size < given.length) {
    problems.push({ path: ["stages"], message: "stages must be different from each other" });
  }
  return { sides, stages: STAGES.filter((stage) => given.includes(stage)), problems };
}
