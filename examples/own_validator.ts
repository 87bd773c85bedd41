/**
 * A validator of one's own: one class that extends OperationValidator, or one function. What waits does so by yield*, so that several are
 * asked side by side, in run() as well. In a configuration the file is `validators: [{ module: { path: examples/own_validator.ts } }]`.
 *
 *     deno run examples/own_validator.ts · bun examples/own_validator.ts · node examples/own_validator.ts
 */
import {
  Chain,
  defineValidator,
  type Operation,
  OperationValidator,
  sleep,
  type Thought,
  ValidationResult,
} from "@sifaka/sifaka";
import { MockModel } from "@sifaka/sifaka/models";

/** Refuses texts with too many exclamation marks. */
class CalmValidator extends OperationValidator {
  readonly name = "calm";
  readonly #most: number;

  constructor(options: { readonly most?: number } = {}) {
    super(options);
    this.#most = options.most ?? 0;
  }

  *_validateOperation({ text = "" }: Thought): Operation<ValidationResult> {
    const marks = text.split("!").length - 1;
    const passed = marks <= this.#most;
    return new ValidationResult({
      validator: this.name,
      passed,
      message: `The text has ${marks} exclamation marks; ${this.#most} are allowed.`,
      suggestions: passed ? [] : ["End sentences with full stops."],
    });
  }
}

/** What a configuration takes from this file: it is given the item's options. */
export default (options: { readonly most?: number }): OperationValidator => new CalmValidator(options);

if (import.meta.main) {
  const services = ["spelling", "grammar", "tone"].map((name) =>
    defineValidator(name, function* () {
      yield* sleep(100); // a slow service, say
      return true;
    })
  );
  const { thought, iterations, performance } = new Chain({
    model: new MockModel({ responses: ["Sifakas leap!", "Sifakas leap."] }),
    prompt: "Introduce sifakas.",
    validators: [new CalmValidator(), ...services],
  }).runDetailed();
  for (const { text, validationResults } of iterations) {
    console.log(`${text} ${validationResults.calm?.passed ? "is calm" : validationResults.calm?.message}`);
  }
  console.log(`valid: ${thought.valid}`);
  // Three services of 100 ms for each text: about 100 ms a text, not 300.
  console.error(`validation took ${Math.round(performance.byStep.validation)} ms`);
}
