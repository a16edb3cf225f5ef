"""How a report looks: on screen, on paper, and without colour."""

__all__ = ["STYLE"]

#: Text keeps a contrast of 7 to 1 or more (WCAG 2.2, 1.4.6); fonts are those of the machine.
STYLE = """
:root { color-scheme: light; --ink: #16202b; --quiet: #445261; --line: #c5ced8; --blue: #00507d; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.5;
  font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
nav { border-bottom: 4px solid var(--blue); padding-bottom: 1.5rem; }
h1 { font-size: 2.3rem; line-height: 1.15; margin: 0 0 .25rem; }
h2 { font-size: 1.5rem; margin: 3rem 0 .75rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, ul, ol { max-width: 46rem; }
a { color: var(--blue); }
a:focus-visible, .wide:focus-visible, summary:focus-visible {
  outline: 3px solid #d55e00; outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem; }
.kicker { color: var(--quiet); margin: 0 0 .25rem; font-weight: 600; }
.lead { font-size: 1.1rem; margin: .75rem 0 0; }
.note { color: var(--quiet); }
nav ol { columns: 15rem auto; padding-left: 1.25rem; margin: .5rem 0 0; }
nav li { break-inside: avoid; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
  padding: 0; margin: 1rem 0; max-width: none; }
.facts div { border: 1px solid var(--line); border-left: 5px solid var(--blue);
  padding: .6rem .8rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.6rem; font-weight: 700; line-height: 1.2; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .35rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid var(--line); overflow-wrap: break-word; min-width: 4rem; }
td a { overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 600; min-width: 8rem; }
tbody tr:nth-child(even) { background: #f5f7f9; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.text { font-weight: 400; }
figure { margin: 1.25rem 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
figcaption { color: var(--quiet); font-size: .9rem; max-width: 46rem; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--blue); }
pre { overflow-x: auto; background: #f5f7f9; border: 1px solid var(--line); padding: .75rem;
  font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--quiet); font-size: .9rem; }
@page { margin: 16mm 14mm; }
@media print {
  body { font-size: 9.5pt; line-height: 1.35; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 18pt; } h3 { font-size: 11pt; }
  h2, h3, caption { break-after: avoid; }
  tr, figure, .facts div { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 8.5pt; }
  .wide, figure { overflow: visible; }
  .skip, details { display: none; }
  a { color: inherit; text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
