/**
 * Files and paths of this machine, read and written in the caller's thread. Everything is bounded: a file larger than its
 * caller expects is refused before it is read.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { builtin } from "./builtin.ts";

interface Stats {
  readonly size: number;
  isDirectory(): boolean;
}

interface FileSystem {
  openSync(path: string, flags: string): number;
  fstatSync(handle: number): Stats;
  statSync(path: string): Stats;
  statSync(path: string, options: { bigint: true }): { readonly dev: bigint; readonly ino: bigint };
  readSync(handle: number, buffer: Uint8Array, offset: number, length: number, position: null): number;
  closeSync(handle: number): void;
  writeFileSync(path: string, text: string, options: { flag: string }): void;
  mkdirSync(path: string, options: { recursive: boolean }): void;
  realpathSync(path: string): string;
}

interface Paths {
  resolve(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  join(...parts: string[]): string;
  relative(from: string, to: string): string;
  isAbsolute(path: string): boolean;
}

interface Urls {
  pathToFileURL(path: string): URL;
}

/** The largest text that is read where nothing else is said, in bytes. */
export const MAX_TEXT_BYTES: number = 32 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** Options of {@linkcode readTextFile}. */
export interface ReadTextOptions {
  /** What the file is to the reader of an error, for example `"the configuration"`. @default "the file" */
  subject?: string;
  /** The largest size, in bytes. @default 32 MiB */
  maxBytes?: number;
}

/**
 * Reads a UTF-8 text file without its byte order mark.
 *
 * @param path Where it is.
 * @param options What to call it, and how large it may be.
 * @returns Its text.
 * @throws {ConfigurationError} When it is missing, a directory, not permitted, too large, or not UTF-8 text.
 */
export function readTextFile(path: string, options: ReadTextOptions = {}): string {
  const { subject = "the file", maxBytes = MAX_TEXT_BYTES } = options;
  const bytes = withFileErrors("read", subject, path, () => readBytes(path, subject, maxBytes));
  return decodeText(bytes, `${subject} ${path}`);
}

/**
 * Turns bytes into text, refusing what is no UTF-8 text.
 *
 * @param bytes The bytes.
 * @param subject What they are, for the error.
 * @returns The text without its byte order mark.
 * @throws {ConfigurationError} When they are not UTF-8, or hold a NUL.
 */
export function decodeText(bytes: Uint8Array, subject: string): string {
  const unreadable = (reason: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`Cannot read ${subject} as it ${reason}`, {
      code: "not_text",
      suggestions: ["Save it as plain text in UTF-8."],
      cause,
    });
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw unreadable("is UTF-16, not UTF-8");
  }
  if (bytes.includes(0)) throw unreadable("is binary, not text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable("is not UTF-8 text", error);
  }
}

