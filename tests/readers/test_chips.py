"""Citation chips: what a statement cites, and what is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import SourceRef
from kg.readers.chips import ChipReader, Chips
from kg.readers.sources import Named, load_catalogue

CATALOGUE = load_catalogue()
READER = ChipReader(CATALOGUE)
CHIPS = {
    "onet": "O*NET v30.2O*NET Resource Center — Occupational Information Network, v30.2 "
    "(Sept 2025). Opens in new tab.",
    "aei": "Anthropic Economic IndexAnthropic Economic Index — release_2026_03_24. "
    "Opens in new tab.",
    "safi": "Jadhav & Danve, 2026Skill Automation Feasibility Index — Jadhav & Danve, 2026 "
    "(arXiv:2604.06906). Opens in new tab.",
    "wef": "WEF Skills TaxonomyWEF Skills Taxonomy 2021 — Building a Common Language for Skills "
    "at Work. Opens in new tab.",
    "pathsmith": "Pathsmith Durable SkillsPathsmith Durable Skills Framework — America Succeeds "
    "+ CompTIA. Opens in new tab.",
}


def keys(chips: Chips) -> list[str]:
    """Return the keys of the sources that chips name."""
    return [named.source.key for named in chips.named]


@pytest.mark.parametrize("key", CHIPS)
def test_known_chip(key: str) -> None:
    """Every source that has a chip is known by it; text and chip come apart."""
    chips = READER.read(f"Glazing — dips the pots {CHIPS[key]}.")
    assert ("Glazing — dips the pots", [key], (), None, False) == (
        chips.text,
        keys(chips),
        chips.unknown,
        chips.cut,
        chips.between,
    )
    assert SourceRef(key) == chips.named[0].source


def test_every_shipped_chip_is_tested() -> None:
    """The chips above are those of the shipped catalogue."""
    assert set(CHIPS) == {key for key, source in CATALOGUE.sources.items() if source.tooltip}


@pytest.mark.parametrize("between", ["", " ", ". ", ".", "\u00a0", "  "])
@pytest.mark.parametrize("end", ["", ".", " .", "\u00a0.", " "])
def test_chips_in_a_row(between: str, end: str) -> None:
    """Chips follow each other with or without full stops and spaces, which are theirs."""
    row = between.join(CHIPS.values()) + end
    chips = READER.read(f"Glazing — dips {row}")
    assert ("Glazing — dips", list(CHIPS), False) == (chips.text, keys(chips), chips.between)


@pytest.mark.parametrize("space", ["\u00a0", "  ", "\t", "\u202f"])
@pytest.mark.parametrize("key", CHIPS)
def test_white_space_in_chips(key: str, space: str) -> None:
    """Any white space stands for a space inside a chip."""
    chips = READER.read(f"Glazing — dips {CHIPS[key].replace(' ', space)}")
    assert ("Glazing — dips", [key]) == (chips.text, keys(chips))


@pytest.mark.parametrize("key", CHIPS)
def test_chip_without_full_stops(key: str) -> None:
    """The stops that end tooltip and chip may be missing, the text's own one stays."""
    plain = CHIPS[key].replace(". Opens in new tab.", " Opens in new tab")
    chips = READER.read(f"Glazing — dips. {plain}")
    assert ("Glazing — dips.", [key]) == (chips.text, keys(chips))


def test_chip_directly_after_the_text() -> None:
    """A chip needs no space before it, and a text may name its source in plain words."""
    text = "Glazing — weighs the Anthropic Economic Index and the O*NET v30.2"
    chips = READER.read(text + CHIPS["aei"])
    assert (text, ["aei"]) == (chips.text, keys(chips))


def test_new_version() -> None:
    """A version that the tooltip states makes a new version of a known source."""
    text = CHIPS["onet"].replace("v30.2", "v31.0").replace("Sept 2025", "August 2026")
    named = READER.read(f"Glazing — dips {text}").named[0]
    assert Named(SourceRef("onet", "31.0"), "31.0", "August 2026") == named


def test_the_version_of_the_tooltip_counts() -> None:
    """Where label and tooltip differ in the version, the tooltip's is taken, the other told."""
    text = CHIPS["onet"].replace("O*NET v30.2O*NET", "O*NET\u00a0v29.0O*NET")
    chips = READER.read(f"a — b {text} {CHIPS['onet']}")
    assert [SourceRef("onet")] * 2 == [named.source for named in chips.named]
    assert ("O*NET\u00a0v29.0",) == chips.unlike
    assert "a — b" == chips.text


