/**
 * A model of one's own: one class that extends OperationModel, or one function. This one has its answers in itself; one on a server gets them
 * by `yield* remote(…)` from an async function in a module of its own, which both run() and _runAsync() can wait for.
 *
 *     deno run examples/own_model.ts · bun examples/own_model.ts · node examples/own_model.ts
 */
import {
  Chain,
  defineModel,
  type Generation,
  type Operation,
  OperationModel,
  produce,
  type Prompt,
  promptText,
  sleep,
} from "@sifaka/sifaka";

/** A prompt is a text, or messages by role. */
const textOf = (prompt: Prompt): string => typeof prompt === "string" ? prompt : promptText(prompt);

/** Answers with the facts it knows of the words of the prompt. */
class AlmanacModel extends OperationModel {
  readonly name = "almanac";
  readonly provider = "example";
  readonly capabilities = { structuredOutput: false, systemRole: false, seed: false };
  readonly #facts: Readonly<Record<string, string>>;

  constructor(options: { readonly facts: Readonly<Record<string, string>> }) {
    super(options);
    this.#facts = options.facts;
  }

  *_generateOperation(prompt: Prompt): Operation<Generation> {
    yield* sleep(5); // a computation, say
    const asked = textOf(prompt).toLowerCase();
    const known = Object.keys(this.#facts).filter((word) => asked.includes(word));
    const text = known.map((word) => this.#facts[word]).join(" ") || "That is not in the almanac.";
    return { text, finishReason: "stop", model: this.name };
  }

  /** Without this, the whole text would be one piece of the stream. */
  override *_streamOperation(prompt: Prompt): Operation<Generation> {
    const generation = yield* this._generateOperation(prompt);
    for (const word of generation.text.match(/\S+\s*/g) ?? []) yield* produce(word);
    return generation;
  }
}

const almanac = new AlmanacModel({ facts: { sifaka: "Sifakas leap.", owl: "Owls hunt by night." } });
console.log(new Chain({ model: almanac, prompt: "What do sifakas do?" }).run().text);
console.log([...almanac.stream("And an owl?")].map((piece) => `[${piece}]`).join(""));

const echo = defineModel("echo", (prompt) => `You said: ${textOf(prompt)}`);
console.log(echo.generate("Good morning."));
