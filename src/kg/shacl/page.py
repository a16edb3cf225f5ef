"""The report as one page of HTML that needs nothing else: a summary, and findings to filter.

The page holds its findings as JSON and shows a part of them at a time; it asks no other server.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import polars as pl

from kg.shacl.found import Results
from kg.shacl.model import SEVERITIES, ValidationReport, ValidationResult, severity_name
from kg.shacl.naming import Named, Names, named
from kg.shacl.paths import path_text
from kg.shacl.terms import compact, iri_or_text
from kg.shacl.text import counted, in_english, labels_of, shape_name, summary
from kg.texts import harmless

__all__ = ["MOST", "html"]

#: So many findings a page holds; a browser would not open a file with all of a million.
MOST = 50_000

#: Nothing may be loaded, even if a text were taken for more than a text.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0b57d0; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 1.2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; }
p { margin: .3rem 0; }
.bar { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; align-items: end; }
label { display: flex; flex-direction: column; font-size: .8rem; gap: .2rem; }
select, input, button { font: inherit; padding: .3rem .5rem; border: 1px solid var(--line);
  border-radius: .3rem; background: Canvas; color: CanvasText; max-width: 22rem; }
input { min-width: 16rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-size: .8rem; position: sticky; top: 0; background: Canvas; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.s { white-space: nowrap; font-weight: 600; }
.violation, .other { color: #b3261e; } .warning { color: #9a6700; } .info { color: #3b6ea5; }
@media (prefers-color-scheme: dark) {
  :root { --accent: #8ab4f8; }
  .violation, .other { color: #f2857d; } .warning { color: #e0b34d; } .info { color: #8ab4f8; }
}
.soft { opacity: .75; font-size: .85rem; }
summary { cursor: pointer; margin: .5rem 0; }
button.link { border: 0; background: none; color: var(--accent); padding: 0; cursor: pointer;
  text-align: left; }
"""

_SCRIPT = """
const all = JSON.parse(document.getElementById("findings").textContent);
const get = id => document.getElementById(id);
const step = 200;
let shown = step, chosen = all;
function fill(id, column) {
  const counts = new Map();
  for (const row of all) counts.set(row[column], (counts.get(row[column]) || 0) + 1);
  for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    get(id).append(new Option(`${value || "(none)"} · ${count.toLocaleString("en")}`, value));
  }
}
function cell(row, text, kind) {
  const td = row.insertCell();
  td.textContent = text;
  if (kind) td.className = kind;
  return td;
}
function draw() {
  const body = get("rows");
  body.replaceChildren();
  for (const [severity, shape, message, label, focus, path, value, file, line, detail, why]
       of chosen.slice(0, shown)) {
    const row = body.insertRow();
    cell(row, severity, "s " + severity);
    const what = cell(row, shape);
    if (message) { const p = document.createElement("div"); p.className = "soft";
      p.textContent = message; what.append(p); }
    const who = cell(row, label);
    if (label !== focus) { const p = document.createElement("div"); p.className = "soft";
      p.textContent = focus; who.append(p); }
    const more = cell(row, [path, value, detail].filter(Boolean).join(" · "));
    for (const reason of why) { const p = document.createElement("div"); p.className = "soft";
      p.textContent = reason; more.append(p); }
    cell(row, file ? file + (line ? ":" + line : "") : "");
  }
  get("count").textContent =
    `${Math.min(shown, chosen.length).toLocaleString("en")} of ` +
    `${chosen.length.toLocaleString("en")} findings shown`;
  get("more").hidden = shown >= chosen.length;
}
function choose() {
  const severity = get("severity").value, shape = get("shape").value, file = get("file").value;
  const words = get("words").value.toLowerCase().split(/\\s+/).filter(Boolean);
  chosen = all.filter(row =>
    (severity === "*" || row[0] === severity) && (shape === "*" || row[1] === shape) &&
    (file === "*" || row[7] === file) &&
    (!words.length || words.every(word => row.join(" ").toLowerCase().includes(word))));
  shown = step;
  draw();
}
for (const [id, column] of [["severity", 0], ["shape", 1], ["file", 7]]) {
  fill(id, column);
  get(id).addEventListener("change", choose);
}
get("words").addEventListener("input", choose);
get("more").addEventListener("click", () => { shown += step; draw(); });
for (const button of document.querySelectorAll("button.link")) {
  button.addEventListener("click", () => { get("shape").value = button.dataset.shape; choose();
    get("shape").scrollIntoView(); });
}
choose();
"""


