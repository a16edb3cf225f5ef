"""`kg link`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, app, examples
from kg.cli.output import is_stdout, note, writing
from kg.errors import RequestError

__all__: list[str] = []

_COLUMNS = ("framework", "label", "task_id", "confidence")


@app.command(epilog=examples("kg link --scores scores.tsv"))
def link(
    graph: GraphOption = GRAPH,
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores",
            metavar="FILE",
            help="Write the confidence of every statement with every task of its occupation, "
            f"as tab-separated {', '.join(_COLUMNS)}.",
        ),
    ] = None,
) -> None:
    """Score how well statements fit the tasks of their occupation. `kg build` makes the links."""
    if scores is None:
        raise RequestError("say where the scores go: kg link --scores scores.tsv")
    from kg.graph import open_graph

    count = 0
    found = open_graph(graph).link_scores()
    with writing(scores) as out:
        out.write(("\t".join(_COLUMNS) + "\n").encode())
        for score in found:
            # A label is one line, and a cell holds no tab.
            label = " ".join(score.label.split())
            row = (score.framework, label, score.task_id, f"{score.confidence:.4f}")
            out.write(("\t".join(row) + "\n").encode())
            count += 1
    if not is_stdout(scores):
        note(f"{count:,} scores written to {scores}")
