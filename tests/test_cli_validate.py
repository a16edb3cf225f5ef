"""`kg validate`: graphs, pages and RDF files, and what counts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from commands import kg

from kg.resources import folder

EXAMPLE = folder("build") / "example"
PAGE = EXAMPLE / "library-technicians.txt"
RELEASE = EXAMPLE / "onet_30_2_text"


def test_validate_exit_code_follows_fail_on(example_folder: Path, tmp_path: Path) -> None:
    """Without its violation the example passes, until information counts."""
    known = tmp_path / "known.json"
    first = kg("validate", "--graph", example_folder, "--format", "json", "-o", known)
    report = json.loads(known.read_text(encoding="utf-8"))
    known.write_text(
        json.dumps({**report, "results": [r for r in report["results"] if r["line"] == 6]}),
        encoding="utf-8",
    )
    base = ("validate", "--graph", example_folder, "--baseline", known)

    assert first.returncode == 1
    assert kg(*base).returncode == 0
    assert kg(*base, "--fail-on", "warning").returncode == 0
    assert kg(*base, "--fail-on", "info").returncode == 1


def test_validate_turtle_is_only_the_report(example_folder: Path) -> None:
    """The report in Turtle on standard output parses and holds one violation."""
    import rdflib

    result = kg("validate", "--graph", example_folder, "--format", "turtle")
    report = rdflib.Graph().parse(data=result.stdout, format="turtle")

    assert 1 == len(list(report.subjects(rdflib.SH.resultSeverity, rdflib.SH.Violation)))


def test_validate_checks_a_page_without_building(tmp_path: Path) -> None:
    """A page is read, mapped and checked where no graph is."""
    result = kg("validate", PAGE, RELEASE, cwd=tmp_path)

    assert result.returncode == 1
    assert "library-technicians.txt:6  Shelf-reading rounds" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_validate_checks_any_rdf_against_any_shapes(tmp_path: Path) -> None:
    """Data and shapes of one's own need nothing of the project's."""
    (tmp_path / "data.ttl").write_text(
        "@prefix : <http://example.org/> . :a a :Thing . :b a :Thing ; :name 'b' .",
        encoding="utf-8",
    )
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> . "
        ":S a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P . "
        ":P sh:path :name ; sh:minCount 1 ; sh:message 'A thing needs a name.' .",
        encoding="utf-8",
    )
    result = kg("validate", "data.ttl", "--shapes", "shapes.ttl", cwd=tmp_path)

    assert result.returncode == 1
    assert "1 violation" in result.stdout
    assert "A thing needs a name." in result.stdout


def test_validate_takes_several_profiles(example_folder: Path) -> None:
    """Profiles together find what each finds, also all of them; an unknown one is named."""
    command = ("validate", "--graph", example_folder, "--format", "json")

    def found(*names: str) -> list[tuple[str, str]]:
        chosen = [part for name in names for part in ("--profile", name)]
        results = json.loads(kg(*command, *chosen).stdout)["results"]
        return sorted((r["shape"], r["focusNode"]) for r in results)

    core, onet = found("core"), found("onet")
    assert sorted(core + onet) == found("core", "onet")
    assert {*core, *onet} <= {*found("all")}
    assert "no profile 'other'" in kg(*command, "--profile", "core", "--profile", "other").stderr


def test_validate_says_beforehand_that_it_takes_long(
    example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many focus nodes pySHACL says how many there are, and which checks say the same."""
    command = ("validate", "--graph", str(example_folder), "--engine", "pyshacl")
    assert "focus nodes" not in kg(*command, "--profile", "onet").stderr

    monkeypatch.setattr("kg.cli.validate._MANY", 700)
    releases, core = kg(*command, "--profile", "onet"), kg(*command)

    # 151 ratings four times, 14 scales and 18 tasks three times, 7 activities, 3 occupations
    assert releases.stderr.startswith("710 focus nodes to look at, which takes minutes\n")
    for check in ("ratings-incomplete", "occupations-without-job-zone"):
        assert check in releases.stderr.splitlines()[1]
        assert kg("query", check, "--graph", example_folder).returncode == 0
    assert "12 infos" in releases.stdout
    assert re.fullmatch(r"[\d,]+ focus nodes to look at, which takes minutes\n", core.stderr)


