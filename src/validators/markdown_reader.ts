/**
 * Reads the structure of Markdown off its tokens. Any text is valid Markdown, so what it looks for is what a writer cannot have
 * meant: a fence that is never closed, a lone backtick, a link to nowhere, a row of a table with the wrong number of cells.
 *
 * @module
 */

import type { MarkdownParser, Place, Token } from "./markdown_calls.ts";
import type { MarkdownFault, MarkdownHeading, MarkdownStructure } from "./markdown_structure.ts";
import { counted } from "./wording.ts";

const MALFORMED_HEADING = /^(?:#{7,}(?:[ \t]|$)|#{1,6}[^#\s])/;
const ROW_OF_DASHES = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/;

/** Reads one text. */
export class MarkdownReader {
  readonly #parser: MarkdownParser;
  readonly #strictHeadings: boolean;
  readonly #headings: MarkdownHeading[] = [];
  readonly #faults: (MarkdownFault & { readonly line: number })[] = [];
  #listItems = 0;
  #codeBlocks = 0;
  #tables = 0;
  /** The first line of the block that is being read, from 1. */
  #line = 1;
  /** How many cells the rows of the table that is being read should have. */
  #columns = 0;
  #inHead = false;

  /**
   * Begins a text.
   *
   * @param parser Has parsed its blocks.
   * @param strictHeadings Whether a "#" without a space after it, and more than six of them, are faults.
   */
  constructor(parser: MarkdownParser, strictHeadings: boolean) {
    this.#parser = parser;
    this.#strictHeadings = strictHeadings;
  }

  /** What has been read. */
  get structure(): MarkdownStructure {
    return {
      headings: this.#headings,
      listItems: this.#listItems,
      codeBlocks: this.#codeBlocks,
      tables: this.#tables,
      faults: this.#faults.toSorted((one, other) => one.line - other.line),
    };
  }

  /** Reads the next token of the blocks. */
  token(token: Token): void {
    if (token.map) this.#line = token.map[0] + 1;
    switch (token.type) {
      case "heading_open":
        this.#headings.push({ line: this.#line, level: Number(token.tag.slice(1)) });
        break;
      case "list_item_open":
        this.#listItems++;
        break;
      case "code_block":
        this.#codeBlocks++;
        break;
      case "fence":
        this.#codeBlocks++;
        this.#checkFence(token);
        break;
      case "table_open":
        this.#tables++;
        this.#columns = 0;
        break;
      case "thead_open":
      case "thead_close":
        this.#inHead = token.type === "thead_open";
        break;
      case "th_open":
        this.#columns++;
        break;
      case "tr_open":
        if (!this.#inHead) this.#checkRow();
        break;
      case "inline":
        this.#checkInline(token.content);
    }
  }

  /** A fence that is closed has two lines more than its content. */
  #checkFence({ content, map, markup }: Token): void {
    const lines = content.split("\n").length - (content === "" || content.endsWith("\n") ? 1 : 0);
    if (map![1] - map![0] > lines + 1) return;
    this.#fault(
      this.#line,
      "a code fence is opened but never closed",
      `Close the code fence opened at line ${this.#line} with ${markup}.`,
    );
  }

  #checkRow(): void {
    // What stands before a row are the markers of the quotes and lists around it.
    const cells = cellsOf(this.#parser.lines[this.#line - 1]!.replace(/^[ \t>]+/, ""));
    if (cells === this.#columns) return;
    this.#fault(
      this.#line,
      `a row of a table has ${counted(cells, "cell")}, its header has ${this.#columns}`,
      `Give the row at line ${this.#line} ${counted(this.#columns, "cell")}.`,
    );
  }

  #checkInline(text: string): void {
    const lineOf = lineCounter(text, this.#line);
    for (const place of this.#parser.faultsIn(text)) this.#inlineFault(text, place, lineOf(place.at));
    const lines = text.split("\n");
    lines.forEach((line, index) => this.#checkLine(line, lines[index - 1], this.#line + index));
  }

  #inlineFault(text: string, { at, kind }: Place, line: number): void {
    if (kind === "emptyLink") {
      const repair = `Give the link at line ${line} an address, or make it plain text.`;
      return this.#fault(line, "a link has an empty target", repair);
    }
    const ticks = /^`{1,10}/.exec(text.slice(at, at + 10))![0];
    this.#fault(
      line,
      "a code span is opened but never closed",
      `Close the code span at line ${line} with ${ticks}, or put a backslash before a plain backtick.`,
    );
  }

  /** What looks like a heading or a table in a paragraph has become none. */
  #checkLine(line: string, before: string | undefined, number: number): void {
    if (this.#strictHeadings && MALFORMED_HEADING.test(line)) {
      const repair = "Write a heading as one to six # and a space before its text.";
      this.#fault(number, "a heading is malformed", repair);
    }
    if (before?.includes("|") && line.includes("|") && ROW_OF_DASHES.test(line.trim())) {
      const cells = counted(cellsOf(line), "cell");
      const columns = cellsOf(before);
      const message = `the row of dashes of a table has ${cells}, its header has ${columns}`;
      this.#fault(number, message, `Give the row at line ${number} ${counted(columns, "cell")}.`);
    }
  }

  #fault(line: number, message: string, repair: string): void {
    this.#faults.push({ line, message, repair });
  }
}

/** Gives the line of an index; asked in ascending order, it reads the text once. */
function lineCounter(text: string, firstLine: number): (index: number) => number {
  let line = firstLine;
  let next = text.indexOf("\n");
  return (index) => {
    for (; next >= 0 && next < index; next = text.indexOf("\n", next + 1)) line++;
    return line;
  };
}

/** Counts the cells of a row; an escaped bar is a part of its cell. */
function cellsOf(row: string): number {
  const trimmed = row.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return (trimmed.match(/(?<!\\)\|/g)?.length ?? 0) + 1;
}
