"""A build: inputs are assembled, refused where findings forbid it, and published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path, PurePosixPath
from typing import Any

from kg import __version__, generations
from kg.assembly import Assembly, Request, assemble_into, example_inputs
from kg.errors import RefusedError, RequestError
from kg.fingerprints import LIBRARIES
from kg.mapping.iris import checked_base
from kg.model import Finding
from kg.namespaces import BASE
from kg.progress import Progress, silent
from kg.readers import Input, find_inputs
from kg.recipes import Recipe, Stated, gather
from kg.reuse import Building, previous
from kg.texts import number_of

__all__ = ["KEEP", "BuildReport", "build", "build_recipe", "differences", "refuse"]

#: How many generations stay unless another number is asked for.
KEEP = 3


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build's result: the generation, whether it is a new one, and what was noticed."""

    generation: generations.Generation
    is_new: bool
    assembly: Assembly


def build(
    inputs: Sequence[Path | Input] | None = None,
    out: Path = Path("graph"),
    *,
    sources: Path | None = None,
    strict: bool = False,
    lenient: bool = False,
    base: str = BASE,
    release: str | None = None,
    full: bool = False,
    keep: int | None = KEEP,
    progress: Progress = silent,
    fetched: Mapping[str, Stated] | None = None,
    check_unchanged: Callable[[], None] = lambda: None,
) -> BuildReport:
    """Build a graph from inputs (None: the bundled example) and publish it in a folder.

    With `lenient`, what is wrong in the tables of an O*NET release is left out and counted;
    `release` is the release's number where it does not say so itself. What has not changed since
    the published generation is taken over from it, unless a `full` build is asked for; what comes
    out is the same. `keep` is how many generations stay, the published one included, None for all;
    one that somebody reads stays in any case. Of files among the inputs that were `fetched`, the
    manifest states the addresses; `check_unchanged` is called when all is read, and may raise to
    stop it. Raises RequestError for inputs that are none, and for the example in the place of
    another graph; InputError for an input that cannot be read, RefusedError where findings forbid
    to publish (errors; with `strict` warnings too), OutputError where the folder cannot be written.
    """
    if inputs is None:
        _check_place_of_example(out)
    request = Request(inputs, sources, checked_base(base), release, lenient)

    def check(findings: Sequence[Finding]) -> None:
        refuse(findings, strict)

    with generations.draft(out) as draft:
        before = "a full build was asked for" if full else previous(out)
        building = (
            Building(draft, None, before) if isinstance(before, str) else Building(draft, before)
        )
        try:
            assembly = assemble_into(building, request, check, progress)
        finally:
            building.close()
        check_unchanged()
        building.write(assembly)
        facts = _facts(assembly, request, fetched or {})
        generation, is_new = draft.publish(facts, keep, progress, anew=full)
    return BuildReport(generation, is_new, assembly)


def _check_place_of_example(out: Path) -> None:
    """Raise RequestError where a graph of other inputs is published: their list was empty."""
    try:
        published = generations.current(out)
    except RequestError:  # there is none to take the place of
        return
    example = {i.path.name for given in example_inputs() for i in find_inputs(given)}
    others = [i["file"] for i in published.inputs if i["kind"] != "sources"]
    if strange := [file for file in others if PurePosixPath(file).name not in example]:
        raise RequestError(
            f"the graph in {str(out)!r} is built from {strange[0]}; without an input the bundled "
            "example would take its place: name inputs, or another --graph"
        )


def build_recipe(
    recipe: Recipe,
    out: Path = Path("graph"),
    *,
    look_in: Sequence[Path] = (),
    strict: bool = False,
    full: bool = False,
    keep: int | None = KEEP,
    progress: Progress = silent,
) -> BuildReport:
    """Build a graph from a recipe and publish it; see `build`, and `kg.recipes.gather`.

    Raises what these do. Where the recipe is a manifest, `differences` tells whether the build is
    the one that it states.
    """
    gathered = gather(recipe, look_in, progress)
    return build(
        gathered.inputs,
        out,
        sources=gathered.sources,
        strict=strict or recipe.strict,
        lenient=recipe.lenient,
        base=recipe.base,
        release=gathered.release,
        full=full,
        keep=keep,
        progress=progress,
        fetched=gathered.fetched,
        check_unchanged=gathered.check_unchanged,
    )


def differences(recipe: Recipe, generation: generations.Generation) -> list[str]:
    """Return the named graphs whose digests are not those of the manifest that a recipe is."""
    if recipe.manifest is None:
        return []
    stated = {part["graph"]: part["sha256"] for part in recipe.manifest["parts"]}
    built = {graph: part.sha256 for graph, part in generation.written.items()}
    return sorted(g for g in stated | built if stated.get(g) != built.get(g))


def _facts(assembly: Assembly, request: Request, fetched: Mapping[str, Stated]) -> dict[str, Any]:
    """Return what the manifest states: enough to build the same again, wherever the inputs are."""
    options = {"lenient": request.lenient, "onet-release": request.release}
    given = {name: value for name, value in options.items() if value}
    downloads = [
        {"url": url, "file": stated.file, "sha256": stated.sha256}
        for url, stated in sorted(fetched.items())
    ]
    return {
        "base": assembly.iris.base,
        **({"options": given} if given else {}),
        **({"fetched": downloads} if downloads else {}),
        "inputs": [
            {"kind": kind, "file": d.file_name, "sha256": d.sha256} for kind, d in assembly.inputs
        ],
        "tables": assembly.tables,
        "versions": {
            "skills-kg": __version__,
            **{name: version_of(name) for name in LIBRARIES},
        },
    }


def refuse(findings: Sequence[Finding], strict: bool = False) -> None:
    """Raise RefusedError where findings forbid to go on: errors; with `strict` warnings too."""
    severities = ("error", "warning") if strict else ("error",)
    bad = [f for f in findings if f.severity in severities]
    if bad:
        number, verb = number_of(len(bad), "finding"), "s" if len(bad) == 1 else ""
        why = "errors under --strict" if strict else "errors"
        raise RefusedError(f"{number} that count{verb} as {why}; the inputs are refused", findings)
