"""What a build takes over from the one before: the result is that of a build from nothing."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyoxigraph as ox
import pytest

import kg
from kg import fingerprints, pages, records, releases, reuse
from kg.assembly import example_inputs
from kg.errors import InputError
from kg.generations import Generation, current
from kg.linking import ActivityLinker, TaskText
from kg.pipeline import build

PACKAGE = Path(kg.__file__).parent
PAGE, RELEASE = example_inputs()[:2]
TEXT = PAGE.read_text(encoding="utf-8")
TITLES = ("Library Technicians", "Library Assistants, Clerical", "Potters", "Kiln Operators")
RDF = "<http://x.example/{0}> <http://x.example/p> <http://x.example/{1}> .\n"


class Corpus:
    """A folder of pages that can be edited, and a release."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder / "pages"
        self.folder.mkdir()
        self.release = folder / "onet_30_2_text"
        shutil.copytree(RELEASE, self.release)
        self.rdf = folder / "other.nt"
        self.number = 0
        for _ in range(number):
            self.add()

    @property
    def inputs(self) -> list[Path]:
        """The inputs of a build."""
        return [self.folder, self.release, *([self.rdf] if self.rdf.exists() else [])]

    def add(self) -> Path:
        """Add a page: of an occupation that the release has, or of another one."""
        title = TITLES[self.number] if self.number < len(TITLES) else f"Trade {self.number}"
        path = self.folder / f"{self.number:03}.txt"
        path.write_text(TEXT.replace("Library Technicians", title, 1), encoding="utf-8")
        self.number += 1
        return path

    def edit(self, chance: random.Random) -> None:
        """Change, add or remove a page."""
        paths = sorted(self.folder.iterdir())
        match chance.choice(["change", "change", "add", "remove"] if len(paths) > 2 else ["add"]):
            case "add":
                self.add()
            case "remove":
                chance.choice(paths).unlink()
            case _:
                path = chance.choice(paths)
                lines = path.read_text(encoding="utf-8").splitlines()
                # One of the statements, whose label, text or citation then is another.
                at = chance.choice([i for i, line in enumerate(lines) if line.startswith("- ")])
                lines[at] = chance.choice([lines[at].replace(" ", " quite ", 3), "- A new one"])
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Return pages and a release to change."""
    return Corpus(tmp_path, 4)


def how(generation: Generation) -> dict[str, Any]:
    """Return how a generation was built."""
    return generation.how


def quads_of(generation: Generation) -> set[str]:
    """Return all quads of the store of a generation."""
    return set(map(str, ox.Store.read_only(str(generation.store))))


def same(left: Generation, right: Generation) -> None:
    """Check that two generations are the same: manifests, bytes of the parts, and stores."""
    assert left.manifest == right.manifest
    for graph, path in left.parts.items():
        assert path.read_bytes() == right.parts[graph].read_bytes()
    assert quads_of(left) == quads_of(right)


# The same as from nothing.


@pytest.mark.parametrize("seed", range(2))
def test_random_edits(tmp_path: Path, seed: int) -> None:
    """Whatever is edited, an incremental build is the same as one from nothing."""
    chance, corpus = random.Random(seed), Corpus(tmp_path, 4)
    build(corpus.inputs, tmp_path / "one")
    for number in range(3):
        for _ in range(chance.randint(1, 2)):
            corpus.edit(chance)
        generation = build(corpus.inputs, tmp_path / "one").generation
        same(generation, build(corpus.inputs, tmp_path / f"nothing-{number}").generation)
        assert "changed" == how(generation)["store"]


@pytest.mark.slow
def test_many_random_edits(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    """Twenty edits of fifty pages with a whole release, one after the other."""
    chance, corpus = random.Random(0), Corpus(tmp_path, 50)
    inputs = [corpus.folder, shared("data/onet/db_30_2_text.zip")]
    build(inputs, tmp_path / "one")
    for _ in range(20):
        corpus.edit(chance)
        generation = build(inputs, tmp_path / "one", keep=1).generation
        assert 1 == how(generation)["kept"]["release"]
        whole = build(inputs, tmp_path / "nothing", full=True, keep=1).generation
        assert generation.manifest == whole.manifest
    same(generation, whole)


def test_many_pages_in_processes_of_their_own(tmp_path: Path) -> None:
    """Pages that are read in other processes become what they become in this one."""
    number = reuse._MANY_PAGES + 3
    corpus = Corpus(tmp_path, number)
    many = build(corpus.inputs, tmp_path / "many")
    assert number == len(many.assembly.pages)
    one = build([PAGE, corpus.release], tmp_path / "one")
    for graph, part in one.generation.written.items():
        if "/page/" in graph:
            found = pl.read_parquet(many.generation.parts[graph])
            assert found.drop("object").equals(
                pl.read_parquet(one.generation.parts[graph]).drop("object")
            ), part
    for path in sorted(corpus.folder.iterdir())[number // 2 :]:
        path.unlink()
    few = build(corpus.inputs, tmp_path / "few").generation
    for graph in few.parts:
        if "/page/" in graph:
            assert few.written[graph] == many.generation.written[graph]


# What is taken over, and why the rest is not.


def test_nothing_changed(corpus: Corpus, tmp_path: Path) -> None:
    """A build of the same inputs publishes nothing, wherever they lie."""
    first = build(corpus.inputs, tmp_path / "graph")
    moved = corpus.folder.rename(tmp_path / "moved")
    second = build([moved, corpus.release], tmp_path / "graph")
    assert (first.generation, False) == (second.generation, second.is_new)
    files = {f.file for f in second.assembly.findings if f.file and f.file.endswith(".txt")}
    assert files
    assert all(file.startswith(str(moved)) for file in files)


def test_a_changed_page(corpus: Corpus, tmp_path: Path) -> None:
    """One page is read; the others and the release are taken over."""
    build(corpus.inputs, tmp_path / "graph")
    path = corpus.folder / "001.txt"
    path.write_text(path.read_text().replace("desk", "counter"), encoding="utf-8")
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph").generation
    assert {"release": 1, "page": 3} == how(generation)["kept"]
    assert {"page": {"its content changed": 1, "it is new": 1}} == how(generation)["read"]
    assert "changed" == how(generation)["store"]


def test_a_page_with_errors_keeps_the_graph(corpus: Corpus, tmp_path: Path) -> None:
    """Findings of pages that were taken over are told again, and --strict counts them."""
    cut = corpus.folder / "002.txt"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    first = build(corpus.inputs, tmp_path / "graph").assembly.findings
    corpus.add()
    second = build(corpus.inputs, tmp_path / "graph").assembly.findings
    assert [f for f in first if f.file == str(cut)] == [f for f in second if f.file == str(cut)]
    assert any(f.severity == "warning" for f in second)


def test_a_full_build(corpus: Corpus, tmp_path: Path) -> None:
    """With `full` nothing is taken over, and the same is published again, whatever was there."""
    first = build(corpus.inputs, tmp_path / "graph")
    second = build(corpus.inputs, tmp_path / "graph", full=True)
    assert (first.generation.manifest, True) == (second.generation.manifest, second.is_new)
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph", full=True).generation
    assert (None, "a full build was asked for") == (
        how(generation)["from"],
        how(generation)["why_not"],
    )


@pytest.mark.parametrize("number", [1, 24], ids=["here", "in processes"])
def test_a_refused_build_changes_nothing(tmp_path: Path, number: int) -> None:
    """A second page of a title that is taken over: refused, and what was published stays whole."""
    corpus = Corpus(tmp_path, 1)
    generation = build(corpus.inputs, tmp_path / "graph").generation
    files = {p: p.read_bytes() for p in generation.path.rglob("*") if p.is_file()}
    (corpus.folder / "zzz.txt").write_text(TEXT.replace("desk", "counter"), encoding="utf-8")
    for _ in range(number - 1):
        corpus.add()
    with pytest.raises(InputError, match="two inputs give the frameworks"):
        build(corpus.inputs, tmp_path / "graph")
    assert files == {p: p.read_bytes() for p in generation.path.rglob("*") if p.is_file()}
    assert generation == current(tmp_path / "graph")


def test_a_damaged_generation_is_not_built_upon(corpus: Corpus, tmp_path: Path) -> None:
    """Where a part of it is cut off, nothing is taken over, and the graph is mended."""
    root = tmp_path / "graph"
    old = build(corpus.inputs, root).generation
    part = next(iter(old.parts.values()))
    part.write_bytes(part.read_bytes()[:-1])
    report = build(corpus.inputs, root)
    assert report.is_new
    assert f"quads/{part.name} of {old.name} is damaged" == how(report.generation)["why_not"]
    same(report.generation, build(corpus.inputs, tmp_path / "nothing").generation)


def test_what_was_read_anew_is_not_read_again(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reading changed and its result did not, the build after that takes pages over."""
    root = tmp_path / "graph"
    old = build(corpus.inputs, root).generation
    how_old = how(old)
    real = fingerprints.fingerprint
    monkeypatch.setattr(
        pages, "fingerprint", lambda part: "other" if part == "page" else real(part)
    )
    read: list[dict[str, Any]] = []
    write = reuse.Building.write

    def noted(self: reuse.Building, assembly: Any) -> None:
        read.append(dict(self.read))
        write(self, assembly)

    monkeypatch.setattr(reuse.Building, "write", noted)
    for _ in range(2):
        report = build(corpus.inputs, root)
        assert (old, False) == (report.generation, report.is_new)
    assert [True, False] == ["page" in kinds for kinds in read]
    assert how_old == how(report.generation)


