"""The application that the commands belong to, and the options they share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from kg import __version__
from kg.errors import RequestError

__all__ = ["GRAPH", "GraphOption", "OutOption", "SourcesOption", "app", "check_choice", "examples"]

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Build, query, search and validate a knowledge graph of occupational skills.",
    epilog="Exit codes: 0 done, 1 the answer is no, 2 the request or the input is wrong.",
)

GRAPH = Path("graph")
GraphOption = Annotated[
    Path, typer.Option("--graph", envvar="KG_GRAPH", metavar="DIR", help="The graph's folder.")
]
OutOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", metavar="FILE", help="More sources, as in build/sources.toml."),
]


def check_choice(option: str, value: str, allowed: Iterable[str]) -> None:
    """Raise RequestError for a value of an option that is none of those there are."""
    known = list(allowed)
    if value not in known:
        raise RequestError(f"{option} {value}: choose one of {', '.join(known)}")


def examples(*lines: str) -> str:
    """Return the examples of a command as the end of its help, each on a line of its own."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
