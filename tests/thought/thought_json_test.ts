import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { StorageError } from "../../src/errors.ts";
import { MIGRATIONS, upgradeRecord } from "../../src/thought/codec.ts";
import { Place } from "../../src/thought/place.ts";
import { Thought } from "../../src/thought/thought.ts";
import { SCHEMA_VERSION } from "../../src/thought/thought_data.ts";

const TIMESTAMP = "2026-01-31T12:00:00.000Z";

function failure(read: () => unknown): StorageError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof StorageError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}

const problem = (record: unknown): string => failure(() => Thought.fromJSON(record)).message;

function throughText(thought: Thought): Thought {
  return Thought.fromJSON(JSON.parse(JSON.stringify(thought)));
}

const text = fc.string({ unit: "binary", maxLength: 40 });
const name = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "a")).filter((value) =>
  value.trim() !== ""
);
const texts = fc.array(text, { maxLength: 4 });
const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
const metadata = fc.dictionary(fc.oneof(text, fc.constant("__proto__")), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
});
const error = fc.record({ code: name, message: text });
const usage = fc.record({ modelCalls: fc.nat(), promptTokens: fc.nat(), costUsd: score }, {
  requiredKeys: ["modelCalls"],
});
const documents = fc.array(
  fc.record({ text, id: text, score, source: text, metadata }, { requiredKeys: ["text"] }),
  {
    maxLength: 3,
  },
);
const result = fc.oneof(
  fc.record({ passed: fc.constant(true), message: text, score, suggestions: texts, metadata }),
  fc.record({ passed: fc.constant(false), issues: texts, metadata }),
  fc.record({ passed: fc.constant(false), error, durationMs: fc.nat() }),
);
const item = fc.oneof(
  text,
  fc.record({ text, severity: fc.constantFrom("low", "high"), quote: text }, { requiredKeys: ["text"] }),
);
const feedback = fc.record({
  critic: name,
  summary: text,
  needsImprovement: fc.option(fc.boolean(), { nil: undefined }),
  score,
  issues: fc.array(item, { maxLength: 3 }),
  suggestions: fc.array(item, { maxLength: 3 }),
  raw: text,
  parse: fc.constantFrom("structured", "sections", "none"),
  usage,
  metadata,
  forGenerator: text,
  error: fc.option(error, { nil: undefined }),
}, { requiredKeys: ["critic"] });
const generation = fc.record(
  { model: name, finishReason: fc.constantFrom("stop", "length"), usage, durationMs: fc.nat() },
  { requiredKeys: ["model", "finishReason"] },
);
const init = fc.record({
  prompt: name,
  chainId: name,
  systemPrompt: text,
  text,
  modelPrompt: text,
  generation,
  preGenerationContext: documents,
  postGenerationContext: documents,
  validationResults: fc.dictionary(name, result, { maxKeys: 4 }),
  criticFeedback: fc.array(feedback, { maxLength: 3 }),
  metadata,
}, { requiredKeys: ["prompt"] });

