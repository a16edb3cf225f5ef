"""A crosswalk of ESCO and O*NET occupations to links, and what becomes of codes that are no more.

A pair whose code the release has is a `skos:closeMatch` with the confidence of the crosswalk. Where
the release no longer has the code, a history of codes says what it became: one other code that
nothing else became too, and the pair is carried over as it is; one that took in other codes as
well, which is wider (`skos:broadMatch`); or several, each of which is a candidate with its part of
the confidence and no direct triple. Without such a history, or where it does not know the code,
nothing is linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from kg import quads
from kg.mapping.columns import Columns
from kg.mapping.contribution import (
    Contribution,
    Known,
    counted,
    document_rows,
    entry_of,
)
from kg.mapping.esco import ESCO_DATA
from kg.mapping.iris import Iris, Unique, step
from kg.mapping.matches import asserted_matches, direct, inferred_matches, link_quads
from kg.mapping.soc_history import history_node
from kg.model import Finding, Source, SourceRef
from kg.namespaces import (
    DCT,
    KG,
    PROV,
    RDF,
    SEMAPV,
    SKOS,
    SSSOM,
    XSD,
    concept,
)
from kg.readers.crosswalk import Crosswalk
from kg.readers.soc_history import CodeHistory
from kg.texts import number_of

__all__ = ["Carried", "carry", "map_crosswalk"]

_SCHEMA = {
    "line": pl.Int64,
    "concept": pl.String,
    "label": pl.String,
    "code": pl.String,
    "title": pl.String,
    "level": pl.String,
    "confidence": pl.String,
    "similarity": pl.String,
    "former": pl.String,
    "change": pl.String,
    "history": pl.String,
}
_CHANGES = {
    "one-to-one": "carried over, since the code became one other code",
    "taken-up": "carried over to a wider code, which took in others too",
    "split": "turned into candidates, since the code was split",
    "lost": "left out, since their codes lead to none of the release",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a code: how it changed, the codes that the release has of it, and the table.

    `parts` is how many codes it became, those among them that the release does not have.
    """

    change: str
    codes: tuple[str, ...] = ()
    parts: int = 1
    history: CodeHistory | None = None


def carry(code: str, codes: Collection[str], histories: Sequence[CodeHistory]) -> Carried:
    """Return what became of a code that no longer is, by the first table that knows it."""
    for history in histories:
        if later := history.later.get(code):
            there = tuple(sorted(c for c in later if c in codes))
            if not there:
                continue
            if len(later) > 1:
                return Carried("split", there, len(later), history)
            alone = set(history.earlier[there[0]]) == {code}
            return Carried("one-to-one" if alone else "taken-up", there, 1, history)
    return Carried("lost")


def map_crosswalk(
    crosswalk: Crosswalk,
    known: Known,
    histories: Sequence[CodeHistory],
    described: Collection[str] | None,
    source: Source,
    iris: Iris,
    release_cite: str = "",
) -> Contribution:
    """Return what a crosswalk contributes.

    `known` has the codes of the release; `described` are the ESCO occupations that the graph
    describes, None where it holds no ESCO; `release_cite` is whom to name for the release's codes.
    """
    return _Mapped(
        crosswalk, known, histories, described, source, iris, release_cite
    ).contribution()


