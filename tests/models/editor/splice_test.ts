import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges, takeOut } from "../../../src/models/editor/splice.ts";

function without(text: string, words: string): string {
  const start = text.indexOf(words);
  return takeOut(text, start, start + words.length);
}

test("words go with the commas and spaces that belong to them", () => {
  assert.equal(without("Obviously, it works.", "Obviously"), "It works.");
  assert.equal(without("Simply run it.", "Simply"), "Run it.");
  assert.equal(without("It, of course, works.", "of course"), "It works.");
  assert.equal(without("It works, obviously.", "obviously"), "It works.");
  assert.equal(without("It simply works.", "simply"), "It works.");
  assert.equal(without("It works. Clearly, so.", "Clearly"), "It works. So.");
  assert.equal(without('"Clearly, so," they said.', "Clearly"), '"So," they said.');
});

test("a replacement takes the capitals of what it replaces", () => {
  const text = "Utilize it, UTILIZE it, utilize it.";
  const changes = [...text.matchAll(/utilize/gi)].map(({ index }) => ({
    start: index,
    end: index + 7,
    by: "use",
  }));
  assert.equal(applyChanges(text, changes), "Use it, USE it, use it.");
});

test("of two changes that overlap the earlier wins", () => {
  const changes = [{ start: 2, end: 5, by: "x" }, { start: 0, end: 3, by: "y" }];
  assert.equal(applyChanges("abcdef", changes), "ydef");
});
