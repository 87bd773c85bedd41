/**
 * The editor's work, done with the retext family. Reached by URL alone, so that these packages are loaded with the first call.
 *
 * @module
 */

import retextContractions from "retext-contractions";
import retextEnglish from "retext-english";
import retextEquality from "retext-equality";
import retextIndefiniteArticle from "retext-indefinite-article";
import retextQuotes from "retext-quotes";
import retextRepeatedWords from "retext-repeated-words";
import retextSimplify from "retext-simplify";
import retextStringify from "retext-stringify";
import { unified } from "unified";
import type { RemoteContext } from "../operation/effects.ts";
import { monotonicMs, startTimer } from "../runtime/clock.ts";
import { type Block, dropEmpty, joinBlocks, splitBlocks } from "./editor/blocks.ts";
import { pieces } from "./editor/pieces.ts";
import { removeProhibited } from "./editor/prohibited.ts";
import type { EditRemark, EditRequest } from "./editor/request.ts";
import { INCLUSIVE, NOUNS_TOO, OMISSIBLE, SIMPLER } from "./editor/rules.ts";
import { shorten } from "./editor/shorten.ts";
import { applyChanges, type Change } from "./editor/splice.ts";

/** One thing that retext says of a text. */
interface Message {
  readonly source?: string;
  readonly ruleId?: string;
  readonly actual?: string;
  readonly expected?: readonly string[];
  readonly place?: {
    readonly start: { readonly offset?: number };
    readonly end: { readonly offset?: number };
  };
}

interface Processor {
  processSync(text: string): { readonly messages: readonly Message[] };
}

/** A change, and why. */
interface Finding extends Change {
  readonly remark: EditRemark;
}

/** Straight or curly, as most of the text is. */
type QuoteStyle = "straight" | "smart";

/** A change can make another one due: "an attempt" becomes "an try". */
const MOST_PASSES = 4;
const MOST_REMARKS = 20;
/** How long the worker may be busy before it lets others have their turn, in milliseconds; its heart must beat. */
const TURN_MS = 50;

/**
 * Improves a text: simpler words, no doubled words, the right articles, considerate wording, even quotation marks; then
 * whatever must not occur goes, and the least central sentences until it is short enough.
 *
 * @param request The text and what it must satisfy.
 * @param context Ends the work early.
 * @returns The improved text.
 */
export async function edit({ text, demands }: EditRequest, context: RemoteContext): Promise<string> {
  const reader = new Reader(quoteStyle(text), context.signal);
  const improved = await reader.improve(splitBlocks(text));
  const clean = removeProhibited(improved, {
    terms: demands.prohibited,
    replacementFor: (term) => simplerThan(reader, term),
  });
  // A word put in another's place may not suit the article before it.
  const even = await reader.improve(dropEmpty(clean), improved);
  return joinBlocks(dropEmpty(shorten(even, demands)));
}

/**
 * Says what {@linkcode edit} would change in a text of which nothing is demanded.
 *
 * @param text The text.
 * @param context Ends the work early.
 * @returns What can be better, in the order of the text.
 */
export async function review(text: string, context: RemoteContext): Promise<EditRemark[]> {
  const reader = new Reader(quoteStyle(text), context.signal);
  const remarks: EditRemark[] = [];
  for (const block of splitBlocks(text).filter(isProse)) {
    for (const piece of pieces(block.text)) {
      for (const { remark } of await reader.findings(piece)) {
        // One remark says it for every quotation mark.
        if (remark.text !== UNEVEN || !remarks.some((other) => other.text === UNEVEN)) remarks.push(remark);
      }
      if (remarks.length >= MOST_REMARKS) return remarks.slice(0, MOST_REMARKS);
    }
  }
  return remarks;
}

/** Reads a text with the retext family, a piece at a time, and lets others have their turn in between. */
class Reader {
  readonly #signal: AbortSignal;
  readonly #processor: Processor;
  #turnStartedMs = monotonicMs();

  constructor(style: QuoteStyle, signal: AbortSignal) {
    this.#signal = signal;
    this.#processor = unified()
      .use(retextEnglish)
      .use(retextSimplify)
      .use(retextRepeatedWords)
      .use(retextIndefiniteArticle)
      .use(retextEquality)
      .use(retextContractions, { straight: style === "straight" })
      .use(retextQuotes, { preferred: style })
      .use(retextStringify)
      .freeze() as unknown as Processor;
  }

  /** Improves the prose of blocks, but for those that are among `done` already. */
  async improve(blocks: readonly Block[], done: readonly Block[] = []): Promise<Block[]> {
    const finished = new Set(done);
    const improved: Block[] = [];
    for (const block of blocks) {
      if (!isProse(block) || finished.has(block)) {
        improved.push(block);
        continue;
      }
      let text = "";
      for (const piece of pieces(block.text)) text += await this.#improvePiece(piece);
      improved.push(text === block.text ? block : { ...block, text });
    }
    return improved;
  }

