/**
 * A model that answers from a script, for tests and demonstrations.
 *
 * @module
 */

import { ModelError } from "../errors.ts";
import { host, now, type Operation, produce, sleep } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionSchemas } from "../options.ts";
import type { Message } from "../thought/message.ts";
import { promptText } from "../thought/prompt.ts";
import type { Thought } from "../thought/thought.ts";
import { FREE, type ModelPrice } from "./price.ts";
import type { Usage } from "../thought/usage.ts";
import { CAPABILITIES_OPTION, toMessages } from "./call_options.ts";
import { withinTime } from "./generate.ts";
import {
  type GenerateOptions,
  type Generation,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
} from "./model.ts";

/** One scripted answer: a text, an error to throw, or a function that makes a text from the call. */
export type MockResponse = string | Error | ((call: MockCall) => string);

/** What a {@linkcode MockModel} was asked. */
export interface MockCall {
  /** How many calls came before it. */
  readonly index: number;
  /** The prompt as one text. */
  readonly prompt: string;
  /** The messages that a provider would have been sent. */
  readonly messages: readonly Message[];
  /** The options of the call. */
  readonly options: GenerateOptions;
  /** The thought whose text was wanted, when there was one. */
  readonly thoughtId?: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** When it ended, in milliseconds since the epoch; `undefined` while it is under way, and when it was cancelled. */
  readonly endedAtMs: number | undefined;
}

/** Options of {@linkcode MockModel}. */
export interface MockModelOptions {
  /** The model's name. @default "mock" */
  name?: string;
  /** The answers, in order. Not together with `response`. @default a marker that quotes the prompt */
  responses?: readonly MockResponse[];
  /** The answer to every call. Not together with `responses`. */
  response?: MockResponse;
  /**
   * What follows the last answer: `"cycle"` begins again, `"last"` repeats the last, `"strict"` throws. @default "cycle"
   */
  mode?: "cycle" | "last" | "strict";
  /** How long each call takes, in milliseconds. @default 0 */
  latencyMs?: number;
  /** What each call says it consumed. What it leaves out is not known. @default no money, and tokens that are not known */
  usage?: Omit<Usage, "modelCalls">;
  /** What the model says it can do. @default everything */
  capabilities?: Partial<ModelCapabilities>;
  /** Counts tokens exactly. @default an estimate */
  tokenizer?: (text: string) => number;
}

const RESPONSE_ACCEPTED = "a string, an Error or a function";
const isResponse = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "function" || value instanceof Error;
const USAGE_FIGURE = { type: "number", minimum: 0 } as const;

/**
 * What {@linkcode MockModel} accepts.
 *
 * @example
 * ```ts
 * import { MOCK_MODEL_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(MOCK_MODEL_OPTIONS).length > 0); // true
 * ```
 */
