/** Directories for tests that need files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const MOST_TRIES = 50;

/** Gives a fresh directory to a test and removes it when the test ends. */
export async function inTemporaryDirectory(test: (directory: string) => void | Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "sifaka-"));
  try {
    await test(directory);
  } finally {
    await remove(directory);
  }
}

/** The processes of a browser go on writing for a moment after it was killed; Deno does not heed `maxRetries`. */
async function remove(directory: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOTEMPTY" || tries === MOST_TRIES) throw error;
      await wait(100);
    }
  }
}
