/**
 * Runs the commands of `docs/tour.md` and puts their output into it: `deno task docs:tour`.
 *
 * A block marked `console` is a transcript: a line `$ …` is a command (and the lines `> …` after it what else it consists of), all other
 * lines are what it prints. One whose output ends with `^C` is interrupted after the lines that stand before it.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The page. */
export const TOUR_PAGE: URL = new URL("../docs/tour.md", import.meta.url);

/** What the tour needs of Deno. */
export const TOUR_PERMISSIONS: readonly string[] = ["--allow-read", "--allow-write", "--allow-env"];

/** Where the tour seems to take place. */
const HOME = "/home/you";
const LONGEST_MS = 60_000;
const INTERRUPT = "^C";

/**
 * Runs the tour.
 *
 * @param page The page.
 * @param command The program and its first arguments.
 * @returns The page with the output of this time.
 */
export async function runTour(page: string, command: readonly string[]): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "sifaka-tour-"));
  try {
    const place = new Place(home, command);
    const parts: string[] = [];
    for (const part of page.split(/(^```console\n[^]*?^```$)/m)) {
      parts.push(part.startsWith("```console\n") ? await place.transcript(part) : part);
    }
    return parts.join("");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Takes what differs from time to time out of a page: ids, dates, durations, ports and tokens.
 *
 * @param page The page.
 * @returns The rest of it.
 */
export function steadyPart(page: string): string {
  return page
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{1,12}){0,4}(?:…|\b)/g, "ID")
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::[\d.]+)?Z/g, "DATE")
    .replace(/\b[\d.]+ (?:ms|s)\b/g, "TIME")
    .replace(/(?<=127\.0\.0\.1:)\d+\/\S+/g, "PORT/TOKEN")
    .replace(/ {2,}/g, "  ");
}

/** A home directory with a folder in which the commands are run. */
class Place {
  readonly #home: string;
  readonly #folder: string;
  readonly #environment: Record<string, string>;

  constructor(home: string, command: readonly string[]) {
    this.#home = home;
    this.#folder = join(home, "tour");
    const programs = join(home, "bin");
    mkdirSync(this.#folder);
    mkdirSync(programs);
    const program = join(programs, "sifaka");
    writeFileSync(program, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
    chmodSync(program, 0o755);
    this.#environment = {
      PATH: `${programs}:${process.env.PATH}`,
      LC_ALL: "C.UTF-8",
      XDG_DATA_HOME: join(home, ".local/share"),
    };
    for (const name of ["HOME", "DENO_DIR", "TMPDIR"]) {
      const value = process.env[name];
      if (value !== undefined) this.#environment[name] = value;
    }
  }

  async transcript(block: string): Promise<string> {
    const steps = block.slice("```console\n".length, -"```".length).split(/^(?=\$ )/m);
    const lines = ["```console\n"];
    for (const step of steps) {
      const [, typed = "", printed = ""] = /^(\$ .*\n(?:> .*\n)*)([^]*)$/.exec(step) ?? [];
      if (typed === "") {
        throw new Error(`${TOUR_PAGE.pathname}: a transcript must begin with a command: ${step}`);
      }
      const output = await this.#run(typed.replace(/^[$>] /gm, ""), printed.trimEnd());
      lines.push(typed, output, output === "" || output.endsWith("\n") ? "" : "\n");
    }
    return `${lines.join("")}\`\`\``;
  }

  #run(script: string, expected: string): Promise<string> {
    const interrupt = expected.endsWith(INTERRUPT) || expected.includes(`\n${INTERRUPT}\n`);
    const linesBefore = expected.split(`${INTERRUPT}`)[0]!.split("\n").length - 1;
    // A group of its own, as that of a shell's foreground is, gets the interrupt.
    const child = spawn("sh", ["-c", `exec 2>&1; ${interrupt ? "exec " : ""}${script}`], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    return new Promise((resolve, reject) => {
      let output = "";
      let interrupted = false;
      child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        if (!interrupt || interrupted || output.split("\n").length <= linesBefore) return;
        interrupted = true;
        output += `${INTERRUPT}\n`;
        process.kill(-child.pid!, "SIGINT");
      });
      const timer = setTimeout(() => {
        output += `ended after ${LONGEST_MS} ms\n`;
        process.kill(-child.pid!, "SIGKILL");
      }, LONGEST_MS);
      child.on("error", reject);
      child.on("close", () => {
        clearTimeout(timer);
        resolve(output.replaceAll(this.#home, HOME));
      });
    });
  }
}

if (import.meta.main) {
  const command = [
    process.execPath,
    "run",
    ...TOUR_PERMISSIONS,
    fileURLToPath(new URL("../cli.ts", import.meta.url)),
  ];
  writeFileSync(TOUR_PAGE, await runTour(readFileSync(TOUR_PAGE, "utf8"), command));
}
