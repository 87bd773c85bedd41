/**
 * The figures of a store at a glance.
 *
 * @module
 */

import { money, plural } from "../text/wording.ts";
import { type Chart, lyingBars, uprightBars } from "./bar_chart.ts";
import { count, percent } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import { periodsOf } from "./periods.ts";
import type { StoreFigures } from "./statistics.ts";

/** Validators and models beyond this many are in the table alone. */
const MOST_BARS = 12;

/**
 * Makes the page of charts.
 *
 * @param figures The figures.
 * @returns The content of the page.
 */
export function chartsPage(figures: StoreFigures): Html {
  const { runs, days } = figures;
  const valid = days.reduce((sum, day) => sum + day.valid, 0);
  return markup`<h1>Charts</h1>
<p class="lead">${
    runs === 0
      ? "There are no runs so far."
      : `${count(runs)} ${runs === 1 ? "run" : "runs"}, of which ${percent(valid, runs)} gave a valid text.`
  }</p>
<div class="charts">${uprightBars(outcomes(figures))}${lyingBars(failures(figures))}${
    uprightBars(iterations(figures))
  }${lyingBars(costs(figures))}</div>`;
}

function outcomes({ days }: StoreFigures): Chart {
  const { unit, periods } = periodsOf(days);
  const rows = periods.map(({ name, valid, invalid, unfinished }) => ({
    name,
    valid,
    invalid,
    unfinished,
    share: percent(valid, valid + invalid + unfinished),
  }));
  return {
    id: "outcomes",
    title: "Validity over time",
    note: `Runs by ${unit} (UTC).`,
    legend: [["good", "valid"], ["bad", "not valid"], ["busy", "unfinished"]],
    figure: count,
    leastStep: 1,
    bars: rows.map(({ name, valid, invalid, unfinished, share }) => ({
      label: unit === "month" ? name : name.slice("2026-".length),
      parts: [{ look: "good", value: valid }, { look: "bad", value: invalid }, {
        look: "busy",
        value: unfinished,
      }],
      told: `${name}: ${share} valid (${valid} valid, ${invalid} not valid, ${unfinished} unfinished)`,
    })),
    table: {
      heads: [
        unit === "day" ? "Day" : unit === "week" ? "Week from" : "Month",
        "Valid",
        "Not valid",
        "Unfinished",
        "Share valid",
      ],
      rows: rows.map((
        row,
      ) => [row.name, count(row.valid), count(row.invalid), count(row.unfinished), row.share]),
    },
  };
}

function failures({ validators }: StoreFigures): Chart {
  return {
    id: "failures",
    title: "Which validator fails most",
    note: "Texts that each validator looked at.",
    legend: [["bad", "did not pass"], ["rest", "passed"]],
    figure: count,
    bars: validators.slice(0, MOST_BARS).map(({ name, passed, failed }) => ({
      label: name,
      parts: [{ look: "bad", value: failed }, { look: "rest", value: passed }],
      told: `${count(failed)} of ${count(passed + failed)} (${percent(failed, passed + failed)})`,
    })),
    table: {
      heads: ["Validator", "Did not pass", "Passed", "Share that did not"],
      rows: validators.map(({ name, passed, failed }) => [
        name,
        count(failed),
        count(passed),
        percent(failed, passed + failed),
      ]),
    },
  };
}

function iterations(figures: StoreFigures): Chart {
  const total = figures.iterations.reduce((sum, { runs }) => sum + runs, 0);
  return {
    id: "iterations",
    title: "Iterations to a valid text",
    note: "How many valid runs took one text, two texts, and so on.",
    figure: count,
    leastStep: 1,
    bars: figures.iterations.map(({ iterations, runs }) => ({
      label: String(iterations),
      parts: [{ look: "plain", value: runs }],
      told: `${plural(iterations, "iteration")}: ${plural(runs, "run")} (${percent(runs, total)})`,
    })),
    table: {
      heads: ["Iterations", "Runs", "Share"],
      rows: figures.iterations.map((
        { iterations, runs },
      ) => [String(iterations), count(runs), percent(runs, total)]),
    },
  };
}

function costs({ models }: StoreFigures): Chart {
  const priceOf = ({ costUsd, runs, unpriced }: StoreFigures["models"][number]): string =>
    unpriced === runs
      ? "unknown"
      : `${money(costUsd)}${unpriced > 0 ? ` and ${plural(unpriced, "run")} of unknown price` : ""}`;
  return {
    id: "costs",
    title: "Cost by model",
    note: "What the runs of each model cost, critics included, as far as the prices are known.",
    figure: money,
    bars: models.slice(0, MOST_BARS).map((figures) => ({
      label: figures.model,
      parts: [{ look: "plain", value: figures.costUsd }],
      told: priceOf(figures),
    })),
    table: {
      heads: ["Model", "Runs", "Cost", "Tokens"],
      rows: models.map((figures) => [
        figures.model,
        count(figures.runs),
        priceOf(figures),
        count(figures.tokens),
      ]),
    },
  };
}
