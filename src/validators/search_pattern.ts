/**
 * A regular expression that is searched for in texts of strangers without the risk that it never ends.
 *
 * Safe patterns run in the runtime's own engine. Suspect ones, and merely slow ones on a long text, are matched in linear time
 * by an engine of Sifaka's, which finds the same. What that one cannot do (back-references, above all) runs in the guard's
 * worker with a limit of time; where there is no worker, such a pattern is refused. A pattern of the user's own engine runs
 * in that.
 *
 * @module
 */

import { TimeoutError, ValidatorError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { type OptionSchemas, show } from "../options.ts";
import { hasGuard, type PatternMatches, searchGuarded } from "../runtime/guard.ts";
import { LinearRegex, TooManySteps } from "../text/linear_regex.ts";
import { type RegexVerdict, screenRegex } from "../text/regex_screen.ts";
import { adviceFor } from "./pattern_advice.ts";

/** What a regular expression engine of one's own must do, for example one of linear time. */
export interface RegexEngine {
  /**
   * Compiles a pattern; throws when it cannot.
   *
   * @param source The source of the regular expression.
   * @param flags Its flags, without `g` and `y`.
   */
  compile(source: string, flags: string): CompiledPattern;
}

/** A compiled pattern of a {@linkcode RegexEngine}. */
export interface CompiledPattern {
  /** Finds all matches in order, each with where it begins and its text as element 0, as `String.prototype.matchAll` does. */
  matchAll(text: string): Iterable<{ readonly index: number; readonly 0: string }>;
}

/** How patterns are run. */
export interface PatternSafetyOptions {
  /**
   * How long a pattern can run on one text that may take exponential time and, because of a back-reference for example,
   * cannot be matched in linear time; in milliseconds. @default 250
   */
  readonly regexTimeoutMs?: number;
  /**
   * Whether such a pattern is run without a limit of time where it cannot have one, as in a browser; otherwise it is
   * refused there. @default false
   */
  readonly allowUnsafePatterns?: boolean;
  /**
   * What runs the patterns instead of the runtime's own engine. An engine of linear time needs no limit.
   *
   * @example
   * ```ts ignore
   * import { RE2JS } from "re2js";
   *
   * const engine: RegexEngine = {
   *   compile(source, flags) {
   *     const pattern = RE2JS.compile(source, flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
   *     return {
   *       *matchAll(text) {
   *         const matcher = pattern.matcher(text);
   *         while (matcher.find()) yield { index: matcher.start(), 0: matcher.group()! };
   *       },
   *     };
   *   },
   * };
   * ```
   */
  readonly engine?: RegexEngine;
}

/** The options of {@linkcode PatternSafetyOptions}, for checking them and for the configuration file. */
export const PATTERN_SAFETY_OPTIONS: OptionSchemas = {
  regexTimeoutMs: {
    description: "How long a pattern can run on one text that may take exponential time, in milliseconds.",
    type: "integer",
    minimum: 1,
    default: 250,
  },
  allowUnsafePatterns: {
    description: "Whether such a pattern is run without a limit of time where it cannot have one.",
    type: "boolean",
    default: false,
  },
  engine: {
    description: "What runs the patterns instead of the runtime's own engine.",
    codeOnly: true,
    accepts: (value) => typeof (value as Partial<RegexEngine> | null)?.compile === "function",
    accepted: "an object with a method compile",
  },
};

/** How much of what is found to tell. */
export interface MatchLimits {
  /** Of how many matches to tell where they stand. */
  readonly mostSpans: number;
  /** After how many matches to stop looking. */
  readonly stopAfter: number;
}

const REGEX_TIMEOUT_MS = 250;
/** What is said of patterns of an engine of the user's own, without looking. */
const TRUSTED: RegexVerdict = { verdict: "safe", slowOnLongText: false };
/** Quadratic time on fewer code units than this is a matter of milliseconds. */
const LONG_TEXT = 16_384;

/** A pattern, compiled and judged. */
export class SearchPattern {
  /** What messages call it. */
  readonly name: string;
  /** Its source. */
  readonly source: string;
  readonly #flags: string;
  readonly #compiled: CompiledPattern;
  readonly #timeoutMs: number;
  /** From how many code units of text on the runtime's engine is not trusted with it; `Infinity` for never. */
  readonly #carefulFrom: number;
  /** What matches it then; where there is nothing, the guard does. */
  #linear: LinearRegex | undefined;
  readonly #native: boolean;

  /**
   * Compiles and judges the pattern.
   *
   * @param name What messages call it.
   * @param pattern Its source and flags (without `g` and `y`).
   * @param safety How it is run.
   * @throws {PatternProblem} When it does not compile, or has no safe way to run.
   */
  constructor(
    name: string,
    { source, flags }: { source: string; flags: string },
    safety: PatternSafetyOptions,
  ) {
    if (source === "") throw new PatternProblem("must not be an empty pattern, which matches everywhere");
    const { engine, regexTimeoutMs = REGEX_TIMEOUT_MS, allowUnsafePatterns = false } = safety;
    this.name = name;
    this.source = source;
    this.#flags = flags;
    this.#compiled = compile(source, flags, engine);
    this.#native = engine === undefined;
    this.#timeoutMs = regexTimeoutMs;
    const { verdict, reason = "", slowOnLongText } = engine ? TRUSTED : screenRegex(source, flags);
    const careful = verdict === "suspect" || slowOnLongText;
    this.#linear = careful ? LinearRegex.compile(source, flags) : undefined;
    const canBeCareful = this.#linear !== undefined || hasGuard();
    if (verdict === "suspect" && !canBeCareful && !allowUnsafePatterns) throw unsafe(reason);
    this.#carefulFrom = !careful || !canBeCareful ? Infinity : verdict === "suspect" ? 0 : LONG_TEXT;
  }

  /**
   * Searches a text where that needs no worker.
   *
   * @param text The text.
   * @param limits How much of what is found to tell.
   * @returns What was found; `undefined` when it takes {@linkcode searchGuarded}.
   * @throws {TimeoutError} With code `regex_timeout`, when it takes a worker and there is none.
   */
  search(text: string, limits: MatchLimits): PatternMatches | undefined {
    if (text.length >= this.#carefulFrom) return this.#searchLinearly(text, limits);
    try {
      return findMatches(this.#compiled, text, limits);
    } catch (error) {
      if (!(error instanceof RangeError) || !this.#native) throw error;
      // The engine's stack is exhausted, as it may be by a repeated group on a text of megabytes.
      this.#linear ??= LinearRegex.compile(this.source, this.#flags);
      if (this.#linear === undefined) throw error;
      return this.#searchLinearly(text, limits);
    }
  }

  #searchLinearly(text: string, limits: MatchLimits): PatternMatches | undefined {
    if (this.#linear === undefined) return undefined;
    try {
      return findMatches(this.#linear, text, limits);
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      if (hasGuard()) return undefined;
      throw new TimeoutError(`Pattern ${show(this.name)} takes too many steps on this text`, {
        code: "regex_timeout",
      });
    }
  }

  /**
   * Searches a text in the guard's worker.
   *
   * @param text The text.
   * @param limits How much of what is found to tell.
   * @returns An operation of what was found.
   * @throws {TimeoutError} With code `regex_timeout`, when the time is over.
   */
  *searchGuarded(text: string, limits: MatchLimits): Operation<PatternMatches> {
    try {
      return yield* searchGuarded(
        { source: this.source, flags: this.#flags, text, ...limits },
        this.#timeoutMs,
      );
    } catch (error) {
      if (!(error instanceof TimeoutError) || error.code !== "regex_timeout") throw error;
      throw new TimeoutError(`Pattern ${show(this.name)}: ${error.message}`, {
        code: error.code,
        suggestions: error.suggestions,
        metadata: { ...error.metadata, pattern: this.source },
        cause: error,
      });
    }
  }
}

/** What is wrong with a pattern; the message goes on after the name of the option. */
export class PatternProblem extends Error {}

function compile(source: string, flags: string, engine: RegexEngine | undefined): CompiledPattern {
  try {
    return engine === undefined ? new NativePattern(source, flags) : engine.compile(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = engine === undefined ? adviceFor(source) : "";
    throw new PatternProblem(
      `must be a regular expression that the engine accepts: ${reason}${advice === "" ? "" : ` (${advice})`}`,
    );
  }
}

function unsafe(reason: string): PatternProblem {
  return new PatternProblem(
    `must not take exponential time where no worker can stop it: ${reason} (rewrite it, plug in an engine of ` +
      `linear time, or set allowUnsafePatterns)`,
  );
}

/** A pattern of the runtime's own engine. Its two expressions keep no place in a text: one is not global, one is only cloned. */
class NativePattern implements CompiledPattern {
  readonly #first: RegExp;
  readonly #all: RegExp;

  constructor(source: string, flags: string) {
    this.#first = new RegExp(source, flags);
    this.#all = new RegExp(source, `${flags}g`);
  }

  matchAll(text: string): Iterable<{ readonly index: number; readonly 0: string }> {
    // Most patterns do not match, and then the quick test was all.
    return this.#first.test(text) ? text.matchAll(this.#all) : [];
  }
}

function findMatches(pattern: CompiledPattern, text: string, limits: MatchLimits): PatternMatches {
  const spans: [number, number][] = [];
  let count = 0;
  for (const match of pattern.matchAll(text)) {
    if (count < limits.mostSpans) spans.push([match.index, match.index + match[0].length]);
    if (++count >= limits.stopAfter) break;
  }
  return { count, spans };
}

/**
 * Searches a text, in place where that can be done.
 *
 * @param pattern The pattern.
 * @param text The text.
 * @param limits How much of what is found to tell.
 * @returns An operation of what was found.
 * @throws {TimeoutError} With code `regex_timeout`, when the time is over.
 * @throws {ValidatorError} When the pattern needs more memory than the engine has.
 */
export function* searchText(
  pattern: SearchPattern,
  text: string,
  limits: MatchLimits,
): Operation<PatternMatches> {
  try {
    return pattern.search(text, limits) ?? (yield* pattern.searchGuarded(text, limits));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ValidatorError(
      `Pattern ${show(pattern.name)} needs more memory on this text than the engine has`,
      {
        code: "internal",
        cause: error,
      },
    );
  }
}
