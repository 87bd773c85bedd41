/** The readers of JSON agree with `JSON.parse` about what is JSON, find what stands in a text, and come back soon. */
import assert from "node:assert/strict";
import { findEmbeddedJson } from "../../src/text/embedded_json.ts";
import { fencedBlocks, findJson } from "../../src/text/json_in_prose.ts";
import { readJsonValue } from "../../src/text/strict_json.ts";
import { readTolerantly } from "../../src/text/tolerant_json.ts";
import { fuzz } from "./harness.ts";
import { jsonAnswer, nearlyJson } from "./json_texts.ts";

const MOST_UNITS = 1_000_000;

fuzz("the strict reader takes what JSON.parse takes", {
  file: import.meta.url,
  inputs: nearlyJson(MOST_UNITS),
  runs: 10_000,
  kinds: ["JSON", "not JSON"],
  check: (text) => {
    const { end, fault, endedEarly } = readJsonValue(text, 0);
    assert.ok(end >= 0 && end <= text.length);
    assert.ok(!endedEarly || fault !== undefined);
    const isWhole = fault === undefined && /^[ \t\r\n]*$/.test(text.slice(end));
    const expected = parses(text);
    if (fault !== undefined) {
      assert.ok(
        fault.offset >= 0 && fault.offset <= text.length && fault.message !== "" && fault.repair !== "",
      );
    }
    if (isWhole !== expected) {
      assert.ok(
        expected && fault?.message.startsWith("it is nested deeper than"),
        `JSON.parse ${expected ? "takes" : "refuses"} it`,
      );
    }
    return expected ? "JSON" : "not JSON";
  },
});

fuzz("the forgiving reader reads JSON as JSON.parse does, and anything else without harm", {
  file: import.meta.url,
  inputs: nearlyJson(MOST_UNITS),
  runs: 10_000,
  kinds: ["JSON", "read", "nothing"],
  check: (text) => {
    const { value, end } = readTolerantly(text, 0);
    assert.ok(end >= 0 && end <= text.length);
    if (!parses(text)) return value === undefined ? "nothing" : "read";
    const parsed: unknown = JSON.parse(text);
    // What stands alone is no answer; and a string may hold quotes that are not escaped, so its end is a guess.
    if (typeof parsed === "object" && parsed !== null && !/\\"\s*[,:}\]]/.test(text)) {
      assert.deepEqual(value, parsed);
      return "JSON";
    }
  },
});

fuzz("JSON in prose is found where there is some", {
  file: import.meta.url,
  inputs: jsonAnswer(MOST_UNITS),
  runs: 5_000,
  kinds: ["found", "nothing"],
  check: (text) => {
    for (const { start, reading } of findEmbeddedJson(text).complete) {
      assert.ok(parses(text.slice(start, reading.end)), "what is called complete is no JSON");
    }
    for (const block of fencedBlocks(text)) assert.ok(text.includes(block));
    const isObject = (value: unknown): boolean =>
      typeof value === "object" && value !== null && !Array.isArray(value);
    const found = findJson(text, isObject);
    assert.ok(found === undefined || isObject(found.value));
    if (parses(text) && isObject(JSON.parse(text))) assert.deepEqual(found?.value, JSON.parse(text));
    return found === undefined ? "nothing" : "found";
  },
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