test("any thought reads back as it was, with its history", () => {
  fc.assert(
    fc.property(init, init, fc.boolean(), (first, second, keepPreContext) => {
      // The types of the arbitraries are wider than those of the fields; what does not fit would throw here.
      const parent = new Thought(first as unknown as { prompt: string }).withText("draft");
      const child = new Thought({
        ...parent.nextIteration({ keepPreContext }),
        ...(second as unknown as { prompt: string }),
      });
      for (const thought of [parent, child]) {
        assert.deepEqual(throughText(thought), thought);
        assert.deepEqual(Thought.fromJSON(thought.toJSON()), thought);
        assert.deepEqual(Thought.fromJSON(structuredClone(thought.toJSON())), thought);
      }
    }),
    { numRuns: 60 },
  );
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("a text of 100,000 characters reads back as it was", () => {
  const long = "é😀 ".repeat(25_000);
  assert.equal(throughText(new Thought({ prompt: "p", text: long })).text, long);
});

test("toJSON writes the version, and the history complete", () => {
  const thought = new Thought({ prompt: "p", text: "t", id: "a" }).nextIteration({ id: "b" });
  const json = JSON.parse(JSON.stringify(thought));
  assert.equal(json.schemaVersion, 1);
  assert.equal(json.history.length, 1);
  assert.equal(json.history[0].text, "t");
  assert.equal(json.history[0].schemaVersion, 1);
  assert.equal(json.revision.text, "t");
  assert.ok(!("text" in json));
});

test("keys that could change a prototype are data", () => {
  const record = JSON.parse(`{
    "__proto__": { "polluted": 1 }, "constructor": { "polluted": 2 }, "schemaVersion": 1, "id": "a", "prompt": "p",
    "timestamp": "${TIMESTAMP}", "metadata": { "__proto__": { "polluted": 3 }, "constructor": 4 },
    "validationResults": { "__proto__": { "validator": "__proto__", "passed": true } }
  }`);
  const thought = Thought.fromJSON(record);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal((thought.metadata as { polluted?: unknown }).polluted, undefined);
  assert.equal(Object.getPrototypeOf(thought.metadata), Object.prototype);
  assert.deepEqual(Object.keys(thought.metadata), ["__proto__", "constructor", "$extra"]);
  assert.deepEqual(Object.keys(thought.metadata.$extra as object), ["__proto__", "constructor"]);
  assert.deepEqual(Object.keys(thought.validationResults), ["__proto__"]);
  assert.deepEqual(throughText(thought), thought);
});

const RECORD = { schemaVersion: 1, id: "a", timestamp: TIMESTAMP, prompt: "p" };

test("fromJSON keeps fields that it does not know, each with the part it belongs to", () => {
  const thought = Thought.fromJSON({
    ...RECORD,
    mood: "good",
    metadata: { own: 1 },
    generation: { model: "m", finishReason: "stop", seed: 7 },
    revision: { thoughtId: "z", text: "t", tone: "dry" },
    validationResults: { V: { passed: true, grade: "B" } },
    preGenerationContext: [{ text: "d", rank: 1 }],
  });
  assert.deepEqual(thought.metadata, {
    own: 1,
    $extra: { mood: "good", "generation.seed": 7, "revision.tone": "dry" },
  });
  assert.deepEqual(thought.validationResults.V!.metadata, { $extra: { grade: "B" } });
  assert.deepEqual(thought.preGenerationContext[0]!.metadata, { $extra: { rank: 1 } });
  assert.deepEqual(throughText(thought), thought);
});

test("fromJSON names the field that is wrong", () => {
  const cases: [unknown, RegExp][] = [
    [null, /^Cannot read Thought as Thought must be an object: Thought is null$/],
    ["{}", /^Cannot read Thought as Thought must be an object/],
    [[], /must be an object/],
    [
      { ...RECORD, prompt: undefined },
      /^Cannot read Thought as prompt must be a string that is not blank: prompt is missing$/,
    ],
    [{ ...RECORD, prompt: "" }, /prompt must be a string that is not blank/],
    [{ ...RECORD, id: undefined }, /id must be a string that is not blank: id is missing$/],
    [{ ...RECORD, timestamp: undefined }, /timestamp must be an instant/],
    [{ ...RECORD, text: { rich: true } }, /text must be a string: text is \{"rich":true\}$/],
    [
      { ...RECORD, validationResults: { LengthValidator: { passed: "yes" } } },
      /^Cannot read Thought as validationResults\.LengthValidator\.passed must be a boolean: validationResults\.LengthValidator\.passed is "yes"$/,
    ],
    [{ ...RECORD, validationResults: [] }, /validationResults must be an object/],
    [{ ...RECORD, preGenerationContext: ["text"] }, /preGenerationContext\[0\] must be an object/],
    [
      { ...RECORD, criticFeedback: [{ critic: "c" }, { critic: "c", issues: [{}] }] },
      /criticFeedback\[1\]\.issues\[0\]\.text/,
    ],
    [{ ...RECORD, history: [{ ...RECORD, id: "b", prompt: 1 }] }, /history\[0\]\.prompt must be/],
    [{ ...RECORD, history: [{ ...RECORD }] }, /history\[0\]\.id must differ/],
    [
      { ...RECORD, history: [{ ...RECORD, id: "b", history: [{ ...RECORD, id: "c" }] }] },
      /history\[0\]\.history must be empty/,
    ],
    [
      { ...RECORD, revision: { thoughtId: "a", text: "t", failedValidations: [{}] } },
      /revision\.failedValidations\[0\]\.passed/,
    ],
    [{ ...RECORD, metadata: { a: [undefined] } }, /metadata\.a\[0\] must be a JSON value/],
    [{ ...RECORD, later: 1n }, /metadata\.\$extra\.later must be a JSON value/],
  ];
  for (const [record, expected] of cases) assert.match(problem(record), expected);
  const error = failure(() => Thought.fromJSON({ ...RECORD, iteration: -1 }));
  assert.equal(error.code, "invalid_record");
  assert.equal(error.metadata.path, "iteration");
});

test("fromJSON refuses histories within histories, however deep", () => {
  let nested: Record<string, unknown> = RECORD;
  for (let depth = 0; depth < 50_000; depth++) nested = { ...RECORD, id: `${depth}`, history: [nested] };
  assert.match(problem(nested), /^Cannot read Thought as history\[0\]\.history must be empty/);
});

test("fromJSON refuses a version that is newer, missing or none", () => {
  const newer = failure(() => Thought.fromJSON({ ...RECORD, schemaVersion: 99 }));
  assert.match(newer.message, /schemaVersion is 99, the newest known is 1$/);
  assert.equal(newer.code, "newer_version");
  for (const schemaVersion of [undefined, 0, -1, 1.5, "1", null]) {
    assert.match(problem({ ...RECORD, schemaVersion }), /schemaVersion must be an integer of at least 1/);
  }
  const nested = problem({ ...RECORD, history: [{ ...RECORD, id: "b", schemaVersion: "1" }] });
  assert.match(nested, /history\[0\]\.schemaVersion must be an integer/);
});

test("the migrations reach from the first version to the present one", () => {
  assert.equal(MIGRATIONS.length + 1, SCHEMA_VERSION);
});

test("an older record passes through each migration after its version, once and in order", () => {
  const migrations = [
    (record: Readonly<Record<string, unknown>>) => ({ ...record, prompt: `${record.task}!` }),
    (record: Readonly<Record<string, unknown>>) => ({ ...record, prompt: `${record.prompt}?` }),
  ];
  const upgrade = (record: unknown) => upgradeRecord(Place.reading("Thought"), record, migrations);
  const first = Object.freeze({ schemaVersion: 1, task: "p" });
  assert.deepEqual(upgrade(first), { schemaVersion: 3, task: "p", prompt: "p!?" });
  assert.deepEqual(upgrade({ schemaVersion: 2, prompt: "q" }), { schemaVersion: 3, prompt: "q?" });
  const present = { schemaVersion: 3, prompt: "r" };
  assert.equal(upgrade(present), present);
  assert.match(
    failure(() => upgrade({ schemaVersion: 4 })).message,
    /schemaVersion is 4, the newest known is 3$/,
  );
});

test("fromJSON never fails but with a StorageError", () => {
  fc.assert(fc.property(fc.anything({ maxDepth: 3 }), fc.anything({ maxDepth: 2 }), (whole, part) => {
    for (
      const record of [whole, { ...RECORD, history: part }, {
        ...RECORD,
        validationResults: part,
        metadata: whole,
      }]
    ) {
      try {
        Thought.fromJSON(record);
      } catch (error) {
        assert.ok(error instanceof StorageError, String(error));
      }
    }
  }));
});
