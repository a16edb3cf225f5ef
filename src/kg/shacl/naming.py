"""What nodes are called and where they were read, for as many nodes as a report has.

A node is named by its best label, or after what it belongs to; it was read where its document
and its line say. Both are looked up in the quad table, all nodes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl
from rdflib import BNode, Graph, Literal
from rdflib.term import Node

from kg.namespaces import KG, RDF
from kg.shacl.found import BATCH, Results
from kg.shacl.keys import key_of
from kg.shacl.locations import NAMED_AFTER, NAMES, PREDICATES, WHOLE, Location
from kg.shacl.model import ValidationResult
from kg.shacl.tables import table_of
from kg.shacl.terms import compact

__all__ = ["Named", "Names", "label", "locate", "named", "names_of", "places_of"]

_EMPTY = pl.Schema(
    {"node": pl.String(), "label": pl.String(), "file": pl.String(), "line": pl.Int64()}
)


class Names:
    """The names and places of the nodes of some data."""

    def __init__(self, data: pl.DataFrame | Graph) -> None:
        self._rows = names_of((table_of(data) if isinstance(data, Graph) else data).lazy())

    def frame(self, keys: pl.Series) -> pl.DataFrame:
        """Return `node`, `label`, `file` and `line` of terms given by their keys, once each.

        What is not known is null; only what something is known of has a row.
        """
        wanted = keys.drop_nulls().unique()
        nodes = wanted.filter(~wanted.str.starts_with('"')).to_frame("node")
        rows = self._rows.join(nodes, left_on="subject", right_on="node", how="semi")
        labels = self._labels(rows)
        places = self._places(rows, nodes)
        return (
            nodes.join(labels, on="node", how="left")
            .join(places, on="node", how="left")
            .filter(pl.any_horizontal(pl.col("label", "file").is_not_null()))
            .select(list(_EMPTY))
        )

    def _labels(self, rows: pl.DataFrame) -> pl.DataFrame:
        own = _best(rows)
        through = rows.filter(pl.col("predicate").is_in(NAMED_AFTER)).select(
            node="subject", other="object", order=_order(NAMED_AFTER)
        )
        others = self._rows.join(through, left_on="subject", right_on="other", how="semi")
        borrowed = (
            through.join(_best(others), left_on="other", right_on="node")
            .sort("order", "other")
            .unique("node", keep="first", maintain_order=True)
            .select("node", "label")
        )
        sections = rows.filter(pl.col("predicate") == RDF.type).select(
            node="subject", label=pl.col("subject").str.extract(r"([^/]*)$")
        )
        found = pl.concat([own, borrowed, sections])
        return found.unique("node", keep="first", maintain_order=True)

    def _places(self, rows: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        wholes = rows.filter(pl.col("predicate").is_in(WHOLE)).select(
            node="subject", document="object"
        )
        documents = pl.concat([nodes.with_columns(document="node"), wholes])
        files = self._rows.filter(pl.col("predicate") == KG.fileName).select(
            document="subject", file="object"
        )
        # One file and one line is the rule; where data breaks it, the first of each.
        placed = documents.join(files, on="document").group_by("node").agg(pl.min("file"))
        numbers = rows.filter(pl.col("predicate") == KG.line).select(
            node="subject", line=pl.col("object").cast(pl.Int64, strict=False)
        )
        lines = numbers.group_by("node").agg(pl.min("line"))
        return placed.join(lines, on="node", how="left")  # a line is one of a file


def names_of(table: pl.LazyFrame) -> pl.DataFrame:
    """Return the rows of a quad table that name nodes, and that say where they were read."""
    is_section = (pl.col("predicate") == RDF.type) & (pl.col("object") == KG.Section)
    return table.filter(pl.col("predicate").is_in(PREDICATES) | is_section).collect()


class Named(NamedTuple):
    """A result, what its focus node and its value are called, and where it was read."""

    result: ValidationResult
    label: str
    value: str | None
    place: Location


def named(results: Sequence[ValidationResult], names: Names) -> Iterator[Named]:
    """Yield results with names and places, a batch at a time."""
    for start in range(0, len(results), BATCH):
        part = results[start : start + BATCH]
        focus, value = _keys(part)
        known = {
            node: (label, Location(file, line))
            for node, label, file, line in names.frame(pl.concat([focus, value])).iter_rows()
        }
        for result, one, other in zip(part, focus, value, strict=True):
            places = [known[key][1] for key in (one, other) if key in known]
            yield Named(
                result,
                _shown(one, result.focus_node, known),
                None if result.value is None else _shown(other, result.value, known),
                _first(places),
            )


def places_of(results: Sequence[ValidationResult], names: Names) -> pl.DataFrame:
    """Return `file` and `line` of each result, in their order."""
    focus, value = _keys(results)
    known = names.frame(pl.concat([focus, value])).select("node", "file", "line")
    table = pl.DataFrame({"focus": focus, "value": value})
    for column in ("focus", "value"):
        there = known.rename({"node": column, "file": f"{column}_file", "line": f"{column}_line"})
        table = table.join(there, on=column, how="left", maintain_order="left")
    by_value = pl.col("focus_line").is_null() & pl.col("value_line").is_not_null()
    return table.select(
        file=pl.when(by_value | pl.col("focus_file").is_null())
        .then("value_file")
        .otherwise("focus_file"),
        line=pl.when(by_value).then("value_line").otherwise("focus_line"),
    )


def label(data: pl.DataFrame | Graph, node: Node) -> str:
    """Return what people call the node; its IRI where nothing says."""
    key = key_of(node)
    rows = Names(data).frame(pl.Series([key])).iter_rows()
    return _shown(key, node, {n: (text, Location()) for n, text, _, _ in rows})


def locate(data: pl.DataFrame | Graph, result: ValidationResult) -> Location:
    """Return where the result's focus node was read, or its value where only that has a line."""
    (found,) = named([result], Names(data))
    return found.place


