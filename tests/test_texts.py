"""Texts cut to a length, escaped for parsers, and made safe for lines, terminals and XML."""

from __future__ import annotations

import json
import unicodedata
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from kg.texts import ESCAPES, escape, for_xml, harmless, one_line, printable, shorten

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
@example("".join(map(chr, range(0x80))) + "\ufffe\uffff\u2028")
def test_an_escaped_text_comes_back(text: str) -> None:
    """In every syntax that quotes a text, parsers read what was escaped, whatever it holds."""
    quoted = f'"{escape(text)}"'
    triple = f"<http://a> <http://b> {quoted} ."
    for syntax in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        assert [text] == [quad.object.value for quad in ox.parse(triple, syntax)]
    (row,) = ox.Store().query(f"SELECT ({quoted} AS ?text) {{}}")
    assert text == row["text"].value


@pytest.mark.parametrize("character", ESCAPES)
def test_another_reader_agrees(character: str) -> None:
    """What is escaped is read by rdflib too."""
    graph = rdflib.Graph().parse(data=f'<http://a> <http://b> "{escape(character)}" .', format="nt")
    assert [character] == [str(value) for value in graph.objects()]


@pytest.mark.parametrize(
    ("expected", "text", "most"),
    [("", "", 1), ("abc", "abc", 3), ("ab…", "abcd", 3), ("a…", "a bcd", 3), ("…", "abcd", 1)],
)
def test_shorten(expected: str, text: str, most: int) -> None:
    """A text that is too long is cut, without white space before the ellipsis."""
    assert expected == shorten(text, most)


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two\nlines\tand  more ", "two lines and more"),
        ("\x1b[31mred\x00", "\ufffd[31mred\ufffd"),
        ("right\u202eto left", "right\ufffdto left"),
        ("naïve 漢字 “ok”", "naïve 漢字 “ok”"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half\ud800 none\ufdd0\uffff", "half\ufffd none\ufffd\ufffd"),
    ],
)
def test_labels_are_one_line(text: str, expected: str) -> None:
    """A label is one line without characters that steer; words that need joiners keep them."""
    assert expected == one_line(text)


@given(st.text())
@example("".join(map(chr, range(0x300))) + "\u2028\u202e\ud800\ufdd0\ufffe\uffff\U0001fffe")
def test_one_measure_of_harm(text: str) -> None:
    """What is written by number for a terminal is replaced on a line, and nothing else is."""
    for character in text:
        is_kept = printable(character, keep="") == character
        assert (character if is_kept else "\ufffd") == harmless(character, keep="")


@given(st.text())
@example("".join(map(chr, range(0x80))) + "\u202e\ud800\ufffe\uffff")
def test_xml_can_hold_it(text: str) -> None:
    """A parser reads what is left, which is all that XML can hold."""
    element = ElementTree.Element("a", title=for_xml(text))
    read = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))
    assert for_xml(text) == read.get("title")
