"""What the documentation says of releases."""

from __future__ import annotations

import re

from conftest import ROOT
from onet_tables import DOCUMENT, MARK, document

from kg.readers.onet import load_entries

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_tables_are_those_of_the_entries() -> None:
    """What each table becomes stands there as declared; `python tests/onet_tables.py` writes it."""
    assert document() == TEXT


def test_every_table_and_column_is_there() -> None:
    """Every table is named, and every column that is said, of whatever release."""
    below = TEXT.partition(MARK)[2]
    for entry in load_entries().tables.values():
        assert all(name in below for name in (entry.name, *entry.also))
        said = {cell.column for triple in entry.triples for cell in triple.cells}
        assert all(f"{{{column}" in below for column in said)


def test_links_lead_somewhere() -> None:
    """Files that it links to exist, and other documents link to it."""
    targets = re.findall(r"\]\((\.\.[^)]*)\)", TEXT)
    assert targets
    assert [] == [t for t in targets if not (DOCUMENT.parent / t).exists()]
    assert "(docs/onet.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
