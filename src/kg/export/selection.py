"""What is exported: a whole graph, or the part that is about something.

A part keeps its quads as they are, in their graphs. That of an occupation holds the occupation
with its tasks and the rows of a release that are about either, such as ratings; the figures of an
index about it, its tasks and its SOC group; its frameworks with their sections, statements and
links; the documents these come from with the rest of what they say of it; the links of crosswalks
to it, with the nodes that they come from; and, one step further, the description of whatever these
name: sources, stages, domains, concepts, elements, skills. That of a kind of framework holds the
frameworks of that kind and what belongs to them, but no rows. The catalogue's entries of the graphs
that a part comes from go with it, but for the counts of triples, which hold for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import polars as pl

from kg import quads
from kg.errors import NotFoundError, RequestError
from kg.lookup import ENTITIES
from kg.namespaces import DCT, KG, ONET, OWL, PROV, RDF, SCHEMA, VOID

__all__ = ["Selection"]

#: Quads in memory at a time, about.
SLICE = 200_000
_MOST_NAMED = 5
_TRIPLE = ("subject", "predicate", "object", "kind", "datatype", "language")
#: The type comes first in the description of a node; a text sorts by its bytes.
_ORDER = ("subject", "is_type", *_TRIPLE[1:])
#: What a hop does not follow: to the vocabulary, which describes itself.
_TERMS = (RDF.type, OWL.annotatedProperty)


@dataclass(frozen=True)
class Selection:
    """The parts of a graph (its Parquet file by named graph) and what of it is wanted."""

    parts: Mapping[str, Path]
    base: str
    occupation: str | None = None
    framework: str | None = None
    graph: str | None = None

    def __post_init__(self) -> None:
        if self.graph is not None and self.graph not in self.parts:
            near = get_close_matches(self.graph, list(self.parts), _MOST_NAMED, 0)
            more = "" if len(near) == len(self.parts) else ", and more: kg info lists them"
            raise NotFoundError(
                f"no graph is called {self.graph!r}; there are: {', '.join(near)}{more}"
            )
        if self.framework is not None and not self._frameworks.height:
            kinds = self.whole.filter(
                pl.col("predicate") == DCT.type,
                pl.col("object").str.contains("/framework-kind/", literal=True),
            )
            found = {k.rpartition("/")[2] for k in kinds.collect()["object"]}
            if self.framework not in found:
                raise NotFoundError(
                    f"no framework of the kind {self.framework!r}; "
                    f"there are: {', '.join(sorted(found)) or 'none'}"
                )
            raise RequestError(f"the occupation has no framework of the kind {self.framework!r}")

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.occupation is None and self.framework is None and self.graph is None

    @cached_property
    def whole(self) -> pl.LazyFrame:
        """The quad table of the graph, whatever is wanted of it."""
        return quads.scan(self.parts.values())

    @cached_property
    def quads(self) -> pl.LazyFrame:
        """The quads that are wanted."""
        return quads.scan(self.parts[g] for g in self.graphs).filter(self._wanted)

    @cached_property
    def graphs(self) -> list[str]:
        """The named graphs that the wanted quads stand in, sorted."""
        named = [self.graph] if self.graph is not None else sorted(self.parts)
        if self._nodes is None:
            return named
        found = quads.scan(self.parts[g] for g in named).filter(self._wanted)
        return sorted(found.select("graph").unique().collect()["graph"])

    @property
    def _wanted(self) -> pl.Expr:
        if self._nodes is None:
            return pl.lit(True)
        return pl.col("subject").is_in(self._nodes.implode()) & (
            pl.col("predicate") != VOID.triples
        )

    def triples(self) -> Iterator[pl.DataFrame]:
        """Yield the wanted triples without their graphs: each once, every subject in one piece."""
        for piece in _pieces(self.quads):
            yield piece.select(_TRIPLE).unique().with_columns(_is_type()).sort(_ORDER)

    def edges(self, nodes: pl.LazyFrame) -> Iterator[pl.DataFrame]:
        """Yield the wanted quads between nodes (`node`) but for types, every subject in one piece.

        They have their graphs.
        """
        found = self.quads.filter(pl.col("kind") != "literal", pl.col("predicate") != RDF.type)
        for end in ("subject", "object"):
            found = found.join(nodes, left_on=end, right_on="node", how="semi")
        yield from _pieces(found)

    def datasets(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the wanted quads graph by graph, every subject of a graph in one piece."""
        for graph in self.graphs:
            for piece in _pieces(quads.scan([self.parts[graph]]).filter(self._wanted)):
                yield graph, piece.with_columns(_is_type()).sort(_ORDER)

    @cached_property
    def _frameworks(self) -> pl.DataFrame:
        """Occupations with their frameworks, those of the wanted kind, as `root` and `node`."""
        found = _links(self.whole, KG.occupation).join(_typed(self.whole, KG.Framework), on="node")
        if self.occupation is not None:
            found = found.filter(pl.col("root") == self.occupation)
        if self.framework is not None:
            kind = pl.col("object").str.ends_with(f"/framework-kind/{self.framework}")
            of_kind = self.whole.filter(pl.col("predicate") == DCT.type, kind)
            found = found.join(of_kind.select(node="subject"), on="node", how="semi")
        return found.collect()

    @cached_property
    def described(self) -> pl.DataFrame:
        """Occupations with every node that the part about them describes: `root` and `node`."""
        whole, frameworks = self.whole, self._frameworks.lazy()
        if self.framework is not None:
            roots = frameworks.select("root").unique()
        else:
            roots = _typed(whole, KG.Occupation).select(root="node").unique()
            if self.occupation is not None:
                roots = roots.filter(pl.col("root") == self.occupation)
        statements = _below(frameworks, _links(whole, KG.framework))
        parts = _links(whole, DCT.isPartOf)
        documents = frameworks.join(_up(whole, DCT.isPartOf), on="node").select("root", node="up")
        hop = whole.filter(pl.col("kind") != "literal", ~pl.col("predicate").is_in(list(_TERMS)))
        own = [
            roots.select("root", node="root"),
            frameworks,
            statements,
            _below(statements, _links(whole, OWL.annotatedSource)),
            _below(frameworks, parts),
            documents,
        ]
        # What an occupation or task leads to in the words of a release and is no entity, is a row.
        tasks = roots.join(_up(whole, ONET.hasTask), left_on="root", right_on="node")
        subjects = pl.concat([roots.select("root", node="root"), tasks.select("root", node="up")])
        is_ours = pl.any_horizontal(
            pl.col("predicate").str.starts_with(space.iri) for space in (ONET, KG)
        )
        entities = pl.concat([_typed(whole, kind) for kind in ENTITIES.values()])
        rows = (
            subjects.join(hop.filter(is_ours), left_on="node", right_on="subject")
            .select("root", node="object")
            .unique()
            .join(entities, on="node", how="anti")
            .collect()
            .lazy()
        )
        # What has a description of its own, of other occupations, is not taken along.
        kinds = [KG.Occupation, KG.Framework, KG.Statement, KG.Link]
        roots_of_others = pl.concat([_typed(whole, k) for k in kinds])
        if self.framework is None:
            groups = roots.join(_up(whole, KG.socGroup), left_on="root", right_on="node")
            about = pl.concat([subjects, groups.select("root", node="up")])
            pages = pl.concat([documents, _below(about, _links(whole, SCHEMA.about))]).unique()
            ends = (OWL.annotatedSource, OWL.annotatedTarget)
            links = pl.concat([_below(own[0], _links(whole, end)) for end in ends])
            linked = pl.concat([links.join(_up(whole, end), on="node") for end in ends])
            partners = linked.select("root", node="up").join(roots_of_others, on="node", how="anti")
            own += [pages, _below(pages, parts), subjects, rows, links, partners]
        owned = pl.concat(own).unique().collect().lazy()
        named = owned.join(hop, left_on="node", right_on="subject").select("root", node="object")
        named = named.unique().join(roots_of_others, on="node", how="anti")
        if self.framework is not None:
            named = named.join(rows, on=["root", "node"], how="anti")
        return pl.concat([owned, named]).unique().sort("root", "node").collect()

    @cached_property
    def _nodes(self) -> pl.Series | None:
        """The nodes that the part describes; None where it is the whole of its graphs."""
        if self.occupation is None and self.framework is None:
            return None
        nodes = self.described["node"].unique()
        in_nodes = pl.col("subject").is_in(nodes.implode())
        graphs = self.whole.filter(in_nodes).select("graph").unique().collect()["graph"]
        entries = pl.concat([graphs, pl.Series([self.base + "graph/sources"])])
        # A release, say, is named by the catalogue only, and what to cite for it by its source.
        documents = self._objects_of(entries, PROV.wasDerivedFrom)
        sources = self._objects_of(documents, DCT.source)
        catalog = pl.Series([self.base + "graph/catalog"])
        return pl.concat([nodes, entries, catalog, documents, sources]).unique().sort()

    def _objects_of(self, subjects: pl.Series, predicate: str) -> pl.Series:
        is_subject = pl.col("subject").is_in(subjects.implode())
        found = self.whole.filter(is_subject, pl.col("predicate") == predicate)
        return found.select("object").unique().collect()["object"]

    def by_occupation(self) -> Iterator[tuple[str, pl.DataFrame, list[str]]]:
        """Yield each wanted occupation with the triples of the part about it, and their graphs."""
        described = self.described
        if self.graph is not None:
            here = _typed(self.quads, KG.Occupation).collect()["node"]
            described = described.filter(pl.col("root").is_in(here.implode()))
        for roots in _batches(described["root"].unique().sort()):
            nodes = described.filter(pl.col("root").is_in(roots.implode()))
            rows = self.quads.join(nodes.lazy(), left_on="subject", right_on="node")
            table = rows.select("root", *_TRIPLE, "graph").sort("root", *_TRIPLE).collect()
            for part in table.partition_by("root", maintain_order=True):
                triples = part.select(_TRIPLE).unique(maintain_order=True)
                yield part["root"][0], triples, part["graph"].unique().to_list()


