"""The tables of `docs/onet.md`, written from `build/onet.toml`: `python tests/onet_tables.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.namespaces import compact
from kg.readers.onet import Cell, Entries, TableEntry, Template, Triple, load_entries

__all__ = ["DOCUMENT", "MARK", "described", "document"]

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "onet.md"
#: What comes below is made from the entries.
MARK = "<!-- below: python tests/onet_tables.py -->\n"
LITERALS = {
    "decimal": "`xsd:decimal`",
    "en": "English text",
    "integer": "`xsd:integer`",
    "string": "`xsd:string`",
}


def described(entries: Entries) -> str:
    """Return what each table becomes; tables that are alike stand together."""
    groups: dict[object, list[TableEntry]] = {}
    for entry in entries.tables.values():
        groups.setdefault((entry.row, entry.triples), []).append(entry)
    return "\n".join("\n".join(group(tables)) for tables in groups.values())


def group(tables: list[TableEntry]) -> Iterator[str]:
    """Yield the lines on tables that are alike."""
    yield f"### {', '.join(table.name for table in tables)}\n"
    row = tables[0].row
    yield f"A row is `{written(row)}`." if row else "Rows have no node of their own."
    yield from notes(tables)
    yield "\n| node | property | value |\n|---|---|---|"
    for triple in tables[0].triples:
        cells = (node(triple.subject), f"`{compact(triple.predicate)}`", value(triple))
        yield f"| {' | '.join(cells)} |"
    yield ""


def notes(tables: list[TableEntry]) -> Iterator[str]:
    """Yield which releases have which of some tables, and what else these are called."""
    for word, of in (("Up to", "until"), ("From", "since")):
        for release in sorted({getattr(table, of) or "" for table in tables} - {""}):
            names = ", ".join(table.name for table in tables if getattr(table, of) == release)
            yield f"{word} {release}: {names}."
    for table in tables:
        if table.also:
            yield f"{table.name} is called {', '.join(table.also)} too."
        if table.renamed and table.row:
            pairs = (f"{new} also as {old}" for old, new in table.renamed.items())
            yield f"Columns are found by other names: {', '.join(pairs)}."


def node(template: Template | None) -> str:
    """Return a node as the tables show it."""
    return f"`{written(template)}`" if template else "the row"


def value(triple: Triple) -> str:
    """Return what a triple says, as the tables show it."""
    if isinstance(triple.value, str):
        return f"`{compact(triple.value)}`"
    shown = node(triple.value)
    return f"{shown}, {LITERALS[triple.literal]}" if triple.literal else shown


def written(template: Template) -> str:
    """Return a template as `build/onet.toml` has it."""
    return "".join(part if isinstance(part, str) else cell(part) for part in template.parts)


def cell(part: Cell) -> str:
    """Return a cell of a template as it is written there."""
    shown = f"{{{part.column}}}" if part.form is None else f"{{{part.column}\\|{part.form}}}"
    return f"[/{shown}]" if part.optional else shown


def document() -> str:
    """Return the document with its tables as the entries have them."""
    prose, mark, _ = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
    return f"{prose}{mark}\n{described(load_entries())}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
