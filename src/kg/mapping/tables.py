"""Tables of a release to quads, by the triples of their entries: whole columns at a time.

Written against narwhals, so that it runs on any of its engines; only the short digests of texts
are made one distinct text at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import narwhals as nw
import polars as pl

from kg.mapping.iris import digest
from kg.namespaces import RDF, XSD
from kg.readers.onet import NODE, Cell, Entries, TableEntry, Template, Triple

__all__ = ["MappedTable", "map_tables"]

Frame = nw.DataFrame[pl.DataFrame]
Text = nw.Series[pl.Series]

_ROW = "|row"
_DATATYPES = {
    "string": XSD.string,
    "en": RDF.langString,
    "integer": XSD.integer,
    "decimal": XSD.decimal,
}
# What stands in a step of an IRI's path as it is: the pchar and ucschar of RFC 3987 but `_`, which
# is there for a space. Planes 1 to 14 have the same two places at their ends that are no character.
_PLANES = "".join(rf"\x{{{plane:X}0000}}-\x{{{plane:X}FFFD}}" for plane in range(1, 14))
_KEPT = (
    r"A-Za-z0-9.~!$&'()*+,;=:@\-\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}"
    rf"{_PLANES}\x{{E1000}}-\x{{EFFFD}}"
)
_ESCAPED = f"[^{_KEPT}]"


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table made ready to give its quads; `nodes` counts the distinct nodes of its rows."""

    name: str
    row: Template | None
    triples: tuple[Triple, ...]
    frame: Frame
    nulls: frozenset[str]
    nodes: int
    base: str

    @property
    def kinds(self) -> set[str]:
        """The kinds of its subjects: the first steps of their paths."""
        return {self._template(triple.subject).kind for triple in self.triples}

    def count(self) -> int:
        """Return how many quads the table gives, those that other tables give too among them."""
        rows_differ = self.nodes == len(self.frame)
        if rows_differ and all(None in (t.subject, t.value) for t in self.triples):
            return sum(len(self._rows(triple)) for triple in self.triples)
        tables = [self._quads(triple, "") for triple in self.triples]
        return len(nw.concat(tables).unique()) if tables else 0

    def select(self, kind: str, graph: str) -> Iterator[Frame]:
        """Yield the quads of each triple whose subjects are of a kind."""
        for triple in self.triples:
            if self._template(triple.subject).kind == kind:
                yield self._quads(triple, graph)

    def _template(self, node: Template | None) -> Template:
        template = node or self.row
        assert template is not None  # where rows have no node, entries name every node
        return template

    def _cells(self, triple: Triple) -> Iterator[Cell]:
        """Yield the cells of the nodes of a triple."""
        yield from self._template(triple.subject).cells
        if not triple.literal and not isinstance(triple.value, str):
            yield from self._template(triple.value).cells

    def _needed(self, triple: Triple) -> set[str]:
        """Return the columns that a triple cannot do without."""
        needed = {_used(cell) for cell in self._cells(triple) if not cell.optional}
        return needed | {_literal(triple)} if triple.literal else needed

    def _rows(self, triple: Triple) -> Frame:
        """Return the rows that have all cells that a triple needs."""
        absent = [~nw.col(c).is_null() for c in sorted(self._needed(triple) & self.nulls)]
        return self.frame.filter(*absent) if absent else self.frame

    def _quads(self, triple: Triple, graph: str) -> Frame:
        literal = triple.literal
        return self._rows(triple).select(
            subject=self._node(triple.subject),
            predicate=nw.lit(triple.predicate),
            object=nw.col(_literal(triple)) if literal else self._object(triple.value),
            kind=nw.lit("literal" if literal else "iri"),
            datatype=nw.lit(_DATATYPES[literal] if literal else None, dtype=nw.String),
            language=nw.lit("en" if literal == "en" else None, dtype=nw.String),
            graph=nw.lit(graph),
        )

    def _object(self, value: Template | str | None) -> nw.Expr:
        return nw.lit(value) if isinstance(value, str) else self._node(value)

    def _node(self, template: Template | None) -> nw.Expr:
        return nw.col(_ROW) if template is None else _iri(self.base, template)


