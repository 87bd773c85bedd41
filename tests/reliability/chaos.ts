/**
 * Chains against a provider that fails three calls of ten: 500s, malformed bodies, broken connections, and 429s that say when to
 * come back. Half of them run in `run()`, half in `_runAsync()`; streams that break off in the middle come on top.
 *
 *     deno run --allow-read --allow-env --allow-run --allow-net=127.0.0.1 tests/reliability/chaos.ts [CHAINS]
 */
import process from "node:process";
import { Chain } from "../../src/chain/chain.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { SifakaError } from "../../src/errors.ts";
import { createModel } from "../../src/models/create_model.ts";
import type { Model } from "../../src/models/model.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { type AimockRequest, startAimock } from "../helpers/mock_provider.ts";

/** Four draws, one after the other: 1 − 0.915⁴ is 30 %. */
const RATE = 0.085;
const CHAOS = { dropRate: RATE, malformedRate: RATE, rateLimitRate: RATE, disconnectRate: RATE };
/** What aimock says when it sends a 429. */
const RETRY_AFTER_MS = 1_000;
const SIDE_BY_SIDE = 40;

const GOOD = "The indri is the largest living lemur, and it sings at dawn.";
const FEEDBACK = {
  needsImprovement: true,
  score: 4,
  summary: "Too short.",
  issues: [{
    text: "It says too little.",
    severity: "high",
    quote: "",
    location: "everywhere",
    fix: "Say more.",
  }],
  suggestions: [{ text: "Say more." }],
  dimensions: [{ name: "clarity", score: 4, quote: "" }],
  resolved: [],
  stop: false,
};
const FIXTURES = [
  { match: { userMessage: "Stream" }, response: { content: GOOD }, chunkSize: 8, truncateAfterChunks: 4 },
  { match: { userMessage: "Give feedback" }, response: { content: JSON.stringify(FEEDBACK) } },
  { match: { userMessage: "Return only the complete" }, response: { content: GOOD } },
  { match: { userMessage: "Chain" }, response: { content: "The indri sings." } },
];

/** What came of it all. */
export interface ChaosReport {
  /** How many chains ended with a valid text. */
  readonly valid: number;
  /** How many chains ended with an error, by its class and code. */
  readonly errors: Readonly<Record<string, number>>;
  /** How many streams ended whole, and how many with an error. */
  readonly streams: Readonly<Record<string, number>>;
  /** What the server did, by kind. */
  readonly served: Readonly<Record<string, number>>;
  /** How many waits after a 429 were seen, and the shortest, in milliseconds. */
  readonly waits: { readonly count: number; readonly shortestMs: number };
  /** What was not as it should be; empty when all is well. */
  readonly faults: readonly string[];
}

/**
 * Runs chains under chaos.
 *
 * @param chains How many.
 * @returns What came of it.
 */
export async function runUnderChaos(chains: number): Promise<ChaosReport> {
  const aimock = await startAimock(FIXTURES, { chaos: CHAOS, journalMaxEntries: 0 });
  try {
    // Each chain has a model of its own: a 429 stops all calls of the model that it was sent to.
    const newModel = (): Model =>
      createModel("openai:gpt-4o", { apiKey: "sk-test", baseUrl: aimock.url, timeoutMs: 20_000 });
    const tally = new Tally();
    const side = Array.from({ length: chains >> 1 }, (_, index) => index);
    const worker = async (): Promise<void> => {
      for (let index = side.pop(); index !== undefined; index = side.pop()) {
        await tally.chain(index, () => makeChain(newModel(), index)._runAsync());
        if (index % 5 === 0) await tally.stream(() => readStream(newModel(), index));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    for (let index = chains >> 1; index < chains; index++) {
      await tally.chain(index, () => makeChain(newModel(), index).run());
    }
    return tally.report(await aimock.requests());
  } finally {
    aimock.stop();
  }
}

function makeChain(model: Model, index: number): Chain {
  return new Chain({
    model,
    prompt: `Chain ${index}: describe the indri.`,
    retry: { attempts: 3, baseMs: 20, maxMs: 200 },
  }).validateWith(new LengthValidator({ minWords: 8 })).improveWith(new SelfRefineCritic({ model }));
}

async function readStream(model: Model, index: number): Promise<string> {
  let text = "";
  for await (const piece of model._streamAsync!(`Stream ${index}: describe the indri.`)) text += piece;
  return text;
}

class Tally {
  #valid = 0;
  readonly #errors: Record<string, number> = {};
  readonly #streams: Record<string, number> = {};
  readonly #faults: string[] = [];

  async chain(index: number, run: () => Thought | Promise<Thought>): Promise<void> {
    try {
      const { valid, text } = await run();
      if (valid && text === GOOD) this.#valid++;
      else this.#faults.push(`chain ${index} returned a text that is not valid: ${text}`);
    } catch (error) {
      this.#count(this.#errors, error, `chain ${index}`);
    }
  }

  async stream(read: () => Promise<string>): Promise<void> {
    try {
      const text = await read();
      if (text !== GOOD) this.#faults.push(`a stream that was cut passed for whole: ${text}`);
      else this.#streams.whole = (this.#streams.whole ?? 0) + 1;
    } catch (error) {
      this.#count(this.#streams, error, "a stream");
    }
  }

  #count(into: Record<string, number>, error: unknown, what: string): void {
    if (!(error instanceof SifakaError)) {
      this.#faults.push(`${what} ended with an error of no known class: ${error}`);
    }
    const name = error instanceof SifakaError ? `${error.name} ${error.code}` : String(error);
    into[name] = (into[name] ?? 0) + 1;
  }

  report(requests: readonly AimockRequest[]): ChaosReport {
    const served: Record<string, number> = {};
    for (const { response } of requests) {
      const kind = response.chaosAction ?? (response.interrupted ? "cut" : "answered");
      served[kind] = (served[kind] ?? 0) + 1;
    }
    const waits = waitsAfterLimits(requests);
    const shortestMs = waits.length === 0 ? Infinity : Math.min(...waits);
    const faults = [...this.#faults];
    if (shortestMs < RETRY_AFTER_MS) {
      faults.push(`after a 429 with Retry-After the next try came after ${shortestMs} ms`);
    }
    return {
      valid: this.#valid,
      errors: this.#errors,
      streams: this.#streams,
      served,
      waits: { count: waits.length, shortestMs },
      faults,
    };
  }
}

/** How long after each 429 the same was asked again: every chain asks in words of its own. */
function waitsAfterLimits(requests: readonly AimockRequest[]): number[] {
  const waits: number[] = [];
  const limited = new Map<string, number>();
  for (const { body, timestamp, response } of requests) {
    const asked = JSON.stringify(body);
    const since = limited.get(asked);
    if (since !== undefined) waits.push(timestamp - since);
    if (response.status === 429) limited.set(asked, timestamp);
    else limited.delete(asked);
  }
  return waits;
}

if (import.meta.main) {
  const chains = Number(process.argv[2] ?? 500);
  const startedMs = performance.now();
  const report = await runUnderChaos(chains);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`${chains} chains in ${seconds} s\n${JSON.stringify(report, undefined, 2)}`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}
