"""What the commands print: nothing of an input acts on the terminal that shows it."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from pathlib import Path

import pytest
from commands import kg

from kg.cli.output import printable

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"]
BIDI = [
    chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
]


@pytest.mark.parametrize("character", [*CONTROLS, *BIDI, "\u2028", "\u2029", "\u200b", "\ufeff"])
def test_what_could_steer_is_made_visible(character: str) -> None:
    """Every control character and every mark of direction is written as its number."""
    assert f"a\\u{ord(character):04x}b" == printable(f"a{character}b")


def test_every_control_character_is_covered() -> None:
    """The characters above are all of the C0 and C1 controls, and the direction marks there are."""
    every = [chr(code) for code in range(0x110000)]
    assert {*CONTROLS, "\t", "\n"} == {c for c in every if unicodedata.category(c) == "Cc"}
    marks = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    turning = {c for c in every if unicodedata.bidirectional(c) in marks}
    assert set(BIDI) == {*turning, "\u061c", "\u200e", "\u200f"}


@pytest.mark.parametrize(
    "text",
    [
        "plain, with a\ttab\nand a line",
        "no\u00a0break, thin\u2009space",
        "Café, 焼き物, हिन्दी, עברית",
        "می\u200cخواهم, \U0001f469\u200d\U0001f4bb",
        "\ue000 private, \U0001fae8 new",
    ],
)
def test_texts_stay_as_they_are(text: str) -> None:
    """Texts of any script are printed as they are."""
    assert text == printable(text)


def test_returns() -> None:
    """A return hides no line: one that ends a line is left out, any other is made visible."""
    assert "one\ntwo\\u000dthree" == printable("one\r\ntwo\rthree")


def test_json_stays_json() -> None:
    """What JSON leaves as it is, and a terminal does not, is escaped in JSON's own way."""
    text = "del\x7f c1\x9b turn\u202e tag\U000e0041 half\ud800 esc\x1b end"
    shown = printable(json.dumps(text, ensure_ascii=False))
    assert text == json.loads(shown)
    assert "del\\u007f c1\\u009b turn\\u202e tag\\udb40\\udc41 half\\ud800" in shown


def test_findings_are_one_line_each(tmp_path: Path) -> None:
    """Neither the name of a page nor its text adds a line to its findings, or takes one away."""
    page = tmp_path / "a\nkg: all is well\r.txt"
    page.write_text("Odd\nContext coveredX.\nwhat\x0b\u2028is\x1b[2K\x85this\u202e?\n", "utf-8")
    result = kg("build", page, "--graph", tmp_path / "graph")
    assert 0 == result.returncode
    listed = [row for row in result.stderr.splitlines() if "a\ufffdkg: all is well\ufffd" in row]
    assert 1 == len([row for row in listed if "what is\\u001b[2K this\\u202e?" in row])
    assert listed == result.stderr.splitlines()


def test_errors_are_one_line_each(tmp_path: Path) -> None:
    """The name of a page in an archive adds no line to an error."""
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a\nkg: all is well\r\x1b[2K.txt", "nothing of the kind")
    result = kg("build", path, "--graph", tmp_path / "graph")
    assert 2 == result.returncode
    assert 1 == len(result.stderr.splitlines())
    assert "pages.zip/a\ufffdkg: all is well\ufffd\ufffd[2K.txt:1: is not" in result.stderr
