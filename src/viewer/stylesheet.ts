/**
 * How the pages look.
 *
 * @module
 */

/** The stylesheet, which the viewer serves itself. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --card: #ffffff; --line: #dcd8cf; --ink: #22211d; --soft: #5b584f;
  --link: #0b57a4; --focus: #0b57a4;
  --good: #1a6334; --good-back: #e2f3e6; --bad: #9c1c1c; --bad-back: #fbe6e3; --busy: #714b00; --busy-back: #fbf0d2;
  --generation: #3465a4; --validator: #2e7d4f; --critic: #8a5a9e; --retrieval: #77736a; --plain: #3465a4; --fail: #c2504a; --track: #efece5;
  --mark: #ffe58f; --mark-ink: #22211d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #171714; --card: #20201c; --line: #3c3b35; --ink: #ecebe4; --soft: #b5b2a6;
    --link: #8fc1f7; --focus: #8fc1f7;
    --good: #93dba8; --good-back: #17351f; --bad: #ffaca2; --bad-back: #46201c; --busy: #f2cd7c; --busy-back: #40320d;
    --generation: #6ea3e0; --validator: #5cb67f; --critic: #c192d6; --retrieval: #99958a; --plain: #6ea3e0; --fail: #ee7f75; --track: #2c2b26;
    --mark: #66550f; --mark-ink: #ffffff;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0.5rem 0 1.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 0 0 0.75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0.4rem 0; }
code, kbd, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 0.3em; background: var(--card); }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.skip:focus { top: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; padding: 0.8rem 1.25rem;
  border-bottom: 1px solid var(--line); background: var(--card); }
.top nav { display: flex; gap: 1.25rem; }
.top nav a { text-decoration: none; padding: 0.2rem 0; border-bottom: 2px solid transparent; }
.top nav a[aria-current] { color: var(--ink); border-bottom-color: currentColor; }
.brand { font-weight: 700; font-size: 1.1rem; color: var(--ink); text-decoration: none; }
.store { margin: 0 0 0 auto; color: var(--soft); font-size: 0.875rem; overflow-wrap: anywhere; }
.hint, .facts, .faint, .count, .lead { color: var(--soft); }
.hint { font-size: 0.875rem; }
.search { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-bottom: 1.25rem; }
.search .field { margin: 0; display: flex; flex-direction: column; gap: 0.2rem; }
.search .wide { flex: 1 1 15rem; }
.search input[list] { width: 11rem; }
.search input[type="date"] { width: 10rem; }
.search select { height: 2.5rem; }
.search .hint { flex-basis: 100%; margin: 0; }
label { font-size: 0.875rem; color: var(--soft); }
input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--soft);
  border-radius: 6px; padding: 0.4rem 0.6rem; min-height: 2.5rem; }
button { cursor: pointer; }
.runs { list-style: none; padding: 0; margin: 0; display: grid; gap: 0.75rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1.1rem; }
.card:focus-within { border-color: var(--focus); }
.card h3 { margin: 0 0 0.25rem; overflow-wrap: anywhere; }
.card h3 a { text-decoration: none; }
.card h3 a:hover { text-decoration: underline; }
.facts { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; font-size: 0.875rem; align-items: baseline; }
.excerpt { overflow-wrap: anywhere; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: 3px; padding: 0 0.1em; }
.badge { display: inline-block; font-size: 0.8125rem; font-weight: 600; line-height: 1.4; border-radius: 99px;
  padding: 0.05rem 0.6rem; white-space: nowrap; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.busy { color: var(--busy); background: var(--busy-back); }
.pages, .jump { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; margin: 1.25rem 0; }
.overview { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem 1.5rem; margin: 0 0 2rem;
  padding: 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.overview dt { font-size: 0.8125rem; color: var(--soft); }
.overview dd { margin: 0; overflow-wrap: anywhere; }
.failure { color: var(--bad); background: var(--bad-back); border-radius: 8px; padding: 0.75rem 1rem; overflow-wrap: anywhere; }
.iteration { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.text { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.75rem 1.1rem 1rem; }
.text figcaption { font-size: 0.8125rem; color: var(--soft); margin-bottom: 0.4rem; }
.prose { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; margin: 0; }
pre.prose { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; }
ins, del { text-decoration-thickness: 2px; text-underline-offset: 0.2em; border-radius: 3px; }
ins { background: var(--good-back); color: var(--good); text-decoration: underline; }
del { background: var(--bad-back); color: var(--bad); text-decoration: line-through; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 2rem; }
.verdicts { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.verdicts > li { border-left: 3px solid var(--line); padding-left: 0.9rem; overflow-wrap: anywhere; }
.verdicts ul { margin: 0.2rem 0; padding-left: 1.2rem; }
.remarks { font-size: 0.875rem; color: var(--soft); }
details { margin: 0.75rem 0; }
summary { cursor: pointer; color: var(--link); padding: 0.15rem 0; }
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
svg .part.good { fill: var(--validator); } svg .part.bad { fill: var(--fail); }
svg .part.busy { fill: var(--retrieval); } svg .part.plain { fill: var(--plain); }
svg .bar.generation { fill: var(--generation); } svg .bar.validator { fill: var(--validator); }
svg .bar.critic { fill: var(--critic); } svg .bar.retrieval { fill: var(--retrieval); }
svg .bar.failed { fill: var(--fail); }
svg .cross { fill: var(--bad); font-weight: 700; }
.legend { display: inline-flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-left: 0.5rem; }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 3px; }
.swatch.generation { background: var(--generation); } .swatch.validator { background: var(--validator); }
.swatch.critic { background: var(--critic); } .swatch.failed { background: var(--fail); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 1.25rem; }
.chart { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem; min-width: 0; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { text-align: left; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
