"""The graph of a page's links: what it says, and what it depends on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from commands import kg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assembly import Assembly, assemble, example_inputs
from kg.graph import open_graph
from kg.linking import activity_linker, tasks_of
from kg.mapping.iris import Iris
from kg.namespaces import BASE, DCT, KG, OWL, PROV, RDF, SEMAPV, SSSOM, VOID, XSD
from kg.pipeline import build

PAGE, RELEASE = example_inputs()[:2]
TEXT = PAGE.read_text(encoding="utf-8")
PAGE_GRAPH = f"{BASE}graph/page/library-technicians"
LINKS = f"{BASE}graph/links/page/library-technicians"
OTHER_TITLES = (
    "Librarians and Media Collections Specialists",
    "Library Assistants, Clerical",
    "Archivists",  # of which the release knows nothing
)


@pytest.fixture(scope="module")
def example() -> Assembly:
    """Return what the bundled example becomes."""
    return assemble([PAGE, RELEASE])


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return other pages by their titles: their statements are other ones too."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {}
    for number, title in enumerate(OTHER_TITLES):
        text = TEXT.replace("Library Technicians", title, 1).replace("desk", f"counter {number}")
        pages[title] = folder / f"{number}.txt"
        pages[title].write_text(text, encoding="utf-8")
    return pages


def objects(table: pl.DataFrame, predicate: str) -> dict[str, str]:
    """Return the object of each subject of a property that has one at most."""
    rows = table.filter(pl.col("predicate") == predicate)
    assert rows["subject"].is_unique().all()
    return dict(rows.select("subject", "object").iter_rows())


def test_the_set(example: Assembly) -> None:
    """What all links share is said once, of their graph: tool, version, threshold, documents."""
    rows = example.parts[LINKS].filter(pl.col("subject") == LINKS)
    said = set(rows.select("predicate", "object", "datatype").iter_rows())
    (measure,) = (o for p, o, _ in said if p == SSSOM.similarity_measure)
    assert {
        (RDF.type, SSSOM.MappingSet, None),
        (SSSOM.mapping_tool, "skills-kg activities", XSD.string),
        (SSSOM.mapping_tool_version, "1", XSD.string),
        (SSSOM.similarity_measure, measure, XSD.string),
        (KG.threshold, "0.2", XSD.decimal),
        (PROV.wasDerivedFrom, f"{BASE}document/page/library-technicians", None),
        (PROV.wasDerivedFrom, f"{BASE}document/onet/30.2", None),
    } == said
    assert measure.startswith("Estimated probability")


def test_one_link(example: Assembly) -> None:
    """A link names statement, property, task, confidence and how it was found."""
    statement = f"{BASE}framework/library-technicians/base/shelf-reading-rounds"
    node = f"{BASE}link/activities/framework/library-technicians/base/shelf-reading-rounds/900006"
    rows = example.parts[LINKS].filter(pl.col("subject") == node)
    assert {
        (RDF.type, KG.Link, None),
        (OWL.annotatedSource, statement, None),
        (OWL.annotatedProperty, KG.supports, None),
        (OWL.annotatedTarget, f"{BASE}task/900006", None),
        (SSSOM.confidence, "0.9718", XSD.decimal),
        (SSSOM.mapping_justification, SEMAPV.LexicalSimilarityThresholdMatching, None),
    } == set(rows.select("predicate", "object", "datatype").iter_rows())


def test_what_is_supported(example: Assembly) -> None:
    """A statement supports a task where the link reaches the threshold, and nowhere else."""
    table = example.parts[LINKS]
    threshold = Decimal(objects(table, KG.threshold)[LINKS])
    source, target = objects(table, OWL.annotatedSource), objects(table, OWL.annotatedTarget)
    confidence = objects(table, SSSOM.confidence)
    expected = {
        (source[link], target[link]) for link in source if Decimal(confidence[link]) >= threshold
    }
    rows = table.filter(pl.col("predicate") == KG.supports).select("subject", "object")
    assert expected == set(rows.iter_rows())
    assert (75, 65) == (len(source), rows.height)
    assert all(re.fullmatch(r"[01]\.\d{4}", value) for value in confidence.values())


def test_links_are_of_the_occupation(example: Assembly) -> None:
    """Only tasks of the statement's occupation are linked, though others have the same text."""
    targets = set(objects(example.parts[LINKS], OWL.annotatedTarget).values())
    assert targets <= {f"{BASE}task/9000{number:02}" for number in range(1, 11)}