def html(report: ValidationReport, names: Names) -> Iterator[str]:
    """Yield the report as a page; of more findings than MOST it has the first of each shape."""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield f"<title>Validation report</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield from _head(report)
    if not report.conforms:
        yield from _summary(report)
        yield _FILTERS
        yield '<script type="application/json" id="findings">['
        labels = labels_of(report.results)
        before = "\n"
        for found in named(_held(report.results), names):
            yield before + _safe(_row(found, labels(found.result)))
            before = ",\n"
        yield f"]</script>\n<script>{_SCRIPT}</script>\n"
    yield "</body>\n</html>\n"


_FILTERS = """<div class="bar">
<label>severity <select id="severity"><option value="*">all</option></select></label>
<label>shape <select id="shape"><option value="*">all</option></select></label>
<label>file <select id="file"><option value="*">all</option></select></label>
<label>words <input id="words" type="search" placeholder="in any column"></label>
</div>
<p id="count" class="soft" aria-live="polite"></p>
<table><caption class="soft">Findings</caption><thead><tr><th scope="col">severity</th>
<th scope="col">shape</th><th scope="col">node</th><th scope="col">what</th>
<th scope="col">place</th></tr></thead>
<tbody id="rows"></tbody></table>
<p><button id="more" hidden>show more</button></p>
"""


def _head(report: ValidationReport) -> Iterator[str]:
    verdict = report.verdict
    counts = ", ".join(counted(number, name) for name, number in report.counts.items())
    yield f"<h1>Validation report: {verdict}</h1>\n<p>{counts}</p>\n"
    if report.known:
        yield f"<p>left out: {report.known:,} that the baseline has</p>\n"
    for note in report.notes:
        yield f"<p>note: {escape(harmless(note))}</p>\n"
    if len(report.results) > MOST:
        yield (
            f"<p>note: this page has {MOST:,} of {len(report.results):,} findings, the first of "
            "each shape; the other formats have all</p>\n"
        )


def _held(results: Sequence[ValidationResult]) -> Sequence[ValidationResult]:
    """Return the results that a page holds: of too many, as many of each shape as there is room."""
    if len(results) <= MOST or not isinstance(results, Results):
        return results[:MOST]
    turn = pl.int_range(pl.len()).over("check")
    by_turn = results.table.select(turn).to_series().arg_sort()
    return results.keep(results.table[by_turn.head(MOST).sort()])


def _summary(report: ValidationReport) -> Iterator[str]:
    yield "<details open><summary>By shape</summary>\n<table><caption class='soft'>How many "
    yield "findings each shape has</caption><thead><tr><th scope='col'>severity</th>"
    yield "<th scope='col' class='n'>findings</th><th scope='col'>shape</th>"
    yield "<th scope='col'>what to do</th></tr></thead><tbody>\n"
    order = [*SEVERITIES]
    for severity, count, name, message in summary(report):
        kind = severity if severity in order else "other"
        shape = escape(harmless(name), quote=True)
        yield (
            f'<tr><td class="s {kind}">{severity}</td><td class="n">{count:,}</td>'
            f'<td><button class="link" data-shape="{shape}">{shape}</button></td>'
            f"<td>{escape(harmless(message))}</td></tr>\n"
        )
    yield "</tbody></table></details>\n"


def _row(found: Named, shape: str) -> list[Any]:
    result, label, value, place = found
    is_other = result.value is not None and result.value != result.focus_node
    why = dict.fromkeys(
        f"{shape_name(child)}: {in_english(child.messages or child.details)}"
        for child in result.children
    )
    cells = [
        severity_name(result.severity),
        shape,
        in_english(result.messages),
        label,
        iri_or_text(result.focus_node),
        path_text(result.path, compact) if result.path else "",
        value if is_other else "",
        place.file or "",
    ]
    details = harmless(in_english(result.details))
    return [*(harmless(c or "") for c in cells), place.line, details, list(map(harmless, why))]


def _safe(value: object) -> str:
    """Return JSON that ends no element of the page, whatever the texts hold."""
    return (
        json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    )
