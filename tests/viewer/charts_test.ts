/** The figures of a store, and the axes and stretches of time that show them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunFacts, RunStatus } from "../../src/storage/mod.ts";
import { chartsPage } from "../../src/viewer/charts_page.ts";
import { count, duration, percent, price, tokens } from "../../src/viewer/format.ts";
import { periodsOf } from "../../src/viewer/periods.ts";
import { roundMarks } from "../../src/viewer/scale.ts";
import { StatisticsSum } from "../../src/viewer/statistics.ts";

const run = (day: string, facts: RunFacts, status: RunStatus = "finished") => ({
  runId: "r",
  status,
  startedAt: `${day}T12:00:00.000Z`,
  updatedAt: `${day}T12:00:01.000Z`,
  effects: 0,
  facts,
});

test("runs add up to the figures of a store, and an unknown price stays unknown", () => {
  const sum = new StatisticsSum();
  const usage = { modelCalls: 1, promptTokens: 10, completionTokens: 5, costUsd: 0.5 };
  sum.add(
    run("2026-01-02", {
      model: "a",
      valid: true,
      iterations: 2,
      usage,
      verdicts: { length: { passed: 1, failed: 1 } },
    }),
  );
  sum.add(
    run("2026-01-01", {
      model: "b",
      valid: false,
      iterations: 4,
      usage: { modelCalls: 4 },
      verdicts: { tone: { passed: 0, failed: 4 } },
    }),
  );
  sum.add(
    run("2026-01-02", {
      model: "a",
      valid: true,
      iterations: 1,
      usage,
      verdicts: { length: { passed: 1, failed: 0 } },
    }),
  );
  sum.add(run("2026-01-02", { model: "a" }, "failed"));
  assert.deepEqual(sum.figures(), {
    runs: 4,
    days: [
      { day: "2026-01-01", valid: 0, invalid: 1, unfinished: 0 },
      { day: "2026-01-02", valid: 2, invalid: 0, unfinished: 1 },
    ],
    validators: [{ name: "tone", passed: 0, failed: 4 }, { name: "length", passed: 2, failed: 1 }],
    iterations: [{ iterations: 1, runs: 1 }, { iterations: 2, runs: 1 }],
    models: [
      { model: "a", runs: 3, costUsd: 1, unpriced: 1, tokens: 30 },
      { model: "b", runs: 1, costUsd: 0, unpriced: 1, tokens: 0 },
    ],
  });
});

test("every chart says in its table what it draws", async () => {
  const sum = new StatisticsSum();
  const usage = { modelCalls: 1, costUsd: 0.25 };
  sum.add(
    run("2026-01-02", {
      model: "a",
      valid: true,
      iterations: 3,
      usage,
      verdicts: { length: { passed: 1, failed: 2 } },
    }),
  );
  sum.add(run("2026-01-02", { model: "b", valid: false, iterations: 1 }));
  const page = String(await chartsPage(sum.figures()));
  const rows = [...page.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)]
    .map(([, row]) => row!.split(/<[^>]+>/).filter((cell) => cell !== ""));
  assert.deepEqual(rows, [
    ["2026-01-02", "1", "1", "0", "50 %"],
    ["length", "2", "1", "67 %"],
    ["3", "1", "100 %"],
    ["a", "1", "$0.25", "0"],
    ["b", "1", "unknown", "0"],
  ]);
});

test("a store without runs has charts that say so", async () => {
  assert.match(String(await chartsPage(new StatisticsSum().figures())), /There are no runs so far\./);
});

test("days are put together where a chart has no room for them, and empty ones are shown", () => {
  const outcome = { valid: 1, invalid: 2, unfinished: 3 };
  const nothing = { valid: 0, invalid: 0, unfinished: 0 };
  assert.deepEqual(periodsOf([]), { unit: "day", periods: [] });
  assert.deepEqual(periodsOf([{ day: "2026-02-27", ...outcome }, { day: "2026-03-01", ...outcome }]), {
    unit: "day",
    periods: [
      { name: "2026-02-27", ...outcome },
      { name: "2026-02-28", ...nothing },
      { name: "2026-03-01", ...outcome },
    ],
  });
  const weeks = periodsOf([{ day: "2026-01-05", ...outcome }, { day: "2026-01-11", ...outcome }, {
    day: "2026-02-16",
    ...outcome,
  }]);
  assert.equal(weeks.unit, "week");
  assert.deepEqual(weeks.periods[0], { name: "2026-01-05", valid: 2, invalid: 4, unfinished: 6 });
  assert.equal(weeks.periods.length, 7);
  const months = periodsOf([{ day: "2024-12-31", ...outcome }, { day: "2026-01-01", ...outcome }]);
  assert.equal(months.unit, "month");
  assert.deepEqual(months.periods.map(({ name }) => name).slice(0, 3), ["2024-12", "2025-01", "2025-02"]);
  assert.equal(months.periods.length, 14);
});

test("the marks of an axis are round, begin at 0 and stay on the axis", () => {
  assert.deepEqual(roundMarks(10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(roundMarks(0.3, 3), [0, 0.1, 0.2, 0.1 * 3]);
  assert.deepEqual(roundMarks(2, 4, 1), [0, 1, 2]);
  assert.deepEqual(roundMarks(0, 4), [0]);
});

test("figures are worded as a person reads them", () => {
  assert.equal(count(1_234_567), "1,234,567");
  assert.deepEqual([undefined, 0, 0.00123, 0.05, 12.345].map(price), [
    "unknown",
    "$0.00",
    "$0.0012",
    "$0.05",
    "$12.35",
  ]);
  assert.deepEqual([12, 1_500, 61_000, 7_260_000].map(duration), [
    "12 ms",
    "1.5 s",
    "1 min 1 s",
    "2 h 1 min",
  ]);
  assert.deepEqual([percent(1, 3), percent(0, 0)], ["33 %", "0 %"]);
  assert.equal(tokens({ modelCalls: 1 }), "unknown");
  assert.equal(
    tokens({ modelCalls: 2, promptTokens: 1_000, completionTokens: 1, callsWithoutUsage: 1 }),
    "1,001+",
  );
});
