"""`kg analyze`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.choices import ANALYSES
from kg.cli.app import GRAPH, GraphOption, OutOption, app, check_choice, examples
from kg.cli.output import note, table, writing
from kg.errors import RequestError
from kg.namespaces import tail

if TYPE_CHECKING:
    import polars as pl

    from kg.analyses import Analysis

__all__: list[str] = []

_FORMATS = ("table", "csv", "tsv", "json")
_PICTURES = (".svg", ".png")
_PLACES = 3


@app.command(
    epilog=examples(
        "kg analyze coverage 25-4031.00",
        "kg analyze crosswalk 25-4031.00 --picture crosswalk.svg",
        "kg analyze transition 43-4121.00 25-4022.00 --format csv -o gaps.csv",
    )
)
def analyze(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help=f"{', '.join(ANALYSES[:-1])} or {ANALYSES[-1]}."),
    ],
    occupation: Annotated[
        str, typer.Argument(metavar="OCCUPATION", help="An occupation's code or title.")
    ],
    to: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="transition: the occupation to go to.")
    ] = None,
    graph: GraphOption = GRAPH,
    most: Annotated[
        int | None, typer.Option("--max", min=1, metavar="N", help="nearest: so many at most.")
    ] = None,
    syntax: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=", ".join(_FORMATS))
    ] = "table",
    output: OutOption = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture",
            metavar="FILE",
            help="Draw it too, where there are rows: a file .svg or .png.",
        ),
    ] = None,
) -> None:
    """Analyse an occupation: a table, and a picture of it. Exits with 1 where there are no rows."""
    from kg.graph import open_graph

    check_choice("--format", syntax, _FORMATS)
    if syntax == "table" and output is not None:
        raise RequestError("a table is for reading; give --format csv, say, to write a file")
    if picture is not None and picture.suffix.lower() not in _PICTURES:
        raise RequestError(f"--picture {picture}: name a file that ends with .svg or .png")
    options = {} if most is None else {"most": most}
    found = open_graph(graph).analyze(name, occupation, to, **options)
    if picture is not None and found.table.height:
        _draw(found, picture)
    if syntax == "table":
        if found.table.height:
            table(found.table.columns, _cells(found.table), whole="--format csv")
    else:
        with writing(output) as out:
            out.write(_text(found.table, syntax).encode())
        if output is not None:
            note(f"written to {output}")
    for said in found.notes:
        note(said)
    if found.table.is_empty():
        note(found.empty)
        raise typer.Exit(1)


def _draw(found: Analysis, path: Path) -> None:
    from kg.pictures import to_png, to_svg

    svg = to_svg(found.picture)
    drawn = to_png(svg) if path.suffix.lower() == ".png" else svg.encode()
    with writing(path) as out:
        out.write(drawn)
    note(f"picture written to {path}")


def _text(rows: pl.DataFrame, syntax: str) -> str:
    if syntax == "json":
        return json.dumps(rows.to_dicts(), ensure_ascii=False, indent=2) + "\n"
    return rows.write_csv(separator="\t" if syntax == "tsv" else ",")


def _cells(rows: pl.DataFrame) -> list[list[str]]:
    """Return the rows of a table as people read them."""
    from kg.analyses import IRI_COLUMNS

    are_iris = [column in IRI_COLUMNS for column in rows.columns]
    return [list(map(_cell, row, are_iris)) for row in rows.iter_rows()]


def _cell(value: object, is_iri: bool) -> str:
    """Return a value as people read it, an IRI by how it ends."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{_PLACES}f}"
    return tail(str(value)) if is_iri else str(value)
