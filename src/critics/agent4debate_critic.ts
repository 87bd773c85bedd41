/**
 * A critic that has teams of agents debate how to revise a text.
 *
 * @module
 */

import type { Model } from "../models/model.ts";
import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError } from "../options.ts";
import type { FeedbackItem } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import {
  JUDGE_FORMAT,
  JUDGE_PART,
  judgePrompt,
  orderings,
  readJudgement,
  winnerOf,
} from "./agent4debate_judge.ts";
import {
  AGENT4DEBATE_OPTIONS,
  type Agent4DebateOptions,
  type DebateSide,
  type DebateStage,
  settleDebate,
} from "./agent4debate_options.ts";
import { DEBATE_ROLE } from "./agent4debate_prompts.ts";
import { takeTurn, type TeamRules } from "./agent4debate_stage.ts";
import { type Edit, editText, finalEdits, speechText, type Team } from "./agent4debate_team.ts";
import { settleModel } from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { keepLatest, readExemplars } from "./exemplars.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { shorten } from "./read_fields.ts";
import type { CriticSession, Question, Speaker } from "./session.ts";
import { groupSimilar, mergedItem } from "./similar.ts";
import { mean, tidy } from "./statistics.ts";
import { readable, requireAnswers, why } from "./votes.ts";

/**
 * Has two sides, each a team of four agents, debate how to revise a text, and a judge decide.
 *
 * After Y. Zhang, Yang, Feng, D. Wang, Y. Zhang and Song, "Can LLMs Beat Humans in Debating? A Dynamic Multi-agent Framework for
 * Competitive Debate", 2024, arXiv 2408.04472: Searcher, Analyzer, Writer and Reviewer of each side work together through the
 * stages of constructive, rebuttal and summary.
 *
 * Simplified: the sides are stances on a revision instead of a motion, by default keeping the text and rewriting it; a judge in
 * several orders of the sides takes the place of human judges and ratings.
 *
 * Cost: in each stage, for each side, Analyzer, Writer and Reviewer one after the other, and Writer and Reviewer once more for
 * each time a speech is sent back; then a judge for each order of the sides: 20 with two sides, three stages and no returns. The
 * sides of a stage speak side by side; no stage begins before the one before has ended. `compact` makes Analyzer and Writer one.
 *
 * When to use it: where it is in dispute whether a text should be changed at all, and much depends on it.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { Agent4DebateCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: ({ messages }) => {
 *     const role = messages[0]!.content;
 *     if (role.includes("the Analyzer")) return '{"points": ["It gives no date."]}';
 *     if (role.includes("the Reviewer")) return '{"accepted": true}';
 *     if (role.includes("the Writer")) {
 *       return '{"speech": "A date is needed.", "edits": [{"before": "Please come.", "after": "Please come on Friday."}]}';
 *     }
 *     return '{"sides": [{"side": 1, "diagnosis": 8}, {"side": 2, "diagnosis": 6}], "issues": ["The date is missing."], "score": 5}';
 *   },
 * });
 * const critic = new Agent4DebateCritic({ model });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.modelCalls, feedback.suggestions.length); // 20 1
 * ```
 */
