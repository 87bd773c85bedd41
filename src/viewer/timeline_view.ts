/**
 * The timeline of a run, drawn to scale, and as a table for those who read it otherwise.
 *
 * @module
 */

import { duration, shortName } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import { place, roundMarks } from "./scale.ts";
import { type TimeAxis, timeAxis } from "./time_axis.ts";
import type { Span, Timeline } from "./timeline.ts";

const WIDTH = 1_112;
const LABEL_WIDTH = 200;
const RIGHT = 28;
/** The marks of the axis stand above the iterations, and these above the parts. */
const [ITERATIONS_TOP, ITERATION, TOP] = [24, 18, 48];
/** An iteration is named where it is so wide. */
const NAMED_WIDTH = 24;
const ROW = 30;
const BAR = 18;
/** What took no time is drawn this wide. */
const LEAST_WIDTH = 3;
const MARKS = 8;
const LABEL_CHARACTERS = 24;

/**
 * Draws a timeline.
 *
 * @param timeline When each part worked.
 * @returns A figure; nothing where no part has worked so far.
 */
export function timelineView({ spans, measured }: Timeline): Html | "" {
  if (spans.length === 0) return "";
  const axis = timeAxis(spans);
  const rows = [...Map.groupBy(spans, ({ kind, name }) => JSON.stringify([kind, name])).values()];
  const height = TOP + rows.length * ROW + 8;
  const scale = (WIDTH - LABEL_WIDTH - RIGHT) / Math.max(axis.lengthMs, 1);
  const x = (ms: number): number => place(LABEL_WIDTH + ms * scale);
  return markup`<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<p class="hint">${
    measured
      ? "Drawn to scale from the journal of the run. Bars above each other worked at the same time."
      : "The store keeps no journal of this run: the durations are put one after the other in the order in which a chain works."
  } ${legend()}</p>
<div class="drawing" role="region" aria-label="Drawing of the timeline" tabindex="0">
<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${
    summary(spans, axis)
  }">
${
    roundMarks(axis.lengthMs, MARKS, 1).map((ms) =>
      markup`<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="${ITERATIONS_TOP - 6}" y2="${height}"></line>
<text class="axis" x="${x(ms)}" y="14" text-anchor="middle">${duration(ms)}</text>`
    )
  }${drawIterations(spans, { y: ITERATIONS_TOP, x, axis })}${
    rows.map((row, index) => drawRow(row, { y: TOP + index * ROW, x, axis }))
  }${
    axis.cuts.map(({ atMs, durationMs }) =>
      markup`
        <line class="cut" x1="${x(atMs)}" x2="${x(atMs)}" y1="${ITERATIONS_TOP - 6}" y2="${height}">
          <title>${duration(durationMs)} without work, not drawn</title>
        </line>
      `
    )
  }</svg></div>
${
    axis.cuts.map(({ durationMs }) =>
      markup`<p class="hint">A dashed line marks ${
        duration(durationMs)
      } without work, which are not drawn.</p>`
    )
  }<details data-keep="timeline-table"><summary>The timeline as a table</summary>${
    table(spans, axis)
  }</details>
</section>`;
}

function legend(): Html {
  const kinds: readonly (readonly [Span["kind"], string])[] = [
    ["generation", "model"],
    ["validator", "validators"],
    ["critic", "critics"],
  ];
  return markup`<span class="legend">${
    kinds.map(([kind, name]) =>
      markup`
        <span><span class="swatch ${kind}"></span> ${name}</span>
      `
    )
  }<span><span class="swatch failed"></span> did not pass ✗</span></span>`;
}

function summary(spans: readonly Span[], { lengthMs }: TimeAxis): string {
  const last = Math.max(...spans.map(({ iteration }) => iteration));
  return `Timeline of ${duration(lengthMs)}, iterations 0 to ${last}; the table below has every figure.`;
}

interface RowPlace {
  readonly y: number;
  readonly x: (ms: number) => number;
  readonly axis: TimeAxis;
}

/** Above the parts, from when to when each iteration was worked on. */
function drawIterations(spans: readonly Span[], { y, x, axis }: RowPlace): Html {
  const drawn = [...Map.groupBy(spans, ({ iteration }) => iteration)].map(([iteration, own]) => {
    const start = x(axis.at(Math.min(...own.map(({ startMs }) => startMs))));
    const width = Math.max(
      LEAST_WIDTH,
      place(x(axis.at(Math.max(...own.map(({ endMs }) => endMs)))) - start),
    );
    return markup`<rect class="track" x="${start}" y="${y}" width="${width}" height="${ITERATION}" rx="3"></rect>${
      width < NAMED_WIDTH
        ? ""
        : markup`<text class="axis" x="${place(start + width / 2)}" y="${
          y + 13
        }" text-anchor="middle">${iteration}</text>`
    }`;
  });
  return markup`<text class="axis" x="0" y="${y + 13}">iteration</text>${drawn}`;
}

function drawRow(row: readonly Span[], { y, x, axis }: RowPlace): Html {
  const { name } = row[0]!;
  const label = shortName(name, LABEL_CHARACTERS);
  return markup`<text class="lane" x="0" y="${y + 15}">${label}<title>${name}</title></text>
${
    row.map((span) => {
      const start = x(axis.at(span.startMs));
      const width = Math.max(LEAST_WIDTH, place(x(axis.at(span.endMs)) - start));
      const look = `bar ${span.kind}${span.isBad ? " failed" : ""}`;
      return markup`<rect class="${look}" x="${start}" y="${y + 2}" width="${width}" height="${BAR}" rx="3">
<title>${told(span)}</title></rect>${
        span.isBad ? markup`<text class="cross" x="${start + width + 3}" y="${y + 16}">✗</text>` : ""
      }
`;
    })
  }`;
}

function told({ name, iteration, outcome, startMs, endMs }: Span): string {
  return `${name}, iteration ${iteration}: ${outcome} after ${duration(endMs - startMs)}`;
}

function table(spans: readonly Span[], axis: TimeAxis): Html {
  return markup`
    <div class="scroll" role="region" aria-label="Table of the timeline" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Iteration</th>
            <th scope="col">Part</th>
            <th scope="col">Began after</th>
            <th scope="col">Took</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>${
    spans.map((span) =>
      markup`
            <tr>
              <td class="number">${span.iteration}</td>
              <th scope="row">${span.name}</th>
              <td class="number">${duration(axis.at(span.startMs))}</td>
              <td class="number">${duration(span.endMs - span.startMs)}</td>
              <td>${span.outcome}</td>
            </tr>
          `
    )
  }</tbody>
      </table>
    </div>
  `;
}
