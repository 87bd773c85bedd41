/**
 * Makes a model from one function.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import type { Message } from "../thought/message.ts";
import { toMessages } from "./call_options.ts";
import { withinTime } from "./generate.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
} from "./model.ts";

/** What the function of {@linkcode defineModel} may give: the text alone, or more about it. */
export type DefinedAnswer = string | (Partial<Generation> & Pick<Generation, "text">);

/**
 * The function of {@linkcode defineModel}: plain, or a generator that waits by `yield*`. One that returns a promise
 * works in the `_…Async` methods alone.
 */
export type DefinedModel = (
  messages: readonly Message[],
  options: GenerateOptions,
) => DefinedAnswer | Promise<DefinedAnswer> | Operation<DefinedAnswer>;

/**
 * Makes a complete model from a function.
 *
 * @param name The model's name.
 * @param generate Gets the messages (the system prompt first, when there is one) and the call's options, and gives the text.
 * @returns The model, with every method and its twin.
 * @throws {ConfigurationError} When the name is blank or `generate` is no function.
 *
 * @example
 * ```ts
 * import { defineModel, sleep } from "@sifaka/sifaka";
 *
 * const shout = defineModel("shout", function* (messages) {
 *   yield* sleep(5);
 *   return messages.at(-1)!.content.toUpperCase();
 * });
 * console.log(shout.generate("hello")); // "HELLO"
 * ```
 */
export function defineModel(name: string, generate: DefinedModel): OperationModel {
  if (typeof name !== "string" || name.trim() === "") {
    throw new ConfigurationError(
      `Cannot define a model as its name must not be blank: name is ${show(name)}`,
      {
        code: "invalid_option",
      },
    );
  }
  if (typeof generate !== "function") {
    throw new ConfigurationError(
      `Cannot define the model ${name} as its second argument must be a function: it is ${show(generate)}`,
      { code: "invalid_option", component: name },
    );
  }
  return new FunctionModel(name, generate);
}

function isGeneratorFunction(made: unknown): boolean {
  return Object.prototype.toString.call(made) === "[object GeneratorFunction]";
}

class FunctionModel extends OperationModel {
  readonly name: string;
  readonly provider: string = "custom";
  readonly capabilities: ModelCapabilities = Object.freeze({
    structuredOutput: true,
    systemRole: true,
    seed: true,
  });
  readonly #generate: DefinedModel;

  constructor(name: string, generate: DefinedModel) {
    super();
    this.name = name;
    this.#generate = generate;
  }

  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const messages = toMessages(this.name, prompt, options.systemPrompt);
    const answer = yield* withinTime(this, options.timeoutMs, this.#answer(messages, options));
    return {
      finishReason: "stop",
      model: this.name,
      ...(typeof answer === "string" ? { text: answer } : answer),
    };
  }

  *#answer(messages: readonly Message[], options: GenerateOptions): Operation<DefinedAnswer> {
    if (isGeneratorFunction(this.#generate)) {
      return yield* (this.#generate(messages, options) as Operation<DefinedAnswer>);
    }
    // An effect, so that a journal keeps the answer, and that the driver deals with a promise in its own way.
    const answer = yield* host(() => this.#generate(messages, options));
    const isOperation = typeof answer === "object" && Symbol.iterator in answer;
    return isOperation ? yield* (answer as Operation<DefinedAnswer>) : answer as DefinedAnswer;
  }
}