export class Agent4DebateCritic extends ModelCritic {
  readonly #sides: readonly DebateSide[];
  readonly #stages: readonly DebateStage[];
  readonly #rules: TeamRules;
  readonly #judge: Model | undefined;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, the sides, and how they debate.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: Agent4DebateOptions) {
    const checked = checkOptions("Agent4DebateCritic", options, AGENT4DEBATE_OPTIONS);
    const { sides, stages, problems } = settleDebate(checked);
    if (problems.length > 0) throw optionError("Agent4DebateCritic", problems);
    super("Agent4DebateCritic", checked, { temperature: 0.7, systemPrompt: DEBATE_ROLE });
    this.#sides = sides;
    this.#stages = stages;
    this.#rules = {
      retriever: checked.retriever,
      maxReviewRounds: checked.maxReviewRounds ?? 1,
      compact: checked.compact ?? false,
    };
    this.#judge = checked.judgeModel === undefined ? undefined : settleModel(checked.judgeModel);
  }

  /**
   * How many calls a critique takes. That a speech is sent back is not expected.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const turns = this.#stages.length * this.#sides.length;
    const { compact, maxReviewRounds } = this.#rules;
    const expected = turns * (compact ? 2 : 3) + orderings(this.#sides.length).length;
    return { min: expected, expected, max: expected + 2 * maxReviewRounds * turns };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const settled = readExemplars(session.memory, "settled");
    const teams = yield* this.#debate(session, settled);
    const standing = teams.filter(({ failure }) => failure === undefined);
    if (standing.length === 0) throw teams[0]!.failure!.error;
    const outcome = standing.length === 1 ? walkOver(standing[0]!) : yield* this.#judged(session, standing);
    const findings = this.#findings(teams, outcome);
    const points = outcome.points.map(({ text }) => text);
    session.remember({ settled: keepLatest([...new Set([...settled, ...points])], MOST_SETTLED) });
    return findings;
  }

  /** Holds the stages one after the other; in each, the sides that are still in speak side by side. */
  *#debate(session: CriticSession, settled: readonly string[]): Operation<readonly Team[]> {
    let teams: readonly Team[] = this.#sides.map((side) => ({ side, turns: [], failure: undefined }));
    for (const stage of this.#stages) {
      const standing = teams.filter(({ failure }) => failure === undefined);
      if (standing.length < 2) break;
      const turns = standing.map((own) => {
        const others = standing.filter((team) => team !== own);
        return takeTurn(session, this.#rules, { stage, own, others, settled });
      });
      const outcomes = yield* allSettled(turns, {
        name: stage,
        concurrency: this.settings.modelCallConcurrency,
      });
      teams = teams.map((team): Team => {
        const outcome = outcomes[standing.indexOf(team)];
        if (outcome === undefined) return team;
        return outcome.ok
          ? { ...team, turns: [...team.turns, outcome.value] }
          : { ...team, failure: { error: outcome.error } };
      });
    }
    return teams;
  }

  /** Asks the judge with the sides in several orders, side by side. */
  *#judged(session: CriticSession, teams: readonly Team[]): Operation<DebateOutcome> {
    const orders = orderings(teams.length);
    const speaker: Speaker = {
      part: JUDGE_PART,
      temperature: 0,
      ...(this.#judge === undefined ? {} : { model: this.#judge }),
    };
    const questions = orders.map((order): Question => {
      const prompt = judgePrompt(session, order.map((place) => teams[place]!));
      return { prompt, format: JUDGE_FORMAT, speaker };
    });
    const outcomes = yield* session.askAll("judge", questions);
    requireAnswers(session.name, outcomes, { count: 1, what: "judgement" });
    const answers = readable(outcomes).answers.map(({ answer, index }) => ({
      answer,
      order: orders[index]!,
    }));
    const { scores, points, accepted } = readJudgement(answers, teams);
    const { winner, margin } = winnerOf(teams, scores);
    return {
      winner,
      accepted,
      points: groupSimilar(points, ({ text }) => text).map(mergedItem),
      answers: answers.map(({ answer }) => answer),
      scores: teams.map(({ side }, index) => ({ side: side.name, score: scores[index] })),
      confidence: scores.some((score) => score !== undefined) ? tidy(margin) : undefined,
    };
  }

  #findings(teams: readonly Team[], outcome: DebateOutcome): Findings {
    const { winner, points, accepted, answers, scores, confidence } = outcome;
    const proposed = finalEdits(winner);
    const edits = proposed.filter(({ applies }) => applies);
    // A winner who wants a change and misquotes the text has not said that nothing needs one.
    const verdict = edits.length > 0 || (proposed.length > 0 && (points.length > 0 || undefined));
    const failures = teams.filter(({ failure }) => failure !== undefined);
    const summary = answers.map((answer) => answer.summary).find((text) => text !== "");
    return {
      summary: summary ??
        `The side ${winner.side.name} has won${answers.length === 0 ? " without an opponent" : ""}.`,
      needsImprovement: verdict,
      score: mean(answers.map(({ score }) => score).filter((score) => score !== undefined)),
      confidence,
      issues: verdict === false ? [] : points,
      // The winner's plan, and what the judge accepts of the others' beside it.
      suggestions: verdict === false
        ? []
        : [...new Set([...edits, ...accepted])].filter(({ applies }) => applies)
          .map(suggestionOf),
      raw: answers.map(({ raw }) => raw).join("\n\n"),
      parse: answers.find(({ parse }) => parse !== "structured")?.parse ?? "structured",
      metadata: {
        winner: winner.side.name,
        ...(answers.length === 0 ? { walkOver: true } : { confidenceSource: "margin" }),
        scores: scores.map(({ side, score }) => ({ side, ...(score === undefined ? {} : { score }) })),
        upheld: points.map(({ text }) => text),
        ...(failures.length === 0 ? {} : {
          failures: failures.map(({ side, failure }) => ({ side: side.name, reason: why(failure!.error) })),
        }),
        transcript: transcriptOf(teams),
      },
    };
  }
}

/** The most points that are remembered as settled. */
const MOST_SETTLED = 20;
/** All speeches of a transcript together, in UTF-16 code units. */
const LONGEST_TRANSCRIPT = 16_000;

interface DebateOutcome {
  readonly winner: Team;
  readonly points: readonly FeedbackItem[];
  readonly accepted: readonly Edit[];
  readonly answers: readonly CriticAnswer[];
  readonly scores: readonly { readonly side: string; readonly score: number | undefined }[];
  readonly confidence: number | undefined;
}

/** A side whose opponents are all out has won, and nothing is known of how well. */
function walkOver(winner: Team): DebateOutcome {
  return { winner, points: [], accepted: [], answers: [], scores: [], confidence: 0 };
}

function suggestionOf(edit: Edit): FeedbackItem {
  return { text: editText(edit), ...(edit.before === "" ? {} : { quote: edit.before }) };
}

function transcriptOf(
  teams: readonly Team[],
): { side: string; stage: string; speech: string; returns: number }[] {
  const turns = teams.flatMap(({ side, turns }) => turns.map((turn) => ({ side: side.name, turn })));
  const longest = Math.floor(LONGEST_TRANSCRIPT / Math.max(1, turns.length));
  return turns.map(({ side, turn: { stage, speech, returns, objections } }) => ({
    side,
    stage,
    speech: shorten(speechText(speech), longest),
    returns,
    ...(objections.length === 0 ? {} : { objections: objections.map((text) => shorten(text, 500)) }),
  }));
}
