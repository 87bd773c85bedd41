/**
 * Reads the block structure of Markdown: what there is, and what is broken. Any text is valid Markdown, so what it looks for
 * is what a writer cannot have meant: a fence that is never closed, a lone backtick, a link to nowhere, a row of a table with
 * the wrong number of cells.
 *
 * Lines are read one by one; code, fenced or indented, is passed over. Time is linear.
 *
 * @module
 */

import { inlineFaults } from "./markdown_inline.ts";

/** Something broken. */
export interface MarkdownFault {
  /** What kind of fault it is. */
  readonly kind: "fence" | "code span" | "link" | "table" | "heading" | "missing";
  /** The line, from 1; absent for what is missing. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly repair: string;
}

/** A heading. */
export interface MarkdownHeading {
  /** The line, from 1. */
  readonly line: number;
  /** 1 to 6. */
  readonly level: number;
}

/** What a Markdown text is made of. */
export interface MarkdownStructure {
  /** Its headings. */
  readonly headings: readonly MarkdownHeading[];
  /** How many items its lists have. */
  readonly listItems: number;
  /** How many code blocks, fenced or indented. */
  readonly codeBlocks: number;
  /** How many tables. */
  readonly tables: number;
  /** What is broken. */
  readonly faults: readonly MarkdownFault[];
}

/**
 * Reads a Markdown text.
 *
 * @param text The text.
 * @param strictHeadings Whether a "#" without a space after it, and more than six of them, are faults.
 * @returns Its structure.
 */
export function readMarkdown(text: string, strictHeadings = false): MarkdownStructure {
  const reader = new Reader(strictHeadings);
  for (const line of text.split(/\r\n|\r|\n/)) reader.line(line);
  return reader.end();
}

interface Fence {
  readonly marker: string;
  readonly line: number;
  readonly quoteDepth: number;
}

const FENCE = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/;
const MALFORMED_HEADING = /^ {0,3}(?:#{7,}(?:[ \t]|$)|#{1,6}[^#\s])/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)/;
const QUOTE = /^ {0,3}> ?/;
const INDENTED = /^(?: {4}| {0,3}\t)/;
const DELIMITER_ROW = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

class Reader {
  readonly #strictHeadings: boolean;
  readonly #headings: MarkdownHeading[] = [];
  readonly #faults: MarkdownFault[] = [];
  #listItems = 0;
  #codeBlocks = 0;
  #tables = 0;
  #number = 0;
  #fence: Fence | undefined;
  #inList = false;
  #inIndentedCode = false;
  #afterBlank = true;
  #quoteDepth = 0;
  /** The cells of each row of the table that is being read. */
  #tableWidth = 0;
  /** The lines of the paragraph that is being read. */
  #paragraph: string[] = [];
  #paragraphLine = 0;

  constructor(strictHeadings: boolean) {
    this.#strictHeadings = strictHeadings;
  }

  line(raw: string): void {
    this.#number++;
    const { depth, line } = unquote(raw);
    if (this.#fence && depth < this.#fence.quoteDepth) this.#fence = undefined;
    if (this.#fence) return this.#insideFence(line);
    if (depth !== this.#quoteDepth) this.#endParagraph();
    this.#quoteDepth = depth;
    if (line.trim() === "") return this.#blank();
    this.#block(line);
    this.#afterBlank = false;
  }

  end(): MarkdownStructure {
    this.#endParagraph();
    if (this.#fence) {
      const { line, marker } = this.#fence;
      this.#fault(
        "fence",
        line,
        "a code fence is opened but never closed",
        `Close the code fence opened at line ${line} with ${marker}.`,
      );
    }
    return {
      headings: this.#headings,
      listItems: this.#listItems,
      codeBlocks: this.#codeBlocks,
      tables: this.#tables,
      faults: this.#faults,
    };
  }

  #blank(): void {
    this.#endParagraph();
    this.#tableWidth = 0;
    this.#afterBlank = true;
  }

  #block(line: string): void {
    if (this.#isIndentedCode(line)) return;
    const fence = FENCE.exec(line);
    if (fence) return this.#openFence(fence[1]!);
    const isItem = LIST_ITEM.test(line) && !RULE.test(line);
    const isUnderline = this.#paragraph.length > 0 && UNDERLINE.exec(line);
    if (isItem) this.#item(line);
    else if (HEADING.test(line)) this.#heading(HEADING.exec(line)![1]!.length, line);
    else if (this.#startsTable(line)) this.#startTable(line);
    else if (isUnderline) this.#underlined(isUnderline[1]![0] === "=" ? 1 : 2);
    else if (RULE.test(line)) this.#endParagraph();
    else if (this.#tableWidth > 0 && line.includes("|")) this.#row(line);
    else this.#text(line);
  }

  #isIndentedCode(line: string): boolean {
    const starts = INDENTED.test(line) && !this.#inList && this.#paragraph.length === 0 &&
      (this.#afterBlank || this.#inIndentedCode);
    if (starts && !this.#inIndentedCode) this.#codeBlocks++;
    this.#inIndentedCode = starts;
    return starts;
  }

  #openFence(marker: string): void {
    this.#endParagraph();
    this.#tableWidth = 0;
    this.#codeBlocks++;
    this.#fence = { marker, line: this.#number, quoteDepth: this.#quoteDepth };
  }

  #insideFence(line: string): void {
    const { marker } = this.#fence!;
    const closing = line.trim();
    const closes = closing.length >= marker.length && closing === marker[0]!.repeat(closing.length);
    if (closes) {
      this.#fence = undefined;
      this.#afterBlank = true;
    }
  }

  #item(line: string): void {
    this.#endParagraph();
    this.#tableWidth = 0;
    this.#inList = true;
    this.#listItems++;
    const content = line.replace(LIST_ITEM, "");
    if (FENCE.test(content)) this.#openFence(FENCE.exec(content)![1]!);
    else this.#addText(content);
  }

  #heading(level: number, line: string): void {
    this.#endParagraph();
    this.#tableWidth = 0;
    this.#inList = false;
    this.#headings.push({ line: this.#number, level });
    this.#addText(line);
    this.#endParagraph();
  }

  #underlined(level: number): void {
    this.#headings.push({ line: this.#paragraphLine, level });
    this.#endParagraph();
  }

  #text(line: string): void {
    if (this.#strictHeadings && MALFORMED_HEADING.test(line)) {
      this.#fault(
        "heading",
        this.#number,
        "a heading is malformed",
        "Write a heading as one to six # and a space before its text.",
      );
    }
    this.#tableWidth = 0;
    // After a blank line, text that is not indented ends the list.
    if (this.#afterBlank && !/^[ \t]/.test(line)) this.#inList = false;
    this.#addText(line);
  }

