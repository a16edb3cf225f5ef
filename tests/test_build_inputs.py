"""Inputs that are changed or removed while a build reads them: an error, or a whole result."""

from __future__ import annotations

import hashlib
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from interrupted import MANY, Corpus, litter, whole

from kg import additions
from kg.additions import plan
from kg.assembly import example_inputs
from kg.errors import InputError, RefusedError
from kg.generations import current
from kg.mapping.iris import Iris
from kg.model import Document
from kg.namespaces import BASE
from kg.pipeline import build
from kg.readers import find_inputs
from kg.readers.files import file_sha256
from kg.readers.sources import load_catalogue

TRIPLE = "<http://x.example/{}> <http://x.example/p> <http://x.example/o> .\n"


def after_pages(act: Callable[[], object]) -> Callable[[str, int, int | None, str], None]:
    """Return a progress that does something once, when the first pages were read."""
    todo = [act]

    def progress(stage: str, done: int, total: int | None, unit: str) -> None:
        if stage == "pages" and todo:
            todo.pop()()

    return progress


def replace(path: Path, text: str) -> None:
    """Write a file as an editor does: another one takes its name."""
    other = path.with_name("other~")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


@pytest.mark.parametrize("change", ["written", "replaced", "removed"])
def test_an_rdf_file_that_changes(tmp_path: Path, change: str) -> None:
    """Its digest is taken first: what is read later has to be what that is of."""
    corpus, root, rdf = Corpus(tmp_path, 2), tmp_path / "graph", tmp_path / "x.nt"
    build(corpus.inputs, root)
    before = whole(root)
    rdf.write_text(TRIPLE.format("a"))
    act: dict[str, Callable[[], object]] = {
        "written": lambda: rdf.write_text(TRIPLE.format("b") * 2),
        "replaced": lambda: replace(rdf, TRIPLE.format("b")),
        "removed": rdf.unlink,
    }
    message = "cannot be read" if change == "removed" else "changed while it was being read"
    corpus.edit()
    with pytest.raises(InputError, match=message) as caught:
        build([*corpus.inputs, rdf], root, progress=after_pages(act[change]))
    assert str(rdf) in str(caught.value)
    assert before.name == whole(root).name
    assert [] == litter(root)

    rdf.write_text(TRIPLE.format("a"))
    build([*corpus.inputs, rdf], root)
    assert any(part["quads"] == 1 for part in whole(root).manifest["parts"])


def test_a_release_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that is replaced while its tables are read is refused."""
    corpus, root = Corpus(tmp_path, 2), tmp_path / "graph"
    archive = Path(shutil.make_archive(str(tmp_path / "db_30_2_text"), "zip", corpus.release))
    other = tmp_path / "other"
    (corpus.release / "Task Statements.txt").write_text("changed", encoding="utf-8")
    later = Path(shutil.make_archive(str(other), "zip", corpus.release))

    from kg.readers.onet import release

    read_table = release.read_table

    def replaced(*arguments: object) -> object:
        if later.exists():
            later.replace(archive)
        return read_table(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(release, "read_table", replaced)
    with pytest.raises(InputError, match="changed while it was being read; build again"):
        build([corpus.folder, archive], root)
    assert not root.exists()


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_classification_that_changes(
    tmp_path: Path, taken_over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest is taken first, and for what a crosswalk looks up in it, it may be read later."""
    named = {path.name: path for path in example_inputs()}
    esco, crosswalk = tmp_path / "esco_v1.2_en_csv", tmp_path / "esco_onet_crosswalk.csv"
    shutil.copytree(named["esco_sample_en_csv"], esco)
    shutil.copyfile(named[crosswalk.name], crosswalk)
    root, table = tmp_path / "graph", esco / "occupations_en.csv"
    text = table.read_text(encoding="utf-8")
    if taken_over:
        build([esco], root)
    before = whole(root) if taken_over else None
    digest_of = additions.digest_of_esco

    def late(path: Path) -> Document:
        document = digest_of(path)
        table.write_text(text.replace("librar", "LIBRAR"), encoding="utf-8")
        return document

    monkeypatch.setattr(additions, "digest_of_esco", late)
    with pytest.raises(InputError, match="changed while it was being read; build again") as caught:
        build([esco, crosswalk], root)
    assert str(esco) in str(caught.value)
    assert not root.exists() if before is None else before.name == whole(root).name


