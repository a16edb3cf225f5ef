"""Results by column: read from what Oxigraph serializes, without a Python object for each cell.

A cell is a term as SPARQL's TSV and N-Triples write it: `<iri>`, `_:label`, `"text"`, `"text"@en`,
`"1"^^<datatype>`, and in TSV the numbers and booleans that Turtle writes bare; an empty cell of
TSV is unbound. https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import polars as pl

from kg.errors import QueryError
from kg.namespaces import RDF, XSD
from kg.store.tables import Term, Value, family, make_column, value_of

__all__ = ["Column", "concat", "read_triples", "read_tsv", "typed", "values"]

_REFUSED = "a result holds a triple term or a base direction (RDF 1.2); use json"
# What tells the form of a term: how it begins, or how a literal ends after its text.
_IRI, _BLANK, _TRIPLE = "<", "_", "<<"
_BARE = {name: f'"^^<{XSD[name]}>' for name in ("boolean", "decimal", "double", "integer")}
_SHORT = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\b": "\b", "\\f": "\f", '\\"': '"'}
_LONG = re.compile(r"\\(?:u(.{4})|U(.{8})|(.))", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """The cells of a column: their values, null where unbound, and for each the form of its term.

    A form is a term without its value. `codes` are positions in `forms`, which has only those that
    occur; without codes, all cells are of the first.
    """

    values: pl.Series
    forms: list[Term]
    codes: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def families(self) -> tuple[str, ...]:
        """What kinds of values the datatypes are of, in order."""
        return tuple(sorted({family(form) for form in self.forms}))

    def head(self, number: int) -> Column:
        """Return the first cells."""
        codes = None if self.codes is None else self.codes.head(number)
        return Column(self.values.head(number), self.forms, codes)

    def terms(self) -> list[Term | None]:
        """Return the cells as terms."""
        texts = self.values.to_list()
        if self.codes is None:
            if not self.forms:
                return texts
            kind, _, datatype, language = self.forms[0]
            return [t if t is None else Term(kind, t, datatype, language) for t in texts]
        forms = self.forms
        return [
            None if t is None else forms[code]._replace(value=t)
            for t, code in zip(texts, self.codes, strict=True)
        ]


def read_tsv(data: bytes, names: list[str]) -> list[Column]:
    """Return the columns of rows of TSV, without its line of names; there is one row at least.

    Raises QueryError for what a table has no cell for.
    """
    table = pl.read_csv(
        data,
        has_header=False,
        new_columns=names,
        separator="\t",
        quote_char=None,  # quotation marks are parts of terms
        infer_schema=False,
    )
    return [_decoded(cells) for cells in table.iter_columns()]


def read_triples(data: bytes) -> list[Column]:
    """Return the columns of N-Triples, each triple once, in the order of their text.

    Raises QueryError for what a table has no cell for.
    """
    lines = pl.Series([data.decode()], dtype=pl.String).str.split("\n").explode()
    # The order of bytes is that of characters, and a space is less than what a term goes on with.
    triples = lines.filter(lines != "").unique().sort().str.strip_suffix(" .")
    parts = triples.str.splitn(" ", 3).struct.unnest()
    return [_decoded(cells) for cells in parts.iter_columns()]


def concat(pieces: Sequence[Column]) -> Column:
    """Return columns one below the other."""
    values = pl.concat([pl.Series(dtype=pl.String), *(piece.values for piece in pieces)])
    forms = list(dict.fromkeys(form for piece in pieces for form in piece.forms))
    if len(forms) < 2:
        return Column(values, forms)
    places = {form: place for place, form in enumerate(forms)}
    codes = []
    for piece in pieces:
        own = pl.Series([places[form] for form in piece.forms], dtype=pl.UInt32)
        if piece.codes is not None:
            codes.append(own.gather(piece.codes))
        else:
            codes.append(pl.Series([own[0] if piece.forms else 0]).new_from_index(0, len(piece)))
    return Column(values, forms, pl.concat(code.cast(pl.UInt32) for code in codes))


def _decoded(cells: pl.Series) -> Column:
    bound = cells.drop_nulls() if cells.null_count() else cells
    if not len(bound):
        return Column(cells, [])
    column = _alike(cells, bound) or _mixed(cells)
    if any(form.kind == _TRIPLE or "--" in (form.language or "") for form in column.forms):
        raise QueryError(_REFUSED)
    escaped = (cells.str.starts_with('"') & cells.str.contains("\\", literal=True)).arg_true()
    if not len(escaped):
        return column
    texts = _unescaped(column.values.gather(escaped))
    return Column(column.values.scatter(escaped, texts), column.forms, column.codes)


def _alike(cells: pl.Series, bound: pl.Series) -> Column | None:
    """Return a column whose terms are all of one form, as most are; None where they are not."""
    first: str = bound[0]
    if first.startswith("<"):
        if bound.str.starts_with("<<").any() or not bound.str.starts_with("<").all():
            return None
        return Column(_between(cells, "<", ">"), [_form(_IRI)])
    if first.startswith('"'):
        # The last quotation mark of a literal is the one that ends its text.
        mark = first[first.rindex('"') :]
        if bound.str.starts_with('"').all() and bound.str.ends_with(mark).all():
            return Column(_between(cells, '"', mark), [_form(mark)])
    elif bound.str.contains("^[+-]?[0-9]+$").all():
        return Column(cells, [_form(_BARE["integer"])])
    return None


def _mixed(cells: pl.Series) -> Column:
    """Return a column of terms of any forms: those that begin alike are read together."""
    is_text = cells.str.starts_with('"').fill_null(False)
    is_iri = (cells.str.starts_with("<") & ~cells.str.starts_with("<<")).fill_null(False)
    of_texts, of_iris, of_others = (
        which.arg_true() for which in (is_text, is_iri, ~(is_text | is_iri))
    )
    texts, others = cells.gather(of_texts), cells.gather(of_others)
    ends = texts.str.extract('("[^"]*)$', 1)
    iris = pl.Series([_IRI]).new_from_index(0, len(of_iris))
    in_order = pl.concat([of_texts, of_iris, of_others]).arg_sort()
    marks = pl.concat([ends, iris, _marks(others)]).gather(in_order)
    values = pl.concat(
        [
            _between(texts, '"', pl.lit(ends)),
            _between(cells.gather(of_iris), "<", ">"),
            others.str.strip_prefix("_:"),
        ]
    ).gather(in_order)
    known = marks.drop_nulls().unique().sort()
    return Column(values, [_form(m) for m in known], marks.cast(pl.Enum(known)).to_physical())


def _between(cells: pl.Series, before: str, after: str | pl.Expr) -> pl.Series:
    bare = pl.lit(cells).str.strip_prefix(before).str.strip_suffix(after)
    return pl.select(bare).to_series()


def _marks(cells: pl.Series) -> pl.Series:
    """Return the marks of terms that are neither texts nor IRIs: blank, bare, or unbound."""
    cell = pl.lit(cells)
    mark = (
        pl.when(cell.str.starts_with("<<"))
        .then(pl.lit(_TRIPLE))
        .when(cell.str.starts_with("_"))
        .then(pl.lit(_BLANK))
        .when(cell.is_in(["true", "false"]))
        .then(pl.lit(_BARE["boolean"]))
        .when(cell.str.contains("[eE]"))
        .then(pl.lit(_BARE["double"]))
        .when(cell.str.contains(".", literal=True))
        .then(pl.lit(_BARE["decimal"]))
        .when(cell.is_not_null())
        .then(pl.lit(_BARE["integer"]))
    )
    return pl.select(mark).to_series()


def _form(mark: str) -> Term:
    if mark in (_IRI, _BLANK, _TRIPLE):
        return Term({_IRI: "iri", _BLANK: "blank"}.get(mark, mark), "", None, None)
    if mark.startswith('"@'):
        return Term("literal", "", RDF.langString, mark[2:])
    return Term("literal", "", mark[4:-1] or XSD.string, None)


def _unescaped(texts: pl.Series) -> pl.Series:
    """Return texts without the escapes of TSV and N-Triples."""
    if texts.str.contains(r"\\[uU]").any():
        return pl.Series([_LONG.sub(_character, text) for text in texts], dtype=pl.String)
    # Two backslashes are always one escape, since what comes before them is whole escapes.
    part = pl.element()
    for escape, character in _SHORT.items():
        part = part.str.replace_all(escape, character, literal=True)
    return texts.str.split("\\\\").list.eval(part).list.join("\\")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _SHORT.get(match[0], match[3])


def typed(name: str, column: Column) -> pl.Series:
    """Return a column with the type that `kg.store.tables` says its cells have in common."""
    if column.families not in _CASTS:  # nothing in common but that they are texts
        return column.values.rename(name)
    found = _cast(column)
    return make_column(name, column.terms()) if found is None else found.rename(name)


def values(column: Column) -> list[Value]:
    """Return the cells as Python values, each of its own datatype."""
    if set(column.families) <= {"text"}:
        return column.values.to_list()
    if column.families in _SINGLE and (found := _cast(column)) is not None:
        return found.to_list()
    known: dict[Term | None, Value] = {}
    for term in (terms := column.terms()):
        if term not in known:
            known[term] = value_of(term)
    return [known[term] for term in terms]


def _cast(column: Column) -> pl.Series | None:
    """Return a column by its type, where all its cells are written plainly; None if not.

    The rest, which is rare, is read term by term.
    """
    return _CASTS[column.families](column.values) if _is_plain(column) else None


def _is_plain(column: Column) -> bool:
    if len(column.families) == 1 or column.codes is None:
        return bool(column.values.str.contains(_PLAIN[column.families[0]]).all())
    for name in column.families:
        places = [place for place, form in enumerate(column.forms) if family(form) == name]
        texts = column.values.filter(column.codes.is_in(places))
        if not texts.str.contains(_PLAIN[name]).all():
            return False
    return True


def _decimals(texts: pl.Series) -> pl.Series:
    places = cast("int | None", texts.str.extract(r"\.([0-9]+)$", 1).str.len_bytes().max())
    return texts.cast(pl.Decimal(38, places or 0))


def _doubles(texts: pl.Series) -> pl.Series | None:
    named = texts.str.replace("INF", "inf", literal=True)
    found = named.cast(pl.Float64)
    # Beyond what a double holds, an integer is a text, and a double is infinite.
    return None if (found.is_infinite() & ~texts.str.ends_with("INF")).any() else found


def _dates(texts: pl.Series) -> pl.Series | None:
    found = texts.str.to_date("%Y-%m-%d", strict=False)
    return found if found.null_count() == texts.null_count() else None


def _times(texts: pl.Series) -> pl.Series | None:
    has_zone = texts.drop_nulls().str.contains(rf"(?:{_ZONE})$")
    if has_zone.any() != has_zone.all():
        return None
    zone = "%:z" if has_zone.all() else ""
    offsets = texts.str.replace("Z$", "+00:00")
    found = offsets.str.to_datetime(f"%Y-%m-%dT%H:%M:%S%.f{zone}", time_unit="us", strict=False)
    return found if found.null_count() == texts.null_count() else None


# The first digit of a year comes before: it keeps the years to those that both languages know.
_DAY = "[0-9]{3}-[0-9]{2}-[0-9]{2}"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_ZONE = "Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
# How the cells of each family are written plainly.
_PLAIN = {
    "boolean": "^(?:true|false)$",
    "date": f"^[1-9]{_DAY}$",
    "decimal": r"^-?[0-9]{1,18}(?:\.[0-9]{1,18})?$",
    "double": r"^(?:-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$",
    "integer": "^-?[0-9]{1,18}$",
    "time": rf"^[1-8]{_DAY}T{_TIME}(?:{_ZONE})?$",
    "year": "^-?[0-9]{4,18}$",
}
# What makes a column of such cells, by the families that it has in common.
_CASTS: dict[tuple[str, ...], Callable[[pl.Series], pl.Series | None]] = {
    ("boolean",): lambda texts: texts == "true",
    ("date",): _dates,
    ("decimal",): _decimals,
    ("decimal", "double"): _doubles,
    ("decimal", "double", "integer"): _doubles,
    ("decimal", "integer"): _decimals,
    ("double",): _doubles,
    ("double", "integer"): _doubles,
    ("integer",): lambda texts: texts.cast(pl.Int64),
    ("time",): _times,
    ("year",): lambda texts: texts.cast(pl.Int64),
}
# Those whose columns hold the very values of their cells.
_SINGLE = {("boolean",), ("date",), ("double",), ("integer",), ("year",)}
