/**
 * Parses Markdown with markdown-it, and says where in a paragraph its parts stand, which markdown-it keeps to itself. Reached by
 * URL alone, so that the package is loaded with the first call.
 *
 * Of three parsers markdown-it alone was seen to take linear time: of 33 hard texts of 500,000 characters the slowest took 1.6 s.
 * micromark did not end on 50,000 characters of `>>>>…` in a minute, nor on a megabyte of short paragraphs, lists and tables;
 * `@lezer/markdown` took 6 s for 50,000 characters of `[]([](…`.
 *
 * @module
 */

import MarkdownIt, { type Env, type Token } from "markdown-it";
import type { RemoteContext } from "../operation/effects.ts";
import { Turns } from "../runtime/turns.ts";
import { MarkdownReader } from "./markdown_reader.ts";
import type { MarkdownRequest, MarkdownStructure } from "./markdown_structure.ts";

export type { Token };

/** Something inside a paragraph. */
export interface Place {
  /** Where it begins in the paragraph's text, in UTF-16 units. */
  readonly at: number;
  /** What it is: backticks that close nothing, or a link or image whose target is empty. */
  readonly kind: "backticks" | "emptyLink";
}

/** What is known of the text that is being parsed. */
interface Reading extends Env {
  /** The block parser ends its turn at the first block on top level from here on. */
  endOfTurn: number;
  /** The line at which it did; -1 when it reached the end. */
  nextLine: number;
  /** The text of the paragraph that is being parsed. */
  paragraph: string;
  /** Where in it there are backticks that may open a code span. */
  backticks: number[];
  /** Where in it each of its tokens begins. */
  readonly places: Map<Token, number>;
}

/** How much is parsed in one turn, in UTF-16 units. */
const TURN_LENGTH = 100_000;

const parser = new MarkdownIt({ html: true });
parser.disable(["emphasis", "strikethrough"]);

parser.block.ruler.before("table", "turn", (state, startLine, endLine, silent) => {
  const reading = state.env as Reading;
  if (silent || state.level > 0 || state.bMarks[startLine]! < reading.endOfTurn) return false;
  reading.nextLine = startLine;
  state.line = endLine;
  return true;
});

parser.inline.ruler.before("backticks", "note backticks", (state, silent) => {
  const { paragraph, backticks } = state.env as Reading;
  // The text of an image is parsed by itself, with places of its own.
  if (!silent && state.src === paragraph && state.src[state.pos] === "`") backticks.push(state.pos);
  return false;
});

parser.inline.State = class extends parser.inline.State {
  override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
    const token = super.push(type, tag, nesting);
    (this.env as Reading).places.set(token, this.pos);
    return token;
  }
};

/** Parses one text. */
export class MarkdownParser {
  /** Its lines. */
  readonly lines: readonly string[];
  readonly #reading: Reading = {
    endOfTurn: 0,
    nextLine: 0,
    paragraph: "",
    backticks: [],
    places: new Map(),
  };
  readonly #state: InstanceType<typeof parser.block.State>;

  /**
   * Takes a text.
   *
   * @param text The text.
   */
  constructor(text: string) {
    const source = text.replace(/\r\n?/g, "\n");
    this.lines = source.split("\n");
    this.#state = new parser.block.State(source, parser, this.#reading, []);
  }

  /**
   * Parses the blocks, some at a time.
   *
   * @returns The tokens of the blocks, once all have been parsed; `undefined` after each turn before.
   */
  *blocks(): Generator<undefined, readonly Token[]> {
    const { lineMax, tokens } = this.#state;
    while (this.#reading.nextLine >= 0) {
      const line = this.#reading.nextLine;
      this.#reading.nextLine = -1;
      this.#reading.endOfTurn = (this.#state.bMarks[line] ?? 0) + TURN_LENGTH;
      parser.block.tokenize(this.#state, line, lineMax);
      yield;
    }
    return tokens;
  }

  /**
   * Looks for what is broken inside a paragraph, a heading or a cell; all blocks must have been parsed, as they hold the targets of
   * links.
   *
   * @param text Its text.
   * @returns What is broken, in order.
   */
  faultsIn(text: string): Place[] {
    if (!text.includes("`") && !text.includes("[")) return [];
    const reading = this.#reading;
    reading.paragraph = text;
    reading.backticks = [];
    reading.places.clear();
    const tokens: Token[] = [];
    parser.inline.parse(text, parser, reading, tokens);
    const spans = new Set<number>();
    const found: Place[] = [];
    for (const token of tokens) {
      const at = reading.places.get(token)!;
      if (token.type === "code_inline") spans.add(at);
      const target = token.type === "link_open" ? "href" : token.type === "image" ? "src" : undefined;
      if (target !== undefined && token.attrGet(target) === "") found.push({ at, kind: "emptyLink" });
    }
    for (const at of reading.backticks) if (!spans.has(at)) found.push({ at, kind: "backticks" });
    return found.sort((one, other) => one.at - other.at);
  }
}

/**
 * Reads a Markdown text.
 *
 * @param request The text, and how strictly it is read.
 * @param context Ends the work early.
 * @returns Its structure.
 */
export async function read(
  { text, strictHeadings }: MarkdownRequest,
  context: RemoteContext,
): Promise<MarkdownStructure> {
  const turns = new Turns(context.signal);
  const parser = new MarkdownParser(text);
  const blocks = parser.blocks();
  let turn = blocks.next();
  for (; !turn.done; turn = blocks.next()) if (turns.isOver) await turns.pass();
  const reader = new MarkdownReader(parser, strictHeadings);
  for (const token of turn.value) {
    reader.token(token);
    if (turns.isOver) await turns.pass();
  }
  return reader.structure;
}