/** Whether there is something at a path; `false` also where looking is not permitted. */
export function exists(path: string): boolean {
  try {
    fileSystem().statSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells one file from another that took its place.
 *
 * @param path Where it is.
 * @returns What no other file has for as long as this one is open somewhere; `undefined` where there is none that can be looked at.
 */
export function fileIdentity(path: string): string | undefined {
  try {
    const { dev, ino } = fileSystem().statSync(path, { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Writes a text file.
 *
 * @param path Where.
 * @param text What.
 * @param options Whether an existing file may be replaced.
 * @throws {ConfigurationError} When the file exists and may not be replaced, or cannot be written.
 */
export function writeTextFile(path: string, text: string, options: { overwrite: boolean }): void {
  const flag = options.overwrite ? "w" : "wx";
  withFileErrors("write", "the file", path, () => fileSystem().writeFileSync(path, text, { flag }));
}

/**
 * Adds a text to the end of a file, which is made where there is none.
 *
 * @param path Where.
 * @param text What.
 * @throws {ConfigurationError} When it cannot be written.
 */
export function appendTextFile(path: string, text: string): void {
  withFileErrors("write", "the file", path, () => fileSystem().writeFileSync(path, text, { flag: "a" }));
}

/**
 * Makes a directory and those above it, where they are missing.
 *
 * @param path Where.
 * @throws {ConfigurationError} When it cannot be made.
 */
export function makeDirectory(path: string): void {
  withFileErrors("make", "the directory", path, () => fileSystem().mkdirSync(path, { recursive: true }));
}

/** A path made absolute, seen from a folder; from the working directory where none is given. */
export function absolutePath(path: string, folder?: string): string {
  return folder === undefined ? paths().resolve(path) : paths().resolve(folder, path);
}

/** The folder of a file. */
export function folderOf(path: string): string {
  return paths().dirname(path);
}

/** The name of a file, without its folder. */
export function nameOfFile(path: string): string {
  return paths().basename(path);
}

/** Joins the parts of a path. */
export function joinPath(...parts: string[]): string {
  return paths().join(...parts);
}

/** A path as a person would type it: relative to the working directory where it lies below it. */
export function shortPath(path: string): string {
  const relative = paths().relative(paths().resolve("."), path);
  return relative === "" || relative.startsWith("..") || paths().isAbsolute(relative) ? path : relative;
}

/** Whether a file lies in a folder or below it, links followed where that is permitted. */
export function liesIn(path: string, folder: string): boolean {
  const relative = paths().relative(realPath(folder), realPath(path));
  return relative !== "" && !relative.startsWith("..") && !paths().isAbsolute(relative);
}

/** The URL of a file, to import it by. */
export function fileUrl(path: string): string {
  return need<Urls>("node:url").pathToFileURL(path).href;
}

/** Where a path leads, links followed; the path itself where that cannot be found out. */
export function realPath(path: string): string {
  try {
    return fileSystem().realpathSync(path);
  } catch {
    return path;
  }
}

function readBytes(path: string, subject: string, maxBytes: number): Uint8Array {
  const fs = fileSystem();
  const handle = fs.openSync(path, "r");
  try {
    const stats = fs.fstatSync(handle);
    if (stats.isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
    if (stats.size > maxBytes) throw tooLarge(`${subject} ${path}`, maxBytes, stats.size);
    const chunks: Uint8Array[] = [];
    // A device or pipe says that its size is 0, so the bound is kept while reading as well.
    for (let total = 0;;) {
      const chunk = new Uint8Array(total === 0 ? Math.max(CHUNK_BYTES, stats.size + 1) : CHUNK_BYTES);
      const count = fs.readSync(handle, chunk, 0, chunk.length, null);
      if (count === 0) return joinBytes(chunks);
      total += count;
      if (total > maxBytes) throw tooLarge(`${subject} ${path}`, maxBytes);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    fs.closeSync(handle);
  }
}

/** Joins pieces into one array of bytes. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * Makes the error for a text that is too large.
 *
 * @param subject What it is.
 * @param maxBytes Its bound.
 * @param sizeBytes Its size, where it is known.
 * @returns The error to throw.
 */
export function tooLarge(subject: string, maxBytes: number, sizeBytes?: number): ConfigurationError {
  const found = sizeBytes === undefined ? "it is larger" : `it has ${megabytes(sizeBytes)}`;
  return new ConfigurationError(
    `Cannot read ${subject} as at most ${megabytes(maxBytes)} are read: ${found}`,
    {
      code: "too_large",
      metadata: { maxBytes, ...(sizeBytes === undefined ? {} : { sizeBytes }) },
    },
  );
}

function megabytes(bytes: number): string {
  return `${Number((bytes / (1024 * 1024)).toFixed(1))} MiB`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder",
  EEXIST: "it exists already",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ELOOP: "its links run in a circle",
  ENAMETOOLONG: "its path is too long",
};

function withFileErrors<T>(
  verb: "read" | "write" | "make",
  subject: string,
  path: string,
  action: () => T,
): T {
  try {
    return action();
  } catch (error) {
    throw fileError(verb, subject, path, error);
  }
}

/**
 * Words what went wrong with a file.
 *
 * @param verb What was to be done.
 * @param subject What the file is to the reader of the error.
 * @param path Where it is.
 * @param error What was thrown.
 * @returns The error to throw.
 */
export function fileError(
  verb: "read" | "write" | "make",
  subject: string,
  path: string,
  error: unknown,
): ConfigurationError {
  if (error instanceof ConfigurationError) return error;
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  const denied = name === "NotCapable";
  const flag = `--allow-${verb === "read" ? "read" : "write"}=${path}`;
  const reason = denied
    ? "Deno was not given the permission"
    : REASONS[code ?? ""] ?? message ?? String(error);
  return new ConfigurationError(`Cannot ${verb} ${subject} ${path} as ${reason}`, {
    code: denied ? "permission_denied" : "unreadable",
    suggestions: denied ? [`Run Deno with ${flag}.`] : [],
    metadata: { path, ...(code === undefined ? {} : { reason: code }) },
    cause: error,
  });
}

function fileSystem(): FileSystem {
  return need<FileSystem>("node:fs");
}

function paths(): Paths {
  return need<Paths>("node:path");
}

function need<T>(name: string): T {
  const found = builtin<T>(name);
  if (found !== undefined) return found;
  throw new ConfigurationError("Cannot reach files as this runtime has none", { code: "no_files" });
}
