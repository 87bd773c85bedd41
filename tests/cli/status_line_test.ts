import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "node:test";
import { Log } from "../../src/cli/log.ts";
import { createPaint } from "../../src/cli/paint.ts";
import { StatusLine } from "../../src/cli/status_line.ts";
import type { OutputStream } from "../../src/runtime/terminal.ts";
import { until } from "../helpers/until.ts";

function recorder(): OutputStream & { readonly written: string[] } {
  const written: string[] = [];
  return {
    isTerminal: true,
    columns: 20,
    rows: 24,
    written,
    write: (text) => Promise.resolve(void written.push(text)),
  };
}

test("what is waited for shows after a moment, gives way to a line, and is cleared at the end", async () => {
  const stream = recorder();
  const log = new Log(stream, 0, createPaint(false), new StatusLine(stream));
  log.waiting("the critics look at the text");
  log.notice("at once");
  assert.deepEqual(stream.written, ["at once\n"]);
  await until("a frame", () => stream.written.length > 1);
  assert.equal(stream.written[1], "\r\x1b[J\x1b[?7l⠋ the critics look…\r\x1b[?7h");
  const drawn = stream.written.length;
  log.notice("a line");
  assert.deepEqual(stream.written.slice(drawn), ["\r\x1b[J", "a line\n"]);
  await log.flush();
  const ended = stream.written.length;
  await wait(150);
  assert.equal(stream.written.length, ended);
});

test("a quiet log shows nothing that is waited for, and still tells errors", async () => {
  const stream = recorder();
  const log = new Log(stream, -1, createPaint(false), new StatusLine(stream));
  log.waiting("x");
  await wait(130);
  log.notice("not told");
  log.error("told");
  assert.deepEqual(stream.written, ["told\n"]);
});

test("a log takes out what is to be hidden from every line", () => {
  const stream = recorder();
  const log = new Log(stream, 2, createPaint(false));
  log.hide("test", (text) => text.replaceAll("secret", "***"));
  log.debug("a secret");
  log.error("a secret");
  assert.deepEqual(stream.written, ["a ***\n", "a ***\n"]);
});

test("a block is cut to the columns and rows that there are each time it is drawn, and leaves the cursor at its top", async () => {
  const stream = { ...recorder(), columns: 12, rows: 3 };
  const log = new Log(stream, 0, createPaint(false), new StatusLine(stream));
  log.hide("a test", (text) => text.replaceAll("secret", "***"));
  log.waiting(() => ["one secret", "日本語日本語", "not on the screen"]);
  await until("a frame", () => stream.written.length > 0);
  await log.flush();
  assert.deepEqual(stream.written, ["\r\x1b[J\x1b[?7l⠋ one ***\n  日本語日…\x1b[1A\r\x1b[?7h", "\r\x1b[J"]);
});
