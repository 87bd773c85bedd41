/**
 * A model whose calls wait for each other.
 *
 * @module
 */

import { ModelError } from "../errors.ts";
import { limit, race } from "../operation/combinators.ts";
import { type Operation, sleep } from "../operation/operation.ts";
import { Semaphore } from "../operation/semaphore.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Generation, Model } from "../models/model.ts";
import { ModelBefore } from "../models/model_before.ts";

/** Options of {@linkcode GateModel}. */
export interface GateModelOptions {
  /** How many calls must wait at once until the gate opens by itself. @default it opens by `release` alone */
  opensAt?: number;
  /** How long a call waits before it fails, in milliseconds. @default 5000 */
  timeoutMs?: number;
}

const OPTIONS: OptionSchemas = {
  opensAt: { type: "integer", minimum: 1 },
  timeoutMs: { type: "number", exclusiveMinimum: 0, default: 5_000 },
};

/**
 * Holds the calls of another model at a gate, so that a test can tell whether they are made side by side: the gate opens when so
 * many wait, and then stays open. Where they come one after the other, the first call fails and says so. No clock decides.
 *
 * Under a driver that blocks nobody can call `release`, so there `opensAt` must open it.
 *
 * @example
 * ```ts
 * import { all, runSync } from "@sifaka/sifaka";
 * import { generateOperation, MockModel } from "@sifaka/sifaka/models";
 * import { GateModel } from "@sifaka/sifaka/testing";
 *
 * const model = new GateModel(new MockModel({ response: "Yes." }), { opensAt: 3 });
 * runSync(all([1, 2, 3].map((number) => generateOperation(model, `Is ${number} a number?`))));
 * console.log(model.mostInFlight); // 3
 * ```
 */
export class GateModel extends ModelBefore {
  /** How many calls are under way. */
  inFlight = 0;
  /** How many calls have been under way at once, at the most. */
  mostInFlight = 0;
  /** How many calls ended without an answer and without an error. */
  cancelled = 0;
  readonly #opensAt: number;
  readonly #timeoutMs: number;
  #isOpen = false;
  /** One permit, taken while the gate is shut: who gets it passes it on. */
  readonly #turnstile = new Semaphore(1);

  /**
   * Puts a gate before a model.
   *
   * @param model The model.
   * @param options When the gate opens.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(model: Model, options: GateModelOptions = {}) {
    const { opensAt = Infinity, timeoutMs = 5_000 } = checkOptions("GateModel", options, OPTIONS);
    super(model, options);
    this.#opensAt = opensAt;
    this.#timeoutMs = timeoutMs;
    this.#turnstile.acquire(() => {});
  }

  /** Opens the gate for the calls that wait and for all that come. */
  release(): void {
    if (!this.#isOpen) this.#turnstile.release();
    this.#isOpen = true;
  }

  /** Holds a call until the gate is open. */
  protected override *_around(call: Operation<Generation>): Operation<Generation> {
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    if (this.inFlight >= this.#opensAt) this.release();
    let ended = false;
    try {
      yield* race([this.#pass(), this.#expire()]);
      const generation = yield* call;
      ended = true;
      return generation;
    } catch (error) {
      ended = true;
      throw error;
    } finally {
      this.inFlight--;
      if (!ended) this.cancelled++;
    }
  }

  *#pass(): Operation<void> {
    yield* limit(this.#turnstile, nothing());
    // Calls that are begun together are all under way before the first one answers.
    yield* sleep(0);
  }

  *#expire(): Operation<never> {
    yield* sleep(this.#timeoutMs);
    const wanted = this.#opensAt === Infinity ? "" : ` of ${this.#opensAt}`;
    throw new ModelError(
      `The gate is shut: only ${this.mostInFlight}${wanted} calls were in flight at once`,
      {
        code: "gate_shut",
        component: this.name,
        operation: "generate",
      },
    );
  }
}

function* nothing(): Operation<void> {}
