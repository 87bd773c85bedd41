import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigurationError } from "../../src/errors.ts";
import { decodeText, exists, liesIn, readTextFile, writeTextFile } from "../../src/runtime/files.ts";

const folder = mkdtempSync(join(tmpdir(), "sifaka-files-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function failure(action: () => unknown): ConfigurationError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

test("readTextFile reads UTF-8 without its byte order mark", () => {
  const path = join(folder, "bom.txt");
  writeFileSync(path, "\ufeffgrüße 🦝\r\n");
  assert.equal(readTextFile(path), "grüße 🦝\r\n");
});

test("readTextFile reads an empty file, and one larger than its buffer", () => {
  const path = join(folder, "size.txt");
  writeFileSync(path, "");
  assert.equal(readTextFile(path), "");
  writeFileSync(path, "é".repeat(200_000));
  assert.equal(readTextFile(path).length, 200_000);
});

test("readTextFile names what is missing or a folder", () => {
  const path = join(folder, "none.txt");
  assert.equal(
    failure(() => readTextFile(path, { subject: "the configuration" })).message,
    `Cannot read the configuration ${path} as there is no such file or folder`,
  );
  assert.match(failure(() => readTextFile(folder)).message, /as it is a folder$/);
});

test("readTextFile refuses a file that is too large before it reads it", () => {
  const path = join(folder, "large.yaml");
  writeFileSync(path, "");
  truncateSync(path, 50 * 1024 * 1024);
  const startedMs = performance.now();
  const error = failure(() => readTextFile(path, { maxBytes: 1024 * 1024 }));
  assert.match(error.message, /as at most 1 MiB are read: it has 50 MiB$/);
  assert.equal(error.code, "too_large");
  assert.ok(performance.now() - startedMs < 10_000);
});

test("readTextFile refuses a device without an end", () => {
  // Windows has no such device, and Deno gives it only to a program that may do everything.
  if (!exists("/dev/zero")) return;
  assert.match(
    failure(() => readTextFile("/dev/zero", { maxBytes: 100_000 })).message,
    /it is larger$|Deno was not given/,
  );
});

test("decodeText refuses binary, UTF-16 and broken UTF-8", () => {
  assert.match(
    failure(() => decodeText(new Uint8Array([65, 0, 66]), "x")).message,
    /^Cannot read x as it is binary, not text$/,
  );
  assert.match(failure(() => decodeText(new Uint8Array([0xff, 0xfe, 65, 0]), "x")).message, /UTF-16/);
  assert.match(failure(() => decodeText(new Uint8Array([0xc3, 0x28]), "x")).message, /not UTF-8 text/);
});

test("writeTextFile replaces a file only when it may", () => {
  const path = join(folder, "written.txt");
  writeTextFile(path, "one", { overwrite: false });
  assert.match(
    failure(() => writeTextFile(path, "two", { overwrite: false })).message,
    /as it exists already$/,
  );
  writeTextFile(path, "two", { overwrite: true });
  assert.equal(readTextFile(path), "two");
});

test("liesIn follows links and is not fooled by names that begin alike", () => {
  const outside = mkdtempSync(join(tmpdir(), "sifaka-files-outside-"));
  try {
    writeFileSync(join(outside, "code.ts"), "");
    symlinkSync(join(outside, "code.ts"), join(folder, "link.ts"));
    writeFileSync(join(folder, "inner.ts"), "");
    assert.equal(liesIn(join(folder, "inner.ts"), folder), true);
    assert.equal(liesIn(join(folder, "link.ts"), folder), false);
    assert.equal(liesIn(`${folder}-else/code.ts`, folder), false);
    assert.equal(liesIn(join(folder, "..", "x.ts"), folder), false);
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
});
