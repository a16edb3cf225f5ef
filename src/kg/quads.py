"""The quad table: the one contract between the stages, and its encodings.

Columns, all strings: `subject, predicate, object, kind, datatype, language, graph`.

- `kind` of the object: `iri`, `blank` or `literal`. A blank node is `_:<document>-<label>`, in
  subject and graph too.
- `object` is the lexical form, never escaped; `datatype` is set for every literal, `xsd:string`
  and `rdf:langString` included; `language` is as written, null where there is none (`kg.rdf`, whose
  parser folds them, yields lower-case tags).
- `graph` is null for the default graph.

A table that is published is unique and sorted by the bytes of its rows. The N-Quads written here
are canonical (RDF 1.2 N-Quads, "A Canonical form of N-Quads"), so that a digest means the same
everywhere; the canonical form has language tags in lower case.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import polars as pl
from polars.io.plugins import register_io_source

from kg import rdf
from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import RDF, XSD
from kg.texts import ESCAPES

__all__ = [
    "COLUMNS",
    "ROW_GROUP_SIZE",
    "SCHEMA",
    "check_iris",
    "concat",
    "date_type",
    "digest",
    "encoded",
    "from_nquads",
    "from_rows",
    "iri",
    "lines_of",
    "literal",
    "node",
    "sorted_chunks",
    "stream_parquet",
    "text",
    "to_nquads",
    "unique_sorted",
    "without",
    "write_nquads",
    "write_parquet",
]

COLUMNS = ("subject", "predicate", "object", "kind", "datatype", "language", "graph")
SCHEMA = pl.Schema({name: pl.String() for name in COLUMNS})
#: Fixed, so that the same rows give the same bytes.
ROW_GROUP_SIZE = 122_880
_SLICE = 200_000

# IRIs that need no closer look: most of them, and RDF's own check is a call for each.
_PATH = r"A-Za-z0-9._~!$&'()*+,;=:@/-"
_PLAIN_IRI = rf"^https?://[A-Za-z0-9.-]+/[{_PATH}]*(#[{_PATH}]*)?$"

# How `ESCAPES` are read back; the keys of it.
_CHARACTERS = {escape: character for character, escape in ESCAPES.items()}
_ESCAPE = re.compile(r"\\(?:[^uU]|u.{4}|U.{8})")
_ESCAPED = r'[\x00-\x1F\x7F"\\\x{FFFE}\x{FFFF}]'

# What comes after subject and predicate in a line of canonical N-Quads.
_REST = (
    r"^(?:<(?<iri>[^<>]*)>|(?<blank>_:[^ ]*)"
    r'|"(?<text>(?:[^"\\]|\\.)*)"(?:@(?<tag>[^ ]*)|\^\^<(?<datatype>[^<>]*)>)?)'
    r"(?: (?:<(?<graph>[^<>]*)>|(?<blank_graph>_:[^ ]*)))? \.$"
)


def iri(subject: str, predicate: str, value: str, graph: str | None) -> Quad:
    """Make a quad whose object is an IRI."""
    return Quad(subject, predicate, value, "iri", None, None, graph)


def node(subject: str, predicate: str, value: str, graph: str | None) -> Quad:
    """Make a quad whose object is an IRI or a blank node."""
    kind = "blank" if value.startswith("_:") else "iri"
    return Quad(subject, predicate, value, kind, None, None, graph)


def literal(
    subject: str, predicate: str, value: str, graph: str | None, datatype: str = XSD.string
) -> Quad:
    """Make a quad whose object is a literal without a language."""
    return Quad(subject, predicate, value, "literal", datatype, None, graph)


def text(subject: str, predicate: str, value: str, graph: str | None, language: str = "en") -> Quad:
    """Make a quad whose object is a text in a natural language."""
    return Quad(subject, predicate, value, "literal", RDF.langString, language, graph)


def from_rows(rows: Iterable[Quad]) -> pl.DataFrame:
    """Return rows as a quad table, as they come; InputError if one holds what is no text."""
    try:
        return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")
    except UnicodeEncodeError as error:
        value = ascii(error.object)[:80]
        raise InputError(f"half of a surrogate pair is no text: {value}") from None


def concat(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several quad tables as one."""
    return pl.concat([SCHEMA.to_frame(), *(t.select(COLUMNS) for t in tables)])


