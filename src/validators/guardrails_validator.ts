/**
 * Keeps out of a text what must not leave the house.
 *
 * @module
 */

import { ValidatorError } from "../errors.ts";
import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, optionError, type OptionSchemas, show } from "../options.ts";
import { positionOf, quote } from "../text/excerpt.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { callUser } from "./define_validator.ts";
import {
  type GuardrailCheck,
  type GuardrailFinding,
  mask,
  type PersonalDataKind,
  withoutOverlaps,
} from "./guardrail_finding.ts";
import {
  GUARD_SERVER_OPTION,
  type GuardServerOptions,
  type GuardTarget,
  guardTarget,
} from "./guardrail_server.ts";
import { findPromptInjection, findSecrets } from "./guardrail_secrets.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator, type ValidatorContext } from "./validator.ts";
import { counted, sentence } from "./wording.ts";

/** What a guard of one's own says of a text. */
export interface GuardVerdict {
  /** Whether the text may pass. */
  readonly passed: boolean;
  /** Why not. @default [] */
  readonly failures?: readonly GuardFailure[];
  /** The text as it could pass. */
  readonly fixed?: string;
}

/** Why a guard does not let a text pass. */
export interface GuardFailure {
  /** What is wrong; it is shown as it is, so it must not repeat what must stay secret. */
  readonly reason: string;
  /** Where it begins, in UTF-16 units. */
  readonly start?: number;
  /** Where it ends. */
  readonly end?: number;
}

/** Any object that can say whether a text may pass: plain, as a generator, or asynchronously. */
export interface Guard {
  /** Examines a text. */
  validate(
    text: string,
    context: ValidatorContext,
  ): GuardVerdict | Operation<GuardVerdict> | Promise<GuardVerdict>;
}

/** Options of {@linkcode GuardrailsValidator}: either checks of Sifaka's own, or a guard, or one on a server. */
export interface GuardrailsOptions {
  /** What results are filed under. @default "GuardrailsValidator" */
  readonly name?: string;
  /** What is looked for: personal data, keys and passwords, orders to a model. */
  readonly checks?: readonly GuardrailCheck[];
  /** Says by itself whether a text may pass. */
  readonly guard?: Guard;
  /** A guard on a Guardrails AI server; the text is sent there. */
  readonly server?: GuardServerOptions;
  /** Personal data that may stand in the text, by kind, exactly as it is written there. @default {} */
  readonly allow?: Readonly<Partial<Record<PersonalDataKind, readonly string[]>>>;
  /** The country whose telephone numbers are known without a prefix, by its two letters. @default "US" */
  readonly country?: string;
  /** Whether the metadata of a result hold the text with what was found blacked out (`"fix"`). @default "fail" */
  readonly onFail?: "fail" | "fix";
}

const KINDS: readonly PersonalDataKind[] = ["email", "phone", "card", "iban", "ip", "ssn"];

/**
 * The options of {@linkcode GuardrailsValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { GUARDRAILS_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("checks" in GUARDRAILS_OPTIONS); // true
 * ```
 */
export const GUARDRAILS_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "GuardrailsValidator",
  },
  checks: {
    description: "What is looked for: personal data, keys and passwords, orders to a model.",
    type: "array",
    items: { enum: ["pii", "secrets", "promptInjection"] },
    minItems: 1,
  },
  guard: {
    description: "Says by itself whether a text may pass.",
    codeOnly: true,
    accepts: (value) => typeof (value as Partial<Guard> | null)?.validate === "function",
    accepted: "an object with a method validate",
  },
  server: GUARD_SERVER_OPTION,
  allow: {
    description: "Personal data that may stand in the text, by kind, exactly as it is written there.",
    type: "object",
    properties: Object.fromEntries(
      KINDS.map((kind) => [kind, { type: "array", items: { type: "string", minLength: 1 } }] as const),
    ),
  },
  country: {
    description: "The country whose telephone numbers are known without a prefix, by its two letters.",
    type: "string",
    minLength: 2,
    default: "US",
  },
  onFail: {
    description: "Whether the metadata hold the text with what was found blacked out.",
    enum: ["fail", "fix"],
    default: "fail",
  },
};

/**
 * Keeps out of a text what must not leave the house: personal data (e-mail addresses, telephone, card and bank account
 * numbers, IP addresses, US social security numbers), keys and passwords, and orders to a model; or whatever a guard of one's own
 * or one on a Guardrails AI server finds. What is found never stands in a message: it is masked.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { GuardrailsValidator } from "@sifaka/sifaka/validators";
 *
 * const guardrails = new GuardrailsValidator({ checks: ["pii"] });
 * const text = "Write to ann.lee@example.com.";
 * console.log(guardrails.validate(new Thought({ prompt: "Invite them.", text })).issues);
 * // ["Line 1, column 10: an e-mail address, a********."]
 * ```
 */
