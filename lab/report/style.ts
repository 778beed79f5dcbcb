/**
 * How the page looks. The colours are told apart by those who see fewer of them, too, and have a contrast of at least 4.5 to
 * 1 where they are letters and 3 to 1 where they are lines, on either background.
 *
 * @module
 */
import { Html } from "./html.ts";

export const style = new Html(`
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --ink: #1b1f24; --soft: #59626d; --rule: #e3e6ea; --grid: #e9ecef;
  --gokio: #0757c9; --gokio-async: #3d8bef; --go: #00786b; --tokio: #c2410c; --effect: #8a3ffc; --ts-chan: #b3227f; --js: #6f7782;
  --good: #1a7f37; --bad: #c0262d; --unsure: #8a6100; --warn-ground: #fff6dc; --warn-ink: #5c4400; }
@media (prefers-color-scheme: dark) { :root {
  --page: #101317; --card: #171b21; --ink: #e8ebef; --soft: #9aa5b1; --rule: #2a3038; --grid: #262c34;
  --gokio: #63a9ff; --gokio-async: #3b7dd8; --go: #35c7b1; --tokio: #ff8a50; --effect: #b794ff; --ts-chan: #f27cc4; --js: #97a1ad;
  --good: #4ac26b; --bad: #ff7b72; --unsure: #e3b341; --warn-ground: #33290c; --warn-ink: #f5dd98; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 5rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: clamp(1.6rem, 4.2vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 .4rem; text-wrap: balance; }
h3 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; } h4 { font-size: 1rem; margin: 0 0 .5rem; }
h4 small { font-weight: 400; color: var(--soft); }
p { margin: 0 0 1rem; max-width: 68ch; } .lead { color: var(--soft); }
section { margin-top: 3.5rem; padding-top: 2rem; border-top: 1px solid var(--rule); scroll-margin-top: 1rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: 1.4rem 0 0; }
nav a { display: block; padding: .4rem .8rem; border: 1px solid var(--rule); border-radius: 99px; background: var(--card); color: var(--ink);
  text-decoration: none; font-size: .9rem; } nav a:hover { border-color: var(--gokio); color: var(--gokio); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--gokio); outline-offset: 2px; }
.warning { background: var(--warn-ground); color: var(--warn-ink); padding: .6rem .9rem; border-radius: 8px; margin: 0 0 .6rem; font-size: .93rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1rem; margin-bottom: 1rem; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 1.1rem 1.2rem; margin-bottom: 1rem; min-width: 0; }
.grid > .card { margin-bottom: 0; } .what { font-size: .88rem; color: var(--soft); margin-bottom: .8rem; }
.measure { font-size: .82rem; margin-bottom: .5rem; } .measure span, .rest { color: var(--soft); }
.rest { font-size: .82rem; margin: .5rem 0 0; } #numbers .rest { margin: -1.4rem 0 1.8rem; }
.bar { display: grid; grid-template-columns: 8.6rem 1fr 3.6rem; align-items: center; gap: .6rem; min-height: 1.6rem; font-size: .84rem; }
.bar .who { color: var(--soft); line-height: 1.15; } .bar.gokio .who { color: var(--ink); font-weight: 600; }
.bar .value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .bar.gokio .value { font-weight: 600; }
.track { position: relative; height: .95rem; }
.fill { position: absolute; inset: 0 auto 0 0; width: var(--value); min-width: 2px; background: var(--colour); border-radius: 0 3px 3px 0; }
.striped { background: repeating-linear-gradient(135deg, var(--colour) 0 5px, color-mix(in srgb, var(--colour) 68%, var(--card)) 5px 9px); }
.whisker { position: absolute; top: 50%; left: var(--low); width: calc(var(--high) - var(--low)); height: 0; border-top: 1.5px solid var(--ink); }
.whisker::before, .whisker::after { content: ""; position: absolute; top: -5px; height: 8px; border-left: 1.5px solid var(--ink); }
.whisker::before { left: 0; } .whisker::after { right: 0; }
.bad { color: var(--bad); } .busy { color: var(--unsure); font-weight: 600; }
.chart { margin: 0; } .chart svg { display: block; width: 100%; height: auto; } .chart svg.narrow { display: none; }
.chart .rule { stroke: var(--grid); stroke-width: 1; } .chart .line { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.tick, .axis { font: 12px system-ui, sans-serif; fill: var(--soft); } .axis { fill: var(--ink); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; padding: 0; margin: .9rem 0 0; font-size: .84rem; }
.legend li { display: flex; align-items: center; gap: .45rem; } .legend svg { display: inline-block !important; width: 28px !important; flex: none; }
.scroll { overflow-x: auto; margin: 0 0 1.8rem; border: 1px solid var(--rule); border-radius: 10px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .86rem; line-height: 1.3; }
th, td { text-align: left; padding: .5rem .8rem; vertical-align: top; } th { font-weight: 600; }
thead th { font-size: .8rem; color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--rule); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--grid); } tbody th { font-weight: 400; } tr.gokio th { font-weight: 650; }
tbody th, td.n, .verdict { white-space: nowrap; } #targets tbody th { white-space: normal; min-width: 11rem; }
.n { text-align: right; font-variant-numeric: tabular-nums; } small { color: var(--soft); font-size: .82em; }
.remark { color: var(--soft); min-width: 9rem; max-width: 24rem; overflow-wrap: anywhere; } .remark.bad { color: var(--bad); }
.dot { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .5rem; }
.verdict { font-weight: 600; } .yes { color: var(--good); } .no { color: var(--bad); } .unsure { color: var(--unsure); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.5rem; font-size: .9rem; margin: 0; } dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; } li { margin-bottom: .3rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
  padding: .6rem .8rem; font: .8rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; margin: .4rem 0 .8rem; }
@media (max-width: 56rem) { .chart svg.wide { display: none; } .chart svg.narrow { display: block; max-width: 34rem; } }
@media (max-width: 40rem) { .card { padding: .9rem .85rem; }
  .bar { grid-template-columns: 7.2rem 1fr 3.4rem; gap: .5rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .7rem; }
  .legend { display: grid; grid-template-columns: 1fr 1fr; } #targets .scroll { border: 0; background: none; } #targets thead { display: none; }
  #targets table, #targets tbody { display: block; } #targets tr { display: grid; grid-template-columns: 1fr auto; background: var(--card);
    border: 1px solid var(--rule); border-radius: 10px; padding: .6rem .8rem; margin-bottom: .6rem; }
  #targets tr > * { border: 0; padding: 0; grid-column: 1; } #targets tbody th { font-weight: 600; }
  #targets td.n { grid-column: 2; grid-row: 1 / span 3; } #targets td:nth-of-type(2), #targets td:nth-of-type(3) { color: var(--soft); }
  section { margin-top: 2.5rem; } th, td { padding: .45rem .6rem; } }
@media print { body { max-width: none; } .card, table { break-inside: avoid; } nav { display: none; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`);
