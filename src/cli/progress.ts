/**
 * Shows a run as it goes: each iteration, what every validator said, what every critic asked.
 *
 * @module
 */

import type { ChainEvent, GeneratedEvent, GenerationChunkEvent, RunFinishedEvent } from "../chain/events.ts";
import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { ValidationResult } from "../thought/validation_result.ts";
import { LiveView } from "./live_view.ts";
import type { Log } from "./log.ts";
import { printable } from "./paint.ts";
import { usageFacts } from "./usage_words.ts";
import { countWords, plural, seconds, shortLine } from "./wording.ts";

const MOST_ITEMS = 5;

/** Turns the events of a run into lines of a log. Events of one step may come in any order; lines come in the chain's. */
export class Progress {
  /** Names the run in its store, once it has begun. */
  chainId: string | undefined;
  /** The last whole text that was shown piece by piece. */
  shownText: string | undefined;
  readonly #log: Log;
  readonly #showsDrafts: boolean;
  #draft = "";
  #attempt = 0;
  #validators: readonly string[] = [];
  #critics: readonly string[] = [];
  readonly #results = new Map<string, ValidationResult>();
  readonly #feedback = new Map<string, CriticFeedback>();
  #stored = 0;
  #view: LiveView | undefined;

  /**
   * @param log Where the lines go.
   * @param options Whether texts are shown as they come, where the chain tells them.
   */
  constructor(log: Log, { showsDrafts = false }: { readonly showsDrafts?: boolean } = {}) {
    this.#log = log;
    this.#showsDrafts = showsDrafts;
  }

  /** How many thoughts were kept. */
  get stored(): number {
    return this.#stored;
  }

  /** Takes an event. */
  readonly handle = (event: ChainEvent): void => {
    const log = this.#log;
    this.#look(event);
    switch (event.type) {
      case "run-started":
        this.chainId = event.chainId;
        this.#validators = event.validators;
        this.#critics = event.critics;
        return log.detail(
          `${event.model} writes, with at most ${plural(event.maxImprovementIterations, "improvement")}`,
        );
      case "generation-started":
        return log.detail(log.paint.faint(`iteration ${event.iteration}: ${event.model} writes`));
      case "generation-chunk":
        return this.#tellPiece(event);
      case "generated":
        this.shownText = this.#draft === event.text ? event.text : undefined;
        this.#draft = "";
        return log.notice(log.paint.strong(generatedLine(event)));
      case "validator-finished":
        return void this.#results.set(event.name, event.result);
      case "validated":
        return this.#tellResults();
      case "critic-finished":
        return void this.#feedback.set(event.name, event.feedback);
      case "criticised":
        return this.#tellFeedback();
      case "retrieved":
        return log.detail(`  found ${plural(event.documents, "document")} (${event.phase})`);
      case "stored":
        this.#stored++;
        return log.debug(log.paint.faint(`  kept thought ${event.thoughtId}`));
      case "retry":
        return log.notice(`  failed, tries again in ${seconds(event.waitMs)}: ${shortLine(event.message)}`);
      case "warning":
        return log.notice(`  ${log.paint.bad("warning:")} ${printable(event.message)}`);
      case "run-finished":
        return log.notice(this.#summary(event));
    }
  };

  /** Keeps what is under way in view. Pieces of a text hide it until the text is whole. */
  #look(event: ChainEvent): void {
    if (!this.#log.isAnimated) return;
    if (event.type === "run-started") this.#view = new LiveView();
    this.#view?.handle(event);
    if (event.type === "run-finished") this.#log.waiting();
    else if (this.#view && SHOWS_AFTER.has(event.type)) this.#log.waiting(this.#view.lines);
  }

  #tellPiece({ attempt, text }: GenerationChunkEvent): void {
    if (!this.#showsDrafts) return;
    if (this.#draft !== "" && attempt !== this.#attempt) {
      this.#log.notice(this.#log.paint.faint("  the text broke off and begins again"));
      this.#draft = "";
    }
    this.#attempt = attempt;
    this.#draft += text;
    this.#log.piece(printable(text));
  }

  #tellResults(): void {
    for (const line of resultLines(this.#validators.map((name) => this.#results.get(name)), this.#log)) {
      this.#log.notice(line);
    }
    this.#results.clear();
  }

  #tellFeedback(): void {
    for (const line of feedbackLines(this.#critics.map((name) => this.#feedback.get(name)), this.#log)) {
      this.#log.notice(line);
    }
    this.#feedback.clear();
  }

  #summary({ valid, stopReason, iteration, usage, durationMs }: RunFinishedEvent): string {
    const { paint } = this.#log;
    const head = valid
      ? paint.good(iteration === 0 ? "valid at once" : `valid after ${plural(iteration, "improvement")}`)
      : paint.bad(`not valid (${stopReason}): the text of iteration ${iteration} is the best`);
    const facts = [...usageFacts(usage), seconds(durationMs)];
    return [head, ...facts].join(" · ");
  }
}

/** After these events nothing of a line is on the terminal that the view would cut off. */
const SHOWS_AFTER: ReadonlySet<string> = new Set([
  "generation-started",
  "generated",
  "validated",
  "criticised",
]);

function generatedLine({ iteration, text, model, durationMs }: GeneratedEvent): string {
  const size = plural(countWords(text), "word");
  if (model === "input") return `iteration ${iteration}: the given text, ${size}`;
  return `iteration ${iteration}: ${model} wrote ${size} in ${seconds(durationMs)}`;
}

/**
 * Says what validators found, one line a verdict and one an issue.
 *
 * @param results The results; those that are missing are left out.
 * @param log For its colours and how much it tells.
 * @returns The lines.
 */
export function resultLines(
  results: readonly (ValidationResult | undefined)[],
  log: Pick<Log, "paint" | "level">,
): string[] {
  return results.filter((result) => result !== undefined).flatMap(
    ({ validator, passed, message, issues, error }) => {
      const mark = passed ? log.paint.good("✓") : log.paint.bad("✗");
      const head = `  ${mark} ${printable(validator)}: ${shortLine(message)}`;
      const further = passed || error ? [] : issues.filter((issue) => issue !== message);
      return [head, ...items(further, log)];
    },
  );
}

/**
 * Says what critics ask for.
 *
 * @param feedback The feedback; what is missing is left out.
 * @param log For its colours and how much it tells.
 * @returns The lines.
 */
export function feedbackLines(
  feedback: readonly (CriticFeedback | undefined)[],
  log: Pick<Log, "paint" | "level">,
): string[] {
  return feedback.filter((item) => item !== undefined).flatMap((item) => {
    const name = printable(item.critic);
    if (item.error) return [`  ${log.paint.bad("!")} ${name} failed: ${shortLine(item.error.message)}`];
    if (item.needsImprovement === false) return [`  ${log.paint.good("✓")} ${name} asks for nothing`];
    const wishes = [...item.suggestions, ...item.issues].map(({ text }) => text);
    const asks = wishes.length > 0 ? wishes : [item.summary].filter((text) => text !== "");
    const verb = item.needsImprovement === undefined ? "gives no verdict" : "asks";
    return [
      `  ${log.paint.strong("→")} ${name} ${verb}${asks.length > 0 ? ":" : ""}`,
      ...items([...new Set(asks)], log),
    ];
  });
}

function items(texts: readonly string[], log: Pick<Log, "paint" | "level">): string[] {
  const most = log.level >= 1 ? Infinity : MOST_ITEMS;
  const shown = texts.slice(0, most).map((text) => `      - ${shortLine(text)}`);
  return texts.length > most ? [...shown, `      - and ${texts.length - most} more (-v shows them)`] : shown;
}
