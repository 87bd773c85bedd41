/**
 * Models that stand before another one.
 *
 * @module
 */

import { type Operation, produce } from "../operation/operation.ts";
import { generateForThought, generateOperation } from "./generate.ts";
import {
  type GenerateOptions,
  type Generation,
  type Model,
  type ModelCapabilities,
  type ModelPrice,
  OperationModel,
  type Prompt,
} from "./model.ts";

/**
 * A model that stands before another one, under its name and with all that is known of it. A class that extends it says in `_around`
 * what is to be done with each call.
 *
 * @example
 * ```ts
 * import type { Operation } from "@sifaka/sifaka";
 * import { type Generation, MockModel, ModelBefore } from "@sifaka/sifaka/models";
 *
 * class Tidy extends ModelBefore {
 *   protected override *_around(call: Operation<Generation>): Operation<Generation> {
 *     const generation = yield* call;
 *     return { ...generation, text: generation.text.trim() };
 *   }
 * }
 * console.log(new Tidy(new MockModel({ response: " Hello. " })).generate("Greet.")); // "Hello."
 * ```
 */
export abstract class ModelBefore extends OperationModel {
  /** The name of the model behind it. */
  readonly name: string;
  /** The provider of the model behind it. */
  readonly provider: string;
  /** What the model behind it can do. */
  readonly capabilities: ModelCapabilities;
  /** Options of a call that the model behind it refuses. */
  override readonly unsupportedOptions: readonly (keyof GenerateOptions)[];
  /** What the tokens of the model behind it cost. */
  override readonly price?: ModelPrice;
  /** The same for one that works from the thought itself, there only where the model behind it does. */
  readonly _generateForThoughtOperation?: Model["_generateForThoughtOperation"];
  readonly #model: Model;

  /**
   * Takes over what is known of a model.
   *
   * @param model The model behind it.
   * @param options What else it is made with.
   */
  constructor(model: Model, options: object = {}) {
    super({
      ...options,
      model,
      tokenizer: model.countTokens && ((text: string) => model.countTokens!(text)),
    });
    this.name = model.name;
    this.provider = model.provider ?? model.name;
    this.capabilities = model.capabilities ?? { structuredOutput: true, systemRole: true, seed: true };
    this.unsupportedOptions = model.unsupportedOptions ?? [];
    this.price = model.price;
    this.#model = model;
    if (model._generateForThoughtOperation) {
      this._generateForThoughtOperation = (thought, prompt, given) =>
        this._around(generateForThought(model, thought, prompt, given));
    }
  }

  /** Asks the model behind it. */
  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    return yield* this._around(generateOperation(this.#model, prompt, options));
  }

  /** Asks the model behind it piece by piece, where that can answer so; else all of its text is one piece. */
  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    return yield* this._around(streamOf(this.#model, prompt, options));
  }

  /**
   * Does what is to be done before and after a call, and may keep it from being made.
   *
   * @param call Asks the model behind it, for a whole text, a stream or the text of a thought.
   * @returns An operation of the answer.
   */
  protected _around(call: Operation<Generation>): Operation<Generation> {
    return call;
  }
}

function* streamOf(model: Model, prompt: Prompt, options: GenerateOptions): Operation<Generation> {
  if (model._streamOperation) return yield* model._streamOperation(prompt, options);
  const generation = yield* generateOperation(model, prompt, options);
  yield* produce(generation.text);
  return generation;
}
