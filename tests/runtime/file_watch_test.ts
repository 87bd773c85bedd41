/** What a change of a file is. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileWatch } from "../../src/runtime/file_watch.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const NEVER = new AbortController().signal;

/** Notes some files, does something, and tells by name which have changed. */
function changedBy(names: readonly string[], act: (at: (name: string) => string) => void): Promise<void> {
  return inTemporaryDirectory(async (folder) => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at("a"), "a");
    writeFileSync(at("b"), "b");
    const watch = new FileWatch();
    for (const name of ["a", "b", "none"]) watch.note(at(name));
    assert.equal(watch.size, 3);
    act(at);
    assert.deepEqual(await watch.changed(NEVER), names.map(at));
  });
}

test("a file has changed when it is written, also with as many characters", () =>
  changedBy(["a"], (at) => {
    writeFileSync(at("a"), "c");
    utimesSync(at("a"), 1, 1);
  }));

test("a file has changed when another takes its name, also one that is as long", () =>
  changedBy(["b"], (at) => {
    writeFileSync(at("b~"), "c");
    renameSync(at("b~"), at("b"));
  }));

test("files have changed when they are taken away, made, or become folders", () =>
  changedBy(["a", "b", "none"], (at) => {
    rmSync(at("a"));
    rmSync(at("b"));
    mkdirSync(at("b"));
    writeFileSync(at("none"), "");
  }));

test("a change between the noting of a file and the waiting is seen; a second noting forgets nothing", () =>
  inTemporaryDirectory(async (folder) => {
    const path = join(folder, "a");
    const watch = new FileWatch();
    watch.note(path);
    writeFileSync(path, "a");
    watch.note(path);
    assert.deepEqual([watch.size, await watch.changed(NEVER)], [1, [path]]);
  }));

test("a file that was taken away for a moment has not gone", () =>
  inTemporaryDirectory(async (folder) => {
    const [path, aside, other] = ["a", "aside", "other"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(path, "a");
    const watch = new FileWatch();
    watch.note(path);
    watch.note(other);
    renameSync(path, aside);
    const changed = watch.changed(NEVER);
    // Two looks see that it is away.
    setTimeout(() => {
      renameSync(aside, path);
      writeFileSync(other, "");
    }, 250);
    assert.deepEqual(await changed, [other]);
  }));

test("waiting for a change ends with the reason of its signal", () =>
  inTemporaryDirectory(async (folder) => {
    const watch = new FileWatch();
    watch.note(join(folder, "a"));
    const controller = new AbortController();
    const waiting = watch.changed(controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(watch.changed(controller.signal), reason);
  }));
