/**
 * Bounds of the parts of a call.
 *
 * @module
 */

import type { OptionSchema } from "../options.ts";

/** Bounds of the parts of a call, in milliseconds, each above 0. */
export interface CallTimeouts {
  /** From the sending of the request until the provider begins to answer: the connection and the headers of the answer. */
  connectMs?: number;
  /** From then until the first piece of the text. */
  firstTokenMs?: number;
  /** From one piece of the text to the next, and from the last to the end. */
  betweenTokensMs?: number;
}

const duration = (description: string): OptionSchema => ({
  type: "number",
  exclusiveMinimum: 0,
  description,
});

/** The option `timeouts` of a model. */
export const CALL_TIMEOUTS_OPTION: OptionSchema = Object.freeze<OptionSchema>({
  description:
    "Bounds of the parts of a call, in milliseconds. With one of them every call is made as a stream.",
  type: "object",
  properties: {
    connectMs: duration("Until the provider begins to answer."),
    firstTokenMs: duration("From then until the first piece of the text."),
    betweenTokensMs: duration("From one piece of the text to the next."),
  },
});
