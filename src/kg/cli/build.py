"""`kg build`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import GRAPH, GraphOption, SourcesOption, app, examples
from kg.cli.output import say, say_findings
from kg.errors import RefusedError, RequestError
from kg.namespaces import BASE
from kg.texts import number_of

if TYPE_CHECKING:
    from kg.generations import Generation
    from kg.pipeline import BuildReport
    from kg.recipes import Recipe

__all__: list[str] = []


@app.command(
    epilog=examples(
        "kg build",
        "kg build pages/*.txt db_30_2_text.zip --graph graph --strict",
        "kg build db_30_2_text.zip onet_rdf.zip esco.ttl.gz",
        "kg build pages db_30_2_text.zip economic_index esco_v1.1.1_en_csv.zip crosswalk.csv",
        "kg build --recipe everything.toml",
        "kg build --recipe graph@000001 --graph again",
    )
)
def build(
    inputs: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Framework pages, an O*NET release, RDF files, ESCO, tables of the Anthropic "
            "Economic Index, crosswalks, SSSOM: files, folders or zips. "
            "None: the bundled example.",
        ),
    ] = None,
    graph: GraphOption = GRAPH,
    recipe: Annotated[
        Path | None,
        typer.Option(
            "--recipe",
            metavar="FILE",
            help="Inputs and options from a recipe; or from the manifest of a generation "
            "(DIR@GENERATION will do), whose inputs are then looked for in INPUT.",
        ),
    ] = None,
    sources: SourcesOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings stop the build.")] = False,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient", help="Leave out the rows and tables of an O*NET release that are wrong."
        ),
    ] = False,
    release: Annotated[
        str | None,
        typer.Option(
            "--onet-release",
            metavar="NUMBER",
            help="The number of an O*NET release that does not say so itself, such as 30.2.",
        ),
    ] = None,
    base: Annotated[
        str, typer.Option("--base", metavar="IRI", help="Where the IRIs of the data start.")
    ] = BASE,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Take nothing over from the generation before, and publish anew."
        ),
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            "--keep", min=1, metavar="N", help="How many generations stay, this one included."
        ),
    ] = 3,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Build a graph and publish it: what has not changed since the last build is taken over."""
    from kg import pipeline
    from kg.cli.progress import shown_progress
    from kg.recipes import load_recipe

    given = {"--sources": sources, "--lenient": lenient, "--onet-release": release}
    read = None
    if recipe is not None:
        _alone({**given, "--base": base != BASE})
        read = load_recipe(recipe)
    try:
        with shown_progress(quiet=quiet) as progress:
            if read:
                report = pipeline.build_recipe(
                    read,
                    graph,
                    look_in=inputs or (),
                    strict=strict,
                    full=full,
                    keep=keep,
                    progress=progress,
                )
            else:
                report = pipeline.build(
                    inputs or None,
                    graph,
                    sources=sources,
                    strict=strict,
                    lenient=lenient,
                    base=base,
                    release=release,
                    full=full,
                    keep=keep,
                    progress=progress,
                )
    except RefusedError as error:
        say_findings(error.findings)
        raise
    say_findings(report.assembly.findings)
    _summary(report, graph)
    if read and read.manifest is not None:
        _compare(read, report.generation)


def _alone(options: Mapping[str, object]) -> None:
    """Raise RequestError for an option beside a recipe, which says the same."""
    if given := [name for name, value in options.items() if value]:
        raise RequestError(f"{given[0]}: the recipe says that; write it there, or leave one out")


def _compare(recipe: Recipe, generation: Generation) -> None:
    """Say whether a build is that of the manifest it repeats; exit with 1 where it is not."""
    from kg.pipeline import differences

    if not (different := differences(recipe, generation)):
        say(f"the same as in {recipe.file}: all {number_of(len(generation.parts), 'graph')}")
        return
    then, now = ((m or {}).get("versions", {}) for m in (recipe.manifest, generation.manifest))
    other = [f"{n} {then.get(n)} then, {now.get(n)} now" for n in now if now[n] != then.get(n)]
    graphs = number_of(len(different), "other graph")
    say(f"not the same as in {recipe.file}: {graphs}, {different[0]} first")
    say(f"  versions: {'; '.join(other) or 'the same'}")
    raise typer.Exit(1)


def _summary(report: BuildReport, graph: Path) -> None:
    assembly, generation = report.assembly, report.generation
    tables = assembly.tables
    for page in assembly.pages if len(assembly.pages) <= 5 else ():
        say(f"{page.facts['title']}: {_statements(page.facts['statements'])}")
    if len(assembly.pages) > 5:
        say(number_of(len(assembly.pages), "framework page"))
    # What other inputs than the release count as tables, they name with their kind and a slash.
    of_release = [table for name, table in tables.items() if "/" not in name]
    for kind, document in assembly.inputs:
        if kind == "release":
            rows = sum(table["mapped"] for table in of_release)
            number = sum(table["mapped"] > 0 for table in of_release)
            what = f"{number_of(rows, 'row')} of {number_of(number, 'table')}"
            say(f"O*NET release: {document.file_name}, {what}")
    for line in _additions(tables):
        say(line)
    for foreign in assembly.foreign:
        triples = number_of(foreign.counts.total(), "triple")
        graphs = number_of(len(foreign.graphs), "graph")
        nodes = f"nodes that are occupations here: {len(foreign.matches):,}"
        say(f"RDF: {foreign.read.document.file_name}, {triples}, {graphs}, {nodes}")
    left_out = sum(n for table in tables.values() for n in table["left_out"].values())
    unread = [f"all of {name}" for name, table in tables.items() if table["unread"]]
    if left_out or unread:
        rows_left_out = [number_of(left_out, "row")] if left_out else []
        say(f"left out: {', '.join(rows_left_out + unread)}; see kg info --tables")
    severities = Counter(f.severity for f in assembly.findings)
    warnings, infos = severities["warning"], severities["info"]
    say(f"findings: {number_of(warnings, 'warning')}, {infos:,} for information")
    quads, parts = generation.manifest["quads"], generation.manifest["parts"]
    news = "is" if report.is_new else "has not changed, it is still"
    held = f"{number_of(quads, 'quad')} in {number_of(len(parts), 'graph')}"
    say(f"{graph} {news} generation {generation.name}: {held}")


def _statements(counts: Mapping[str, int]) -> str:
    """Return how many statements there are by framework; the last number stands by the noun."""
    *before, (kind, last) = counts.items() or [("", 0)]
    parts = [f"{number:,} {framework}" for framework, number in before]
    return ", ".join([*parts, number_of(last, f"{kind} statement".lstrip())])


def _additions(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what was read of the index, ESCO, crosswalks and mappings, and what of it matched."""
    inputs: dict[str, list[str]] = {}
    for name in sorted(tables):
        kind, _, rest = name.partition("/")
        if rest:
            inputs.setdefault(f"{kind}/{rest.partition('/')[0]}", []).append(name)
    for of, names in inputs.items():
        rows = sum(tables[name]["read"] for name in names)
        yield f"{of}: {number_of(rows, 'row')}" + (f" of {len(names)} tables" if names[1:] else "")
        for name in names:
            if matched := tables[name].get("matched"):
                told = ", ".join(f"{word} {count:,}" for word, count in matched.items())
                yield f"  {name.rpartition('/')[2]}: {told}"