ADDITIONS = (
    "esco_onet_crosswalk.csv",
    "soc_2010_to_2019.csv",
    "skills_elements.sssom.tsv",
    "economic_index/release_2026_01_15/onet_task_mappings.csv",
)


@pytest.mark.parametrize("name", ADDITIONS)
def test_a_table_that_changes(tmp_path: Path, name: str) -> None:
    """Its digest is taken first: what is read later has to be what that is of.

    Mappings with decisions are kept from the first reading, so that they are taken out here.
    """
    example, root = example_inputs()[0].parent, tmp_path / "graph"
    copy = tmp_path / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    text = (example / name).read_text(encoding="utf-8")
    copy.write_text(text.replace("ManualMappingCuration", "LexicalMatching"), encoding="utf-8")
    act = after_pages(lambda: replace(copy, copy.read_text(encoding="utf-8") + "\n"))
    with pytest.raises(InputError, match="changed while it was being read; build again") as caught:
        build([example_inputs()[0], copy], root, progress=act)
    assert str(copy) in str(caught.value)
    assert not root.exists()


def test_decisions_that_change_are_those_of_their_digest(tmp_path: Path) -> None:
    """Mappings with decisions are read once: a change meanwhile is one for the next build."""
    copy, root = tmp_path / "skills_elements.sssom.tsv", tmp_path / "graph"
    shutil.copyfile(example_inputs()[0].parent / copy.name, copy)
    digest = file_sha256(copy)
    build([example_inputs()[0], copy], root, progress=after_pages(lambda: replace(copy, "")))
    assert "" == copy.read_text(encoding="utf-8")
    assert digest in (current(root).path / "manifest.json").read_text(encoding="utf-8")


def test_bytes_are_not_kept(tmp_path: Path) -> None:
    """What a build plans takes less memory than the tables that it is to read."""
    path = tmp_path / "soc_2010_to_2019.csv"
    text = (example_inputs()[0].parent / path.name).read_text(encoding="utf-8")
    path.write_text(text + "\n" * 2**22, encoding="utf-8")
    tracemalloc.start()
    try:
        planned = plan(list(find_inputs(path)), load_catalogue(None), None, Iris(BASE))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ["history"] == [of.kind for of in planned]
    assert 2**20 > held


@pytest.mark.parametrize("pages", [10, MANY])
def test_a_page_that_changes(tmp_path: Path, pages: int) -> None:
    """What is published of a page is what its digest is of, before or after the change."""
    corpus, root = Corpus(tmp_path, pages), tmp_path / "graph"
    page = corpus.page(pages - 1)
    texts = {page.read_text(encoding="utf-8")}
    changed = next(iter(texts)).replace("- ", "- Changed ", 1)
    texts.add(changed)
    build(corpus.inputs, root, progress=after_pages(lambda: replace(page, changed)))
    digests = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    stated = next(i for i in whole(root).manifest["inputs"] if i["file"] == page.name)
    page.write_text(digests[stated["sha256"]], encoding="utf-8")
    published = whole(root).manifest
    assert published == build(corpus.inputs, root, full=True).generation.manifest


def test_a_page_that_is_removed(tmp_path: Path) -> None:
    """A page that goes while others are read is named, and nothing is lost."""
    corpus, root = Corpus(tmp_path, 10), tmp_path / "graph"
    build([corpus.page(0), corpus.release], root)
    before = whole(root)
    with pytest.raises(RefusedError, match="1 of 10 framework pages cannot be used") as caught:
        build(corpus.inputs, root, progress=after_pages(corpus.page(9).unlink))
    errors = [(f.file, f.message) for f in caught.value.findings if f.severity == "error"]
    assert [(str(corpus.page(9)), "cannot be read: No such file or directory")] == errors
    assert before.name == whole(root).name
    assert [] == litter(root)
