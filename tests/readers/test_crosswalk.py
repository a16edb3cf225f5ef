"""Crosswalks of ESCO and O*NET, and histories of codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.readers.crosswalk import is_crosswalk, read_crosswalk
from kg.readers.soc_history import history_columns, read_history

HEAD = "esco_occupation,onet_code,onet_occupation,semantic_similarity,confidence,concept_uri"
PAIR = "shelver,25-4031.00,library technicians,0.75,2.0,http://example.org/shelver"
CODES = "O*NET-SOC 2010 Code,O*NET-SOC 2010 Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title"


def crosswalk(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def test_pairs() -> None:
    """A pair has its line, and its level as a part of the highest beside the level itself."""
    read = read_crosswalk(crosswalk(PAIR), "a/walk.csv")
    assert "walk" == read.stem
    assert {
        "line": 2,
        "concept": "http://example.org/shelver",
        "label": "shelver",
        "code": "25-4031.00",
        "title": "library technicians",
        "level": "2.0",
        "confidence": "1.0",
        "similarity": "0.75",
    } == read.rows.row(0, named=True)


@pytest.mark.parametrize(
    ("level", "confidence"), [("0.5", "0.25"), ("1", "0.5"), ("1.0", "0.5"), ("2", "1.0")]
)
def test_levels(level: str, confidence: str) -> None:
    """Each level is divided by the highest one, 2."""
    read = read_crosswalk(crosswalk(PAIR.replace("2.0", level)), "walk.csv")
    assert (level, confidence) == read.rows.select("level", "confidence").row(0)


def test_similarity_may_be_missing() -> None:
    """Without the column, or in an empty cell, there is no similarity."""
    head = HEAD.replace("semantic_similarity,", "")
    without = read_crosswalk(crosswalk(PAIR.replace("0.75,", ""), head=head), "walk.csv")
    empty = read_crosswalk(crosswalk(PAIR.replace("0.75", "")), "walk.csv")
    assert [None, None] == [t.rows.item(0, "similarity") for t in (without, empty)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("http://example.org/shelver", "shelver", "concept_uri 'shelver' is no web address"),
        ("25-4031.00", "25-4031", "onet_code '25-4031' is not of the form 12-3456.00"),
        ("25-4031.00", "٢٥-4031.00", "onet_code '٢٥-4031.00' is not of the form 12-3456.00"),
        ("0.75", "٠.٥", "semantic_similarity '٠.٥' is no decimal number"),
        ("2.0", "3", "confidence '3' is none of 0.5, 1 and 2"),
        ("0.75", "high", "semantic_similarity 'high' is no decimal number"),
    ],
)
def test_wrong_pairs_are_refused(old: str, new: str, message: str) -> None:
    """The message names the line and what is wrong."""
    with pytest.raises(InputError) as error:
        read_crosswalk(crosswalk(PAIR, PAIR.replace(old, new)), "walk.csv")
    assert f"walk.csv:3: {message}" == str(error.value)


def test_a_crosswalk_without_pairs_is_refused() -> None:
    """A header alone is what a download that broke off leaves."""
    with pytest.raises(InputError, match=r"^walk\.csv:1: has no rows below its header$"):
        read_crosswalk(crosswalk(), "walk.csv")


def test_a_pair_stands_there_once() -> None:
    """A pair that is there twice would be two links."""
    with pytest.raises(InputError) as error:
        read_crosswalk(crosswalk(PAIR, PAIR), "walk.csv")
    assert "walk.csv:3: repeats the pair of line 2" == str(error.value)


def test_kinds_are_told_by_columns() -> None:
    """A crosswalk has its columns, whatever others there are; a history two editions of codes."""
    assert (True, False) == (is_crosswalk([*HEAD.split(","), "x"]), is_crosswalk(["onet_code"]))
    columns = ("O*NET-SOC 2010 Code", "O*NET-SOC 2019 Code")
    assert columns == history_columns(CODES.split(","))
    assert columns == history_columns(reversed(CODES.split(",")))
    assert None is history_columns(["O*NET-SOC 2010 Code", "O*NET-SOC Code"])


def test_history() -> None:
    """Codes are known both ways; a pair that is there twice counts once."""
    rows = ["11-1111.00,A,11-1111.00,A", "11-1112.00,B,11-1111.00,A", "11-1112.00,B,11-1113.00,C"]
    read = read_history("\n".join([CODES, *rows, rows[0], ""]).encode(), "h.csv")
    assert ("2010", "2019", 3) == (read.before, read.after, read.rows)
    assert ("11-1111.00", "11-1113.00") == read.later["11-1112.00"]
    assert ("11-1111.00", "11-1112.00") == read.earlier["11-1111.00"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a,b\n", "h.csv:1: is no history of O*NET-SOC codes: two columns of codes needed"),
        (f"{CODES}\n", "h.csv:1: has no rows below its header"),
        (f"{CODES}\n11-1111,A,,\n", "h.csv:2: '11-1111' is no code of the form 12-3456.00"),
        (f"{CODES}\n١١-1111.00,A,,\n", "h.csv:2: '١١-1111.00' is no code of the form 12-3456.00"),
        (f"{CODES}\n11-1111.00,A,,\n", "h.csv:2: '' is no code of the form 12-3456.00"),
    ],
)
def test_wrong_histories_are_refused(data: str, message: str) -> None:
    """The message names the line and what is wrong."""
    with pytest.raises(InputError) as error:
        read_history(data.encode(), "h.csv")
    assert message == str(error.value)


def test_real_tables(shared: Callable[[str], Path]) -> None:
    """The crosswalk of 2020 has 1,680 pairs, the history 1,164; one code had one successor."""
    path = shared("data/esco/esco_onet_crosswalk_Nov2020.csv")
    assert 1680 == read_crosswalk(path.read_bytes(), str(path)).rows.height
    path = shared("data/onet/onet_soc_2010_to_2019.csv")
    history = read_history(path.read_bytes(), str(path))
    assert (1164, ("15-1232.00",)) == (history.rows, history.later["15-1151.00"])
    assert ("15-1151.00",) == history.earlier["15-1232.00"]