def test_validate_says_where_nothing_was_checked(tmp_path: Path) -> None:
    """Shapes without a target in the data are noted; a file without shapes is refused."""
    (tmp_path / "data.ttl").write_text("<http://a/b> <http://a/c> 1 .", encoding="utf-8")
    idle = kg("validate", tmp_path / "data.ttl")
    refused = kg("validate", tmp_path / "data.ttl", "--shapes", tmp_path / "data.ttl")

    assert 0 == idle.returncode
    assert "nothing was checked" in idle.stdout
    assert 2 == refused.returncode
    assert "holds no shapes" in refused.stderr


def test_validate_counts_what_readers_warn_of(tmp_path: Path) -> None:
    """A line that no one understands fails a validation that is to fail on warnings."""
    page = tmp_path / "page.txt"
    text = PAGE.read_text(encoding="utf-8").replace("Shelf-reading rounds — ", "", 1)
    page.write_text(text + "what is this\n", encoding="utf-8")
    known = tmp_path / "known.json"
    kg("validate", page, RELEASE, "--format", "json", "-o", known)

    assert 1 == kg("validate", page, RELEASE, "--fail-on", "warning").returncode
    assert 0 == kg("validate", page, RELEASE, "--baseline", known).returncode


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph whose first generation was checked, and whose second has a broken page."""
    root = tmp_path_factory.mktemp("edited")
    page, graph = root / "page.txt", root / "graph"
    text = PAGE.read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    kg("build", page, RELEASE, "--graph", graph)
    kg("validate", "--graph", graph, "-o", root / "report.txt")
    broken = next(line for line in text.splitlines() if "Source: " in line or "(" in line)
    page.write_text(text.replace(broken, broken.partition("(")[0].strip(), 1), encoding="utf-8")
    kg("build", page, RELEASE, "--graph", graph)
    return graph


def test_validate_since_an_earlier_generation(edited: Path) -> None:
    """After an edit only what it can affect is checked, and what it broke is found."""
    since = kg("validate", "--graph", edited, "--since", "000001", "--format", "json")
    report = json.loads(since.stdout)
    whole = json.loads(kg("validate", "--graph", edited, "--format", "json").stdout)

    assert report["results"]
    assert all(result in whole["results"] for result in report["results"])
    assert "focus nodes checked" in report["notes"][0]
    assert 2 == kg("validate", PAGE, "--since", "000001").returncode
    assert 2 == kg("validate", "--graph", edited, "--since", "000009").returncode


def test_validate_since_by_other_shapes(edited: Path, tmp_path: Path) -> None:
    """Shapes that the earlier generation was not checked with are checked whole, with a note."""
    own = tmp_path / "own.ttl"
    own.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
        @prefix kg: <https://w3id.org/skills-kg/ontology#> .
        ex:s a sh:NodeShape ; sh:targetClass kg:Statement ;
            sh:property [ sh:path ex:missing ; sh:minCount 1 ] .""",
        encoding="utf-8",
    )
    since = ("validate", "--graph", edited, "--since", "000001", "--format", "json")
    core = folder("shapes") / "core.ttl"
    whole = json.loads(
        kg("validate", "--graph", edited, "--shapes", own, "--format", "json").stdout
    )
    alone = json.loads(kg(*since, "--shapes", own).stdout)
    together = json.loads(kg(*since, "--shapes", core, "--shapes", own).stdout)

    assert whole["results"] == alone["results"] != []
    assert "everything was checked, since no check of generation 000001" in alone["notes"][0]
    assert all(result in together["results"] for result in whole["results"])
    assert any(
        "was not checked by them" in n and n.endswith(": http://example.org/s")
        for n in together["notes"]
    )


def test_validate_says_the_same_with_both_engines(example_folder: Path) -> None:
    """On the example pySHACL finds what the columnar engine finds, with both profiles."""
    for profile in ("core", "onet"):
        command = ("validate", "--graph", example_folder, "--profile", profile, "--format", "json")
        ours, theirs = (
            json.loads(kg(*command, "--engine", name).stdout) for name in ("columns", "pyshacl")
        )
        for result in ours["results"]:
            result.pop("reasons", None)
        assert theirs == ours


@pytest.mark.parametrize("by", ["shape", "file", "severity"])
def test_validate_groups_findings(example_folder: Path, by: str) -> None:
    """The text groups by shape, file or severity, and lists as many as it is told."""
    text = kg("validate", "--graph", example_folder, "--by", by, "--max", "1").stdout
    everything = kg("validate", "--graph", example_folder, "--by", by, "--all").stdout

    assert text.startswith("does not conform: 1 violation, 0 warnings, 19 infos")
    assert "… and" in text
    assert "… and" not in everything
    assert 20 == sum(line.startswith("  ") and line[2] != " " for line in everything.splitlines())