def test_a_changed_release(corpus: Corpus, tmp_path: Path) -> None:
    """A release that changed is read, and with it every page, since links learn from all of it."""
    build(corpus.inputs, tmp_path / "graph")
    table = corpus.release / "Task Statements.txt"
    head, first, rest = table.read_text(encoding="utf-8").split("\n", 2)
    assert " the " in first
    table.write_text("\n".join([head, first.replace(" the ", " each ", 1), rest]), encoding="utf-8")
    generation = build(corpus.inputs, tmp_path / "graph").generation
    read = how(generation)["read"]
    assert {"its content changed": 1} == read["release"]
    assert 4 == sum(read["page"].values())
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)


def test_files_beside_a_release(corpus: Corpus, tmp_path: Path) -> None:
    """What is said of files that are no tables is said of those that lie there now."""
    strange = corpus.release / "Strange Table.txt"
    message = "is not a known table, and is left out"
    for is_there in (False, True, True, False):
        strange.unlink(missing_ok=True)
        if is_there:
            strange.write_text("A\tB\n1\t2\n", encoding="utf-8")
        report = build([corpus.folder, corpus.release], tmp_path / "graph")
        found = [f.file for f in report.assembly.findings if f.message == message]
        assert [f"{corpus.release.name}/{strange.name}"] * is_there == found
    assert report.generation == current(tmp_path / "graph")
    assert report.generation.name.startswith("000001-")


