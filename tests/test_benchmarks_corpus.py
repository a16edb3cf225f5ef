"""The corpus that benchmarks build, and the edits that are made to it."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from scripts import script

from kg import quads
from kg.assembly import Assembly, assemble, example_inputs
from kg.mapping.iris import Iris
from kg.namespaces import BASE, KG, ONET, SKOS
from kg.readers.onet import read_release
from kg.readers.page import read_page
from kg.readers.sources import load_catalogue

RELEASE = next(path for path in example_inputs() if path.is_dir())


corpus, edits, since = script("corpus"), script("edits"), script("since")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a corpus of two pages and a spare one."""
    folder = tmp_path_factory.mktemp("corpus")
    assert corpus.write_corpus(read_release(RELEASE), folder, spare=1) == (2, 3 * 137)
    return folder


@pytest.fixture(scope="module")
def assembled(written: Path) -> Assembly:
    """Return what the pages of the corpus become with their release."""
    return assemble([written / "pages", written / "spare", RELEASE])


@pytest.fixture(scope="module")
def rows(assembled: Assembly) -> pl.DataFrame:
    """Return the quads of all pages and of the release."""
    return quads.concat(assembled.parts.values())


@pytest.fixture
def copied(written: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return the folders of pages and of spare ones, copied."""
    for name in ("pages", "spare"):
        shutil.copytree(written / name, tmp_path / name)
    return tmp_path / "pages", tmp_path / "spare"


def table(folder: Path, name: str) -> pl.DataFrame:
    """Return one of the tables beside the pages of a corpus."""
    schema = {"statements": corpus.STATEMENTS, "pages": corpus.PAGES}[name]
    return pl.read_csv(folder / f"{name}.tsv", separator="\t", quote_char=None, schema=schema)


def texts(folder: Path) -> dict[str, str]:
    """Return the pages of a folder by their names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def objects(rows: pl.DataFrame, predicate: str) -> dict[str, list[str]]:
    """Return the objects of a predicate by subject, in order."""
    found = rows.filter(pl.col("predicate") == predicate).sort("object")
    return {s: list(of["object"]) for (s,), of in found.group_by("subject")}


def test_pages_read_without_findings(assembled: Assembly) -> None:
    """Whatever is written is read as what it is, and everything is found in the release."""
    assert [] == [str(finding) for finding in assembled.findings]
    assert 3 == len(assembled.pages)


def test_page_has_the_shape_of_a_real_one(written: Path) -> None:
    """There are as many lines of each kind as on the page that the layout was taken from."""
    path = min((written / "pages").iterdir())
    page = read_page(path.read_bytes(), path.name, load_catalogue())
    kinds = page.line_kinds
    assert 137 == kinds["statement"]
    assert 10 == kinds["domain"]
    assert {"context": 1, "footer": 1, "title": 1} == {
        kind: kinds[kind] for kind in ("context", "footer", "title")
    }
    by_kind = {f.kind: f for f in page.frameworks}
    assert 40 == len(by_kind["base"].statements)
    assert 13 == len(by_kind["ai"].statements)
    assert [12, *[8] * 9] == [len(s.statements) for s in by_kind["durable"].sections]


def test_truth_is_what_quads_say(written: Path, rows: pl.DataFrame) -> None:
    """Label, text, place, stage, citations and line of each statement are those of its node."""
    says = {p: objects(rows, p) for p in (KG.framework, KG.domain, KG.stage, KG.cites, KG.line)}
    said = {p: objects(rows, p) for p in (SKOS.prefLabel, SKOS.definition, KG.position)}
    found = Counter()
    for node, (framework,) in says[KG.framework].items():
        (label,), (text,) = said[SKOS.prefLabel][node], said[SKOS.definition][node]
        domain = says[KG.domain].get(node, [None])[0]
        stage = says[KG.stage].get(node, [None])[0]
        cites = [source.removeprefix(f"{BASE}source/") for source in says[KG.cites].get(node, [])]
        found[
            framework.removeprefix(f"{BASE}framework/"),
            domain and said[SKOS.prefLabel][domain][0],
            int(said[KG.position][node][0]),
            stage and int(said[KG.position][stage][0]),
            label,
            text,
            tuple(cites),
            int(says[KG.line][node][0]),
        ] += 1
    titles = dict(table(written, "pages").select("page", "title").iter_rows())
    iris = Iris(BASE)
    expected = Counter(
        (
            iris.framework(titles[row["page"]], row["framework"]).removeprefix(f"{BASE}framework/"),
            *(row[c] for c in ("domain", "position", "stage", "label", "text")),
            tuple(sorted(row["cites"].split(","))) if row["cites"] else (),
            row["line"],
        )
        for row in table(written, "statements").iter_rows(named=True)
    )
    assert expected == found


def test_every_statement_is_of_a_task_of_its_occupation(written: Path, rows: pl.DataFrame) -> None:
    """The task that the truth names is one that the release says the occupation does."""
    codes = dict(table(written, "pages").select("page", "code").iter_rows())
    done = objects(rows, ONET.hasTask)
    tasks = table(written, "statements").group_by("page").agg(pl.col("task_id").unique())
    for page, named in tasks.iter_rows():
        of = {task.rpartition("/")[2] for task in done[f"{BASE}occupation/{codes[page]}"]}
        assert set(named) <= of
        assert 4 <= len(named)


def test_words_of_a_statement_are_those_of_its_task(written: Path) -> None:
    """Most words of a label stand in the text of the task, or of one of its activities."""
    by_id = {
        task.task_id: " ".join((task.text, *task.activities)).lower()
        for subject in corpus.subjects_of(read_release(RELEASE))
        for task in subject.tasks
    }
    labels = table(written, "statements").select("label", "task_id")
    for label, task_id in labels.iter_rows():
        words = label.rpartition(",")[0] or label
        assert words.lower() in by_id[task_id]


def test_anchors_are_those_of_the_truth(written: Path, rows: pl.DataFrame) -> None:
    """The tasks that a page is grounded in are those that the table of pages names."""
    grounded = objects(rows, KG.groundedIn)
    expected = {
        frozenset(f"{BASE}task/{task}" for task in anchors.split(","))
        for anchors in table(written, "pages")["anchors"]
    }
    assert expected == {frozenset(tasks) for tasks in grounded.values()}


def test_corpus_is_the_same_each_time(written: Path, tmp_path: Path) -> None:
    """The same seed gives the same bytes, another one other texts."""
    release = read_release(RELEASE)
    for seed in (30, 31):
        corpus.write_corpus(release, tmp_path / str(seed), spare=1, seed=seed)
    assert texts(written / "pages") == texts(tmp_path / "30" / "pages")
    for name in ("statements.tsv", "pages.tsv"):
        assert (written / name).read_bytes() == (tmp_path / "30" / name).read_bytes()
    assert texts(written / "pages") != texts(tmp_path / "31" / "pages")


def test_page_does_not_depend_on_the_others(written: Path, tmp_path: Path) -> None:
    """An occupation has the same page in a corpus of one as in a larger one."""
    corpus.write_corpus(read_release(RELEASE), tmp_path, 1)
    everything = texts(written / "pages") | texts(written / "spare")
    (name,) = texts(tmp_path / "pages")
    assert everything[name] == texts(tmp_path / "pages")[name]


def test_too_many_pages_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More pages than occupations with tasks are a wrong request, said in one line."""
    assert 2 == corpus.main([str(RELEASE), str(tmp_path), "--pages", "3", "--spare", "1"])
    assert 1 == len(capsys.readouterr().err.splitlines())
    assert 2 == corpus.main([str(tmp_path / "none.zip"), str(tmp_path)])


@pytest.mark.parametrize("name", sorted(edits.EDITS))
def test_edit_changes_pages(name: str, copied: tuple[Path, Path]) -> None:
    """Every edit changes the pages, the same for the same chance."""
    pages, spare = copied
    before = texts(pages)
    edits.EDITS[name](pages, spare, random.Random(2))
    after = texts(pages)
    assert before != after
    if name not in ("add", "move", "remove"):
        assert 1 == sum(before[page] != after[page] for page in before)
        assert before.keys() == after.keys()


def test_edited_pages_are_read_without_findings(copied: tuple[Path, Path]) -> None:
    """However often pages are edited, they stay pages; the last one is never removed."""
    pages, spare = copied
    chance = random.Random(7)
    done = [edits.edit(pages, spare, chance) for _ in range(25)]
    assert 25 == len([what for what in done if what])
    assert [] == [str(finding) for finding in assemble([pages, RELEASE]).findings]


def test_builds_that_fail_are_told(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a build says that cannot be compared is said in a line."""
    assert 2 == edits.main([str(written), "none.zip"])
    assert "none.zip" in capsys.readouterr().err


@pytest.mark.slow
def test_equal_builds_are_told(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A build after an edit is compared with one from nothing, and said to equal it."""
    assert 0 == edits.main([str(written), str(RELEASE), "--number", "1"])
    assert "1 of 1 equal" == capsys.readouterr().out.splitlines()[-1]


@pytest.mark.slow
def test_what_is_checked_since_edits(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After an edit of each kind, what is new is in the report since then, and nothing else."""
    assert 2 == since.main([str(written), "none.zip"])
    assert 0 == since.main([str(written), str(RELEASE), "--rounds", "1"])
    assert len(edits.EDITS) == capsys.readouterr().out.count("\n| ") - 1
