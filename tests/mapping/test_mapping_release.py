"""Releases as quads, and what pages look up in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from kg import quads
from kg.mapping.iris import Iris
from kg.mapping.release import index_release, map_release
from kg.model import Document, SourceRef
from kg.namespaces import DCT, KG, ONET, PAV, RDF, SKOS, XSD
from kg.readers.onet import OnetRelease, read_release
from kg.resources import folder

IRIS = Iris()
EXAMPLE = read_release(folder("build") / "example" / "onet_30_2_text")
SOURCE = SourceRef("onet")


def with_tables(**rows: list[tuple[str, ...]]) -> OnetRelease:
    """Return a release with some rows in each table: occupations, tasks, zones and elements."""
    columns = {
        "occupations": ("Occupation Data", ("O*NET-SOC Code", "Title", "Description")),
        "tasks": ("Task Statements", ("O*NET-SOC Code", "Task ID", "Task", "Task Type")),
        "zones": ("Job Zones", ("O*NET-SOC Code", "Job Zone")),
        "elements": ("Content Model Reference", ("Element ID", "Element Name", "Description")),
    }
    tables = {}
    for key, (name, names) in columns.items():
        if key in rows or key in ("occupations", "tasks"):
            schema = dict.fromkeys(names, pl.String())
            tables[name] = pl.DataFrame(rows.get(key, []), schema=schema, orient="row")
    return OnetRelease(Document("r", "0" * 64), "9.1", None, tables)


def values(table: pl.DataFrame, node: str) -> Mapping[str, list[str]]:
    """Return the objects of a node by predicate."""
    found: dict[str, list[str]] = {}
    for predicate, value in table.filter(subject=node).select("predicate", "object").iter_rows():
        found.setdefault(predicate, []).append(value)
    return found


def test_example() -> None:
    """The example's release has the nodes that its README counts."""
    table = map_release(EXAMPLE, SOURCE, IRIS)
    types = dict(table.filter(predicate=RDF.type)["object"].value_counts().iter_rows())
    expected = {
        KG.Document: 1,
        KG.Occupation: 3,
        ONET.Occupation: 3,
        KG.Task: 18,
        ONET.Task: 18,
        KG.Element: 12,
    }
    assert expected == types
    assert [IRIS.graph("onet/30.2")] == table["graph"].unique().to_list()
    assert 11 == table.filter(predicate=SKOS.broader).height
    # Of the tasks' types one is n/a.
    assert 17 == table.filter(predicate=KG.taskType).height
    per_code = table.filter(predicate=ONET.hasTask).group_by("subject").len()
    assert {10, 4} == set(per_code["len"])
    quads.check_iris(table, "release")
    assert 0 == quads.unique_sorted(table).height - table.height


def test_nodes() -> None:
    """Occupation, task, element and document have the properties of the design."""
    table = map_release(EXAMPLE, SOURCE, IRIS)
    occupation = values(table, IRIS.occupation("25-4031.00"))
    assert (["25-4031.00"], ["25-4031.00"], ["3"], ["Library Technicians"]) == (
        occupation[SKOS.notation],
        occupation[ONET.onetSOCCode],
        occupation[KG.jobZone],
        occupation[SKOS.prefLabel],
    )
    task = values(table, IRIS.task("900010"))
    assert (["900010"], ["Supplemental"]) == (task[KG.taskId], task[KG.taskType])
    assert '15"' in task[ONET.task][0]
    element = values(table, IRIS.element("2.A.1.d"))
    assert (["2.A.1.d"], [IRIS.element("2.A.1")], ["Speaking"]) == (
        element[ONET.elementID],
        element[SKOS.broader],
        element[SKOS.prefLabel],
    )
    document = values(table, IRIS.release_document("30.2"))
    assert (["30.2"], ["2026-02"], ["onet_30_2_text"], [IRIS.source(SOURCE)]) == (
        document[PAV.version],
        document[DCT.issued],
        document[KG.fileName],
        document[DCT.source],
    )
    types = table.filter(predicate=KG.jobZone)["datatype"].unique().to_list()
    assert [XSD.integer] == types


