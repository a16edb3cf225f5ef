"""What the profiles find in a real page and a whole real release, and the checks with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from cases import KGSH, profile

from kg import rdf
from kg.graph import Graph, open_graph
from kg.pipeline import build
from kg.shacl import ValidationReport, locate
from kg.validation import checks_of, data_of_graph, shapes_graph

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/skills-kg/"
OUTSIDE = f"{BASE}rating/30.2/35-3023.00/1.B.2.i/VH"


@pytest.fixture(scope="module")
def real(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Graph:
    pages = sorted(shared("data/frameworks").glob("*.txt"))
    folder = tmp_path_factory.mktemp("real") / "graph"
    build([*pages, shared("data/onet/db_30_2_text.zip")], folder)
    return open_graph(folder)


def counts(report: ValidationReport) -> dict[str, int]:
    """Return how many results each shape has."""
    names = (str(result.source_shape).removeprefix(str(KGSH)) for result in report.results)
    return dict(Counter(names))


def test_checks(real: Graph) -> None:
    """One rating lies outside its scale, 93 occupations have no job zone, 845 tasks no type."""
    rows = {name: real.query(name).rows for name in checks_of(profile("onet").shapes)}
    expected = {
        "activities-without-place": 0,
        "occupations-without-job-zone": 93,
        "ratings-incomplete": 0,
        "ratings-outside-scale": 1,
        "scales-without-bounds": 0,
        "tasks-incomplete": 845,
    }
    assert expected == {name: len(found) for name, found in rows.items()}
    ((rating, occupation, _, *scale),) = rows["ratings-outside-scale"]
    assert (OUTSIDE, "35-3023.00") == (rating, occupation)
    assert ["VH", "0", "1", "6"] == scale
    assert {"type"} == {lacks for _, lacks, _ in rows["tasks-incomplete"]}


def test_profile_of_releases(real: Graph) -> None:
    """The shapes find the same, each node that the checks find and no other."""
    report = real.validate(profile="onet")
    assert {"scale-bounds": 1, "occupation-job-zone": 93, "task-type": 845} == counts(report)
    assert {"violation": 0, "warning": 1, "info": 938} == report.counts
    outside, *others = report.results
    assert (f"{BASE}scale/VH", OUTSIDE) == (str(outside.focus_node), str(outside.value))
    assert ["0.00 is not from 1 to 6"] == [str(detail) for detail in outside.details]
    checks = ("occupations-without-job-zone", "tasks-incomplete")
    rows = {row[0] for name in checks for row in real.query(name).rows}
    assert rows == {str(result.focus_node) for result in others}


def test_core(real: Graph) -> None:
    """The core finds what the page lacks, and in the release nothing."""
    report = real.validate()
    assert {
        "statement-citation": 40,
        "anchors-count": 1,
        "statement-stage": 13,
        "statement-own-citation": 5,
        "source-rights-unknown": 4,
        "source-version-unknown": 3,
        "mention-cited": 2,
        "source-publisher": 2,
        "mention-release-date": 1,
    } == counts(report)
    assert {"violation": 40, "warning": 1, "info": 30} == report.counts
    data = rdf.to_rdflib(data_of_graph(real, shapes_graph()).table)
    uncited = [r for r in report.results if r.source_shape == KGSH["statement-citation"]]
    assert list(range(3, 43)) == sorted(locate(data, result).line or 0 for result in uncited)
