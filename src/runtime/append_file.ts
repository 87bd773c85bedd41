/**
 * A file that only grows: what is written is there whole or not at all, and reaches the disk without the program waiting for it.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { builtin } from "./builtin.ts";
import { startTimer } from "./clock.ts";
import { fileError } from "./files.ts";

interface FileSystem {
  openSync(path: string, flags: string): number;
  ftruncateSync(handle: number, size: number): void;
  fsync(handle: number, callback: (error: Error | null) => void): void;
  writeSync(handle: number, bytes: Uint8Array, offset: number, length: number): number;
  closeSync(handle: number): void;
  renameSync(from: string, to: string): void;
}

/** How long a text may wait to be sent to the disk, in milliseconds. */
const SYNC_MS = 1_000;

/** Appends texts to a file. */
export class AppendFile {
  readonly #path: string;
  readonly #subject: string;
  readonly #files: FileSystem = builtin<FileSystem>("node:fs")!;
  readonly #handle: number;
  #size: number;
  #syncing: Promise<void> = Promise.resolve();
  #stopTimer: (() => void) | undefined;
  #failure: { readonly error: unknown } | undefined;

  /**
   * Opens a file, which is made where there is none.
   *
   * @param path Where.
   * @param options What it is to the reader of an error, and how many of its bytes are kept; what stands behind them is removed.
   * @throws {StorageError} When it cannot be opened.
   */
  constructor(path: string, { subject, keepBytes }: { subject: string; keepBytes: number }) {
    this.#path = path;
    this.#subject = subject;
    this.#size = keepBytes;
    this.#handle = this.#try(() => this.#files.openSync(path, "a"));
    this.#try(() => this.#files.ftruncateSync(this.#handle, keepBytes));
  }

  /**
   * Adds a text. It survives the end of this process when this returns, and a power cut a second later.
   *
   * @param text The text.
   * @throws {StorageError} When it cannot be written; nothing of it is then in the file.
   */
  append(text: string): void {
    if (this.#failure) throw this.#worded(this.#failure.error);
    const bytes = new TextEncoder().encode(text);
    this.#try(() => this.#write(bytes));
    this.#size += bytes.length;
    this.#stopTimer ??= startTimer(SYNC_MS, () => this.#sync());
  }

  /**
   * Waits until all that was added is on the disk, and closes the file.
   *
   * @throws {StorageError} When it did not get there.
   */
  async close(): Promise<void> {
    this.#stopTimer?.();
    this.#sync();
    await this.#syncing;
    this.#files.closeSync(this.#handle);
    if (this.#failure) throw this.#worded(this.#failure.error);
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let offset = 0; offset < bytes.length;) {
        offset += this.#files.writeSync(this.#handle, bytes, offset, bytes.length - offset);
      }
    } catch (error) {
      this.#files.ftruncateSync(this.#handle, this.#size);
      throw error;
    }
  }

  /** Off this thread, and not for each text: the disk has one queue, in which others wait. */
  #sync(): void {
    this.#stopTimer = undefined;
    const written = (): Promise<void> =>
      new Promise((resolve) =>
        this.#files.fsync(this.#handle, (error) => {
          if (error) this.#failure ??= { error };
          resolve();
        })
      );
    this.#syncing = this.#syncing.then(written);
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.#worded(error);
    }
  }

  #worded(error: unknown): StorageError {
    const { message, suggestions } = fileError("write", this.#subject, this.#path, error);
    return new StorageError(message, { code: "cannot_write", suggestions, cause: error });
  }
}

/**
 * Puts a file in the place of another; readers see the one or the other, and never a part.
 *
 * @param from The new file.
 * @param to The one that it replaces.
 * @throws {StorageError} When that cannot be done; the old one is then still there.
 */
export function putInPlace(from: string, to: string): void {
  try {
    builtin<FileSystem>("node:fs")!.renameSync(from, to);
  } catch (error) {
    const { message, suggestions } = fileError("write", "the file", to, error);
    throw new StorageError(message, { code: "cannot_write", suggestions, cause: error });
  }
}
