"""Tables of the Anthropic Economic Index."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.readers.aei import index_kind, read_index, release_of

USAGE = b"task_name,pct\nwind the clock.,0.75\nnone,99.25\n"


def test_usage() -> None:
    """A row has its text, its number as written, and its line."""
    file = read_index(USAGE, "a/release_2025_02_10/onet_task_mappings.csv")
    assert ("usage", "release_2025_02_10", "2025-02-10") == (file.kind, file.release, file.issued)
    assert ("onet_task_mappings.csv", hashlib.sha256(USAGE).hexdigest()) == (
        file.document.file_name,
        file.document.sha256,
    )
    assert [(2, "wind the clock.", None, "0.75"), (3, "none", None, "99.25")] == file.rows.rows()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("task_name,pct", "usage"),
        ("interaction_type,pct", "interaction"),
        ("task,penetration", "penetration"),
        ("occ_code,title,observed_exposure", "exposure"),
        ("pct,task_name", "usage"),
        ("task,pct", None),
        ("task_name,pct,more", None),
    ],
)
def test_kinds_are_told_by_columns(header: str, kind: str | None) -> None:
    """The columns, in any order, say which table it is."""
    assert kind == index_kind(header.split(","))


@pytest.mark.parametrize(
    ("place", "release"),
    [
        ("x/release_2025_02_10/a.csv", "release_2025_02_10"),
        ("x/labor_market_impacts/a.csv", "labor_market_impacts"),
        ("release_2025_02_10.zip/release_2025_02_10/sub/a.csv", "a"),
        ("C:\\x\\release_2025_02_10\\a.csv", "release_2025_02_10"),
        ("x/a.csv", "a"),
    ],
)
def test_releases_are_told_by_folders(place: str, release: str) -> None:
    """The folder of a file names its release, if it is named like one; else the file does."""
    assert release == release_of(place)


@pytest.mark.parametrize(
    "place", ["a.csv", "./a.csv", "sub/../a.csv", "../release_2025_02_10/a.csv"]
)
def test_releases_do_not_depend_on_the_working_folder(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the path of a file is written, its release is the same."""
    (tmp_path / "release_2025_02_10").mkdir()
    monkeypatch.chdir(tmp_path / "release_2025_02_10")

    assert "release_2025_02_10" == release_of(place)


def test_numbers_have_no_exponents() -> None:
    """A number is given as a decimal number is written, with all its digits."""
    rows = read_index(b"task,penetration\na,6.50e-05\nb,1E0\nc,.5\n", "t.csv").rows
    assert ["0.0000650", "1", "0.5"] == rows["value"].to_list()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b\n1,2\n", "t.csv:1: is no table of the Anthropic Economic Index"),
        (b"task_name,pct\na,\n", "t.csv:2: pct is nothing; it has to be a number from 0 to 100"),
        (b"task_name,pct\na,x\n", "t.csv:2: pct is 'x'; it has to be a number from 0 to 100"),
        (b"task_name,pct\na,101\n", "t.csv:2: pct is '101'; it has to be a number from 0 to 100"),
        (b"task_name,pct\na,NaN\n", "t.csv:2: pct is 'NaN'; it has to be a number from 0 to 100"),
        (b"task,penetration\na,-1\n", "t.csv:2: penetration is '-1'; it has to be a number"),
        (b"task_name,pct\na,1e-100\n", "t.csv:2: pct is '1e-100'; it has to be a number"),
        (b"task_name,pct\na,0e-100000000\n", "t.csv:2: pct is '0e-100000000'; it has to be"),
        ("task_name,pct\na,٥\n".encode(), "t.csv:2: pct is '٥'; it has to be a number"),
        (
            "occ_code,title,observed_exposure\n١٥-1232,T,0.1\n".encode(),
            "t.csv:2: '١٥-1232' is no code of the form 12-3456",
        ),
        (
            b'occ_code,title,observed_exposure\n"15-1232\n",T,0.1\n',
            "t.csv:2: '15-1232\\n' is no code of the form 12-3456",
        ),
        (b"task_name,pct\n,1\n", "t.csv:2: has no task_name"),
        (b"task_name,pct\n", "t.csv:1: has no rows below its header"),
        (
            b"occ_code,title,observed_exposure\n15-1232.00,T,0.1\n",
            "t.csv:2: '15-1232.00' is no code of the form 12-3456",
        ),
    ],
)
def test_wrong_rows_are_refused(data: bytes, message: str) -> None:
    """The message names the file, the line, and what is wrong."""
    with pytest.raises(InputError) as error:
        read_index(data, "t.csv")
    assert str(error.value).startswith(message)


def test_real_shares_add_up(shared: Callable[[str], Path]) -> None:
    """The shares of the first release add up to all conversations."""
    path = shared("data/aei/release_2025_02_10/onet_task_mappings.csv")
    rows = read_index(path.read_bytes(), str(path)).rows
    assert 3514 == rows.height
    assert Decimal("99.9999999999999999379") == sum(map(Decimal, rows["value"]))
