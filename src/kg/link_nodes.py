"""Link nodes: the mappings of a quad table as rows, and what they together say of their triples.

A link (`kg:Link`, or any mapping in SSSOM's RDF form) holds the triple that it is about as
`owl:annotatedSource`, `owl:annotatedProperty` and `owl:annotatedTarget`. What is said of it counts
in whichever graph it stands, as it does for a query.
"""

from __future__ import annotations

import polars as pl

from kg.namespaces import KG, NEGATED, OWL, SEMAPV, SSSOM

__all__ = ["PROPERTIES", "confidence_number", "is_negated", "link_nodes", "surest"]

#: What is read of links, for those who read a table once for more than links.
PROPERTIES = (
    OWL.annotatedSource,
    OWL.annotatedProperty,
    OWL.annotatedTarget,
    SSSOM.confidence,
    SSSOM.mapping_justification,
    SSSOM.predicate_modifier,
)
_TRIPLE = ("subject", "property", "object")


def confidence_number(column: str) -> pl.Expr:
    """Return a column of texts as confidences, null where a text is no number from 0 to 1.

    That is the range of https://w3id.org/sssom/confidence.
    """
    number = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(number.is_between(0, 1)).then(number)


def is_negated(column: str) -> pl.Expr:
    """Tell which values of `sssom:predicate_modifier` say that a triple is not so.

    It is "Not", the one value that SSSOM has; another says something that is not known here, and
    denies nothing.
    """
    return (pl.col(column).str.to_lowercase() == NEGATED.lower()).fill_null(value=False)


def link_nodes(table: pl.LazyFrame) -> pl.DataFrame:
    """Return the links of a quad table, a row a link, in the order of their nodes.

    - `link`, and `graph`, where its subject stands (null for the default graph)
    - `subject`, `property`, `object`: the triple that it is about
    - `confidence`, as written, and `sure`, as a number: the highest from 0 to 1, null without one
    - `justification`, the first of them
    - `is_decision`: it is what a person decided of `kg:supports`, see `kg.mapping.curation`
    - `is_denial`: it says that its triple is not so
    - `counts`: it is a decision, or there is none on its triple
    - `is_denied`: one that counts says that the triple is not so
    """
    said = (
        table.filter(pl.col("predicate").is_in(PROPERTIES))
        .select("predicate", "object", "graph", link="subject")
        .collect()
    )

    by_property = said.partition_by("predicate", as_dict=True, include_key=False)

    def of(predicate: str, name: str) -> pl.DataFrame:
        values = by_property.get((predicate,), said.clear())
        return values.select("link", pl.col("object").alias(name)).unique()

    confidences = (
        of(SSSOM.confidence, "confidence")
        .with_columns(sure=confidence_number("confidence"))
        .drop_nulls("sure")
        .sort("sure", "confidence")
        .unique("link", keep="last")
    )
    is_by_hand = pl.col("justification") == SEMAPV.ManualMappingCuration
    justifications = (
        of(SSSOM.mapping_justification, "justification")
        .group_by("link")
        .agg(pl.col("justification").min(), is_by_hand=is_by_hand.any())
    )
    denials = of(SSSOM.predicate_modifier, "modifier").filter(is_negated("modifier"))
    is_decision = (pl.col("property") == KG.supports) & pl.col("is_by_hand")
    return (
        by_property.get((OWL.annotatedSource,), said.clear())
        .select("link", "graph", subject="object")
        .join(of(OWL.annotatedProperty, "property"), on="link")
        .join(of(OWL.annotatedTarget, "object"), on="link")
        .join(confidences, on="link", how="left")
        .join(justifications, on="link", how="left")
        .with_columns(
            is_denial=pl.col("link").is_in(denials["link"].implode()),
            is_decision=is_decision.fill_null(value=False),
        )
        .with_columns(
            counts=pl.col("is_decision") | ~pl.col("is_decision").any().over(_TRIPLE),
        )
        .with_columns(is_denied=(pl.col("is_denial") & pl.col("counts")).any().over(_TRIPLE))
        .select(
            *("link", "graph", *_TRIPLE, "confidence", "sure", "justification"),
            *("is_decision", "is_denial", "counts", "is_denied"),
        )
        .sort("link", *_TRIPLE, "graph")
    )


def surest(links: pl.DataFrame) -> pl.DataFrame:
    """Return the surest link of each triple that links, as `link_nodes` gives them, do not deny.

    Columns: `subject`, `property`, `object`, `graph`, `confidence` (as written) and `sure`: 1 of a
    decision that gives no confidence, null where no link has one. Links that do not count are left
    out; of equally sure ones the first graph, then the first node counts.
    """
    sure = pl.when("is_decision").then(pl.col("sure").fill_null(1.0)).otherwise("sure")
    return (
        links.filter("counts", ~pl.col("is_denied"))
        .with_columns(sure=sure)
        .sort(
            *(*_TRIPLE, "sure", "graph", "link"),
            descending=[*(False for _ in _TRIPLE), True, False, False],
            nulls_last=[*(False for _ in _TRIPLE), True, False, False],
        )
        .unique(_TRIPLE, keep="first", maintain_order=True)
        .select(*_TRIPLE, "graph", "confidence", "sure")
    )
