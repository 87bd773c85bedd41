/**
 * The principles of a constitution.
 *
 * @module
 */

import type { OptionProblem, OptionSchema } from "../options.ts";

/** A principle with all that can be said about it. A string stands for one that has only a text. */
export interface PrincipleInit {
  /** What results call it. @default "principle-1", "principle-2", … */
  readonly id?: string;
  /** What is demanded of the text. */
  readonly text: string;
  /** How much it counts in the score; above 0. @default 1 */
  readonly weight?: number;
  /** What to ask about the text. @default whether it violates the principle */
  readonly critiqueRequest?: string;
  /** How to revise a text that violates it. @default as the critique asks */
  readonly revisionRequest?: string;
}

/** A principle with its place in the constitution. */
export interface Principle extends Required<Pick<PrincipleInit, "id" | "text" | "weight">> {
  /** Its place, from 1. */
  readonly number: number;
  /** What to ask about the text. */
  readonly critiqueRequest: string | undefined;
  /** How to revise. */
  readonly revisionRequest: string | undefined;
}

/** What a principle may be in the options. */
export const PRINCIPLE_SCHEMA: OptionSchema = {
  anyOf: [
    { type: "string", minLength: 1 },
    {
      type: "object",
      properties: {
        id: { description: "What results call it.", type: "string", minLength: 1 },
        text: { description: "What is demanded of the text.", type: "string", minLength: 1 },
        weight: {
          description: "How much it counts in the score.",
          type: "number",
          exclusiveMinimum: 0,
          default: 1,
        },
        critiqueRequest: { description: "What to ask about the text.", type: "string", minLength: 1 },
        revisionRequest: {
          description: "How to revise a text that violates it.",
          type: "string",
          minLength: 1,
        },
      },
      required: ["text"],
    },
  ],
};

/**
 * The constitution where none is given.
 *
 * @example
 * ```ts
 * import { DEFAULT_PRINCIPLES } from "@sifaka/sifaka/critics";
 *
 * console.log(DEFAULT_PRINCIPLES.map((principle) => principle.id)); // "harm", "honesty", "autonomy", "accuracy", "helpfulness"
 * ```
 */
export const DEFAULT_PRINCIPLES: readonly PrincipleInit[] = Object.freeze([
  {
    id: "harm",
    text:
      "The text does not help anyone to hurt people, animals or property, and does not demean people for what they are.",
  },
  {
    id: "honesty",
    text: "The text does not mislead: it says what is uncertain, and presents opinion as opinion.",
  },
  {
    id: "autonomy",
    text:
      "The text leaves the decision to its readers: it gives reasons, and neither presses, flatters nor frightens them.",
  },
  {
    id: "accuracy",
    text:
      "Every statement of fact in the text agrees with the task, the documents and what is generally known.",
  },
  {
    id: "helpfulness",
    text: "The text does what the task asks for, completely and without evasion.",
  },
].map((principle) => Object.freeze(principle)));

/**
 * Settles principles.
 *
 * @param given Principles that the options check has passed.
 * @returns The principles, numbered, and what is wrong with them together.
 */
export function settlePrinciples(
  given: readonly (string | PrincipleInit)[],
): { readonly principles: readonly Principle[]; readonly problems: readonly OptionProblem[] } {
  const problems: OptionProblem[] = [];
  const texts = new Map<string, number>();
  const ids = new Map<string, number>();
  const principles = given.map((entry, index) => {
    const init: PrincipleInit = typeof entry === "string" ? { text: entry } : entry;
    const number = index + 1;
    const principle: Principle = Object.freeze({
      number,
      id: init.id?.trim() ?? `principle-${number}`,
      text: init.text.trim(),
      weight: init.weight ?? 1,
      critiqueRequest: init.critiqueRequest?.trim(),
      revisionRequest: init.revisionRequest?.trim(),
    });
    const same = texts.get(principle.text.toLowerCase()) ?? ids.get(principle.id);
    if (same !== undefined) {
      const message =
        `principles must be different from each other: principles[${index}] repeats principles[${same}]`;
      problems.push({ path: ["principles", index], message });
    }
    texts.set(principle.text.toLowerCase(), index);
    ids.set(principle.id, index);
    return principle;
  });
  return { principles: Object.freeze(principles), problems };
}
