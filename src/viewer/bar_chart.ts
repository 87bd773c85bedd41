/**
 * Bars: drawn, and as a table for those who read them otherwise.
 *
 * @module
 */

import { shortName } from "./format.ts";
import { type Html, markup } from "./markup.ts";
import { place, roundMarks } from "./scale.ts";

/** A part of a bar. */
export interface BarPart {
  /** Which class it has, and with it its colour. */
  readonly look: "good" | "bad" | "busy" | "plain" | "rest";
  /** How long it is. */
  readonly value: number;
}

/** A bar. */
export interface Bar {
  /** What stands beside or below it. */
  readonly label: string;
  /** What it is made of. */
  readonly parts: readonly BarPart[];
  /** What it says in words. */
  readonly told: string;
}

/** A chart. */
export interface Chart {
  /** Its id in the page. */
  readonly id: string;
  /** Its title. */
  readonly title: string;
  /** One sentence on how to read it. */
  readonly note: string;
  /** What the looks of the parts mean, where there are several. */
  readonly legend?: readonly (readonly [look: BarPart["look"], name: string])[];
  /** The bars. */
  readonly bars: readonly Bar[];
  /** A figure at the axis. */
  readonly figure: (value: number) => string;
  /** The smallest step between two marks of the axis. @default 0 */
  readonly leastStep?: number;
  /** The table: its heads, and a row for each bar. */
  readonly table: { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const WIDTH = 640;
/** Room for the half of the last label. */
const RIGHT = 22;
const MARKS = 4;
const LABEL_CHARACTERS = 40;

/**
 * Draws bars that stand beside each other, as over time.
 *
 * @param chart What to draw.
 * @returns The figure.
 */
export function uprightBars(chart: Chart): Html {
  const { bars, figure } = chart;
  const [left, top, bottom, height] = [48, 12, 28, 240];
  const most = mostOf(bars);
  const marks = roundMarks(most, MARKS, chart.leastStep);
  const y = (value: number): number => place(height - bottom - value * (height - top - bottom) / most);
  const step = (WIDTH - left - RIGHT) / Math.max(bars.length, 1);
  const width = place(Math.min(step * 0.8, 56));
  const everyLabel = Math.ceil(bars.length / 8);
  return figureOf(
    chart,
    markup`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${chart.id} ${chart.id}-note">
${
      marks.map((mark) =>
        markup`<line class="grid" x1="${left}" x2="${WIDTH - RIGHT}" y1="${y(mark)}" y2="${y(mark)}"></line>
<text class="axis" x="${left - 6}" y="${y(mark) + 4}" text-anchor="end">${figure(mark)}</text>`
      )
    }${
      bars.map(({ label, parts, told }, index) => {
        const x = place(left + step * index + (step - width) / 2);
        let below = 0;
        const drawn = parts.filter(({ value }) => value > 0).map(({ look, value }) => {
          const end = y(below + value);
          const rect = markup`<rect class="part ${look}" x="${x}" y="${end}" width="${width}" height="${
            place(y(below) - end)
          }"></rect>`;
          below += value;
          return rect;
        });
        const isNamed = index % everyLabel === 0;
        return markup`<g><title>${told}</title>${drawn}${
          isNamed ? nameBelow(label, x + width / 2, height - 8) : ""
        }</g>
`;
      })
    }</svg>`,
  );
}

function nameBelow(name: string, x: number, y: number): Html {
  return markup`<text class="axis" x="${place(x)}" y="${y}" text-anchor="middle">${name}</text>`;
}

/**
 * Draws bars that lie below each other, as for names.
 *
 * @param chart What to draw.
 * @returns The figure.
 */
export function lyingBars(chart: Chart): Html {
  const { bars } = chart;
  const [row, right] = [44, 8];
  const scale = (WIDTH - right) / mostOf(bars);
  return figureOf(
    chart,
    markup`<svg viewBox="0 0 ${WIDTH} ${
      bars.length * row + 4
    }" role="img" aria-labelledby="${chart.id} ${chart.id}-note">
${
      bars.map(({ label, parts, told }, index) => {
        const y = index * row;
        let before = 0;
        const drawn = parts.filter(({ value }) => value > 0).map(({ look, value }) => {
          const rect = markup`<rect class="part ${look}" x="${place(before * scale)}" y="${y + 20}" width="${
            place(value * scale)
          }" height="14"></rect>`;
          before += value;
          return rect;
        });
        return markup`<g><text class="lane" x="0" y="${y + 14}">${
          shortName(label, LABEL_CHARACTERS)
        }<title>${label}</title></text>
<text class="axis" x="${WIDTH - right}" y="${y + 14}" text-anchor="end">${told}</text>
<rect class="track" x="0" y="${y + 20}" width="${WIDTH - right}" height="14"></rect>${drawn}</g>
`;
      })
    }</svg>`,
  );
}

/** Not 0, so that it can be divided by. */
function mostOf(bars: readonly Bar[]): number {
  return Math.max(...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)), 0) || 1;
}

function figureOf(
  { id, title, note, legend = [], bars, table: { heads, rows } }: Chart,
  drawing: Html,
): Html {
  return markup`<section class="chart" aria-labelledby="${id}">
<h2 id="${id}">${title}</h2><p class="hint" id="${id}-note">${note}${
    legend.map(([look, name]) =>
      markup` <span class="key"><span class="swatch ${look}"></span> ${name}</span>`
    )
  }</p>
${
    bars.length === 0
      ? markup`<p>There is nothing to show so far.</p>`
      : markup`<div class="drawing" role="region" aria-label="Drawing: ${title}" tabindex="0">${drawing}</div>
<details data-keep="${id}"><summary>As a table</summary>
<div class="scroll" role="region" aria-label="Table: ${title}" tabindex="0"><table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table></div></details>`
  }</section>`;
}

function tableRow([name, ...cells]: readonly string[]): Html {
  return markup`<tr><th scope="row">${name}</th>${
    cells.map((cell) => markup`<td class="number">${cell}</td>`)
  }</tr>
`;
}