export class GuardrailsValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #checks: ReadonlySet<GuardrailCheck>;
  readonly #guard: Guard | undefined;
  readonly #server: GuardTarget | undefined;
  readonly #allow: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly #country: string;
  readonly #redacts: boolean;

  /**
   * Checks the options and makes the validator.
   *
   * @param options What is looked for.
   * @throws {ConfigurationError} When an option is wrong, or not exactly one of `checks`, `guard` and `server` is given.
   */
  constructor(options: GuardrailsOptions) {
    super(options);
    const {
      name = "GuardrailsValidator",
      checks,
      guard,
      server,
      allow = {},
      country = "US",
      onFail = "fail",
    } = checkOptions(
      "GuardrailsValidator",
      options,
      GUARDRAILS_OPTIONS,
    );
    if ([checks, guard, server].filter((source) => source !== undefined).length !== 1) {
      const message = "exactly one of checks, guard and server must be given";
      throw optionError("GuardrailsValidator", [{ path: ["checks"], message }]);
    }
    if (!/^[A-Z]{2}$/.test(country)) {
      const message = `country must be two capital letters, such as "US": it is ${show(country)}`;
      throw optionError("GuardrailsValidator", [{ path: ["country"], message }]);
    }
    this.name = name;
    this.#checks = new Set(checks);
    this.#guard = guard;
    this.#server = server && guardTarget("GuardrailsValidator", server);
    this.#allow = structuredClone(allow);
    this.#country = country;
    this.#redacts = onFail === "fix";
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    const { text } = thought;
    if (text === undefined) return noText(this.name);
    if (this.#guard !== undefined) {
      return this.#judged(text, yield* this.#askGuard(this.#guard, text, context));
    }
    if (this.#server !== undefined) {
      const ref = { module: packageModule("validators/guardrail_server_calls"), name: "ask" };
      return this.#judged(text, yield* remote<GuardVerdict>(ref, this.#server, text));
    }
    return this.#result(text, withoutOverlaps(yield* this.#find(text)));
  }

  *#find(text: string): Operation<GuardrailFinding[]> {
    const found = [
      ...this.#checks.has("secrets") ? findSecrets(text) : [],
      ...this.#checks.has("promptInjection") ? findPromptInjection(text) : [],
    ];
    // A text without a digit or an @ holds no personal data that could be found, and then no package is loaded.
    if (this.#checks.has("pii") && /[\d@]/.test(text)) {
      const module = packageModule("validators/guardrail_calls");
      const personal = yield* remote<GuardrailFinding[]>({ module, name: "findPersonalData" }, {
        text,
        country: this.#country,
      });
      found.push(
        ...personal.filter(({ kind, start, end }) => !this.#allow[kind]?.includes(text.slice(start, end))),
      );
    }
    return found;
  }

  *#askGuard(guard: Guard, text: string, context: ValidatorContext): Operation<GuardVerdict> {
    const given = yield* callUser((subject: string, used) => guard.validate(subject, used), text, context);
    if (typeof (given as Partial<GuardVerdict> | null)?.passed === "boolean") return given as GuardVerdict;
    throw new ValidatorError(`A guard must give an object with passed: ${this.name} got ${show(given)}`, {
      code: "guard_unavailable",
      component: this.name,
      operation: "validate",
    });
  }

  #judged(text: string, { passed, failures = [], fixed }: GuardVerdict): ValidationResult {
    const issues = failures.map(({ reason, start }) =>
      sentence(start === undefined ? reason : `${placeOf(text, start)}: ${reason}`)
    );
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : 0,
      message: passed
        ? "The guard lets the text pass."
        : `The guard finds ${counted(Math.max(1, failures.length), "fault")}.`,
      issues: passed ? [] : issues.length === 0 ? ["The guard does not let the text pass."] : issues,
      suggestions: passed ? [] : ["Remove or rewrite what the guard names."],
      metadata: !passed && fixed !== undefined && this.#redacts ? { redacted: fixed } : {},
    });
  }

  #result(text: string, found: readonly GuardrailFinding[]): ValidationResult {
    const passed = found.length === 0;
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : 0,
      message: passed
        ? `The text holds none of ${[...this.#checks].map((check) => NAMES[check]).join(", ")}.`
        : `The text holds ${counted(found.length, "thing")} that must not be in it.`,
      issues: found.slice(0, MOST_ISSUES).map((finding) =>
        `${placeOf(text, finding.start)}: ${finding.what}, ${shown(text, finding)}.`
      ),
      suggestions: found.slice(0, MOST_ISSUES).map((finding) =>
        `Remove ${finding.what}, ${shown(text, finding)}.`
      ),
      metadata: {
        found: found.slice(0, MOST_ISSUES).map(({ start, end, kind }) => ({ start, end, kind })),
        count: found.length,
        ...(this.#redacts && !passed ? { redacted: redact(text, found) } : {}),
      },
    });
  }
}

const MOST_ISSUES = 50;
const NAMES: Readonly<Record<GuardrailCheck, string>> = {
  pii: "personal data",
  secrets: "keys and passwords",
  promptInjection: "orders to a model",
};

function placeOf(text: string, index: number): string {
  const { line, column } = positionOf(text, index);
  return `Line ${line}, column ${column}`;
}

function shown(text: string, { start, end, open }: GuardrailFinding): string {
  return open ? quote(text, [start, end]) : mask(text.slice(start, end));
}

function redact(text: string, found: readonly GuardrailFinding[]): string {
  let redacted = "";
  let last = 0;
  for (const { start, end, kind } of found) {
    redacted += `${text.slice(last, start)}[${kind}]`;
    last = end;
  }
  return redacted + text.slice(last);
}
