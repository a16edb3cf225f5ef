"""The two sides of a comparison: what of a generation is compared, and how it is read in pieces.

What describes the generation itself is no content: the catalogue's graph, the digests and names
of files, the lines on which things stand in them, and the document of an O*NET release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from kg import quads
from kg.diff.model import DocumentState, Version
from kg.diff.names import SAME, Names
from kg.diff.triples import prepared
from kg.errors import RequestError
from kg.generations import Generation
from kg.mapping.iris import Iris
from kg.namespaces import DCT, KG, PAV, RDF, RDFS, concept

__all__ = ["PIECE", "Release", "Side", "open_sides", "ranges"]

#: Triples in memory at a time, about, of both sides together.
PIECE = 500_000
#: A subject is looked at for every so many quads, to find where pieces end.
_STEP = 512
_NO_CONTENT = (KG.fileName, KG.line, KG.sha256)
_BLANK, _PAST_BLANK = "_:", "_;"
_is_blank = pl.col("subject").str.starts_with(_BLANK)
_COLUMNS = ("subject", "predicate", "object", "kind", "datatype", "language")


@dataclass(frozen=True, slots=True)
class Release:
    """The O*NET release of a graph: its number, its document, and the sources of that."""

    version: str
    document: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """A generation as it is compared: `names` tells how its IRIs are read."""

    generation: Generation
    release: Release | None
    documents: dict[str, DocumentState]
    names: Names = SAME
    #: How the objects in the graph of the release are read, where it names its source.
    release_names: Names = SAME

    @property
    def iris(self) -> Iris:
        """The IRIs below its base."""
        return Iris(str(self.generation.manifest["base"]))

    @property
    def version(self) -> Version:
        """What tells it from other generations."""
        quads_, release = self.generation.manifest["quads"], self.release
        return Version(self.generation.name, quads_, release.version if release else None)

    @property
    def graphs(self) -> list[str]:
        """The named graphs that are compared."""
        return [g for g in self.generation.parts if g != self.iris.graph("catalog")]

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each graph that is compared."""
        graphs = set(self.graphs)
        parts = self.generation.manifest["parts"]
        return {part["graph"]: part["sha256"] for part in parts if part["graph"] in graphs}

    def scan(self) -> pl.LazyFrame:
        """Return the quads that are compared, with the names they have."""
        return _scan(self.generation, self.graphs)

    @cached_property
    def generic(self) -> set[str]:
        """The classes that have subclasses in the vocabulary of the graph."""
        ontology = [g for g in self.graphs if g == self.iris.graph("ontology")]
        is_super = pl.col("predicate") == RDFS.subClassOf
        rows = _scan(self.generation, ontology).filter(is_super).select("object")
        return set(rows.collect()["object"])

    @cached_property
    def _scans(self) -> list[tuple[pl.LazyFrame, Names]]:
        own = self.iris.graph(f"onet/{self.release.version}") if self.release else None
        parts = [(_scan(self.generation, [g for g in self.graphs if g != own]), self.names)]
        if own in self.graphs:
            parts.append((_scan(self.generation, [own]), self.release_names))
        return parts

    @cached_property
    def sample(self) -> list[str]:
        """Some of its subjects, as they are read, one for every `_STEP` triples."""
        found = []
        for scan, names in self._scans:
            subjects = scan.select("subject").gather_every(_STEP).collect()["subject"]
            found += [names(subject) for subject in subjects]
        return sorted(found)

    def read(self, low: str, high: str | None) -> pl.DataFrame:
        """Return the triples whose subjects are IRIs that are read as names in a range."""
        return self._read(low, high, ~_is_blank)

    def blanks(self) -> Iterator[pl.DataFrame]:
        """Yield the triples whose subjects are blank nodes, each of these in one piece."""
        inside = [name for name in self.sample if _BLANK <= name < _PAST_BLANK]
        for low, high in _ranges(inside, _BLANK, _PAST_BLANK):
            yield self._read(low, high, _is_blank)

    def _read(self, low: str, high: str | None, of_kind: pl.Expr) -> pl.DataFrame:
        tables = [
            self._prepared(scan.filter(inside, of_kind), names)
            for scan, names in self._scans
            for inside in self.names.ranges(low, high)
        ]
        return pl.concat(tables)

    def _prepared(self, scan: pl.LazyFrame, names: Names) -> pl.DataFrame:
        document = pl.lit(self.release.document if self.release else "")
        table = scan.filter(pl.col("subject") != document).select(_COLUMNS).collect()
        return prepared(table, names, _NO_CONTENT)


