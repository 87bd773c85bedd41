/**
 * How the pages look.
 *
 * @module
 */

/** The stylesheet, which the viewer serves itself. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #f7f7f4; --card: #ffffff; --line: #dfdfd8; --ink: #1f201c; --soft: #5a5b53;
  --link: #0b57a4; --focus: #0b57a4; --hover: #f3f3ee;
  --good: #1a6334; --good-back: #e0f2e5; --bad: #9c1c1c; --bad-back: #fbe6e3; --busy: #714b00; --busy-back: #fbf0d2;
  --generation: #3465a4; --validator: #2e7d4f; --critic: #8a5a9e; --retrieval: #77736a; --plain: #3465a4; --fail: #c2504a; --track: #ecece6;
  --rest: #b9d6c4; --mark: #ffe58f; --mark-ink: #1f201c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #151614; --card: #1d1e1b; --line: #373832; --ink: #eaeae3; --soft: #b2b2a7;
    --link: #8fc1f7; --focus: #8fc1f7; --hover: #242521;
    --good: #93dba8; --good-back: #17351f; --bad: #ffaca2; --bad-back: #46201c; --busy: #f2cd7c; --busy-back: #40320d;
    --generation: #6ea3e0; --validator: #5cb67f; --critic: #c192d6; --retrieval: #99958a; --plain: #6ea3e0; --fail: #ee7f75; --track: #2b2c27;
    --rest: #2f5a40; --mark: #66550f; --mark-ink: #ffffff;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 0.9375rem/1.5 system-ui, sans-serif; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.top, main { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0.25rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 0 0 0.6rem; }
h3 { font-size: 0.9375rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0.3rem 0; }
code, kbd, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 0.3em; background: var(--card); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.skip:focus { top: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { display: flex; flex-wrap: wrap; gap: 0.25rem 1.75rem; align-items: center; margin-bottom: 1.25rem;
  /* As wide as the window, with its content above that of the page. */
  background: var(--card); border-bottom: 1px solid var(--line); box-shadow: 0 0 0 100vmax var(--card); clip-path: inset(0 -100vmax); }
.top nav { display: flex; gap: 1.25rem; }
.top nav a { text-decoration: none; padding: 0.85rem 0 0.7rem; border-bottom: 2px solid transparent; color: var(--soft); }
.top nav a:hover, .top nav a[aria-current] { color: var(--ink); }
.top nav a[aria-current] { border-bottom-color: var(--validator); font-weight: 600; }
.brand { font-weight: 700; font-size: 1.0625rem; color: var(--ink); text-decoration: none; padding-left: 1.75rem;
  background: url("icon.svg") left center / 1.3rem no-repeat; }
.store { margin: 0 0 0 auto; color: var(--soft); font-size: 0.8125rem; overflow-wrap: anywhere; }
.hint, .facts, .faint, .count, .lead, .when { color: var(--soft); }
.hint, .facts, .when, .count { font-size: 0.8125rem; }
.search { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: end; margin-bottom: 1rem; }
.search .field { margin: 0; display: flex; flex-direction: column; gap: 0.2rem; }
.search .wide { flex: 1 1 15rem; }
.search [list] { width: 11rem; }
.search [type="date"] { width: 9.5rem; }
.search .hint { flex-basis: 100%; margin: 0; }
label { font-size: 0.8125rem; color: var(--soft); }
input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid color-mix(in srgb, var(--soft) 75%, var(--card));
  border-radius: 6px; padding: 0 0.6rem; height: 2.375rem; }
