"""`kg info`."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.app import GRAPH, GraphOption, app, examples
from kg.cli.output import note, say, table
from kg.namespaces import compact
from kg.texts import number_of

__all__: list[str] = []

#: So many inputs and graphs are listed by `kg info`, of which there may be thousands.
MOST_INPUTS = MOST_GRAPHS = 40


@app.command(
    epilog=examples("kg info", "kg info --tables", "kg info --generations", "kg info --json")
)
def info(
    graph: GraphOption = GRAPH,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    generations: Annotated[
        bool, typer.Option("--generations", help="The generations, and how each was built.")
    ] = False,
    tables: Annotated[
        bool, typer.Option("--tables", help="What became of each table that was read.")
    ] = False,
) -> None:
    """Show what a graph holds: classes, properties, graphs, and sources with what to cite."""
    from kg.graph import open_graph

    if generations:
        _generations(graph, as_json=as_json)
        return
    opened = open_graph(graph)
    if tables:
        _tables(opened.generation.manifest.get("tables", {}), as_json=as_json)
        return
    facts = opened.info()
    if as_json:
        say(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    say(f"generation {facts['generation']}: {number_of(facts['quads'], 'quad')}")
    if how := opened.generation.how:
        say(f"  {_said(how)}")
    for item in facts["inputs"][:MOST_INPUTS]:
        say(f"  from {item['kind']} {item['file']} (sha256 {item['sha256'][:12]}…)")
    if (more := len(facts["inputs"]) - MOST_INPUTS) > 0:
        say(f"  and {more:,} more; all of them: kg info --json")
    _counted("class", "nodes", facts["classes"])
    _counted("property", "triples", facts["properties"])
    say()
    rows = [[g["graph"], g["kind"], f"{g['triples']:,}", g["file"]] for g in facts["graphs"]]
    table(("graph", "kind", "triples", "file"), rows[:MOST_GRAPHS], whole="--json")
    if len(rows) > MOST_GRAPHS:
        say(f"and {len(rows) - MOST_GRAPHS:,} more; all of them: kg info --json")
    say()
    say("Sources, and what to cite:")
    for source in facts["sources"]:
        _source(source)
    note("Licences of all graphs: kg info --json")


def _generations(graph: Path, *, as_json: bool) -> None:
    from kg import generations

    published = generations.current(graph).name
    found = [
        {
            "generation": g.name,
            "published": g.name == published,
            "quads": g.manifest["quads"],
            "graphs": len(g.parts),
            "inputs": len(g.inputs),
            "built": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(g.built)),
            "how": g.how,
        }
        for g in generations.all_of(graph)
    ]
    if as_json:
        say(json.dumps(found, indent=2))
        return
    rows = [
        [
            f"{g['generation']}{' (published)' if g['published'] else ''}",
            g["built"],
            f"{g['quads']:,}",
            f"{g['inputs']:,}",
            _said(g["how"]),
        ]
        for g in found
    ]
    table(("generation", "built", "quads", "inputs", "how"), rows)


def _said(how: Mapping[str, Any]) -> str:
    """Say how a generation was built."""
    if not how:
        return "how it was built is not known"
    if how["from"] is None:
        return f"built from nothing: {how['why_not']}"
    kept = ", ".join(_number(n, kind) for kind, n in how["kept"].items())
    read = "; ".join(
        f"{_number(n, kind)} read: {reason}"
        for kind, reasons in how["read"].items()
        for reason, n in reasons.items()
    )
    parts = [f"built from {how['from']}", f"{kept} taken over" if kept else "", read]
    return "; ".join(filter(None, parts))


def _number(number: int, kind: str) -> str:
    return number_of(number, *_KINDS.get(kind, (kind,)))


_KINDS = {
    "page": ("page", "pages"),
    "release": ("release", "releases"),
    "rdf": ("RDF document", "RDF documents"),
    "index": ("release of the index", "releases of the index"),
    "esco": ("release of ESCO", "releases of ESCO"),
    "crosswalk": ("crosswalk", "crosswalks"),
    "history": ("history of codes", "histories of codes"),
    "mappings": ("mapping set", "mapping sets"),
}


def _tables(tables: dict[str, dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(tables, indent=2, ensure_ascii=False))
        return
    if not tables:
        note("the graph holds no tables: it was built without an O*NET release")
        return
    counts = ("read", "mapped", "nodes", "quads")
    rows = [
        [name, *(f"{t[c]:,}" for c in counts), t["unread"] or _left_out(t["left_out"])]
        for name, t in sorted(tables.items())
    ]
    total = [f"{sum(t[c] for t in tables.values()):,}" for c in counts]
    all_left_out = sum((Counter(t["left_out"]) for t in tables.values()), Counter())
    table(
        ("table", "rows read", "mapped", "row nodes", "quads", "left out"),
        [*rows, ["all", *total, _left_out(all_left_out)]],
        whole="--tables --json",
    )


def _left_out(reasons: Mapping[str, int]) -> str:
    return "; ".join(f"{count:,} ({reason})" for reason, count in sorted(reasons.items())) or "0"


def _counted(column: str, counted: str, rows: list[dict[str, Any]]) -> None:
    say()
    table((column, counted), [[compact(r[column]), f"{r['count']:,}"] for r in rows])


def _source(source: dict[str, Any]) -> None:
    version = f" {source['version']}" if source["version"] else ""
    rights = source["licence"] or source["rights"] or "rights not known"
    say(f"  {source['title']}{version} ({rights})")
    say(f"    {source['cite'] or source['page'] or 'no citation known'}")