  async #improvePiece(piece: string): Promise<string> {
    let improved = piece;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const before = improved;
      improved = applyChanges(improved, await this.findings(improved));
      if (improved === before) break;
    }
    return improved;
  }

  /** What can be better in a piece of prose. */
  async findings(text: string): Promise<Finding[]> {
    if (monotonicMs() - this.#turnStartedMs > TURN_MS) {
      await new Promise<void>((resolve) => void startTimer(0, resolve));
      this.#signal.throwIfAborted();
      this.#turnStartedMs = monotonicMs();
    }
    const guarded = guardedRanges(text);
    return this.messages(text).flatMap((message) => findingOf(text, message) ?? []).filter((finding) =>
      !guarded.some(([start, end]) => finding.start < end && finding.end > start)
    );
  }

  /** What retext says of a text. */
  messages(text: string): readonly Message[] {
    return this.#processor.processSync(text).messages;
  }
}

function isProse({ kind }: Block): boolean {
  return kind === "prose" || kind === "item";
}

const UNEVEN = "Quotation marks and apostrophes are of two kinds.";

function findingOf(text: string, message: Message): Finding | undefined {
  const { place, expected = [] } = message;
  const start = place?.start.offset;
  const end = place?.end.offset;
  if (start === undefined || end === undefined || start >= end) return undefined;
  const quote = text.slice(start, end);
  const at = (by: string, words: string, suggestion: string): Finding => ({
    start,
    end,
    by,
    remark: { text: words, suggestion, quote },
  });
  switch (message.source) {
    case "retext-simplify": {
      const phrase = quote.toLowerCase().replace(/\s+/g, " ");
      if (OMISSIBLE.has(phrase)) {
        return isNegated(text, start)
          ? undefined
          : at("", `"${quote}" adds nothing.`, `Leave out "${quote}".`);
      }
      const by = simplerPhrase(phrase, text.slice(0, start), text.slice(end));
      return by === undefined
        ? undefined
        : at(by, `"${quote}" can be said more simply.`, `Write "${by}" for "${quote}".`);
    }
    case "retext-repeated-words":
      return expected[0] === undefined
        ? undefined
        : at(expected[0], `"${quote}" says a word twice.`, `Write "${expected[0]}" once.`);
    case "retext-indefinite-article":
      return expected[0] === undefined
        ? undefined
        : at(expected[0], `"${quote}" is the wrong article here.`, `Write "${expected[0]}".`);
    case "retext-equality": {
      if (message.ruleId === undefined || !Object.hasOwn(INCLUSIVE, message.ruleId)) return undefined;
      const by = INCLUSIVE[message.ruleId] ?? expected[0];
      return by === undefined
        ? undefined
        : at(by, `"${quote}" leaves people out.`, `Write "${by}" for "${quote}".`);
    }
    case "retext-contractions":
      return expected[0] === undefined
        ? undefined
        : at(expected[0], `"${quote}" lacks its apostrophe.`, `Write "${expected[0]}".`);
    case "retext-quotes":
      // After a figure it means feet or minutes.
      return expected[0] === undefined || expected[0] === quote ||
          (quote === "'" && /\d/.test(text[start - 1] ?? ""))
        ? undefined
        : at(expected[0], UNEVEN, "Use one kind throughout.");
    default:
      return undefined;
  }
}

const VERB_FOLLOWS = /(?:^|\b(?:to|will|would|can|could|must|may|might|should|not|you|we|they|I)\s+)$/i;

/** The words to put in place of a phrase; `undefined` where none fits what follows. */
function simplerPhrase(phrase: string, before: string, after: string): string | undefined {
  // "Many" and "some" want something countable: "sufficient to" and "numerous" as a last word are left as they are.
  if (/^(?:additional|numerous|sufficient|a number of)$/.test(phrase) && !/^\s+\p{L}/u.test(after)) {
    return undefined;
  }
  if (NOUNS_TOO.has(phrase) && !VERB_FOLLOWS.test(before)) return undefined;
  return Object.hasOwn(SIMPLER, phrase) ? SIMPLER[phrase] : undefined;
}

/** What retext-simplify offers for a term, whether or not it suits every sentence: the term has to go in any case. */
function simplerThan(reader: Reader, term: string): string | undefined {
  const phrase = term.toLowerCase().replace(/\s+/g, " ");
  if (Object.hasOwn(SIMPLER, phrase)) return SIMPLER[phrase];
  const message = reader.messages(term).find(({ source, actual }) =>
    source === "retext-simplify" && actual?.toLowerCase() === phrase
  );
  return message?.expected?.[0];
}

function isNegated(text: string, at: number): boolean {
  return /(?:\bnot|n['’]t|\bthe|\bas|\bso|\bhow)\s+$/i.test(text.slice(0, at));
}

/** Code, addresses and HTML inside prose are not prose. */
function guardedRanges(text: string): [start: number, end: number][] {
  const guarded =
    /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)|\]\([^)\s]*(?:\s+"[^"]*")?\)|<[^>\s][^>]*>|(?:https?:\/\/|www\.)\S+|\S+@\S+/g;
  return [...text.matchAll(guarded)].map(({ 0: found, index }) => [index, index + found.length]);
}

/** What most of the text uses; a text without any is straight. */
function quoteStyle(text: string): QuoteStyle {
  const smart = text.match(/[“”‘’]/g)?.length ?? 0;
  const straight = text.match(/["']/g)?.length ?? 0;
  return smart > straight ? "smart" : "straight";
}
