/**
 * Calls the user's code where nothing can be awaited.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { HostEffect } from "../operation/effects.ts";

/**
 * Calls the synchronous form of the user's code.
 *
 * @param effect The code.
 * @returns What it returns.
 * @throws {ConfigurationError} When it has no such form or returns a promise.
 */
export function callHost(effect: HostEffect): unknown {
  if (effect.sync === undefined) {
    throw new ConfigurationError(
      "This component has only an asynchronous form, so a synchronous call cannot use it",
      {
        code: "async_only",
        suggestions: [
          "Give it a synchronous method.",
          "Write it as an operation with defineModel, defineValidator, defineCritic or defineRetriever.",
          "Call the `_…Async` twin instead, for example `await chain._runAsync()`.",
        ],
      },
    );
  }
  const value = effect.sync();
  if (typeof (value as { then?: unknown } | null | undefined)?.then === "function") {
    // Nobody will await it: its failure must not end the process.
    (value as Promise<unknown>).then(undefined, () => {});
    throw new ConfigurationError("A function called synchronously returned a promise", {
      code: "promise_returned",
      suggestions: [
        "Write it as an operation (`function*` with `yield*`), which stays concurrent in a synchronous run.",
        "Call the `_…Async` twin instead, for example `await chain._runAsync()`.",
      ],
    });
  }
  return value;
}
