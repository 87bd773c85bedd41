/**
 * Sends to the disk what others have written into a file, without the program waiting for it.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { deniedFlags } from "./sqlite_file.ts";

interface FileSystem {
  openSync(path: string, flags: string): number;
  fdatasync(handle: number, callback: (error: Error | null) => void): void;
  fdatasyncSync(handle: number): void;
  closeSync(handle: number): void;
}

/** A file whose contents can be sent to the disk. */
export class DiskFile {
  readonly #files: FileSystem;
  readonly #handle: number;
  #sending: Promise<void> = Promise.resolve();

  private constructor(files: FileSystem, handle: number) {
    this.#files = files;
    this.#handle = handle;
  }

  /**
   * Opens a file. It must be none that this process locks: closing it again would end the lock.
   *
   * @param path The file.
   * @returns The file; `undefined` where it is not there or may not be opened.
   */
  static open(path: string): DiskFile | undefined {
    if (deniedFlags(path, ["read", "write"]).length > 0) return undefined;
    const files = builtin<FileSystem>("node:fs");
    try {
      return files && new DiskFile(files, files.openSync(path, "r+"));
    } catch {
      return undefined;
    }
  }

  /** Sends what has been written so far, off this thread. */
  send(): Promise<void> {
    const sent = new Promise<void>((resolve, reject) =>
      this.#files.fdatasync(this.#handle, (error) => error ? reject(error) : resolve())
    );
    this.#sending = Promise.allSettled([this.#sending, sent]).then(() => {});
    return sent;
  }

  /**
   * Sends what has been written so far, and waits for it.
   *
   * @throws {Error} When it did not get there.
   */
  sendNow(): void {
    this.#files.fdatasyncSync(this.#handle);
  }

  /** Closes the file when it is not in use any more. */
  close(): void {
    void this.#sending.then(() => this.#files.closeSync(this.#handle));
  }
}
