"""`kg diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.app import OutOption, app, check_choice, examples
from kg.cli.output import note, writing
from kg.texts import printable

__all__ = ["FORMAT_NAMES"]

FORMAT_NAMES = ("text", "json", "turtle")


@app.command(
    epilog=examples(
        "kg diff graph-29.0 graph-30.2",
        "kg diff graph@000001 graph --max 100",
        "kg diff graph-29.0 graph-30.2 --format turtle -o changes.ttl",
    )
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A graph's folder, or DIR@GENERATION.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The one to compare it with.")],
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=", ".join(FORMAT_NAMES) + ".")
    ] = "text",
    most: Annotated[
        int, typer.Option("--max", min=0, metavar="N", help="text: changes shown of each kind.")
    ] = 20,
    output: OutOption = None,
) -> None:
    """Compare two graphs: nodes, tasks, statements. Exits 1 where they differ."""
    check_choice("--format", form, FORMAT_NAMES)
    from kg.diff import FORMATS, as_text
    from kg.graph import open_graph

    found = open_graph(old).diff(open_graph(new))
    chunks = as_text(found, most) if form == "text" else FORMATS[form](found)
    with writing(output) as out:
        for chunk in chunks:
            out.write((printable(chunk) if form == "text" and output is None else chunk).encode())
    if output is not None:
        note(f"written to {output}")
    if found.differs:
        raise typer.Exit(1)
