"""The layout of a page as `build/page.toml` tells it."""

from __future__ import annotations

import pytest

from kg.readers.layout import fold, load_layout, number_word


def test_patterns() -> None:
    """The file holds what the reader of pages looks for, and nothing else."""
    layout = load_layout()
    expected = {
        "anchors",
        "context",
        "domain",
        "footer",
        "job-zone",
        "levels",
        "rights",
        "source-line",
        "stages",
    }
    assert expected == set(layout.patterns)
    assert {"ai", "durable", "evidence"} == set(layout.headings)
    assert ["AEI usage", "SAFI positioning", "WEF cluster"] == [b.heading for b in layout.evidence]


def test_every_metric_has_a_unit_or_a_scheme() -> None:
    """What a label introduces is a figure or a category, and not both."""
    metrics = [m for block in load_layout().evidence for m in (*block.metrics, block.category) if m]
    assert 9 == len(metrics)
    assert [] == [m for m in metrics if bool(m.unit) == bool(m.scheme)]
    assert [] == [m for m in metrics if m.coded and not m.scheme]


def test_furniture() -> None:
    """Furniture is what the file lists, as a whole line."""
    layout = load_layout()
    lines = ["Subscriber feature: more", "O*NET enrichment", "Suggest an O*NET correctionThe rest"]
    assert [True] * 3 == [layout.is_furniture(line) for line in lines]
    assert not layout.is_furniture("No Subscriber feature")
    assert not layout.is_furniture("O*NET enrichment of ores")


def test_blocks_whatever_their_case() -> None:
    """A block of the evidence pack is found by its heading in upper or lower case."""
    block = load_layout().block("aei USAGE")
    assert block is not None
    assert "aei" == block.source
    assert load_layout().block("AEI") is None


@pytest.mark.parametrize(
    ("word", "number"),
    [("four", 4), ("Twelve", 12), ("zero", 0), ("10", 10), ("thirteen", None), ("", None)],
)
def test_number_word(word: str, number: int | None) -> None:
    """Digits and English words up to twelve are numbers."""
    assert number == number_word(word)


def test_fold() -> None:
    """Every run of white space, no-break too, becomes one space; none is left at the ends."""
    assert "a b c" == fold(" a\u00a0 \tb\u2003c\u00a0")
