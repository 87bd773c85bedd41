/**
 * One iteration of a chain, as an immutable value.
 *
 * @module
 */

import { currentTimeMs } from "../runtime/clock.ts";
import { newId } from "../runtime/identity.ts";
import { upgradeRecord } from "./codec.ts";
import type { CriticFeedback, CriticFeedbackInit } from "./critic_feedback.ts";
import type { Document, DocumentInit } from "./document.ts";
import { checkMetadata, EMPTY_LIST, jsonFields, type JsonObject, setField } from "./frozen.ts";
import { checkGeneration, type GenerationInfo } from "./generation_info.ts";
import { nextData, type NextIterationOptions } from "./next_iteration.ts";
import { checkName, checkString, Place } from "./place.ts";
import { type Revision, revisionJson } from "./revision.ts";
import {
  checkDocuments,
  checkFeedback,
  checkThought,
  copyThought,
  setResults,
  ThoughtData,
  type ThoughtInit,
  type ValidationResults,
} from "./thought_data.ts";
import { sumUsage, type Usage } from "./usage.ts";
import type { ValidationResult, ValidationResultInit } from "./validation_result.ts";

export type { NextIterationOptions } from "./next_iteration.ts";
export type { ThoughtInit, ValidationResults } from "./thought_data.ts";

/**
 * One iteration of a chain: the task, the text, what was said about it, and the iterations before it.
 *
 * It cannot be changed; every method that changes something returns a new thought.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 *
 * const thought = new Thought({ prompt: "Describe lemurs." });
 * const draft = thought.withText("Lemurs are primates.");
 * console.log(thought.text, draft.text); // undefined "Lemurs are primates."
 * ```
 */
export class Thought {
  /** The version of the record that `toJSON` writes. */
  readonly schemaVersion: number;
  /** Its id. */
  readonly id: string;
  /** The chain it belongs to. */
  readonly chainId?: string;
  /** The thought before it. */
  readonly parentId?: string;
  /** Which iteration it is, from 0. */
  readonly iteration: number;
  /** When it was made: an instant in UTC, ISO 8601 with `Z`. */
  readonly timestamp: string;
  /** The task. */
  readonly prompt: string;
  /** What the model is told about its role. */
  readonly systemPrompt?: string;
  /** The text; `undefined` until there is one. */
  readonly text?: string;
  /** The prompt that the text was generated from, exactly as it was sent. */
  readonly modelPrompt?: string;
  /** How the text came to be; `undefined` for a text that was given. */
  readonly generation?: GenerationInfo;
  /** Documents for the generator. */
  readonly preGenerationContext: readonly Document[];
  /** Documents for the critics. */
  readonly postGenerationContext: readonly Document[];
  /** Results by the validator's name, in the order of the validators. */
  readonly validationResults: Readonly<Record<string, ValidationResult>>;
  /** Feedback, in the order of the critics. */
  readonly criticFeedback: readonly CriticFeedback[];
  /** The iterations before it, complete, oldest first, each with an empty history. */
  readonly history: readonly Thought[];
  /** What it is to improve; `undefined` in the first iteration. */
  readonly revision?: Revision;
  /** Further facts. */
  readonly metadata: JsonObject;
  readonly #allPassed: boolean;

  /**
   * Makes a thought, drawing its id and timestamp where they are not given.
   *
   * @param init The task, and whatever else is known.
   * @throws {ConfigurationError} When a field is unknown or wrong; the message names it.
   */
  constructor(init: ThoughtInit) {
    const data = init instanceof ThoughtData ? init : checkThought(MAKING, init, MAKERS);
    this.schemaVersion = data.schemaVersion;
    this.id = data.id;
    this.chainId = data.chainId;
    this.parentId = data.parentId;
    this.iteration = data.iteration;
    this.timestamp = data.timestamp;
    this.prompt = data.prompt;
    this.systemPrompt = data.systemPrompt;
    this.text = data.text;
    this.modelPrompt = data.modelPrompt;
    this.generation = data.generation;
    this.preGenerationContext = data.preGenerationContext;
    this.postGenerationContext = data.postGenerationContext;
    this.validationResults = data.validationResults;
    this.criticFeedback = data.criticFeedback;
    this.history = data.history;
    this.revision = data.revision;
    this.metadata = data.metadata;
    this.#allPassed = data.allPassed;
    Object.freeze(this);
  }

  /**
   * Whether the last validation passed: there are results, and all of them passed. A thought without results is not
   * valid, as nothing has been found out about it.
   */
  get valid(): boolean {
    return this.#allPassed;
  }

