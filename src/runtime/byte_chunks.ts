/**
 * Reads a file of any size, piece by piece, without blocking the thread.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { fileError } from "./files.ts";

interface FileHandle {
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}

interface FilePromises {
  open(path: string, flags: string): Promise<FileHandle>;
}

interface FileSystem {
  statSync(path: string): { isFile(): boolean };
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads the bytes of a file. Each piece is a new array that the reader may keep.
 *
 * @param path Where it is.
 * @param subject What the file is to the reader of an error.
 * @returns Its bytes in order.
 * @throws {ConfigurationError} When it is missing, a directory or not permitted.
 */
export async function* readChunks(
  path: string,
  subject: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await worded(
    path,
    subject,
    () => builtin<FilePromises>("node:fs/promises")!.open(path, "r"),
  );
  try {
    while (true) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await worded(path, subject, () => handle.read(chunk, 0, CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function worded<T>(path: string, subject: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw fileError("read", subject, path, error);
  }
}

/** Whether a path is a plain file, which can be read twice; a pipe cannot. */
export function isPlainFile(path: string): boolean {
  try {
    return builtin<FileSystem>("node:fs")!.statSync(path).isFile();
  } catch {
    return false;
  }
}
