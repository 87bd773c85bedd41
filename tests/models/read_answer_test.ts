import assert from "node:assert/strict";
import { test } from "node:test";
import { joined, NOTHING_SAID, readChunk, readCompletion } from "../../src/models/read_answer.ts";

test("a completion says its text, its end, its model and what it consumed", () => {
  const answer = {
    model: "served",
    choices: [{ message: { content: "Hello." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  };
  assert.deepEqual(readCompletion(answer), {
    text: "Hello.",
    refusal: "",
    finish: "stop",
    model: "served",
    usage: { promptTokens: 3, completionTokens: 2 },
  });
});

test("a text is read from a list of parts, from a chunk, and from the legacy endpoint", () => {
  const said = (choice: unknown) => readChunk({ choices: [choice] })!.text;
  assert.equal(
    said({ message: { content: [{ type: "text", text: "a" }, "b", 7, null, { text: 8 }] } }),
    "ab",
  );
  assert.equal(said({ delta: { content: "c" } }), "c");
  assert.equal(said({ text: "d" }), "d");
});

test("what is of another type than the protocol says is left out", () => {
  const answer = {
    model: 7,
    choices: [{ delta: { content: 8, refusal: {} }, finish_reason: 0 }],
    usage: { prompt_tokens: "12", completion_tokens: -1 },
  };
  assert.deepEqual(readChunk(answer), NOTHING_SAID);
  // Some servers send an empty reason with every piece: that ends nothing.
  assert.equal(readChunk({ choices: [{ delta: { content: "a" }, finish_reason: "" }] })!.finish, undefined);
});

test("what is no completion is told apart from one that says nothing", () => {
  for (const answer of [null, undefined, 7, "text", [], [{}]]) assert.equal(readChunk(answer), undefined);
  for (const answer of [null, {}, { choices: [] }, { choices: [null] }, { choices: "abc" }]) {
    assert.equal(readCompletion(answer), undefined);
  }
  assert.deepEqual(readChunk({}), NOTHING_SAID);
});

test("chunks are joined: texts are added, and of the rest the last word counts", () => {
  const first = { ...NOTHING_SAID, text: "a", model: "one", finish: "stop" };
  const second = { ...NOTHING_SAID, text: "b", model: "two", usage: { promptTokens: 1 } };
  assert.deepEqual(joined(first, second), {
    text: "ab",
    refusal: "",
    finish: "stop",
    model: "two",
    usage: { promptTokens: 1 },
  });
});
