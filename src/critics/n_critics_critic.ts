/**
 * A critic that is an ensemble of critics.
 *
 * @module
 */

import type { Model } from "../models/model.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionProblem, type OptionSchemas } from "../options.ts";
import type { FeedbackItem } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions, passScoreSchema } from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate, lastFeedback } from "./critique_prompt.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import {
  type Aggregate,
  decideTogether,
  disagreementsOf,
  type MemberAnswer,
  mergeRemarks,
} from "./n_critics_findings.ts";
import {
  type EnsembleMember,
  type Member,
  MEMBER_SCHEMA,
  MOST_MEMBERS,
  SELF,
  settleMembers,
} from "./n_critics_members.ts";
import {
  MEMBER_FORMAT,
  memberPart,
  memberPrompt,
  N_CRITICS_ROLE,
  type RaisedItem,
  SELF_PART,
  SYNTHESIS_FORMAT,
  synthesisPrompt,
} from "./n_critics_prompts.ts";
import { field, fieldsOf, readFeedbackItems } from "./read_fields.ts";
import type { CriticSession, Question } from "./session.ts";
import { readable, requireAnswers } from "./votes.ts";

/** Options of {@linkcode NCriticsCritic}. */
export interface NCriticsOptions extends CommonCriticOptions {
  /** The members in full, 1 to 20, each with a model of its own where it has one. */
  readonly critics?: readonly EnsembleMember[];
  /** The members' roles alone, 1 to 20, all on the critic's model. */
  readonly roles?: readonly string[];
  /** How many members there are where neither `critics` nor `roles` says, 1 to 20. @default 3 */
  readonly numCritics?: number;
  /** How the members' scores become one. @default "mean" */
  readonly aggregate?: "mean" | "median" | "min" | "majority";
  /** From this score on the text is good enough, 0 to 1. @default 0.7 */
  readonly passScore?: number;
  /** How many members must have answered. @default half of them, rounded up */
  readonly quorum?: number;
  /** Whether the critic's own model judges too, as the writer of the text. @default true */
  readonly includeSelf?: boolean;
  /** Whether one more call writes one account of what all said. @default false */
  readonly synthesise?: boolean;
}

/**
 * What {@linkcode NCriticsCritic} accepts.
 *
 * @example
 * ```ts
 * import { N_CRITICS_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("numCritics" in N_CRITICS_OPTIONS); // true
 * ```
 */
export const N_CRITICS_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  critics: {
    description: "The members in full.",
    type: "array",
    minItems: 1,
    maxItems: MOST_MEMBERS,
    items: MEMBER_SCHEMA,
  },
  roles: {
    description: "The members' roles alone.",
    type: "array",
    minItems: 1,
    maxItems: MOST_MEMBERS,
    items: { type: "string", minLength: 1 },
  },
  numCritics: {
    description: "How many members there are where neither critics nor roles says.",
    type: "integer",
    minimum: 1,
    maximum: MOST_MEMBERS,
    default: 3,
  },
  aggregate: {
    description: "How the members' scores become one.",
    enum: ["mean", "median", "min", "majority"],
    default: "mean",
  },
  passScore: passScoreSchema(0.7),
  quorum: {
    description: "How many members must have answered. Half of them when left out.",
    type: "integer",
    minimum: 1,
    maximum: MOST_MEMBERS,
  },
  includeSelf: {
    description: "Whether the critic's own model judges too, as the writer of the text.",
    type: "boolean",
    default: true,
  },
  synthesise: {
    description: "Whether one more call writes one account of what all said.",
    type: "boolean",
    default: false,
  },
});

const DEFAULT_TEMPERATURE = 0.4;
const DEFAULT_PASS_SCORE = 0.7;

