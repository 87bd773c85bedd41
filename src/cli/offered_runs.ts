/**
 * The runs that a shell offers where an id is typed.
 *
 * @module
 */

import type { RunStatus, RunSummary } from "../storage/runs.ts";
import { type ChainSummary, ThoughtStore } from "../storage/thought_store.ts";
import type { CommandContext } from "./command.ts";
import { shortId } from "./ids.ts";
import { chooseUsualStore, openToRead } from "./store.ts";
import { minute, plural, shortLine } from "./wording.ts";

/** A run as a shell offers it. */
export interface OfferedRun {
  /** What is typed. */
  readonly id: string;
  /** What is said of it. */
  readonly about: string;
}

/** So many of the newest are offered. */
const MOST_OFFERED = 20;
const ABOUT_COLUMNS = 50;
/** An id that every shell takes as it is. */
const PLAIN_ID = /^[\w.-]+$/;

/** Commands that go on from the record of a run; the others tell of its texts. */
const FROM_RECORDS: ReadonlySet<string> = new Set(["resume", "replay"]);

/**
 * Lists the newest runs of the store that a command would read. A key pressed is no wish to see an error: where the store or
 * the configuration cannot be read, nothing is offered. The code that a configuration names is not loaded.
 *
 * @param context The command's.
 * @param command The command that is typed.
 * @param db Its option --db.
 * @returns The runs, the newest first.
 */
export async function offeredRuns(
  context: CommandContext,
  command: string,
  db: string | undefined,
): Promise<OfferedRun[]> {
  try {
    const storage = openToRead(await chooseUsualStore(context, db));
    try {
      const recorded = storage.runs?.page({ limit: MOST_OFFERED }).runs ?? [];
      const wanted = command === "resume" ? recorded.filter(({ status }) => isOpen(status)) : recorded;
      const offered = recorded.length > 0 || FROM_RECORDS.has(command)
        ? wanted.map((run) => ofRecord(run, command))
        : (await new ThoughtStore(storage)._chainsAsync()).slice(0, MOST_OFFERED).map(ofChain);
      return offered.filter(({ id }) => PLAIN_ID.test(id));
    } finally {
      storage.close();
    }
  } catch {
    return [];
  }
}

function isOpen(status: RunStatus): boolean {
  return status === "interrupted" || status === "failed";
}

function ofRecord(
  { runId, status, startedAt, facts: { chainId, prompt = "" } }: RunSummary,
  command: string,
): OfferedRun {
  const id = FROM_RECORDS.has(command) ? runId : chainId ?? runId;
  return { id: shortId(id), about: shortLine(`${minute(startedAt)} ${status} ${prompt}`, ABOUT_COLUMNS) };
}

function ofChain({ chainId, timestamp, thoughts }: ChainSummary): OfferedRun {
  return { id: shortId(chainId), about: `${minute(timestamp)} ${plural(thoughts, "text")}` };
}
