/**
 * Small files that are replaced as a whole, in the caller's thread. Errors are passed on as the runtime throws them.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { folderOf } from "./files.ts";

interface Stats {
  readonly size: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly mtimeMs: bigint;
}

interface FileSystem {
  mkdirSync(path: string, options: { recursive: boolean }): void;
  readdirSync(path: string): string[];
  statSync(path: string, options: { bigint: true }): Stats;
  readFileSync(path: string, encoding: "utf8"): string;
  openSync(path: string, flags: string): number;
  writeFileSync(file: number, text: string): void;
  fsyncSync(file: number): void;
  closeSync(file: number): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  rmSync(path: string, options: { force: boolean }): void;
}

interface Crypto {
  createHash(name: "sha256"): { update(text: string): { digest(encoding: "hex"): string } };
}

/** A file of a directory. */
export interface FoundFile {
  /** Its name. */
  readonly name: string;
  /** Another one whenever the file was replaced. */
  readonly signature: string;
  /** When it was written, in milliseconds since the epoch. */
  readonly writtenAtMs: number;
}

/** Makes a directory and those above it. */
export function makeDirectories(path: string): void {
  fileSystem().mkdirSync(path, { recursive: true });
}

/**
 * Lists a directory.
 *
 * @param directory The directory.
 * @param isWanted Says by its name whether a file is looked at.
 * @returns The files; one that goes meanwhile is left out.
 */
export function listFiles(directory: string, isWanted: (name: string) => boolean): FoundFile[] {
  const found: FoundFile[] = [];
  for (const name of fileSystem().readdirSync(directory)) {
    if (!isWanted(name)) continue;
    const stats = unlessMissing(() => fileSystem().statSync(`${directory}/${name}`, { bigint: true }));
    if (stats === undefined) continue;
    const signature = `${stats.ino}-${stats.mtimeNs}-${stats.size}`;
    found.push({ name, signature, writtenAtMs: Number(stats.mtimeMs) });
  }
  return found;
}

/** The text of a file; `undefined` where there is none. */
export function readFileIfThere(path: string): string | undefined {
  return unlessMissing(() => fileSystem().readFileSync(path, "utf8"));
}

/** What {@linkcode replaceFile} needs. */
export interface Replacement {
  /** The file. */
  readonly path: string;
  /** A path in the same directory that nobody else uses. */
  readonly temporary: string;
  /** What it shall hold. */
  readonly text: string;
  /** Whether to wait until the disk has it. */
  readonly fsync: boolean;
}

/** Writes a file such that every reader, and whoever comes after a crash, finds the old text or the new one. */
export function replaceFile({ path, temporary, text, fsync }: Replacement): void {
  const fs = fileSystem();
  try {
    const file = fs.openSync(temporary, "wx");
    try {
      fs.writeFileSync(file, text);
      if (fsync) fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(temporary, path);
    if (fsync) syncDirectory(folderOf(path));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Waits until the disk has which files stand in a directory. Windows has no such call, and needs none. */
export function syncDirectory(path: string): void {
  const fs = fileSystem();
  let directory: number;
  try {
    directory = fs.openSync(path, "r");
  } catch {
    return;
  }
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}

/** Renames a file; `false` where there is none. */
export function moveFile(from: string, to: string): boolean {
  return unlessMissing(() => (fileSystem().renameSync(from, to), true)) ?? false;
}

/** Puts a file back where it was, unless another one stands there by now. */
export function putBack(from: string, to: string): void {
  try {
    fileSystem().linkSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  fileSystem().rmSync(from, { force: true });
}

/** Removes a file; one that is not there is no fault. */
export function removeFile(path: string): void {
  fileSystem().rmSync(path, { force: true });
}

/** The SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return builtin<Crypto>("node:crypto")!.createHash("sha256").update(text).digest("hex");
}

function unlessMissing<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

function fileSystem(): FileSystem {
  return builtin<FileSystem>("node:fs")!;
}