def test_a_release_that_comes_and_goes(corpus: Corpus, tmp_path: Path) -> None:
    """Pages are read again where what they look up is there no more, or is there now."""
    build([corpus.folder], tmp_path / "graph")
    with_release = build(corpus.inputs, tmp_path / "graph").generation
    same(with_release, build(corpus.inputs, tmp_path / "nothing").generation)
    assert {"what it looks up changed: version"} == set(how(with_release)["read"]["page"])
    without = build([corpus.folder], tmp_path / "graph").generation
    same(without, build([corpus.folder], tmp_path / "nothing-2").generation)


@pytest.fixture
def edit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what changes the text of a module, as builds see it, of which a copy is made."""

    def edit(module: str) -> None:
        code = tmp_path / "kg"
        shutil.copytree(PACKAGE, code, ignore=shutil.ignore_patterns("__pycache__"))
        with (code / module).open("a", encoding="utf-8") as out:
            out.write("# Changed.\n")
        monkeypatch.setattr(fingerprints, "_PACKAGE", code)
        fingerprints.fingerprint.cache_clear()

    yield edit
    fingerprints.fingerprint.cache_clear()


@pytest.mark.parametrize(
    ("module", "read"),
    [
        ("pages.py", {"page": 4}),
        ("linking/vectors.py", {"page": 4}),
        ("mapping/release.py", {"page": 4, "release": 1}),
        ("releases.py", {"page": 4, "release": 1}),
        ("mapping/foreign.py", {"rdf": 1}),
    ],
)
def test_changed_code(
    corpus: Corpus,
    tmp_path: Path,
    module: str,
    read: dict[str, int],
    edit_code: Callable[[str], None],
) -> None:
    """Other text of a module has only that read again which rests on it."""
    corpus.rdf.write_text(RDF.format(1, 2), encoding="utf-8")
    build(corpus.inputs, tmp_path / "graph")
    edit_code(module)
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph").generation
    found = {kind: sum(reasons.values()) for kind, reasons in how(generation)["read"].items()}
    assert {**read, "page": read.get("page", 0) + 1} == found


def test_changed_code_that_learns(
    corpus: Corpus,
    tmp_path: Path,
    edit_code: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What other code learnt from the release is learnt anew, once, and pages linked by it."""
    before = build(corpus.inputs, tmp_path / "graph").generation
    real, learnt = releases.activity_linker, []

    def changed(tasks: Iterable[TaskText]) -> ActivityLinker:
        linker = real(tasks)
        learnt.append(linker)
        return replace(linker, idf=np.ones_like(linker.idf))

    monkeypatch.setattr(releases, "activity_linker", changed)
    edit_code("linking/activities.py")
    for _ in range(2):
        corpus.add()
        generation = build(corpus.inputs, tmp_path / "graph").generation
    assert 1 == len(learnt)
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)
    links = next(graph for graph in before.written if "/links/" in graph)
    assert before.written[links] != generation.written[links]


