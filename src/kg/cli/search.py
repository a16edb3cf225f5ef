"""`kg find` and `kg show`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, app, check_choice, examples
from kg.cli.output import note, say, table
from kg.namespaces import compact

if TYPE_CHECKING:
    from kg.description import Triple

__all__: list[str] = []

JsonOption = Annotated[bool, typer.Option("--json", help="For a program to read.")]
MOST_TRIPLES = 20


@app.command(epilog=examples("kg find speaking", "kg find 'active listening' --kind statement"))
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words to look for.")],
    graph: GraphOption = GRAPH,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only this kind of node.")
    ] = None,
    most: Annotated[int, typer.Option("--max", min=1, metavar="N", help="How many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Find nodes by label and text, the best first. Exits 1 where there is none."""
    from kg.graph import open_graph
    from kg.lookup import KINDS

    if kind is not None:
        check_choice("--kind", kind, KINDS)
    found = open_graph(graph).find(text, kind, most + 1)
    nodes = found[:most]
    if as_json:
        say(json.dumps([asdict(n) for n in nodes], indent=2, ensure_ascii=False))
    elif nodes:
        # Where labels hold the words, there is no other text to show.
        has_text = any(n.text for n in nodes)
        columns = ("kind", "label", *(["found in"] if has_text else []), "IRI")
        rows = [[n.kind, n.label, *([n.text] if has_text else []), n.iri] for n in nodes]
        table(columns, rows, whole="--json")
    if len(found) > most:
        note(f"the first {most:,}; there are more, see --max")
    if not nodes:
        note(f"nothing has the words: {text}")
        raise typer.Exit(1)


@app.command(epilog=examples("kg show domain:Communication", "kg show task:900001"))
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An IRI, a code or a label: domain:Creativity.")
    ],
    graph: GraphOption = GRAPH,
    most: Annotated[
        int | None,
        typer.Option(
            "--max",
            min=1,
            metavar="N",
            help=f"How many triples of each property: {MOST_TRIPLES}, with --json all.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show one node: its statements, citations and links, and where each triple comes from."""
    from kg.graph import open_graph

    opened = open_graph(graph)
    node = opened.show(name, most if as_json else most or MOST_TRIPLES)
    if as_json:
        say(json.dumps(asdict(node), indent=2, ensure_ascii=False))
        return
    say(f"{node.label or ''}\n<{node.iri}>".strip())
    prefix = f"{opened.base}graph/"
    say()
    table(
        ("property", "value", "graph"),
        [[compact(t.predicate), _end(t), t.graph.removeprefix(prefix)] for t in node.outgoing],
    )
    shown = Counter(t.predicate for t in node.outgoing)
    for predicate, count in node.outgoing_counts.items():
        _more(count - shown[predicate], f" of {compact(predicate)}")
    for predicate, group in groupby(node.incoming, key=lambda t: t.predicate):
        _incoming(predicate, list(group), node.incoming_counts[predicate], prefix)


def _incoming(predicate: str, triples: Sequence[Triple], count: int, prefix: str) -> None:
    say(f"\n{count:,} × is {compact(predicate)} of:")
    rows = [
        [_end(t), f"{t.graph.removeprefix(prefix)}{f' line {t.line}' if t.line else ''}"]
        for t in triples
    ]
    table(("node", "graph"), rows, whole="--json")
    _more(count - len(triples))


def _more(count: int, what: str = "") -> None:
    if count:
        say(f"… and {count:,} more{what}, see --max; all of them: kg show --json")


def _end(triple: Triple) -> str:
    if triple.kind == "literal":
        return triple.value
    return f"{triple.label} <{triple.value}>" if triple.label else compact(triple.value)
