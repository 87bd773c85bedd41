/** A real file system that is full soon, or read-only: a tmpfs, which only root may mount. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A mounted file system. */
export interface SmallDisk {
  /** Where it is mounted. */
  readonly path: string;
  /** Refuses every write from here on. */
  makeReadOnly(): void;
}

/**
 * Mounts a file system for the time of a test.
 *
 * @param kilobytes Its size.
 * @param use What to do with it.
 * @returns `false` where this user may not mount one.
 */
export async function withSmallDisk(
  kilobytes: number,
  use: (disk: SmallDisk) => void | Promise<void>,
): Promise<boolean> {
  const path = mkdtempSync(join(tmpdir(), "sifaka-disk-"));
  const mount = (...args: string[]): unknown => execFileSync("mount", [...args, path], { stdio: "ignore" });
  try {
    mount("-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs");
  } catch {
    rmdirSync(path);
    return false;
  }
  try {
    await use({ path, makeReadOnly: () => void mount("-o", "remount,ro") });
  } finally {
    execFileSync("umount", [path]);
    rmdirSync(path);
  }
  return true;
}
