/** Thoughts of every shape, and their records with something wrong in them. */
import fc from "fast-check";
import type { JsonValue } from "../../src/json.ts";
import { CriticFeedback } from "../../src/thought/critic_feedback.ts";
import type { JsonObject } from "../../src/thought/frozen.ts";
import { Thought } from "../../src/thought/thought.ts";
import type { ValidationResultInit } from "../../src/thought/validation_result.ts";
import { piece } from "./arbitraries.ts";

const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
const name = fc.oneof(
  fc.constantFrom("length", "__proto__", "constructor", "a b", "東京"),
  text.map((value) => `n${value}`),
);
const metadata = fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 3,
  noNullPrototype: true,
}) as fc.Arbitrary<JsonObject>;
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
const duration = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
const count = fc.option(fc.nat(), { nil: undefined });

const usage = fc.record(
  {
    modelCalls: fc.nat(9),
    promptTokens: count,
    completionTokens: count,
    costUsd: duration,
    callsWithoutUsage: count,
  },
  { requiredKeys: ["modelCalls"] },
);
const item = fc.oneof(
  text,
  fc.record({ text, severity: fc.constantFrom("low", "medium", "high"), quote: text, location: text }, {
    requiredKeys: ["text"],
  }),
);
const failure = fc.record({ code: name, message: text });
const document = fc.oneof(
  text,
  fc.record({
    text,
    id: text,
    metadata,
    score: fc.double({ noNaN: true, noDefaultInfinity: true }),
    source: text,
  }, {
    requiredKeys: ["text"],
  }),
);
const result: fc.Arbitrary<ValidationResultInit> = fc.oneof(
  fc.record({
    passed: fc.constant(true),
    message: text,
    score: share,
    suggestions: fc.array(text, { maxLength: 2 }),
    metadata,
    durationMs: duration,
  }, {
    requiredKeys: ["passed"],
  }),
  fc.record({
    passed: fc.constant(false),
    message: text,
    issues: fc.array(text, { maxLength: 3 }),
    metadata,
    error: fc.option(failure, { nil: undefined }),
  }, {
    requiredKeys: ["passed"],
  }),
);
const feedback = fc.record({
  critic: name,
  summary: text,
  needsImprovement: fc.constantFrom(true, false, undefined),
  score: share,
  confidence: share,
  issues: fc.array(item, { maxLength: 3 }),
  suggestions: fc.array(item, { maxLength: 2 }),
  raw: text,
  parse: fc.constantFrom("structured", "sections", "none"),
  usage,
  modelCalls: fc.nat(9),
  durationMs: duration,
  metadata,
  forGenerator: text,
  error: failure,
}, { requiredKeys: ["critic"] });
const generation = fc.record(
  {
    model: name,
    finishReason: fc.constantFrom("stop", "length", "filter", "other"),
    usage,
    durationMs: duration,
  },
  { requiredKeys: ["model", "finishReason"] },
);

type Step = (thought: Thought) => Thought;

const step: fc.Arbitrary<Step> = fc.oneof(
  text.map((value): Step => (thought) => thought.withText(value)),
  text.map((value): Step => (thought) => thought.withModelPrompt(value)),
  generation.map((value): Step => (thought) => thought.withGeneration(value as never)),
  fc.array(document, { maxLength: 2 }).map((value): Step => (thought) =>
    thought.addPreGenerationContext(value)
  ),
  fc.array(document, { maxLength: 2 }).map((value): Step => (thought) =>
    thought.addPostGenerationContext(value)
  ),
  fc.tuple(name, result).map(([key, value]): Step => (thought) => thought.addValidationResult(key, value)),
  feedback.map((value): Step => (thought) => thought.addCriticFeedback(new CriticFeedback(value as never))),
  metadata.map((value): Step => (thought) => thought.withMetadata(value)),
  fc.boolean().map((keepPreContext): Step => (thought) =>
    thought.text === undefined ? thought : thought.nextIteration({
      keepPreContext,
      id: `${thought.iteration + 1}`,
      timestamp: "2026-01-31T12:00:00.5Z",
    })
  ),
);

