"""Links to review: which are useful, and that the edited file is what the next build follows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from commands import kg

from kg import quads
from kg.assembly import example_inputs
from kg.export.review import review, uncertain
from kg.graph import Graph, open_graph
from kg.model import Quad
from kg.namespaces import BASE, KG, OWL, SEMAPV, SSSOM, XSD
from kg.pipeline import build
from kg.readers.sssom import read_sssom

HAND = "semapv:ManualMappingCuration"
MODEL = "semapv:LexicalSimilarityThresholdMatching"


def link(statement: str, task: str, confidence: str, *, graph: str = "g") -> list[Quad]:
    """Return a link of a statement and a task; with a threshold of 0.2 the direct triple too."""
    node, ends = f"l:{statement}-{task}-{graph}", (f"s:{statement}", f"t:{task}")
    rows = [
        quads.iri(node, OWL.annotatedSource, ends[0], graph),
        quads.iri(node, OWL.annotatedProperty, KG.supports, graph),
        quads.iri(node, OWL.annotatedTarget, ends[1], graph),
    ]
    if graph != "g":
        manual = SEMAPV.ManualMappingCuration
        return [*rows, quads.iri(node, SSSOM.mapping_justification, manual, graph)]
    method = SEMAPV.LexicalSimilarityThresholdMatching
    rows += [
        quads.iri(node, SSSOM.mapping_justification, method, graph),
        quads.literal(node, SSSOM.confidence, confidence, graph, XSD.decimal),
    ]
    if float(confidence) >= 0.2:
        rows.append(quads.iri(ends[0], KG.supports, ends[1], graph))
    return rows


def test_the_most_useful_first() -> None:
    """What a decision can be expected to change, worked out by hand; what is decided is not there.

    1 and 2 are supported by a: 2 by b too. 3 is supported by nothing, nor does c support anything.
    """
    rows = [
        quads.literal("g", KG.threshold, "0.2", "g", XSD.decimal),
        quads.literal("g", SSSOM.mapping_tool, "skills-kg x", "g"),
        quads.literal("g", SSSOM.mapping_tool_version, "1", "g"),
        *link("a", "1", "0.9"),  # the only one of task 1: (1 - 0.9) * 2
        *link("a", "2", "0.3"),  # both have another: 1 - 0.3
        *link("b", "2", "0.25"),  # the only one of b: (1 - 0.25) * 2
        *link("c", "3", "0.15"),  # would be the first of both: 0.15 * 3
        *link("c", "1", "0.15"),  # would be the first of c: 0.15 * 2
        *link("d", "2", "0.21"),  # decided
        *link("d", "2", "", graph="h"),
    ]
    rows = [row for row in rows if row[:3] != ("s:d", KG.supports, "t:2")]
    found = uncertain(quads.from_rows(rows).lazy())
    assert [
        ("s:b", "t:2", True, 1.5),
        ("s:a", "t:2", True, 0.7),
        ("s:c", "t:3", False, 0.45),
        ("s:c", "t:1", False, 0.3),
        ("s:a", "t:1", True, 0.2),
    ] == found.select("statement", "task", "is_said", pl.col("use").round(9)).rows()


def test_what_is_denied_is_not_offered() -> None:
    """A link that denies, though nobody decided, is none to be confirmed, nor is what it denies."""
    denial = [row._replace(subject="l:denial") for row in link("a", "1", "0.7")[:5]]
    rows = [
        quads.literal("g", KG.threshold, "0.2", "g", XSD.decimal),
        quads.literal("g", SSSOM.mapping_tool, "skills-kg x", "g"),
        quads.literal("g", SSSOM.mapping_tool_version, "1", "g"),
        *link("a", "1", "0.6"),
        *denial,
        quads.literal("l:denial", SSSOM.predicate_modifier, "Not", "g"),
        *link("b", "2", "0.6"),
    ]
    found = uncertain(quads.from_rows(rows).lazy())
    assert [("s:b", "t:2")] == found.select("statement", "task").rows()


def test_a_review_is_a_mapping_set(page_graph: Graph) -> None:
    """It reads as SSSOM, holds as many as were asked for, and says that nobody has decided."""
    links = uncertain(page_graph.table)
    text = "".join(review(links.head(4), page_graph.table, page_graph.base))
    mappings = read_sssom(text.encode(), "review.sssom.tsv")
    assert (4, ()) == (mappings.rows.height, mappings.findings)
    assert links["statement"].head(4).to_list() == mappings.rows["subject_id"].to_list()
    assert links["task"].head(4).to_list() == mappings.rows["object_id"].to_list()
    assert [SEMAPV.LexicalSimilarityThresholdMatching] * 4 == mappings.rows[
        "mapping_justification"
    ].to_list()
    whole = read_sssom("".join(page_graph.review_links()).encode(), "review.sssom.tsv")
    assert links.height == whole.rows.height


def decided(line: str, modifier: str = "") -> str:
    """Return a row of a review as somebody has edited it."""
    cells = line.split("\t")
    assert MODEL == cells[6]
    cells[3], cells[6], cells[7], cells[8] = modifier, HAND, "A. Shelver", "2026-02-03"
    return "\t".join(cells)


def test_the_way_there_and_back(page_folder: Path, tmp_path: Path) -> None:
    """What is decided in a review the next build follows, and the next review leaves it out."""
    path = tmp_path / "review.sssom.tsv"
    result = kg("link", "--review", path, "--number", "3", "--graph", page_folder)
    assert (0, "") == (result.returncode, result.stdout)
    assert f"links to review, the most useful first, written to {path}\n" == result.stderr
    *head, no, yes, left = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*head, decided(no, "Not"), decided(yes), left, ""]), "utf-8")

    report = build([*example_inputs()[:2], path], tmp_path / "graph")
    graph = open_graph(tmp_path / "graph")
    before = uncertain(open_graph(page_folder).table).select("statement", "task").rows()
    assert before[2:] == sorted_as(before, uncertain(graph.table).select("statement", "task"))
    said = graph.table.filter(pl.col("predicate") == KG.supports)
    assert [(*before[1], f"{BASE}graph/curation")] == [
        row for row in said.select("subject", "object", "graph").collect().iter_rows()
        if row[:2] in before[:2]
    ]  # fmt: skip
    message = (
        "links of the linker that nobody has decided: 1 not read; a decision has the "
        "mapping_justification semapv:ManualMappingCuration"
    )
    assert [("info", message)] == [
        (f.severity, f.message) for f in report.assembly.findings if f.file == str(path)
    ]
    own = graph.table.filter(pl.col("graph") == f"{BASE}graph/mappings/review").collect()
    assert own.filter(pl.col("predicate") == SSSOM.confidence).is_empty()
    assert own.filter(pl.col("predicate") == SSSOM.mapping_tool).is_empty()
    assert 2 == own.filter(pl.col("object") == KG.Link).height


def sorted_as(order: list[tuple[str, ...]], links: pl.DataFrame) -> list[tuple[str, ...]]:
    """Return links in the order of a list: what hangs on them may have changed."""
    return sorted(links.rows(), key=order.index)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--number", "3"), "say where the scores go"),
        (("--scores", "x", "--number", "3"), "--number is for --review"),
        (("--scores", "-", "--review", "-"), "--scores and --review cannot both go to -"),
        (("--evaluate", "x", "--review", "-"), "--evaluate prints its figures"),
    ],
)
def test_requests_that_are_wrong(
    arguments: tuple[str, ...], message: str, page_folder: Path
) -> None:
    """Options that do not go together are told, with exit code 2."""
    result = kg("link", *arguments, "--graph", page_folder)
    assert 2 == result.returncode
    assert result.stderr.startswith(f"kg: {message}")


def test_nothing_to_review(tmp_path: Path) -> None:
    """A graph without links is told, and no file is written."""
    build(example_inputs()[:1], tmp_path / "graph")
    path = tmp_path / "review.sssom.tsv"
    result = kg("link", "--review", path, "--graph", tmp_path / "graph")
    assert (2, False) == (result.returncode, path.exists())
    assert result.stderr.startswith("kg: the graph has no links to review: ")
