"""Copies of a release in the layouts that are in the wild give the quads of the official one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from releases import TABLES, read_tables, save_again, save_as_csv, save_as_excel, write_release

from kg import quads
from kg.mapping.iris import Iris
from kg.mapping.release import map_release
from kg.model import SourceRef
from kg.namespaces import KG, XSD
from kg.readers.onet import read_release
from kg.resources import folder

EXAMPLE = folder("build") / "example" / "onet_30_2_text"
IRIS = Iris()


def shortest(cell: str) -> str:
    """Return a number as a workbook gives it: without zeros at its end."""
    return cell.rstrip("0").rstrip(".") if "." in cell else cell


def as_float(cell: str) -> str:
    """Return a number as a data frame writes it: with one digit after the point at least."""
    return str(float(cell))


def as_it_is(cell: str) -> str:
    """Return a number as it is."""
    return cell


#: The layouts, and what becomes of the lexical form of a decimal in them. All else is the same.
LAYOUTS: Mapping[str, tuple[Callable[..., Path], Callable[[str], str]]] = {
    "Excel": (save_as_excel, shortest),
    "comma-separated": (save_as_csv, as_float),
    "saved again by Excel": (save_again, as_it_is),
    "saved again, quoted where it has to be": (
        lambda tables, path: save_again(tables, path, '"\n\t'),
        as_it_is,
    ),
}


def quads_of(path: Path, number: str | None = None) -> pl.DataFrame:
    """Return the quads of a release, but for those on the document, which tell its file."""
    release = read_release(path, number)
    assert [] == [str(f) for f in release.findings if f.severity != "info"]
    table = quads.concat(map_release(release, SourceRef("onet"), IRIS).chunks())
    return table.filter(pl.col("subject") != IRIS.release_document(release.version))


def check(
    official: Path, tables: Mapping[str, Sequence[Sequence[str]]], layout: str, path: Path
) -> None:
    """Check that a copy of a release in a layout gives the same quads."""
    save, written = LAYOUTS[layout]
    expected = quads_of(official)
    copy = quads_of(save(tables, path), read_release(official).version)
    # The values of anchors are whole numbers by which anchors are told apart, and stay such.
    changes = (pl.col("datatype") == XSD.decimal) & (pl.col("predicate") != KG.anchorValue)
    decimals = expected.filter(changes)["object"].unique()
    forms = {cell: written(cell) for cell in decimals}
    assert {Decimal(cell) for cell in forms} == {Decimal(form) for form in forms.values()}
    in_layout = pl.col("object").replace_strict(forms, default=pl.col("object"))
    expected = expected.with_columns(
        pl.when(changes).then(in_layout).otherwise("object").alias("object")
    )
    assert_frame_equal(quads.unique_sorted(expected), copy)


def test_forms_of_decimals() -> None:
    """A layout changes the zeros at the end of a decimal, and nothing else."""
    cells = ["4.50", "3.00", "0.1637", "1", "7.5", "10", "100.00"]
    assert ["4.5", "3", "0.1637", "1", "7.5", "10", "100"] == list(map(shortest, cells))
    assert ["4.5", "3.0", "0.1637", "1.0", "7.5", "10.0", "100.0"] == list(map(as_float, cells))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_copies_of_the_example(layout: str, tmp_path: Path) -> None:
    """The example gives the same quads from each layout."""
    check(EXAMPLE, read_tables(EXAMPLE), layout, tmp_path / "copy")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_copies_of_hard_cells(layout: str, tmp_path: Path) -> None:
    """Cells with commas, quotation marks and numbers in texts come through each layout."""
    tables = TABLES["Task Statements"].replace("Throw pots.", 'Throw "pots", and 15" plates')
    titles = "Occupation Data", TABLES["Occupation Data"].replace("They turn clay.", '2.50"')
    official = write_release(tmp_path / "r", {"Task Statements": tables, titles[0]: titles[1]})
    check(official, read_tables(official), layout, tmp_path / "copy")


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_copies_of_a_real_release(
    shared: Callable[[str], Path], layout: str, tmp_path: Path
) -> None:
    """A real release gives the same quads from each layout."""
    official = shared("data/onet/db_30_2_text.zip")
    check(official, read_tables(official), layout, tmp_path / "copy")
