/**
 * Calls any model from within an operation: Sifaka's own, and plain objects that only have `generate`.
 *
 * @module
 */

import { ConfigurationError, ModelApiError, ModelError, TimeoutError } from "../errors.ts";
import { handChunks } from "../operation/chunks.ts";
import { race } from "../operation/combinators.ts";
import { host, type Operation, sleep } from "../operation/operation.ts";
import { show } from "../options.ts";
import type { Message } from "../thought/message.ts";
import type { Thought } from "../thought/thought.ts";
import { checkCallOptions, unsupportedOptions } from "./call_options.ts";
import type { GenerateOptions, Generation, Prompt } from "./generation.ts";
import type { Model } from "./model.ts";
import { costOf } from "./price.ts";

/**
 * Generates a text with any model.
 *
 * @param model The model; its operation is preferred to `generate` and `_generateAsync`.
 * @param prompt What to generate from.
 * @param options Options of this call.
 * @returns An operation of what the model answered; its text is never blank.
 * @throws {ConfigurationError} When the model cannot generate, or an option is unknown, wrong or not supported.
 * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
 *
 * @example
 * ```ts
 * import { generateOperation, MockModel } from "@sifaka/sifaka/models";
 * import { runSync } from "@sifaka/sifaka";
 *
 * const model = new MockModel({ response: "Hello." });
 * console.log(runSync(generateOperation(model, "Greet me")).text); // "Hello."
 * ```
 */
export function* generateOperation(
  model: Model,
  prompt: Prompt,
  options: GenerateOptions = {},
): Operation<Generation> {
  checkCall(model, options);
  const generation = model._generateOperation
    ? yield* model._generateOperation(prompt, options)
    : yield* callPlainModel(model, prompt, options);
  return priced(model, requireText(model, generation));
}

/**
 * Generates the next text of a thought with any model.
 *
 * @param model The model; one that wants the thought itself gets it.
 * @param thought Whose text to write.
 * @param prompt The prompt built from the thought.
 * @param options Options of this call.
 * @returns An operation of what the model answered; its text is never blank.
 * @throws {ConfigurationError} When the model cannot generate, or an option is unknown, wrong or not supported.
 * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
 *
 * @example
 * ```ts
 * import { runSync, Thought } from "@sifaka/sifaka";
 * import { generateForThought, MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({ response: "Hello!" });
 * const thought = new Thought({ prompt: "Greet me." });
 * console.log(runSync(generateForThought(model, thought, [{ role: "user", content: thought.prompt }])).text); // "Hello!"
 * ```
 */
export function* generateForThought(
  model: Model,
  thought: Thought,
  prompt: readonly Message[],
  options: GenerateOptions = {},
): Operation<Generation> {
  if (!model._generateForThoughtOperation) return yield* generateOperation(model, prompt, options);
  checkCall(model, options);
  return priced(
    model,
    requireText(model, yield* model._generateForThoughtOperation(thought, prompt, options)),
  );
}

/**
 * Generates the next text of a thought piece by piece, where the model can; the whole text is one piece where it cannot.
 *
 * @param model The model.
 * @param thought Whose text to write.
 * @param prompt The prompt built from the thought.
 * @param options Options of this call.
 * @param hand Takes a piece.
 * @returns An operation of what the model answered; its text is never blank.
 * @throws {ConfigurationError} When the model cannot generate, or an option is unknown, wrong or not supported.
 * @throws {ModelApiError} When the call fails; code `empty_completion` when the answer is blank.
 */
export function* streamForThought(
  model: Model,
  thought: Thought,
  prompt: readonly Message[],
  options: GenerateOptions,
  hand: (piece: string) => Operation<void>,
): Operation<Generation> {
  if (model._streamOperation && !model._generateForThoughtOperation) {
    checkCall(model, options);
    const streamed = handChunks(model._streamOperation(prompt, options), (chunk) => hand(String(chunk)));
    return priced(model, requireText(model, yield* streamed));
  }
  const generation = yield* generateForThought(model, thought, prompt, options);
  yield* hand(generation.text);
  return generation;
}

/** The times of a call that can be bounded: the error's code, its words, and the option that raises it. */
const TIMES = {
  call: { code: "timeout", said: "did not answer", option: "timeoutMs" },
  connect: { code: "connect_timeout", said: "did not begin to answer", option: "timeouts.connectMs" },
  firstToken: {
    code: "first_token_timeout",
    said: "sent nothing of its text",
    option: "timeouts.firstTokenMs",
  },
  betweenTokens: {
    code: "between_tokens_timeout",
    said: "fell silent in the middle of its answer and sent no more",
    option: "timeouts.betweenTokensMs",
  },
} as const;

/** Which time of a call is bounded. */
export type CallTime = keyof typeof TIMES;

