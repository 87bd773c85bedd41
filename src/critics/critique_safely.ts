/**
 * Asks any critic and always gets feedback.
 *
 * @module
 */

import { CriticError, SifakaError } from "../errors.ts";
import { timeout } from "../operation/combinators.ts";
import { host, type Operation } from "../operation/operation.ts";
import { timed } from "../operation/resume.ts";
import { show } from "../options.ts";
import { CriticFeedback, type CriticFeedbackInit } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { CallLedger } from "./call_ledger.ts";
import type { Critic, CriticContext } from "./critic.ts";

/**
 * Asks a critic, of Sifaka's own or a plain object, and turns whatever comes of it into feedback.
 *
 * A critic that throws or runs out of time becomes feedback with `error`, which also says what its calls consumed; such
 * feedback counts as no verdict. Cancellation is not an error and passes through. A critic that does not wait costs no effect.
 *
 * @param critic Whom to ask.
 * @param thought What about.
 * @param context What it may use; `timeoutMs` bounds it, and `criticName` is what the feedback is filed under.
 * @returns An operation of the feedback.
 *
 * @example
 * ```ts
 * import { runSync, Thought } from "@sifaka/sifaka";
 * import { critiqueSafely } from "@sifaka/sifaka/critics";
 *
 * const broken = { name: "broken", critique: () => JSON.parse("no JSON") };
 * const feedback = runSync(critiqueSafely(broken, new Thought({ prompt: "Greet me.", text: "Hello." })));
 * console.log(feedback.error?.code); // "exception"
 * ```
 */
export function* critiqueSafely(
  critic: Critic,
  thought: Thought,
  context: CriticContext = {},
): Operation<CriticFeedback> {
  const name = context.criticName ?? critic.name;
  const calls = context.calls ?? new CallLedger();
  const asked = { ...context, calls };
  const { value, durationMs } = yield* timed(attempt(name, critic, thought, asked));
  if (value.error === undefined) return CriticFeedback.of(value.init, { critic: name, durationMs });
  const { usage, modelCalls } = calls;
  return new CriticFeedback({
    critic: name,
    error: value.error,
    parse: "none",
    modelCalls,
    ...(modelCalls > 0 ? { usage } : {}),
    durationMs,
  });
}

type Attempt =
  | { readonly init: CriticFeedbackInit; readonly error?: undefined }
  | { readonly error: { readonly code: string; readonly message: string } };

function* attempt(
  name: string,
  critic: Critic,
  thought: Thought,
  context: CriticContext,
): Operation<Attempt> {
  try {
    const { timeoutMs } = context;
    const asking = ask(critic, thought, context);
    const given: unknown = yield* timeoutMs === undefined ? asking : timeout(timeoutMs, asking, name);
    return { init: given instanceof CriticFeedback ? given : completeFeedback(name, given) };
  } catch (error) {
    if (context.signal?.aborted && error === context.signal.reason) throw error;
    return {
      error: {
        code: codeOf(error),
        message: error instanceof Error ? error.message || error.name : String(error),
      },
    };
  }
}

function* ask(critic: Critic, thought: Thought, context: CriticContext): Operation<unknown> {
  if (critic._critiqueOperation) return yield* critic._critiqueOperation(thought, context);
  return yield* host<unknown>(
    critic.critique && (() => critic.critique!(thought, context)),
    critic._critiqueAsync && ((signal) => critic._critiqueAsync!(thought, { ...context, signal })),
  );
}

/**
 * Completes what a critic of the user's own gave. Where it gave no verdict, its issues decide: a program that lists what is
 * wrong and lists nothing has found nothing, which could not be said of a model.
 *
 * @param name The critic.
 * @param given What it gave.
 * @returns Checked feedback.
 * @throws {CriticError} With code `bad_feedback` when it is no feedback.
 */
export function completeFeedback(name: string, given: unknown): CriticFeedback {
  if (typeof given !== "object" || given === null || Array.isArray(given) || "then" in given) {
    const isPromise = typeof given === "object" && given !== null && "then" in given;
    throw new CriticError(
      `${name} must give feedback, an object with fields such as issues: it gave ${
        isPromise ? "a promise" : show(given)
      }`,
      {
        code: "bad_feedback",
        component: name,
        operation: "critique",
        suggestions: isPromise
          ? [
            "Put asynchronous code in `_critiqueAsync`, or write a generator function with `yield*` for defineCritic.",
          ]
          : [],
      },
    );
  }
  const init = given as Partial<CriticFeedbackInit>;
  const verdict = init.needsImprovement ?? (init.issues === undefined ? undefined : init.issues.length > 0);
  return new CriticFeedback({
    ...init,
    critic: name,
    ...(verdict === undefined ? {} : { needsImprovement: verdict }),
  });
}

function codeOf(error: unknown): string {
  return error instanceof SifakaError ? error.code : "exception";
}
