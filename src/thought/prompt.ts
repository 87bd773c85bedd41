/**
 * The prompt of an iteration, as a pure function of the thought. No id, clock or random value enters it, so the same
 * thought asks the same thing in the same words each time.
 *
 * @module
 */

import { ChainError, ConfigurationError } from "../errors.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import type { Document } from "./document.ts";
import type { Message } from "./message.ts";
import { askedChanges, type Droppable, lighten } from "./prompt_parts.ts";
import {
  documentSection,
  draftSection,
  feedbackSection,
  INSTRUCTION,
  noteSection,
  requirementSection,
  taskSection,
} from "./prompt_sections.ts";
import type { Revision } from "./revision.ts";
import type { Thought } from "./thought.ts";

/** How long a prompt may be. */
export interface PromptBudget {
  /** The longest prompt, system prompt included, in tokens. @default no limit */
  readonly maxTokens?: number;
  /** The most documents. @default 5 */
  readonly maxDocuments?: number;
  /** The most issues, and the most suggestions, of each critic. @default 20 */
  readonly maxIssuesPerSource?: number;
}

/** Options of {@linkcode buildPrompt}. */
export interface PromptOptions extends PromptBudget {
  /** How many tokens a text has. @default an estimate from its length */
  readonly countTokens?: (text: string) => number;
}

const MAX_DOCUMENTS = 5;
const MAX_ISSUES_PER_SOURCE = 20;

/**
 * Builds the prompt that the next text of a thought is generated from.
 *
 * In the first iteration it is the task, and the documents when there are some; later it is what `buildRevisionPrompt` makes.
 * The system prompt goes into the system role. Where the prompt would be too long, documents are left out from the lowest
 * score on, then remarks of low severity, then notes from the oldest; never the task, the draft, or what failed in
 * validation.
 *
 * @param thought The thought, without a text yet.
 * @param options How long the prompt may be, and how tokens are counted.
 * @returns The conversation to send.
 * @throws {ChainError} When what may not be left out is too long (code `prompt_budget`).
 *
 * @example
 * ```ts
 * import { buildPrompt, Thought } from "@sifaka/sifaka";
 *
 * const thought = new Thought({ prompt: "Describe lemurs.", systemPrompt: "You write for children." });
 * console.log(buildPrompt(thought).map((message) => message.role)); // ["system", "user"]
 * ```
 */
export function buildPrompt(thought: Thought, options: PromptOptions = {}): Message[] {
  if (thought.revision !== undefined) return buildRevisionPrompt(thought, options);
  const documents = bestDocuments(thought, options);
  return withinBudget(thought, options, { documents, changes: [], notes: [] }, (parts) => {
    return parts.documents.length === 0
      ? thought.prompt
      : `${thought.prompt}\n\n${documentSection(parts.documents)}`;
  });
}

/**
 * Builds the prompt that improves the text of the iteration before.
 *
 * In this order: the task; documents, highest score first; the draft; what failed in validation, every issue, and
 * what passed and must stay so; what the critics ask for; their notes; and the instruction to return the complete
 * text. Whatever a model or a stranger wrote stands in fences, introduced as data.
 *
 * @param thought A thought with a `revision`, as `nextIteration` makes it.
 * @param options How long the prompt may be, and how tokens are counted.
 * @returns The conversation to send.
 * @throws {ConfigurationError} When the thought has no revision.
 * @throws {ChainError} When what may not be left out is too long (code `prompt_budget`).
 *
 * @example
 * ```ts
 * import { buildRevisionPrompt, Thought } from "@sifaka/sifaka";
 *
 * const draft = new Thought({ prompt: "Describe lemurs.", text: "Lemurs are." })
 *   .addValidationResult("length", { passed: false, issues: ["48 words too few"] });
 * const [message] = buildRevisionPrompt(draft.nextIteration());
 * console.log(message?.content.includes("- length: 48 words too few")); // true
 * ```
 */
