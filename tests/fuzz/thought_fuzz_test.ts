/** Whatever stands in a record, it is read as a thought or refused with a StorageError; and what was written is read again. */
import assert from "node:assert/strict";
import { StorageError } from "../../src/errors.ts";
import { Thought } from "../../src/thought/thought.ts";
import { fuzz } from "./harness.ts";
import { record, thought } from "./thoughts.ts";

fuzz("a thought that was written is read again as it was", {
  file: import.meta.url,
  inputs: thought,
  runs: 1_500,
  kinds: ["first", "later"],
  check: (made) => {
    const written = JSON.stringify(made);
    const parsed = JSON.parse(written);
    // After thousands of odd keys, V8 14 now and then gives back another key than it was given: nothing of ours was asked yet.
    if (JSON.stringify(parsed) !== written) return "misread by the runtime";
    const read = Thought.fromJSON(parsed);
    assert.equal(JSON.stringify(read), written);
    assert.deepEqual(read, made);
    assert.equal(read.valid, made.valid);
    assert.deepEqual(read.usage, made.usage);
    return made.history.length === 0 ? "first" : "later";
  },
});

fuzz("a record is read, or refused with a StorageError", {
  file: import.meta.url,
  inputs: record,
  runs: 2_500,
  kinds: ["read", "refused"],
  check: (value) => {
    let read: Thought;
    try {
      read = Thought.fromJSON(value);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      assert.match(error.code, /^(invalid_record|newer_version)$/);
      assert.ok(error.message.length < 2_000, `the message has ${error.message.length} characters`);
      return "refused";
    }
    const written = JSON.stringify(read);
    const parsed = JSON.parse(written);
    if (JSON.stringify(parsed) !== written) return "misread by the runtime";
    assert.equal(JSON.stringify(Thought.fromJSON(parsed)), written);
    return "read";
  },
});
