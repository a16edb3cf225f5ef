"""`kg validate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, OutOption, SourcesOption, app, check_choice, examples
from kg.cli.output import note, say_findings, writing
from kg.errors import RefusedError, RequestError

if TYPE_CHECKING:
    from kg.model import Finding

__all__: list[str] = []

#: The findings of readers that count, by what --fail-on asks for.
_READ = {"violation": (), "warning": ("warning",), "info": ("warning", "info")}

#: So many nodes are looked at in less than half a minute.
_MANY = 100_000


@app.command(
    epilog=examples(
        "kg validate",
        "kg validate page.txt db_30_2_text.zip --fail-on warning",
        "kg validate data.ttl --shapes my.ttl --format turtle -o report.ttl",
        "kg validate --format json -o known.json; kg validate --baseline known.json",
        "kg validate --since 000001",
    )
)
def validate(
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DATA]...",
            help="Pages, releases or RDF files to check without building. None: the graph.",
        ),
    ] = None,
    graph: GraphOption = GRAPH,
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", metavar="FILE", help="Shapes to check against; may be repeated."),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="Shipped shapes; may be repeated; all: every profile.  [default: core]",
        ),
    ] = None,
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="SEVERITY", help="violation, warning or info.")
    ] = "violation",
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Findings of this JSON report do not count."
        ),
    ] = None,
    syntax: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORMAT", help="text, html, json, jsonld, junit, sarif, turtle."
        ),
    ] = "text",
    engine: Annotated[
        str,
        typer.Option("--engine", metavar="NAME", help="columns; pyshacl, to compare with."),
    ] = "columns",
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="GENERATION",
            help="Check what the changes since an earlier generation can affect.",
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint", metavar="URL", help="Check what this SPARQL endpoint has, not the graph."
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0.1, max=86400, metavar="S", help="Seconds the endpoint may take."
        ),
    ] = 60.0,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="Group the text: shape, file or severity.")
    ] = "shape",
    most: Annotated[
        int, typer.Option("--max", min=1, metavar="N", help="Findings listed of each group.")
    ] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="List all findings of each group.")
    ] = False,
    sources: SourcesOption = None,
    output: OutOption = None,
) -> None:
    """Check completeness and consistency with SHACL. Exits 1 for findings that --fail-on names."""
    from kg import generations, shacl, validation, validation_since
    from kg.graph import open_graph

    check_choice("--fail-on", fail_on, shacl.FAIL_ON)
    check_choice("--engine", engine, sorted(shacl.ENGINES))
    check_choice("--by", by, shacl.GROUPS)
    check_choice("--format", syntax, sorted(shacl.FORMATS))
    if since is not None and (data or engine != "columns"):
        raise RequestError("--since is about a built graph: leave out the files and --engine")
    if shapes and profile:
        raise RequestError("give --shapes or --profile, not both; shipped shapes lie in shapes/")
    if endpoint is not None and (data or since is not None):
        raise RequestError("--endpoint is about one store, without files or --since")
    known = shacl.read_baseline(baseline) if baseline else None
    wanted = validation.shapes_graph(shapes or (), profile or validation.PROFILE)
    opened = None if data or endpoint is not None else open_graph(graph)
    is_noted = opened is not None and engine == "columns"
    of_shapes = validation_since.digests(wanted) if is_noted else frozenset[str]()
    findings: Sequence[Finding] = ()
    if opened is not None and since is not None:
        earlier = generations.named(opened.generation.path.parents[1], since)
        report = validation_since.check_since(opened, earlier, wanted, of_shapes)
        names = validation_since.described(opened, report)
    else:
        try:
            if endpoint is not None:
                from kg.validation_remote import data_of_endpoint

                read = data_of_endpoint(endpoint, wanted, timeout)
            elif opened is not None:
                read = validation.data_of_graph(opened, wanted)
            else:
                read = validation.data_of_inputs(data or (), wanted, sources=sources)
        except RefusedError as error:
            say_findings(error.findings)
            raise
        names, findings = read.table, read.findings
        say_findings(findings)
        if engine != "columns":
            focus_nodes = shacl.count_focus_nodes(names.lazy(), wanted)
            _note_work(focus_nodes, validation.checks_of(wanted))
        report = shacl.ENGINES[engine](names, wanted)
    if known is not None:
        report = shacl.subtract(report, known)
    with writing(output) as out:
        for piece in shacl.stream(report, names, syntax, most=None if everything else most, by=by):
            out.write(piece.encode())
    if output is not None:
        note(f"written to {output}")
    if opened is not None and of_shapes:
        validation_since.remember(opened.generation, of_shapes)
    # What the readers noticed is in no report, so a baseline cannot know it.
    counting = _READ[fail_on] if known is None else ()
    if shacl.exceeds(report, fail_on) or any(f.severity in counting for f in findings):
        raise typer.Exit(1)


def _note_work(focus_nodes: int, checks: Sequence[str]) -> None:
    """Say beforehand where it takes long, and what says the same sooner."""
    if focus_nodes < _MANY:
        return
    note(f"{focus_nodes:,} focus nodes to look at, which takes minutes")
    if checks:
        note(f"on a built graph kg query says the same in seconds: {', '.join(checks)}")