def open_sides(old: Generation, new: Generation) -> tuple[Side, Side]:
    """Return two generations as sides: names of the old release are read as those of the new.

    Raises RequestError for graphs whose IRIs begin differently, since no node is in both.
    """
    bases = [str(g.manifest["base"]) for g in (old, new)]
    if bases[0] != bases[1]:
        raise RequestError(
            f"the graphs have different bases, {bases[0]} and {bases[1]}, so no node is in both; "
            "build them with the same --base"
        )
    before, after = _side(old), _side(new)
    if before.release is None or after.release is None or before.release == after.release:
        return before, after
    pairs = list(_pairs(before, before.release, after.release))
    # Elsewhere, what cites the source of a release means just that one.
    own = [*pairs, *zip(before.release.sources, after.release.sources, strict=False)]
    names, release_names = (Names(tuple(p for p in of if p[0] != p[1])) for of in (pairs, own))
    return replace(before, names=names, release_names=release_names), after


def _side(generation: Generation) -> Side:
    bare = Side(generation, None, {})
    rows = bare.scan()
    typed = rows.filter(pl.col("predicate") == RDF.type, pl.col("object") == KG.Document)
    standing = typed.select("subject", "graph").unique().collect()
    found = standing["subject"].unique()
    facts = (
        rows.filter(pl.col("subject").is_in(found.implode()))
        .select("subject", "predicate", "object")
        .sort("subject", "predicate", "object")
        .collect()
    )
    values: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in facts.iter_rows():
        values.setdefault(subject, {}).setdefault(predicate, []).append(value)
    documents, releases = {}, []
    standings = set(standing.iter_rows())
    for document, of in values.items():
        first = {p: v[0] for p, v in of.items()}
        version = first.get(PAV.version)
        documents[document] = DocumentState(
            document, first.get(KG.fileName), first.get(KG.sha256), version
        )
        # RDF of others may describe releases too; that of this graph describes itself.
        own = (document, bare.iris.graph(f"onet/{version}"))
        is_release = concept("document-kind", "onet-release") in of.get(DCT.type, ())
        if version and is_release and own in standings:
            releases.append(Release(version, document, tuple(of.get(DCT.source, ()))))
    return Side(generation, releases[0] if len(releases) == 1 else None, documents)


def _pairs(side: Side, old: Release, new: Release) -> Iterator[tuple[str, str]]:
    """Yield what names of one release begin with, and what those of the other do."""
    iris = side.iris
    yield old.document, new.document
    yield iris.graph(f"onet/{old.version}"), iris.graph(f"onet/{new.version}")
    subject = pl.col("subject")
    inside = f"/{old.version}/"
    numbered = side.scan().filter(
        subject.str.starts_with(iris.base), subject.str.contains(inside, literal=True)
    )
    kind = subject.str.strip_prefix(iris.base).str.split_exact(inside, 1).struct[0]
    for name in numbered.select(kind=kind).unique().collect()["kind"].sort():
        if "/" not in name:
            yield f"{iris.base}{name}/{old.version}", f"{iris.base}{name}/{new.version}"


def _scan(generation: Generation, graphs: Iterable[str]) -> pl.LazyFrame:
    return quads.scan(generation.parts[graph] for graph in graphs)


def ranges(old: Side, new: Side) -> list[tuple[str, str | None]]:
    """Return ranges of names, one after the other, with about `PIECE` triples in each."""
    return _ranges(sorted([*old.sample, *new.sample]), "", None)


def _ranges(sample: Sequence[str], low: str, high: str | None) -> list[tuple[str, str | None]]:
    """Divide a range where a sorted sample of it is."""
    ends = [end for end in sorted(set(sample[:: PIECE // _STEP])) if end > low][1:]
    return list(zip([low, *ends], [*ends, high], strict=True))
