"""Parts of a graph: what belongs to them, and in which pieces it comes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from samples import OCCUPATION, PAGE, rated, select, text_of

from kg import quads
from kg.errors import NotFoundError
from kg.export import graphml, selection
from kg.export.framing import frame_documents
from kg.graph import Graph
from kg.lookup import ENTITIES, KINDS
from kg.namespaces import BASE, KG, RDF

OF_OCCUPATION = f"{BASE}rating/30.2/25-4031.00/own"
OF_OTHER = f"{BASE}rating/30.2/25-4022.00/own"
OF_TASK = f"{BASE}rating/30.2/900001/own"


@pytest.fixture(scope="module")
def parts(page_graph: Graph) -> dict[str, pl.DataFrame]:
    """Return the parts of the example with ratings."""
    return rated(page_graph)


def subjects(parts: dict[str, pl.DataFrame], folder: Path, **part: str) -> set[str]:
    """Return what a part describes."""
    return set(select(parts, folder, **part).quads.collect()["subject"])


def test_rows_of_a_release_belong_to_their_occupation(
    parts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """Ratings of the occupation and of its tasks are there, and what they refer to has its name."""
    found = subjects(parts, tmp_path, occupation=OCCUPATION)
    assert {OF_OCCUPATION, OF_TASK, f"{BASE}element/own", f"{BASE}scale/own"} <= found
    assert OF_OTHER not in found


def test_rows_of_a_release_do_not_belong_to_a_framework(
    parts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """A kind of framework has its occupation and tasks, without the ratings of either."""
    found = subjects(parts, tmp_path, framework="ai")
    assert {OCCUPATION, f"{BASE}task/900001"} <= found
    assert not {OF_OCCUPATION, OF_OTHER, OF_TASK, f"{BASE}scale/own"} & found


def test_rows_stand_inside_the_document_of_their_occupation(
    parts: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """A framed document holds the ratings with the element and the scale that they name."""
    ((_, document),) = frame_documents(select(parts, tmp_path, occupation=OCCUPATION), "occupation")
    (rating,) = [rating for rating in document["hasRating"] if rating["id"] == OF_OCCUPATION]
    assert "Rating" == rating["type"]
    assert {"Weight", "Weighing words"} == {e["prefLabel"] for e in rating["refersTo"]}


def test_rows_are_no_entities(
    parts: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GraphML has no ratings, even where there is a name for their kind."""
    chosen = select(parts, tmp_path)
    before = text_of(graphml.graphml(chosen))
    monkeypatch.setitem(KINDS, "rating", KG.Rating)
    assert before == text_of(graphml.graphml(chosen))
    assert f"{BASE}element/own" in before
    assert "/rating/" not in before
    assert set(ENTITIES) < set(KINDS)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pieces_hold_whole_subjects_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Pieces are as small as is asked for, but for what is said of one subject."""
    monkeypatch.setattr(selection, "SLICE", size)
    graph = f"{BASE}graph/one"
    rows = [
        quads.iri(f"{BASE}{subject}", KG.cites, f"{BASE}{number}", graph)
        for subject, count in (("a", 1), ("b", 5), ("c", 1), ("d", 1), ("e", 2), ("f", 1))
        for number in range(count)
    ]
    pieces = [piece["subject"].to_list() for piece in select(rows, tmp_path).triples()]
    assert sorted(r.subject for r in rows) == [s for piece in pieces for s in piece]
    assert len({s for piece in pieces for s in piece}) == sum(len(set(p)) for p in pieces)
    assert max(map(len, pieces)) <= size + 4
    assert [] not in pieces


def test_an_unknown_graph_is_told_with_the_nearest(tmp_path: Path) -> None:
    """Of hundreds of graphs those that are nearest to the name are named, and no more."""
    names = [f"{BASE}graph/page/{word}" for word in ("bakers", "potters")]
    names += [f"{BASE}graph/other/{number:03}" for number in range(300)]
    rows = [quads.iri(BASE, RDF.type, KG.Source, name) for name in names]
    with pytest.raises(NotFoundError) as caught:
        select(rows, tmp_path, graph=f"{BASE}graph/page/poters")
    said = str(caught.value)
    assert f"there are: {BASE}graph/page/potters, {BASE}graph/page/bakers, " in said
    assert said.endswith(", and more: kg info lists them")
    assert 5 == said.partition("there are:")[2].count("/graph/")


def test_a_page_by_name(parts: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """A named graph is that graph alone, whatever the rest of the selection would bring."""
    name = f"{BASE}graph/page/{PAGE}"
    found = select(parts, tmp_path, graph=name)
    assert [name] == found.graphs
    assert parts[name].height == found.quads.collect().height
