"""Releases as quads, and what pages look up in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from releases import TABLES, write_release

from kg import quads
from kg.mapping.catalog import LICENCE
from kg.mapping.iris import Iris
from kg.mapping.release import MappedRelease, index_release, map_release
from kg.model import SourceRef
from kg.namespaces import DCT, KG, ONET, PAV, RDF, SKOS, XSD
from kg.readers.onet import OnetRelease, read_release
from kg.resources import folder

IRIS = Iris()
EXAMPLE = read_release(folder("build") / "example" / "onet_30_2_text")
SOURCE = SourceRef("onet")


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., OnetRelease]:
    """Return a function that gives a small release with some of its tables replaced."""

    def make(**tables: str | None) -> OnetRelease:
        changed = {name.replace("_", " "): text for name, text in tables.items()}
        return read_release(write_release(tmp_path / "r", changed))

    return make


def table_of(release: OnetRelease, iris: Iris = IRIS) -> pl.DataFrame:
    """Return all quads of a release."""
    return quads.concat(map_release(release, SOURCE, iris).chunks())


def values(table: pl.DataFrame, node: str) -> Mapping[str, list[str]]:
    """Return the objects of a node by predicate."""
    found: dict[str, list[str]] = {}
    for predicate, value in table.filter(subject=node).select("predicate", "object").iter_rows():
        found.setdefault(predicate, []).append(value)
    return found


def check_order(mapped: MappedRelease) -> pl.DataFrame:
    """Check that the chunks of a release are unique and sorted as a whole; return them as one."""
    every = [
        frame.to_native()
        for t in mapped.tables
        for k in t.kinds
        for frame in t.select(k, mapped.graph)
    ]
    expected = quads.unique_sorted(quads.concat([quads.from_rows(mapped.document), *every]))
    found = quads.concat(mapped.chunks())
    assert_frame_equal(expected, found)
    return found


def test_order() -> None:
    """The chunks of a release are its quads, unique and sorted over all of them."""
    assert check_order(map_release(EXAMPLE, SOURCE, IRIS)).height


def test_kinds() -> None:
    """The quads about some kinds of subjects can be had by themselves, in their order."""
    mapped = map_release(EXAMPLE, SOURCE, IRIS)
    table = quads.concat(mapped.chunks())
    found = quads.concat(mapped.chunks(["task", "occupation", "no-such"]))
    subjects = pl.col("subject")
    of_kind = (subjects.str.starts_with(prefix) for prefix in (IRIS.occupation(""), IRIS.task("")))
    assert_frame_equal(table.filter(pl.any_horizontal(*of_kind)), found)


def test_document(small: Callable[..., OnetRelease]) -> None:
    """A release's document says which one it is, what was read, and whom it is by."""
    table = table_of(EXAMPLE)
    document = values(table, IRIS.release_document("30.2"))
    assert (["30.2"], ["2026-02"], ["onet_30_2_text"], [IRIS.source(SOURCE)], [LICENCE]) == tuple(
        document[name] for name in (PAV.version, DCT.issued, KG.fileName, DCT.source, DCT.license)
    )
    assert [EXAMPLE.document.sha256] == document[KG.sha256]
    issued = table.filter(predicate=DCT.issued)
    assert [XSD.gYearMonth] == issued["datatype"].to_list()
    undated = table_of(small(Read_Me="O*NET 9.1 Database\n"))
    assert DCT.issued not in values(undated, IRIS.release_document("9.1"))


def test_graph() -> None:
    """All quads of a release stand in the graph of its number."""
    assert [IRIS.graph("onet/30.2")] == table_of(EXAMPLE)["graph"].unique().to_list()


def test_nodes(small: Callable[..., OnetRelease]) -> None:
    """Occupation, task, element and rating have the properties of the design."""
    table = table_of(small())
    occupation = values(table, IRIS.occupation("11-0000.00"))
    rating = f"{IRIS.base}rating/9.1/11-0000.00"
    expected = {
        RDF.type: [KG.Occupation, ONET.Occupation],
        SKOS.notation: ["11-0000.00"],
        SKOS.prefLabel: ["Potters"],
        ONET.onetSOCCode: ["11-0000.00"],
        ONET.title: ["Potters"],
        ONET.description: ["They turn clay."],
        ONET.hasTask: [IRIS.task("1")],
        ONET.hasRating: [f"{rating}/2.A/IM", f"{rating}/job-zone"],
        KG.jobZone: ["3"],
    }
    assert expected == occupation
    task = values(table, IRIS.task("2"))
    assert (["2"], ["Bake bread."], ["Analyst"]) == tuple(
        task[name] for name in (KG.taskId, ONET.task, KG.domainSource)
    )
    # A type and a number that are n/a are not there.
    assert {KG.taskType, KG.incumbentsResponding}.isdisjoint(task)
    element = values(table, IRIS.element("2.A"))
    assert (["2.A"], ["Clay Sense"], [IRIS.element("2")]) == tuple(
        element[name] for name in (ONET.elementID, ONET.elementName, SKOS.broader)
    )
    assert ["4.50"] == values(table, f"{rating}/2.A/IM")[ONET.dataValue]