/** Thoughts, made as a chain makes them: step by step. */
export const thought: fc.Arbitrary<Thought> = fc.tuple(
  fc.record({ prompt: name, systemPrompt: text, chainId: name, parentId: name, iteration: fc.nat(99) }, {
    requiredKeys: ["prompt"],
  }),
  fc.array(step, { maxLength: 12 }),
).map(([init, steps]) =>
  steps.reduce(
    (made, next) => next(made),
    new Thought({ id: "first", timestamp: "2026-01-31T12:00:00Z", ...init }),
  )
);

/** Puts a value inside others. */
const NESTINGS: readonly ((value: JsonValue, times: number) => JsonValue)[] = [
  (value, times) => repeat(value, times, (inner) => [inner]),
  (value, times) => repeat(value, times, (inner) => ({ a: inner })),
  (value, times) =>
    repeat(
      value,
      times,
      (inner) => ({
        schemaVersion: 1,
        prompt: "p",
        id: "i",
        timestamp: "2026-01-31T12:00:00Z",
        history: [inner],
      }),
    ),
];

function repeat(value: JsonValue, times: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  let wrapped = value;
  for (let round = 0; round < times; round++) wrapped = wrap(wrapped);
  return wrapped;
}

const junk: fc.Arbitrary<JsonValue> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "null",
      "true",
      "0",
      "-1",
      "1.5",
      "1e300",
      '""',
      '" "',
      '"x"',
      "[]",
      "{}",
      "[null]",
      '{"a":1}',
      '{"text":"t"}',
    )
      // A fresh value each time, as changes are made in place.
      .map((json) => JSON.parse(json) as JsonValue),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue> },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NESTINGS), fc.integer({ min: 1, max: 300 })).map(([nest, times]) =>
      nest("x", times)
    ),
  },
);
const deep = fc.tuple(fc.constantFrom(...NESTINGS), fc.integer({ min: 1_000, max: 20_000 })).map((
  [nest, times],
) => nest("x", times));

/** One change to a record: which of its parts, and what becomes of it. */
const change = fc.record({
  kind: fc.constantFrom("replace", "replace", "remove", "add", "copy"),
  part: fc.nat(),
  key: fc.oneof(
    fc.constantFrom("schemaVersion", "history", "later", "__proto__", "$extra", "metadata", "text"),
    text,
  ),
  value: fc.oneof({ weight: 300, arbitrary: junk }, { weight: 1, arbitrary: deep }),
});

/** Records of thoughts with up to three changes, or something else altogether. */
export const record: fc.Arbitrary<JsonValue> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.tuple(thought, fc.array(change, { maxLength: 3 })).map(([made, changes]) => {
      const value = JSON.parse(JSON.stringify({ top: made })) as { top: JsonValue };
      for (const { kind, part, key, value: put } of changes) changePart(value, kind, part, key, put);
      return value.top ?? null;
    }),
  },
  { weight: 1, arbitrary: junk },
);

type Holder = { [key: string]: JsonValue };

function changePart(root: Holder, kind: string, part: number, key: string, put: JsonValue): void {
  const places: [Holder, string][] = [];
  const pending: Holder[] = [root];
  while (pending.length > 0 && places.length < 10_000) {
    const holder = pending.pop()!;
    for (const field of Object.keys(holder)) {
      places.push([holder, field]);
      const value = holder[field];
      if (typeof value === "object" && value !== null) pending.push(value as Holder);
    }
  }
  const [holder, field] = places[part % places.length]!;
  const inner = holder[field];
  if (kind === "remove" && Array.isArray(holder)) holder.splice(Number(field), 1);
  else if (kind === "remove" && holder !== root) delete holder[field];
  else if (kind === "add" && typeof inner === "object" && inner !== null) {
    Object.defineProperty(inner, Array.isArray(inner) ? String(inner.length) : key, {
      value: put,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (kind === "copy") holder[field] = [inner ?? null, inner ?? null];
  else {Object.defineProperty(holder, field, {
      value: put,
      enumerable: true,
      configurable: true,
      writable: true,
    });}
}
