/** One trial: a run whose process is killed once or twice, and a process that ends it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { CLI } from "../helpers/run_cli.ts";
import { seeded } from "../helpers/seeded.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";
import { inspectCopy, integrityOf } from "./after_kill.ts";
import type { CallLog, LoggedCall } from "./call_log.ts";
import { type Life, live } from "./mortal_process.ts";
import { type CallsOfLife, findRepeats, type Repeats } from "./repeats.ts";
import { trialConfig } from "./trial_chain.ts";

const SCRIPT = fileURLToPath(new URL("./scripts/one_run.ts", import.meta.url));
const RUN_ID = "the run";
const CALLS_OF_A_RUN = 7;

/** How the run is started. */
export type Way = "cli" | "sync" | "async";

/** What came of a trial. */
export interface TrialReport extends Repeats {
  /** The text at the end. */
  readonly text: string | undefined;
  /** How many kills met a living process. */
  readonly kills: number;
  /** How the run stood after each kill. */
  readonly statuses: readonly string[];
  /** How many calls came in all. */
  readonly calls: number;
}

/** Which trial. */
export interface TrialOptions {
  /** Its name in the log. */
  readonly name: string;
  /** How the run is started. */
  readonly way: Way;
  /** Decides the moments. */
  readonly seed: number;
  /** How many processes are killed; 0 for an undisturbed run. @default 1 or, for one trial of five, 2 */
  readonly kills?: number;
}

/** Runs a trial. */
export async function runTrial(log: CallLog, options: TrialOptions): Promise<TrialReport> {
  const directory = mkdtempSync(join(tmpdir(), "sifaka-kill-"));
  try {
    return await new Trial(log, options, directory).run();
  } finally {
    log.listeners.delete(options.name);
    rmSync(directory, { recursive: true, force: true });
  }
}

class Trial {
  readonly #log: CallLog;
  readonly #options: TrialOptions;
  readonly #directory: string;
  readonly #path: string;
  readonly #random: () => number;
  readonly #lives: CallsOfLife[] = [];
  readonly #statuses: string[] = [];
  readonly #faults: string[] = [];

  constructor(log: CallLog, options: TrialOptions, directory: string) {
    this.#log = log;
    this.#options = options;
    this.#directory = directory;
    this.#path = join(directory, "runs.db");
    this.#random = seeded(options.seed);
    writeFileSync(join(directory, "sifaka.yaml"), trialConfig(log.url(options.name), this.#path));
  }

  async run(): Promise<TrialReport> {
    const kills = this.#options.kills ?? (this.#random() < 0.2 ? 2 : 1);
    for (let count = 0; count < kills; count++) await this.#killOne();
    const last = await this.#live();
    if (last.status !== (this.#options.way === "cli" ? 1 : 0)) {
      this.#faults.push(`the last process ended with ${last.status}: ${last.stderr}`);
    }
    await this.#checkEnd();
    const repeats = findRepeats(this.#lives);
    return {
      ...repeats,
      faults: [...this.#faults, ...repeats.faults].map((fault) => `${this.#options.name}: ${fault}`),
      text: textIn(last.stdout),
      kills: this.#lives.filter(({ killedMs }) => killedMs < Infinity).length,
      statuses: this.#statuses,
      calls: this.#lives.reduce((sum, { calls }) => sum + calls.length, 0),
    };
  }

  async #killOne(): Promise<void> {
    const life = await this.#live((kill) => this.#arm(kill));
    if (life.killedMs === undefined) return;
    const { status = "not begun" } = this.#lives.at(-1)!.store;
    this.#statuses.push(status);
    if (status === "running") this.#faults.push("it is still running after its process was killed");
    if (this.#options.way === "cli" && status !== "not begun") {
      const listed = await this.#listed();
      if (listed !== status) this.#faults.push(`sifaka runs says ${listed} after the kill, not ${status}`);
    }
  }

  /** Chooses the moment: while the process starts, after a call came, or after an answer went out. */
  #arm(kill: () => void): void {
    const kind = this.#random();
    if (kind < 0.2) return void setTimeout(kill, this.#random() * 800);
    const whenAnswered = kind < 0.6;
    let left = 1 + Math.floor(this.#random() * CALLS_OF_A_RUN);
    const delayMs = this.#random() * (whenAnswered ? 6 : 25);
    this.#log.listeners.set(this.#options.name, ({ answeredMs }: LoggedCall) => {
      if ((answeredMs !== undefined) !== whenAnswered || --left !== 0) return;
      // A timer waits for a millisecond at least, and the moment right after an answer is the worst.
      if (delayMs < 1) kill();
      else setTimeout(kill, delayMs);
    });
  }

  async #live(onStart?: (kill: () => void) => void): Promise<Life> {
    const { name, way } = this.#options;
    const before = this.#log.of(name).length;
    const args = way === "cli"
      ? [...scriptArguments(CLI), "run", "--run-id", RUN_ID, "--json"]
      : [...scriptArguments(SCRIPT), this.#path, RUN_ID, this.#log.url(name), way];
    const life = await live(args, { cwd: this.#directory, onStart });
    this.#log.listeners.delete(name);
    const calls = this.#log.of(name).slice(before);
    const store = inspectCopy(this.#path, {
      runId: RUN_ID,
      directory: join(this.#directory, `copy ${this.#lives.length}`),
    });
    if (store.integrity !== "ok") this.#faults.push(`the store is not whole: ${store.integrity}`);
    this.#lives.push({ calls, killedMs: life.killedMs ?? Infinity, store });
    return life;
  }

  async #checkEnd(): Promise<void> {
    const integrity = integrityOf(this.#path);
    if (integrity !== "ok") this.#faults.push(`the store is not whole at the end: ${integrity}`);
    using storage = new SqliteStorage(this.#path);
    const statuses = storage.runs.list().map(({ status }) => status).join();
    if (statuses !== "finished") this.#faults.push(`at the end the runs are: ${statuses}`);
    if (this.#options.way !== "cli") return;
    const listed = await this.#listed();
    if (listed !== "finished") this.#faults.push(`at the end sifaka runs says ${listed}`);
  }

  /** How the run stands by `sifaka runs`. */
  async #listed(): Promise<string> {
    const { stdout } = await live([...scriptArguments(CLI), "runs", "--json"], { cwd: this.#directory });
    return (JSON.parse(stdout) as { readonly status: string }[]).map(({ status }) => status).join();
  }
}

function textIn(stdout: string): string | undefined {
  try {
    return (JSON.parse(stdout) as { readonly text: string }).text;
  } catch {
    return undefined;
  }
}