def _batches(values: pl.Series, size: int = 100) -> Iterator[pl.Series]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _pieces(table: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield a table in ranges of its subjects: bounded in memory, in order from one to the next."""
    counts = table.group_by("subject").agg(pl.len()).sort("subject").collect()
    # A range begins with the first subject before which there are that many quads more.
    number = (counts["len"].cum_sum() - counts["len"]) // SLICE
    bounds = counts["subject"].filter(number.diff().fill_null(0) > 0).to_list()
    del counts
    if not bounds:
        yield table.collect()
        return
    subject = pl.col("subject")
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        piece = table if low is None else table.filter(subject >= low)
        yield (piece if high is None else piece.filter(subject < high)).collect()


def _is_type() -> pl.Expr:
    return (pl.col("predicate") != RDF.type).alias("is_type")


def _typed(table: pl.LazyFrame, kind: str) -> pl.LazyFrame:
    typed = table.filter(pl.col("predicate") == RDF.type, pl.col("object") == kind)
    return typed.select(node="subject").unique()


def _links(table: pl.LazyFrame, predicate: str) -> pl.LazyFrame:
    """Return what a property leads to as `root`, what it leads from as `node`."""
    return table.filter(pl.col("predicate") == predicate).select(root="object", node="subject")


def _up(table: pl.LazyFrame, predicate: str) -> pl.LazyFrame:
    return table.filter(pl.col("predicate") == predicate).select(node="subject", up="object")


def _below(pairs: pl.LazyFrame, links: pl.LazyFrame) -> pl.LazyFrame:
    """Return roots with what leads to the nodes they are paired with."""
    below = links.select(below="node", node="root")
    return pairs.join(below, on="node").select("root", node="below")