export const MOCK_MODEL_OPTIONS: OptionSchemas = Object.freeze({
  name: { description: "The model's name.", type: "string", minLength: 1, default: "mock" },
  responses: {
    description: "The answers, in order.",
    type: "array",
    minItems: 1,
    items: {
      anyOf: [{ type: "string" }, { codeOnly: true, accepts: isResponse, accepted: RESPONSE_ACCEPTED }],
    },
  },
  response: {
    description: "The answer to every call.",
    anyOf: [{ type: "string" }, { codeOnly: true, accepts: isResponse, accepted: RESPONSE_ACCEPTED }],
  },
  mode: { description: "What follows the last answer.", enum: ["cycle", "last", "strict"], default: "cycle" },
  latencyMs: {
    description: "How long each call takes, in milliseconds.",
    type: "number",
    minimum: 0,
    default: 0,
  },
  usage: {
    description: "What each call says it consumed.",
    type: "object",
    properties: {
      promptTokens: USAGE_FIGURE,
      completionTokens: USAGE_FIGURE,
      cacheReadTokens: USAGE_FIGURE,
      cacheWriteTokens: USAGE_FIGURE,
      costUsd: USAGE_FIGURE,
    },
  },
  capabilities: CAPABILITIES_OPTION,
  tokenizer: {
    description: "Counts tokens exactly.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
});

type Recorded = { -readonly [Field in keyof MockCall]: MockCall[Field] };

/**
 * Answers from a script and records what it was asked.
 *
 * @example
 * ```ts
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({ responses: ["First.", "Second."] });
 * model.generate("Write");
 * console.log(model.generate("Write again")); // "Second."
 * console.log(model.calls[1]?.prompt); // "Write again"
 * ```
 */
export class MockModel extends OperationModel {
  /** The model's name. */
  readonly name: string;
  /** The provider. */
  readonly provider: string = "mock";
  /** What it says it can do. */
  readonly capabilities: ModelCapabilities;
  readonly #responses: readonly MockResponse[] | undefined;
  readonly #mode: "cycle" | "last" | "strict";
  readonly #latencyMs: number;
  /** Nothing: it asks nobody. */
  override readonly price: ModelPrice = FREE;
  readonly #usage: Omit<Usage, "modelCalls">;
  #calls: Recorded[] = [];
  /** How far the script has come, answers that a journal has given included. */
  #position = 0;

  /**
   * Makes a model with its script.
   *
   * @param options What to answer, and how.
   * @throws {ConfigurationError} When an option is unknown or wrong, or both `response` and `responses` are given.
   */
  constructor(options: MockModelOptions = {}) {
    const checked = checkOptions("MockModel", options, MOCK_MODEL_OPTIONS);
    super(checked);
    if (checked.response !== undefined && checked.responses !== undefined) {
      throw optionError("MockModel", [{
        path: ["response"],
        message: "response and responses must not both be given: both are",
      }]);
    }
    this.name = checked.name ?? "mock";
    this.capabilities = Object.freeze({
      structuredOutput: true,
      systemRole: true,
      seed: true,
      ...checked.capabilities,
    });
    this.#responses = checked.response === undefined
      ? checked.responses && [...checked.responses]
      : [checked.response];
    this.#mode = checked.mode ?? "cycle";
    this.#latencyMs = checked.latencyMs ?? 0;
    this.#usage = Object.freeze(checked.usage === undefined ? { costUsd: 0 } : { ...checked.usage });
  }

  /** What the model was asked, in order. */
  get calls(): readonly MockCall[] {
    return this.#calls;
  }

  /** Forgets the calls and begins the script again. */
  reset(): void {
    this.#calls = [];
    this.#position = 0;
  }

  /** The one body behind every way to generate. */
  *_generateOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    return yield* this.#answer(prompt, options, undefined);
  }

  /** The same, and records whose text was wanted. */
  *_generateForThoughtOperation(
    thought: Thought,
    prompt: readonly Message[],
    options: GenerateOptions = {},
  ): Operation<Generation> {
    return yield* this.#answer(prompt, options, thought.id);
  }

  /** The one body behind `stream` and its twin: hands on the answer word by word. */
  override *_streamOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<Generation> {
    const generation = yield* this.#answer(prompt, options, undefined);
    for (const piece of generation.text.split(/(?<=\s)(?=\S)/u)) yield* produce(piece);
    return generation;
  }

  *#answer(prompt: Prompt, options: GenerateOptions, thoughtId: string | undefined): Operation<Generation> {
    const messages = toMessages(this.name, prompt, options.systemPrompt);
    const call: Recorded = {
      index: this.#position,
      prompt: promptText(messages),
      messages,
      options: { ...options },
      ...(thoughtId === undefined ? {} : { thoughtId }),
      startedAtMs: yield* now(),
      endedAtMs: undefined,
    };
    // As a call of the user's own code, so that a journal answers it: what is resumed or replayed is not asked again.
    call.index = yield* host(() => this.#begin(call));
    this.#position = Math.max(this.#position, call.index + 1);
    let text: string;
    try {
      if (this.#latencyMs > 0) yield* withinTime(this, options.timeoutMs, sleep(this.#latencyMs));
      text = yield* host(() => this.#respond(call));
    } catch (error) {
      call.endedAtMs = yield* now();
      throw error;
    }
    call.endedAtMs = yield* now();
    return {
      text,
      finishReason: "stop",
      usage: this.#usage,
      model: this.name,
    };
  }

  #begin(call: Recorded): number {
    call.index = this.#position++;
    this.#calls.push(call);
    return call.index;
  }

  #respond(call: MockCall): string {
    const response = this.#scripted(call.index);
    if (response instanceof Error) throw response;
    if (typeof response === "function") return response(call);
    return response ?? `Mock response of ${this.name} to: ${firstGraphemes(call.prompt)}`;
  }

  #scripted(index: number): MockResponse | undefined {
    const responses = this.#responses;
    if (responses === undefined || index < responses.length) return responses?.[index];
    if (this.#mode === "cycle") return responses[index % responses.length];
    if (this.#mode === "last") return responses.at(-1);
    throw new ModelError(`${this.name} has no answer left: ${responses.length} were scripted`, {
      code: "script_exhausted",
      component: this.name,
      operation: "generate",
    });
  }
}

const QUOTED_GRAPHEMES = 50;

function firstGraphemes(text: string): string {
  // 50 graphemes of ordinary text fit; the cut keeps a pathological grapheme from being quoted whole.
  const segments = new Intl.Segmenter("en").segment(text.slice(0, 20 * QUOTED_GRAPHEMES));
  let quoted = "";
  let count = 0;
  for (const { segment } of segments) {
    if (count++ === QUOTED_GRAPHEMES) break;
    quoted += segment;
  }
  return quoted;
}
