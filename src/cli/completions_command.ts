/**
 * `sifaka completions`: completion of commands and options for a shell.
 *
 * @module
 */

import type { Command as Described, Complete, RootCommand } from "@bomb.sh/tab";
import { Argument, type Command } from "commander";
import { type CommandResult, type CommonOptions, type StartCommand, STATUS } from "./command.ts";
import { addCommonOptions } from "./options.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

const EXAMPLES = `
The script asks the command \`sifaka\` of your PATH what can follow; put it where your shell reads it at its start.

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
    .action((words: string[]) => start({}, () => suggest(program, words)));
}

async function script(program: Command, shell: string): Promise<CommandResult> {
  (await completer(program)).setup(program.name(), program.name(), shell);
  return { status: STATUS.ok };
}

async function suggest(program: Command, words: readonly string[]): Promise<CommandResult> {
  (await completer(program)).parse([...words]);
  return { status: STATUS.ok };
}

/** What knows the commands of the program. Its package is loaded only here: no other command waits for it at its start. */
async function completer(program: Command): Promise<RootCommand> {
  const { RootCommand } = await import("@bomb.sh/tab");
  const root = new RootCommand();
  const help = program.createHelp();
  addOptions(root, program);
  for (const command of help.visibleCommands(program)) {
    const described = root.command(command.name(), command.description());
    addOptions(described, command);
    for (const { name, argChoices, variadic } of help.visibleArguments(command).map(readArgument)) {
      described.argument(name, argChoices && offer(argChoices), variadic);
    }
  }
  return root;
}

function readArgument(
  argument: Argument,
): { name: string; argChoices?: readonly string[]; variadic: boolean } {
  return { name: argument.name(), argChoices: argument.argChoices, variadic: argument.variadic };
}

function addOptions(described: Described, command: Command): void {
  for (
    const { long, short, description, argChoices, required, optional } of command.createHelp().visibleOptions(
      command,
    )
  ) {
    if (long === undefined) continue;
    const name = long.slice(2);
    const letter = short?.slice(1);
    // With a handler it takes a value; without one it is a switch.
    if (required || optional) described.option(name, description, offer(argChoices ?? []), letter);
    else described.option(name, description, letter);
  }
}

function offer(choices: readonly string[]): (complete: Complete) => void {
  return (complete) => choices.forEach((choice) => complete(choice, ""));
}