def test_the_catalogue(example: Assembly) -> None:
    """The catalogue says that the graph is inferred, how large it is, and whom to credit."""
    catalog = example.parts[f"{BASE}graph/catalog"].filter(pl.col("subject") == LINKS)
    said = dict(catalog.select("predicate", "object").iter_rows())
    assert f"{BASE}graph-kind/inferred" == said[KG.graphKind]
    assert str(example.parts[LINKS].height) == said[VOID.triples]
    assert "© 2026 The skills-kg project, CC BY 4.0." == said[DCT.rights]
    assert "© 2026 The skills-kg project" in said[KG.attribution]
    assert "O*NET 30.2 Database" in said[KG.attribution]


def test_the_page_does_not_change(example: Assembly) -> None:
    """Nothing inferred stands in the graph of the page."""
    inferred = [KG.Link, KG.supports, SSSOM.confidence, OWL.annotatedSource]
    for graph, part in example.parts.items():
        if graph not in (LINKS, f"{BASE}graph/ontology"):
            used = {*part["predicate"], *part.filter(pl.col("kind") == "iri")["object"]}
            assert set() == used & set(inferred), graph


def test_no_links_without_a_release() -> None:
    """A page alone has no links, and no graph for them."""
    assert [] == [graph for graph in assemble([PAGE]).parts if "/links/" in graph]


def test_no_links_without_a_code(others: dict[str, Path]) -> None:
    """A page whose occupation the release does not have is built without links."""
    parts = assemble([others["Archivists"], RELEASE]).parts
    assert f"{BASE}graph/page/archivists" in parts
    assert [] == [graph for graph in parts if "/links/" in graph]


def test_no_links_without_anything_alike(tmp_path: Path) -> None:
    """Where no pair is alike enough, there is no graph of links."""
    lines = TEXT.splitlines()
    page = "\n".join([*lines[:2], "- Zyx — qqq vvv. O*NET v30.2" + lines[2].partition("v30.2")[2]])
    path = tmp_path / "page.txt"
    path.write_text(page, encoding="utf-8")
    parts = assemble([path, RELEASE]).parts
    assert any("/graph/page/" in graph for graph in parts)
    assert [] == [graph for graph in parts if "/links/" in graph]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.lists(st.sampled_from(OTHER_TITLES), unique=True), place=st.integers(0, 3))
def test_other_pages_change_nothing(
    example: Assembly, others: dict[str, Path], chosen: list[str], place: int
) -> None:
    """A page's links are the same whichever pages are built with it, in whatever order."""
    inputs = [others[title] for title in chosen]
    inputs.insert(place, PAGE)
    parts = assemble([RELEASE, *inputs]).parts
    assert example.parts[LINKS].equals(parts[LINKS])
    known = [title for title in chosen if title != "Archivists"]
    assert 1 + len(known) == len([graph for graph in parts if "/links/" in graph])


def test_links_move_with_the_base(example: Assembly) -> None:
    """Under another base the same links stand below it."""
    other = "https://example.org/data/"
    moved = assemble(base=other).parts[LINKS.replace(BASE, other)]
    rows = example.parts[LINKS].rows()
    vocabulary = KG.iri

    def renamed(value: str | None) -> str | None:
        if value is None or value.startswith(vocabulary):
            return value
        return value.replace(BASE, other)

    assert {tuple(map(renamed, row)) for row in rows} == set(moved.rows())


