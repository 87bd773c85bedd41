/**
 * One critique or improvement under way: what it is about, and how it calls its model. Critics themselves keep nothing from
 * one call to the next.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { generateOperation } from "../models/generate.ts";
import type { GenerateOptions, Generation } from "../models/generation.ts";
import type { Model } from "../models/model.ts";
import { allSettled, retry } from "../operation/combinators.ts";
import { emit, type Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { retrieveOperation } from "../retrievers/retrieve.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { Document } from "../thought/document.ts";
import type { Message } from "../thought/message.ts";
import type { Thought } from "../thought/thought.ts";
import type { AnswerFormat } from "./answer_format.ts";
import { CallLedger } from "./call_ledger.ts";
import type { CriticSettings } from "./common_options.ts";
import type { CriticContext } from "./critic.ts";
import { type CriticAnswer, parseAnswer } from "./parse_answer.ts";
import { shorten } from "./read_fields.ts";

/** Who speaks in a call, where a critic has several parts to play. What is left out is as the critic was set to. */
export interface Speaker {
  /** Who is asked. */
  readonly model?: Model;
  /** The part, said after the critic's own role. */
  readonly part?: string;
  /** Randomness of this part; left out where the model refuses the option. */
  readonly temperature?: number;
  /** Tells calls with the same prompt apart, where the model honours it. */
  readonly seed?: number;
}

/** A question to the model. */
export interface Question {
  /** What is asked; the form of the answer is added to it. */
  readonly prompt: string;
  /** The form of the answer. */
  readonly format: AnswerFormat;
  /** Looks at an answer that could be read; says what is still missing in it, if anything. */
  readonly check?: (answer: CriticAnswer) => string | undefined;
  /** Who is asked. @default the critic's model in its own role */
  readonly speaker?: Speaker;
}

/** How much of an unreadable answer is shown to the model again. */
const LONGEST_ECHO = 4_000;

/** One critique or improvement under way. */
export class CriticSession {
  /** The critic's name in this run. */
  readonly name: string;
  /** The thought that is examined. */
  readonly thought: Thought;
  /** Its text. */
  readonly text: string;
  /** Counts the calls of this session alone. */
  readonly calls: CallLedger = new CallLedger();
  /** What the critic was set to. */
  readonly settings: CriticSettings;
  readonly #context: CriticContext;
  #made = 0;
  #remembered: JsonValue | undefined;

  /**
   * @param name The critic's own name.
   * @param settings What it was set to.
   * @param thought The thought to examine.
   * @param context What the caller gave.
   * @throws {CriticError} With code `no_text` when the thought has no text.
   */
  constructor(name: string, settings: CriticSettings, thought: Thought, context: CriticContext) {
    this.name = context.criticName ?? name;
    if (thought.text === undefined) {
      throw new CriticError(`${this.name} cannot examine the thought as it has no text`, {
        code: "no_text",
        component: this.name,
        operation: "critique",
        suggestions: ["Generate a text first, or set one with thought.withText(text)."],
      });
    }
    this.thought = thought;
    this.text = thought.text;
    this.settings = settings;
    this.#context = context;
  }

  /** The documents to check against, those found for this draft first, each once. */
  get documents(): readonly Document[] {
    const { thought } = this;
    const found = [
      ...this.#context.documents ?? [],
      ...thought.postGenerationContext,
      ...thought.preGenerationContext,
    ];
    const seen = new Set<string>();
    return found.filter((document) => seen.size < seen.add(document.text).size).slice(
      0,
      this.settings.maxContextDocuments,
    );
  }

  /** Asks a retriever of the critic's own, else those of the chain; `undefined` where there are none. */
  searcher(
    retriever: Retriever | undefined,
    limit: number,
  ): ((query: string) => Operation<readonly Document[]>) | undefined {
    if (retriever === undefined) return this.#context.retrieve;
    return (query) => retry({ ...this.settings.retry }, () => retrieveOperation(retriever, query, { limit }));
  }

