/**
 * `sifaka view`: the runs in a web browser.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import { packageModule } from "../operation/package_module.ts";
import { openInBrowser } from "../runtime/web_browser.ts";
import type { Storage } from "../storage/storage.ts";
import { ThoughtStore } from "../storage/thought_store.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { followStore } from "./followed_store.ts";
import { findRecorded, findRun } from "./ids.ts";
import { addCommonOptions, DB_OPTION, wholeNumber } from "./options.ts";
import { chooseUsualStore, type ChosenStore } from "./store.ts";

interface ViewFlags extends CommonOptions {
  readonly db?: string;
  readonly config?: string;
  readonly port?: number;
  readonly open?: boolean;
}

const EXAMPLES = `
The address that is printed has a secret in it: whoever has the address can read the store, from this machine alone.
Nothing is ever written. Ctrl-C ends the viewer.

Examples:
  sifaka view
  sifaka view last --open           the newest run, in the browser
  sifaka view --db runs.db --port 8080`;

/** Adds `view` to the program. */
export function defineView(program: Command, start: StartCommand): void {
  const command = program.command("view").argument("[ID]", "a run: a beginning of its id, or last")
    .description(
      "Show the runs in a web browser: search, texts and what changed, verdicts, timelines, charts.",
    )
    .option("--port <N>", "the port; a free one by default", portNumber)
    .option("--open", "open the web browser")
    .option("--config <FILE>", "the configuration that names the store")
    .option(...DB_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((id: string | undefined, flags: ViewFlags) =>
    start(flags, (context) => view(context, id, flags))
  );
}

const HIGHEST_PORT = 65_535;

function portNumber(value: string): number {
  const port = wholeNumber("--port")(value);
  if (port <= HIGHEST_PORT) return port;
  throw new ConfigurationError(`--port must be at most ${HIGHEST_PORT}: it is ${port}`, {
    code: "invalid_option",
  });
}

async function view(
  context: CommandContext,
  id: string | undefined,
  flags: ViewFlags,
): Promise<CommandResult> {
  const store = await chooseUsualStore(context, flags.db, flags.config);
  const follower = followStore(store);
  try {
    const runId = id === undefined ? undefined : await runOf(follower.current(), id, store);
    // By its address, as Deno loads what stands in an import beforehand: no other command waits for it at its start.
    const { startViewer }: typeof import("../viewer/server.ts") = await import(
      packageModule("viewer/server")
    );
    const viewer = await startViewer({ open: follower.current, label: store.label, port: flags.port });
    try {
      const url = viewer.url(runId);
      await context.terminal.stdout.write(`${url}\n`);
      context.log.notice(`shows ${store.label}; Ctrl-C ends it`);
      if (flags.open && !await openInBrowser(url)) {
        context.log.notice("no web browser could be started: open the address above in one");
      }
      await untilAborted(context.signal);
    } finally {
      await viewer.close();
    }
    return { status: STATUS.ok };
  } finally {
    follower.close();
  }
}

async function runOf(
  storage: Storage,
  id: string,
  { label }: ChosenStore,
): Promise<string> {
  const runs = storage.runs?.list() ?? [];
  if (runs.length > 0) return findRecorded(runs, id, label).runId;
  return (await findRun(new ThoughtStore(storage), id, label)).chainId;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
