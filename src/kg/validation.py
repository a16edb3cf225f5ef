"""What is validated, and against which shapes: a graph, pages not yet built, or any RDF file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import polars as pl

from kg import quads, rdf, store
from kg.errors import InputError, RequestError, ShapesError
from kg.model import Finding
from kg.namespaces import BASE, RDF, RDFS, SH
from kg.readers import files
from kg.resources import folder

if TYPE_CHECKING:
    import rdflib

    from kg.generations import Generation
    from kg.shacl import Affected, Changes, ValidationReport
    from kg.shacl.near import Where

__all__ = [
    "ALL",
    "PROFILE",
    "Data",
    "changes_since",
    "checks_of",
    "data_near",
    "data_of_graph",
    "data_of_inputs",
    "described",
    "profiles",
    "shapes_graph",
]

#: The shapes that are meant where none are named.
PROFILE = "core"
#: The name for all profiles together.
ALL = "all"
#: The nodes of so many findings are looked for; of more, all names are read at once.
_FEW = 10_000
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


class _Opened(Protocol):
    """What is validated of a graph; the graph itself comes here to be validated."""

    generation: Generation

    @property
    def table(self) -> pl.LazyFrame: ...


def data_of_graph(graph: _Opened, shapes: rdflib.Graph) -> Data:
    """Return the quads of a built graph that the shapes can look at."""
    return Data(_relevant(graph.table, shapes))


def data_near(graph: _Opened, affected: Affected) -> Data:
    """Return the quads of a built graph that the shapes can look at which a change concerns."""
    from kg.shacl import select_near

    return Data(select_near(graph.table, affected, _where(graph)))


def _where(graph: _Opened) -> Where:
    """Return what tells in which files of a graph triples stand, by the indexes of its store."""
    generation = graph.generation

    def where(patterns: Iterable[store.Pattern]) -> pl.LazyFrame | None:
        try:
            names = store.graphs_with(generation.store, patterns)
        except OSError:
            return None
        if names is None or not names <= generation.parts.keys():
            return None
        return quads.scan(generation.parts[name] for name in sorted(names))

    return where


def described(graph: _Opened, report: ValidationReport) -> pl.DataFrame:
    """Return the quads by which a report names nodes and says where they were read."""
    from rdflib.term import IdentifiedNode

    from kg.shacl import names_of
    from kg.shacl.keys import key_of

    if not report.results:
        return quads.SCHEMA.to_frame()
    if len(report.results) > _FEW:
        return names_of(graph.table)
    ends = {node for result in report.results for node in (result.focus_node, result.value)}
    nodes = sorted(key_of(node) for node in ends if isinstance(node, IdentifiedNode))
    own = names_of(_about(graph, nodes))
    others = own.filter(pl.col("kind") == "iri")["object"].unique()  # what a node is named after
    return pl.concat([own, names_of(_about(graph, others.to_list()))])


def _about(graph: _Opened, nodes: Sequence[str]) -> pl.LazyFrame:
    """Return the quads whose subjects are among some nodes."""
    is_iri = not any(node.startswith("_:") for node in nodes)
    near = _where(graph)((node, None, None) for node in nodes) if is_iri else None
    table = graph.table if near is None else near
    return table.filter(pl.col("subject").is_in(list(nodes)))


def changes_since(generation: Generation, earlier: Generation, shapes: rdflib.Graph) -> Changes:
    """Return what a generation has that an earlier one of the same graph had not, and vice versa.

    Only graphs whose digests differ are read, and of them what the shapes can look at.
    """
    from kg.shacl import Changes, relevance

    named = relevance(shapes).predicates
    of_both = [
        {p["graph"]: p["sha256"] for p in g.manifest["parts"]} for g in (generation, earlier)
    ]
    unlike = {graph for graph, _ in set(of_both[0].items()) ^ set(of_both[1].items())}
    tables = []
    for of in (generation, earlier):
        table = quads.scan(path for graph, path in sorted(of.parts.items()) if graph in unlike)
        if named is not None:
            wanted = [*named, RDF.type, RDFS.subClassOf]
            table = table.filter(pl.col("predicate").is_in(wanted))
        tables.append(table.collect())
    new, old = tables
    return Changes(
        new.join(old, on=list(quads.COLUMNS), how="anti", nulls_equal=True),
        old.join(new, on=list(quads.COLUMNS), how="anti", nulls_equal=True),
        new,
    )


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
