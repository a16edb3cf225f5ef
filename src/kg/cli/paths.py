"""`kg paths`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg.choices import PROJECTIONS
from kg.cli.app import GRAPH, GraphOption, OutOption, app, check_choice, examples
from kg.cli.output import is_stdout, note, writing
from kg.errors import RequestError
from kg.texts import printable

__all__ = ["FORMAT_NAMES"]

FORMAT_NAMES = ("text", "json", "graphml", "mermaid", "dot", "svg", "png")


@app.command(
    epilog=examples(
        "kg paths domain:Communication task:900001",
        "kg paths 'stage:\"Career stage 4\"' source:wef --max 3",
        "kg paths 'skill:Active Listening' task:900004 --projection asserted",
        "kg paths source:wef occupation:25-4031.00 --format mermaid -o paths.mmd",
    )
)
def paths(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A name, as domain:Creativity.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="Another one, as task:900001.")],
    graph: GraphOption = GRAPH,
    most: Annotated[
        int, typer.Option("--max", min=1, max=1000, metavar="N", help="How many paths.")
    ] = 5,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=", ".join(FORMAT_NAMES))
    ] = "text",
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            min=0.1,
            max=86400,
            metavar="S",
            help="Seconds to look, once the graph is read.",
        ),
    ] = 10.0,
    projection: Annotated[
        str,
        typer.Option(
            "--projection",
            metavar="NAME",
            help="linked, or asserted: over nothing that is inferred.",
        ),
    ] = "linked",
    importance: Annotated[
        float,
        typer.Option(
            "--importance", min=1, max=5, metavar="X", help="From which on a rating is a hop."
        ),
    ] = 3.0,
    output: OutOption = None,
) -> None:
    """Show the best paths between two nodes, and what each hop rests on. Exits 1 without a path."""
    check_choice("--format", form, FORMAT_NAMES)
    check_choice("--projection", projection, PROJECTIONS)
    if form == "png" and is_stdout(output) and sys.stdout.isatty():
        raise RequestError("a PNG picture goes to a file: name it with -o")
    from kg.analysis import FORMATS
    from kg.graph import open_graph

    found = open_graph(graph).paths(
        start, end, most, seconds=timeout, projection=projection, importance=importance
    )
    if found.paths or form == "json":
        text = FORMATS["svg" if form == "png" else form](found)
        with writing(output) as out:
            if form == "png":
                from kg.pictures import to_png

                out.write(to_png(text))
            else:
                out.write((printable(text) if is_stdout(output) else text).encode())
        if not is_stdout(output):
            note(f"written to {output}")
    if not found.paths:
        if form != "json":
            note(FORMATS["text"](found).rstrip())
        raise typer.Exit(1)
