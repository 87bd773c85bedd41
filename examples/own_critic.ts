/**
 * A critic of one's own: one class that extends OperationCritic, or one function. This one asks no model; one that does asks it by
 * `yield* this.#model._generateOperation(prompt)`. In a configuration the file is
 * `critics: [{ module: { path: examples/own_critic.ts, options: { words: [Madagascar] } } }]`.
 *
 *     deno run examples/own_critic.ts · bun examples/own_critic.ts · node examples/own_critic.ts
 */
import {
  Chain,
  CriticFeedback,
  defineCritic,
  type Operation,
  OperationCritic,
  type Thought,
} from "@sifaka/sifaka";
import { MockModel } from "@sifaka/sifaka/models";

/** Asks for facts that a text leaves out. */
class CompletenessCritic extends OperationCritic {
  readonly name = "completeness";
  readonly #words: readonly string[];

  constructor(options: { readonly words: readonly string[] }) {
    super(options);
    this.#words = options.words;
  }

  *_critiqueOperation(thought: Thought): Operation<CriticFeedback> {
    const missing = this.#missing(thought);
    return new CriticFeedback({
      critic: this.name,
      needsImprovement: missing.length > 0,
      issues: missing.map((word) => `The text says nothing of ${word}.`),
      suggestions: missing.map((word) => `Say something of ${word}.`),
    });
  }

  *_improveOperation(thought: Thought): Operation<string> {
    return [thought.text ?? "", ...this.#missing(thought).map((word) => `There is more to say of ${word}.`)]
      .join(" ");
  }

  estimateCalls(): { min: number; expected: number; max: number } {
    return { min: 0, expected: 0, max: 0 };
  }

  #missing({ text = "" }: Thought): string[] {
    return this.#words.filter((word) => !text.includes(word));
  }
}

/** What a configuration takes from this file: it is given the item's options. */
export default (options: { readonly words: readonly string[] }): OperationCritic =>
  new CompletenessCritic(options);

if (import.meta.main) {
  const short = defineCritic(
    "short",
    ({ text }) => ({ issues: text!.length > 80 ? ["The text is long."] : [] }),
  );
  const { iterations } = new Chain({
    model: new MockModel({ responses: ["Sifakas leap.", "Sifakas leap in Madagascar."] }),
    prompt: "Introduce sifakas.",
    alwaysApplyCritics: true,
    critics: [new CompletenessCritic({ words: ["Madagascar"] }), short],
  }).runDetailed();
  for (const { text, criticFeedback } of iterations) {
    const asked = criticFeedback.flatMap(({ issues }) => issues).map(({ text }) => text).join(" ");
    console.log(`${text} ${asked === "" ? "Nothing is missing." : asked}`);
  }
}