def test_another_label_is_another_link(tmp_path: Path) -> None:
    """Repeated labels make statements, and links, with IRIs of their own."""
    path = tmp_path / "page.txt"
    path.write_text(TEXT.replace("Phone enquiries", "Plain directions"), encoding="utf-8")
    table = assemble([path, RELEASE]).parts[LINKS]
    sources = set(objects(table, OWL.annotatedSource).values())
    ends = {s.rpartition("/")[2] for s in sources if "plain-directions" in s}
    assert {"plain-directions", "plain-directions-2"} == ends


# The command.


def test_kg_link(tmp_path: Path, example_folder: Path, example: Assembly) -> None:
    """The scores of the example: a row for each pair, those of the links as the graph has them."""
    out = tmp_path / "scores.tsv"
    result = kg("link", "--scores", out, "--graph", example_folder)
    assert (0, "", f"570 scores written to {out}\n") == (
        result.returncode,
        result.stdout,
        result.stderr,
    )
    lines = out.read_text(encoding="utf-8").split("\n")
    assert ("framework\tlabel\ttask_id\tconfidence", "") == (lines[0], lines[-1])
    rows = [line.split("\t") for line in lines[1:-1]]
    assert 570 == len(rows)
    assert ["base", "Returned items", "900001", "0.9495"] == rows[0]
    assert all(re.fullmatch(r"[01]\.\d{4}", row[3]) for row in rows)
    linked = set(objects(example.parts[LINKS], SSSOM.confidence).values())
    assert linked <= {row[3] for row in rows}
    assert [out] == list(tmp_path.iterdir())


def test_kg_link_gives_the_same_bytes(tmp_path: Path, example_folder: Path) -> None:
    """Written twice, by two processes, the scores are the same bytes."""
    for name in ("one.tsv", "two.tsv"):
        kg("link", "--scores", tmp_path / name, "--graph", example_folder)
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()


def test_kg_link_says_what_is_wrong(tmp_path: Path, example_folder: Path) -> None:
    """Nothing to write to, nothing to score, a folder that is not there: one line each."""
    build([PAGE], tmp_path / "bare")
    for arguments, said in (
        (["--graph", example_folder], "say where the scores go"),
        (["--scores", tmp_path / "a.tsv", "--graph", tmp_path / "bare"], "no statements to score"),
        (["--scores", tmp_path / "no" / "a.tsv", "--graph", example_folder], "cannot be written"),
        (["--scores", tmp_path / "a.tsv", "--graph", tmp_path / "none"], "there is no graph"),
    ):
        result = kg("link", *arguments)
        assert (2, 1) == (result.returncode, len(result.stderr.splitlines())), result.stderr
        assert said in result.stderr
    assert [] == list(tmp_path.glob("*.tsv"))


def test_scores_of_an_opened_graph(example_folder: Path) -> None:
    """The scores come page by page, by framework, line and task."""
    found = list(open_graph(example_folder).link_scores())
    assert ["base", "ai", "durable"] == list(dict.fromkeys(s.framework for s in found))
    assert found == list(open_graph(example_folder).link_scores())


@pytest.mark.slow
def test_real_links(shared: Callable[[str], Path]) -> None:
    """A real page and release: links of plausible number, made in milliseconds a page."""
    from kg.mapping import links

    inputs = [*shared("data/frameworks").glob("*.txt"), shared("data/onet/db_30_2_text.zip")]
    parts = assemble(inputs).parts
    (graph,) = (g for g in parts if "/graph/links/" in g)
    rows = parts[graph].filter(pl.col("predicate") == OWL.annotatedSource)
    assert 100 < rows.height < 3 * 137
    page = parts[f"{BASE}graph/page/computer-user-support-specialists"]
    tasks = tasks_of(parts[f"{BASE}graph/onet/30.2"])
    linker = activity_linker(t for of in tasks.values() for t in of)
    release = links.LinkingRelease("d:onet", tasks, linker)
    mapped = links.MappedPage("g:p", "d:page", tuple(page.rows()), (), frozenset(), (), {})
    started = time.perf_counter()
    for _ in range(10):
        assert links.map_links(mapped, release, Iris())
    assert (time.perf_counter() - started) / 10 < 0.2
