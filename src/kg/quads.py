"""The quad table: the one contract between the stages, and its encodings.

Columns, all strings: `subject, predicate, object, kind, datatype, language, graph`.

- `kind` of the object: `iri`, `blank` or `literal`. A blank node is `_:<document>-<label>`, in
  subject and graph too.
- `object` is the lexical form, never escaped; `datatype` is set for every literal, `xsd:string`
  and `rdf:langString` included; `language` is as written, null where there is none.
- `graph` is null for the default graph.

A table that is published is unique and sorted by the bytes of its rows. The N-Quads written here
are canonical (RDF 1.2 N-Quads, section "Canonical N-Quads"), so that a digest means the same
everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import IO

import polars as pl

from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import RDF, XSD

__all__ = [
    "COLUMNS",
    "ROW_GROUP_SIZE",
    "SCHEMA",
    "check_iris",
    "concat",
    "date_type",
    "digest",
    "from_rows",
    "iri",
    "literal",
    "text",
    "to_nquads",
    "unique_sorted",
    "write_nquads",
    "write_parquet",
]

COLUMNS = ("subject", "predicate", "object", "kind", "datatype", "language", "graph")
SCHEMA = pl.Schema({name: pl.String() for name in COLUMNS})
#: Fixed, so that the same rows give the same bytes.
ROW_GROUP_SIZE = 122_880
_SLICE = 200_000

# What an IRIREF may not hold (RDF 1.2 N-Quads, IRIREF), and the scheme an absolute IRI starts with.
_BAD_IRI = r'[\x00-\x20<>"{}|^`\\]'
_ABSOLUTE = r"^[A-Za-z][A-Za-z0-9+.-]*:"


def iri(subject: str, predicate: str, value: str, graph: str | None) -> Quad:
    """Make a quad whose object is an IRI."""
    return Quad(subject, predicate, value, "iri", None, None, graph)


def literal(
    subject: str, predicate: str, value: str, graph: str | None, datatype: str = XSD.string
) -> Quad:
    """Make a quad whose object is a literal without a language."""
    return Quad(subject, predicate, value, "literal", datatype, None, graph)


def text(subject: str, predicate: str, value: str, graph: str | None, language: str = "en") -> Quad:
    """Make a quad whose object is a text in a natural language."""
    return Quad(subject, predicate, value, "literal", RDF.langString, language, graph)


def from_rows(rows: Iterable[Quad]) -> pl.DataFrame:
    """Return rows as a quad table, as they come."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def concat(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several quad tables as one."""
    return pl.concat([SCHEMA.to_frame(), *(t.select(COLUMNS) for t in tables)])


def unique_sorted(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table without repeated rows, in the order in which it is published."""
    return table.unique().sort(
        "graph", "subject", "predicate", "object", "kind", "datatype", "language"
    )


def check_iris(table: pl.DataFrame, source: str) -> None:
    """Raise InputError if a row holds an IRI that is relative or that RDF does not allow.

    This is the one gate: nothing is written, stored or published that has not passed it.
    """
    columns = [
        table["subject"].unique(),
        table["predicate"].unique(),
        table["object"].filter(table["kind"] == "iri").unique(),
        table["graph"].drop_nulls().unique(),
    ]
    for values in columns:
        blank = values.str.starts_with("_:")
        bad = values.filter(
            (~blank & ~values.str.contains(_ABSOLUTE)) | values.str.contains(_BAD_IRI)
        )
        if len(bad):
            raise InputError(f"gives an IRI that is not allowed: {bad.sort()[0]!r}", source)


def to_nquads(table: pl.DataFrame) -> pl.Series:
    """Return one canonical N-Quads line a row, without the line end."""
    kind = pl.col("kind")
    quoted = pl.concat_str(pl.lit('"'), _escaped(pl.col("object")), pl.lit('"'))
    value = (
        pl.when(kind == "iri")
        .then(_node("object"))
        .when(kind == "blank")
        .then(pl.col("object"))
        .when(pl.col("language").is_not_null())
        .then(pl.concat_str(quoted, pl.lit("@"), pl.col("language")))
        .when(pl.col("datatype") == XSD.string)
        .then(quoted)
        .otherwise(pl.concat_str(quoted, pl.lit("^^<"), pl.col("datatype"), pl.lit(">")))
    )
    graph = (
        pl.when(pl.col("graph").is_null())
        .then(pl.lit(""))
        .otherwise(pl.concat_str(pl.lit(" "), _node("graph")))
    )
    parts = (_node("subject"), pl.lit(" <"), pl.col("predicate"), pl.lit("> "), value, graph)
    line = pl.concat_str(*parts, pl.lit(" ."))
    return table.select(line.alias("line"))["line"]


def _node(column: str) -> pl.Expr:
    name = pl.col(column)
    wrapped = pl.concat_str(pl.lit("<"), name, pl.lit(">"))
    return pl.when(name.str.starts_with("_:")).then(name).otherwise(wrapped)


def _escaped(value: pl.Expr) -> pl.Expr:
    named = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f"}
    named["\r"] = "\\r"
    numbered = {chr(c): f"\\u{c:04X}" for c in (*range(0x20), 0x7F) if chr(c) not in named}
    for character, escape in {**named, **numbered}.items():
        value = value.str.replace_all(character, escape, literal=True)
    return value


def _chunks(table: pl.DataFrame) -> Iterator[bytes]:
    for part in table.iter_slices(_SLICE):
        yield ("\n".join(to_nquads(part)) + "\n").encode()


def write_nquads(table: pl.DataFrame, out: IO[bytes]) -> None:
    """Write a table as N-Quads."""
    for chunk in _chunks(table):
        out.write(chunk)


def digest(table: pl.DataFrame) -> str:
    """Return the hexadecimal SHA-256 of a table's N-Quads in its order."""
    hasher = hashlib.sha256()
    for chunk in _chunks(table):
        hasher.update(chunk)
    return hasher.hexdigest()


def write_parquet(table: pl.DataFrame, out: IO[bytes]) -> None:
    """Write a table as Parquet: the same rows always give the same bytes."""
    table.select(COLUMNS).write_parquet(
        out, compression="zstd", statistics=True, row_group_size=ROW_GROUP_SIZE
    )


def date_type(value: str) -> str:
    """Return the datatype of a date written as YYYY, YYYY-MM or YYYY-MM-DD."""
    return {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(value), XSD.date)
