/**
 * Reads prose that is divided by headings, as models write when they do not write JSON.
 *
 * @module
 */

/** One section. */
export interface Section {
  /** What stands on the heading's own line after its colon. */
  readonly inline: string;
  /** The items of its list; each paragraph is one where there is no list. Without those that say there is nothing. */
  readonly items: readonly string[];
  /** The whole section as one text. */
  readonly text: string;
}

/** The longest line that is looked at for a heading. */
const LONGEST_HEADING = 80;
const MOST_ITEMS = 200;

const LIST_MARK =
  /^(\s*)(?:[-*•‣◦▪–—·]|(?:\*\*|__|#{1,6}\s+)?\p{Nd}{1,3}(?:[.)]\s|[．、）])|[a-zA-Z][.)]|\(\p{Nd}{1,3}\))\s*(?<=[\s．、）])(?=\S)/u;
const NOTHING_TO_SAY = new RegExp(
  String.raw`^(?:none|nil|nothing|n/?a|not applicable|[-–—]+)` +
    String
      .raw`(?: (?:at all|to (?:report|add|change|fix|improve)|found|identified|noted|detected|needed|required|applicable))*$` +
    String
      .raw`|^(?:there (?:are|is|were|was) )?no(?:t any)?(?: (?:major|minor|significant|serious|obvious|further|other|more|additional|specific|real|particular))*` +
    String
      .raw` (?:issues?|problems?|violations?|concerns?|errors?|faults?|weakness(?:es)?|suggestions?|recommendations?|changes?|improvements?|fix(?:es)?)` +
    String
      .raw`(?: (?:were|was|are|is|have been|could be))?(?: (?:found|identified|noted|detected|needed|required|necessary|to report|to fix|at this time|here|at all))*$`,
  "i",
);

/**
 * Says whether an item of a list only says that there is none.
 *
 * @param text The item.
 * @returns `true` for "None", "N/A", "No issues found." and the like.
 */
export function saysNothing(text: string): boolean {
  if (text.length > LONGEST_HEADING) return false;
  const bare = text.replace(/[*_`"'.!()[\]]+/g, "").trim().replace(/\s+/g, " ");
  return bare === "" || NOTHING_TO_SAY.test(bare);
}

/**
 * Finds the sections that are asked for. A heading may be written `Issues:`, `## Issues`, `**Issues**` or `1. Issues`, in any
 * case; text may follow a colon on its line. A heading that is not asked for ends the section before it.
 *
 * @param text The prose.
 * @param headings What to look for: the name of each section, and the words that may head it.
 * @returns The sections found, by name. Sections of one name are joined.
 */
export function readSections(
  text: string,
  headings: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, Section> {
  const names = new Map<string, string>();
  for (const [name, words] of Object.entries(headings)) {
    for (const word of [name, ...words]) names.set(bareWords(word), name);
  }
  const found = new Map<string, string[]>();
  let current: Heading | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const heading = readHeading(line, names, current);
    if (heading === undefined) {
      if (current?.name !== undefined) found.get(current.name)!.push(line);
      continue;
    }
    current = heading;
    if (heading.name === undefined) continue;
    const lines = found.get(heading.name);
    if (lines === undefined) found.set(heading.name, [heading.inline]);
    else lines.push("", heading.inline);
  }
  return new Map([...found].map(([name, lines]) => [name, toSection(lines)]));
}

interface Heading {
  /** Its name among those asked for. */
  readonly name: string | undefined;
  readonly inline: string;
  /** How many `#` it begins with. */
  readonly level: number;
  readonly isNumbered: boolean;
}

function readHeading(
  line: string,
  names: ReadonlyMap<string, string>,
  current: Heading | undefined,
): Heading | undefined {
  const start = line.slice(0, LONGEST_HEADING);
  if (start.trim() === "" || /^[\s{["'<]*[{["<]/.test(start)) return undefined;
  const level = /^\s{0,3}(#{1,6})\s/.exec(start)?.[1]?.length ?? 0;
  const isNumbered = /^[\s#*_]*\p{Nd}/u.test(start);
  const colon = start.search(/[:：]/);
  if (colon > 0) {
    const label = start.slice(0, colon);
    const name = names.get(bareWords(label));
    // A bulleted label is an item about that subject, unless nothing but a score or a verdict could be meant by it.
    if (
      name !== undefined && !(isBullet(label) && !/^(?:score|needsImprovement|violated|stop)$/.test(name))
    ) {
      return { name, inline: line.slice(colon + 1).replace(/^\s*(?:\*\*|__)/, "").trim(), level, isNumbered };
    }
  }
  if (line.length > LONGEST_HEADING) return undefined;
  const isMarked = level > 0 || /^\s*(?:\*\*|__).+(?:\*\*|__)\s*[:：]?\s*$/.test(start);
  const name = names.get(bareWords(start));
  if (name !== undefined && (isMarked || /^\s*\p{Nd}{1,2}[.)]\s/u.test(start))) {
    return { name, inline: "", level, isNumbered };
  }
  // "**1. Too long**" below "## Issues" is one of the issues, not a section of its own.
  const isItem = isNumbered && current !== undefined && !current.isNumbered &&
    (level === 0 || level > current.level);
  const isOther = (isMarked && !isItem) || /^\p{Lu}[\p{L} ]{1,40}[:：]\s*$/u.test(start);
  return isOther ? { name: undefined, inline: "", level, isNumbered } : undefined;
}

function isBullet(label: string): boolean {
  return /^\s*[-*•‣◦]\s/.test(label);
}

/** Only the letters of a heading, so that `### 2. **Needs_improvement** (3)` and `needsImprovement` are one. */
function bareWords(text: string): string {
  return text.replace(/\([^)]*\)/g, "").normalize("NFKC").toLowerCase().replace(/[^\p{L}]/gu, "");
}

function toSection(lines: readonly string[]): Section {
  return { inline: lines[0] ?? "", items: readItems(lines), text: lines.join("\n").trim() };
}

/**
 * Reads the items of a list: lines that begin with `-`, `*`, `•`, `1.`, `1)` or `a)`, each joined with the lines that continue
 * it. Where no line begins so, each paragraph is an item.
 *
 * @param lines The lines of the list.
 * @returns The items, without those that say there is nothing.
 */
export function readItems(lines: readonly string[]): string[] {
  const hasMarks = lines.some((line) => LIST_MARK.test(line));
  const items: string[] = [];
  let isOpen = false;
  let outerIndent = Infinity;
  for (const line of lines) {
    const mark = LIST_MARK.exec(line);
    const content = (mark ? line.slice(mark[0].length) : line).trim();
    const indent = mark?.[1]?.length ?? 0;
    if (content === "") isOpen = false;
    else if (mark && indent <= outerIndent + 1) {
      outerIndent = Math.min(outerIndent, indent);
      items.push(content);
      isOpen = true;
    } else if (isOpen || (items.length > 0 && /^\s{2,}/.test(line))) items[items.length - 1] += ` ${content}`;
    else if (!hasMarks) {
      items.push(content);
      isOpen = true;
    }
  }
  const plain = items.map((item) => item.replaceAll("**", "").trim());
  return plain.filter((item) => !saysNothing(item)).slice(0, MOST_ITEMS);
}