button { cursor: pointer; font-weight: 600; padding: 0 0.9rem; }
button:hover { background: var(--hover); }
.runs { list-style: none; padding: 0; margin: 0.5rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: clip; }
.runs:empty { display: none; }
.runs li + li { border-top: 1px solid var(--line); }
.card { display: grid; grid-template-columns: 6.25rem minmax(0, 1fr) auto; gap: 0.1rem 0.75rem; padding: 0.65rem 1rem; align-items: baseline; }
.card:hover { background: var(--hover); }
.card:focus-within { box-shadow: inset 3px 0 0 var(--focus); }
.card h3 { grid-area: 1 / 2; margin: 0; overflow-wrap: anywhere; font-weight: 600; }
.card h3 a { text-decoration: none; }
.card h3 a:hover { text-decoration: underline; }
.card .outcome { grid-area: 1 / 1; margin: 0; }
.card .when { grid-area: 1 / 3; margin: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }
.card .facts, .card .excerpt { grid-column: 2 / 4; margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; align-items: baseline; }
.facts bdi, .overview bdi { overflow-wrap: anywhere; }
.excerpt { overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 3px; padding: 0 0.1em; }
.badge { display: inline-block; font-size: 0.78125rem; font-weight: 600; line-height: 1.4; border-radius: 99px; padding: 0.05rem 0.6rem; white-space: nowrap; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.busy { color: var(--busy); background: var(--busy-back); }
.pages { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; margin: 1.25rem 0; }
.overview { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin: 0 0 1.25rem; padding: 0.8rem 1.1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.overview dt { font-size: 0.78125rem; color: var(--soft); }
.overview dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.jump { display: flex; gap: 0.4rem; margin: 0 0 1.25rem; padding: 0.5rem 0; overflow-x: auto; position: sticky; top: 0; z-index: 1; background: var(--page); }
.jump a { flex: none; text-decoration: none; font-size: 0.8125rem; padding: 0.15rem 0.7rem; border: 1px solid var(--line); border-radius: 99px; background: var(--card); }
.jump a:hover { background: var(--hover); }
.jump a:focus-visible { outline-offset: -2px; border-radius: 99px; }
.jump small { color: var(--soft); font-size: 1em; }
.failure { color: var(--bad); background: var(--bad-back); border-radius: 8px; padding: 0.75rem 1rem; overflow-wrap: anywhere; }
.trouble { position: fixed; inset: auto 0 0; margin: 0; padding: 0.75rem 1.25rem; text-align: center; color: var(--bad); background: var(--bad-back);
  border-top: 1px solid currentColor; z-index: 2; }
.now { color: var(--busy); background: var(--busy-back); border-radius: 8px; padding: 0.6rem 1rem; margin: 0 0 1.25rem; }
.iteration { margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; margin-top: 0.5rem; }
.text { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.6rem 1rem 0.9rem; }
.text figcaption { font-size: 0.78125rem; color: var(--soft); margin-bottom: 0.3rem; }
/* Each paragraph has its own direction, and no sign in it can turn what stands around it. */
.prose { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; margin: 0; }
.text .prose { max-width: 80ch; line-height: 1.6; }
pre.prose { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; }
ins, del { text-decoration-thickness: 2px; text-underline-offset: 0.2em; border-radius: 3px; }
ins { background: var(--good-back); color: var(--good); text-decoration: underline; }
del { background: var(--bad-back); color: var(--bad); text-decoration: line-through; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 2rem; }
.verdicts { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.7rem; }
.verdicts > li { border-left: 3px solid var(--line); padding-left: 0.9rem; overflow-wrap: anywhere; }
.verdicts > li:has(> p > .badge.good) { border-left-color: var(--validator); }
.verdicts > li:has(> p > .badge.bad) { border-left-color: var(--fail); }
.verdicts > li:has(> p > .badge.busy) { border-left-color: var(--busy); }
.verdicts p { margin: 0.1rem 0; }
.verdicts ul { margin: 0.1rem 0; padding-left: 1.2rem; }
.verdicts .faint { font-size: 0.8125rem; }
.remarks { font-size: 0.78125rem; color: var(--soft); }
details { margin: 0.6rem 0; }
summary { cursor: pointer; color: var(--link); padding: 0.15rem 0; width: fit-content; }
summary:hover { text-decoration: underline; text-underline-offset: 0.15em; }
.drawing, .scroll { overflow-x: auto; }
.drawing svg { display: block; max-width: none; }
.chart .drawing svg { width: 100%; min-width: 26rem; height: auto; overflow: visible; }
.chart svg text { font-size: 15px; }
.chart svg .axis { font-size: 14px; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .axis { fill: var(--soft); font-size: 12px; }
svg .grid { stroke: var(--line); }
svg .cut { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 4 4; }
svg .track { fill: var(--track); }
svg .part.good { fill: var(--validator); } svg .part.bad { fill: var(--fail); } svg .part.rest { fill: var(--rest); }
svg .part.busy { fill: var(--retrieval); } svg .part.plain { fill: var(--plain); }
svg .bar.generation { fill: var(--generation); } svg .bar.validator { fill: var(--validator); }
svg .bar.critic { fill: var(--critic); } svg .bar.retrieval { fill: var(--retrieval); }
svg .bar.failed { fill: var(--fail); }
svg .cross { fill: var(--bad); font-weight: 700; }
.legend { display: inline-flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-left: 0.5rem; }
.key { white-space: nowrap; margin-left: 0.5rem; }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 3px; }
.swatch.generation { background: var(--generation); } .swatch.validator, .swatch.good { background: var(--validator); }
.swatch.critic { background: var(--critic); } .swatch.failed, .swatch.bad { background: var(--fail); }
.swatch.busy { background: var(--retrieval); } .swatch.rest { background: var(--rest); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 1.25rem; margin-top: 1rem; }
.chart { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; min-width: 0; }
.chart h2 { margin: 0; }
.chart .hint { margin-bottom: 0.75rem; }
table { border-collapse: collapse; font-size: 0.8125rem; }
th, td { text-align: left; padding: 0.3rem 1.25rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); }
tbody th { font-weight: 500; }
.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) {
  .search .field { flex: 1 1 9rem; }
  .search .wide { flex-basis: 100%; }
  .search .field > * { width: 100%; min-width: 0; }
  .card { grid-template-columns: auto minmax(0, 1fr); }
  .card h3 { grid-area: 1 / 1 / 2 / 3; }
  .card .outcome { grid-area: 2 / 1; }
  .card .when { grid-area: 2 / 2; }
  .card .facts, .card .excerpt { grid-column: 1 / 3; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media (forced-colors: active) { svg .part, svg .bar, .swatch { forced-color-adjust: none; } }
`;
