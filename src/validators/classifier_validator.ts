/**
 * Checks which label a classifier puts on a text.
 *
 * @module
 */

import type { ClassificationResult } from "../classifiers/classification_result.ts";
import type { Classifier } from "../classifiers/classifier.ts";
import { classifySafely } from "../classifiers/classify_safely.ts";
import { type ClassifyFunction, defineClassifier } from "../classifiers/define_classifier.ts";
import { ValidatorError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionProblem, type OptionSchemas, show } from "../options.ts";
import { quote } from "../text/excerpt.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator, type ValidatorContext } from "./validator.ts";
import { listed } from "./wording.ts";

/** Options of {@linkcode ClassifierValidator}. Labels of one kind must be given: wanted ones, or unwanted ones, or both. */
export interface ClassifierValidatorOptions {
  /** What results are filed under. @default "ClassifierValidator" */
  readonly name?: string;
  /** Puts labels on texts: a classifier, or a function. Required. */
  readonly classifier?: Classifier | ClassifyFunction;
  /** How sure the classifier must be for its label to count, 0 to 1. @default 0.5 */
  readonly threshold?: number;
  /** The labels that a text may have. */
  readonly validLabels?: readonly string[];
  /** The labels that a text must not have. */
  readonly invalidLabels?: readonly string[];
  /** The one label that a text must have. */
  readonly expectedLabel?: string;
  /** Takes what is to be classified out of the text. @default the whole text */
  readonly extract?: (text: string) => string;
  /** What becomes of a text of whose label the classifier is not sure. @default "pass" with invalidLabels alone, else "fail" */
  readonly onLowConfidence?: "pass" | "fail";
}

/**
 * The options of {@linkcode ClassifierValidator}, for checking them.
 *
 * @example
 * ```ts
 * import { CLASSIFIER_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("threshold" in CLASSIFIER_VALIDATOR_OPTIONS); // true
 * ```
 */
export const CLASSIFIER_VALIDATOR_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ClassifierValidator",
  },
  classifier: {
    description: "Puts labels on texts.",
    codeOnly: true,
    accepts: isClassifier,
    accepted: "a classifier (with a name, labels and a method classify) or a function",
  },
  threshold: {
    description: "How sure the classifier must be for its label to count.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.5,
  },
  validLabels: labels("The labels that a text may have."),
  invalidLabels: labels("The labels that a text must not have."),
  expectedLabel: { description: "The one label that a text must have.", type: "string", minLength: 1 },
  extract: {
    description: "Takes what is to be classified out of the text.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  onLowConfidence: {
    description: "What becomes of a text of whose label the classifier is not sure.",
    enum: ["pass", "fail"],
  },
};

function labels(description: string): OptionSchemas[string] {
  return { description, type: "array", items: { type: "string", minLength: 1 }, minItems: 1 };
}

function isClassifier(value: unknown): boolean {
  if (typeof value === "function") return true;
  const { name, labels } = (value ?? {}) as Partial<Classifier>;
  return typeof name === "string" && Array.isArray(labels) &&
    (["classify", "_classifyAsync", "_classifyOperation"] as const).some((method) =>
      typeof (value as Partial<Classifier>)[method] === "function"
    );
}

/**
 * Checks which label a classifier puts on a text. A text with an unwanted label fails where the classifier is sure enough; with
 * wanted labels given, it must have one of them, surely enough. What becomes of a text of whose label the classifier is not
 * sure is for `onLowConfidence` to say.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ClassifierValidator } from "@sifaka/sifaka/validators";
 *
 * const calm = new ClassifierValidator({
 *   classifier: (text) => ({ label: text.includes("!") ? "loud" : "calm", confidence: 0.9 }),
 *   invalidLabels: ["loud"],
 * });
 * console.log(calm.validate(new Thought({ prompt: "Greet me.", text: "Hello!" })).passed); // false
 * ```
 */
