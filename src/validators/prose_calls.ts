/**
 * Reads prose with the retext family. Reached by URL alone, so that these packages are loaded with the first call.
 *
 * @module
 */

import retextEnglish from "retext-english";
import retextEquality from "retext-equality";
import retextIndefiniteArticle from "retext-indefinite-article";
import retextIntensify from "retext-intensify";
import retextPassive from "retext-passive";
import retextReadability from "retext-readability";
import retextRepeatedWords from "retext-repeated-words";
import retextSimplify from "retext-simplify";
import retextStringify from "retext-stringify";
import { unified } from "unified";
import { splitBlocks } from "../models/editor/blocks.ts";
import { OMISSIBLE, SIMPLER } from "../models/editor/rules.ts";
import { pieces } from "../models/editor/pieces.ts";
import { splitSentences } from "../models/editor/split_sentences.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { Turns } from "../runtime/turns.ts";
import { findNotQuantities } from "../text/not_quantities.ts";
import type { ProseReading, ProseRemark, ProseRequest } from "./prose_reading.ts";

interface Message {
  readonly source?: string;
  readonly reason: string;
  readonly expected?: readonly string[] | null;
  readonly place?: {
    readonly start: { readonly offset?: number };
    readonly end: { readonly offset?: number };
  };
}

interface Processor {
  processSync(text: string): { readonly messages: readonly Message[] };
}

/**
 * Reads the prose of a text; headings, code, tables and quotations are passed over.
 *
 * @param request The text and what to look for.
 * @param context Ends the work early.
 * @returns What was found, and how many sentences there are.
 */
export async function read(
  { text, rules, age, minWords }: ProseRequest,
  context: RemoteContext,
): Promise<ProseReading> {
  const processor = processorFor(new Set(rules), { age, minWords });
  const remarks: ProseRemark[] = [];
  let sentences = 0;
  let offset = 0;
  const turns = new Turns(context.signal);
  for (const block of splitBlocks(text)) {
    let start = offset + block.prefix.length;
    offset = start + block.text.length + block.end.length;
    if (block.kind !== "prose" && block.kind !== "item") continue;
    for (const piece of pieces(block.text)) {
      if (turns.isOver) await turns.pass();
      sentences += splitSentences(piece).filter((sentence) => /\p{L}/u.test(sentence)).length;
      for (const remark of remarksOn(processor, piece)) {
        remarks.push({ ...remark, start: remark.start + start, end: remark.end + start });
      }
      start += piece.length;
    }
  }
  return { sentences, remarks };
}

function processorFor(rules: ReadonlySet<string>, readability: { age: number; minWords: number }): Processor {
  const processor = unified().use(retextEnglish);
  if (rules.has("readability")) processor.use(retextReadability, readability);
  if (rules.has("simpler")) processor.use(retextSimplify);
  if (rules.has("repeated")) processor.use(retextRepeatedWords);
  if (rules.has("articles")) processor.use(retextIndefiniteArticle);
  if (rules.has("passive")) processor.use(retextPassive);
  if (rules.has("vague")) processor.use(retextIntensify);
  if (rules.has("considerate")) processor.use(retextEquality);
  return processor.use(retextStringify).freeze() as unknown as Processor;
}

const RULES: Readonly<Record<string, ProseRemark["rule"]>> = {
  "retext-readability": "readability",
  "retext-simplify": "simpler",
  "retext-repeated-words": "repeated",
  "retext-indefinite-article": "articles",
  "retext-passive": "passive",
  "retext-intensify": "vague",
  "retext-equality": "considerate",
};

function remarksOn(processor: Processor, piece: string): ProseRemark[] {
  const guarded = findNotQuantities(piece, ["codeBlocks", "urls"]);
  return processor.processSync(piece).messages.flatMap(({ source = "", place, expected }): ProseRemark[] => {
    const start = place?.start.offset;
    const end = place?.end.offset;
    const rule = RULES[source];
    if (rule === undefined || start === undefined || end === undefined || start >= end) return [];
    const inCode = rule !== "readability" && guarded.some(([from, to]) => start < to && end > from);
    if (inCode) return [];
    if (rule !== "simpler") return [{ rule, start, end, expected: (expected ?? []).slice(0, 3) }];
    // Many of its suggestions fit some sentences only ("it is" can seldom be left out): those that always do are listed.
    const phrase = piece.slice(start, end).toLowerCase().replace(/\s+/g, " ");
    if (OMISSIBLE.has(phrase)) return [{ rule, start, end, expected: [] }];
    return Object.hasOwn(SIMPLER, phrase) ? [{ rule, start, end, expected: [SIMPLER[phrase]!] }] : [];
  });
}
