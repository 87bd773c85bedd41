/**
 * Writes `docs/cli.md` from the help of the commands: `deno task docs:cli`.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { createProgram } from "../src/cli/program.ts";
import { openTerminal, type OutputStream } from "../src/runtime/terminal.ts";

/** The page. */
export const CLI_PAGE: URL = new URL("../docs/cli.md", import.meta.url);

const INTRODUCTION = `# The command line

<!-- Written by \`deno task docs:cli\` from the program's own help; a test compares the two. -->

The program is \`sifaka\`: \`bun cli.ts\`, \`node cli.ts\`, the binary that \`deno task compile:bun\` makes, or \`deno run --allow-read
--allow-write --allow-env cli.ts\`, which needs \`--allow-net=HOST\` as well for a provider and \`--allow-net=127.0.0.1\` for \`view\`. [The tour](tour.md)
shows it at work.

- The result alone goes to stdout: the text, or one JSON document with \`--json\`. Progress, warnings and the summary go to stderr.
- Exit status: 0 the text is valid, 1 it is not, 2 usage or configuration, 3 the model or its provider failed, 4 the store could not be
  used, 130 interrupted.
- An ID may be shortened to any beginning that only one run has; \`last\` is the newest run.
- Runs are kept in \`--db PATH\`, else in \`storage:\` of the configuration, else in \`$SIFAKA_DB\`, else in \`sifaka/sifaka.db\` in the user's data
  directory.
`;

/**
 * Makes the page.
 *
 * @returns Its text, with the last line break.
 */
export function cliPage(): string {
  let help = "";
  const stream: OutputStream = {
    isTerminal: false,
    columns: 100,
    rows: undefined,
    write: (text) => {
      help += text;
      return Promise.resolve();
    },
  };
  const program = createProgram(
    { ...openTerminal(), stdout: stream, stderr: stream },
    () => Promise.resolve(),
  );
  const helpOf = (command: Command): string => {
    help = "";
    command.outputHelp();
    return help.trim();
  };
  const commands = program.createHelp().visibleCommands(program).filter((command) =>
    command.name() !== "help"
  );
  const rows = commands.map((command) =>
    `| [\`${command.name()}\`](#sifaka-${command.name()}) | ${command.description()} |`
  );
  const sections = commands.map((command) =>
    `## sifaka ${command.name()}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`
  );
  return [INTRODUCTION, ["| command | what it does |", "| --- | --- |", ...rows, ""].join("\n"), ...sections]
    .join("\n");
}

if (import.meta.main) {
  const page = cliPage();
  if (readFileSync(CLI_PAGE, "utf8") !== page) writeFileSync(CLI_PAGE, page);
}
