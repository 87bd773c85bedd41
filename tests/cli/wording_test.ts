import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, indent, plural, seconds, shortLine, table, typed } from "../../src/cli/wording.ts";

test("plural and seconds read as a person would say them", () => {
  assert.equal(plural(1, "word"), "1 word");
  assert.equal(plural(0, "word"), "0 words");
  assert.equal(seconds(12.4), "12 ms");
  assert.equal(seconds(1_234), "1.2 s");
});

test("countWords counts words and not spaces or punctuation", () => {
  assert.equal(countWords("One, two — three.\n\nfour"), 4);
  assert.equal(countWords(""), 0);
});

test("shortLine makes one line and cuts between characters", () => {
  assert.equal(shortLine("a\n  b\tc"), "a b c");
  assert.equal(shortLine("🦝".repeat(10), 5), "🦝🦝🦝🦝…");
  assert.equal(shortLine("a".repeat(1_000_000), 4), "aaa…");
});

test("typed quotes what a shell would take for more than one word", () => {
  assert.equal(typed("file:../runs/notes.json"), "file:../runs/notes.json");
  assert.equal(typed("my runs.db"), "'my runs.db'");
  assert.equal(typed("Ann's; $(run)"), `'Ann'\\''s; $(run)'`);
});

test("indent leaves empty lines empty", () => {
  assert.equal(indent("a\n\nb", 2), "  a\n\n  b");
});

test("table pads columns by what is seen of them", () => {
  assert.equal(table([["\x1b[1ma\x1b[22m", "b"], ["long", "c"]]), "\x1b[1ma\x1b[22m     b\nlong  c\n");
  assert.equal(table([]), "");
});