  #startsTable(line: string): boolean {
    const header = this.#paragraph.at(-1);
    return header !== undefined && this.#tableWidth === 0 && header.includes("|") && DELIMITER_ROW.test(line);
  }

  #startTable(line: string): void {
    const header = this.#paragraph.at(-1)!;
    this.#endParagraph();
    this.#tables++;
    this.#tableWidth = cellsOf(header);
    this.#checkWidth(line);
  }

  #row(line: string): void {
    this.#checkWidth(line);
    this.#addText(line);
    this.#endParagraph();
  }

  #checkWidth(line: string): void {
    const cells = cellsOf(line);
    if (cells === this.#tableWidth) return;
    this.#fault(
      "table",
      this.#number,
      `a row of a table has ${cells} cells, its header has ${this.#tableWidth}`,
      `Give the row at line ${this.#number} ${this.#tableWidth} cells.`,
    );
  }

  #addText(line: string): void {
    if (this.#paragraph.length === 0) this.#paragraphLine = this.#number;
    this.#paragraph.push(line);
  }

  #endParagraph(): void {
    if (this.#paragraph.length === 0) return;
    this.#faults.push(...inlineFaults(this.#paragraph, this.#paragraphLine));
    this.#paragraph = [];
  }

  #fault(kind: MarkdownFault["kind"], line: number, message: string, repair: string): void {
    this.#faults.push({ kind, line, message, repair });
  }
}

/** Takes the markers of block quotes off a line. */
function unquote(raw: string): { depth: number; line: string } {
  let depth = 0;
  let line = raw;
  for (let marker = QUOTE.exec(line); marker !== null; marker = QUOTE.exec(line)) {
    depth++;
    line = line.slice(marker[0].length);
  }
  return { depth, line };
}

/** Counts the cells of a row; an escaped bar is a part of its cell. */
function cellsOf(row: string): number {
  const trimmed = row.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return (trimmed.match(/(?<!\\)\|/g)?.length ?? 0) + 1;
}
