/**
 * A critic that looks up what a text claims.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { checkOptions, optionError } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import { TextMeasures } from "../text/measure.ts";
import type { Document } from "../thought/document.ts";
import type { Thought } from "../thought/thought.ts";
import type { AnswerFormat } from "./answer_format.ts";
import type { CallEstimate } from "./critic.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import { field, readBoolean } from "./read_fields.ts";
import { type Found, mergeDocuments, searchAll } from "./search.ts";
import {
  type Claim,
  type ClaimResult,
  readClaims,
  readRelevance,
  readSupport,
  readUtility,
} from "./self_rag_claims.ts";
import {
  type Checked,
  citableDocuments,
  claimIssue,
  claimSuggestion,
  decideCheck,
  scoreOfCheck,
  type SelfRAGWeights,
} from "./self_rag_findings.ts";
import { SELF_RAG_OPTIONS, type SelfRAGOptions } from "./self_rag_options.ts";
import {
  type NumberedDocument,
  PLAN_FORMAT,
  planPrompt,
  RELEVANCE_FORMAT,
  relevancePrompt,
  SELF_RAG_ROLE,
  sourceOf,
  SUPPORT_FORMAT,
  supportPrompt,
  UTILITY_FORMAT,
  utilityPrompt,
} from "./self_rag_prompts.ts";
import type { CriticSession, Question } from "./session.ts";
import { readable, requireAnswers } from "./votes.ts";

/**
 * Looks up what a text claims, and says which claims documents support.
 *
 * After Asai, Wu, Wang, Sil and Hajishirzi, "Self-RAG: Learning to Retrieve, Generate, and Critique through Self-Reflection", 2023,
 * arXiv 2310.11511: whether to retrieve, whether a passage is relevant, whether it supports what is written, and how useful
 * the whole is, are judged one by one, and a weighted sum of the judgements ranks what was written.
 *
 * Simplified: the paper trains a model to write reflection tokens while it generates; here the questions are asked of a finished
 * text, claim by claim, and the numbers are read from answers instead of token probabilities.
 *
 * It asks its `retriever`, and without one the chain's critic retrievers, with a question for each claim; documents that are on
 * the thought already are used as well. Claims that there is nothing to hold against are unverifiable, which is no fault.
 *
 * Cost: a plan; a call for each document, side by side; a call for each claim, side by side; one for the utility: 2 + D + C. Two
 * where nothing needs evidence or no document is found, and four with `batched`.
 *
 * When to use it: where the text states facts, and there is something to look them up in.
 *
 * @example
 * ```ts
 * import { defineRetriever, Thought } from "@sifaka/sifaka";
 * import { SelfRAGCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   responses: [
 *     '{"needsEvidence": true, "claims": [{"claim": "Lemurs live in Africa.", "quote": "in Africa", "query": "where lemurs live"}]}',
 *     '{"verdicts": [{"document": 1, "relevant": true}]}',
 *     '{"verdicts": [{"claim": 1, "document": 1, "evidence": "live in Madagascar alone", "support": "contradicted"}]}',
 *     '{"utility": 4}',
 *   ],
 * });
 * const atlas = defineRetriever("atlas", () => ["Lemurs live in Madagascar alone."]);
 * const critic = new SelfRAGCritic({ model, retriever: atlas });
 * const feedback = critic.critique(new Thought({ prompt: "Where do lemurs live?", text: "They live in Africa." }));
 * console.log(feedback.needsImprovement, feedback.issues[0]?.severity); // true "high"
 * ```
 */
