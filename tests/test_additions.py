"""The index, ESCO, crosswalks and mapping sets in a build: put together, and taken over."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kg.assembly import assemble, example_inputs
from kg.errors import InputError
from kg.generations import Generation
from kg.namespaces import BASE, KG, OWL
from kg.pipeline import build

EXAMPLE = example_inputs()
NAMED = {path.name: path for path in EXAMPLE}
RELEASE = NAMED["onet_30_2_text"]
ESCO = "esco_sample_en_csv"
CROSSWALK, HISTORY = "esco_onet_crosswalk.csv", "soc_2010_to_2019.csv"
INDEX, MAPPINGS = "economic_index", "skills_elements.sssom.tsv"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Return a folder with copies of the inputs of the example, to be changed."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    for path in EXAMPLE:
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
    return folder


def built(folder: Path, out: Path) -> Generation:
    """Build a graph of all that a folder holds."""
    return build(sorted(folder.iterdir()), out).generation


def read(generation: Generation) -> set[str]:
    """Return the kinds of input that a build read."""
    return set(generation.how["read"])


def same(left: Generation, right: Generation) -> None:
    """Check that two generations hold the same, to the byte."""
    assert left.manifest == right.manifest
    assert all(left.parts[g].read_bytes() == p.read_bytes() for g, p in right.parts.items())


def test_inputs_are_in_the_manifest(example_folder: Path) -> None:
    """Every file that was read is there, with its kind, and the folder that names a release."""
    generation = build(out=example_folder).generation
    kinds = [(item["kind"], item["file"]) for item in generation.manifest["inputs"]]
    assert [
        ("crosswalk", CROSSWALK),
        ("esco", ESCO),
        ("history", HISTORY),
        ("index", "labor_market_impacts/job_exposure.csv"),
        ("index", "labor_market_impacts/task_penetration.csv"),
        ("index", "release_2026_01_15/automation_vs_augmentation.csv"),
        ("index", "release_2026_01_15/onet_task_mappings.csv"),
        ("mappings", MAPPINGS),
        ("page", "library-technicians.txt"),
        ("release", "onet_30_2_text"),
    ] == kinds


def test_nothing_is_read_twice(inputs: Path, tmp_path: Path) -> None:
    """What has not changed is taken over, graphs and shared triples alike."""
    first = built(inputs, tmp_path / "graph")
    (inputs / "library-technicians.txt").unlink()
    second = built(inputs, tmp_path / "graph")
    assert set() == read(second)
    kept = {"index": 2, "esco": 1, "crosswalk": 1, "history": 1, "mappings": 1, "release": 1}
    assert kept == second.how["kept"]
    same(second, built(inputs, tmp_path / "nothing"))
    assert first.name != second.name


def test_findings_of_what_was_moved(inputs: Path, tmp_path: Path) -> None:
    """What is taken over is found where it lies now, not where it lay when it was read."""
    edited(inputs / MAPPINGS, "\tcomment\n", "\tmine\n")
    before = build([inputs / MAPPINGS], tmp_path / "graph").assembly.findings
    for number in range(2):
        inputs = inputs.rename(tmp_path / f"moved-{number}")
        after = build([inputs / MAPPINGS], tmp_path / "graph").assembly.findings
        assert [str(inputs / MAPPINGS)] * len(before) == [finding.file for finding in after]
    assert before


def test_files_beside_a_classification(inputs: Path, tmp_path: Path) -> None:
    """What is said of files that are no tables of ESCO is said of those that lie there now."""
    other = inputs / ESCO / "greenShareOcc_en.csv"
    for is_there in (False, True, False):
        other.unlink(missing_ok=True)
        if is_there:
            other.write_text("a,b\n1,2\n", encoding="utf-8")
        found = build([inputs / ESCO], tmp_path / "graph").assembly.findings
        messages = [f.message for f in found if "not read" in f.message]
        assert [f"files that are not read: {other.name}"] * is_there == messages


def edited(path: Path, old: str, new: str) -> None:
    """Replace a text in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a usage figure": (
        lambda f: edited(f / INDEX / "release_2026_01_15/onet_task_mappings.csv", "4.5", "4.25"),
        {"index"},
    ),
    "a label of ESCO": (
        lambda f: edited(f / ESCO / "occupations_en.csv", "stack keeper", "keeper of stacks"),
        {"esco", "crosswalk"},
    ),
    "a pair of the crosswalk": (
        lambda f: edited(f / CROSSWALK, "0.64,0.5", "0.64,2.0"),
        {"crosswalk"},
    ),
    "a row of the history": (
        lambda f: edited(f / HISTORY, "25-4032.00,Travelling", "25-4099.00,Travelling"),
        {"history", "crosswalk"},
    ),
    "no history any more": (lambda f: (f / HISTORY).unlink(), {"crosswalk"}),
    "a mapping": (lambda f: edited(f / MAPPINGS, "0.15", "0.25"), {"mappings"}),
    "a task of the release": (
        lambda f: edited(f / "onet_30_2_text/Task Statements.txt", "Wheel sorted", "Push sorted"),
        {"index", "crosswalk", "page", "release"},
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_changed_is_read(edit: str, inputs: Path, tmp_path: Path) -> None:
    """What an edit touches is read again, and nothing else; the result is as from nothing."""
    built(inputs, tmp_path / "graph")
    change, expected = EDITS[edit]
    change(inputs)
    generation = built(inputs, tmp_path / "graph")
    assert expected == read(generation)
    same(generation, built(inputs, tmp_path / "nothing"))


def test_a_crosswalk_without_the_rest() -> None:
    """Without release, history and ESCO, the pairs stand as they are."""
    assembly = assemble([NAMED[CROSSWALK]])
    links = assembly.parts[f"{BASE}graph/crosswalk/esco_onet_crosswalk"]
    assert 7 == links.filter(pl.col("object") == KG.Link).height
    former = links.filter(pl.col("predicate") == OWL.annotatedTarget)["object"].to_list()
    assert f"{BASE}occupation/25-4032.00" in former
    assert ["no O*NET release was given: codes not looked up"] == [
        finding.message for finding in assembly.findings
    ]


def test_archives_and_other_bases(tmp_path: Path) -> None:
    """Tables in an archive are read there, and data goes where the base says."""
    path = tmp_path / "index.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted((NAMED[INDEX]).rglob("*.csv")):
            out.write(file, str(file.relative_to(NAMED[INDEX])))
    assembly = assemble([path, RELEASE], base="https://data.example.org/")
    assert {
        "https://data.example.org/graph/aei/labor_market_impacts",
        "https://data.example.org/graph/aei/release_2026_01_15",
        "https://data.example.org/graph/soc",
    } == {graph for graph in assembly.parts if "/aei/" in graph or graph.endswith("/soc")}


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (ESCO, ESCO, "a graph holds one release of ESCO; two were given: "),
        (CROSSWALK, CROSSWALK, "two inputs of one name: "),
        (HISTORY, HISTORY, "two inputs of one name: "),
        (MAPPINGS, MAPPINGS, "two inputs of one name: "),
        (INDEX, INDEX, "two inputs are one table of release_2026_01_15: "),
    ],
)
def test_two_of_one_kind(first: str, second: str, message: str) -> None:
    """What would be one thing twice is refused, and both inputs are named."""
    with pytest.raises(InputError) as error:
        assemble([NAMED[first], NAMED[second]])
    assert str(error.value).startswith(message)


def test_damaged_shares_are_made_anew(inputs: Path, tmp_path: Path) -> None:
    """Where what is kept of shared triples cannot be read, additions are read again."""
    first = built(inputs, tmp_path / "graph")
    (first.reuse / "shared.parquet").write_bytes(b"no table")
    edited(inputs / MAPPINGS, "0.15", "0.25")
    second = built(inputs, tmp_path / "graph")
    assert {"index", "esco", "crosswalk", "history", "mappings"} <= read(second)
    same(second, built(inputs, tmp_path / "nothing"))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (CROSSWALK, ("a b.csv", "a-b.csv")),
        (MAPPINGS, ("x.sssom.tsv", "x.tsv")),
        (HISTORY, ("one.csv", "two.csv")),
    ],
)
def test_two_that_give_one_graph(source: str, names: tuple[str, str], tmp_path: Path) -> None:
    """Names that differ in what a graph's name does not hold are refused, and both are told."""
    for name in names:
        shutil.copy(NAMED[source], tmp_path / name)
    with pytest.raises(InputError, match="rename one") as error:
        assemble([tmp_path])
    assert all(name in str(error.value) for name in names)
