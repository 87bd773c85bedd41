/**
 * Checks a text against regular expressions.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import type { PatternMatches } from "../runtime/guard.ts";
import { quote } from "../text/excerpt.ts";
import { type ComparableText, toComparable } from "../text/normalize.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { compileRules, type RegexOptions, type RegexRule } from "./regex_options.ts";
import { type MatchLimits, searchText } from "./search_pattern.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator } from "./validator.ts";
import { counted, sentence } from "./wording.ts";

const COUNT_ONLY: MatchLimits = { mostSpans: 0, stopAfter: Infinity };
/** The first three matches of a forbidden pattern are quoted. */
const COUNT_AND_QUOTE: MatchLimits = { mostSpans: 3, stopAfter: Infinity };

/**
 * Checks a text against regular expressions: required ones must match, each as often as it asks, and forbidden ones must not.
 *
 * Patterns given as strings are read with the flags `u` (so classes and cases are those of Unicode) and, unless `multiline` is
 * `false`, `m` (so `^` and `$` stand for the ends of each line). Matches are counted as `String.prototype.matchAll` finds
 * them: they do not overlap, an empty match counts once at its place, and groups do not matter. The text and the patterns
 * are compared in NFC. A pattern that could take exponential time does not: it is matched in linear time, or, where that
 * cannot be done, on a worker thread with a limit of time.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { RegexValidator } from "@sifaka/sifaka/validators";
 *
 * const sources = new RegexValidator({
 *   required: [{ name: "reference", pattern: "\\[\\d+\\]", min: 2 }],
 *   forbidden: ["as an AI"],
 * });
 * const result = sources.validate(new Thought({ prompt: "Explain.", text: "Lemurs are primates [1]." }));
 * console.log(result.issues); // ['"reference" was found once, at least 2 matches are needed.']
 * ```
 */
export class RegexValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #required: readonly RegexRule[];
  readonly #forbidden: readonly RegexRule[];
  readonly #anyWillDo: boolean;

  /**
   * Checks the options and makes the validator.
   *
   * @param options The patterns, and how they are read.
   * @throws {ConfigurationError} When an option is wrong, a pattern does not compile or has no safe way to run, or none is given.
   */
  constructor(options: RegexOptions) {
    super(options);
    const { required, forbidden, options: { name = "RegexValidator", requireMode } } = compileRules(
      "RegexValidator",
      options,
    );
    this.name = name;
    this.#required = required;
    this.#forbidden = forbidden;
    this.#anyWillDo = requireMode === "any" && required.length > 0;
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(thought: Thought): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    const subject = toComparable(thought.text, "NFC");
    const findings = new Findings(thought.text, subject, this.#anyWillDo);
    for (const rule of this.#required) {
      findings.addRequired(rule, yield* searchText(rule.pattern, subject.text, COUNT_ONLY));
    }
    for (const rule of this.#forbidden) {
      findings.addForbidden(rule, yield* searchText(rule.pattern, subject.text, COUNT_AND_QUOTE));
    }
    return findings.result(this.name);
  }
}

/**
 * Another name of {@linkcode RegexValidator}.
 *
 * @example
 * ```ts
 * import { PatternValidator } from "@sifaka/sifaka/validators";
 *
 * console.log(new PatternValidator({ pattern: "^[A-Z]" }).name);
 * ```
 */
export const PatternValidator: typeof RegexValidator = RegexValidator;

interface Finding {
  readonly rule: RegexRule;
  readonly count: number;
  readonly holds: boolean;
  readonly issue: string;
}

class Findings {
  readonly #original: string;
  readonly #subject: ComparableText;
  readonly #anyWillDo: boolean;
  readonly #required: Finding[] = [];
  readonly #forbidden: Finding[] = [];

  constructor(original: string, subject: ComparableText, anyWillDo: boolean) {
    this.#original = original;
    this.#subject = subject;
    this.#anyWillDo = anyWillDo;
  }

  addRequired(rule: RegexRule, { count }: PatternMatches): void {
    const holds = count >= rule.min && count <= rule.max;
    const issue = holds ? "" : requiredIssue(rule, count);
    const choice = this.#anyWillDo ? ", unless another required pattern matches" : "";
    this.#required.push({ rule, count, holds, issue: `${issue}${choice}` });
  }

  addForbidden(rule: RegexRule, { count, spans }: PatternMatches): void {
    const issue = count === 0 ? "" : this.#forbiddenIssue(rule, count, spans);
    this.#forbidden.push({ rule, count, holds: count === 0, issue });
  }

  result(validator: string): ValidationResult {
    const anyWillDo = this.#anyWillDo;
    const requiredHold = anyWillDo
      ? this.#required.some(({ holds }) => holds)
      : this.#required.every(({ holds }) => holds);
    const broken = [
      ...(requiredHold ? [] : this.#required.filter(({ holds }) => !holds)),
      ...this.#forbidden.filter(({ holds }) => !holds),
    ];
    const rules = (anyWillDo ? 1 : this.#required.length) + this.#forbidden.length;
    const brokenRules = anyWillDo && !requiredHold
      ? broken.length - this.#required.length + 1
      : broken.length;
    const passed = broken.length === 0;
    const suggestions = broken.map(({ rule }) => suggestionFor(rule));
    return new ValidationResult({
      validator,
      passed,
      score: passed ? 1 : (rules - brokenRules) / rules,
      message: passed
        ? `The text satisfies ${counted(rules, "pattern rule")}.`
        : `The text satisfies ${rules - brokenRules} of ${counted(rules, "pattern rule")}.`,
      issues: broken.map(({ issue }) => sentence(issue)),
      suggestions,
      metadata: {
        matches: Object.fromEntries(
          [...this.#required, ...this.#forbidden].map(({ rule, count }) => [rule.pattern.name, count]),
        ),
      },
    });
  }

  #forbiddenIssue({ pattern }: RegexRule, count: number, spans: PatternMatches["spans"]): string {
    const excerpts = spans.map((span) => {
      const [start, end] = this.#subject.toOriginal(span);
      return `${quote(this.#original, [start, end])} at offset ${start}`;
    });
    const more = count > excerpts.length ? ` and ${count - excerpts.length} more` : "";
    return `"${pattern.name}" must not occur: found ${excerpts.join(", ")}${more}`;
  }
}

function requiredIssue({ pattern, min, max }: RegexRule, count: number): string {
  const found = count === 0 ? "was not found" : `was found ${count === 1 ? "once" : `${count} times`}`;
  const needed = count < min
    ? `at least ${counted(min, "match", "matches")} ${min === 1 ? "is" : "are"} needed`
    : `at most ${counted(max, "match", "matches")} ${max === 1 ? "is" : "are"} allowed`;
  return `"${pattern.name}" ${found}, ${needed}`;
}

function suggestionFor({ pattern, min, max, message }: RegexRule): string {
  if (message !== undefined) return message;
  if (max === 0) return sentence(`Remove everything that matches "${pattern.name}"`);
  const times = min === max
    ? `${counted(min, "match", "matches")}`
    : max === Infinity
    ? `at least ${counted(min, "match", "matches")}`
    : `${min} to ${counted(max, "match", "matches")}`;
  return sentence(`Give the text ${times} of "${pattern.name}"`);
}
