/**
 * The retrieval steps: all retrievers of a kind side by side; a question that was asked before is not asked again.
 *
 * @module
 */

import { RetrieverError } from "../errors.ts";
import { allSettled, retry, timeout } from "../operation/combinators.ts";
import { now, type Operation } from "../operation/operation.ts";
import { timed } from "../operation/resume.ts";
import { retrieveOperation } from "../retrievers/retrieve.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import { shorten } from "../text/excerpt.ts";
import type { Document } from "../thought/document.ts";
import type { Thought } from "../thought/thought.ts";
import { type Run, tell, warn } from "./run_state.ts";

/** When in an iteration documents are looked for. */
export type RetrievalPhase = "pre" | "post" | "critic";

/** How much of a draft goes into a query, in graphemes. */
const QUERY_DRAFT_GRAPHEMES = 2_000;

/**
 * Adds what the model's retrievers find to a thought.
 *
 * @param run The run.
 * @param thought The thought.
 * @param phase Before the text is generated, or after.
 * @returns An operation of the thought with the documents.
 * @throws {RetrieverError} When a retriever breaks that is required, or `onRetrieverError` is `"throw"`.
 */
export function* addDocuments(run: Run, thought: Thought, phase: "pre" | "post"): Operation<Thought> {
  const documents = yield* find(run, thought, phase, "model", run.settings.modelRetrievers);
  if (documents.length === 0) return thought;
  return phase === "pre"
    ? thought.addPreGenerationContext(documents)
    : thought.addPostGenerationContext(documents);
}

/**
 * Finds documents for the critics.
 *
 * @param run The run.
 * @param thought The thought, validated.
 * @returns An operation of the documents.
 * @throws {RetrieverError} When a retriever breaks that is required, or `onRetrieverError` is `"throw"`.
 */
export function criticDocuments(run: Run, thought: Thought): Operation<readonly Document[]> {
  return find(run, thought, "critic", "critic", run.settings.criticRetrievers);
}

/**
 * Finds documents for a question that a critic asks itself.
 *
 * @param run The run.
 * @param thought The thought that the critic examines.
 * @param query What it wants to know.
 * @returns An operation of the documents.
 * @throws {RetrieverError} When every retriever breaks, as nothing found and nobody able to look are not the same to a critic;
 * when one breaks that is required, or `onRetrieverError` is `"throw"`.
 */
export function askedByCritic(run: Run, thought: Thought, query: string): Operation<readonly Document[]> {
  return find(run, thought, "critic", "critic", run.settings.criticRetrievers, query);
}

function* find(
  run: Run,
  thought: Thought,
  phase: RetrievalPhase,
  kind: string,
  retrievers: readonly Retriever[],
  question?: string,
): Operation<readonly Document[]> {
  const query = question ?? (phase === "pre" ? thought.prompt : withDraft(thought));
  const known = run.documents.get(kind, query);
  if (known !== undefined) return known;
  const startedMs = yield* now();
  const asked = retrievers.map((retriever) => ask(run, retriever, query));
  const found = yield* allSettled(asked, { name: "retrieve", concurrency: run.settings.maxConcurrency });
  const documents: Document[] = [];
  const mayFail = question === undefined || found.some((outcome) => outcome.ok);
  for (const [index, outcome] of found.entries()) {
    if (outcome.ok) documents.push(...outcome.value);
    else yield* handleBroken(run, retrievers[index]!, outcome.error, mayFail);
  }
  const merged = withoutRepeats(documents);
  const durationMs = (yield* now()) - startedMs;
  run.ledger.addStep("retrieval", durationMs);
  yield* tell(run, {
    type: "retrieved",
    runId: run.runId,
    iteration: thought.iteration,
    phase,
    documents: merged.length,
    durationMs,
  });
  run.documents.set(kind, query, merged);
  return merged;
}

function withDraft({ prompt, text }: Thought): string {
  return text === undefined || text === "" ? prompt : `${prompt}\n\n${shorten(text, QUERY_DRAFT_GRAPHEMES)}`;
}

function* ask(run: Run, retriever: Retriever, query: string): Operation<readonly Document[]> {
  const { retry: policy, timeouts: { retrieveMs } } = run.settings;
  const asked = retry(policy, () => retrieveOperation(retriever, query));
  const bounded = retrieveMs === undefined ? asked : timeout(retrieveMs, asked, retriever.name);
  const { value, durationMs } = yield* timed(bounded);
  run.ledger.addCall(retriever.name, durationMs, false);
  return [...value].sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
}

function* handleBroken(run: Run, retriever: Retriever, error: unknown, mayFail: boolean): Operation<void> {
  run.ledger.addCall(retriever.name, 0, true);
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${retriever.name} could not retrieve: ${reason}`;
  if (!mayFail || retriever.required || run.settings.onRetrieverError === "throw") {
    throw new RetrieverError(message, {
      code: "retriever_failed",
      component: retriever.name,
      operation: "retrieve",
      cause: error,
    });
  }
  yield* warn(run, "retriever_failed", message);
}

function withoutRepeats(documents: readonly Document[]): readonly Document[] {
  const seen = new Set<string>();
  return documents.filter(({ text }) => {
    const key = text.normalize("NFC").trim().replace(/\s+/g, " ");
    return !seen.has(key) && seen.add(key);
  });
}