def map_tables(
    tables: Mapping[str, pl.DataFrame], entries: Entries, base: str, release: str
) -> list[MappedTable]:
    """Return the tables of a release in the order of their names, ready to give their quads.

    The columns are those of `build/onet.toml`; `release` is the number ("30.2").
    """
    return [
        _prepared(entries.tables[name], tables[name], entries, base, release)
        for name in sorted(tables)
    ]


def _prepared(
    entry: TableEntry, native: pl.DataFrame, entries: Entries, base: str, release: str
) -> MappedTable:
    table: Frame = nw.from_native(native, eager_only=True)
    triples = tuple(
        triple.of_release(release)
        for triple in (*entry.triples, *_repeated(entry, entries))
        if {cell.column for cell in triple.cells} <= set(table.columns)
    )
    row = entry.row.of_release(release) if entry.row else None
    cells = {c for t in triples for c in (t.cells if not t.literal else t.subject_cells)}
    for cell in sorted(cells | set(row.cells if row else ()), key=_used):
        if _used(cell) not in table.columns:
            table = table.with_columns(_made(table[cell.column], cell.form).alias(_used(cell)))
    nodes = 0
    if row:
        table = table.with_columns(_iri(base, row).alias(_ROW))
        nodes = int(table[_ROW].n_unique())
    nulls = frozenset(c for c in table.columns if table[c].null_count())
    return MappedTable(entry.name, row, triples, table, nulls, nodes, base)


def _repeated(entry: TableEntry, entries: Entries) -> Iterator[Triple]:
    """Yield the triples of cells that differ from what they should repeat, or are about a node."""
    for column, repeat in entries.repeats(entry).items():
        if entry.row:
            yield Triple(None, repeat.predicate, Template((Cell(column),)), "en")
        yield Triple(repeat.node, repeat.predicate, Template((Cell(NODE + column),)), "en")


def _literal(triple: Triple) -> str:
    """Return the column of a triple's literal."""
    assert isinstance(triple.value, Template)
    return triple.value.cells[0].column


def _used(cell: Cell) -> str:
    """Return the column that holds a cell as it stands in an IRI."""
    return f"{cell.column}|{cell.form or 'iri'}"


def _made(values: Text, form: str | None) -> Text:
    """Return the cells of a column as they stand in IRIs."""
    if form is None:
        return _escaped(values)
    texts = values.drop_nulls().unique().to_list()
    if form == "digest":
        made: list[str | None] = [digest(text) for text in texts]
    else:
        listed = set(texts)
        parents = (text.rpartition(".")[0] for text in texts)
        made = [parent if parent in listed else None for parent in parents]
    return values.replace_strict([*texts, None], [*made, None], return_dtype=nw.String())


def _escaped(values: Text) -> Text:
    """Return cells as steps of a path: a space as `_`, what cannot stand there percent-encoded."""
    special = values.filter(values.str.contains(_ESCAPED).fill_null(False)).unique()
    kept = special.str.replace_all(_ESCAPED, "")
    present = set("".join(special.to_list())) - set("".join(kept.to_list()))
    # What others are replaced by comes before them.
    for character in sorted(present, key=lambda c: ("%_".find(c) < 0, c == " ", c)):
        code = {" ": "_", "_": "%5F"}.get(character) or quote(character, safe="")
        values = values.str.replace_all(character, code, literal=True)
    return values


def _iri(base: str, template: Template) -> nw.Expr:
    """Return the IRIs that a template gives, one a row."""
    parts = [nw.lit(base)]
    for part in template.parts:
        if isinstance(part, str):
            parts.append(nw.lit(part))
        elif part.optional:
            cell = nw.col(_used(part))
            step = nw.concat_str(nw.lit("/"), cell)
            parts.append(nw.when(~cell.is_null()).then(step).otherwise(nw.lit("")))
        else:
            parts.append(nw.col(_used(part)))
    return nw.concat_str(*parts)
