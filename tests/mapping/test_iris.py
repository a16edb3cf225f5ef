"""Identifiers are made from what a thing is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import quads
from kg.errors import RequestError
from kg.mapping.iris import Iris, Unique, checked_base, slug, text_key
from kg.model import SourceRef

IRIS = Iris("https://example.org/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Growth Mindset", "growth-mindset"),
        ("  Re-fires,\u00a0twice.  ", "re-fires-twice"),
        ("Q2_ai_augmented", "q2-ai-augmented"),
        ("“Rush” orders & O’Hara's", "rush-orders-o-hara-s"),
        ("Café Straße", "cafe-strasse"),
        ("Web 2.0 / 24–7", "web-2-0-24-7"),
        ("Ångström", "angstrom"),
        ("ὕδωρ", "υδωρ"),
        ("Йога", "иога"),
        ("焼き物", "焼き物"),
        ("ﬁring", "firing"),
        ("हिन्दी", "हिन्दी"),
        ("กิน ข้าว", "กิน-ข้าว"),
        ("한국어", "한국어"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    """A slug is the words of a text in lower case, in any script."""
    assert expected == slug(text)


@pytest.mark.parametrize(
    "texts",
    [
        ("C", "C++", "C#", "C+"),
        ("गाना", "गाने", "गान"),
        ("か", "が"),
        ("กิน", "กาน", "กน"),
        ("50", "50%"),
        ("…", "!", "—", ""),
        ("a" * 101, "a" * 102, "a" * 100),
        ("x " * 80 + "y", "x " * 80 + "z"),
    ],
)
def test_slugs_tell_apart(texts: tuple[str, ...]) -> None:
    """Different names get different slugs, where letters or symbols make the difference."""
    assert len(texts) == len({slug(text) for text in texts})


def test_slug_of_endless_marks() -> None:
    """A text of very many marks is cut before they are put into their order, and told apart."""
    texts = ["a" + "\u0301\u0323" * 500_000 + end for end in "bc"]
    assert 2 == len({slug(text) for text in texts})
    assert {"a"} == {slug(text).rpartition("-")[0] for text in texts}


@given(st.text(max_size=150))
def test_slug_of_anything(text: str) -> None:
    """A slug is one segment of an IRI, of bounded length, and its own slug."""
    found = slug(text)
    assert re.fullmatch(r"[^\s/?#%\\<>\"{}|^`-]+(-[^\s/?#%\\<>\"{}|^`-]+)*", found)
    assert len(found) <= 109
    assert found == slug(text.upper().lower()) or text.upper().casefold() != text.casefold()
    quads.check_iris(
        quads.from_rows([quads.iri(IRIS.base, IRIS.base, IRIS.base + found, None)]), ""
    )


@pytest.mark.parametrize(
    "other", ["Throw pots", "THROW  POTS.", " throw\u00a0pots. ", "Throw pots .", "Throw pots.."]
)
def test_text_key(other: str) -> None:
    """Texts are the same whatever their case, white space and final stop."""
    assert "throw pots" == text_key(other)


def test_text_key_keeps_the_rest() -> None:
    """Other marks of a text count."""
    assert text_key("Throw pots!") != text_key("Throw pots")
    assert text_key("Throw-pots") != text_key("Throw pots")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://example.org/a#", "https://example.org/a#"),
        ("urn://x", "urn://x/"),
    ],
)
def test_checked_base(base: str, expected: str) -> None:
    """A base ends where data may follow."""
    assert expected == checked_base(base)


@pytest.mark.parametrize(
    "base",
    ["", "example.org", "/a", "https://", "https://a b", "https://<a>", "1https://a/", "x:y"],
)
def test_no_base(base: str) -> None:
    """What is no absolute IRI is no base."""
    with pytest.raises(RequestError, match="--base"):
        checked_base(base)


def test_unique() -> None:
    """A repeated IRI is counted; a wanted one that looks like a counted one is too."""
    unique = Unique()
    wanted = ["a", "a", "a-2", "a", "b", "a-2"]
    assert ["a", "a-2", "a-2-2", "a-3", "b", "a-2-3"] == [unique(iri) for iri in wanted]


@given(st.lists(st.sampled_from(["a", "a-2", "a-3", "a-2-2", "b"])))
def test_never_twice(wanted: list[str]) -> None:
    """No IRI is given twice, and the same wishes give the same IRIs."""
    first, second = Unique(), Unique()
    given_out = [first(iri) for iri in wanted]
    assert len(wanted) == len(set(given_out))
    assert given_out == [second(iri) for iri in wanted]


def test_iris() -> None:
    """Every kind of thing has its place below the base."""
    title = "Kiln Operators"
    expected = {
        "graph/catalog": IRIS.graph("catalog"),
        "graph/page/kiln-operators": IRIS.page_graph(title),
        "document/page/kiln-operators": IRIS.page_document(title),
        "document/onet/30.2": IRIS.release_document("30.2"),
        "framework/kiln-operators/ai": IRIS.framework(title, "ai"),
        "occupation/15-1232.00": IRIS.occupation("15-1232.00"),
        "occupation/kiln-operators": IRIS.occupation_without_code(title),
        "task/1282": IRIS.task("1282"),
        "element/2.A.1.d": IRIS.element("2.A.1.d"),
        "source/onet": IRIS.source(SourceRef("onet")),
        "source/aei/Release_2026%2F1": IRIS.source(SourceRef("aei", "Release_2026/1")),
        "domain/clay-sense": IRIS.term("domain", "Clay Sense"),
        "graph/rdf/clay": IRIS.rdf_graph("clay"),
        "graph/links/rdf/clay": IRIS.links_graph(IRIS.rdf_graph("clay")),
        "document/rdf/clay": IRIS.rdf_document("clay"),
        "dataset": IRIS.dataset,
    }
    assert {f"https://example.org/{path}": iri for path, iri in expected.items()} == {
        iri: iri for iri in expected.values()
    }


def test_a_source_whose_key_is_like_a_version() -> None:
    """A version of a source is no other source, whatever keys and versions are made of."""
    keys, versions = (
        ("onet", "onet-29.0", "onet-29", "29.0"),
        (None, "29.0", "0", "29.0/a", "29.0/A"),
    )
    refs = [SourceRef(key, version) for key in keys for version in versions]
    assert len(refs) == len({IRIS.source(ref) for ref in refs})


def test_an_occupation_named_like_a_code() -> None:
    """A title that looks like a code does not become that code's occupation."""
    assert IRIS.occupation("15-1232.00") != IRIS.occupation_without_code("15-1232.00")


def test_task_without_an_id() -> None:
    """A task that only its text is known of is the same for texts that count as the same."""
    task = IRIS.task_without_id(
        "Throw pots on a wheel, day in and day out, until the shelf is full."
    )
    assert re.fullmatch(r"https://example\.org/task/throw-pots-on-a-wheel[a-z-]*-[0-9a-f]{8}", task)
    assert IRIS.task_without_id("Throw pots.") == IRIS.task_without_id(" throw  pots")
    assert IRIS.task_without_id("Throw pots!") != IRIS.task_without_id("Throw pots")
    assert re.fullmatch(r".*/task/x-[0-9a-f]{8}-[0-9a-f]{8}", IRIS.task_without_id("…"))