def test_missing_values() -> None:
    """A missing value gives no literal, whatever its column."""
    release = with_tables(
        occupations=[("11-0000.00", "Potters", "n/a"), ("12-0000.00", "Bakers", "")],
        tasks=[("11-0000.00", "1", "n/a", "n/a"), ("11-0000.00", "2", "Throw n/a pots.", "")],
        zones=[("11-0000.00", "n/a"), ("12-0000.00", "2")],
        elements=[("2", "n/a", "n/a")],
    )
    table = map_release(release, SOURCE, IRIS)
    literals = table.filter(kind="literal")["object"]
    assert not literals.is_in(["n/a", ""]).any()
    assert literals.is_in(["Throw n/a pots."]).any()
    assert [] == table.filter(predicate=DCT.issued)["object"].to_list()
    index = index_release(release)
    assert {"12-0000.00": 2} == index.job_zones


def test_without_optional_tables() -> None:
    """A release without job zones and elements maps what it has."""
    release = with_tables(occupations=[("11-0000.00", "Potters", "They turn clay.")])
    table = map_release(release, SOURCE, IRIS)
    assert [] == table.filter(pl.col("predicate").is_in([KG.jobZone, ONET.elementID])).rows()
    index = index_release(release)
    assert ({}, {}, {}) == (index.job_zones, index.elements, index.tasks)
    assert {"potters": "11-0000.00"} == index.codes


def test_parents_of_elements() -> None:
    """An element is below the one whose ID its own goes on from, if the table lists that."""
    ids = ["1", "1.A", "1.A.1", "1.B.2", "10.A"]
    release = with_tables(elements=[(i, f"Name {i}", "x") for i in ids])
    table = map_release(release, SOURCE, IRIS).filter(predicate=SKOS.broader)
    expected = {(IRIS.element("1.A"), IRIS.element("1"))}
    expected.add((IRIS.element("1.A.1"), IRIS.element("1.A")))
    assert expected == set(table.select("subject", "object").iter_rows())


def test_index() -> None:
    """Titles, tasks and elements are looked up as texts that count as the same."""
    index = index_release(EXAMPLE)
    assert "25-4031.00" == index.codes["library technicians"]
    assert {"25-4022.00": 5, "25-4031.00": 3, "43-4121.00": 2} == index.job_zones
    shared = "keep borrower accounts correct and up to date"
    assert ("900002", "900202") == (
        index.tasks["25-4031.00"][shared],
        index.tasks["43-4121.00"][shared],
    )
    assert "2.A.1.a" == index.elements["reading comprehension"]


def test_a_skill_goes_before_an_area_of_knowledge() -> None:
    """A name that a skill shares with another element is the skill's."""
    names = [("1.X", "Design"), ("2.C.1", "Design"), ("2.B.9", "Design"), ("2.D", "Design")]
    release = with_tables(elements=[(i, n, "x") for i, n in names])
    assert {"design": "2.B.9"} == index_release(release).elements


def test_pure() -> None:
    """The same release gives the same quads, below the base that is given."""
    first, second = (map_release(EXAMPLE, SOURCE, IRIS) for _ in range(2))
    assert first.equals(second)
    other = map_release(replace(EXAMPLE, issued=None), SOURCE, Iris("https://example.org/"))
    subjects = other["subject"].str.starts_with("https://example.org/")
    assert subjects.all()
    assert other["graph"].str.starts_with("https://example.org/graph/onet/").all()


@pytest.mark.parametrize(("version", "code"), [("30_2", "15-1232.00"), ("29_0", "15-1232.00")])
def test_real_release(shared: Callable[[str], Path], version: str, code: str) -> None:
    """A real release maps whole, without a missing value or a quad twice."""
    release = read_release(shared(f"data/onet/db_{version}_text.zip"))
    table = map_release(release, SOURCE, IRIS)
    assert table.height == quads.unique_sorted(table).height
    assert not table.filter(kind="literal")["object"].is_in(["n/a", ""]).any()
    quads.check_iris(table, version)
    index = index_release(release)
    assert (1016, 923, 923) == (len(index.codes), len(index.job_zones), len(index.tasks))
    assert "2.A.1.d" == index.elements["speaking"]
    assert 16 == table.filter(predicate=ONET.hasTask, subject=IRIS.occupation(code)).height
    notations = table.filter(predicate=SKOS.notation)
    assert notations.height == notations["subject"].n_unique() == notations["object"].n_unique()
