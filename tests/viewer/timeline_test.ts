/** When each part of a run worked, and the axis that shows it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, defineCritic, defineModel, defineValidator, sleep, Thought } from "../../mod.ts";
import { MemoryStorage, ThoughtStore } from "../../src/storage/mod.ts";
import { timeAxis } from "../../src/viewer/time_axis.ts";
import { type Span, timelineOf } from "../../src/viewer/timeline.ts";
import { timelineView } from "../../src/viewer/timeline_view.ts";

const named = (spans: readonly Span[], name: string, iteration = 0): Span =>
  spans.find((span) => span.name === name && span.iteration === iteration)!;

test("the journal of a run tells when each part worked, and what worked at the same time", async () => {
  const storage = new MemoryStorage();
  let texts = 0;
  const chain = new Chain({
    model: defineModel("pen", function* () {
      yield* sleep(12);
      return `Text ${texts++}.`;
    }),
    prompt: "Write.",
    maxImprovementIterations: 1,
  }).withStorage(storage)
    .validateWith(defineValidator("slow", function* ({ iteration }) {
      yield* sleep(20);
      return iteration === 1;
    }))
    .validateWith(defineValidator("instant", () => true))
    .validateWith(defineValidator("quick", function* () {
      yield* sleep(5);
      return true;
    }))
    .improveWith(defineCritic("one", function* () {
      yield* sleep(10);
      return { needsImprovement: true };
    }))
    .improveWith(defineCritic("two", function* () {
      yield* sleep(10);
      return { needsImprovement: true };
    }));
  await chain._runAsync({ runId: "run" });
  const thoughts = new ThoughtStore(storage).list("run");
  const { spans, measured } = timelineOf(thoughts, storage.runs.read("run")!.records);
  assert.equal(measured, true);
  assert.deepEqual(
    spans.map(({ kind, name, iteration }) => `${iteration} ${kind} ${name}`),
    [
      ...[
        "generation pen",
        "validator slow",
        "validator instant",
        "validator quick",
        "critic one",
        "critic two",
      ]
        .map((span) => `0 ${span}`),
      ...["generation pen", "validator slow", "validator instant", "validator quick"].map((span) =>
        `1 ${span}`
      ),
    ],
  );
  for (const iteration of [0, 1]) {
    const [pen, slow, instant, quick] = ["pen", "slow", "instant", "quick"].map((name) =>
      named(spans, name, iteration)
    );
    assert.equal(pen!.endMs - pen!.startMs, thoughts[iteration]!.generation!.durationMs);
    assert.ok(pen!.endMs <= slow!.startMs && slow!.startMs <= quick!.endMs && quick!.endMs <= slow!.endMs);
    assert.equal(instant!.startMs, instant!.endMs);
    assert.equal(instant!.startMs, pen!.endMs);
    assert.equal(slow!.isBad, iteration === 0);
  }
  const [one, two] = [named(spans, "one"), named(spans, "two")];
  assert.ok(one.startMs >= named(spans, "slow").endMs);
  assert.ok(Math.max(one.startMs, two.startMs) < Math.min(one.endMs, two.endMs));
  assert.ok(named(spans, "pen", 1).startMs >= Math.max(one.endMs, two.endMs));
});

test("without a journal the durations stand one after the other, those of one step side by side", () => {
  const thought = new Thought({
    prompt: "Write.",
    text: "Text.",
    timestamp: "2026-01-01T00:00:00.000Z",
    generation: { model: "pen", finishReason: "length", durationMs: 100 },
    validationResults: [
      { validator: "slow", passed: false, durationMs: 40 },
      { validator: "quick", passed: true, durationMs: 10 },
    ],
    criticFeedback: [{ critic: "friend", durationMs: 30 }],
  });
  const { spans, measured } = timelineOf([thought], []);
  const startMs = Date.parse(thought.timestamp);
  assert.equal(measured, false);
  assert.deepEqual(
    spans.map(({ name, startMs: from, endMs, isBad }) => [name, from - startMs, endMs - startMs, isBad]),
    [
      ["pen", 0, 100, true],
      ["slow", 100, 140, true],
      ["quick", 100, 110, false],
      ["friend", 140, 170, false],
    ],
  );
});

test("an axis is true to scale, and only long stretches without work are cut out", () => {
  const hourMs = 3_600_000;
  const axis = timeAxis([
    { startMs: 1_000, endMs: 2_000 },
    { startMs: 1_500, endMs: 2_500 },
    { startMs: 4_000, endMs: 5_000 },
    { startMs: 5_000 + hourMs, endMs: 6_000 + hourMs },
  ]);
  assert.deepEqual([1_000, 2_500, 4_000, 5_000].map(axis.at), [0, 1_500, 3_000, 4_000]);
  assert.deepEqual(axis.cuts, [{ atMs: 4_000, durationMs: hourMs }]);
  assert.equal(axis.at(5_000 + hourMs), 4_000);
  assert.equal(axis.lengthMs, 5_000);
  assert.equal(timeAxis([]).lengthMs, 0);
});

test("a drawing gives every stretch the place and the length of its time", async () => {
  const span = (name: string, startMs: number, endMs: number): Span => ({
    kind: "validator",
    name,
    iteration: 0,
    startMs,
    endMs,
    outcome: "passed",
    isBad: false,
  });
  const view = timelineView({
    spans: [span("a", 0, 100), span("b", 0, 50), span("c", 75, 100)],
    measured: true,
  });
  const bars = [...String(await view).matchAll(/<rect class="bar[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g)]
    .map(([, x, width]) => [Number(x), Number(width)] as const);
  const [[left, whole], [, half], [late, quarter]] = bars as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  assert.ok(Math.abs(half - whole / 2) < 0.1);
  assert.ok(Math.abs(quarter - whole / 4) < 0.1);
  assert.ok(Math.abs(late - (left + 0.75 * whole)) < 0.1);
});

test("a drawing shows from when to when each iteration was worked on", async () => {
  const span = (iteration: number, startMs: number, endMs: number): Span => ({
    kind: "critic",
    name: "friend",
    iteration,
    startMs,
    endMs,
    outcome: "",
    isBad: false,
  });
  const spans = [span(0, 0, 20), span(0, 10, 50), span(1, 50, 100), span(2, 100, 100)];
  const drawn = String(await timelineView({ spans, measured: true }));
  const [first, second, last] = [...drawn.matchAll(/<rect class="track" x="([\d.]+)"[^>]* width="([\d.]+)"/g)]
    .map(([, x, width]) => [Number(x), Number(width)] as const);
  assert.ok(Math.abs(first![0] + first![1] - second![0]) < 0.1 && Math.abs(first![1] - second![1]) < 0.1);
  assert.ok(last![1] < 4);
  // The last is too narrow for its number.
  assert.deepEqual(
    [...drawn.matchAll(/text-anchor="middle">(\d+)<\/text>/g)].map(([, name]) => name),
    ["0", "1"],
  );
});

test("a run that has done nothing so far has no timeline", () => {
  assert.equal(timelineView(timelineOf([], [])), "");
});
