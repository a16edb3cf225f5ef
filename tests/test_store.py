"""The store: that it holds what the table holds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import ODD, A, B, G, answer, load, rows

from kg import quads, store
from kg.assembly import assemble
from kg.generations import Generation, current
from kg.model import Quad
from kg.namespaces import KG, RDF, XSD

# What was read is what is there.


def normalized(row: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return a row of the table as Oxigraph keeps it: numbers by value, tags in lower case."""
    quad = Quad(*row)
    value = quad.object
    if quad.datatype == XSD.integer:
        value = str(int(value))
    elif quad.datatype == XSD.decimal:
        value = f"{Decimal(value).normalize():f}"
    language = quad.language.lower() if quad.language else None
    return tuple(quad._replace(object=value, language=language))


def dump(path: Path) -> list[tuple[str | None, ...]]:
    """Return the quads of a store as rows, read without a query."""

    def name(node: object) -> str | None:
        if isinstance(node, ox.BlankNode):
            return f"_:{node.value}"
        return node.value if isinstance(node, ox.NamedNode) else None

    found = []
    for quad in ox.Store.read_only(str(path)).quads_for_pattern(None, None, None, None):
        head, graph = (name(quad.subject), quad.predicate.value), name(quad.graph_name)
        value = quad.object
        if isinstance(value, ox.Literal):
            tail = (value.value, "literal", value.datatype.value, value.language)
        else:
            kind = "blank" if isinstance(value, ox.BlankNode) else "iri"
            tail = (name(value), kind, None, None)  # type: ignore[assignment]
        found.append((*head, *tail, graph))
    return found


def check_store_is_table(generation: Generation) -> None:
    """Assert that the store and the table of a generation hold the same quads by value."""
    table = generation.scan().collect()
    expected = {normalized(row) for row in table.iter_rows()}
    found = dump(generation.store)
    assert table.height == len(expected) == len(found) == generation.manifest["quads"]
    assert expected == set(found)


def check_no_triple_twice(generation: Generation) -> None:
    """Assert that no triple of a generation stands in two graphs, in the table and the store."""
    columns = [c for c in quads.COLUMNS if c != "graph"]
    twice = generation.scan().group_by(columns).len().filter(pl.col("len") > 1).collect()
    assert [] == twice.rows()
    found = dump(generation.store)
    assert len(found) == len({row[:-1] for row in found})


def test_store_is_table_on_the_example(example_folder: Path) -> None:
    """The table and the store of the example hold the same quads by value."""
    check_store_is_table(current(example_folder))


def test_no_triple_stands_in_two_graphs_on_the_example(example_folder: Path) -> None:
    """No triple of the example stands in two graphs, so that the union counts each once."""
    generation = current(example_folder)
    check_no_triple_twice(generation)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert [(str(generation.manifest["quads"]),)] == rows(generation.store, count)


def test_what_was_read_is_there_on_the_example(example_folder: Path) -> None:
    """The published parts are the tables that the inputs gave, no row more or less."""
    generation, parts = current(example_folder), assemble().parts
    assert set(parts) == set(generation.parts)
    for graph, path in generation.parts.items():
        assert pl.read_parquet(path).equals(parts[graph])
        assert {graph} == set(pl.read_parquet(path)["graph"])


@pytest.fixture(scope="module")
def real(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation built from the real pages and O*NET 30.2."""
    from kg.pipeline import build

    pages = sorted(shared("data/frameworks").glob("*.txt"))
    inputs = [*pages, shared("data/onet/db_30_2_text.zip")]
    return build(inputs, tmp_path_factory.mktemp("real")).generation


@pytest.mark.slow
def test_store_is_table_on_real_data(real: Generation) -> None:
    """The table and the store of a real page and release hold the same quads by value."""
    check_store_is_table(real)


@pytest.mark.slow
def test_no_triple_stands_in_two_graphs_on_real_data(real: Generation) -> None:
    """No triple of a real page and release stands in two graphs."""
    check_no_triple_twice(real)


def test_terms_of_the_table_and_the_store_differ_as_documented(small_store: Path) -> None:
    """The store keeps numbers by value and folds tags, and keeps everything else as it is."""
    found = {(r[2], r[4], r[5]) for r in dump(small_store)}
    expected = {
        ("http://example.org/c", None, None),
        (ODD, XSD.string, None),
        ("text", RDF.langString, "en-gb"),
        ("3", XSD.decimal, None),
        ("1", XSD.integer, None),
        ("no number", XSD.integer, None),
    }
    assert expected == {row for row in found if not str(row[0]).startswith("_:")}
    assert 7 == len(found)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(texts, min_size=1, max_size=20, unique=True))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_comes_back_from_the_store(
    tmp_path_factory: pytest.TempPathFactory, expected: list[str]
) -> None:
    """Texts with whatever characters are the same in the store and in an answer from it."""
    given_rows = [quads.literal(f"{A}{i}", B, text, G) for i, text in enumerate(expected)]
    path = load(tmp_path_factory.mktemp("texts"), given_rows)
    assert {(row.subject, row.object) for row in given_rows} == {(r[0], r[2]) for r in dump(path)}
    found = answer(path, "SELECT ?s ?o { ?s ?p ?o }")
    assert {(row.subject, row.object) for row in given_rows} == set(found.rows)


def test_load_refuses_what_is_wrong(tmp_path: Path) -> None:
    """What is no N-Quads, or a folder in which a store cannot be, raises."""
    (tmp_path / "bad.nq").write_text("nonsense\n")
    with pytest.raises(SyntaxError):
        store.load(tmp_path / "bad.nq", tmp_path / "one")
    with pytest.raises(OSError, match="No such file"):
        store.load(tmp_path / "missing.nq", tmp_path / "two")
    with pytest.raises(OSError, match="exists"):
        store.load(tmp_path / "bad.nq", tmp_path / "bad.nq")


def test_counts_of_the_example(example_store: Path) -> None:
    """The store answers what the example's description states."""
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{KG.cites}> ?o }}"
    assert [("84",)] == rows(example_store, query)
