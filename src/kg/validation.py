"""What is validated, and against which shapes: a graph, pages not yet built, or any RDF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import polars as pl

from kg import quads, rdf
from kg.errors import InputError, RequestError, ShapesError
from kg.model import Finding
from kg.namespaces import BASE, SH
from kg.readers import files
from kg.resources import folder

if TYPE_CHECKING:
    import rdflib

    from kg.generations import Generation

__all__ = [
    "ALL",
    "PROFILE",
    "Data",
    "Opened",
    "checks_of",
    "data_of_graph",
    "data_of_inputs",
    "profiles",
    "shapes_graph",
]

#: The shapes that are meant where none are named.
PROFILE = "core"
#: The name for all profiles together.
ALL = "all"
#: What shapes name the checks by.
_CHECKS = f"{BASE}queries/checks/"


@dataclass(frozen=True)
class Data:
    """The quads that shapes can look at, and what was noticed when they were read."""

    table: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def profiles() -> list[str]:
    """Return the names of the shipped sets of shapes."""
    return sorted(path.stem for path in folder("shapes").glob("*.ttl"))


def shapes_graph(
    paths: Sequence[Path] = (), profile: str | Sequence[str] = PROFILE
) -> rdflib.Graph:
    """Return the shapes of files, or of shipped profiles where no file is named.

    The profile `all` is all of them together, which is read and checked in one go. Raises
    RequestError for an unknown profile, ShapesError for a file that is no RDF.
    """
    if not paths:
        wanted = [profile] if isinstance(profile, str) else profile
        for name in wanted:
            if name not in (known := [*profiles(), ALL]):
                raise RequestError(f"no profile {name!r}; there are: {', '.join(known)}")
        names = profiles() if ALL in wanted else sorted(set(wanted))
        paths = [folder("shapes") / f"{name}.ttl" for name in names]
    try:
        graph = rdf.to_rdflib(_table(paths))
    except InputError as error:
        raise ShapesError(error.message, error.file, error.line) from None
    if not any(str(predicate).startswith(SH.iri) for predicate in graph.predicates()):
        raise ShapesError("holds no shapes", ", ".join(map(str, paths)))
    return graph


class Opened(Protocol):
    """What is validated of a graph; the graph itself comes here to be validated."""

    @property
    def generation(self) -> Generation: ...

    @property
    def table(self) -> pl.LazyFrame: ...


def data_of_graph(graph: Opened, shapes: rdflib.Graph) -> Data:
    """Return the quads of a built graph that the shapes can look at."""
    return Data(_relevant(graph.table, shapes))


def data_of_inputs(
    paths: Sequence[Path],
    shapes: rdflib.Graph,
    *,
    sources: Path | None = None,
    base: str = BASE,
) -> Data:
    """Return what inputs would become, without building; RDF files are taken as they are.

    Only what the shapes can look at is returned. Raises InputError for what cannot be read,
    RefusedError where a page has errors.
    """
    # Loaded here, since what validates a built graph does without.
    from kg.assembly import assemble
    from kg.pipeline import refuse
    from kg.readers import find_inputs
    from kg.readers.rdf import read_rdf

    found = [(path, item) for path in paths for item in find_inputs(path)]
    foreign = [read_rdf(item.path) for _, item in found if item.kind == "rdf"]
    documents = list(dict.fromkeys(path for path, item in found if item.kind != "rdf"))
    tables = [quads.concat(document.tables()) for document in foreign]
    findings: tuple[Finding, ...] = ()
    if documents:
        assembly = assemble(documents, sources=sources, base=base)
        refuse(assembly.findings)
        tables += assembly.parts.values()
        findings = assembly.findings
    return Data(_relevant(quads.concat(tables).lazy(), shapes), findings)


def checks_of(shapes: rdflib.Graph) -> list[str]:
    """Return the names of the checks in `queries/` that say what shapes say, as the shapes tell."""
    from rdflib import RDFS

    named = {str(query) for query in shapes.objects(None, RDFS.seeAlso)}
    return sorted(iri.removeprefix(_CHECKS) for iri in named if iri.startswith(_CHECKS))


def _relevant(table: pl.LazyFrame, shapes: rdflib.Graph) -> pl.DataFrame:
    from kg.shacl import relevance, select

    return select(table, relevance(shapes)).collect()


def _table(paths: Sequence[Path]) -> pl.DataFrame:
    """Return the quads of RDF files."""
    return quads.from_rows(
        quad
        for path in paths
        for quad in rdf.parse(
            files.read_bytes(path, files.MAX_MEMBER), rdf.format_of(path), str(path)
        )
    )
