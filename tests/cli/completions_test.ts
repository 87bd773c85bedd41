import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { callCli } from "../helpers/call_cli.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const suggestions = async (...words: string[]): Promise<string[]> => {
  const { status, stdout, stderr } = await callCli(["complete", "--", ...words]);
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.trimEnd().split("\n").slice(0, -1).map((line) => line.split("\t")[0]!);
};

const lastLine = async (...words: string[]): Promise<string | undefined> =>
  (await callCli(["complete", "--", ...words])).stdout.trimEnd().split("\n").at(-1);

test("complete lets the shell offer files where a file is wanted, and nowhere else", async () => {
  const [files, none] = [":0", ":4"];
  assert.equal(await lastLine("run", "no"), files);
  assert.equal(await lastLine("batch", "in.csv", "-o", ""), files);
  assert.equal(await lastLine("run", "--set", ""), none);
  assert.equal(await lastLine("show", ""), none);
  assert.equal(await lastLine("run", "--mo"), none);
});

test("complete names the commands, options and choices that can follow", async () => {
  assert.deepEqual(await suggestions("exp"), ["export"]);
  assert.deepEqual(await suggestions("run", "--mo"), ["--model"]);
  assert.deepEqual(await suggestions("export", "--format", ""), ["jsonl", "markdown"]);
  assert.deepEqual(await suggestions("completions", ""), ["bash", "zsh", "fish"]);
});

test("complete names the commands that help explains", async () => {
  assert.deepEqual(await suggestions("help", "ex"), ["export"]);
  assert.equal((await suggestions("help", "")).length, 19);
});

test("complete names the runs of the store, and runs nothing of a configuration to find them", () =>
  inTemporaryDirectory(async (cwd) => {
    const ids = async (...words: string[]): Promise<string[]> => {
      const { status, stdout, stderr } = await callCli(["complete", "--", ...words], { cwd });
      assert.deepEqual([status, stderr], [0, ""]);
      return stdout.trimEnd().split("\n").slice(0, -1).map((line) => line.split("\t")[0]!);
    };
    assert.deepEqual(await ids("show", "--db", "runs.db", ""), []);
    assert.equal(existsSync(join(cwd, "runs.db")), false);
    const run = (...more: string[]) => callCli(["run", "-p", "Write.", "-m", "mock", "-q", ...more], { cwd });
    for (const id of ["older", "newer", "a 'name' for a shell"]) await run("--db", "runs.db", "--run-id", id);
    writeFileSync(
      join(cwd, "fails.yaml"),
      "prompt: x\nmodel: { provider: mock, mode: strict, responses: [x] }\nvalidators: [{ length: { minWords: 9 } }]\n",
    );
    const failed = await callCli(["run", "fails.yaml", "--db", "runs.db", "--run-id", "failed"], { cwd });
    assert.equal(failed.status, 3, failed.stderr);
    assert.deepEqual(await ids("show", "--db", "runs.db", ""), ["failed", "newer", "older"]);
    assert.deepEqual(await ids("show", "--db", "runs.db", "ol"), ["older"]);
    assert.deepEqual(await ids("resume", "--db=runs.db", ""), ["failed"]);
    writeFileSync(join(cwd, "sifaka.yaml"), "storage: sqlite:./runs.db\nmodel: mock\n");
    assert.deepEqual(await ids("replay", ""), ["failed", "newer", "older"]);
    writeFileSync(
      join(cwd, "code.mjs"),
      `import { writeFileSync } from "node:fs"; writeFileSync("touched", "");`,
    );
    writeFileSync(join(cwd, "sifaka.yaml"), "storage: sqlite:./runs.db\nvalidators: [module: ./code.mjs]\n");
    assert.deepEqual(await ids("show", ""), ["failed", "newer", "older"]);
    assert.equal(existsSync(join(cwd, "touched")), false);
    writeFileSync(join(cwd, "sifaka.yaml"), "storage: [\n");
    assert.deepEqual(await ids("show", ""), []);
  }));

test("the script for bash is sound and offers in bash what complete names", async () => {
  const { status, stdout } = await callCli(["completions", "bash"]);
  assert.equal(status, 0);
  // Stands in for the line being typed, and for the program on the PATH. The script is read twice, as from a .bashrc.
  const script = `
    COMP_WORDS=(sifaka exp) COMP_CWORD=1
    sifaka() { [ "$*" = "complete -- exp" ] && printf 'export\\tWrite runs\\n:4\\n'; }
    compopt() { :; }
    ${stdout}
    ${stdout}
    __sifaka_complete && echo "\${COMPREPLY[@]}"`;
  const bash = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  assert.deepEqual([bash.status, bash.stdout.trim(), bash.stderr], [0, "export", ""]);
});

test("completions refuses a shell that it does not know", async () => {
  const { status, stderr } = await callCli(["completions", "tcsh"]);
  assert.equal(status, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
