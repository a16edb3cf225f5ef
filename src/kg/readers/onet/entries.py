"""The entries of `build/onet.toml`: what each table of a release holds, and what it becomes.

The file explains its own keys. Here they become frozen records that the reader checks tables
by and the mapping makes quads from; a table of another kind of release is another entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.namespaces import PREFIXES
from kg.resources import folder

__all__ = [
    "Cell",
    "Column",
    "Entries",
    "Repeat",
    "TableEntry",
    "Template",
    "Triple",
    "load_entries",
]

#: The kinds of literal that a triple may have; one without has a node.
LITERALS = ("string", "en", "integer", "decimal")
#: What a cell in an IRI may be turned into; one without a form stands there as it is.
FORMS = ("digest", "parent")
_RELEASE = "release"
_PART = re.compile(r"\{([^{}|]+)(?:\|([a-z]+))?\}|([^{}\[\]]+)|([\[\]])")
_NAME = re.compile(r"([a-z]+):([A-Za-z]+)")
_TABLE_KEYS = {
    *("also", "columns", "key", "like", "optional", "renamed"),
    *("repeats", "required", "row", "since", "triples", "until"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in a template; `optional` where the part of the IRI may be left out with it."""

    column: str
    form: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """An IRI below the base, or a literal: text and cells in their order.

    An optional cell brings the slash before it.
    """

    parts: tuple[str | Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of the template."""
        return tuple(p for p in self.parts if isinstance(p, Cell))

    @property
    def kind(self) -> str:
        """The first step of the path, which says what kind of node it is."""
        first = self.parts[0]
        return first.partition("/")[0] if isinstance(first, str) else ""

    def of_release(self, number: str) -> Template:
        """Return the template with the number of the release in its place."""
        in_place = (number if p == Cell(_RELEASE) else p for p in self.parts)
        return Template(tuple(in_place))


@dataclass(frozen=True, slots=True)
class Triple:
    """What a row says: `subject` None for the node of the row; `literal` a kind, or None.

    `value` is a template, a full IRI that is the same for every row, or None for the row's node.
    """

    subject: Template | None
    predicate: str
    value: Template | str | None
    literal: str | None

    @property
    def subject_cells(self) -> tuple[Cell, ...]:
        """The cells of its subject, where that is not the node of the row."""
        return self.subject.cells if self.subject else ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells of the triple but those of the row's node."""
        value = self.value.cells if isinstance(self.value, Template) else ()
        return (*self.subject_cells, *value)

    def of_release(self, number: str) -> Triple:
        """Return the triple with the number of the release in its place."""
        subject = self.subject and self.subject.of_release(number)
        value = self.value.of_release(number) if isinstance(self.value, Template) else self.value
        return Triple(subject, self.predicate, value, self.literal)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A column that says again what another table says once.

    `of` is the identifier beside it, `key` and `column` those of the other table; `predicate` is
    how it is said of `node`.
    """

    of: str
    table: str
    key: str
    column: str
    predicate: str
    node: Template


@dataclass(frozen=True, slots=True)
class Column:
    """What cells of a column have to be, and where their values are listed."""

    form: str | None = None
    listed: tuple[str, str] | None = None
    repeats: Repeat | None = None
    absent: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table: its columns, how its rows are told apart, and the triples that a row gives."""

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    key: tuple[str, ...]
    row: Template | None
    triples: tuple[Triple, ...]
    renamed: Mapping[str, str]
    repeats: Mapping[str, Repeat]
    required: bool
    since: str | None
    until: str | None

    def is_of(self, release: str) -> bool:
        """Tell whether a release by its number ("30.2") is one that has the table."""
        number = _number(release)
        return _number(self.since or "0") <= number and not (
            self.until and _number(self.until) < number
        )

    def literal_columns(self, literal: str) -> set[str]:
        """Return the columns whose cells become literals of a kind."""
        return {
            cell.column
            for triple in self.triples
            if triple.literal == literal and isinstance(triple.value, Template)
            for cell in triple.value.cells
        }


@dataclass(frozen=True, slots=True)
class Entries:
    """All tables by name, the names that they have in other releases, and the known columns."""

    tables: Mapping[str, TableEntry]
    names: Mapping[str, str]
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column:
        """Return what is known of a column: nothing of most."""
        return self.columns.get(name, Column())

    def entry(self, name: str) -> TableEntry | None:
        """Return the entry of a table by any of its names, as a file may be called."""
        return self.tables.get(self.names.get(_folded(name), ""))

    def repeats(self, entry: TableEntry) -> dict[str, Repeat]:
        """Return the columns of a table that repeat what another table says."""
        known = {c: self.column(c).repeats for c in (*entry.columns, *entry.optional)}
        found = {c: r for c, r in known.items() if r and r.table != entry.name}
        return {c: r for c, r in (found | dict(entry.repeats)).items() if r.of != c}


@cache
def load_entries(path: Path | None = None) -> Entries:
    """Return the entries of a file (none: `build/onet.toml`).

    Raises InputError with the table's name for an entry that is wrong.
    """
    path = path or folder("build") / "onet.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    patterns = data["patterns"]
    tables, names = {}, {}
    for name, written in data["tables"].items():
        try:
            tables[name] = _table(name, written, patterns)
        except (KeyError, ValueError) as error:
            raise InputError(f"table {name!r}: {error}", path.name) from None
        for other in (name, *written.get("also", ())):
            names[_folded(other)] = name
    columns = {name: _column(written) for name, written in data["columns"].items()}
    return Entries(tables, names, columns)


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall("[0-9]+", release))


