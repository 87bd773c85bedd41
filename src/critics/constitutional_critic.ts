/**
 * A critic that judges by written principles.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { checkOptions, optionError, type OptionProblem, type OptionSchemas } from "../options.ts";
import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions } from "./common_options.ts";
import {
  CONSTITUTIONAL_ROLE,
  metadataVerdicts,
  principleLines,
  revisionPrompt,
  VERDICT_FORMAT,
  verdictPrompt,
} from "./constitutional_prompts.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import { type Draw, drawNext } from "./draw.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic, usableRevision } from "./model_critic.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import {
  DEFAULT_PRINCIPLES,
  type Principle,
  PRINCIPLE_SCHEMA,
  type PrincipleInit,
  settlePrinciples,
} from "./principles.ts";
import { fieldsOf } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";
import {
  decide,
  isViolation,
  type PrincipleVerdict,
  readVerdicts,
  scoreOf,
  toIssue,
  unknownVerdict,
  violationsOf,
} from "./verdicts.ts";

/** Options of {@linkcode ConstitutionalCritic}. */
export interface ConstitutionalOptions extends CommonCriticOptions {
  /** What is demanded of the text; at least one, each once. @default five, on harm, honesty, autonomy, accuracy and helpfulness */
  readonly principles?: readonly (string | PrincipleInit)[];
  /**
   * How the principles are asked about. `"each"`: a call for each, side by side. `"batched"`: one call for all. `"sample"`: a
   * call for each of `sampleSize` principles, drawn anew in each round until all have had their turn.
   *
   * @default "each"
   */
  readonly mode?: "each" | "batched" | "sample";
  /** Whether any violation asks for improvement, or only those of medium and high severity. @default false */
  readonly strict?: boolean;
  /** How many principles a round draws in the mode `"sample"`; at most as many as there are. @default 1 */
  readonly sampleSize?: number;
  /** Decides the order of the draws; an integer. @default 0 */
  readonly seed?: number;
  /** Whether `improve` examines the revised text, and gives back the original where that is better. @default false */
  readonly recheck?: boolean;
}

/**
 * What {@linkcode ConstitutionalCritic} accepts.
 *
 * @example
 * ```ts
 * import { CONSTITUTIONAL_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log(Object.keys(CONSTITUTIONAL_OPTIONS).length > 0); // true
 * ```
 */
export const CONSTITUTIONAL_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  principles: {
    description: "What is demanded of the text.",
    type: "array",
    minItems: 1,
    maxItems: 200,
    items: PRINCIPLE_SCHEMA,
    default: DEFAULT_PRINCIPLES,
  },
  mode: {
    description: "A call for each principle, one call for all, or a call for each of a sample.",
    enum: ["each", "batched", "sample"],
    default: "each",
  },
  strict: {
    description: "Whether any violation asks for improvement, or only those of medium and high severity.",
    type: "boolean",
    default: false,
  },
  sampleSize: { description: "How many principles a sample draws.", type: "integer", minimum: 1, default: 1 },
  seed: { description: "Decides the order of the draws.", type: "integer", default: 0 },
  recheck: { description: "Whether improve examines the revised text.", type: "boolean", default: false },
});

const DEFAULT_TEMPERATURE = 0.2;

/**
 * Judges a text by principles, one by one, and asks for a revision where one is violated.
 *
 * After Bai et al., "Constitutional AI: Harmlessness from AI Feedback", 2022, arXiv 2212.08073, the supervised stage: a
 * principle is drawn at random, the model criticises the response under it and revises away what it found, and so on with
 * freshly drawn principles (16 were written for the paper, and four pairs of critique and revision made for each prompt).
 *
 * Simplified: nothing is trained, and the stage of reinforcement learning has no counterpart here. The mode `"sample"` is the
 * paper's; `"each"` and `"batched"` ask about all principles in every round. Beyond it: every violation has a severity and
 * a quotation, and one whose quotation is not in the text counts as unconfirmed.
 *
 * Cost: one call for each principle, side by side (`"each"`); one call (`"batched"`); `sampleSize` calls (`"sample"`). `improve`
 * takes a call for each violated principle, one after the other, and with `recheck` another critique.
 *
 * When to use it: where the rules can be written down: house style, safety, law, tone.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ConstitutionalCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: '{"verdicts": [{"principle": 1, "violated": true, "severity": "high", "quote": "always works"}]}',
 * });
 * const critic = new ConstitutionalCritic({ model, principles: ["Claim nothing without evidence."] });
 * const feedback = critic.critique(new Thought({ prompt: "Describe it.", text: "This always works." }));
 * console.log(feedback.needsImprovement, feedback.issues[0]?.quote); // true "always works"
 * ```
 */