export function buildRevisionPrompt(thought: Thought, options: PromptOptions = {}): Message[] {
  const { revision } = thought;
  if (revision === undefined) {
    throw new ConfigurationError("Cannot build a revision prompt as the thought has no revision", {
      code: "no_revision",
      component: "Thought",
      suggestions: ["Call nextIteration() on the thought whose text is to be improved."],
    });
  }
  const droppable: Droppable = {
    documents: bestDocuments(thought, options),
    changes: askedChanges(revision.feedback, options.maxIssuesPerSource ?? MAX_ISSUES_PER_SOURCE),
    notes: revision.notes,
  };
  return withinBudget(thought, options, droppable, (parts) => revisionText(thought, revision, parts));
}

function revisionText(thought: Thought, revision: Revision, parts: Droppable): string {
  return [
    taskSection(thought.prompt),
    ...some(parts.documents, documentSection),
    draftSection(revision.text),
    ...requirementSection(revision.failedValidations, revision.passedValidations),
    ...some(parts.changes, feedbackSection),
    ...some(parts.notes, noteSection),
    INSTRUCTION,
  ].join("\n\n");
}

function some<T>(list: readonly T[], section: (list: readonly T[]) => string): string[] {
  return list.length === 0 ? [] : [section(list)];
}

/**
 * Renders a conversation as one text, as `modelPrompt` keeps it.
 *
 * @param messages The conversation.
 * @returns The content alone for one message of the user; else each message under its role.
 *
 * @example
 * ```ts
 * import { promptText } from "@sifaka/sifaka";
 *
 * console.log(promptText([{ role: "user", content: "Describe lemurs." }])); // "Describe lemurs."
 * ```
 */
export function promptText(messages: readonly Message[]): string {
  const [first] = messages;
  if (messages.length === 1 && first!.role === "user") return first!.content;
  return messages.map((message) => `[${message.role}]\n${message.content}`).join("\n\n");
}

function bestDocuments(thought: Thought, options: PromptOptions): readonly Document[] {
  const documents = thought.preGenerationContext;
  if (documents.length === 0) return documents;
  // The sort is stable: documents without a score keep their order, after those with one.
  return [...documents]
    .sort((a, b) => compareScores(a.score, b.score))
    .slice(0, options.maxDocuments ?? MAX_DOCUMENTS);
}

function compareScores(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return b - a;
}

function withinBudget(
  thought: Thought,
  options: PromptOptions,
  all: Droppable,
  render: (parts: Droppable) => string,
): Message[] {
  const { maxTokens, countTokens = estimateTokens } = options;
  let parts = all;
  while (true) {
    const messages = conversation(thought, render(parts));
    if (maxTokens === undefined) return messages;
    const tokens = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
    if (tokens <= maxTokens) return messages;
    const lighter = lighten(parts);
    if (lighter === undefined) throw tooLong(thought, tokens, maxTokens, countTokens);
    parts = lighter;
  }
}

function conversation(thought: Thought, content: string): Message[] {
  const { systemPrompt } = thought;
  const user: Message = { role: "user", content };
  return systemPrompt === undefined || systemPrompt === ""
    ? [user]
    : [{ role: "system", content: systemPrompt }, user];
}

function tooLong(
  thought: Thought,
  tokens: number,
  maxTokens: number,
  countTokens: (text: string) => number,
): ChainError {
  const { revision } = thought;
  const draftTokens = revision === undefined ? undefined : countTokens(revision.text);
  const kept = revision === undefined
    ? "the task"
    : draftTokens! > maxTokens
    ? "the draft alone"
    : "the task, the draft and what failed in validation";
  return new ChainError(
    `Cannot build the prompt as it must not exceed maxTokens: ${kept} cannot be shortened, ` +
      `${
        draftTokens !== undefined && draftTokens > maxTokens ? draftTokens : tokens
      } tokens are needed, maxTokens is ${maxTokens}`,
    {
      code: "prompt_budget",
      step: "generate",
      metadata: { tokens, maxTokens, ...(draftTokens === undefined ? {} : { draftTokens }) },
      suggestions: ["Raise promptBudget.maxTokens, or shorten the text or the prompt."],
    },
  );
}