  /** What the critic remembers of this run, or of others where it shares that. */
  get memory(): JsonValue | undefined {
    if (this.#remembered !== undefined) return this.#remembered;
    if (this.#context.memory) return this.#context.memory.value;
    const kept = this.thought.metadata.critics;
    const isRecord = typeof kept === "object" && kept !== null && !Array.isArray(kept);
    return isRecord && Object.hasOwn(kept, this.name)
      ? (kept as Record<string, JsonValue>)[this.name]
      : undefined;
  }

  /** What was to be remembered in this critique, or is shared with other runs. */
  get remembered(): JsonValue | undefined {
    return this.#remembered;
  }

  /** Keeps a memory for the next iteration, where the caller takes one. */
  remember(value: JsonValue): void {
    this.#remembered = value;
    if (this.#context.memory) this.#context.memory.value = value;
  }

  /** How many calls the budget still allows. */
  get callsLeft(): number {
    return this.settings.maxModelCalls - this.#made;
  }

  /**
   * A session about a later version of the text, on the same budget.
   *
   * @param thought The later version.
   * @returns The session.
   */
  about(thought: Thought): CriticSession {
    const session = new CriticSession(this.name, this.settings, thought, this.#context);
    session.#made = this.#made;
    return session;
  }

  /**
   * Refuses to begin what the budget cannot pay for.
   *
   * @param needed The fewest calls it takes.
   * @throws {CriticError} With code `budget`.
   */
  requireCalls(needed: number): void {
    if (needed <= this.callsLeft) return;
    throw new CriticError(
      `${this.name} cannot begin as it must not make more calls than budget.maxModelCalls: ` +
        `it needs ${needed}, and ${Math.max(0, this.callsLeft)} of ${this.settings.maxModelCalls} are left`,
      {
        code: "budget",
        component: this.name,
        metadata: { needed, maxModelCalls: this.settings.maxModelCalls },
        suggestions: ["Raise budget.maxModelCalls."],
      },
    );
  }

  /**
   * Asks the model, and asks again with what was wrong when the answer cannot be read.
   *
   * @param question What to ask.
   * @returns An operation of the last answer that could be read, else of the last one.
   */
  *ask(question: Question): Operation<CriticAnswer> {
    const { format, speaker = {} } = question;
    const model = speaker.model ?? this.settings.model;
    const first = this.#conversation(
      model,
      this.#role(speaker),
      `${question.prompt}\n\n${format.instructions}`,
    );
    const options: GenerateOptions = model.capabilities?.structuredOutput
      ? { responseFormat: { type: "json", schema: format.schema } }
      : {};
    let messages = first;
    let best: CriticAnswer | undefined;
    for (let repairs = 0;; repairs++) {
      const { text } = yield* this.#generate(speaker, messages, options);
      const answer = parseAnswer(text, format.reading);
      const problem = answer.problem ?? question.check?.(answer);
      if (answer.problem === undefined || best === undefined) best = answer;
      if (problem === undefined || repairs >= this.settings.maxRepairs || this.callsLeft < 1) return best;
      messages = [
        ...first,
        { role: "assistant", content: shorten(text, LONGEST_ECHO) },
        { role: "user", content: repairRequest(problem) },
      ];
    }
  }

  /**
   * Asks several questions side by side, as many at a time as the critic may. One that fails leaves the others alone.
   *
   * @param name What the questions are called in effect paths.
   * @param questions What to ask.
   * @returns An operation of what became of each, in the order given.
   */
  askAll(name: string, questions: readonly Question[]): Operation<Outcome<CriticAnswer>[]> {
    return allSettled(questions.map((question) => this.ask(question)), {
      name,
      concurrency: this.settings.modelCallConcurrency,
    });
  }

  /**
   * Has the model write a text.
   *
   * @param prompt What to write.
   * @param speaker Who writes it.
   * @returns An operation of what the model said.
   */
  *write(prompt: string, speaker: Speaker = {}): Operation<string> {
    const { systemPrompt } = this.thought;
    const role = this.#role(speaker);
    const model = speaker.model ?? this.settings.model;
    const system = systemPrompt === undefined
      ? role
      : `${role}\n\nThe writer's own instructions:\n${systemPrompt}`;
    const { text } = yield* this.#generate(speaker, this.#conversation(model, system, prompt), {});
    return text;
  }

  #role({ part }: Speaker): string {
    const { systemPrompt } = this.settings;
    return part === undefined ? systemPrompt : `${systemPrompt}\n\n${part}`;
  }

  #conversation(model: Model, system: string, user: string): Message[] {
    return model.capabilities?.systemRole === false
      ? [{ role: "user", content: `${system}\n\n${user}` }]
      : [{ role: "system", content: system }, { role: "user", content: user }];
  }

  *#generate(
    speaker: Speaker,
    messages: readonly Message[],
    options: GenerateOptions,
  ): Operation<Generation> {
    const { retry: policy, maxTokens } = this.settings;
    const model = speaker.model ?? this.settings.model;
    const temperature = this.#temperature(speaker, model);
    const takesSeed = speaker.seed !== undefined && model.capabilities?.seed === true;
    const settled: GenerateOptions = {
      ...options,
      ...(temperature === undefined ? {} : { temperature }),
      ...(takesSeed ? { seed: speaker.seed } : {}),
      // A draw that nothing else tells from the others: an answer that was kept would be the same for all of them.
      ...(speaker.seed !== undefined && !takesSeed ? { fresh: true } : {}),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    };
    return yield* retry({
      ...policy,
      isRetryable: (error) =>
        (error as { retryable?: unknown } | null)?.retryable === true && this.callsLeft >= 1,
      onRetry: (error, attempt, waitMs) => this.#tellRetry(error, attempt, waitMs),
    }, (attempt) => this.#call(model, messages, attempt > 1 ? { ...settled, fresh: true } : settled));
  }

  #temperature(speaker: Speaker, model: Model): number | undefined {
    const { temperature, isTemperatureChosen } = this.settings;
    const refused = model.unsupportedOptions?.includes("temperature") ?? false;
    if (speaker.temperature !== undefined) return refused ? undefined : speaker.temperature;
    return refused && !isTemperatureChosen ? undefined : temperature;
  }

  *#call(
    model: Model,
    messages: readonly Message[],
    options: GenerateOptions,
  ): Operation<Generation> {
    this.requireCalls(1);
    this.#made++;
    const call = this.calls.count(generateOperation(model, messages, options));
    return yield* this.#context.calls?.count(call) ?? call;
  }

  *#tellRetry(error: unknown, attempt: number, waitMs: number): Operation<void> {
    const message = error instanceof Error ? error.message : String(error);
    yield* emit({
      type: "retry",
      component: this.name,
      iteration: this.thought.iteration,
      attempt,
      waitMs,
      message,
    });
  }

  /**
   * Tells the run, or its observers where there is none, something that the reader should know.
   *
   * @param code A stable string to switch on.
   * @param message One sentence.
   */
  *warn(code: string, message: string): Operation<void> {
    yield* this.#context.warn?.(code, message) ??
      emit({ type: "warning", component: this.name, code, message });
  }
}

function repairRequest(problem: string): string {
  return `Your answer could not be used: ${problem}. ` +
    "Answer again, with one JSON object of the form described before and nothing else.";
}