/**
 * Has several critics examine the text independently, and puts together what they say.
 *
 * After Mousavi, Luna Gutiérrez, Rengarajan, Gundecha, Ramesh Babu, Naug, Guillen and Sarkar, "N-Critics: Self-Refinement of Large
 * Language Models with Ensemble of Critics", 2023, arXiv 2310.18679: an output goes to an ensemble of critics that are different
 * models, and to the generator itself; the collected criticism goes back to the generator, which revises.
 *
 * Simplified: nothing, if the members have models of their own; members that share one are told apart by their roles alone,
 * and the critic warns of it. Beyond the paper: scores with weights, a veto, a quorum, and equal remarks merged with the names of
 * those who made them.
 *
 * Cost: a call for each member and one for the model itself (`includeSelf`), side by side, and one more with `synthesise`.
 *
 * When to use it: where models of several providers are at hand, or several points of view matter.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { NCriticsCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const strict = new MockModel({ response: '{"score": 2, "issues": ["The date is missing."]}' });
 * const mild = new MockModel({ response: '{"score": 8, "issues": []}' });
 * const critic = new NCriticsCritic({
 *   model: mild,
 *   critics: [
 *     { name: "facts", role: "what a guest must know", model: strict },
 *     { name: "tone", role: "whether it is polite" },
 *   ],
 * });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.score, feedback.needsImprovement); // 0.6 true
 * ```
 */
export class NCriticsCritic extends ModelCritic {
  readonly #members: readonly Member[];
  readonly #aggregate: Aggregate;
  readonly #passScore: number;
  readonly #quorum: number;
  readonly #includeSelf: boolean;
  readonly #synthesise: boolean;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The members, and how they decide.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: NCriticsOptions) {
    const checked = checkOptions("NCriticsCritic", options, N_CRITICS_OPTIONS);
    const { members, problems } = settleMembers(checked);
    const all = [...problems, ...quorumProblems(checked.quorum, members)];
    if (all.length > 0) throw optionError("NCriticsCritic", all);
    super("NCriticsCritic", checked, { temperature: DEFAULT_TEMPERATURE, systemPrompt: N_CRITICS_ROLE });
    this.#members = members;
    this.#aggregate = checked.aggregate ?? "mean";
    this.#passScore = checked.passScore ?? DEFAULT_PASS_SCORE;
    this.#quorum = checked.quorum ?? Math.ceil(members.length / 2);
    this.#includeSelf = checked.includeSelf ?? true;
    this.#synthesise = checked.synthesise ?? false;
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const asked = this.#members.length + (this.#includeSelf ? 1 : 0);
    const calls = asked + (this.#synthesise ? 1 : 0);
    // Where nobody has a remark, there is nothing to write an account of.
    return { min: asked, expected: calls, max: calls };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const warnings = yield* this.#warnOfOneModel(session);
    const parts = this.#members.map((member) => this.#question(session, memberPart(member), member.model));
    const self = this.#includeSelf ? [this.#question(session, SELF_PART, undefined)] : [];
    const outcomes = yield* session.askAll("member", [...parts, ...self]);
    const ensemble = outcomes.slice(0, this.#members.length);
    requireAnswers(session.name, ensemble, { count: this.#quorum, what: "members" });
    const nameOf = (index: number): string => this.#members[index]?.name ?? SELF;
    const { answers, failures } = readable(outcomes);
    const said = answers.map(({ answer, index }): MemberAnswer => {
      const { weight = 1, blocking = false } = this.#members[index] ?? {};
      return { name: nameOf(index), answer, weight, blocking };
    });
    const raised = { issues: mergeRemarks(said, "issues"), suggestions: mergeRemarks(said, "suggestions") };
    const account = this.#synthesise ? yield* this.#account(session, raised) : undefined;
    const missing = failures.map(({ index, reason }) => ({ name: nameOf(index), reason }));
    return this.#findings(said, raised, account, {
      ...(missing.length > 0 ? { failures: missing } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    });
  }

  #question(session: CriticSession, part: string, model: Model | undefined): Question {
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session)
      : memberPrompt(session, part);
    return { prompt, format: MEMBER_FORMAT, speaker: { part, ...(model === undefined ? {} : { model }) } };
  }

