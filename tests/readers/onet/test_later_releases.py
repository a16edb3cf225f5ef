"""Releases from 30.3 on: tables and columns that came, were renamed, or were split."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from releases import TABLES, write_release

from kg import quads
from kg.mapping.iris import Iris
from kg.mapping.release import map_release
from kg.model import SourceRef
from kg.namespaces import KG, ONET, RDF, SKOS
from kg.readers.onet import OnetRelease, load_entries, read_release

IRIS = Iris()
CODE, DATED = "O*NET-SOC Code", "Date\tDomain Source"
RATED = f"{CODE}\tElement ID\tElement Name\tScale ID\tData Value"
ESTIMATE = "N\tStandard Error\tLower CI Bound\tUpper CI Bound\tRecommend Suppress"
LEVEL = f"{RATED}\t{ESTIMATE}\tNot Relevant\t{DATED}"
SHARES = f"{CODE}\tElement ID\tElement Name\tScale ID\tCategory\tData Value\t{ESTIMATE}\t{DATED}"
CATEGORIES = "Element ID\tElement Name\tScale ID\tCategory\tCategory Description"
PRECISION = "8\t0.1\t3.8\t4.2\tN"
MODEL = {
    "1.B.1.a": "Making",
    "1.B.3.a": "Clay",
    "1.D.1.a": "Patience",
    "2.A.1.a": "Reading Clay",
    "2.B.1.a": "Teaching Pots",
    "2.D.1": "Schooling",
    "3.A.1": "Apprenticeship",
    "4.A.1": "Handling",
    "4.A.1.a": "Handle wet things",
    "4.A.1.a.1": "Handle wet clay",
    "4.C.1": "Heat",
    "5.A.1": "Kiln control programs",
}


def named(element: str) -> str:
    """Return an element with its name, as tables have it."""
    return f"{element}\t{MODEL[element]}"


def linkage(first: str, second: str, *ends: str) -> str:
    """Return a table that links elements of two kinds."""
    header = "\t".join(
        f"{kind} Element {part}" for kind in (first, second) for part in ("ID", "Name")
    )
    return f"{header}\n" + "\t".join(map(named, ends)) + "\n"


def rated(element: str, scale: str = "IM") -> str:
    """Return the beginning of a rating of an element."""
    return f"11-0000.00\t{named(element)}\t{scale}"


#: A made-up release by its tables; those that are as before have the names that they had.
LATER = {
    **{name: TABLES[name] for name in ("Occupation Data", "Task Statements", "Job Zones")},
    "Read Me": "O*NET 30.3 Database\nMay 2026 Release\n",
    "Scales Reference": "Scale ID\tScale Name\tMinimum\tMaximum\n"
    "IM\tImportance\t1\t5\nOI\tInterest\t1\t7\nRL\tLevel\t1\t12\nRW\tTime\t1\t11\nWI\tImpact\t-3\t3\n",
    "Content Model Reference": "Element ID\tElement Name\tDescription\n"
    + "".join(f"{named(element)}\tSo to say.\n" for element in MODEL),
    "Job Titles": f"{CODE}\tJob Title\tShort Title\tSource(s)\n11-0000.00\tClay Turner\tn/a\t08\n",
    "Essential Skills": f"{LEVEL}\n{rated('2.A.1.a')}\t4.00\t{PRECISION}\tn/a\t05/2026\tAnalyst\n",
    "Transferable Skills": f"{LEVEL}\n{rated('2.B.1.a')}\t3.50\t{PRECISION}\tN\t05/2026\tAnalyst\n",
    "Education": f"{SHARES}\n{rated('2.D.1', 'RL')}\t2\t60\t{PRECISION}\t05/2026\tIncumbent\n",
    "Training and Experience": (
        f"{SHARES}\n{rated('3.A.1', 'RW')}\t3\t40\t{PRECISION}\t05/2026\tIncumbent\n"
    ),
    "Education Categories": f"{CATEGORIES}\n{named('2.D.1')}\tRL\t2\tSome school\n",
    "Training and Experience Categories": f"{CATEGORIES}\n{named('3.A.1')}\tRW\t3\tSome months\n",
    "Career Interest Types": f"{RATED}\t{DATED}\n{rated('1.B.1.a', 'OI')}\t6.00\t05/2026\tExpert\n",
    "Specific Interest Areas": (
        f"{RATED}\t{DATED}\n{rated('1.B.3.a', 'OI')}\t5.10\t05/2026\tAI/Expert\n"
    ),
    "Work Styles": f"{RATED}\t{DATED}\n{rated('1.D.1.a', 'WI')}\t2.60\t05/2026\tExpert\n",
    "Career Interest Type Keywords": (
        f"Element ID\tElement Name\tKeyword\tKeyword Type\n{named('1.B.1.a')}\tClay\tObject\n"
    ),
    "Specific Interest Areas to Career Interest Types": linkage(
        "Specific Interest Areas", "Career Interest Types", "1.B.3.a", "1.B.1.a"
    ),
    **{
        f"{kind} to {other}": linkage(kind, other, element, end)
        for kind, element in (
            ("Essential Skills", "2.A.1.a"),
            ("Transferable Skills", "2.B.1.a"),
            ("Work Styles", "1.D.1.a"),
        )
        for other, end in (("Work Activities", "4.A.1"), ("Work Context", "4.C.1"))
    },
    "Software Skills": f"{CODE}\tWorkplace Example\tElement ID\tElement Name\tHot Technology\t"
    "In Demand\n"
    f"11-0000.00\tKilnSoft 3\t{named('5.A.1')}\tN\tY\n",
    "GWAs to IWAs": "GWA Element ID\tIWA Element ID\tIWA Element Name\n"
    f"4.A.1\t{named('4.A.1.a')}\n",
    "GWAs to IWAs to DWAs": "GWA Element ID\tIWA Element ID\tDWA Element ID\tDWA Element Name\n"
    f"4.A.1\t4.A.1.a\t{named('4.A.1.a.1')}\n",
    "Tasks to DWAs": f"{CODE}\tTask ID\tDWA Element ID\t{DATED}\n"
    "11-0000.00\t1\t4.A.1.a.1\t05/2026\tAnalyst\n",
}
#: All tables of 30.3 by their names there.
NAMES = """
Abilities, Abilities to Work Activities, Abilities to Work Context, Career Interest Type Keywords,
Career Interest Types, Content Model Reference, Education, Education Categories, Emerging Tasks,
Essential Skills, Essential Skills to Work Activities, Essential Skills to Work Context,
GWAs to IWAs, GWAs to IWAs to DWAs, Interests Illustrative Activities,
Interests Illustrative Occupations, Job Titles, Job Zone Reference, Job Zones, Knowledge,
Level Scale Anchors, Occupation Data, Occupation Level Metadata, Related Occupations,
Sample of Reported Titles, Scales Reference, Software Skills, Specific Interest Areas,
Specific Interest Areas to Career Interest Types, Survey Booklet Locations, Task Categories,
Task Ratings, Task Statements, Tasks to DWAs, Training and Experience,
Training and Experience Categories, Transferable Skills, Transferable Skills to Work Activities,
Transferable Skills to Work Context, Work Activities, Work Context, Work Context Categories,
Work Styles, Work Styles to Work Activities, Work Styles to Work Context
"""


def later(path: Path) -> OnetRelease:
    """Return the made-up release."""
    return read_release(write_release(path / "r", {**dict.fromkeys(TABLES), **LATER}))


def triples(release: OnetRelease) -> pl.DataFrame:
    """Return the quads of a release."""
    return quads.concat(map_release(release, SourceRef("onet"), IRIS).chunks())


def test_names() -> None:
    """Every table of 30.3 is known by its name there, and is one of that release."""
    names = [name.strip() for name in NAMES.replace("\n", " ").split(",")]
    entries = load_entries()
    found = {entry.name for name in names if (entry := entries.entry(name))}
    assert 45 == len(names) == len(found)
    assert found == {name for name, entry in entries.tables.items() if entry.is_of("30.3")}
    assert set(LATER) - {"Read Me"} <= set(names)


def test_nothing_is_unknown(tmp_path: Path) -> None:
    """Each table is read whole under its new name, no column is unknown, and no name differs."""
    release = later(tmp_path)
    assert ("30.3", "2026-05") == (release.version, release.issued)
    (finding,) = release.findings
    assert ("info", True) == (finding.severity, finding.message.startswith("has no table"))
    assert len(LATER) - 1 == len(release.tables)
    entries = load_entries()
    for name, text in LATER.items():
        if entry := entries.entry(name):
            assert len(text.splitlines()) - 1 == release.tables[entry.name].height


def test_tables_that_went(tmp_path: Path) -> None:
    """Tables that 30.3 does not have are not missed; those that it has are."""
    (finding,) = later(tmp_path).findings
    missing = finding.message.removeprefix("has no table ").split(", ")
    assert {"Abilities", "Task Ratings", "Work Context"} < set(missing)
    assert {"Skills", "Technology Skills", "Tools Used", "Work Values"}.isdisjoint(missing)


def test_every_row_says_something(tmp_path: Path) -> None:
    """Each table of the release gives quads with IRIs that RDF allows."""
    release = later(tmp_path)
    mapped = map_release(release, SourceRef("onet"), IRIS)
    assert release.tables.keys() == {table.name for table in mapped.tables}
    assert all(table.count() for table in mapped.tables)
    table = triples(release)
    quads.check_iris(table, "release")
    assert table.equals(quads.unique_sorted(table))


def test_what_it_says(tmp_path: Path) -> None:
    """New tables say the same as the old ones did, in the same words."""
    table = triples(later(tmp_path))
    said = set(table.select("subject", "predicate", "object").iter_rows())
    base, occupation, element = IRIS.base, IRIS.occupation("11-0000.00"), IRIS.element
    title = f"{base}job-title/11-0000.00/Clay_Turner"
    software = f"{base}technology-skill/11-0000.00/5.A.1/KilnSoft_3"
    rating = f"{base}rating/30.3/11-0000.00"
    expected = {
        (occupation, ONET.hasJobTitle, title),
        (title, ONET.jobTitle, "Clay Turner"),
        (occupation, ONET.hasSoftware, software),
        (software, ONET.refersTo, element("5.A.1")),
        (software, KG.inDemand, "Y"),
        (f"{base}technology/KilnSoft_3", ONET.workplaceExample, "KilnSoft 3"),
        (f"{rating}/2.A.1.a/IM", RDF.type, KG.Rating),
        (f"{rating}/2.B.1.a/IM", ONET.dataValue, "3.50"),
        (f"{rating}/2.D.1/RL/2", ONET.refersTo, f"{base}category/2.D.1/RL/2"),
        (f"{base}category/3.A.1/RW/3", ONET.categoryDescription, "Some months"),
        (f"{rating}/1.B.3.a/OI", KG.domainSource, "AI/Expert"),
        (element("1.B.3.a"), ONET.linkedTo, element("1.B.1.a")),
        (element("1.D.1.a"), ONET.linkedTo, element("4.C.1")),
        (element("4.A.1.a"), SKOS.broader, element("4.A.1")),
        (element("4.A.1.a"), RDF.type, KG.IntermediateWorkActivity),
        (element("4.A.1.a.1"), SKOS.broader, element("4.A.1.a")),
        (element("4.A.1.a.1"), RDF.type, KG.DetailedWorkActivity),
        (element("4.A.1.a.1"), KG.workActivity, element("4.A.1")),
        (IRIS.task("1"), ONET.linkedTo, element("4.A.1.a.1")),
    }
    assert set() == expected - said
