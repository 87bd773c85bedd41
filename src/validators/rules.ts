/**
 * Builds a validator rule by rule.
 *
 * @module
 */

import { optionError } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { allOf, type CompositionOptions } from "./composition.ts";
import type { ContentItem } from "./content_options.ts";
import { ContentValidator } from "./content_validator.ts";
import { defineValidator } from "./define_validator.ts";
import type { LengthOptions } from "./length_options.ts";
import { LengthValidator } from "./length_validator.ts";
import type { PatternInit } from "./regex_options.ts";
import { RegexValidator } from "./regex_validator.ts";
import type { OperationValidator, Validator } from "./validator.ts";

/** From how much to how much, both included. */
export interface RuleBounds {
  /** The least. @default no bound */
  readonly min?: number;
  /** The most. @default no bound */
  readonly max?: number;
}

/** What a rule of one's own may say beside whether the text passes. */
export interface CustomRuleOptions {
  /** How good a text is by the rule, 0 to 1; it is asked only for texts that fail. */
  readonly score?: (text: string) => number;
  /** What is wrong, in one sentence; it is asked only for texts that fail. */
  readonly detail?: (text: string) => string;
}

/**
 * Builds a validator that passes when all its rules hold: the same as {@linkcode allOf} of the parts.
 *
 * `contains` requires; a list of what must not occur is `not(requiredContent([…], …))` with `requireMode: "any"`, or more
 * plainly `prohibitedContent([…])`: with "all", a text that holds one listed word and not the others would pass.
 *
 * @param name What results are filed under.
 * @returns A builder; call its methods in any order, then `build`.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { rules } from "@sifaka/sifaka/validators";
 *
 * const greeting = rules("greeting").words({ max: 5 }).contains(["good"]).matches("[.!]$").build();
 * console.log(greeting.validate(new Thought({ prompt: "Greet me.", text: "Good morning!" })).passed); // true
 * ```
 */
export function rules(name: string): RuleBuilder {
  return new RuleBuilder(name);
}

/**
 * What {@linkcode rules} gives: each method adds a rule and gives the builder.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { rules } from "@sifaka/sifaka/validators";
 *
 * const short = rules("short").length({ max: 20 }).build();
 * console.log(short.validate(new Thought({ prompt: "Greet me.", text: "Hello!" })).passed); // true
 * ```
 */
export class RuleBuilder {
  readonly #name: string;
  readonly #parts: Validator[] = [];

  /** Use {@linkcode rules}. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Requires a length in characters, or in the unit given. */
  length({ min, max, unit }: RuleBounds & Pick<LengthOptions, "unit">): this {
    return this.#add(new LengthValidator({ name: "length", minLength: min, maxLength: max, unit }));
  }

  /** Requires a number of words. */
  words({ min, max }: RuleBounds): this {
    return this.#add(new LengthValidator({ name: "words", minWords: min, maxWords: max }));
  }

  /** Requires a number of sentences. */
  sentences({ min, max }: RuleBounds): this {
    return this.#add(new LengthValidator({ name: "sentences", minSentences: min, maxSentences: max }));
  }

  /**
   * Requires words or phrases.
   *
   * @param items What must occur, at least one.
   * @param requireMode Whether all must, or any one of them.
   */
  contains(items: readonly ContentItem[], requireMode: "all" | "any" = "all"): this {
    return this.#add(new ContentValidator({ name: "contains", required: items, requireMode }));
  }

  /** Requires a match of a regular expression. */
  matches(pattern: PatternInit): this {
    return this.#add(new RegexValidator({ name: "matches", required: [pattern] }));
  }

  /**
   * Requires what a function of one's own checks.
   *
   * @param name What the rule is called.
   * @param check Whether a text passes.
   * @param options Further things to say of a text that fails.
   */
  custom(name: string, check: (text: string) => boolean, options: CustomRuleOptions = {}): this {
    return this.#add(defineValidator(name, ({ text }: Thought) => {
      if (check(text!)) return { passed: true, score: 1, message: `${name} holds.` };
      const issue = options.detail?.(text!) ?? `${name} does not hold.`;
      const score = options.score?.(text!) ?? 0;
      return {
        passed: false,
        score,
        message: issue,
        issues: [issue],
        suggestions: [`Change the text so that ${name} holds.`],
      };
    }));
  }

  /**
   * Makes the validator.
   *
   * @param options Whether all rules are asked.
   * @returns The validator.
   * @throws {ConfigurationError} When there is no rule.
   */
  build(options: Pick<CompositionOptions, "evaluation"> = {}): OperationValidator {
    if (this.#parts.length === 0) {
      throw optionError(`rules ${this.#name}`, [{
        path: [],
        message: "it needs at least one rule before build",
      }]);
    }
    return allOf(this.#parts, { ...options, name: this.#name });
  }

  #add(part: Validator): this {
    // Two rules of one kind keep names of their own, so that issues say which is meant.
    const same =
      this.#parts.filter(({ name }) => name === part.name || name.startsWith(`${part.name}#`)).length;
    this.#parts.push(same === 0 ? part : renamed(part, `${part.name}#${same + 1}`));
    return this;
  }
}

function renamed(part: Validator, name: string): Validator {
  return Object.freeze({
    name,
    _validateOperation: (thought: Thought) => part._validateOperation!(thought),
  });
}
