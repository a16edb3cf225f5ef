"""The lines of the evidence pack."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.model import Classification, Figure, SourceRef
from kg.readers.evidence import read_evidence
from kg.readers.layout import fold, load_layout

SOURCE = SourceRef("aei", "7")


def read(heading: str, line: str) -> list[Figure | Classification | str]:
    """Read a line of the block with this heading."""
    block = load_layout().block(heading)
    assert block is not None
    return list(read_evidence(line, 22, block, SOURCE))


def usage(line: str) -> list[tuple[str, str, str] | str]:
    """Return metric, value and unit of the figures of a line of usage, and what is left."""
    found: list[tuple[str, str, str] | str] = []
    for item in read("AEI usage", line):
        assert not isinstance(item, Classification)
        found.append(item if isinstance(item, str) else (item.metric, item.value, item.unit))
    return found


def test_usage() -> None:
    """Labels and values run together come apart, in the lexical form of the page."""
    line = "Task observations: 2750Augment share: 81%Time saved: 64.5%AI autonomy: 2.00"
    expected = [
        Figure("task-observations", "2750", "count", SOURCE, 22),
        Figure("augment-share", "81", "percent", SOURCE, 22),
        Figure("time-saved", "64.5", "percent", SOURCE, 22),
        Figure("ai-autonomy", "2.00", "one", SOURCE, 22),
    ]
    assert expected == read("AEI usage", line)
    assert expected == read("AEI usage", line.replace(" ", "\u00a0"))


def test_positioning() -> None:
    """Scores, skills and codes of one line come apart."""
    line = "Top skill: WritingScore: 61.5 / 100Quadrant: Q2_ai_augmentedprecision: exact"
    expected = [
        Classification("top-skill", "skill", "Writing", None, SOURCE, 22),
        Figure("safi-score", "61.5", "points-of-100", SOURCE, 22),
        Classification("quadrant", "quadrant", None, "Q2_ai_augmented", SOURCE, 22),
        Classification("precision", "precision", None, "exact", SOURCE, 22),
    ]
    assert expected == read("SAFI positioning", line)


@pytest.mark.parametrize(
    ("text", "label", "notation"),
    [
        ("Artificial Intelligenceartificial_intelligence", "Artificial Intelligence", True),
        ("Craft & Tradecraft_trade", "Craft & Trade", True),
        ("IT / Mediait_media", "IT / Media", True),
        ("Handwork", "Handwork", False),
        ("Handwork and tools", "Handwork and tools", False),
        ("Artificial Intelligenceother_code", "Artificial Intelligenceother_code", False),
    ],
)
def test_cluster(text: str, label: str, notation: bool) -> None:
    """A label and the code that spells it come apart; what is no code stays in the label."""
    (item,) = read("WEF cluster", text)
    assert isinstance(item, Classification)
    assert (label, notation) == (item.label, item.notation is not None)
    assert text == label + (item.notation or "")


@example("Craft & Trade", "craft_trade")
@example("aa", "a")
@example("7", "7")
@given(st.text("aBz09_ -/&éİKß", max_size=12), st.text("abz09_", max_size=12))
def test_cluster_of_any_letters(label: str, code: str) -> None:
    """A code is what spells the label before it, at whichever cut; without one all is label."""
    text = fold(label + code) or "x"
    cuts = [
        cut
        for cut in range(1, len(text))
        if text[cut:] == re.sub("[^a-z0-9]+", "_", text[:cut].lower()).strip("_")
    ]
    (item,) = read("WEF cluster", text)
    assert isinstance(item, Classification)
    expected = (text[: cuts[0]], text[cuts[0] :]) if cuts else (text, None)
    assert expected == (item.label, item.notation)


@pytest.mark.parametrize(
    ("value", "lexical"),
    [
        ("3240", "3240"),
        ("3,240", "3240"),
        ("12,345,678", "12345678"),
        ("1,250.50", "1250.50"),
        ("007", "007"),
        ("-1", "-1"),
        ("0.0", "0.0"),
    ],
)
def test_lexical_form(value: str, lexical: str) -> None:
    """A number keeps its digits and loses its thousands separators."""
    assert [("task-observations", lexical, "count")] == usage(f"Task observations: {value}")


@pytest.mark.parametrize(
    "value",
    ["", "many", "3,2405", "12 500", "1.2.3", "٣", ".5", "~5", "12,34", "1٣"],
)
def test_no_number(value: str) -> None:
    """What is no whole number is told as it stands, and not read by half."""
    assert [f"Task observations: {value}"] == usage(f"Task observations: {value}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Time saved: 87.3", ["Time saved: 87.3"]),
        ("Time saved: 87.3%.", [("time-saved", "87.3", "percent"), "."]),
        ("Time saved: 87.3%New metric: 5", [("time-saved", "87.3", "percent"), "New metric: 5"]),
        ("New metric: 5Time saved: 1%", ["New metric: 5", ("time-saved", "1", "percent")]),
        ("Nothing", ["Nothing"]),
    ],
)
def test_what_is_left(line: str, expected: list[object]) -> None:
    """What stands between known values is told, and takes nothing of them away."""
    assert expected == usage(line)


@pytest.mark.parametrize(
    "value", ["48.5", "48.5 / 10", "48.5 / 1000", "48.5 of 100", "48.5 / 100.5"]
)
def test_score_of_another_scale(value: str) -> None:
    """A score that is not out of 100 is no score."""
    assert [f"Score: {value}"] == read("SAFI positioning", f"Score: {value}")


def test_category_with_an_unknown_label() -> None:
    """A category that swallowed an unknown label is told and not made."""
    assert ["Top skill: SpeakingMood: good"] == read(
        "SAFI positioning", "Top skill: SpeakingMood: good"
    )
    assert ["Top skill: "] == read("SAFI positioning", "Top skill:")


def test_every_order() -> None:
    """Labels may stand in any order."""
    parts = {"Time saved: 1%": "time-saved", "AI autonomy: 2": "ai-autonomy"}
    parts["Augment share: 3 %"] = "augment-share"
    for order in product(parts, repeat=3):
        if all(a != b for a, b in pairwise(order)):
            found = [item[0] for item in usage("".join(order)) if not isinstance(item, str)]
            assert [parts[part] for part in order] == found
