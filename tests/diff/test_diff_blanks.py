"""Blank nodes: the same where they say the same, whatever they are called."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from generation_pairs import A, B, G, P, difference
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import quads
from kg.diff.blanks import index_blanks
from kg.diff.names import SAME
from kg.diff.triples import prepared
from kg.model import Quad

Q, R = f"{P}q", f"{P}r"


def link(subject: str, predicate: str, target: str) -> Quad:
    """Return a triple whose object is a blank node."""
    return Quad(subject, predicate, target, "blank", None, None, G)


def say(subject: str, value: str) -> Quad:
    """Return a triple whose object is a literal."""
    return quads.literal(subject, P, value, G)


def table(rows: list[Quad]) -> pl.DataFrame:
    """Return those triples that are about blank nodes."""
    return prepared(quads.from_rows(r for r in rows if r.subject.startswith("_:")), SAME, ())


def unlike(old: list[Quad], new: list[Quad]) -> tuple[list[str], list[str]]:
    """Return the blank nodes that only one of two lists has."""
    before, after = index_blanks([table(old)], [table(new)])
    return before.unlike(after).to_list(), after.unlike(before).to_list()


def renamed(rows: list[Quad], names: dict[str, str]) -> list[Quad]:
    """Return triples with other names of blank nodes."""
    return [
        r._replace(subject=names.get(r.subject, r.subject), object=names.get(r.object, r.object))
        for r in rows
    ]


TREE = [
    link(A, Q, "_:x"),
    say("_:x", "1"),
    link("_:x", Q, "_:y"),
    link("_:x", Q, "_:z"),
    say("_:y", "2"),
    say("_:z", "3"),
]


def test_names_do_not_matter(tmp_path: Path) -> None:
    """Graphs that differ by the names of blank nodes do not differ."""
    other = renamed(TREE, {"_:x": "_:z", "_:y": "_:x", "_:z": "_:other"})
    found = difference(tmp_path, TREE, other)
    assert (False, []) == (found.differs, list(found.nodes()))


def test_what_leads_to_another_content_is_another(tmp_path: Path) -> None:
    """A changed leaf makes other nodes of those above it, and leaves its siblings alone."""
    other = renamed([*TREE[:-1], say("_:z", "4")], {"_:x": "_:x2", "_:y": "_:y2", "_:z": "_:z2"})
    found = difference(tmp_path, TREE, other)

    assert [(A, "changed"), ("_:x", "removed"), ("_:z", "removed")] == [
        (n.iri, n.status) for n in found.nodes() if n.status != "added"
    ]
    assert ["_:x2", "_:z2"] == [n.iri for n in found.nodes(status="added")]
    (change,) = next(found.nodes()).properties
    assert (["_:x"], ["_:x2"]) == tuple(
        [v.value for v in of] for of in (change.removed, change.added)
    )


def test_each_counts() -> None:
    """Of nodes that say the same, one more is one more."""
    one = [say("_:x", "1")]
    two = [say("_:a", "1"), say("_:b", "1")]
    assert ([], ["_:b"]) == unlike(one, two)
    assert (["_:b"], []) == unlike(two, one)
    assert ([], []) == unlike(two, renamed(two, {"_:a": "_:c"}))


def test_values_of_one_content_are_counted(tmp_path: Path) -> None:
    """A node that refers to two nodes saying the same differs from one that refers to one."""
    two = [link(A, Q, "_:a"), link(A, Q, "_:b"), say("_:a", "1"), say("_:b", "1")]
    one = [link(A, Q, "_:c"), say("_:c", "1")]
    found = difference(tmp_path, one, two)

    assert [(A, "changed"), ("_:b", "added")] == [(n.iri, n.status) for n in found.nodes()]
    (change,) = next(found.nodes()).properties
    assert ((), 1) == (change.removed, len(change.added))


def test_a_node_that_says_nothing_has_a_place(tmp_path: Path) -> None:
    """A value that is a blank node without a word is the same as any other such."""
    old, new = [link(A, Q, "_:a")], [link(A, Q, "_:b")]
    assert not difference(tmp_path / "1", old, new).differs
    assert difference(tmp_path / "2", old, [quads.iri(A, Q, B, G)]).differs


@pytest.mark.parametrize("length", [1, 2, 3, 8])
def test_circles_are_told_apart(length: int) -> None:
    """Blank nodes in a circle say how long it is only where one of them says something else."""
    circle = [link(f"_:n{i}", Q, f"_:n{(i + 1) % length}") for i in range(length)]
    turned = renamed(circle, {f"_:n{i}": f"_:m{(i + 1) % length}" for i in range(length)})
    assert ([], []) == unlike(circle, turned)
    marked = unlike([*circle, say("_:n0", "x")], [*turned, say("_:m0", "y")])
    assert (length, length) == tuple(map(len, marked))


def test_lists_are_told_apart_far_from_their_ends() -> None:
    """The heads of two long lists that end in other words are the same no longer."""
    chain = [
        row for i in range(40) for row in (say(f"_:n{i}", "x"), link(f"_:n{i}", Q, f"_:n{i + 1}"))
    ]
    gone, come = unlike([*chain, say("_:n40", "y")], [*chain, say("_:n40", "z")])
    assert {f"_:n{i}" for i in range(41)} == set(gone) == set(come)


NODES = st.sampled_from([f"_:n{i}" for i in range(5)])
ROWS = st.lists(
    st.one_of(
        st.builds(link, NODES, st.sampled_from([Q, R]), NODES),
        st.builds(say, NODES, st.sampled_from("xy")),
    ),
    max_size=10,
)


@settings(deadline=None)
@given(ROWS, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_a_copy_is_the_same(rows: list[Quad], order: list[int], chance: object) -> None:
    """Other names and another order change nothing, whatever the graph."""
    copy = renamed(rows, {f"_:n{i}": f"_:m{order[i]}" for i in range(5)})
    chance.shuffle(copy)
    assert ([], []) == unlike(rows, copy)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_other_words_are_seen(old: list[Quad], new: list[Quad]) -> None:
    """Where the literals that nodes say are not the same, in any way, the nodes are not."""

    def said(rows: list[Quad]) -> Counter[frozenset[str]]:
        rows = sorted(set(rows))
        nodes = {r.subject for r in rows}
        return Counter(
            frozenset(r.object for r in rows if r.subject == n and r.kind == "literal")
            for n in nodes
        )

    assert (said(old) == said(new)) or unlike(old, new) != ([], [])
