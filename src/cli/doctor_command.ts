/**
 * `sifaka doctor`: what is wrong with the set-up of this machine, and what to do about it.
 *
 * @module
 */

import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { lastingPlace } from "../config/store_location.ts";
import { runSync } from "../drivers/sync.ts";
import { formatError } from "../errors.ts";
import { PROVIDERS } from "../models/providers.ts";
import { remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { readEnvironment } from "../runtime/env.ts";
import { exists, folderOf } from "../runtime/files.ts";
import { runtimeVersion } from "../runtime/terminal.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import { chooseModel, EDITOR, MODEL_ADVICE } from "./choose_model.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { DEFAULT_CONFIG, hasDefaultConfig, readConfig } from "./config_file.ts";
import { addCommonOptions, DB_OPTION, JSON_OPTION } from "./options.ts";
import { printable } from "./paint.ts";
import { chooseStore, openToWrite } from "./store.ts";
import { VERSION } from "./version.ts";
import { table } from "./wording.ts";

interface DoctorFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
}

/** What was found of one thing. */
interface Finding {
  readonly subject: string;
  /** `note` is worth knowing and stops nothing. */
  readonly verdict: "ok" | "note" | "fault";
  readonly detail: string;
  readonly advice?: string;
}

const EXAMPLES = `
It asks no provider anything and never shows a key. It exits with 2 when there is a fault.

Examples:
  sifaka doctor
  sifaka doctor --db runs.db
  sifaka doctor --json`;

/** Adds `doctor` to the program. */
export function defineDoctor(program: Command, start: StartCommand): void {
  const command = program.command("doctor").description("Say what is wrong with this machine's set-up.")
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: DoctorFlags) => start(flags, (context) => doctor(context, flags)));
}

async function doctor(context: CommandContext, { db, json }: DoctorFlags): Promise<CommandResult> {
  const { finding, config } = await configuration(context);
  const isUnread = finding.verdict === "fault";
  const findings: Finding[] = [
    { subject: "sifaka", verdict: "ok", detail: `${VERSION} on ${runtimeVersion()}` },
    worker(),
    finding,
    isUnread && db === undefined
      ? notLookedAt("store", "--db PATH looks at another one.")
      : store(db, config),
    keys(),
    isUnread ? notLookedAt("model") : await model(context, config),
  ];
  const status = findings.some(({ verdict }) => verdict === "fault") ? STATUS.usage : STATUS.ok;
  return { status, output: json ? jsonOutput(findings) : report(findings, context) };
}

/** Whether a synchronous call gets an answer from the I/O worker. */
function worker(): Finding {
  const subject = "worker";
  try {
    runSync(remote({ module: packageModule("runtime/echo_calls"), name: "echo" }, subject), {
      timeoutMs: 10_000,
    });
    return { subject, verdict: "ok", detail: "answers synchronous calls" };
  } catch (error) {
    return fault(subject, error);
  }
}

async function configuration(context: CommandContext): Promise<{ finding: Finding; config?: Config }> {
  const subject = "config";
  if (!hasDefaultConfig()) {
    const detail = `there is no ${DEFAULT_CONFIG} here`;
    return { finding: { subject, verdict: "note", detail, advice: "`sifaka init` writes one." } };
  }
  try {
    const config = await readConfig(context, DEFAULT_CONFIG, {});
    return { finding: { subject, verdict: "ok", detail: `${DEFAULT_CONFIG} is sound` }, config };
  } catch (error) {
    return { finding: fault(subject, error) };
  }
}

function notLookedAt(subject: string, advice?: string): Finding {
  return { subject, verdict: "note", detail: `not looked at, as ${DEFAULT_CONFIG} may name it`, advice };
}

function store(db: string | undefined, config: Config | undefined): Finding {
  const subject = "store";
  try {
    const chosen = chooseStore(db, config);
    const { label, byDefault } = chosen;
    const location = lastingPlace(chosen.location);
    if (
      "path" in location && !exists(location.path) && (byDefault || exists(folderOf(location.path)))
    ) {
      return { subject, verdict: "ok", detail: `${label} will be made by the first run` };
    }
    // Opening checks whose file it is, its version and whether it is whole; a server is reached by the first call.
    const storage = openToWrite(chosen);
    if (location.kind === "redis") storage.size();
    storage.close();
    return { subject, verdict: "ok", detail: `${label} is sound` };
  } catch (error) {
    return fault(subject, error);
  }
}

function keys(): Finding {
  const subject = "keys";
  const variables = [...new Set(Object.values(PROVIDERS).flatMap(({ keyVariables }) => keyVariables))];
  const set = variables.filter((name) => {
    const reading = readEnvironment(name);
    return reading.state === "set" && reading.value.trim() !== "";
  });
  if (set.length > 0) return { subject, verdict: "ok", detail: `set: ${set.join(", ")}` };
  const denied = variables.filter((name) => readEnvironment(name).state === "denied");
  if (denied.length > 0) {
    return {
      subject,
      verdict: "note",
      detail: "Deno may not read the keys of providers",
      advice: `Let it: --allow-env=${denied.join(",")}`,
    };
  }
  return {
    subject,
    verdict: "note",
    detail: "no provider's key is set",
    advice: "`sifaka models` lists their names.",
  };
}

/** The model that the configuration names, or the one that writes where none is named. Nobody is asked anything. */
async function model({ signal }: CommandContext, config: Config | undefined): Promise<Finding> {
  const named = config?.settings.model;
  if (config !== undefined && named !== undefined) {
    try {
      // By its address, as Deno loads what stands in an import beforehand: no other command waits for it at its start.
      const { makeModel }: typeof import("../config/model_settings.ts") = await import(
        packageModule("config/model_settings")
      );
      // The answers that it keeps are not looked at.
      const { name } = makeModel(named, () => new MemoryStorage());
      return { subject: "model", verdict: "ok", detail: `${name} writes, as ${DEFAULT_CONFIG} says` };
    } catch (error) {
      return fault("model", error, (text) => config.redact(text));
    }
  }
  try {
    const { spec, reason } = await chooseModel(signal);
    if (spec === EDITOR) {
      const detail = `none that writes, as ${reason}; the built-in editor improves a text`;
      return { subject: "model", verdict: "note", detail, advice: MODEL_ADVICE };
    }
    return { subject: "model", verdict: "ok", detail: `${spec} writes where none is named, as ${reason}` };
  } catch (error) {
    return fault("model", error);
  }
}

function fault(
  subject: string,
  error: unknown,
  redact: (text: string) => string = (text) => text,
): Finding {
  const [detail, ...advice] = redact(formatError(error)).split("\n");
  return {
    subject,
    verdict: "fault",
    detail: detail!,
    ...(advice.length === 0 ? {} : { advice: advice.map((line) => line.trim()).join(" ") }),
  };
}

function report(findings: readonly Finding[], { paint }: CommandContext): string {
  const marks = { ok: paint.good("ok"), note: "note", fault: paint.bad("fault") };
  return table(findings.flatMap(({ subject, verdict, detail, advice }) => [
    [paint.strong(subject), marks[verdict], printable(detail)],
    ...(advice === undefined ? [] : [["", "", paint.faint(printable(advice))]]),
  ]));
}