export class SelfRAGCritic extends ModelCritic {
  readonly #retriever: Retriever | undefined;
  readonly #decideRetrieval: "model" | "always" | "never";
  readonly #maxDocuments: number;
  readonly #maxClaims: number;
  readonly #limits: { readonly minUtility: number; readonly maxUnsupported: number };
  readonly #weights: Required<SelfRAGWeights>;
  readonly #batched: boolean;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, where to look things up, and what is good enough.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: SelfRAGOptions) {
    const checked = checkOptions("SelfRAGCritic", options, SELF_RAG_OPTIONS);
    const weights = { relevance: 1, support: 1, utility: 0.5, ...checked.weights };
    if (Object.values(weights).every((weight) => weight === 0)) {
      const message = "weights must not all be 0";
      throw optionError("SelfRAGCritic", [{ path: ["weights"], message }]);
    }
    super("SelfRAGCritic", checked, { temperature: 0, systemPrompt: SELF_RAG_ROLE });
    this.#retriever = checked.retriever;
    this.#decideRetrieval = checked.decideRetrieval ?? "model";
    this.#maxDocuments = checked.maxDocuments ?? 5;
    this.#maxClaims = checked.maxClaims ?? 10;
    this.#limits = { minUtility: checked.minUtility ?? 4, maxUnsupported: checked.maxUnsupported ?? 0.2 };
    this.#weights = weights;
    this.#batched = checked.batched ?? false;
  }

  /**
   * How many calls a critique takes. How many claims there are is estimated by the number of sentences; that a chain has critic
   * retrievers is not known here.
   *
   * @internal
   */
  protected _callsFor(thought: Thought): CallEstimate {
    if (this.#batched) return { min: 2, expected: this.#documentsFor(thought) === 0 ? 2 : 4, max: 4 };
    const documents = this.#documentsFor(thought);
    const claims = Math.min(
      this.#maxClaims,
      new TextMeasures().sentences(thought.text ?? "") || this.#maxClaims,
    );
    const max = 2 + this.#maxDocuments + this.#maxClaims;
    return { min: 2, expected: documents === 0 ? 2 : 2 + documents + claims, max };
  }

  #documentsFor(thought: Thought): number {
    if (this.#retriever !== undefined && this.#decideRetrieval !== "never") return this.#maxDocuments;
    const known = thought.preGenerationContext.length + thought.postGenerationContext.length;
    return Math.min(known, this.#maxDocuments);
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const plans = yield* session.askAll("plan", [{
      prompt: planPrompt(session, this.#maxClaims),
      format: PLAN_FORMAT,
    }]);
    requireAnswers(session.name, plans, { count: 1, what: "plan" });
    const plan = readable(plans).answers[0]!.answer;
    const claims = readClaims(plan, session.text, this.#maxClaims);
    const needsEvidence = readBoolean(field(plan.fields, "needsEvidence")) ?? claims.length > 0;
    const isChecked = this.#decideRetrieval === "always" || needsEvidence;
    const found = isChecked ? yield* this.#find(session, claims) : NOTHING;
    const documents = isChecked ? this.#numbered(session, found) : [];
    const relevance = yield* this.#relevanceOf(session, claims, documents);
    const kept = documents.filter(({ number }) => relevance.get(number) !== false);
    const supported = isChecked ? yield* this.#supportOf(session, claims, kept) : [];
    const results = supported.map((result) =>
      isUndecided(result, found) ? unverifiable(result.claim) : result
    );
    const question: Question = { prompt: utilityPrompt(session, results), format: UTILITY_FORMAT };
    const [useful] = yield* session.askAll("utility", [question]);
    return this.#findings(useful!, {
      plan,
      found,
      kept: kept.map(({ document }) => document),
      results,
      relevance: documents.map(({ number }) => relevance.get(number)),
      needsEvidence,
    });
  }

  *#find(session: CriticSession, claims: readonly Claim[]): Operation<Found> {
    if (this.#decideRetrieval === "never") return NOTHING;
    // "Always" looks the task up where the text itself claims nothing.
    const queries = claims.length > 0 ? claims.map(({ query }) => query) : [session.thought.prompt];
    return yield* searchAll(session, { retriever: this.#retriever, queries, limit: this.#maxDocuments });
  }

  /** What was found for the claims, then what was there already. */
  #numbered(session: CriticSession, found: Found): NumberedDocument[] {
    const known = mergeDocuments([session.documents], this.#maxDocuments);
    return mergeDocuments([[...found.documents, ...known]], this.#maxDocuments)
      .map((document, index) => ({ number: index + 1, document }));
  }

  /** Whether each document is relevant, by its number; one that could not be judged is not there. */
  *#relevanceOf(
    session: CriticSession,
    claims: readonly Claim[],
    documents: readonly NumberedDocument[],
  ): Operation<Map<number, boolean>> {
    const parts = this.#partsOf(documents);
    const outcomes = yield* this.#askParts(
      session,
      { name: "relevance", format: RELEVANCE_FORMAT, parts },
      (part) => relevancePrompt(session, claims, part),
    );
    return new Map(outcomes.flatMap(({ answer, part }) => {
      return [...readRelevance(answer, part.map(({ number }) => number))];
    }));
  }

  *#supportOf(
    session: CriticSession,
    claims: readonly Claim[],
    kept: readonly NumberedDocument[],
  ): Operation<ClaimResult[]> {
    const parts = kept.length === 0 ? [] : this.#partsOf(claims);
    const byNumber = new Map(kept.map(({ number, document }): [number, Document] => [number, document]));
    const outcomes = yield* this.#askParts(
      session,
      { name: "support", format: SUPPORT_FORMAT, parts },
      (part) => supportPrompt(session, part, kept),
    );
    const results = new Map(outcomes.flatMap(({ answer, part }) => [...readSupport(answer, part, byNumber)]));
    return claims.map((claim) => results.get(claim.number) ?? unverifiable(claim));
  }

  /** Each in a part of its own, or all in one. */
  #partsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
    return this.#batched && items.length > 0 ? [items] : items.map((item) => [item]);
  }

  /** Asks a question about each part, side by side, and gives the answers that could be had and read. */
  *#askParts<T>(
    session: CriticSession,
    asked: {
      readonly name: string;
      readonly format: AnswerFormat;
      readonly parts: readonly (readonly T[])[];
    },
    promptFor: (part: readonly T[]) => string,
  ): Operation<{ readonly answer: CriticAnswer; readonly part: readonly T[] }[]> {
    const { name, format, parts } = asked;
    if (parts.length === 0) return [];
    const outcomes = yield* session.askAll(
      name,
      parts.map((part): Question => ({ prompt: promptFor(part), format })),
    );
    return readable(outcomes).answers.map(({ answer, index }) => ({ answer, part: parts[index]! }));
  }

  #findings(useful: Outcome<CriticAnswer>, facts: Facts): Findings {
    const { plan, found, kept, results, relevance, needsEvidence } = facts;
    const answer = useful.ok && useful.value.parse !== "none" ? useful.value : undefined;
    const utility = answer === undefined ? undefined : readUtility(answer.fields);
    const checked: Checked = { relevance, results, utility };
    const count = (support: ClaimResult["support"]): number =>
      results.filter((result) => result.support === support).length;
    return {
      summary: [answer?.summary ?? "", checkSummary(results, count)].filter((line) => line !== "").join(" "),
      needsImprovement: decideCheck(checked, this.#limits) ?? (answer && this.#generalVerdict(answer)),
      score: scoreOfCheck(checked, this.#weights),
      issues: [...results.flatMap(claimIssue), ...answer?.issues ?? []],
      suggestions: [...results.flatMap(claimSuggestion), ...answer?.suggestions ?? []],
      forGenerator: citableDocuments(kept),
      raw: [plan.raw, ...(answer === undefined ? [] : [answer.raw])].join("\n\n"),
      parse: answer?.parse ?? plan.parse,
      metadata: {
        needsEvidence,
        queries: [...found.queries],
        documents: relevance.length,
        relevant: relevance.filter((one) => one === true).length,
        sources: kept.map((document) => sourceOf(document)).filter((source) => source !== ""),
        claims: results.map(({ claim, support, evidence, document, isDowngraded }) => ({
          claim: claim.claim,
          support,
          ...(evidence === "" ? {} : { evidence }),
          ...(document === undefined ? {} : { source: sourceOf(document) }),
          ...(isDowngraded ? { downgraded: true } : {}),
        })),
        ...(utility === undefined ? {} : { utility }),
        ...(found.failures.length > 0 ? { failures: found.failures.map(({ reason }) => reason) } : {}),
      },
    };
  }

  /** An answer in the common form, without a utility, has a verdict or a score all the same. */
  #generalVerdict(answer: CriticAnswer): boolean | undefined {
    return verdictOf(answer, (this.#limits.minUtility - 1) / 4);
  }
}

interface Facts {
  readonly plan: CriticAnswer;
  readonly found: Found;
  readonly kept: readonly Document[];
  readonly results: readonly ClaimResult[];
  readonly relevance: readonly (boolean | undefined)[];
  readonly needsEvidence: boolean;
}

/** Whether nobody could look for a claim, and what was found for others says nothing about it. */
function isUndecided({ claim, support }: ClaimResult, { failures }: Found): boolean {
  return support === "no" && failures.some(({ query }) => query === claim.query);
}

const NOTHING: Found = { documents: [], queries: [], failures: [] };

function unverifiable(claim: Claim): ClaimResult {
  return {
    claim,
    support: "unverifiable",
    evidence: "",
    document: undefined,
    correction: "",
    isDowngraded: false,
  };
}

function checkSummary(
  results: readonly ClaimResult[],
  count: (support: ClaimResult["support"]) => number,
): string {
  if (results.length === 0) return "";
  const parts = (["fully", "partially", "no", "contradicted", "unverifiable"] as const)
    .map((support) => [support === "no" ? "not" : support, count(support)] as const)
    .filter(([, number]) => number > 0)
    .map(([support, number]) =>
      `${number} ${support}${support === "contradicted" || support === "unverifiable" ? "" : " supported"}`
    );
  return `Of ${results.length} claims: ${parts.join(", ")}.`;
}
