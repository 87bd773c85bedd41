/** What tests of classifiers share. */
import assert from "node:assert/strict";
import type { ClassificationResult } from "../../src/classifiers/classification_result.ts";
import type { OperationClassifier } from "../../src/classifiers/classifier.ts";

/** Classifies in both drivers, expects the same of each, and gives it. */
export async function classify(classifier: OperationClassifier, text: string): Promise<ClassificationResult> {
  const result = classifier.classify(text);
  assert.deepEqual(await classifier._classifyAsync(text), result);
  assert.ok(Object.isFrozen(result) && Object.isFrozen(result.spans));
  assert.ok(classifier.labels.length === 0 || classifier.labels.includes(result.label));
  for (const { start, end, weight } of result.spans) {
    assert.ok(start >= 0 && end > start && end <= text.length && weight > 0, JSON.stringify(result.spans));
  }
  return result;
}

/** What every built-in classifier must do. */
export async function checkClassifier(classifier: OperationClassifier, neutral: string): Promise<void> {
  for (const text of ["", " \n", "?!… ***", "🙂‍↔️".slice(0, 1), "12345 !!!"]) {
    const result = await classify(classifier, text);
    assert.deepEqual(
      [result.label, result.confidence, result.metadata.reason],
      [neutral, 0.5, "no_content"],
      text,
    );
  }
  for (const text of ["👩‍👩‍👧 שלום مرحبا", "a".repeat(2 ** 20), "The quick brown fox. ".repeat(50_000)]) {
    const startedMs = performance.now();
    assert.deepEqual(classifier.classify(text), classifier.classify(text));
    assert.ok(performance.now() - startedMs < 6_000, text.slice(0, 20));
  }
}
