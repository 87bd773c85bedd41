import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { StorageError } from "../../src/errors.ts";
import { AppendFile } from "../../src/runtime/append_file.ts";
import { readChunks } from "../../src/runtime/byte_chunks.ts";
import { takeLock } from "../../src/runtime/file_lock.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

test("an append file keeps the beginning it is told to, and what is added", () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, "a.txt");
    writeFileSync(path, "whole\nto");
    const file = new AppendFile(path, { subject: "the file", keepBytes: 6 });
    file.append("ä\n");
    assert.equal(readFileSync(path, "utf8"), "whole\nä\n");
    file.append("b\n");
    await file.close();
    assert.equal(readFileSync(path, "utf8"), "whole\nä\nb\n");
  }));

test("an append file that cannot be made says why", () =>
  inTemporaryDirectory((directory) => {
    assert.throws(
      () => new AppendFile(join(directory, "no", "a.txt"), { subject: "the results", keepBytes: 0 }),
      (error) =>
        error instanceof StorageError && error.code === "cannot_write" &&
        /Cannot write the results/.test(error.message),
    );
  }));

test("a file is read in pieces that make it up", () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, "large.txt");
    const text = "0123456789".repeat(100_000);
    writeFileSync(path, text);
    const pieces: Uint8Array[] = [];
    for await (const piece of readChunks(path, "the file")) pieces.push(piece);
    assert.ok(pieces.length > 1);
    assert.equal(Buffer.concat(pieces).toString(), text);
    await assert.rejects(
      readChunks(join(directory, "none"), "the inputs").next(),
      /Cannot read the inputs .*no such file/,
    );
  }));

test("a lock is held by one, and leaves nothing when it is given up", () =>
  inTemporaryDirectory((directory) => {
    const path = join(directory, "a.lock");
    const release = takeLock(path);
    assert.ok(release);
    assert.equal(takeLock(path), undefined);
    release();
    const again = takeLock(path);
    assert.ok(again);
    again();
    assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
    assert.throws(() => takeLock(join(directory, "no", "a.lock")), /Cannot make the lock/);
  }));