export class ConstitutionalCritic extends ModelCritic {
  readonly #principles: readonly Principle[];
  readonly #mode: "each" | "batched" | "sample";
  readonly #strict: boolean;
  readonly #sampleSize: number;
  readonly #seed: number;
  readonly #recheck: boolean;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, the principles, and how they are asked about.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: ConstitutionalOptions) {
    const checked = checkOptions("ConstitutionalCritic", options, CONSTITUTIONAL_OPTIONS);
    const { principles, problems } = settlePrinciples(checked.principles ?? DEFAULT_PRINCIPLES);
    const sampleSize = checked.sampleSize ?? 1;
    const tooMany: OptionProblem = {
      path: ["sampleSize"],
      message:
        `sampleSize must not exceed the number of principles: sampleSize is ${sampleSize}, there are ${principles.length}`,
    };
    const all = sampleSize > principles.length ? [...problems, tooMany] : problems;
    if (all.length > 0) throw optionError("ConstitutionalCritic", all);
    super("ConstitutionalCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: CONSTITUTIONAL_ROLE,
      placeholders: ["principles"],
    });
    this.#principles = principles;
    this.#mode = checked.mode ?? "each";
    this.#strict = checked.strict ?? false;
    this.#sampleSize = sampleSize;
    this.#seed = checked.seed ?? 0;
    this.#recheck = checked.recheck ?? false;
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const calls = { each: this.#principles.length, batched: 1, sample: this.#sampleSize }[this.#mode];
    return { min: calls, expected: calls, max: calls };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    return yield* this.#judge(session, this.#mode === "sample" ? this.#draw(session) : this.#principles);
  }

  *#judge(session: CriticSession, asked: readonly Principle[]): Operation<Findings> {
    if (this.#mode === "batched") return this.#findings([yield* this.#askAbout(session, asked)]);
    const outcomes = yield* allSettled(asked.map((principle) => this.#askAbout(session, [principle])), {
      name: "principle",
      concurrency: this.settings.modelCallConcurrency,
    });
    const failed = outcomes.find((outcome) => !outcome.ok);
    if (failed && !outcomes.some((outcome) => outcome.ok)) throw failed.error;
    return this.#findings(outcomes.map((outcome, index) => toPart(outcome, asked[index]!)));
  }

  #draw(session: CriticSession): readonly Principle[] {
    const total = this.#principles.length;
    const { drawn, used, cycle } = drawNext(total, this.#sampleSize, this.#seed, readDraw(session.memory));
    session.remember({ used: [...used], cycle });
    return drawn.map((number) => this.#principles[number - 1]!);
  }

  /** Asks about some principles in one call; what is missing in the answer is asked for once more. */
  *#askAbout(session: CriticSession, asked: readonly Principle[]): Operation<Part> {
    const verdicts = new Map<number, PrincipleVerdict>();
    const collect = (answer: CriticAnswer): string | undefined => {
      for (const verdict of readVerdicts(answer, asked, session.text)) {
        verdicts.set(verdict.principle, verdict);
      }
      const missing = asked.filter((principle) => !verdicts.has(principle.number));
      return missing.length === 0
        ? undefined
        : `"verdicts" has no readable entry for principle ${
          missing.map((principle) => principle.number).join(", ")
        }`;
    };
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session, { principles: principleLines(asked) })
      : verdictPrompt(session, asked);
    const answer = yield* session.ask({ prompt, format: VERDICT_FORMAT, check: collect });
    const all = asked.map((principle) => {
      return verdicts.get(principle.number) ?? unknownVerdict(principle, "the answer does not say");
    });
    return { verdicts: all, answer };
  }

  #findings(parts: readonly Part[]): Findings {
    const verdicts = parts.flatMap((part) => part.verdicts).sort((a, b) => a.principle - b.principle);
    const answers = parts.map((part) => part.answer).filter((answer) => answer !== undefined);
    const general = parts.filter(isGeneral).flatMap(({ answer }) => answer ?? []);
    const ownIssues = general.flatMap((answer) => answer.issues);
    // A verdict that was taken from an issue in the common form says nothing that the issue does not.
    const violations = violationsOf(verdicts).filter(({ explanation }) =>
      !ownIssues.some((issue) => issue.text === explanation)
    );
    const only = verdicts.every((verdict) => verdict.status === "unknown") ? answers[0] : undefined;
    return {
      summary: only?.summary || summaryOf(verdicts),
      // Where no verdict on a principle could be read, the general one is better than none.
      needsImprovement: only ? verdictOf(only, 1) : decide(verdicts, this.#strict),
      score: only ? only.score : scoreOf(verdicts, this.#principles),
      issues: [...violations.map(toIssue), ...ownIssues],
      suggestions: [
        ...violations.flatMap((verdict) => verdict.revisionRequest ?? []),
        ...general.flatMap((answer) => answer.suggestions),
      ],
      raw: answers.map((answer) => answer.raw).join("\n\n"),
      parse: answers.find((answer) => answer.parse !== "structured")?.parse ?? "structured",
      metadata: {
        mode: this.#mode,
        verdicts: verdicts.map((verdict) => ({ ...verdict }) satisfies JsonValue),
        unknown: verdicts.filter((verdict) => verdict.status === "unknown").map((verdict) => verdict.id),
      },
    };
  }

  /**
   * One revision for each violated principle, the gravest first, each on the text that the one before gave.
   *
   * @internal
   */
  protected override *_revise(session: CriticSession, feedback: CriticFeedback): Operation<string> {
    const verdicts = metadataVerdicts(feedback.metadata.verdicts).filter((verdict) => {
      return this.#principles[verdict.principle - 1] !== undefined;
    });
    const violations = violationsOf(verdicts);
    if (this.improveTemplate || violations.length === 0) return yield* super._revise(session, feedback);
    const checks = !this.#recheck ? 0 : this.#mode === "batched" ? 1 : verdicts.length;
    session.requireCalls(violations.length + checks);
    let current = session;
    for (const verdict of violations) {
      const prompt = revisionPrompt(current, this.#principles[verdict.principle - 1]!, verdict);
      const text = usableRevision(current, yield* current.write(prompt), feedback);
      current = current.about(current.thought.withText(text));
    }
    if (!this.#recheck) return current.text;
    // By the same principles: a score by others could not be compared with the first.
    const after = yield* this.#judge(
      current,
      verdicts.map(({ principle }) => this.#principles[principle - 1]!),
    );
    return (after.score ?? 1) < (feedback.score ?? 0) ? session.text : current.text;
  }
}

/** What came of one call. */
interface Part {
  readonly verdicts: readonly PrincipleVerdict[];
  readonly answer: CriticAnswer | undefined;
}

/**
 * Whether what an answer says in the common form is all it says: no verdict is known, or no violation is explained in words of its
 * own. Else its remarks would say once more what stands in the verdicts.
 */
function isGeneral({ verdicts, answer }: Part): boolean {
  return verdicts.some((verdict) =>
    verdict.status === "unknown" ||
    (isViolation(verdict) &&
      ["", ...answer?.issues.map(({ text }) => text) ?? []].includes(verdict.explanation))
  );
}

function toPart(outcome: Outcome<Part>, principle: Principle): Part {
  if (outcome.ok) return outcome.value;
  const reason = outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
  return { verdicts: [unknownVerdict(principle, `the call failed: ${reason}`)], answer: undefined };
}

function readDraw(memory: JsonValue | undefined): Omit<Draw, "drawn"> | undefined {
  const fields = fieldsOf(memory);
  const used = fields.get("used");
  const cycle = fields.get("cycle");
  if (!Array.isArray(used) || !Number.isInteger(cycle)) return undefined;
  return { used: used as number[], cycle: cycle as number };
}

function summaryOf(verdicts: readonly PrincipleVerdict[]): string {
  const violated = verdicts.filter(isViolation).map((verdict) => verdict.id);
  const unknown = verdicts.filter((verdict) => verdict.status === "unknown").map((verdict) => verdict.id);
  const satisfied = verdicts.filter((verdict) => verdict.status === "satisfied").length;
  return [
    `${satisfied} of ${verdicts.length} principles are satisfied`,
    ...(violated.length > 0 ? [`violated: ${violated.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`not known: ${unknown.join(", ")}`] : []),
  ].join("; ") + ".";
}
