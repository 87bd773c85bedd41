/** A shell in a pseudo-terminal of tmux, with the program in its path, driven by keys and read as a person reads it. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { BARE_ENVIRONMENT, CLI } from "./run_cli.ts";
import { scriptArguments } from "./spawn_self.ts";

const TMUX = "/usr/bin/tmux";

/** Why tests in a terminal are skipped here; `false` where they run. */
export const TMUX_MISSING: string | false = existsSync(TMUX)
  ? false
  : "tmux is missing: apt-get install tmux";

/** The program from its sources under this runtime. */
export const FROM_SOURCES: readonly string[] = [process.execPath, ...scriptArguments(CLI)];

const LONGEST_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** How a terminal is opened. */
export interface TmuxOptions {
  /** The working directory of its shell, and where its files are kept. */
  readonly cwd: string;
  /** What `sifaka` stands for in the shell. */
  readonly command: readonly string[];
  /** Its width. @default 80 */
  readonly columns?: number;
}

/** A terminal with a shell. */
export class TmuxTerminal {
  readonly #name = `sifaka-${randomUUID()}`;

  constructor({ cwd, command, columns = 80 }: TmuxOptions) {
    const folder = join(cwd, ".bin");
    mkdirSync(folder, { recursive: true });
    const program = command.map((word) => `'${word}'`).join(" ");
    writeFileSync(join(folder, "sifaka"), `#!/bin/sh\nexec ${program} "$@"\n`);
    chmodSync(join(folder, "sifaka"), 0o755);
    const env = {
      ...BARE_ENVIRONMENT,
      PATH: `${folder}:${BARE_ENVIRONMENT.PATH}`,
      LC_ALL: "C.UTF-8",
      ENV: "",
    };
    const size = ["-x", String(columns), "-y", "24"];
    const start = [TMUX, "-u", "-L", this.#name, "-f", "/dev/null", "new-session", "-d", ...size, "/bin/sh"];
    // Deno adds the environment of this process to the one that it is given.
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    execFileSync("/usr/bin/env", ["-i", ...words, ...start], { cwd });
  }

  /** Types a line, and Enter. */
  type(line: string): void {
    this.write(line);
    this.press("Enter");
  }

  /** Types a text. */
  write(text: string): void {
    this.#tmux("send-keys", "-l", text);
  }

  /** Presses a key by its name in tmux, as `C-c`. */
  press(key: string): void {
    this.#tmux("send-keys", key);
  }

  /** Makes it narrower or wider. */
  resize(columns: number): void {
    this.#tmux("resize-window", "-x", String(columns));
  }

  /** Forgets what was shown. */
  clear(): void {
    // The shell draws its prompt again at what is now the top.
    this.#tmux("send-keys", "-R", ";", "clear-history");
  }

  /** What is on the screen and above it, a string a line, without the empty ones at the end. */
  lines({ colored = false }: { readonly colored?: boolean } = {}): string[] {
    const text = this.#tmux("capture-pane", "-p", "-S", "-", ...(colored ? ["-e"] : []));
    return text.trimEnd().split("\n").map((line) => line.trimEnd());
  }

  /** Waits until the terminal shows something, and gives what it then shows. */
  async until(pattern: RegExp): Promise<string> {
    for (const end = Date.now() + LONGEST_MS;;) {
      const text = this.lines().join("\n");
      if (pattern.test(text)) return text;
      if (Date.now() > end) throw new Error(`the terminal never showed ${pattern}:\n${text}`);
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Types a command, and waits until it has ended; the line `status N` is the last that is shown. */
  async run(line: string): Promise<string> {
    this.type(`${line}; echo status $?`);
    return await this.until(ENDED);
  }

  /** Ends the terminal and what runs in it. */
  close(): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: string[]): string {
    return execFileSync(TMUX, ["-L", this.#name, ...args], { encoding: "utf8", env: BARE_ENVIRONMENT });
  }
}

/** The last command has ended, and the shell waits for another. */
export const ENDED: RegExp = /status \d+\n[$#]$/;

/** Opens a terminal for a test, and ends it with the test. */
export async function inTerminal(
  options: TmuxOptions,
  test: (terminal: TmuxTerminal) => Promise<void>,
): Promise<void> {
  const terminal = new TmuxTerminal(options);
  try {
    await test(terminal);
  } finally {
    terminal.close();
  }
}
