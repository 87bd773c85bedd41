/**
 * `sifaka batch`: a chain for each line of a file.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { ConfigurationError } from "../errors.ts";
import { packageModule } from "../operation/package_module.ts";
import type { BatchRequest } from "./batch/batch.ts";
import { type CommandContext, type CommandResult, type CommonOptions, type StartCommand } from "./command.ts";
import { DEFAULT_CONFIG } from "./config_file.ts";
import { addCommonOptions, collect, DB_OPTION, JSON_OPTION, wholeNumber } from "./options.ts";

type BatchFlags = CommonOptions & Omit<BatchRequest, "inputs">;

const DEFAULT_CONCURRENCY = 8;
/** No provider answers more at once, and each run takes memory. */
const MOST_CONCURRENCY = 1_000;

const EXAMPLES = `
A line of INPUTS is a JSON object, or a row of a table (.csv, .tsv) whose first row names the columns. Its fields are
variables of its run, over those of the configuration. A line that cannot be run, as a variable has no value, say, is a
failed one in FILE, and the others go on.

A line of FILE is what came of one line: line, input, runId, text, valid, issues, iterations, stopReason, model, usage,
costUsd, warnings, error. It is added when its run ends, so the order is not that of INPUTS; \`line\` tells which it was.

Start the same command again, and it goes on where it stopped: lines that have a result are passed over, and runs that
were interrupted go on without paying again for what they had finished (but with --no-store). Lines may be added to the
end of INPUTS meanwhile. With another configuration, model or other inputs, FILE is refused.

Examples:
  sifaka batch products.csv --config describe.yaml --out descriptions.jsonl
  sifaka batch questions.jsonl --out answers.jsonl --concurrency 20 --set options.maxImprovementIterations=1
  sifaka batch questions.jsonl --out answers.jsonl --retry-failed
  zcat log.jsonl.gz | sifaka batch - --config sort.yaml --out sorted.jsonl

Exit status, of all results in FILE: 0 every text is valid, 1 some is not, 2 usage or configuration, or some line cannot
be run, 3 the model failed for some, 4 the store failed, 130 Ctrl-C.`;

/** Adds `batch` to the program. */
export function defineBatch(program: Command, start: StartCommand): void {
  const command = program.command("batch").argument(
    "INPUTS",
    "lines of JSON, or a table; - for standard input",
  )
    .description("Run a chain for each line of a file, and go on where that was interrupted.")
    .option("-c, --config <CONFIG>", "the configuration", DEFAULT_CONFIG)
    .requiredOption("-o, --out <FILE>", "gets the results, one JSON object a line")
    .option(
      "--concurrency <N>",
      `how many lines are with their models at once, at most ${MOST_CONCURRENCY}`,
      wholeNumber("--concurrency", 1, MOST_CONCURRENCY),
      DEFAULT_CONCURRENCY,
    )
    .option("--retry-failed", "run lines again that failed")
    .option("--limit <N>", "start at most so many lines this time", wholeNumber("--limit"))
    .addOption(
      new Option("--format <FORMAT>", "how INPUTS is written, where its name does not say").choices([
        "jsonl",
        "csv",
        "tsv",
      ]),
    )
    .option("-m, --model <SPEC>", "the model, as provider:name")
    .option("--set <PATH=VALUE>", "put a value over the configuration's; can be given again", collect)
    .option("--no-modules", "forbid the configuration to load code")
    .option(...DB_OPTION)
    .option("--no-store", "keep nothing but the results")
    .option(JSON_OPTION[0], "print the summary as one JSON document")
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((inputs: string, flags: BatchFlags) => start(flags, (context) => batch(context, inputs, flags)));
}

async function batch(context: CommandContext, inputs: string, flags: BatchFlags): Promise<CommandResult> {
  if (flags.out === "-") {
    throw new ConfigurationError("--out must be a file: a batch reads it when it goes on", {
      code: "no_out",
    });
  }
  // By its address, as Deno loads what stands in an import beforehand: no other command waits for it at its start.
  const { runBatch }: typeof import("./batch/batch.ts") = await import(packageModule("cli/batch/batch"));
  return await runBatch(context, { ...flags, inputs });
}