class _Mapped:
    """The pairs of a crosswalk, each with what becomes of it."""

    def __init__(
        self,
        crosswalk: Crosswalk,
        known: Known,
        histories: Sequence[CodeHistory],
        described: Collection[str] | None,
        source: Source,
        iris: Iris,
        release_cite: str,
    ) -> None:
        self.crosswalk, self.known, self.histories = crosswalk, known, histories
        self.described, self.source, self.iris = described, source, iris
        self.release_cite = release_cite
        self.name = f"crosswalk/{step(crosswalk.stem)}"
        self.graph = iris.graph(self.name)
        self.links_graph = iris.links_graph(self.graph)
        self.document = f"{iris.base}document/{self.name}"
        self.changes: Counter[str] = Counter()
        self.lost: list[tuple[str, int]] = []
        self.renewed = 0
        self.direct, self.carried = self._pairs()

    def _pairs(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the pairs that join directly, and those that are carried over."""
        unique = Unique()
        direct: list[dict[str, object]] = []
        carried: list[dict[str, object]] = []
        codes = self.known.codes
        for row in self.crosswalk.rows.iter_rows(named=True):
            code = row["code"]
            if self.known.version is None or code in codes:
                direct.append(row)
                self.renewed += any(len(h.later.get(code, ())) > 1 for h in self.histories)
                continue
            fate = carry(code, codes, self.histories)
            self.changes[fate.change] += 1
            if fate.history is None:
                self.lost.append((code, row["line"]))
                continue
            part = Decimal(row["confidence"]) / fate.parts
            confidence = str(part.quantize(Decimal("0.0001")).normalize())
            told = {
                "former": code,
                "change": fate.change,
                "history": history_node(fate.history, self.iris),
                "confidence": row["confidence"] if fate.parts == 1 else confidence,
            }
            carried += [{**row, **told, "code": later} for later in fate.codes]
        return self._links(direct, unique, SKOS.closeMatch), self._links(carried, unique, None)

    def _links(
        self, rows: list[dict[str, object]], unique: Unique, predicate: str | None
    ) -> pl.DataFrame:
        table = pl.DataFrame(rows, schema=_SCHEMA)
        prefix = f"{self.iris.base}link/{self.name}/"
        pairs = table.select("concept", "code").iter_rows()
        nodes = [unique(f"{prefix}{step(c.rstrip('/').rpartition('/')[2])}/{k}") for c, k in pairs]
        wider = pl.when(pl.col("change") == "taken-up")
        return table.with_columns(
            pl.Series("link", nodes, dtype=pl.String),
            pl.col("concept").alias("source"),
            (pl.lit(self.iris.occupation_prefix) + pl.col("code")).alias("target"),
            pl.lit(predicate).alias("property")
            if predicate
            else wider.then(pl.lit(SKOS.broadMatch))
            .otherwise(pl.lit(SKOS.closeMatch))
            .alias("property"),
        )

    def contribution(self) -> Contribution:
        ref = SourceRef(self.source.key)
        own = entry_of(self.graph, self.document, self.source)
        cite = "; ".join(filter(None, (own.attribution, self.release_cite)))
        both = replace(own, document=None, attribution=cite)
        matches, concluded = asserted_matches(self.iris), inferred_matches(self.iris)
        graphs: dict[str, Callable[[], list[pl.DataFrame]]] = {self.graph: self._asserted}
        if self.carried.height:
            graphs[self.links_graph] = self._inferred
        sure = self.carried.filter(pl.col("change") != "split")
        return Contribution(
            "crosswalk",
            self.name,
            (self.crosswalk.document,),
            graphs,
            {
                self.graph: own,
                self.links_graph: replace(both, graph=self.links_graph, kind="inferred"),
                matches: replace(both, graph=matches),
                concluded: replace(both, graph=concluded, kind="inferred"),
            },
            shared={matches: direct(self.direct, matches), concluded: direct(sure, concluded)},
            sources={ref: None},
            findings=tuple(self._findings()),
            counts={self.name: self._counts()},
        )

    def _asserted(self) -> list[pl.DataFrame]:
        graph = self.graph
        source = self.iris.source(SourceRef(self.source.key))
        rows = [
            *document_rows(self.document, "crosswalk", self.crosswalk.document, source, graph),
            quads.iri(graph, RDF.type, SSSOM.MappingSet, graph),
            quads.text(graph, DCT.title, self.source.title, graph),
            quads.iri(graph, SSSOM.subject_source, f"{ESCO_DATA}concept-scheme/occupations", graph),
        ]
        justification = SEMAPV.CompositeMatching
        # A title is that of the code in the table; where the code is another one, it would mislead.
        titles = Columns(self.direct, "link", graph).text(SSSOM.object_label, "title")
        return [quads.from_rows(rows), *self._said(self.direct, graph, justification), titles]

    def _inferred(self) -> list[pl.DataFrame]:
        graph = self.links_graph
        links = Columns(self.carried, "link", graph)
        tables = self.carried["history"].unique().sort()
        rows = [
            quads.iri(graph, RDF.type, SSSOM.MappingSet, graph),
            *(quads.iri(graph, PROV.wasDerivedFrom, node, graph) for node in tables),
            quads.iri(graph, PROV.wasDerivedFrom, self.document, graph),
        ]
        change = pl.lit(concept("code-change", "")) + pl.col("change")
        return [
            quads.from_rows(rows),
            *self._said(self.carried, graph, SEMAPV.MappingChaining),
            links.node(KG.codeHistory, "history"),
            links.literal(KG.formerCode, "former"),
            links.node(KG.codeChange, change),
        ]

    def _said(self, table: pl.DataFrame, graph: str, justification: str) -> list[pl.DataFrame]:
        links = Columns(table, "link", graph)
        return [
            *link_quads(links),
            links.same(SSSOM.mapping_justification, justification),
            links.literal(SSSOM.confidence, "confidence", XSD.decimal),
            links.literal(SSSOM.similarity_score, "similarity", XSD.decimal),
            links.text(SSSOM.subject_label, "label"),
            links.literal(KG.statedConfidence, "level"),
            links.same(PROV.wasDerivedFrom, self.document),
            links.literal(KG.line, "line", XSD.integer),
        ]

    def _findings(self) -> Iterator[Finding]:
        file, release = self.crosswalk.document.file_name, self.known.name
        if self.known.version is None:
            yield Finding("info", "no O*NET release was given: codes not looked up", file)
            return
        if total := self.changes.total():
            message = f"pairs with a code that {release} does not have: {total:,}"
            yield Finding("info", message, file)
        for change, what in _CHANGES.items():
            if (count := self.changes[change]) and not (change == "lost" and not self.histories):
                yield Finding("info", f"pairs {what}: {count:,}", file)
        if self.lost and not self.histories:
            message = (
                f"pairs left out, since no history of codes was given: {len(self.lost):,}; "
                "add one, such as O*NET's of 2010 to 2019"
            )
            yield Finding("warning", message, file)
        else:
            yield from self._lost_codes()
        if self.renewed:
            message = f"pairs whose code {release} has, and of which a part became another one: "
            message += f"{self.renewed:,}"
            yield Finding("info", message, file)
        if self.described is not None:
            strange = self.crosswalk.rows.filter(~pl.col("concept").is_in(list(self.described)))
            for node, line in strange.select("concept", "line").iter_rows():
                yield Finding(
                    "info",
                    f"names an occupation that ESCO here does not describe: {node}",
                    file,
                    line,
                )

    def _lost_codes(self) -> Iterator[Finding]:
        """Yield each code that leads nowhere, with the number of its pairs and the first one."""
        file, release = self.crosswalk.document.file_name, self.known.name
        pairs = Counter(code for code, _ in self.lost)
        lines = dict(reversed(self.lost))
        for code, count in sorted(pairs.items()):
            later = next((h.later[code] for h in self.histories if code in h.later), ())
            fate = f"became {', '.join(later)}, which it lacks too" if later else "is in no history"
            number = number_of(count, "pair")
            message = f"{release} has no code {code} ({number}); it {fate}"
            yield Finding("info", message, file, lines[code])

    def _counts(self) -> dict[str, object]:
        left_out = {"no such code in the release": len(self.lost)} if self.lost else {}
        graphs = [*self._asserted(), *(self._inferred() if self.carried.height else [])]
        return {
            **counted(
                self.crosswalk.rows.height,
                self.crosswalk.rows.height - len(self.lost),
                left_out,
                self.direct.height + self.carried.height,
                sum(table.height for table in graphs),
            ),
            "matched": {"direct": self.direct.height, **dict(sorted(self.changes.items()))},
        }
