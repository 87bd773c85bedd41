/**
 * A model that fails as a test says.
 *
 * @module
 */

import { host, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Generation, Model } from "../models/model.ts";
import { ModelBefore } from "../models/model_before.ts";

/** Options of {@linkcode FlakyModel}. */
export interface FlakyModelOptions {
  /** What each call fails with, in their order; `undefined` lets one through, and so does the end of the list. */
  errors: readonly (Error | undefined)[];
}

const OPTIONS: OptionSchemas = {
  errors: {
    type: "array",
    items: {
      codeOnly: true,
      accepts: (value) => value === undefined || value instanceof Error,
      accepted: "an Error or undefined",
    },
  },
};

/**
 * Lets calls of another model fail by a script, to try out retries and fallback models.
 *
 * @example
 * ```ts
 * import { Chain, ModelApiError } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { FlakyModel } from "@sifaka/sifaka/testing";
 *
 * const busy = new ModelApiError("busy", { status: 503, retryable: true });
 * const model = new FlakyModel(new MockModel({ response: "Hello." }), { errors: [busy, busy] });
 * const thought = new Chain({ model, prompt: "Greet.", retry: { attempts: 3, baseMs: 1 } }).run();
 * console.log(thought.text, model.callCount); // "Hello." 3
 * ```
 */
export class FlakyModel extends ModelBefore {
  /** How many calls were made, failed ones included; not those that a journal has answered. */
  callCount = 0;
  readonly #errors: readonly (Error | undefined)[];

  /**
   * Puts a script of failures before a model.
   *
   * @param model The model.
   * @param options Which calls fail.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(model: Model, options: FlakyModelOptions) {
    const { errors = [] } = checkOptions("FlakyModel", options, OPTIONS);
    super(model, options);
    this.#errors = [...errors];
  }

  /** Lets a call fail where the script says so. */
  protected override *_around(call: Operation<Generation>): Operation<Generation> {
    // As a call of the user's own code, so that a journal answers it: what is resumed or replayed does not fail anew.
    yield* host(() => {
      const error = this.#errors[this.callCount++];
      if (error !== undefined) throw error;
    });
    return yield* call;
  }
}
