/**
 * Waits until one of a few files changes.
 *
 * It looks at the files again and again instead of asking the operating system to tell of changes: a handful of looks costs next
 * to nothing, is the same on Deno, Bun and Node, needs no permission for the folders, and sees what events miss or tell twice: a
 * file that an editor replaces by another, one behind a link, on a network drive or in a container's mounted folder. And how a
 * file was is noted before it is read, so that no change falls between the reading and the waiting.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { pause } from "./clock.ts";
import { absolutePath } from "./files.ts";

/** How often the files are looked at, in milliseconds; two looks must agree. */
const LOOK_MS = 100;
/** How many looks must agree where a file is gone: an editor that saves may take it away for a moment. */
const LOOKS_WHERE_GONE = 5;

interface FileSystem {
  statSync(path: string, options: { bigint: true }): {
    isFile(): boolean;
    readonly ino: bigint;
    readonly mtimeNs: bigint;
    readonly size: bigint;
  };
}

/** Files that are waited for. */
export class FileWatch {
  readonly #noted = new Map<string, string>();

  /** How many files there are. */
  get size(): number {
    return this.#noted.size;
  }

  /** Notes how a file is now, before it is read; it need not exist. */
  note(path: string): void {
    const full = absolutePath(path);
    if (!this.#noted.has(full)) this.#noted.set(full, look(full));
  }

  /**
   * Waits until a file is no more as it was noted, and all of them stay as they are for a moment.
   *
   * @param signal Ends the waiting.
   * @returns Which files have changed, by their absolute paths.
   * @throws The signal's reason.
   */
  async changed(signal: AbortSignal): Promise<readonly string[]> {
    let before = "";
    for (let equalLooks = 0;;) {
      await pause(LOOK_MS, signal);
      const looks = [...this.#noted.keys()].map((path) => [path, look(path)] as const);
      const changed = looks.filter(([path, now]) => now !== this.#noted.get(path));
      const seen = changed.flat().join("\n");
      equalLooks = seen === before ? equalLooks + 1 : 0;
      before = seen;
      const needed = changed.some(([, now]) => now === GONE) ? LOOKS_WHERE_GONE : 1;
      if (changed.length > 0 && equalLooks >= needed) return changed.map(([path]) => path);
    }
  }
}

const GONE = "gone";

/** Another text whenever the file was written or replaced; a pipe or a device, which changes as it is read, has one only. */
function look(path: string): string {
  try {
    const stats = builtin<FileSystem>("node:fs")!.statSync(path, { bigint: true });
    return stats.isFile() ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : "no file";
  } catch {
    return GONE;
  }
}
