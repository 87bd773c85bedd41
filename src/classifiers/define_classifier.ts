/**
 * Makes classifiers from functions.
 *
 * @module
 */

import { host, type Operation } from "../operation/operation.ts";
import { optionError, show } from "../options.ts";
import { ClassificationResult, type ClassificationResultInit } from "./classification_result.ts";
import { type ClassifierContext, OperationClassifier } from "./classifier.ts";

/** Classifies a text: a plain, a generator or an asynchronous function. It gives a label (then it is sure of it) or a result. */
export type ClassifyFunction = (
  text: string,
  context: ClassifierContext,
) =>
  | string
  | ClassificationResultInit
  | Operation<string | ClassificationResultInit>
  | Promise<string | ClassificationResultInit>;

/**
 * Makes a classifier from a function.
 *
 * @param name What it is called.
 * @param labels The labels that it may give; none for any.
 * @param classify Classifies a text.
 * @returns The classifier.
 * @throws {ConfigurationError} When the name is blank or the function is none.
 *
 * @example
 * ```ts
 * import { defineClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const length = defineClassifier("length", ["short", "long"], (text) => text.length < 20 ? "short" : "long");
 * console.log(length.classify("Hello.").label); // "short"
 * ```
 */
export function defineClassifier(
  name: string,
  labels: readonly string[],
  classify: ClassifyFunction,
): OperationClassifier {
  if (typeof name !== "string" || name.trim() === "") {
    throw optionError("a classifier", [{
      path: ["name"],
      message: `its name must not be blank: name is ${show(name)}`,
    }]);
  }
  if (typeof classify !== "function") {
    throw optionError(`classifier ${name}`, [{
      path: ["classify"],
      message: `classify must be a function: it is ${show(classify)}`,
    }]);
  }
  return new FunctionClassifier(name, [...labels], classify);
}

class FunctionClassifier extends OperationClassifier {
  override readonly name: string;
  override readonly labels: readonly string[];
  readonly #classify: ClassifyFunction;

  constructor(name: string, labels: readonly string[], classify: ClassifyFunction) {
    super();
    this.name = name;
    this.labels = labels;
    this.#classify = classify;
  }

  override *_classifyOperation(
    text: string,
    context: ClassifierContext = {},
  ): Operation<ClassificationResult> {
    const given = yield* this.#call(text, context);
    return ClassificationResult.of(typeof given === "string" ? { label: given, confidence: 1 } : given);
  }

  *#call(text: string, context: ClassifierContext): Operation<string | ClassificationResultInit> {
    if (Object.prototype.toString.call(this.#classify) === "[object AsyncFunction]") {
      return yield* host<string | ClassificationResultInit>(
        undefined,
        async (signal) =>
          await (this.#classify(text, { ...context, signal }) as Promise<ClassificationResultInit>),
      );
    }
    const given = this.#classify(text, context);
    if (isOperation(given)) return yield* given;
    return given instanceof Promise ? yield* host(() => given as never) : given as ClassificationResultInit;
  }
}

function isOperation(value: unknown): value is Operation<string | ClassificationResultInit> {
  const object = value as { next?: unknown; [Symbol.iterator]?: unknown } | null;
  return typeof object === "object" && typeof object?.next === "function" &&
    typeof object[Symbol.iterator] === "function";
}