  /** What the thought and its history consumed: the generations and the critics' calls. */
  get usage(): Usage {
    return sumUsage([...this.history, this].flatMap(ownUsages));
  }

  /**
   * The thought with another text. Results and feedback stay as they are.
   *
   * @param text The text; may be empty.
   * @returns The new thought.
   * @throws {ConfigurationError} When it is not a string.
   */
  withText(text: string): Thought {
    const data = copyThought(this);
    data.text = checkString(MAKING, "text", text, undefined) ?? MAKING.fail("text", "be a string", text);
    return new Thought(data);
  }

  /**
   * The thought with the prompt that its text is generated from.
   *
   * @param modelPrompt The prompt, exactly as it is sent.
   * @returns The new thought.
   * @throws {ConfigurationError} When it is not a string.
   */
  withModelPrompt(modelPrompt: string): Thought {
    const data = copyThought(this);
    data.modelPrompt = checkString(MAKING, "modelPrompt", modelPrompt, undefined) ??
      MAKING.fail("modelPrompt", "be a string", modelPrompt);
    return new Thought(data);
  }

  /**
   * The thought with how its text came to be.
   *
   * @param generation The model, why it ended, and what it consumed.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field is unknown or wrong.
   */
  withGeneration(generation: GenerationInfo): Thought {
    const data = copyThought(this);
    data.generation = checkGeneration(MAKING, generation);
    return new Thought(data);
  }

  /**
   * The thought with a text that a model wrote.
   *
   * @param text The text.
   * @param modelPrompt The prompt it was generated from.
   * @param generation How it came to be.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field is wrong.
   */
  withGeneratedText(text: string, modelPrompt: string, generation: GenerationInfo): Thought {
    const data = copyThought(this);
    data.text = checkString(MAKING, "text", text, undefined) ?? MAKING.fail("text", "be a string", text);
    data.modelPrompt = modelPrompt;
    data.generation = checkGeneration(MAKING, generation);
    return new Thought(data);
  }

  /**
   * The thought with further documents for the generator.
   *
   * @param documents The documents; a string stands for a document of that text.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of one is unknown or wrong.
   */
  addPreGenerationContext(documents: readonly (string | DocumentInit)[]): Thought {
    const added = checkDocuments(MAKING, "preGenerationContext", documents);
    if (added.length === 0) return this;
    const data = copyThought(this);
    data.preGenerationContext = Object.freeze([...this.preGenerationContext, ...added]);
    return new Thought(data);
  }

  /**
   * The thought with further documents for the critics.
   *
   * @param documents The documents; a string stands for a document of that text.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of one is unknown or wrong.
   */
  addPostGenerationContext(documents: readonly (string | DocumentInit)[]): Thought {
    const added = checkDocuments(MAKING, "postGenerationContext", documents);
    if (added.length === 0) return this;
    const data = copyThought(this);
    data.postGenerationContext = Object.freeze([...this.postGenerationContext, ...added]);
    return new Thought(data);
  }

  /**
   * The thought with one more result.
   *
   * @param name The validator's name, under which the result is kept; an earlier result of that name is replaced.
   * @param result The result, or what it is made of.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of the result is wrong.
   */
  addValidationResult(name: string, result: ValidationResultInit): Thought {
    const results: Record<string, ValidationResultInit> = {};
    for (const key of Object.keys(this.validationResults)) {
      setField(results, key, this.validationResults[key]);
    }
    setField(results, checkName(MAKING, "validationResults", name), result);
    return this.withValidationResults(results);
  }

  /**
   * The thought with these results and no others.
   *
   * @param results Results by the validator's name, or a list in which each names its validator; the latter is faster.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of a result is wrong, or two of a list have the same name.
   */
  withValidationResults(results: ValidationResults): Thought {
    const data = copyThought(this);
    setResults(data, MAKING, results);
    return new Thought(data);
  }

  /**
   * The thought with the feedback of one more critic.
   *
   * @param feedback The feedback, or what it is made of.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of it is unknown or wrong.
   */
  addCriticFeedback(feedback: CriticFeedbackInit): Thought {
    return this.withCriticFeedback([...this.criticFeedback, feedback]);
  }

  /**
   * The thought with this feedback and no other.
   *
   * @param feedback Feedback, in the order of the critics.
   * @returns The new thought.
   * @throws {ConfigurationError} When a field of it is wrong.
   */
  withCriticFeedback(feedback: readonly CriticFeedbackInit[]): Thought {
    const data = copyThought(this);
    data.criticFeedback = checkFeedback(MAKING, feedback);
    return new Thought(data);
  }

