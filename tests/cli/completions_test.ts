import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { runCli } from "../helpers/run_cli.ts";

const suggestions = async (...words: string[]): Promise<string[]> => {
  const { status, stdout, stderr } = await runCli(["complete", "--", ...words]);
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.trimEnd().split("\n").slice(0, -1).map((line) => line.split("\t")[0]!);
};

test("complete names the commands, options and choices that can follow", async () => {
  assert.deepEqual(await suggestions("exp"), ["export"]);
  assert.deepEqual(await suggestions("run", "--mo"), ["--model"]);
  assert.deepEqual(await suggestions("export", "--format", ""), ["jsonl", "markdown"]);
  assert.deepEqual(await suggestions("completions", ""), ["bash", "zsh", "fish"]);
});

test("the script for bash is sound and offers in bash what complete names", async () => {
  const { status, stdout } = await runCli(["completions", "bash"]);
  assert.equal(status, 0);
  // Stands in for the package bash-completion, which reads the line being typed, and for the program on the PATH.
  const script = `
    _get_comp_words_by_ref() { cur=exp prev=sifaka words=(sifaka exp) cword=1; }
    sifaka() { [ "$*" = "complete -- exp" ] && printf 'export\\tWrite runs\\n:4\\n'; }
    compopt() { :; }
    ${stdout}
    __sifaka_complete && echo "\${COMPREPLY[@]}"`;
  const bash = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  assert.deepEqual([bash.status, bash.stdout.trim(), bash.stderr], [0, "export", ""]);
});

test("completions refuses a shell that it does not know", async () => {
  const { status, stderr } = await runCli(["completions", "tcsh"]);
  assert.equal(status, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
