/**
 * `sifaka completions`: completion of commands and options for a shell.
 *
 * @module
 */

import type { Command as Described, Complete, RootCommand } from "@bomb.sh/tab";
import { Argument, type Command } from "commander";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { type OfferedRun, offeredRuns } from "./offered_runs.ts";
import { addCommonOptions } from "./options.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

const EXAMPLES = `
The script asks the command \`sifaka\` of your PATH what can follow, ids of runs included; put it where your shell reads it
at its start.

Examples:
  echo 'source <(sifaka completions bash)' >> ~/.bashrc
  echo 'source <(sifaka completions zsh)' >> ~/.zshrc
  sifaka completions fish > ~/.config/fish/completions/sifaka.fish`;

/** Adds `completions`, and `complete`, which the shells call, to the program. */
export function defineCompletions(program: Command, start: StartCommand): void {
  const command = program.command("completions").description(
    "Print a script that completes commands in a shell.",
  )
    .addArgument(new Argument("SHELL", "the shell").choices(SHELLS))
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((shell: string, flags: CommonOptions) =>
    start(flags, () => script(program, shell))
  );
  program.command("complete", { hidden: true }).argument("[WORDS...]").allowUnknownOption()
    // What goes wrong here is no answer to a key pressed.
    .action((words: string[]) => start({ quiet: true }, (context) => suggest(context, program, words)));
}

async function script(program: Command, shell: string): Promise<CommandResult> {
  const { root } = await completer(program);
  const name = program.name();
  const text = printed(() => root.setup(name, name, shell));
  return { status: STATUS.ok, output: shell === "bash" ? forBash(text, name) : text };
}

/** Without the package bash-completion, too; as often as a person reads their .bashrc again; and with names of files. */
function forBash(text: string, name: string): string {
  return `${BASH_WORDS}
${text.replaceAll(/^readonly /gm, "")}
complete -o default -F __${name}_complete ${name}
`;
}

/** What the script uses of bash-completion, which cuts words in fewer places. */
const BASH_WORDS = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
    }
fi`;

/** The last line of an answer: that the shell must offer no files, and that it may. */
const NO_FILES = /:4\n$/;
const FILES = ":0\n";

async function suggest(
  context: CommandContext,
  program: Command,
  words: readonly string[],
): Promise<CommandResult> {
  const command = program.commands.find((each) => each.name() === words[0]);
  const takesRun = command?.registeredArguments.some((argument) => RUN_VALUES.has(argument.name())) ?? false;
  const runs = takesRun ? await offeredRuns(context, words[0]!, valueOf("--db", words)) : [];
  const { root, wantsFile } = await completer(program, runs);
  // The package takes --db=FILE for an argument.
  const told = words.filter((word, index) => index === words.length - 1 || !/^--[^=]+=/.test(word));
  const answer = printed(() => root.parse(told));
  return { status: STATUS.ok, output: wantsFile() ? answer.replace(NO_FILES, FILES) : answer };
}

/** The value of an option on a line that is not whole yet. */
function valueOf(option: string, words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  return words[at] === option ? words[at + 1] : words[at]?.slice(option.length + 1);
}

/** What the package prints, as it gives nothing. */
function printed(print: () => void): string {
  const { log } = console;
  let text = "";
  console.log = (line: string) => void (text += `${line}\n`);
  try {
    print();
  } finally {
    console.log = log;
  }
  return text;
}

interface Completer {
  readonly root: RootCommand;
  /** Whether the value that was completed last is a file. */
  readonly wantsFile: () => boolean;
}

/** What knows the commands of the program. Its package is loaded only here: no other command waits for it at its start. */
async function completer(program: Command, runs: readonly OfferedRun[] = []): Promise<Completer> {
  const { RootCommand } = await import("@bomb.sh/tab");
  const root = new RootCommand();
  let isFile = false;
  const offer = (value: string, choices: readonly string[] = []) => (complete: Complete): void => {
    isFile = FILE_VALUES.has(value);
    choices.forEach((choice) => complete(choice, ""));
    if (RUN_VALUES.has(value)) runs.forEach(({ id, about }) => complete(id, about));
    if (value === COMMAND_VALUE) {
      commands.forEach((command) => complete(command.name(), command.description()));
    }
  };
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  addOptions(root, program, offer);
  for (const command of commands) {
    const described = root.command(command.name(), command.description());
    addOptions(described, command, offer);
    for (const argument of help.visibleArguments(command)) {
      described.argument(argument.name(), offer(argument.name(), argument.argChoices), argument.variadic);
    }
  }
  return { root, wantsFile: () => isFile };
}

/** What arguments and the values of options are called that are files. */
const FILE_VALUES: ReadonlySet<string> = new Set(["FILE", "CONFIG", "INPUTS", "PATH"]);

/** What arguments are called that are runs. */
const RUN_VALUES: ReadonlySet<string> = new Set(["ID", "IDS"]);
/** What an argument is called that is a command. */
const COMMAND_VALUE = "COMMAND";

type Offer = (value: string, choices?: readonly string[]) => (complete: Complete) => void;

function addOptions(described: Described, command: Command, offer: Offer): void {
  for (
    const { flags, long, short, description, argChoices, required, optional } of command.createHelp()
      .visibleOptions(command)
  ) {
    if (long === undefined) continue;
    const name = long.slice(2);
    const letter = short?.slice(1);
    const [, value = ""] = /[<[](.+)[>\]]$/.exec(flags) ?? [];
    // With a handler it takes a value; without one it is a switch.
    if (required || optional) described.option(name, description, offer(value, argChoices), letter);
    else described.option(name, description, letter);
  }
}