def test_a_changed_catalogue(corpus: Corpus, tmp_path: Path) -> None:
    """Names of sources have pages read again; what else is known of a source does not."""
    extra = tmp_path / "more.toml"
    extra.write_text('[[source]]\nkey = "mine"\ntitle = "Mine"\nurl = "http://a.example/"\n')
    build(corpus.inputs, tmp_path / "graph", sources=extra)
    extra.write_text('[[source]]\nkey = "mine"\ntitle = "Mine"\nurl = "http://b.example/"\n')
    generation = build(corpus.inputs, tmp_path / "graph", sources=extra).generation
    assert {"release": 1, "page": 4} == how(generation)["kept"]
    extra.write_text('[[source]]\nkey = "mine"\ntitle = "Yours"\nurl = "http://b.example/"\n')
    generation = build(corpus.inputs, tmp_path / "graph", sources=extra).generation
    assert {"the reader, the layout or the names of the sources changed": 4} == (
        how(generation)["read"]["page"]
    )


def test_another_base(corpus: Corpus, tmp_path: Path) -> None:
    """Under another base everything is another graph."""
    build(corpus.inputs, tmp_path / "graph")
    generation = build(corpus.inputs, tmp_path / "graph", base="http://a.example/").generation
    assert {} == how(generation)["kept"]
    other = build(corpus.inputs, tmp_path / "nothing", base="http://a.example/").generation
    same(generation, other)


def remove_rdf(corpus: Corpus) -> list[Path]:
    """Have all three triples of a document go."""
    corpus.rdf.write_text(RDF.format(9, 9), encoding="utf-8")
    return corpus.inputs


def remove_release(corpus: Corpus) -> list[Path]:
    """Have the release go, and with it what pages of its occupations look up."""
    return [corpus.folder, corpus.rdf]


@pytest.mark.parametrize(
    ("remove", "few", "expected"),
    [
        (remove_rdf, 3, "changed"),
        (remove_rdf, 2, "loaded"),
        (remove_release, 4_000, "loaded"),
    ],
)
def test_much_that_goes(
    corpus: Corpus,
    tmp_path: Path,
    remove: Callable[[Corpus], list[Path]],
    few: int,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where many quads go, of whatever input, the store is loaded: removing them takes longer."""
    corpus.rdf.write_text("".join(RDF.format(n, 1) for n in range(3)), encoding="utf-8")
    build(corpus.inputs, tmp_path / "graph")
    monkeypatch.setattr(reuse, "_SHARE_GONE", 0)
    monkeypatch.setattr(reuse, "_FEW_GONE", few)
    inputs = remove(corpus)
    generation = build(inputs, tmp_path / "graph").generation
    assert expected == how(generation)["store"]
    same(generation, build(inputs, tmp_path / "nothing").generation)


def test_much_that_comes(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded in bulk into a store that is changed is all there."""
    build(corpus.inputs, tmp_path / "graph")
    monkeypatch.setattr(import_module("kg.store.load"), "_LARGE", 0)
    corpus.rdf.write_text("".join(RDF.format(n, 1) for n in range(3)), encoding="utf-8")
    path = corpus.folder / "001.txt"
    path.write_text(path.read_text().replace("desk", "counter"), encoding="utf-8")
    generation = build(corpus.inputs, tmp_path / "graph").generation
    assert "changed" == how(generation)["store"]
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)


