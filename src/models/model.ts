/**
 * What a model is to the rest of Sifaka.
 *
 * @module
 */

import { Component } from "../component.ts";
import { iterateAsync, runAsync } from "../drivers/async.ts";
import { iterateSync, runSync } from "../drivers/sync.ts";
import { type Operation, produce } from "../operation/operation.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import type { Message } from "../thought/message.ts";
import { buildPrompt, promptText } from "../thought/prompt.ts";
import type { Thought } from "../thought/thought.ts";
import { checkCall, generateForThought, generateOperation, priced, requireText } from "./generate.ts";
import type { GenerateOptions, Generation, ModelCapabilities, Prompt, TokenCount } from "./generation.ts";
import type { ModelPrice } from "./price.ts";

export type { Message } from "../thought/message.ts";
export type { Usage } from "../thought/usage.ts";
export type { ModelPrice } from "./price.ts";
export type { GenerateOptions, Generation, ModelCapabilities, Prompt, TokenCount } from "./generation.ts";
export { generateForThought, generateOperation } from "./generate.ts";

/**
 * Writes text. Only `name` and one way to generate are required of a model of one's own; `defineModel` makes a complete one
 * from a function.
 */
export interface Model {
  /** The model's name, without its provider. */
  readonly name: string;
  /** The provider, for example `"openai"`. */
  readonly provider?: string;
  /** What it can do. */
  readonly capabilities?: ModelCapabilities;
  /** Options of a call that it refuses; a component leaves these out where the user has not asked for them. */
  readonly unsupportedOptions?: readonly (keyof GenerateOptions)[];
  /** What its tokens cost; left out where it is not known. */
  readonly price?: ModelPrice;
  /** Generates a text. */
  generate?(prompt: Prompt, options?: GenerateOptions): string;
  /** The twin of `generate` for code on an event loop. */
  _generateAsync?(prompt: Prompt, options?: GenerateOptions): Promise<string>;
  /** The operation behind both. Sifaka prefers it to either. It keeps to `options.timeoutMs` by itself. */
  _generateOperation?(prompt: Prompt, options?: GenerateOptions): Operation<Generation>;
  /** The operation behind `stream` and its twin: hands on each piece by `produce`, and gives the whole. */
  _streamOperation?(prompt: Prompt, options?: GenerateOptions): Operation<Generation>;
  /**
   * Generates the next text of a thought, where the model wants the thought itself and not only the prompt built from it.
   * `prompt` is that prompt.
   */
  _generateForThoughtOperation?(
    thought: Thought,
    prompt: readonly Message[],
    options?: GenerateOptions,
  ): Operation<Generation>;
  /** Generates the next text of a thought. */
  generateWithThought?(thought: Thought, options?: GenerateOptions): [text: string, prompt: string];
  /** Generates a text piece by piece. */
  stream?(prompt: Prompt, options?: GenerateOptions): Iterable<string>;
  /** The twin of `stream` for code on an event loop. */
  _streamAsync?(prompt: Prompt, options?: GenerateOptions): AsyncIterable<string>;
  /** How many tokens the text has, exactly or by estimate. */
  countTokens?(text: string): number;
}

/**
 * Makes every method of a model from one operation: extend it, and write only `_generateOperation` (and `_streamOperation`,
 * where answers come in pieces).
 *
 * @example
 * ```ts
 * import { type Generation, type Operation, OperationModel } from "@sifaka/sifaka";
 *
 * class Polite extends OperationModel {
 *   readonly name = "polite";
 *   readonly provider = "example";
 *   readonly capabilities = { structuredOutput: false, systemRole: false, seed: false };
 *   *_generateOperation(): Operation<Generation> {
 *     return { text: "Good morning.", finishReason: "stop", model: this.name };
 *   }
 * }
 * console.log(new Polite().generate("Greet me.")); // "Good morning."
 * ```
 */
export abstract class OperationModel extends Component implements Model {
  /** The model's name, without its provider. */
  abstract readonly name: string;
  /** The provider, for example `"openai"`. */
  abstract readonly provider: string;
  /** What it can do. */
  abstract readonly capabilities: ModelCapabilities;
  /** Options of a call that it refuses. */
  readonly unsupportedOptions: readonly (keyof GenerateOptions)[] = [];
  /** What its tokens cost; `undefined` where it is not known. */
  readonly price?: ModelPrice;

