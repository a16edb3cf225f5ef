"""`kg rollback`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, app, examples
from kg.cli.output import say
from kg.texts import number_of

__all__: list[str] = []


@app.command(epilog=examples("kg rollback", "kg rollback 000003"))
def rollback(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[GENERATION]", help="The beginning of its name. None: the one before."
        ),
    ] = None,
    graph: GraphOption = GRAPH,
) -> None:
    """Publish an older generation again; the newer ones stay, and the next build goes on from it.

    All of them: kg info --generations.
    """
    from kg import generations

    chosen = generations.rollback(graph, name)
    say(f"{graph} is generation {chosen.name}: {number_of(chosen.manifest['quads'], 'quad')}")
