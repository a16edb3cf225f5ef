"""`kg export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, app, examples
from kg.cli.output import is_stdout, note
from kg.errors import RequestError

__all__: list[str] = []


@app.command(
    epilog=examples(
        "kg export --format turtle -o graph.ttl",
        "kg export --format csv --occupation 15-1232.00 -o tables",
        "kg export --format jsonld --frame occupation -o occupations",
    )
)
def export(
    syntax: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="turtle, trig, ntriples, nquads, rdfxml, jsonld, graphml, gexf, node-link, "
            "sssom: one file. parquet, csv, xlsx: tables.",
        ),
    ],
    graph: GraphOption = GRAPH,
    occupation: Annotated[
        str | None,
        typer.Option("--occupation", metavar="CODE", help="Only what is about an occupation."),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option("--framework", metavar="KIND", help="Only frameworks of base, ai, durable."),
    ] = None,
    graph_name: Annotated[
        str | None,
        typer.Option("--graph-name", metavar="IRI", help="Only what stands in a named graph."),
    ] = None,
    frame: Annotated[
        str | None,
        typer.Option("--frame", metavar="NAME", help="jsonld: a document for each occupation."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE|DIR", help="Where to; tables: a folder."),
    ] = None,
) -> None:
    """Write a graph, or a part of it, for other programs."""
    from kg.export import FORMATS
    from kg.graph import open_graph

    if syntax not in FORMATS:
        raise RequestError(f"--format {syntax}: choose one of {', '.join(FORMATS)}")
    if is_stdout(output):
        output = None
    sys.stdout.flush()
    open_graph(graph).export(
        syntax,
        sys.stdout.buffer if output is None else output,
        occupation=occupation,
        framework=framework,
        graph_name=graph_name,
        frame=frame,
    )
    if output is None:
        sys.stdout.buffer.flush()  # here, so that a full disk is a message and not an exit code
    else:
        note(f"written to {output}")