def _folded(name: str) -> str:
    """Return a table's name without what copies of a release change in it."""
    return " ".join(name.replace("_", " ").split()).casefold()


def _column(written: Mapping[str, Any]) -> Column:
    listed = written.get("in")
    repeats = written.get("repeats")
    return Column(
        written.get("form"),
        (listed[0], listed[1]) if listed else None,
        _repeat(repeats) if repeats else None,
        written.get("absent", False),
        written.get("whole", False),
    )


def _repeat(written: Sequence[str]) -> Repeat:
    of, table, key, column, predicate, node = written
    return Repeat(of, table, key, column, _iri(predicate), _template(node))


def _table(name: str, written: Mapping[str, Any], patterns: Mapping[str, Any]) -> TableEntry:
    if unknown := set(written) - _TABLE_KEYS:
        raise ValueError(f"unknown key {min(unknown)!r}")
    # From the most general pattern to the table itself: what comes later adds or replaces.
    layers = [written]
    while "like" in layers[0]:
        layers.insert(0, patterns[layers[0]["like"]])
    lists = {k: _joined(layers, k) for k in ("columns", "optional", "triples")}
    last = {k: v for layer in layers for k, v in layer.items()}
    return TableEntry(
        name,
        tuple(lists["columns"]),
        tuple(c for c in lists["optional"] if c not in lists["columns"]),
        tuple(last["key"]),
        _template(last["row"]) if "row" in last else None,
        tuple(_triple(triple) for triple in lists["triples"]),
        written.get("renamed", {}),
        {column: _repeat(r) for column, r in written.get("repeats", {}).items()},
        written.get("required", False),
        written.get("since"),
        written.get("until"),
    )


def _joined(layers: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [item for layer in layers for item in layer.get(key, ())]


def _triple(written: Sequence[str]) -> Triple:
    subject, predicate, value, *literal = written
    kind = literal[0] if literal else None
    if kind not in (None, *LITERALS):
        raise ValueError(f"{kind!r} is no kind of literal: {', '.join(LITERALS)}")
    return Triple(
        None if subject == "row" else _template(subject),
        _iri(predicate),
        None if value == "row" else _object(value),
        kind,
    )


def _object(value: str) -> Template | str:
    return _iri(value) if _NAME.fullmatch(value) else _template(value)


def _iri(name: str) -> str:
    match = _NAME.fullmatch(name)
    if not match or match[1] not in PREFIXES:
        raise ValueError(f"{name!r} is no name with a known prefix")
    return PREFIXES[match[1]] + match[2]


def _template(text: str) -> Template:
    parts = tuple(_parts(text))
    if not parts:
        raise ValueError("a template is empty")
    return Template(parts)


def _parts(text: str) -> Iterator[str | Cell]:
    """Yield the parts of a template; `[/{Column}]` becomes one cell that brings its slash."""
    optional, position = False, 0
    for match in _PART.finditer(text):
        if match.start() != position:
            break
        position = match.end()
        column, form, plain, bracket = match.groups()
        if bracket:
            optional = bracket == "["
        elif column:
            if form not in (None, *FORMS):
                raise ValueError(f"{form!r} is no form of a cell: {', '.join(FORMS)}")
            yield Cell(column, form, optional)
        elif not optional:
            yield plain
        elif plain != "/":
            raise ValueError("what is optional is a slash and a cell")
    if position != len(text):
        raise ValueError(f"{text!r} is no template")