@pytest.mark.parametrize(
    "chip",
    [
        "Kiln WeeklyKiln Weekly — issue 7. Opens in new tab.",
        "WEF Skills TaxonomyA book about skills. Opens in new tab.",
        "Anthropic Economic Index. Opens in new tab.",
        "Opens in new tab.",
    ],
)
def test_unknown_chip(chip: str) -> None:
    """A chip that no source has is told with its text; known ones beside it are still read."""
    chips = READER.read(f"Glazing — dips {chip}")
    assert 1 == len(chips.unknown)
    assert chip.removesuffix(". Opens in new tab.").removesuffix("Opens in new tab.") in (
        chips.unknown[0] + " "
    )
    assert chips.text.startswith("Glazing — dips")
    both = READER.read(f"Glazing — dips {CHIPS['aei']} {chip} {CHIPS['wef']}")
    assert ("Glazing — dips", ["aei", "wef"], 1) == (both.text, keys(both), len(both.unknown))


def test_words_between_chips() -> None:
    """Words between and after chips are kept and told."""
    chips = READER.read(f"Glazing — dips {CHIPS['aei']} then rinses {CHIPS['wef']} twice.")
    assert ("Glazing — dips then rinses twice", True) == (chips.text, chips.between)


@pytest.mark.parametrize("key", CHIPS)
def test_cut_chip(key: str) -> None:
    """A line that ends inside a chip keeps its text and tells what was cut."""
    chip = CHIPS[key]
    source = CATALOGUE.sources[key]
    assert source.label is not None
    assert source.tooltip is not None
    label = source.label.replace("{version}", source.version or "")
    closing = chip.index("Opens in new tab")
    for length in range(len(label) + 1, closing + len("Opens in new tab")):
        chips = READER.read(f"Glazing — dips {CHIPS['wef']} {chip[:length]}")
        assert "Glazing — dips" == chips.text, chip[:length]
        assert chips.cut is not None
        assert chip[:length].strip() == chips.cut.strip()
        assert ["wef"] == keys(chips)


def test_no_chip() -> None:
    """A line without chips is as it was, names of sources in it included."""
    for text in ("Glazing — dips.", "a — reads O*NET v30.2 and the WEF Skills Taxonomy", ""):
        assert Chips(text, ()) == READER.read(f" {text} ")


def test_labels_that_repeat_a_placeholder(tmp_path: Path) -> None:
    """A user's label may hold the version twice, and a tooltip begin with it."""
    file = tmp_path / "more.toml"
    file.write_text(
        '[[source]]\nkey = "kiln"\ntitle = "Kiln"\nlabel = "K {version} ({version})"\n'
        'tooltip = "{version} of the Kiln {version}"\n'
    )
    reader = ChipReader(load_catalogue(file))
    chips = reader.read("a — b K 7 (7)7 of the Kiln 7. Opens in new tab.")
    assert ("a — b", (Named(SourceRef("kiln", "7"), "7", None),)) == (chips.text, chips.named)
    assert "K 7 (7)7 of the Ki" == reader.read("a — b K 7 (7)7 of the Ki").cut


def test_same_label_different_tooltip(tmp_path: Path) -> None:
    """Two sources that share a label are told apart by their tooltips and versions."""
    file = tmp_path / "more.toml"
    file.write_text(
        '[[source]]\nkey = "wef-2030"\ntitle = "WEF Skills Taxonomy, second edition"\n'
        'label = "WEF Skills Taxonomy"\nversion = "2030"\n'
        'tooltip = "WEF Skills Taxonomy {version} — Building a Common Language for Skills at '
        'Work"\n'
    )
    more = file.read_text() + (
        '[[source]]\nkey = "own"\ntitle = "Own"\nlabel = "WEF Skills Taxonomy"\n'
        'tooltip = "WEF Skills Taxonomy 1 — Building a Common Language for Skills at Work"\n'
    )
    file.write_text(more)
    reader = ChipReader(load_catalogue(file))
    expected = {"2021": SourceRef("wef"), "2030": SourceRef("wef-2030"), "1": SourceRef("own")}
    expected["2040"] = SourceRef("wef", "2040")
    found = {v: reader.read(CHIPS["wef"].replace("2021", v)).named[0].source for v in expected}
    assert expected == found
