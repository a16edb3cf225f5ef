"""Concepts that pages name: shipped ones by label or code, and new ones that a page introduces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kg import quads
from kg.mapping.iris import Iris, slug
from kg.model import Quad
from kg.namespaces import KG, ONET, RDF, SKOS, XSD, scheme

__all__ = ["Concepts", "index_concepts", "introduce", "introduce_stage", "merge_terms"]

#: Properties of which a node that several pages introduce keeps one value.
_SINGLE = (SKOS.prefLabel, SKOS.notation, ONET.task)


@dataclass(frozen=True, slots=True)
class Concepts:
    """The shipped concepts: by scheme name and slug of a label or code, and all of their IRIs."""

    by_name: Mapping[tuple[str, str], str]
    iris: frozenset[str]

    def find(self, scheme_name: str, name: str) -> str | None:
        """Return the shipped concept of a scheme with this label or code.

        Names count as the same where their slugs are, so that no other concept, made from a
        name on a page, can get the IRI of a shipped one.
        """
        return self.by_name.get((scheme_name, slug(name)))


def index_concepts(schemes: Iterable[Quad]) -> Concepts:
    """Index the quads of the shipped schemes."""
    rows = list(schemes)
    prefix = scheme("")
    schemes_of = {
        q.subject: q.object.removeprefix(prefix) for q in rows if q.predicate == SKOS.inScheme
    }
    names = {(schemes_of[node], node.rpartition("/")[2]): node for node in schemes_of}
    names |= {
        (schemes_of[q.subject], slug(q.object)): q.subject
        for q in rows
        if q.predicate in (SKOS.prefLabel, SKOS.notation) and q.subject in schemes_of
    }
    return Concepts(names, frozenset(schemes_of))


def introduce(
    scheme_name: str, label: str, notation: str | None, iris: Iris, kind: str | None = None
) -> tuple[str, list[Quad]]:
    """Return the IRI of a concept that only pages know, and its quads."""
    node = iris.term(scheme_name, notation or label)
    graph = iris.graph("page-terms")
    rows = [
        quads.iri(node, RDF.type, SKOS.Concept, graph),
        quads.iri(node, SKOS.inScheme, scheme(scheme_name), graph),
        quads.text(node, SKOS.prefLabel, label, graph),
    ]
    if notation:
        rows.append(quads.literal(node, SKOS.notation, notation, graph))
    if kind:
        rows.append(quads.iri(node, RDF.type, kind, graph))
    return node, rows


def introduce_stage(kind: str, number: int, iris: Iris) -> tuple[str, list[Quad]]:
    """Return the IRI of a career stage or level beyond the shipped ones, and its quads."""
    label = f"{'Career stage' if kind == 'career-stage' else 'Level'} {number}"
    node, rows = introduce(kind, label, str(number), iris, KG.Stage)
    graph = rows[0].graph
    return node, [*rows, quads.literal(node, KG.position, str(number), graph, XSD.integer)]


def merge_terms(terms: Iterable[Quad]) -> pl.DataFrame:
    """Return the nodes that pages introduce as a table: of several labels the first in order."""
    table = quads.unique_sorted(quads.from_rows(terms))
    single = pl.col("predicate").is_in(_SINGLE)
    first = table.filter(single).unique(["subject", "predicate"], keep="first", maintain_order=True)
    return quads.concat([table.filter(~single), first])
