"""`kg report`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, OutOption, app, examples
from kg.cli.output import is_stdout, note, writing

__all__: list[str] = []


@app.command(
    epilog=examples(
        "kg report 25-4031.00 -o library-technicians.html",
        'kg report "Library Technicians" --to 25-4022.00 -o change.html',
    )
)
def report(
    occupation: Annotated[str, typer.Argument(help="An occupation's code or title.")],
    graph: GraphOption = GRAPH,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="OCCUPATION",
            help="Tell what a change to it needs; else to the nearest.",
        ),
    ] = None,
    output: OutOption = None,
) -> None:
    """Write all that the graph says of an occupation as one HTML page that needs nothing else."""
    from kg.graph import open_graph

    made = open_graph(graph).report(occupation, to)
    with writing(output) as out:
        out.write(made.encode())
    if not is_stdout(output):
        note(f"written to {output}")