/**
 * Bounds the time of a call, or of a part of it.
 *
 * @param model The model, for the error.
 * @param timeoutMs The longest it may take, in milliseconds; no bound when left out.
 * @param operation The call.
 * @param which Which part it is.
 * @returns An operation of its value.
 * @throws {ModelApiError} Retryable, when the time is over; the call is cancelled first. Its code says which time it was
 * (`timeout` for the whole call), and so does its cause, a `TimeoutError`.
 */
export function* withinTime<T>(
  model: Pick<Model, "name" | "provider">,
  timeoutMs: number | undefined,
  operation: Operation<T>,
  which: CallTime = "call",
): Operation<T> {
  if (timeoutMs === undefined) return yield* operation;
  const value = yield* race<T | typeof EXPIRED>([operation, expire(timeoutMs)]);
  if (value !== EXPIRED) return value;
  const { code, said, option } = TIMES[which];
  const message = `${describeModel(model)} ${said} within ${timeoutMs} ms`;
  const metadata = { timeout: which, timeoutMs };
  throw new ModelApiError(message, {
    code,
    component: model.name,
    operation: "generate",
    provider: model.provider,
    retryable: true,
    metadata,
    suggestions: [`Raise \`${option}\`, or check that the server is up.`],
    cause: new TimeoutError(message, { code, metadata }),
  });
}

const EXPIRED: unique symbol = Symbol("expired");

function* expire(timeoutMs: number): Operation<typeof EXPIRED> {
  yield* sleep(timeoutMs);
  return EXPIRED;
}

/**
 * Names a model in a message.
 *
 * @param model The model.
 * @returns Its provider and its name.
 */
export function describeModel(model: Pick<Model, "name" | "provider">): string {
  return model.provider === undefined || model.provider === model.name
    ? model.name
    : `${model.provider}:${model.name}`;
}

/**
 * Refuses a blank answer.
 *
 * @param model The model that gave it, for the error.
 * @param generation The answer.
 * @returns The same answer.
 * @throws {ModelApiError} With code `empty_completion`, retryable, when it is blank.
 */
export function requireText(model: Pick<Model, "name" | "provider">, generation: Generation): Generation {
  if (typeof generation.text !== "string") {
    throw new ModelError(
      `${describeModel(model)} answered with something that is not text: ${show(generation.text)}`,
      {
        code: "not_text",
        component: model.name,
        operation: "generate",
      },
    );
  }
  if (generation.text.trim() !== "") return generation;
  const filtered = generation.finishReason === "filter";
  throw new ModelApiError(`${describeModel(model)} answered with an empty text`, {
    code: filtered ? "content_filter" : "empty_completion",
    component: model.name,
    operation: "generate",
    provider: model.provider,
    retryable: !filtered,
    metadata: { finishReason: generation.finishReason },
    suggestions: generation.finishReason === "length"
      ? ["Raise `maxTokens`: the answer was cut off before any text."]
      : [],
  });
}

/** Adds what a call cost, where its model has a price and neither the model nor the provider said what it cost. */
export function priced({ price }: Model, generation: Generation): Generation {
  const { usage } = generation;
  if (price === undefined || usage === undefined || usage.costUsd !== undefined) return generation;
  const costUsd = costOf(price, usage);
  return costUsd === undefined ? generation : { ...generation, usage: { ...usage, costUsd } };
}

/** Checks the options of a call, and that the model supports them. */
export function checkCall(model: Model, options: GenerateOptions): void {
  checkCallOptions(describeModel(model), options);
  const { capabilities } = model;
  const refused = new Set<keyof GenerateOptions>(model.unsupportedOptions);
  if (capabilities?.structuredOutput === false) refused.add("responseFormat");
  if (capabilities?.systemRole === false) refused.add("systemPrompt");
  if (capabilities?.seed === false) refused.add("seed");
  const given = [...refused].filter((name) => options[name] !== undefined);
  if (given.length > 0) throw unsupportedOptions(describeModel(model), given);
}

function* callPlainModel(model: Model, prompt: Prompt, options: GenerateOptions): Operation<Generation> {
  if (!model.generate && !model._generateAsync) {
    throw new ConfigurationError(
      `Cannot generate with ${describeModel(model)} as it has no generate method`,
      {
        code: "no_method",
        component: model.name,
        operation: "generate",
        suggestions: ["Give it `generate(prompt, options)`, or make it with `defineModel`."],
      },
    );
  }
  const text = yield* withinTime(
    model,
    options.timeoutMs,
    host<string>(
      model.generate && (() => model.generate!(prompt, options)),
      model._generateAsync && ((signal) => model._generateAsync!(prompt, { ...options, signal })),
    ),
  );
  return { text, finishReason: "stop", model: model.name };
}