  /** Says so once in a run when the ensemble is one model under several names. */
  *#warnOfOneModel(session: CriticSession): Operation<string[]> {
    const models = new Set(this.#members.map((member) => member.model ?? this.model));
    if (models.size > 1 || this.#members.length === 1 || lastFeedback(session) !== undefined) return [];
    const warning = `${session.name} has one model in every part; give its critics models of their own, ` +
      "as opinions of one model are not independent";
    yield* session.warn("one_model", warning);
    return [warning];
  }

  *#account(session: CriticSession, raised: Raised): Operation<Account | undefined> {
    const count = raised.issues.length + raised.suggestions.length;
    if (count === 0) return undefined;
    const prompt = synthesisPrompt(session, raised.issues, raised.suggestions);
    const outcome = (yield* session.askAll("synthesis", [{ prompt, format: SYNTHESIS_FORMAT }]))[0]!;
    // What the members said is worth more than an account of it.
    if (!outcome.ok || outcome.value.parse !== "structured") return undefined;
    const { fields, summary } = outcome.value;
    const items = (name: string): FeedbackItem[] => readFeedbackItems(withSource(field(fields, name), count));
    return { summary, issues: items("issues"), suggestions: items("suggestions") };
  }

  #findings(
    said: readonly MemberAnswer[],
    raised: Raised,
    account: Account | undefined,
    facts: NonNullable<Findings["metadata"]>,
  ): Findings {
    const { verdict, score, confidence, vetoes } = decideTogether(said, this.#aggregate, this.#passScore);
    const disagreements = disagreementsOf(said, this.#passScore);
    const summary = said.filter(({ answer }) => answer.summary !== "")
      .map(({ name, answer }) => `${name}: ${answer.summary}`).join("\n");
    return {
      summary: account?.summary || summary,
      needsImprovement: verdict,
      score,
      confidence,
      issues: account?.issues ?? raised.issues.map(({ item }) => item),
      suggestions: account?.suggestions ?? raised.suggestions.map(({ item }) => item),
      raw: said.map(({ name, answer }) => `${name}:\n${answer.raw}`).join("\n\n"),
      parse: said.find(({ answer }) => answer.parse !== "structured")?.answer.parse ?? "structured",
      metadata: {
        ...facts,
        ...(confidence === undefined ? {} : { confidenceSource: "agreement" }),
        aggregate: this.#aggregate,
        members: said.map(({ name, answer: { score, needsImprovement } }) => ({
          name,
          ...(score === undefined ? {} : { score }),
          ...(needsImprovement === undefined ? {} : { needsImprovement }),
        })),
        raisedBy: [...raised.issues, ...raised.suggestions].map(({ item, by }) => ({
          text: item.text,
          by: [...by],
        })),
        ...(vetoes.length > 0 ? { vetoes } : {}),
        ...(disagreements === undefined ? {} : { disagreements }),
      },
    };
  }
}

interface Raised {
  readonly issues: readonly RaisedItem[];
  readonly suggestions: readonly RaisedItem[];
}

interface Account {
  readonly summary: string;
  readonly issues: readonly FeedbackItem[];
  readonly suggestions: readonly FeedbackItem[];
}

/** The entries that name a remark they stand for; the others were invented. */
function withSource(value: unknown, count: number): unknown[] {
  return (Array.isArray(value) ? value as unknown[] : []).filter((entry) => {
    const from = field(fieldsOf(entry), "from");
    return Array.isArray(from) && from.some((number) => Number(number) >= 1 && Number(number) <= count);
  });
}

function quorumProblems(quorum: number | undefined, members: readonly Member[]): OptionProblem[] {
  if (quorum === undefined || members.length === 0 || quorum <= members.length) return [];
  return [{
    path: ["quorum"],
    message:
      `quorum must not exceed the number of critics: quorum is ${quorum}, there are ${members.length} critics`,
  }];
}
