/**
 * Asks any classifier, Sifaka's own or a plain object, and always gets a whole result or an error.
 *
 * @module
 */

import { ClassifierError } from "../errors.ts";
import { timeout } from "../operation/combinators.ts";
import { host, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import { ClassificationResult, type ClassificationResultInit } from "./classification_result.ts";
import type { Classifier, ClassifierContext } from "./classifier.ts";

/**
 * Asks a classifier.
 *
 * @param classifier Whom to ask.
 * @param text The text.
 * @param context What it may use; `timeoutMs` bounds it.
 * @returns An operation of the result.
 * @throws {ClassifierError} When what it gives is no result, or has a label that is not among its own.
 * @throws {TimeoutError} When the time is over.
 *
 * @example
 * ```ts
 * import { runSync } from "@sifaka/sifaka";
 * import { classifySafely } from "@sifaka/sifaka/classifiers";
 *
 * const plain = { name: "plain", labels: ["fine"], classify: () => ({ label: "fine", confidence: 1 }) };
 * console.log(runSync(classifySafely(plain, "Hello.")).method); // "custom"
 * ```
 */
export function* classifySafely(
  classifier: Classifier,
  text: string,
  context: ClassifierContext = {},
): Operation<ClassificationResult> {
  const asked = ask(classifier, text, context);
  const given = yield* context.timeoutMs === undefined
    ? asked
    : timeout(context.timeoutMs, asked, classifier.name);
  const result = ClassificationResult.of(given);
  if (classifier.labels.length === 0 || classifier.labels.includes(result.label)) return result;
  throw new ClassifierError(
    `${classifier.name} must give one of its labels (${classifier.labels.join(", ")}): it gave ${
      show(result.label)
    }`,
    { code: "invalid_result", component: classifier.name, operation: "classify" },
  );
}

function ask(
  classifier: Classifier,
  text: string,
  context: ClassifierContext,
): Operation<ClassificationResultInit> {
  if (classifier._classifyOperation) return classifier._classifyOperation(text, context);
  return host(
    classifier.classify && (() => classifier.classify!(text, context)),
    classifier._classifyAsync && ((signal) => classifier._classifyAsync!(text, { ...context, signal })),
  );
}
