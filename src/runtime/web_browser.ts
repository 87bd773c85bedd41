/**
 * The web browser of the person at this machine.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { platformName } from "./terminal.ts";

interface ChildProcess {
  on(event: "error" | "spawn", listener: () => void): unknown;
  unref(): void;
}

interface ChildProcesses {
  spawn(
    program: string,
    args: readonly string[],
    options: { stdio: "ignore"; detached: boolean },
  ): ChildProcess;
}

/** What opens an address in the browser, by platform. */
const OPENERS: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["explorer.exe"],
};
const DEFAULT_OPENER = ["xdg-open"] as const;

/**
 * Opens an address in the browser.
 *
 * @param url The address.
 * @returns Whether there was a program to open it; not whether that did so.
 */
export function openInBrowser(url: string): Promise<boolean> {
  const [program, ...args] = OPENERS[platformName()] ?? DEFAULT_OPENER;
  return new Promise((resolve) => {
    try {
      const child = builtin<ChildProcesses>("node:child_process")!
        .spawn(program, [...args, url], { stdio: "ignore", detached: true });
      child.on("error", () => resolve(false));
      child.on("spawn", () => resolve(true));
      child.unref();
    } catch {
      // Deno throws at once where it may not start programs.
      resolve(false);
    }
  });
}