  /**
   * The thought with further metadata.
   *
   * @param patch JSON; its fields replace those of the same name.
   * @returns The new thought.
   * @throws {ConfigurationError} When a value is not JSON; the message names its place.
   */
  withMetadata(patch: JsonObject): Thought {
    const added = checkMetadata(MAKING, patch);
    const metadata: Record<string, JsonObject[string]> = {};
    for (const source of [this.metadata, added]) {
      for (const key of Object.keys(source)) setField(metadata, key, source[key]);
    }
    const data = copyThought(this);
    data.metadata = Object.freeze(metadata);
    return new Thought(data);
  }

  /**
   * Begins the iteration that improves this one.
   *
   * The task, the chain and the metadata are carried over, and this thought joins the history. The text and all that
   * was said about it are gone, but for the `revision`, which holds what the generator needs of them.
   *
   * @param options The id and the timestamp of the next thought, and whether its documents stay.
   * @returns The next thought, without a text.
   * @throws {ConfigurationError} When this thought has no text, as there is nothing to improve.
   *
   * @example
   * ```ts
   * import { Thought } from "@sifaka/sifaka";
   *
   * const draft = new Thought({ prompt: "Describe lemurs.", text: "Lemurs are." })
   *   .addValidationResult("length", { passed: false, issues: ["48 words too few"] });
   * const next = draft.nextIteration();
   * console.log(next.iteration, next.text, next.revision?.text); // 1 undefined "Lemurs are."
   * console.log(next.history.length); // 1
   * ```
   */
  nextIteration(options: NextIterationOptions = {}): Thought {
    const { id = newId(), timestamp = timestampNow(), keepPreContext = false } = options;
    return new Thought(nextData(MAKING, this, { id, timestamp, keepPreContext }, withoutHistory(this)));
  }

  /**
   * The thought as JSON, for `JSON.stringify` and storages.
   *
   * @returns A record with the history and the `schemaVersion`. Parts of it are frozen.
   */
  toJSON(): JsonObject {
    const results: Record<string, JsonObject> = {};
    for (const key of Object.keys(this.validationResults)) {
      setField(results, key, this.validationResults[key]!.toJSON());
    }
    const json = jsonFields(this);
    json.preGenerationContext = this.preGenerationContext.map((document) => document.toJSON());
    json.postGenerationContext = this.postGenerationContext.map((document) => document.toJSON());
    json.validationResults = results;
    json.criticFeedback = this.criticFeedback.map((feedback) => feedback.toJSON());
    json.history = this.history.map((thought) => thought.toJSON());
    if (this.revision !== undefined) json.revision = revisionJson(this.revision);
    return json;
  }

  /**
   * Reads what `toJSON` wrote, by this version of Sifaka or an older one.
   *
   * @param value The JSON.
   * @returns The thought. Fields that this version does not know stand in `metadata.$extra`.
   * @throws {StorageError} When it is no thought (the message names the field), or of a newer version.
   *
   * @example
   * ```ts
   * import { Thought } from "@sifaka/sifaka";
   *
   * const text = JSON.stringify(new Thought({ prompt: "Describe lemurs." }));
   * console.log(Thought.fromJSON(JSON.parse(text)).prompt); // "Describe lemurs."
   * ```
   */
  static fromJSON(value: unknown): Thought {
    return makeThought(Place.reading("Thought"), value);
  }
}

const MAKING = Place.making("Thought");
const MAKERS = { id: newId, timestamp: timestampNow, thought: makeThought };

function timestampNow(): string {
  return new Date(currentTimeMs()).toISOString();
}

function makeThought(place: Place, value: unknown): Thought {
  if (value instanceof Thought) return value;
  const record = place.unknown === undefined ? value : upgradeRecord(place, value);
  return new Thought(checkThought(place, record, MAKERS));
}

function withoutHistory(thought: Thought): Thought {
  if (thought.history.length === 0) return thought;
  const data = copyThought(thought);
  data.history = EMPTY_LIST;
  return new Thought(data);
}

function ownUsages(thought: Thought): (Usage | undefined)[] {
  return [thought.generation?.usage, ...thought.criticFeedback.map(feedbackUsage)];
}

function feedbackUsage(feedback: CriticFeedback): Usage | undefined {
  return feedback.usage ?? (feedback.modelCalls > 0 ? { modelCalls: feedback.modelCalls } : undefined);
}
