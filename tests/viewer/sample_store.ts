/** Makes a store by real chains, whose models, validators and critics wait as if they were far away. */
import { DatabaseSync } from "node:sqlite";
import {
  Chain,
  type CriticFeedbackInit,
  defineCritic,
  defineValidator,
  type Generation,
  type Operation,
  OperationModel,
  sleep,
} from "../../mod.ts";
import { SqliteStorage } from "../../src/storage/mod.ts";
import { ContentValidator, LengthValidator } from "../../src/validators/mod.ts";
import { seeded } from "../helpers/seeded.ts";
import { SAMPLE_TASKS, type SampleTask } from "./sample_texts.ts";

const DAY_MS = 86_400_000;

/** How a sample store is made. */
export interface SampleOptions {
  /** How many runs. */
  readonly runs: number;
  /** How long a text takes to be written, in milliseconds; the rest follows from it. */
  readonly generationMs: number;
  /** Over how many days up to now the runs are spread. @default 0 */
  readonly days?: number;
}

/** Answers with one draft after the other. */
class SampleModel extends OperationModel {
  readonly name: string;
  readonly provider: string;
  readonly capabilities = { structuredOutput: true, systemRole: true, seed: true, logprobs: false } as const;
  readonly #drafts: readonly string[];
  readonly #latencyMs: number;
  #calls = 0;

  constructor([provider, name]: readonly [string, string], drafts: readonly string[], latencyMs: number) {
    super({});
    this.name = name;
    this.provider = provider;
    this.#drafts = drafts;
    this.#latencyMs = latencyMs;
  }

  *_generateOperation(): Operation<Generation> {
    const index = this.#calls++;
    yield* sleep(this.#latencyMs * (1 + 0.2 * index));
    const text = this.#drafts[Math.min(index, this.#drafts.length - 1)]!;
    const usage = { promptTokens: 420 + 260 * index, completionTokens: Math.ceil(text.length / 4) };
    const price = this.provider === "ollama" ? 0 : this.provider === "mistral" ? 1 : 4;
    const costUsd = price * (usage.promptTokens + 4 * usage.completionTokens) / 1_000_000;
    return { text, model: this.name, finishReason: "stop", usage: { ...usage, costUsd } };
  }
}

const MODELS = [["openai", "gpt-5-mini"], ["mistral", "mistral-small"], ["ollama", "llama3.2"]] as const;

/** A chain of the sample. */
function sampleChain(task: SampleTask, index: number, { generationMs }: SampleOptions): Chain {
  const random = seeded(index + 1);
  // Some chains never get to a good text.
  const drafts = index % 7 === 3
    ? task.drafts.slice(0, 2)
    : index % 5 === 2
    ? task.drafts.slice(1)
    : task.drafts;
  const modelOf = MODELS[Math.floor(random() * MODELS.length)]!;
  const model = new SampleModel(modelOf, drafts, generationMs * (0.8 + 0.6 * random()));
  const facts = defineValidator("FactsValidator", function* ({ text = "" }) {
    yield* sleep(generationMs * 0.45);
    return /\d|Madagascar|Thursday/.test(text)
      ? true
      : ["It names no figure, place or day that could be checked."];
  });
  const tone = defineValidator("ToneValidator", function* ({ text = "" }) {
    yield* sleep(generationMs * 0.3);
    return /!|policy|Obviously/.test(text) ? ["The tone is not that of a person who helps."] : true;
  });
  const critic = (name: string, share: number, words: readonly string[]) =>
    defineCritic(name, function* ({ text = "", iteration }): Operation<Partial<CriticFeedbackInit>> {
      yield* sleep(generationMs * share);
      const isDone = text.includes("\n\n");
      return {
        needsImprovement: !isDone,
        summary: isDone ? "The text does what it was asked to do." : words[iteration % words.length]!,
        issues: isDone ? [] : [{ text: "The reader cannot act on it.", severity: "medium" }],
        suggestions: isDone ? [] : ["Give one figure and one next step."],
        usage: { modelCalls: 1, promptTokens: 380, completionTokens: 60, costUsd: 0.0009 },
      };
    });
  return new Chain({
    model,
    prompt: task.prompt,
    systemPrompt: "You write for people in a hurry.",
    maxImprovementIterations: 3,
  })
    .withOptions({ alwaysApplyCritics: false })
    .validateWith(new LengthValidator({ minWords: 30, maxWords: 120 }))
    .validateWith(new ContentValidator({ prohibited: task.prohibited }))
    .validateWith(facts)
    .validateWith(tone)
    .improveWith(
      critic("ReflexionCritic", 0.9, ["It says what, and not why.", "Better, yet the end is missing."]),
    )
    .improveWith(critic("ConstitutionalCritic", 0.6, ["It blames the reader.", "One claim has no source."]));
}

/** Fills a new store. */
export async function makeSampleStore(path: string, options: SampleOptions): Promise<void> {
  const storage = new SqliteStorage(path, { synchronous: "normal" });
  const runs: Promise<unknown>[] = [];
  for (let index = 0; index < options.runs; index++) {
    const task = SAMPLE_TASKS[index % SAMPLE_TASKS.length]!;
    const chain = sampleChain(task, index, options).withStorage(storage);
    const runId = `${task.prompt.split(" ").slice(0, 3).join("-").toLowerCase()}-${
      String(index + 1).padStart(3, "0")
    }`;
    runs.push(chain._runDetailedAsync({ runId }));
  }
  await Promise.all(runs);
  storage.close();
  if (options.days !== undefined) spread(path, options.runs, options.days * DAY_MS);
}

/** Puts the runs into the past, in their order. */
function spread(path: string, runs: number, spanMs: number): void {
  const database = new DatabaseSync(path);
  const { now } = database.prepare("SELECT max(started_at) AS now FROM runs").get() as { now: number };
  const random = seeded(7);
  const agesMs = Array.from({ length: runs }, () => spanMs * random() ** 1.4).sort((a, b) => b - a);
  const move = database.prepare("UPDATE runs SET started_at = ?, updated_at = ? WHERE id = ?");
  database.prepare("SELECT id FROM runs ORDER BY id").all().forEach(({ id }, index) => {
    const timeMs = Math.round(now - agesMs[index]!);
    move.run(timeMs, timeMs + 9_000, id as number);
  });
  database.close();
}
