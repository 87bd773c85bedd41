/**
 * Finds files and reads their text: Markdown, plain text, HTML and PDF. Reached by URL alone, so that the parsers are loaded with
 * the first call and not with Sifaka; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import { type Dirent, readdir, type Stats, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { type FileSystemAdapter, glob, isDynamicPattern } from "tinyglobby";
import { extractText, getDocumentProxy } from "unpdf";
import { decodeText, realPath } from "../runtime/files.ts";
import { type Block, blocksOf, chunksOf } from "./file_blocks.ts";
import type { ScannedFile, ScanRequest, ScanResult } from "./file_scan.ts";

/**
 * Looks which files there are and reads those that have changed.
 *
 * @param request What to look for.
 * @returns What was found.
 */
export async function scan(request: ScanRequest): Promise<ScanResult> {
  const folder = resolve(request.folder ?? ".");
  const found = await find(folder, request.paths);
  const gone = new Set(request.known.keys());
  const changed: ScannedFile[] = [];
  for (const path of found.sort()) {
    gone.delete(path);
    const file = await scanFile(path, resolve(folder, path), request);
    if (file !== undefined) changed.push(file);
  }
  return { matched: found.length, changed, gone: [...gone] };
}

/** Finds files; of one that is reached by links, too, the link is left out. */
async function find(folder: string, paths: readonly string[]): Promise<string[]> {
  const links = new Set<string>();
  const fs = filesBehindLinks(folder, paths, links);
  const found = await glob([...paths], { cwd: folder, dot: false, followSymbolicLinks: false, fs });
  if (links.size === 0) return found;
  const targets = new Set<string>();
  // Links last, so that of several links to one file, and of none to a file that is there itself, the first one counts.
  const isLink = (path: string): boolean => links.has(resolve(folder, path));
  return [...found.filter((path) => !isLink(path)), ...found.filter(isLink).sort()].filter((path) => {
    const target = realPath(resolve(folder, path));
    return !targets.has(target) && targets.add(target);
  });
}

/**
 * Takes links to files for files. A link to a folder is taken for one only where it is named: so no circle of links is walked,
 * and nothing that lies elsewhere is read without being asked for.
 */
function filesBehindLinks(folder: string, paths: readonly string[], links: Set<string>): FileSystemAdapter {
  const named = paths.map((path) => {
    const parts = path.split("/");
    const glob = parts.findIndex((part) => isDynamicPattern(part));
    return resolve(folder, (glob < 0 ? parts : parts.slice(0, glob)).join("/"));
  });
  const isNamed = (path: string): boolean =>
    named.some((name) => `${name}${sep}`.startsWith(`${path}${sep}`));
  const seen = (directory: string, entry: Dirent): Dirent => {
    if (!entry.isSymbolicLink()) return entry;
    const path = resolve(directory, entry.name);
    const target = statsOf(path);
    const isFile = target?.isFile() ?? false;
    if (isFile) links.add(path);
    const isDirectory = (target?.isDirectory() ?? false) && isNamed(path);
    return Object.assign(Object.create(entry) as Dirent, {
      isFile: () => isFile,
      isDirectory: () => isDirectory,
      isSymbolicLink: () => false,
    });
  };
  const read = (
    path: string,
    options: { withFileTypes: true },
    done: (error: Error | null, entries?: Dirent[]) => void,
  ): void =>
    readdir(path, options, (error, entries) => done(error, entries?.map((entry) => seen(path, entry))));
  return { readdir: read as typeof readdir };
}

/** What a link leads to; `undefined` where that is nothing, the link itself, or not allowed. */
function statsOf(link: string): Stats | undefined {
  try {
    return statSync(link);
  } catch {
    return undefined;
  }
}

async function scanFile(path: string, full: string, request: ScanRequest): Promise<ScannedFile | undefined> {
  let stamp = "unreadable";
  try {
    const { size, mtimeMs } = await stat(full);
    // Files are cut anew when they are to be cut in another way.
    stamp = `${size}-${mtimeMs}-${size > request.maxBytes ? "large" : request.chunkWords}`;
    if (request.known.get(path) === stamp) return undefined;
    if (size > request.maxBytes) {
      throw new Error(`it has ${size} bytes, and at most ${request.maxBytes} are read`);
    }
    const blocks = await readBlocks(full, path);
    return { path, stamp, chunks: chunksOf(blocks, request.chunkWords) };
  } catch (error) {
    if (request.known.get(path) === stamp) return undefined;
    return { path, stamp, chunks: [], skipped: error instanceof Error ? error.message : String(error) };
  }
}

async function readBlocks(full: string, path: string): Promise<Block[]> {
  const bytes = new Uint8Array(await readFile(full));
  switch (extname(path).toLowerCase()) {
    case ".pdf":
      return await blocksOfPdf(bytes);
    case ".html":
    case ".htm":
    case ".xhtml":
      return blocksOfHtml(decodeText(bytes, path));
    case ".md":
    case ".markdown":
    case ".mdx":
      return blocksOf(decodeText(bytes, path), true);
    default:
      return blocksOf(decodeText(bytes, path), false);
  }
}

async function blocksOfPdf(bytes: Uint8Array): Promise<Block[]> {
  const { text } = await extractText(await getDocumentProxy(bytes, { verbosity: 0 }), { mergePages: false });
  return text.map((page, index) => ({
    text: page.trim(),
    place: index + 1,
    isHeading: false,
    keepsLines: false,
  }))
    .filter((block) => block.text !== "");
}

type HtmlNode = DefaultTreeAdapterTypes.Node;

const UNREAD = new Set(["script", "style", "template", "noscript", "svg", "math", "iframe", "object"]);
const INLINE = new Set(
  "a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup time tt u var wbr"
    .split(" "),
);

/** Collects the text of each block element; markup within a line does not divide it. */
function blocksOfHtml(html: string): Block[] {
  const blocks: Block[] = [];
  let text = "";
  let place = 1;
  const end = (isHeading: boolean): void => {
    const line = text.replace(/\s+/g, " ").trim();
    if (line !== "") blocks.push({ text: line, place, isHeading, keepsLines: false });
    text = "";
  };
  // A stack of its own: documents may be nested deeper than calls may be.
  const pending: (HtmlNode | (() => void))[] = [parse(html, { sourceCodeLocationInfo: true })];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node === "function") node();
    else if (node.nodeName === "#text" && "value" in node) {
      if (text.trim() === "") place = node.sourceCodeLocation?.startLine ?? place;
      if (text.trim() === "") place += leadingLines(node.value);
      text += node.value;
    } else if ("childNodes" in node && !UNREAD.has(node.nodeName)) {
      const isBlock = !INLINE.has(node.nodeName);
      const isHeading = /^(?:h[1-6]|title)$/.test(node.nodeName);
      if (isBlock) {
        end(false);
        pending.push(() => end(isHeading));
      }
      pending.push(...node.childNodes.toReversed());
    }
  }
  end(false);
  return blocks;
}

function leadingLines(text: string): number {
  return /^\s*/.exec(text)![0].split("\n").length - 1;
}
