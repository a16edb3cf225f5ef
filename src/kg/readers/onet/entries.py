"""The entries of `build/onet.toml`: what each table of a release holds, and what it becomes.

The file explains its own keys. Here they become frozen records that the reader checks tables
by and the mapping makes quads from; a table of another kind of release is another entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

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

Result = TypeVar("Result")

#: The kinds of literal that a triple may have; one without has a node.
LITERALS = ("string", "en", "integer", "decimal")
#: What a cell in an IRI may be turned into; one without a form stands there as it is.
FORMS = ("digest", "parent")
_RELEASE = "release"
_PART = re.compile(r"\{([^{}|]+)(?:\|([a-z]+))?\}|([^{}\[\]]+)|([\[\]])")
_NAME = re.compile(r"([a-z]+):([A-Za-z]+)")
_PATTERN_KEYS = {"columns", "key", "like", "optional", "row", "triples"}
_TABLE_KEYS = _PATTERN_KEYS | {"also", "renamed", "repeats", "required", "since", "until"}
_COLUMN_KEYS = {"form", "in", "repeats", "whole"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in a template; `optional` where the part of the IRI may be left out with it."""

    column: str
    form: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Text and cells in their order, of an IRI below the base; a literal is one cell alone.

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
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table: its columns, how its rows are told apart, and the triples that a row gives.

    `also` are its names in other releases, from `since` to `until` the releases that have it.
    """

    name: str
    also: tuple[str, ...]
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

    @property
    def known_columns(self) -> tuple[str, ...]:
        """The columns that it has or may have."""
        return (*self.columns, *self.optional)

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """The columns of the key that no row can do without."""
        cells = self.row.cells if self.row else ()
        optional = {cell.column for cell in cells if cell.optional}
        return tuple(c for c in self.key if c not in optional)

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
        known = {c: self.column(c).repeats for c in entry.known_columns}
        found = {c: r for c, r in known.items() if r and r.table != entry.name}
        return found | dict(entry.repeats)


@cache
def load_entries(path: Path | None = None) -> Entries:
    """Return the entries of a file (none: `build/onet.toml`).

    Raises InputError for what is wrong in the file, with the table or column that it is wrong in.
    """
    path = path or folder("build") / "onet.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", str(path)) from None
    columns = {
        name: _named(f"column {name!r}", path, _column, written)
        for name, written in data.get("columns", {}).items()
    }
    patterns = data.get("patterns", {})
    for name, written in patterns.items():
        _named(f"pattern {name!r}", path, _check_keys, written, _PATTERN_KEYS)
    tables: dict[str, TableEntry] = {}
    names: dict[str, str] = {}
    for name, written in data.get("tables", {}).items():
        place = f"table {name!r}"
        tables[name] = _named(place, path, _table, name, written, patterns)
        for other in (name, *tables[name].also):
            if (known := names.setdefault(_folded(other), name)) != name:
                raise InputError(f"{place}: {known!r} is called {other!r} too", str(path))
    entries = Entries(tables, names, columns)
    for name in columns:
        _named(f"column {name!r}", path, _check_column, name, entries)
    for name, entry in tables.items():
        _named(f"table {name!r}", path, _check_entry, entry, entries)
    return entries


def _named(place: str, path: Path, function: Callable[..., Result], *arguments: object) -> Result:
    """Return what a function does; what it finds wrong is said with the place."""
    try:
        return function(*arguments)
    except (ValueError, TypeError, re.error) as error:
        raise InputError(f"{place}: {error}", str(path)) from None


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall("[0-9]+", release))


def _folded(name: str) -> str:
    """Return a table's name without what copies of a release change in it."""
    return " ".join(name.replace("_", " ").split()).casefold()


def _check_keys(written: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(written) - known:
        raise ValueError(f"unknown key {min(unknown)!r}")


def _column(written: Mapping[str, Any]) -> Column:
    _check_keys(written, _COLUMN_KEYS)
    form, listed, repeats = (written.get(key) for key in ("form", "in", "repeats"))
    if form is not None:
        re.compile(form)
    return Column(
        form,
        (listed[0], listed[1]) if listed else None,
        _repeat(repeats) if repeats else None,
        written.get("whole", False),
    )


def _repeat(written: Sequence[str]) -> Repeat:
    of, table, key, column, predicate, node = written
    return Repeat(of, table, key, column, _iri(predicate), _template(node))


def _table(name: str, written: Mapping[str, Any], patterns: Mapping[str, Any]) -> TableEntry:
    _check_keys(written, _TABLE_KEYS)
    layers = _layers(written, patterns)
    last = {k: v for layer in layers for k, v in layer.items()}
    for key in ("columns", "key", "triples"):
        if key not in last:
            raise ValueError(f"has no {key}")
    lists = {k: _joined(layers, k) for k in ("columns", "optional", "triples")}
    return TableEntry(
        name,
        tuple(written.get("also", ())),
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


def _layers(written: Mapping[str, Any], patterns: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the most general pattern first, the table last: what comes later adds or replaces."""
    layers = [written]
    while name := layers[0].get("like"):
        if name not in patterns:
            raise ValueError(f"{name!r} is no pattern")
        if patterns[name] in layers:
            raise ValueError(f"the pattern {name!r} is like itself")
        layers.insert(0, patterns[name])
    return layers


def _joined(layers: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [item for layer in layers for item in layer.get(key, ())]


def _triple(written: Sequence[str]) -> Triple:
    subject, predicate, value, *literal = written
    kind = literal[0] if literal else None
    if kind not in (None, *LITERALS):
        raise ValueError(f"{kind!r} is no kind of literal: {', '.join(LITERALS)}")
    triple = Triple(
        None if subject == "row" else _template(subject),
        _iri(predicate),
        None if value == "row" else _object(value),
        kind,
    )
    if kind and not (isinstance(triple.value, Template) and _is_plain_cell(triple.value)):
        raise ValueError(f"a literal is a cell as it stands, not {value!r}")
    return triple


def _is_plain_cell(template: Template) -> bool:
    return template.parts == tuple(Cell(cell.column) for cell in template.cells[:1])


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


def _check_column(name: str, entries: Entries) -> None:
    """Raise ValueError where a column names what is in no table."""
    column = entries.column(name)
    if column.listed:
        _check_listing(*column.listed, entries)
    if column.repeats:
        _check_repeat(column.repeats, entries)


def _check_repeat(repeat: Repeat, entries: Entries) -> None:
    _check_listing(repeat.table, repeat.key, entries)
    _check_listing(repeat.table, repeat.column, entries)


def _check_listing(table: str, column: str, entries: Entries) -> None:
    if table not in entries.tables or column not in entries.tables[table].columns:
        raise ValueError(f"{column!r} is no column of a table {table!r}")


def _check_entry(entry: TableEntry, entries: Entries) -> None:
    """Raise ValueError where an entry names columns that its table does not have."""
    known = set(entry.known_columns)
    used = [*entry.key, *entry.renamed.values(), *entry.repeats]
    used += [cell.column for triple in entry.triples for cell in triple.cells]
    used += [repeat.of for repeat in entries.repeats(entry).values()]
    if unknown := set(used) - known - {_RELEASE}:
        raise ValueError(f"has no column {min(unknown)!r}")
    if entry.row is None and any(t.subject is None or t.value is None for t in entry.triples):
        raise ValueError("its rows have no node")
    # One node a row: what tells rows apart tells their nodes apart.
    if entry.row and {cell.column for cell in entry.row.cells} - {_RELEASE} != set(entry.key):
        raise ValueError("the node of a row is not made of its key")
    for repeat in entry.repeats.values():
        _check_repeat(repeat, entries)
