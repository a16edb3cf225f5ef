"""ESCO as it is read: tables, what is odd in them, and what is refused."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.readers import find_inputs
from kg.readers.esco import check_hierarchy, read_esco
from kg.resources import folder

SAMPLE = folder("build") / "example" / "esco_sample_en_csv"
ESCO = "https://w3id.org/skills-kg/example/esco/"


def packed(path: Path, changed: Mapping[str, str | None] | None = None, top: str = "") -> Path:
    """Write the sample as an archive, some of its files changed or, if None, left out."""
    texts: dict[str, str | None] = {f.name: f.read_text("utf-8") for f in SAMPLE.iterdir()}
    with zipfile.ZipFile(path, "w") as out:
        for name, text in (texts | dict(changed or {})).items():
            if text is not None:
                out.writestr(top + name, text)
    return path


def test_sample() -> None:
    """Every table is read, in the language of its name; no version is made up."""
    release = read_esco(SAMPLE)
    assert (None, "en", "esco_sample_en_csv") == (release.version, release.language, release.name)
    assert {
        "occupations": 7,
        "skills": 7,
        "skillGroups": 4,
        "ISCOGroups": 8,
        "broaderRelationsOccPillar": 13,
        "broaderRelationsSkillPillar": 9,
        "occupationSkillRelations": 15,
        "skillSkillRelations": 1,
    } == {name: table.height for name, table in release.tables.items()}
    assert ["nothing says which version of ESCO this is; name it as esco_v1.1.1_en_csv"] == [
        finding.message for finding in release.findings
    ]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("esco_v1.1.1_en_csv.zip", "1.1.1"),
        ("ESCO dataset - v1.2.0 - classification - en - csv.zip", "1.2.0"),
        ("esco-1.0.zip", "1.0"),
        ("esco2022.zip", None),
    ],
)
def test_archives(name: str, version: str | None, tmp_path: Path) -> None:
    """The version is that of the name; the digest is that of the files, however packed."""
    path = packed(tmp_path / name, top="inside/")
    assert ["esco"] == [item.kind for item in find_inputs(path)]
    release = read_esco(path)
    assert version == release.version
    assert read_esco(SAMPLE).document.sha256 == release.document.sha256


def test_names_of_later_versions(tmp_path: Path) -> None:
    """Relations may have a language in their names; tables that are not read are named."""
    text = (SAMPLE / "occupationSkillRelations.csv").read_text("utf-8")
    path = packed(
        tmp_path / "esco.zip",
        {
            "occupationSkillRelations.csv": None,
            "occupationSkillRelations_en.csv": text,
            "greenSkillsCollection_en.csv": "conceptUri\n",
        },
    )
    release = read_esco(path)
    assert 15 == release.tables["occupationSkillRelations"].height
    assert ("greenSkillsCollection_en.csv",) == release.unread
    assert "files that are not read: greenSkillsCollection_en.csv" in {
        finding.message for finding in release.findings
    }


RELATION = "occupationUri,relationType,skillType,skillUri\n"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"skills_en.csv": None}, "esco.zip: lacks skills_en.csv, which ESCO has to have"),
        (
            {"skills_de.csv": "conceptUri\n"},
            "esco.zip: holds skills_de.csv and skills_en.csv; keep the one of one language",
        ),
        (
            {"occupations_en.csv": "conceptUri,iscoGroup\n"},
            (
                "esco.zip/occupations_en.csv:1: lacks the column 'preferredLabel'; needed: "
                "conceptUri, preferredLabel, iscoGroup; it has: conceptUri, iscoGroup"
            ),
        ),
        (
            {"occupationSkillRelations.csv": f"{RELATION}http://e/1,needed,,http://e/2\n"},
            (
                "esco.zip/occupationSkillRelations.csv:2: relationType 'needed' is neither "
                "essential nor optional"
            ),
        ),
        (
            {"occupationSkillRelations.csv": f"{RELATION}one,essential,,http://e/2\n"},
            "esco.zip/occupationSkillRelations.csv:2: occupationUri 'one' is no web address",
        ),
        (
            {
                "broaderRelationsOccPillar.csv": "conceptUri,broaderUri\n"
                "http://e/1,http://e/2\nhttp://e/2,http://e/1\n"
            },
            (
                "esco.zip: broaderRelationsOccPillar goes round in a circle: "
                "http://e/1 > http://e/2 > http://e/1"
            ),
        ),
    ],
)
def test_what_is_wrong_is_refused(
    changed: dict[str, str | None], message: str, tmp_path: Path
) -> None:
    """The message names the file, and the line where there is one."""
    with pytest.raises(InputError) as error:
        read_esco(packed(tmp_path / "esco.zip", changed))
    assert message == str(error.value).replace(f"{tmp_path}/", "")


def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    """Orphans, and ends of relations that no file describes, are findings."""
    broader = (SAMPLE / "broaderRelationsSkillPillar.csv").read_text("utf-8")
    lines = [line for line in broader.splitlines() if "mend-bindings" not in line]
    gone = f"KnowledgeSkillCompetence,{ESCO}skill/gone,SkillGroup,{ESCO}skill/group/S"
    relations = (SAMPLE / "occupationSkillRelations.csv").read_text("utf-8")
    release = read_esco(
        packed(
            tmp_path / "esco_v1.1.1.zip",
            {
                "broaderRelationsSkillPillar.csv": "\n".join([*lines, gone, ""]),
                "occupationSkillRelations.csv": relations
                + f"{ESCO}occupation/gone,essential,knowledge,{ESCO}skill/data-protection\n",
            },
        )
    )
    assert [
        ("warning", f"skills with nothing above them: {ESCO}skill/mend-bindings"),
        ("info", f"broaderRelationsSkillPillar names what no file describes: {ESCO}skill/gone"),
        (
            "info",
            (
                "occupationSkillRelations has 1 row whose occupationUri no file describes: "
                f"{ESCO}occupation/gone"
            ),
        ),
    ] == [(finding.severity, finding.message) for finding in release.findings]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_a_circle_is_found_where_there_is_one(pairs: list[tuple[int, int]]) -> None:
    """What is found is a circle, and where nothing is found an order of all nodes exists."""
    named = [(str(a), str(b)) for a, b in pairs]
    cycle = check_hierarchy((), (), named).cycle
    assert all(step in named for step in itertools.pairwise(cycle))
    assert not cycle or cycle[0] == cycle[-1]
    left = set(named)
    while free := {node for pair in left for node in pair} - {a for a, _ in left}:
        left = {(a, b) for a, b in left if b not in free}
    assert bool(left) == bool(cycle)


def test_deep_hierarchies_are_followed() -> None:
    """A hierarchy may be deeper than Python's stack."""
    pairs = [(f"{n:06}", f"{n + 1:06}") for n in range(50_000)]
    assert () == check_hierarchy((), (), pairs).cycle
    assert 50_002 == len(check_hierarchy((), (), [*pairs, ("050000", "000000")]).cycle)


def test_real_release(shared: Callable[[str], Path]) -> None:
    """ESCO 1.1.1 has its 3,007 occupations, 13,896 skills and 123,855 relations, and no orphans."""
    release = read_esco(shared("data/esco/esco_v1.1.1_en_csv.zip"))
    counts = {name: table.height for name, table in release.tables.items()}
    assert ("1.1.1", 3007, 13896, 123855) == (
        release.version,
        counts["occupations"],
        counts["skills"],
        counts["occupationSkillRelations"],
    )
    assert {"info"} == {finding.severity for finding in release.findings}
    assert any("has 67 rows whose occupationUri" in f.message for f in release.findings)
