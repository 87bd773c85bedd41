/**
 * What is under way in a run, in a few lines that are drawn again and again: the step, who has spoken and who has not, what was
 * consumed, and since when.
 *
 * @module
 */

import type { ChainEvent } from "../chain/events.ts";
import { monotonicMs } from "../runtime/clock.ts";
import { sumUsage, type Usage } from "../thought/usage.ts";
import { displayWidth } from "./display_width.ts";
import { usageFacts } from "./usage_words.ts";
import { shortLine } from "./wording.ts";

const GAP = "  ";
/** Stands before the name of one that has not spoken yet. */
const AWAITED = "·";
const LONGEST_NAME = 40;

/** Follows the events of a run. */
export class LiveView {
  readonly #startedMs = monotonicMs();
  #validators: readonly string[] = [];
  #critics: readonly string[] = [];
  #iteration = 0;
  #step = "starts";
  #awaited: readonly string[] = [];
  readonly #marks = new Map<string, string>();
  readonly #usages: (Usage | undefined)[] = [];

  /** Takes an event. */
  handle(event: ChainEvent): void {
    switch (event.type) {
      case "run-started":
        this.#validators = event.validators;
        this.#critics = event.critics;
        return;
      case "generation-started":
        return this.#begin(event.iteration, `${event.model} writes`, []);
      case "generated":
        this.#usages.push(event.usage);
        return this.#begin(event.iteration, "the validators check", this.#validators);
      case "validator-finished":
        return void this.#marks.set(event.name, event.result.passed ? "✓" : "✗");
      case "validated":
        return this.#begin(event.iteration, "the critics look at the text", this.#critics);
      case "critic-finished": {
        const { usage, modelCalls, needsImprovement, error } = event.feedback;
        this.#usages.push(usage ?? (modelCalls > 0 ? { modelCalls } : undefined));
        return void this.#marks.set(event.name, error ? "!" : needsImprovement === false ? "✓" : "→");
      }
      case "criticised":
        return this.#begin(event.iteration, "prepares the next text", []);
    }
  }

  /**
   * Words the state.
   *
   * @param columns How many columns a line may have.
   * @returns The lines.
   */
  readonly lines = (columns: number): string[] => {
    const elapsed = `${Math.floor((monotonicMs() - this.#startedMs) / 1_000)} s`;
    return [
      `${elapsed} · iteration ${this.#iteration} · ${this.#step}`,
      ...this.#names(columns),
      usageFacts(sumUsage(this.#usages)).join(" · "),
    ];
  };

  #begin(iteration: number, step: string, awaited: readonly string[]): void {
    this.#iteration = iteration;
    this.#step = shortLine(step);
    this.#awaited = awaited;
    this.#marks.clear();
  }

  /** One line of names; where there is no room for all, those that are waited for come first. */
  #names(columns: number): string[] {
    if (this.#awaited.length === 0) return [];
    const marked = this.#awaited.map((name) => ({
      isOpen: !this.#marks.has(name),
      text: `${this.#marks.get(name) ?? AWAITED} ${shortLine(name, LONGEST_NAME)}`,
    }));
    const line = marked.map(({ text }) => text).join(GAP);
    if (displayWidth(line) <= columns) return [line];
    const openFirst = marked.toSorted((a, b) => Number(b.isOpen) - Number(a.isOpen));
    return [openFirst.map(({ text }) => text).join(GAP)];
  }
}
