/**
 * Checks which words and phrases a text contains.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { type ComparableText, toComparable } from "../text/normalize.ts";
import { PhraseFinder } from "../text/phrase_finder.ts";
import { standsAlone } from "../text/word_boundary.ts";
import type { Thought } from "../thought/thought.ts";
import type { ValidationResult } from "../thought/validation_result.ts";
import {
  checkContent,
  type CheckedContent,
  type CheckedItem,
  type ContentOptions,
} from "./content_options.ts";
import { type ContentFinding, contentResult, EXCERPTS } from "./content_result.ts";
import { searchText } from "./search_pattern.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator } from "./validator.ts";

/**
 * Checks which words and phrases a text contains: prohibited ones must not occur, required ones must.
 *
 * Items match as whole words, without regard to case, and any white space matches any other; "C++" needs no word boundary
 * after its signs, and in scripts without spaces no boundary is asked for. All items are found in one pass, however many
 * there are.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ContentValidator } from "@sifaka/sifaka/validators";
 *
 * const content = new ContentValidator({ prohibited: ["very", "first class"], required: ["lemur"] });
 * const result = content.validate(new Thought({ prompt: "Describe it.", text: "A very small lemur." }));
 * console.log(result.suggestions); // ['Replace or remove "very".']
 * ```
 */
export class ContentValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #content: CheckedContent;
  readonly #finder: PhraseFinder | undefined;

  /**
   * Checks the options and makes the validator.
   *
   * @param options What must and must not occur, and how it is compared.
   * @throws {ConfigurationError} When an option is wrong, an item is in both lists or no pattern, or there are none.
   */
  constructor(options: ContentOptions) {
    super(options);
    const content = checkContent("ContentValidator", options);
    const { name, regex, caseSensitive } = content.settings;
    this.name = name;
    this.#content = content;
    this.#finder = regex ? undefined : new PhraseFinder(content.items.map(({ text }) => text), caseSensitive);
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(thought: Thought): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    const { items, settings } = this.#content;
    const subject = toComparable(thought.text, settings.normalize);
    const mostSpans = Math.max(settings.maxMatchesReported, EXCERPTS);
    const findings = items.map((item): ContentFinding => ({ item, count: 0, spans: [] }));
    if (this.#finder) {
      findPhrases(this.#finder, subject, findings, { mostSpans, wholeWord: settings.wholeWord });
    } else yield* findPatterns(subject, findings, mostSpans);
    return contentResult(thought.text, findings, settings);
  }
}

function findPhrases(
  finder: PhraseFinder,
  subject: ComparableText,
  findings: readonly ContentFinding[],
  { mostSpans, wholeWord }: { mostSpans: number; wholeWord: boolean },
): void {
  finder.find(subject.text, (phrase, start, end) => {
    if (wholeWord && !standsAlone(subject.text, start, end)) return;
    const finding = findings[phrase]!;
    finding.count++;
    if (finding.spans.length < mostSpans) finding.spans.push(subject.toOriginal([start, end]));
  });
}

function* findPatterns(
  subject: ComparableText,
  findings: readonly ContentFinding[],
  mostSpans: number,
): Operation<void> {
  for (const finding of findings) {
    const pattern = (finding.item as Required<CheckedItem>).pattern;
    const { count, spans } = yield* searchText(pattern, subject.text, { mostSpans, stopAfter: Infinity });
    finding.count = count;
    for (const span of spans) finding.spans.push(subject.toOriginal(span));
  }
}