def _keys(results: Sequence[ValidationResult]) -> tuple[pl.Series, pl.Series]:
    """Return the keys of focus nodes and values, as the data have them."""
    if isinstance(results, Results):
        return results.keys("focus"), results.keys("value")
    focus = [key_of(result.focus_node) for result in results]
    value = [None if r.value is None else key_of(r.value) for r in results]
    return pl.Series(focus, dtype=pl.String), pl.Series(value, dtype=pl.String)


def _first(places: list[Location]) -> Location:
    with_line = [place for place in places if place.line]
    return next((place for place in (*with_line, *places) if place.file), Location())


def _shown(key: str | None, term: Node, known: dict[str, tuple[str | None, Location]]) -> str:
    """Return what people call a term: its label, or its text or IRI where it has none."""
    if isinstance(term, Literal):
        return str(term)
    if key is not None and (found := known.get(key)) and found[0] is not None:
        return found[0]
    return f"_:{term}" if isinstance(term, BNode) else compact(str(term))


def _best(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the best name of each subject: in English, then without a language, then by text."""
    language = pl.col("language").str.to_lowercase()
    is_english = (language.str.extract("^([^-]*)") == "en").fill_null(False)
    named = rows.filter(pl.col("predicate").is_in(NAMES), pl.col("kind") == "literal").select(
        node="subject",
        label="object",
        order=_order(NAMES),
        foreign=~is_english,
        tagged=language.is_not_null(),
    )
    ordered = named.sort("node", "order", "foreign", "tagged", "label")
    return ordered.unique("node", keep="first", maintain_order=True).select("node", "label")


def _order(predicates: tuple[str, ...]) -> pl.Expr:
    places = {predicate: place for place, predicate in enumerate(predicates)}
    return pl.col("predicate").replace_strict(places, return_dtype=pl.Int64)
