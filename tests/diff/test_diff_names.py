"""Names of one release read as those of another, and the ranges they are read in."""

from __future__ import annotations

import doctest
from itertools import pairwise

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import names as module
from kg.diff.names import SAME, Names

PAIRS = (
    ("http://x/document/onet/9.0", "http://x/document/onet/10.1"),
    ("http://x/rating/9.0", "http://x/rating/10.1"),
    ("http://x/a/9.0", "http://x/a/10.1"),
)
NAMES = Names(PAIRS)


def test_the_docstring_runs() -> None:
    """The example gives what is shown."""
    assert (0, 2) == doctest.testmod(module)


@pytest.mark.parametrize(
    ("expected", "iri"),
    [
        ("http://x/rating/10.1/b", "http://x/rating/9.0/b"),
        ("http://x/document/onet/10.1", "http://x/document/onet/9.0"),
        ("http://x/rating/9.01/b", "http://x/rating/9.01/b"),
        ("http://x/rating/9.0b", "http://x/rating/9.0b"),
        ("http://y/rating/9.0/b", "http://y/rating/9.0/b"),
        ("_:b", "_:b"),
    ],
)
def test_names_are_read(expected: str, iri: str) -> None:
    """An IRI, and what continues it after a slash, is read as the other; nothing else is."""
    table = nw.from_native(pl.DataFrame({"subject": [iri]}))

    assert expected == NAMES(iri)
    assert [expected] == table.select(NAMES.read("subject").alias("x"))["x"].to_list()
    assert iri == SAME(iri)


PARTS = st.sampled_from(["9.0", "10.1", "9.0/", "10.1/", "rating", "a", "b", "/", "0", "document"])
IRIS = st.builds(
    lambda kind, release, rest: f"http://x/{kind}/{release}{'/'.join(rest)}",
    st.sampled_from(["a", "document/onet", "rating", "rat", "z"]),
    PARTS,
    st.lists(st.sampled_from(["", "b", "0", "9.0"]), max_size=2),
)


@given(st.lists(IRIS, min_size=1), st.lists(IRIS))
def test_ranges_divide_what_is_read(subjects: list[str], ends: list[str]) -> None:
    """Each subject is in the range that its name is in, once, and in no other."""
    table = pl.DataFrame({"subject": subjects})
    for names in (SAME, NAMES):
        for low, high in pairwise(["", *sorted(set(ends)), None]):
            found = [s for f in names.ranges(low or "", high) for s in table.filter(f)["subject"]]
            wanted = [
                s for s in subjects if (low or "") <= names(s) and (not high or names(s) < high)
            ]
            assert sorted(wanted) == sorted(found)