  /** What it was made with; a `tokenizer` in it counts tokens exactly, which are estimated where there is none. */
  override _madeWith(): { readonly tokenizer?: (text: string) => number } {
    return super._madeWith();
  }

  /** The one body behind every way to generate. It keeps to `options.timeoutMs` by itself. */
  abstract _generateOperation(prompt: Prompt, options?: GenerateOptions): Operation<Generation>;

  /** The one body behind `stream` and its twin: hands on each piece by `produce`. All of the text is one piece by default. */
  *_streamOperation(prompt: Prompt, options?: GenerateOptions): Operation<Generation> {
    const generation = yield* this._generateOperation(prompt, options);
    yield* produce(generation.text);
    return generation;
  }

  /**
   * Generates a text.
   *
   * @param prompt One user message, or a whole conversation.
   * @param options Options of this call.
   * @returns The text; never blank.
   * @throws {ConfigurationError} When an option is unknown, wrong or not supported.
   * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
   */
  generate(prompt: Prompt, options: GenerateOptions = {}): string {
    return runSync(generateOperation(this, prompt, options), { signal: options.signal }).text;
  }

  /** The twin of `generate` for code on an event loop. */
  async _generateAsync(prompt: Prompt, options: GenerateOptions = {}): Promise<string> {
    return (await runAsync(generateOperation(this, prompt, options), { signal: options.signal })).text;
  }

  /**
   * Generates the next text of a thought: its first from the task and the documents, a later one from the draft and what was
   * found wrong with it.
   *
   * @param thought Whose text to write.
   * @param options Options of this call.
   * @returns The text, and the prompt that was sent.
   * @throws {ConfigurationError} When an option is unknown, wrong or not supported.
   * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
   */
  generateWithThought(thought: Thought, options: GenerateOptions = {}): [text: string, prompt: string] {
    return runSync(withThought(this, thought, options), { signal: options.signal });
  }

  /** The twin of `generateWithThought` for code on an event loop. */
  _generateWithThoughtAsync(
    thought: Thought,
    options: GenerateOptions = {},
  ): Promise<[text: string, prompt: string]> {
    return runAsync(withThought(this, thought, options), { signal: options.signal });
  }

  /**
   * Generates a text piece by piece. The next piece is asked for when the loop comes round; leaving the loop ends the call.
   *
   * @param prompt One user message, or a whole conversation.
   * @param options Options of this call; `timeoutMs` bounds the wait for each piece.
   * @returns The pieces; together they are the text.
   * @throws {ConfigurationError} When an option is unknown, wrong or not supported.
   * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
   */
  stream(prompt: Prompt, options: GenerateOptions = {}): Iterable<string> {
    return iterateSync<string>(streamed(this, prompt, options), { signal: options.signal });
  }

  /** The twin of `stream` for code on an event loop. */
  _streamAsync(prompt: Prompt, options: GenerateOptions = {}): AsyncIterable<string> {
    return iterateAsync<string>(streamed(this, prompt, options), { signal: options.signal });
  }

  /**
   * How many tokens the text has: by the tokenizer the model was given, else by an estimate that needs no network.
   *
   * @param text The text.
   * @returns An integer; 0 only for the empty text.
   */
  countTokens(text: string): number {
    return this.countTokensDetailed(text).tokens;
  }

  /**
   * Counts tokens and says whether the number is exact.
   *
   * @param text The text.
   * @returns The number, and whether a tokenizer counted it.
   */
  countTokensDetailed(text: string): TokenCount {
    const { tokenizer } = this._madeWith();
    return tokenizer
      ? { tokens: tokenizer(text), exact: true }
      : { tokens: estimateTokens(text), exact: false };
  }
}

function* withThought(
  model: OperationModel,
  thought: Thought,
  options: GenerateOptions,
): Operation<[text: string, prompt: string]> {
  const prompt = buildPrompt(thought);
  const generation = yield* generateForThought(model, thought, prompt, options);
  return [generation.text, promptText(prompt)];
}

function* streamed(model: OperationModel, prompt: Prompt, options: GenerateOptions): Operation<Generation> {
  checkCall(model, options);
  return priced(model, requireText(model, yield* model._streamOperation(prompt, options)));
}
