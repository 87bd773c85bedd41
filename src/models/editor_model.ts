/**
 * The embedded editor: no language model, but real work on a real draft with nothing but this package.
 *
 * @module
 */

import { ModelApiError } from "../errors.ts";
import type { RemoteRef } from "../operation/effects.ts";
import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { readFence } from "../text/fence.ts";
import type { Message } from "../thought/message.ts";
import type { Thought } from "../thought/thought.ts";
import { answerOf } from "./editor/answer.ts";
import { type Demands, demandsOf, NO_DEMANDS } from "./editor/demands.ts";
import type { EditRemark } from "./editor/request.ts";
import { withinTime } from "./generate.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
} from "./model.ts";
import { FREE, type ModelPrice } from "./price.ts";

/** Options of {@linkcode EditorModel}. */
export interface EditorModelOptions {
  /** The longest an edit may take, in milliseconds. @default 60000 */
  timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;

/**
 * What {@linkcode EditorModel} accepts.
 *
 * @example
 * ```ts
 * import { EDITOR_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(EDITOR_OPTIONS).length > 0); // true
 * ```
 */
export const EDITOR_OPTIONS: OptionSchemas = Object.freeze({
  timeoutMs: {
    description: "The longest an edit may take, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: TIMEOUT_MS,
  },
});

/**
 * Improves a draft by the suggestions of the retext family (simpler words, doubled words, articles, considerate wording,
 * quotation marks, contractions) and by what failed in validation: a text that is too long loses its least central sentences,
 * and what must not occur is replaced or taken out. The same draft always gives the same text. Headings, lists and code stay
 * as they are. It cannot write a text where there is none, and it reads English.
 *
 * As the model of a critic it says what it would change.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { EditorModel } from "@sifaka/sifaka/models";
 *
 * const thought = new Thought({ prompt: "Edit the notice.", text: "In order to enter, utilize the the side door." });
 * const [text] = new EditorModel().generateWithThought(thought);
 * console.log(text); // "To enter, use the side door."
 * ```
 */
export class EditorModel extends OperationModel {
  /** The model's name. */
  readonly name: string = "editor";
  /** The provider. */
  readonly provider: string = "editor";
  /** What it can do. */
  readonly capabilities: ModelCapabilities = Object.freeze({
    structuredOutput: true,
    systemRole: true,
    seed: false,
  });
  /** Options of a call that it refuses: it draws nothing at random and has no tokens. */
  override readonly unsupportedOptions: readonly (keyof GenerateOptions)[] = [
    "temperature",
    "maxTokens",
    "topP",
    "topK",
    "stop",
    "presencePenalty",
    "frequencyPenalty",
    "extra",
  ];
  /** Its calls cost nothing, so that a bound of money holds for a chain that uses it. */
  override readonly price: ModelPrice = FREE;
  readonly #timeoutMs: number;

  /**
   * Makes the editor.
   *
   * @param options How long an edit may take.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options: EditorModelOptions = {}) {
    const { timeoutMs = TIMEOUT_MS } = checkOptions("EditorModel", options, EDITOR_OPTIONS);
    super(options);
    this.#timeoutMs = timeoutMs;
  }

  /** Edits the draft of a thought. */
  *_generateForThoughtOperation(
    thought: Thought,
    _prompt: readonly Message[],
    options: GenerateOptions = {},
  ): Operation<Generation> {
    const draft = thought.revision?.text ?? thought.text;
    if (draft === undefined || draft.trim() === "") throw noText();
    return yield* this.#edit(draft, demandsOf(thought), options);
  }

  /** Reviews or edits the draft that stands in a prompt: the answer is JSON where a form for it is asked for. */
  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const draft = draftIn(prompt);
    if (draft === undefined || draft.trim() === "") throw noText();
    if (options.responseFormat === undefined) return yield* this.#edit(draft, NO_DEMANDS, options);
    const remarks = yield* this.#call<EditRemark[]>("review", draft, options);
    return this.#generation(JSON.stringify(answerOf(draft, remarks, options.responseFormat.schema)));
  }

  *#edit(text: string, demands: Demands, options: GenerateOptions): Operation<Generation> {
    return this.#generation(yield* this.#call<string>("edit", { text, demands }, options));
  }

  /** The packages behind it are loaded with the first call, so the module is named by its address only. */
  *#call<T>(name: "edit" | "review", argument: unknown, options: GenerateOptions): Operation<T> {
    const ref: RemoteRef = { module: packageModule("models/editor_calls"), name };
    return yield* withinTime(this, options.timeoutMs ?? this.#timeoutMs, remote<T>(ref, argument));
  }

  #generation(text: string): Generation {
    return { text, finishReason: "stop", model: this.name, usage: { costUsd: 0 } };
  }
}

function draftIn(prompt: Prompt): string | undefined {
  const texts = typeof prompt === "string" ? [prompt] : prompt.map((message) => message.content);
  for (const text of texts.reverse()) {
    const draft = readFence(text, "draft");
    if (draft !== undefined) return draft;
  }
  return undefined;
}

function noText(): ModelApiError {
  return new ModelApiError(
    "The editor has no text to improve, as it is no language model and cannot write one",
    {
      code: "no_text",
      component: "editor",
      operation: "generate",
      provider: "editor",
      suggestions: [
        "Give a text to improve: `input` in a chain or its configuration, `--input FILE` on the command line.",
        'Or name a language model, for example "openai:gpt-6.1-terra" or "ollama:llama3".',
      ],
    },
  );
}
