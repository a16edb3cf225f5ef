"""RDF documents of others: what describes them, and what joins their nodes to ours.

Their quads stay as they are. What is looked for in them are the codes of occupations, and the
licence that a document states for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kg import quads
from kg.mapping.iris import Iris
from kg.model import Document, Quad
from kg.namespaces import (
    DCAT,
    DCT,
    KG,
    ONET,
    OWL,
    PROV,
    RDF,
    SCHEMA,
    SKOS,
    SSSOM,
    VOID,
    concept,
)

__all__ = ["Described", "map_document", "map_matches"]

_TOOL, _TOOL_VERSION = "skills-kg codes", "1"
_LICENCE = (DCT.license, SCHEMA.license, "http://creativecommons.org/ns#license")
#: The classes of which a node stands for the document, or a large part of it.
_DATASET = (DCAT.Dataset, OWL.Ontology, SCHEMA.Dataset, SKOS.ConceptScheme, VOID.Dataset)
_WANTED = pl.col("predicate").is_in([ONET.onetSOCCode, *_LICENCE]) | (
    (pl.col("predicate") == RDF.type) & pl.col("object").is_in([ONET.Occupation, *_DATASET])
)


@dataclass(slots=True)
class Described:
    """What is found in the sorted quads of a document, a part at a time.

    An occupation of ours, by its code, is matched by every `onet:Occupation` that has its code
    and no other; where there is none, by the only node that has it. `codes` are those of ours.
    """

    codes: Collection[str]
    #: How many nodes have a code that we do not know, or several of them.
    unknown: int = 0
    several: int = 0
    _occupations: set[tuple[str, str]] = field(default_factory=set)
    _others: dict[str, set[str]] = field(default_factory=dict)
    _licences: set[tuple[str, str]] = field(default_factory=set)
    #: What is known of the node that the last part may have ended in the middle of.
    _open: pl.DataFrame = field(default_factory=quads.SCHEMA.to_frame)

    @property
    def state(self) -> dict[str, Any]:
        """All that was found, as JSON has it."""
        return {
            "unknown": self.unknown,
            "several": self.several,
            "occupations": sorted(self._occupations),
            "others": {code: sorted(nodes) for code, nodes in sorted(self._others.items())},
            "licences": sorted(self._licences),
        }

    @classmethod
    def restored(cls, codes: Collection[str], state: Mapping[str, Any]) -> Described:
        """Return what was found in a document before, with the same codes."""
        return cls(
            codes,
            state["unknown"],
            state["several"],
            {(code, node) for code, node in state["occupations"]},
            {code: set(nodes) for code, nodes in state["others"].items()},
            {(kind, value) for kind, value in state["licences"]},
        )

    def see(self, part: pl.DataFrame) -> None:
        """Look at the next quads; parts come in order, each of one graph."""
        rows = quads.concat([self._open, part.filter(_WANTED)])
        last = part.row(-1, named=True)
        is_open = (pl.col("graph") == last["graph"]) & (pl.col("subject") == last["subject"])
        self._open = rows.filter(is_open)
        self._take(rows.filter(~is_open))

    def end(self) -> None:
        """Say that all quads were seen."""
        self._take(self._open)

    @property
    def matches(self) -> list[tuple[str, str]]:
        """The codes of ours with the nodes that have them."""
        typed = {code for code, _ in self._occupations}
        single = {
            (code, next(iter(nodes)))
            for code, nodes in self._others.items()
            if code not in typed and len(nodes) == 1
        }
        return sorted(self._occupations | single)

    @property
    def ambiguous(self) -> list[str]:
        """The codes of ours that several nodes have and no `onet:Occupation` does."""
        typed = {code for code, _ in self._occupations}
        return sorted(c for c, nodes in self._others.items() if c not in typed and len(nodes) > 1)

    @property
    def licence(self) -> tuple[str, str] | None:
        """The kind and value of the licence, if the document states one and no other."""
        return next(iter(self._licences)) if len(self._licences) == 1 else None

    def _take(self, rows: pl.DataFrame) -> None:
        """Take what is known of whole nodes."""
        predicate, value = pl.col("predicate"), pl.col("object")
        is_dataset = ((predicate == RDF.type) & value.is_in(_DATASET)).any()
        said = rows.filter(
            (is_dataset | (pl.col("subject") == pl.col("graph"))).over("graph", "subject"),
            predicate.is_in(_LICENCE),
        )
        if len(self._licences) < 2:
            kinds = said.select("kind", "object").unique()
            self._licences |= set(kinds.head(2).iter_rows())
        coded = (
            # In each graph by itself: what another one says of a node may come much later.
            rows.group_by("graph", "subject", maintain_order=True)
            .agg(
                (value == ONET.Occupation).any().alias("typed"),
                value.filter(predicate == ONET.onetSOCCode, pl.col("kind") == "literal")
                .unique()
                .alias("codes"),
            )
            .filter(pl.col("codes").list.len() > 0)
        )
        for _, node, is_occupation, codes in coded.iter_rows():
            if len(codes) > 1:
                self.several += 1
            elif (code := codes[0]) not in self.codes:
                self.unknown += 1
            elif is_occupation:
                self._occupations.add((code, node))
            elif len(nodes := self._others.setdefault(code, set())) < 2:
                nodes.add(node)


def map_document(node: str, document: Document, graph: str) -> Iterator[Quad]:
    """Yield what describes an RDF document."""
    yield quads.iri(node, RDF.type, KG.Document, graph)
    yield quads.iri(node, DCT.type, concept("document-kind", "rdf"), graph)
    yield quads.literal(node, KG.fileName, document.file_name, graph)
    yield quads.literal(node, KG.sha256, document.sha256, graph)


def map_matches(
    matches: Collection[tuple[str, str]], graph: str, documents: Collection[str], iris: Iris
) -> list[Quad]:
    """Return that our occupations are the same as the nodes of a document that have their codes.

    All in the graph of what is concluded from that document, which is a mapping set in the sense
    of SSSOM; `documents` are those that it is concluded from. Nothing where nothing matches.
    """
    pairs = [(iris.occupation(code), node) for code, node in matches]
    same = [quads.node(ours, SKOS.exactMatch, node, graph) for ours, node in pairs if ours != node]
    if not same:
        return []
    return [
        quads.iri(graph, RDF.type, SSSOM.MappingSet, graph),
        quads.literal(graph, SSSOM.mapping_tool, _TOOL, graph),
        quads.literal(graph, SSSOM.mapping_tool_version, _TOOL_VERSION, graph),
        quads.iri(graph, SSSOM.subject_match_field, SKOS.notation, graph),
        quads.iri(graph, SSSOM.object_match_field, ONET.onetSOCCode, graph),
        *(quads.iri(graph, PROV.wasDerivedFrom, document, graph) for document in documents),
        *same,
    ]