# RDF of others.


def test_rdf_is_taken_over(corpus: Corpus, tmp_path: Path) -> None:
    """A document of which no other graph has a triple need not be read again."""
    corpus.rdf.write_text(RDF.format(1, 2), encoding="utf-8")
    build(corpus.inputs, tmp_path / "graph")
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph").generation
    assert 1 == how(generation)["kept"]["rdf"]
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)


@pytest.mark.parametrize("first", [True, False])
def test_rdf_that_shares_triples(corpus: Corpus, tmp_path: Path, first: bool) -> None:
    """Triples that come to stand in a page, or go from it, are not in two graphs, nor lost."""
    page = corpus.folder / "001.txt"
    without, text = page.read_text(encoding="utf-8"), None
    text = without.replace("- ", "- A statement of its own — said once\n- ", 1)
    page.write_text(text, encoding="utf-8")
    triple = (
        build(corpus.inputs, tmp_path / "seen")
        .generation.scan()
        .filter(pl.col("object") == "A statement of its own")
        .collect()
    )
    corpus.rdf.write_text(
        f'<{triple["subject"][0]}> <{triple["predicate"][0]}> "A statement of its own"@en .\n',
        encoding="utf-8",
    )
    versions = [text, without] if first else [without, text]
    for number, version in enumerate(versions):
        page.write_text(version, encoding="utf-8")
        generation = build(corpus.inputs, tmp_path / "graph").generation
        same(generation, build(corpus.inputs, tmp_path / f"nothing-{number}").generation)


# What cannot be read.


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("records.jsonl", b"nonsense\n"),
        ("release-index.json", b"[]"),
        ("linker-terms.parquet", b"nonsense"),
        ("linker", None),
    ],
)
def test_what_was_kept_is_damaged(
    corpus: Corpus, tmp_path: Path, name: str, data: bytes | None
) -> None:
    """Without what lies beside the parts a build reads more, and comes to the same."""
    published = build(corpus.inputs, tmp_path / "graph").generation
    path = published.reuse / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph").generation
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)


def test_a_record_of_another_graph(corpus: Corpus, tmp_path: Path) -> None:
    """A page whose graph is not there is read again, and is counted as read."""
    path = build(corpus.inputs, tmp_path / "graph").generation.reuse / "records.jsonl"
    kept = [
        replace(
            r, graphs=tuple(g.replace("/graph/page/potters", "/graph/page/gone") for g in r.graphs)
        )
        for r in records.read_records(path)
    ]
    assert 1 == sum("/graph/page/gone" in g for r in kept for g in r.graphs)
    records.write_records(path, kept)
    corpus.add()
    generation = build(corpus.inputs, tmp_path / "graph").generation
    assert {"it is new": 1, "what was kept of it cannot be read": 1} == how(generation)["read"][
        "page"
    ]
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)


def test_a_generation_of_before(example_folder: Path, tmp_path: Path) -> None:
    """A generation without records is built upon as if it were none."""
    shutil.copytree(example_folder, tmp_path / "graph")
    shutil.rmtree(current(tmp_path / "graph").reuse)
    generation = build([PAGE], tmp_path / "graph").generation
    assert "has no records that can be read" in how(generation)["why_not"]


def test_few_pages_of_many(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many pages differ the store is loaded, with what is taken over from the table."""
    monkeypatch.setattr(reuse, "_FEW", 1)
    build(corpus.inputs, tmp_path / "graph")
    for name in ("000.txt", "001.txt"):
        path = corpus.folder / name
        path.write_text(path.read_text().replace("desk", "counter"), encoding="utf-8")
    generation = build(corpus.inputs, tmp_path / "graph").generation
    assert ("loaded", {"release": 1, "page": 2}) == (
        how(generation)["store"],
        how(generation)["kept"],
    )
    same(generation, build(corpus.inputs, tmp_path / "nothing").generation)