export class ClassifierValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #classifier: Classifier;
  readonly #threshold: number;
  readonly #valid: ReadonlySet<string> | undefined;
  readonly #invalid: ReadonlySet<string>;
  readonly #extract: ((text: string) => string) | undefined;
  readonly #onLowConfidence: "pass" | "fail";

  /**
   * Checks the options and makes the validator.
   *
   * @param options The classifier, and which labels are wanted.
   * @throws {ConfigurationError} When an option is wrong, no label is given, or one is given twice or unknown to the classifier.
   */
  constructor(options: ClassifierValidatorOptions) {
    super(options);
    const checked = checkOptions("ClassifierValidator", options, CLASSIFIER_VALIDATOR_OPTIONS);
    const { classifier, name = "ClassifierValidator", threshold = 0.5, expectedLabel, invalidLabels = [] } =
      checked;
    const problems = labelProblems(checked);
    if (problems.length > 0) throw optionError("ClassifierValidator", problems);
    const valid = expectedLabel === undefined ? checked.validLabels : [expectedLabel];
    this.name = name;
    this.#classifier = typeof classifier === "function"
      ? defineClassifier(name, [], classifier)
      : classifier!;
    this.#threshold = threshold;
    this.#valid = valid && new Set(valid);
    this.#invalid = new Set(invalidLabels);
    this.#extract = checked.extract;
    this.#onLowConfidence = checked.onLowConfidence ?? (valid === undefined ? "pass" : "fail");
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(
    thought: Thought,
    { timeoutMs: _, ...context }: ValidatorContext = {},
  ): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    const text = this.#part(thought.text);
    return this.#judge(text, yield* this.#classify(text, context));
  }

  #part(text: string): string {
    try {
      const part: unknown = this.#extract === undefined ? text : this.#extract(text);
      if (typeof part === "string") return part;
      throw new Error(`it must give a string: it gave ${show(part)}`);
    } catch (error) {
      throw this.#failure("extract_error", "extract failed", error);
    }
  }

  *#classify(text: string, context: ValidatorContext): Operation<ClassificationResult> {
    try {
      return yield* classifySafely(this.#classifier, text, context);
    } catch (error) {
      if (context.signal?.aborted || (error as { name?: unknown } | null)?.name === "AbortError") throw error;
      if ((error as { code?: unknown } | null)?.code === "async_only") throw error;
      throw this.#failure("classifier_error", `${this.#classifier.name} failed`, error);
    }
  }

  #failure(code: string, what: string, cause: unknown): ValidatorError {
    const reason = cause instanceof Error ? cause.message : show(cause);
    return new ValidatorError(`${what}: ${reason}`, {
      code,
      component: this.name,
      operation: "validate",
      cause,
    });
  }

  #judge(text: string, result: ClassificationResult): ValidationResult {
    const { label, confidence } = result;
    const sure = confidence >= this.#threshold;
    const unwanted = this.#invalid.has(label);
    const wanted = this.#valid === undefined ? !unwanted : this.#valid.has(label);
    const passed = sure ? wanted : this.#onLowConfidence === "pass";
    const found = `The text is "${label}" with confidence ${
      confidence.toFixed(2)
    } (threshold ${this.#threshold})`;
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : Math.min(this.#score(result, wanted), ALMOST_ONE),
      message: `${found}.`,
      issues: passed ? [] : [this.#issue(text, result, wanted)],
      suggestions: passed ? [] : this.#suggestions(text, result, wanted),
      metadata: {
        label,
        confidence,
        threshold: this.#threshold,
        method: result.method,
        ...(result.scores ? { scores: result.scores } : {}),
      },
    });
  }

  #score({ scores, confidence }: ClassificationResult, wanted: boolean): number {
    if (scores === undefined) return wanted ? confidence : 1 - confidence;
    const acceptable = Object.entries(scores).filter(([label]) =>
      this.#valid === undefined ? !this.#invalid.has(label) : this.#valid.has(label)
    );
    const all = Math.max(1, Object.values(scores).reduce((sum, score) => sum + score, 0));
    return acceptable.reduce((sum, [, score]) => sum + score, 0) / all;
  }

  #issue(text: string, { label, confidence, spans }: ClassificationResult, wanted: boolean): string {
    if (wanted) {
      return `The label "${label}" is not sure: ${confidence.toFixed(2)} of at least ${this.#threshold}.`;
    }
    const shown = spans.slice(0, 3).map(({ start, end }) => quote(text, [start, end])).join(", ");
    return `The label "${label}" is not wanted${shown === "" ? "" : `; it rests on ${shown}`}.`;
  }

  #suggestions(text: string, { label, spans }: ClassificationResult, wanted: boolean): string[] {
    const aim = this.#valid === undefined
      ? `not "${label}"`
      : listed([...this.#valid].map((one) => `"${one}"`));
    if (wanted) return [`Make it plainer that the text is "${label}".`];
    const phrases = [...new Set(spans.slice(0, 3).map(({ start, end }) => quote(text, [start, end])))];
    return phrases.length === 0
      ? [`Rewrite the text so that it is ${aim}.`]
      : phrases.map((phrase) => `Rephrase: ${phrase}.`);
  }
}

/** A text that failed has less than a whole score, however its labels add up. */
const ALMOST_ONE = 0.99;

function labelProblems(options: ClassifierValidatorOptions): OptionProblem[] {
  const { classifier, validLabels, invalidLabels, expectedLabel } = options;
  if (classifier === undefined) return [{ path: ["classifier"], message: "classifier is required" }];
  const problems: OptionProblem[] = [];
  if (validLabels === undefined && invalidLabels === undefined && expectedLabel === undefined) {
    const message =
      "at least one label is required: none of validLabels, invalidLabels, expectedLabel is given";
    problems.push({ path: [], message });
  }
  if (validLabels !== undefined && expectedLabel !== undefined) {
    problems.push({
      path: ["expectedLabel"],
      message: "expectedLabel and validLabels must not both be given",
    });
  }
  const wanted = [...validLabels ?? [], ...expectedLabel === undefined ? [] : [expectedLabel]];
  for (const label of wanted.filter((one) => invalidLabels?.includes(one))) {
    problems.push({
      path: ["invalidLabels"],
      message: `${show(label)} must not be both wanted and unwanted`,
    });
  }
  const known = typeof classifier === "function" ? [] : classifier.labels;
  for (const label of [...wanted, ...invalidLabels ?? []]) {
    if (known.length === 0 || known.includes(label)) continue;
    const message = `${show(label)} must be a label of the classifier: it has ${
      known.slice(0, 12).join(", ")
    }`;
    problems.push({ path: ["validLabels"], message });
  }
  return problems;
}
