"""Texts cut to a length, and escaped for parsers."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from kg.texts import ESCAPES, escape, shorten

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