def scan(paths: Iterable[Path]) -> pl.LazyFrame:
    """Return the quad table that Parquet files hold together; of none, one without rows."""
    files = list(paths)
    return pl.scan_parquet(files, glob=False) if files else SCHEMA.to_frame().lazy()


def unique_sorted(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table without repeated rows, in the order in which it is published.

    That is the order of the bytes of graph, subject, predicate, object, kind, datatype and
    language, absent ones first.
    """
    # Columns of few different values are sorted by their ranks, which takes a quarter of the time.
    few = [c for c in COLUMNS if c not in ("subject", "object")]
    ranked = table.with_columns(_ranked(table[column]) for column in few)
    ordered = ranked.sort("graph", "subject", "predicate", "object", "kind", "datatype", "language")
    if ordered.height > 1:
        others = pl.all().ne_missing(pl.all().shift(1))
        is_new = ordered.select(new=pl.any_horizontal(others))["new"]
        is_new[0] = True
        ordered = ordered.filter(is_new)
    return ordered.select(pl.col(column).cast(pl.String) for column in COLUMNS)


def _ranked(values: pl.Series) -> pl.Series:
    return values.cast(pl.Enum(values.drop_nulls().unique().sort()))


def sorted_chunks(table: pl.DataFrame, most: int = 500_000) -> Iterator[pl.DataFrame]:
    """Yield a table as `unique_sorted` does, in pieces of about `most` rows one after the other.

    For tables of one graph: pieces are ranges of subjects.
    """
    if table.height <= most:
        yield unique_sorted(table)
        return
    subjects = table["subject"]
    sample = subjects.gather_every(max(1, table.height // 10_000)).sort()
    steps = -(-table.height // most)
    bounds = sorted({sample[i * len(sample) // steps] for i in range(1, steps)})
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        inside = pl.lit(True) if low is None else subjects >= low
        if high is not None:
            inside = inside & (subjects < high)
        yield unique_sorted(table.filter(inside))


def without(table: pl.DataFrame, others: pl.LazyFrame) -> pl.DataFrame:
    """Return the rows of a table whose triples are not among others, whatever their graphs.

    The table is sorted by subject; of the others only what may be the same is looked at.
    """
    if not table.height:
        return table
    triple = [column for column in COLUMNS if column != "graph"]
    subjects = table["subject"]
    # The range spares row groups of a file; beyond it only what may be the same is read.
    near = pl.col("subject").is_between(pl.lit(subjects[0]), pl.lit(subjects[-1]))
    same = pl.col("subject").is_in(subjects.unique().implode())
    taken = others.filter(near, same).select(triple).collect(engine="streaming")
    if not taken.height:
        return table
    return table.join(taken, on=triple, how="anti", nulls_equal=True, maintain_order="left")


def check_iris(table: pl.DataFrame, source: str) -> None:
    """Raise InputError if a row holds an IRI or a blank node that RDF does not allow.

    Relative IRIs are refused too. This is the one gate: nothing is written, stored or published
    that has not passed it.
    """
    ends = pl.concat([table["subject"], table["graph"].drop_nulls()])
    is_blank, kind = ends.str.starts_with("_:"), table["kind"]
    names = [ends.filter(~is_blank), table["object"].filter(kind == "iri")]
    iris = pl.concat([*names, table["predicate"], table["datatype"].drop_nulls()]).unique()
    if bad := [i for i in iris.filter(~iris.str.contains(_PLAIN_IRI)) if not rdf.is_iri(i)]:
        raise InputError(f"gives an IRI that is not allowed: {min(bad)!r}", source)
    blank = pl.concat([ends.filter(is_blank), table["object"].filter(kind == "blank")]).unique()
    if bad := [b for b in blank if not rdf.is_blank(b)]:
        raise InputError(f"gives a blank node that is not allowed: {min(bad)!r}", source)


def to_nquads(table: pl.DataFrame) -> pl.Series:
    """Return one canonical N-Quads line a row, without the line end."""
    # Every text that a row needs on the way costs as much as the line: what stands before and
    # after an object is short, and what is the same in all rows is no column.
    kind, absent = pl.col("kind"), pl.lit("")
    literal = _escaped(table["object"])
    value = pl.when(kind == "literal").then(pl.lit(literal)).otherwise(pl.col("object"))
    opening = pl.when(kind == "iri").then(pl.lit("<")).when(kind == "blank").then(absent)
    closing = pl.when(kind == "iri").then(pl.lit(">")).when(kind == "blank").then(absent)
    if table["language"].null_count() < table.height:
        tagged = pl.concat_str(pl.lit('"@'), pl.col("language").str.to_lowercase())
        closing = closing.when(pl.col("language").is_not_null()).then(tagged)
    typed = pl.concat_str(pl.lit('"^^<'), pl.col("datatype"), pl.lit(">"))
    end = closing.when(pl.col("datatype") == XSD.string).then(pl.lit('"')).otherwise(typed)
    parts = (*_node(table, "subject"), pl.lit(" <"), pl.col("predicate"), pl.lit("> "))
    value_parts = (opening.otherwise(pl.lit('"')), value, end)
    line = pl.concat_str(*parts, *value_parts, *_graph(table), pl.lit(" ."))
    return table.select(line.alias("line"))["line"]


def _node(table: pl.DataFrame, column: str) -> tuple[pl.Expr, ...]:
    """Return the parts that the nodes of a column are written of, one after the other."""
    is_blank = table[column].str.starts_with("_:")
    if not is_blank.any():
        return pl.lit("<"), pl.col(column), pl.lit(">")
    ends = ((pl.when(is_blank).then(pl.lit("")).otherwise(pl.lit(end))) for end in "<>")
    opening, closing = ends
    return opening, pl.col(column), closing


def _graph(table: pl.DataFrame) -> tuple[pl.Expr, ...]:
    """Return the parts that the names of graphs are written of, with a space before each."""
    graph = table["graph"]
    names = graph.unique()
    if len(names) == 1:
        (name,) = names
        if name is None:
            return ()
        return (pl.lit(f" {name}" if name.startswith("_:") else f" <{name}>"),)
    opening, name, closing = _node(table.select(graph.fill_null("_:")), "graph")
    named = pl.concat_str(pl.lit(" "), opening, name, closing)
    return (pl.when(pl.col("graph").is_null()).then(pl.lit("")).otherwise(named),)


def _escaped(values: pl.Series) -> pl.Series:
    """Return texts as they stand between the quotation marks of a literal."""
    special = values.filter(values.str.contains(_ESCAPED))
    present = special.str.extract_all(_ESCAPED).explode().unique()
    # The backslash comes first: the escapes of the others hold one.
    for character in sorted(present, key=lambda c: c != "\\"):
        values = values.str.replace_all(character, ESCAPES[character], literal=True)
    return values


def encoded(table: pl.DataFrame) -> Iterator[tuple[bytes, int]]:
    """Yield the N-Quads of a table in pieces, and how many quads each has."""
    for part in table.iter_slices(_SLICE):
        if part.height:
            yield lines_of(to_nquads(part)), part.height


def lines_of(nquads: pl.Series) -> bytes:
    """Return lines of N-Quads as the file that they make, in UTF-8."""
    # Joined in Polars: a Python string for each line would take as long again.
    end = pl.Series([""])
    lines: bytes = pl.concat([nquads.rename(""), end]).str.join("\n").cast(pl.Binary).item()
    return lines


def from_nquads(lines: str) -> pl.DataFrame:
    """Return canonical N-Quads as a quad table, a row a line; blank nodes by their labels.

    Only the canonical form is read right, such as the parser's serializer writes it: `kg.rdf` is
    for all else. Raises InputError with the first line that a quad table does not hold, for a
    triple term or a base direction.
    """
    line = pl.Series([lines.removesuffix("\n")] if lines else [], dtype=pl.String)
    # IRIs and labels hold no space, so that the first two end the subject and the predicate.
    terms = line.str.split("\n").explode().str.splitn(" ", 3).struct.unnest()
    rest = terms["field_2"].str.extract_groups(_REST).struct.unnest()
    read = pl.DataFrame([*terms.get_columns()[:2], *rest.get_columns()])
    lacks_object = pl.coalesce("iri", "blank", "text").is_null()
    has_direction = pl.col("tag").str.contains("--", literal=True).fill_null(False)
    wrong = read.select(wrong=lacks_object | has_direction)["wrong"]
    if wrong.any():
        raise InputError("holds what no quad table does", line=wrong.arg_true()[0] + 1)
    text = pl.col("text")
    if read["text"].str.contains("\\", literal=True).any():
        text = pl.lit(_unescaped(read["text"]))
    return read.select(
        subject=_bare("field_0"),
        predicate=_bare("field_1"),
        object=pl.coalesce("iri", "blank", text),
        kind=pl.when(pl.col("iri").is_not_null())
        .then(pl.lit("iri"))
        .when(pl.col("blank").is_not_null())
        .then(pl.lit("blank"))
        .otherwise(pl.lit("literal")),
        datatype=pl.when(pl.col("text").is_null())
        .then(pl.lit(None))
        .when(pl.col("tag").is_not_null())
        .then(pl.lit(RDF.langString))
        .otherwise(pl.coalesce("datatype", pl.lit(XSD.string))),
        language="tag",
        graph=pl.coalesce("graph", "blank_graph"),
    )


def _bare(column: str) -> pl.Expr:
    name = pl.col(column)
    return pl.when(name.str.starts_with("_:")).then(name).otherwise(name.str.slice(1).str.head(-1))


def _unescaped(values: pl.Series) -> pl.Series:
    """Return texts as they were before `_escaped`."""
    escaped = values.str.contains("\\", literal=True).fill_null(False)
    plain = [_ESCAPE.sub(_character, value) for value in values.filter(escaped)]
    return values.scatter(escaped.arg_true(), plain)


def _character(escape: re.Match[str]) -> str:
    return _CHARACTERS.get(escape[0]) or chr(int(escape[0][2:], 16))


def write_nquads(table: pl.DataFrame, out: IO[bytes]) -> None:
    """Write a table as N-Quads."""
    for lines, _ in encoded(table):
        out.write(lines)


def digest(table: pl.DataFrame) -> str:
    """Return the hexadecimal SHA-256 of a table's N-Quads in its order."""
    hasher = hashlib.sha256()
    for lines, _ in encoded(table):
        hasher.update(lines)
    return hasher.hexdigest()


def write_parquet(
    table: pl.DataFrame, out: IO[bytes], row_group_size: int = ROW_GROUP_SIZE
) -> None:
    """Write a table as Parquet: the same rows always give the same bytes."""
    stream_parquet([table], out, row_group_size)


def stream_parquet(
    tables: Iterable[pl.DataFrame], out: IO[bytes], row_group_size: int = ROW_GROUP_SIZE
) -> None:
    """Write tables, one after the other, as one Parquet file, holding one at a time.

    The same rows give the same bytes, whichever tables they come in. Raises what reading the
    tables and writing the file raise.
    """
    failures: list[BaseException] = []

    def rows(*_: object) -> Iterator[pl.DataFrame]:
        # Called with what a query selects: here nothing, since all of it is written.
        with _noted(failures):
            yield from tables

    class Noted(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            with _noted(failures):
                return out.write(data)

    try:
        register_io_source(rows, schema=SCHEMA, is_pure=False).sink_parquet(
            cast("IO[bytes]", Noted()),
            compression="zstd",
            statistics=True,
            row_group_size=row_group_size,
            maintain_order=True,
        )
    except BaseException:
        if failures:  # whatever Polars made of it
            raise failures[0] from None
        raise


@contextmanager
def _noted(failures: list[BaseException]) -> Iterator[None]:
    """Note what is raised: by the time it has come through Polars it is something else."""
    try:
        yield
    except GeneratorExit:
        raise
    except BaseException as error:
        failures.append(error)
        raise


def date_type(value: str) -> str:
    """Return the datatype of a date written as YYYY, YYYY-MM or YYYY-MM-DD."""
    return {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(value), XSD.date)