def test_absent_values(small: Callable[..., OnetRelease]) -> None:
    """An absent value gives no literal, whatever its column; a text with n/a in it is one."""
    release = small(
        Occupation_Data=TABLES["Occupation Data"].replace("They turn clay.", "n/a"),
        Task_Statements=TABLES["Task Statements"]
        .replace("Throw pots.", "Throw n/a pots.")
        .replace("Analyst", ""),
        Job_Zones=TABLES["Job Zones"].replace("\t3\t", "\tn/a\t"),
        Content_Model_Reference=TABLES["Content Model Reference"].replace("Worker", "n/a"),
    )
    table = table_of(release)
    literals = table.filter(kind="literal")["object"]
    assert not literals.is_in(["n/a", ""]).any()
    assert literals.is_in(["Throw n/a pots."]).any()
    assert {"12-0000.00": 2} == index_release(release).job_zones


def test_required_tables_alone(small: Callable[..., OnetRelease]) -> None:
    """A release without any other table maps what it has."""
    others = ("Job Zones", "Content Model Reference", "Scales Reference", "Skills")
    release = small(**{name.replace(" ", "_"): None for name in others})
    table = check_order(map_release(release, SOURCE, IRIS))
    assert [] == table.filter(pl.col("predicate").is_in([KG.jobZone, ONET.elementID])).rows()
    index = index_release(release)
    assert ({}, {}) == (index.job_zones, index.elements)
    assert {"potters": "11-0000.00", "bakers": "12-0000.00"} == index.codes
    assert {"11-0000.00": {"throw pots": "1"}, "12-0000.00": {"bake bread": "2"}} == index.tasks


def test_index() -> None:
    """Titles, tasks and elements are looked up as texts that count as the same."""
    index = index_release(EXAMPLE)
    assert "25-4031.00" == index.codes["library technicians"]
    zones = {"25-4022.00": 5, "25-4031.00": 3, "43-4121.00": 2}
    assert zones == {code: index.job_zones[code] for code in zones}
    shared = "keep borrower accounts correct and up to date"
    assert ("900002", "900202") == (
        index.tasks["25-4031.00"][shared],
        index.tasks["43-4121.00"][shared],
    )
    assert "2.A.1.a" == index.elements["reading comprehension"]


def test_a_skill_goes_before_an_area_of_knowledge(small: Callable[..., OnetRelease]) -> None:
    """A name that a skill shares with another element is the skill's."""
    rows = "".join(f"{element}\tDesign\tx\n" for element in ("1.X", "2.C.1", "2.B.9", "2.D"))
    release = small(Content_Model_Reference="Element ID\tElement Name\tDescription\n" + rows)
    assert {"design": "2.B.9"} == index_release(release).elements


def test_pure() -> None:
    """The same release gives the same quads, below the base that is given."""
    first, second = (table_of(EXAMPLE) for _ in range(2))
    assert_frame_equal(first, second)
    other = table_of(replace(EXAMPLE, issued=None), Iris("https://example.org/"))
    assert other["subject"].str.starts_with("https://example.org/").all()
    assert other["graph"].str.starts_with("https://example.org/graph/onet/").all()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["30_2", "29_0"])
def test_real_release(shared: Callable[[str], Path], version: str) -> None:
    """A real release maps whole, in order, without an absent value or an IRI that is none."""
    release = read_release(shared(f"data/onet/db_{version}_text.zip"))
    mapped = map_release(release, SOURCE, IRIS)
    table = check_order(mapped)
    quads.check_iris(table, version)
    assert not table.filter(kind="literal")["object"].is_in(["n/a", ""]).any()
    # No two tables say the same, so that what they say adds up.
    assert table.height == len(mapped.document) + sum(t.count() for t in mapped.tables)
    index = index_release(release)
    assert (1016, 923, 923) == (len(index.codes), len(index.job_zones), len(index.tasks))
    assert "2.A.1.d" == index.elements["speaking"]
    of = IRIS.occupation("15-1232.00")
    assert 16 == table.filter(predicate=ONET.hasTask, subject=of).height
    # One notation a node; codes of different kinds may be spelled alike.
    notations = table.filter(predicate=SKOS.notation)["subject"]
    assert notations.len() == notations.n_unique()
