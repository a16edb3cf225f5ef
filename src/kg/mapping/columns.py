"""Whole columns to quads: what is said of every row of a table, one predicate at a time."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kg.namespaces import RDF, XSD

__all__ = ["Columns"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Makes quad tables of the columns of a table, in one graph; a null makes no quad.

    `subject` names the column with the nodes that the rows are.
    """

    table: pl.DataFrame
    subject: str
    graph: str

    def node(self, predicate: str, value: pl.Expr | str) -> pl.DataFrame:
        """Return quads to the node in a column, or to the one that an expression gives."""
        return self._quads(predicate, _expr(value), "iri", None, None)

    def same(self, predicate: str, node: str) -> pl.DataFrame:
        """Return quads that lead from every row to one node."""
        return self._quads(predicate, pl.lit(node), "iri", None, None)

    def text(self, predicate: str, value: pl.Expr | str, language: str = "en") -> pl.DataFrame:
        """Return quads to texts in a natural language."""
        return self._quads(predicate, _expr(value), "literal", RDF.langString, language)

    def literal(
        self, predicate: str, value: pl.Expr | str, datatype: str = XSD.string
    ) -> pl.DataFrame:
        """Return quads to literals without a language."""
        return self._quads(predicate, _expr(value), "literal", datatype, None)

    def split(self, column: str, separator: str) -> Columns:
        """Return the same with a row for each part of the texts in a column, but empty ones."""
        parts = self.table.select(
            self.subject, pl.col(column).str.split(separator).alias(column)
        ).explode(column)
        stripped = parts.with_columns(pl.col(column).str.strip_chars())
        return Columns(stripped.filter(pl.col(column) != ""), self.subject, self.graph)

    def exploded(self, column: str) -> Columns:
        """Return the same with a row for each item of the lists in a column."""
        items = self.table.select(self.subject, column).explode(column).drop_nulls()
        return Columns(items, self.subject, self.graph)

    def _quads(
        self, predicate: str, value: pl.Expr, kind: str, datatype: str | None, language: str | None
    ) -> pl.DataFrame:
        return self.table.select(
            subject=pl.col(self.subject),
            predicate=pl.lit(predicate),
            object=value.cast(pl.String),
            kind=pl.lit(kind),
            datatype=pl.lit(datatype, dtype=pl.String),
            language=pl.lit(language, dtype=pl.String),
            graph=pl.lit(self.graph),
        ).drop_nulls(["subject", "object"])


def _expr(value: pl.Expr | str) -> pl.Expr:
    return pl.col(value) if isinstance(value, str) else value
