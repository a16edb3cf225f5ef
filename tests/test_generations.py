"""Generations: published in one step or not at all, kept, and refused when damaged."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import polars as pl
import pytest
from commands import small_disk
from filelock import FileLock

from kg import generations, quads, store
from kg.assembly import assemble, example_inputs
from kg.errors import InputError, OutputError, RequestError
from kg.generations import Generation, current, draft, named, publish
from kg.pipeline import build

G, H = "http://example.org/graph/g", "http://example.org/graph/h"
FACTS = {"base": "http://example.org/"}
BUILD = (
    "import sys\nfrom pathlib import Path\nfrom kg.pipeline import build\n"
    "build([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]))\n"
)
# Publishes the parts of one graph in another, with facts of its own.
PUBLISH = """
import sys
from pathlib import Path
import polars as pl
from kg.errors import OutputError
from kg.generations import current, publish
root, source = map(Path, sys.argv[1:3])
parts = {graph: pl.read_parquet(path) for graph, path in current(source).parts.items()}
try:
    publish(root, parts, {"base": "http://example.org/other"})
except OutputError as error:
    print(error)
    sys.exit(2)
"""


def tables(text: str = "x", number: int = 3) -> dict[str, pl.DataFrame]:
    """Return two graphs to publish, different by a text."""
    return {
        graph: quads.unique_sorted(
            quads.from_rows(
                quads.literal(f"http://example.org/{i}", "http://p", f"{text} {i} {graph}", graph)
                for i in range(number)
            )
        )
        for graph in (G, H)
    }


def state(root: Path) -> dict[str, bytes]:
    """Return all files of a graph's folder, but the lock, by path."""
    files = (p for p in root.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


def published(root: Path) -> list[str]:
    """Return the names of what lies beside each other in a graph's folder."""
    return sorted(p.name for p in (root / "generations").iterdir())


def run_elsewhere(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start what builds or publishes in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a graph with one generation, which stays as it is."""
    folder = tmp_path_factory.mktemp("first") / "graph"
    publish(folder, tables("first"), FACTS)
    return folder


@pytest.fixture
def root(first: Path, tmp_path: Path) -> Path:
    """Return the folder of a graph with one generation, to do anything with."""
    shutil.copytree(first, tmp_path / "graph")
    return tmp_path / "graph"


# What is published.


def test_publish(tmp_path: Path) -> None:
    """A generation holds the tables, the store and a manifest that describes them."""
    root = tmp_path / "some" / "graph"
    generation, is_new = publish(root, tables(), FACTS)
    assert is_new
    assert "000001-" == generation.name[:7]
    assert f"{generation.name}\n" == (root / "current").read_text()
    assert [generation.name] == published(root)
    names = {p.name for p in generation.path.iterdir()}
    assert {"files.json", "manifest.json", "quads", "store"} == names
    assert current(root) == generation
    for graph, table in tables().items():
        assert pl.read_parquet(generation.parts[graph]).equals(table)
    assert pl.concat(tables().values()).equals(generation.scan().collect())
    answer = store.ask(generation.store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [("6",)] == answer.rows  # type: ignore[union-attr]


def test_manifest(root: Path) -> None:
    """The manifest states the facts, and of each part its graph, file, count and digest."""
    manifest = current(root).manifest
    assert {"base", "format", "parts", "quads"} == set(manifest)
    assert (FACTS["base"], 6) == (manifest["base"], manifest["quads"])
    expected = [(g, 3, quads.digest(t)) for g, t in sorted(tables("first").items())]
    assert expected == [(p["graph"], p["quads"], p["sha256"]) for p in manifest["parts"]]
    for part in manifest["parts"]:
        assert part["sha256"] == quads.digest(pl.read_parquet(current(root).parts[part["graph"]]))


def test_file_names_are_readable_and_different(tmp_path: Path) -> None:
    """Graphs whose names differ only in what a file name cannot hold have files of their own."""
    ends = [
        "page/a b",
        "page/a-b",
        "page/A-b",
        "page/é",
        "page/漢",
        "",
        "x" * 300,
        "../../up",
        "a/b",
    ]
    graphs = [f"http://example.org/graph/{end}" for end in ends]
    rows = [quads.literal("http://s", "http://p", g, g) for g in graphs]
    parts = {g: quads.from_rows([r]) for g, r in zip(graphs, rows, strict=True)}
    generation, _ = publish(tmp_path, {g: t for g, t in parts.items() if " " not in g}, FACTS)
    names = [p.name for p in generation.parts.values()]
    assert len(names) == len(set(names)) == len({n.lower() for n in names})
    assert [] == [n for n in names if len(n) > 140 or "/" in n]
    assert "page-a-b" == generation.parts["http://example.org/graph/page/a-b"].name[:8]
    assert {*names} == {p.name for p in (generation.path / "quads").iterdir()}


def test_names_that_collide_in_eight_digits(tmp_path: Path) -> None:
    """Two graphs whose names end alike, and whose digests begin alike, have two files."""
    graphs = [f"http://g.example/{number}/graph/a" for number in (351, 95048)]
    parts = {g: quads.from_rows([quads.literal("http://s", "http://p", g, g)]) for g in graphs}
    generation, _ = publish(tmp_path, parts, FACTS)
    assert 2 == len(set(generation.parts.values()))
    assert {*graphs} == set(generation.scan().collect()["graph"])


def test_a_graph_that_is_given_twice(root: Path) -> None:
    """Nothing is published, and what was taken over from a published generation stays whole."""
    before, old = state(root), current(root)
    other = tables("second")[G]
    for is_kept_first in (True, False):
        with draft(root) as new:
            if is_kept_first:
                new.keep(old.written[G], old)
            new.add(G, [other])
            if not is_kept_first:
                new.keep(old.written[G], old)
            with pytest.raises(RequestError, match="two inputs give the graph"):
                new.publish(FACTS)
        assert before == state(root)
    assert quads.digest(pl.read_parquet(old.parts[G])) == old.written[G].sha256


@pytest.mark.parametrize("damaged", ["quads", "store"])
def test_what_is_damaged_is_published_anew(root: Path, damaged: str) -> None:
    """Of a published generation a file is cut off or gone: the same tables are published again."""
    old = current(root)
    assert old.damage() is None
    victim = max((old.path / damaged).glob("*.*"), key=lambda p: p.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1])
    assert f"{damaged}/{victim.name}" == old.damage()
    generation, is_new = publish(root, tables("first"), dict(FACTS))
    assert (True, None) == (is_new, generation.damage())
    victim.unlink()
    assert f"{damaged}/{victim.name}" == old.damage()


def test_a_generation_that_does_not_state_its_files(root: Path) -> None:
    """Without a statement of lengths it is whole; one that cannot be read is damage itself."""
    stated = current(root).path / "files.json"
    for text in ("{", "[1]"):
        stated.write_text(text)
        assert "files.json" == current(root).damage()
    stated.unlink()
    assert current(root).damage() is None


def test_unchanged_publishes_nothing(root: Path) -> None:
    """The same tables and facts leave the published generation as it is, byte for byte."""
    before = state(root)
    generation, is_new = publish(root, tables("first"), dict(FACTS))
    assert (False, current(root)) == (is_new, generation)
    assert before == state(root)


@pytest.mark.parametrize(
    ("parts", "facts"),
    [
        (tables("second"), FACTS),
        ({G: tables("first")[G]}, FACTS),
        (tables("first"), {**FACTS, "more": 1}),
        (tables("first", 4), FACTS),
    ],
    ids=["other text", "a graph less", "another fact", "more rows"],
)
def test_a_change_publishes_a_new_one(
    root: Path, parts: dict[str, pl.DataFrame], facts: dict[str, object]
) -> None:
    """Other tables or facts are a new generation with the next number; the old one stays."""
    old = current(root)
    before = {p: p.read_bytes() for p in old.path.rglob("*") if p.is_file()}
    generation, is_new = publish(root, parts, facts)
    assert (True, "000002-") == (is_new, generation.name[:7])
    assert current(root) == generation
    assert before == {p: p.read_bytes() for p in old.path.rglob("*") if p.is_file()}


def test_numbers_go_on(root: Path) -> None:
    """A number is never used twice, and what else lies there is left alone."""
    (root / "generations" / "000041-0123456789ab").mkdir()
    (root / "generations" / "notes.txt").write_text("mine")
    assert "000042-" == publish(root, tables("second"), FACTS)[0].name[:7]
    assert "notes.txt" in published(root)


def test_a_reader_keeps_its_generation(root: Path) -> None:
    """What was opened stays readable and the same, while newer generations are published."""
    reader = current(root)
    lazy = reader.scan()
    for number in range(3):
        publish(root, tables(f"newer {number}"), FACTS)
    assert pl.concat(tables("first").values()).equals(lazy.collect())
    assert pl.concat(tables("first").values()).equals(reader.scan().collect())
    answer = store.ask(reader.store, "SELECT ?o { ?s ?p ?o FILTER(CONTAINS(?o, 'first')) }")
    assert 6 == len(answer.rows)  # type: ignore[union-attr]
    assert "000004-" == current(root).name[:7]


def test_readers_meet_whole_generations(root: Path) -> None:
    """Whoever opens the graph while it is published anew finds the old or the new generation."""
    met: list[tuple[str, int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            generation = current(root)
            met.append((generation.name, generation.scan().collect().height))

    reader = threading.Thread(target=read)
    reader.start()
    names = [current(root).name]
    names += [publish(root, tables(f"text {n}"), FACTS)[0].name for n in range(8)]
    done.set()
    reader.join()
    seen = [name for name, _ in met]
    assert {6} == {height for _, height in met}
    assert sorted(seen) == seen
    assert set(seen) <= set(names)
    assert len(set(seen)) > 1


@pytest.mark.parametrize("name", ["a[1]", "a*b?", "x=1", "with space", "é漢", "%41", "{a,b}", "~"])
def test_any_folder_name(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder's name is a name, never a pattern, and a relative one stays where it is."""
    monkeypatch.chdir(tmp_path)
    publish(Path(name), tables(), FACTS)
    generation = current(Path(name))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert 6 == generation.scan().collect().height
    assert [("true",)] == store.ask(generation.store, "ASK {}").rows  # type: ignore[union-attr]


def test_an_earlier_generation_is_found_by_the_beginning_of_its_name(root: Path) -> None:
    """Generations are there until they are deleted, under names that begin with their numbers."""
    first = current(root)
    second, _ = publish(root, tables("second"), FACTS)

    assert first == named(root, "000001") == named(root, first.name)
    assert second == named(root, "000002") == current(root)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("000003", "no generation '000003'; it has: 000001-.*, 000002-"),
        ("00000", "several begin so: 000001-.*, 000002-"),
        ("", "several begin so"),
        ("../000001", "no generation"),
    ],
)
def test_a_name_means_one_generation(name: str, message: str, root: Path) -> None:
    """A name that no generation or several have is refused, with those there are."""
    publish(root, tables("second"), FACTS)
    with pytest.raises(RequestError, match=message):
        named(root, name)


def test_a_generation_of_no_graph(tmp_path: Path) -> None:
    """Where there is no graph there is no generation of it."""
    with pytest.raises(RequestError, match="make one with: kg build"):
        named(tmp_path / "none", "000001")


# What fails.


def fail(message: str = "broken") -> Callable[..., None]:
    """Return a function that raises OSError, whatever it is called with."""

    def failing(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, message)

    return failing


STEPS = {
    "the first file": (quads, "stream_parquet"),
    "the store": (store, "Loader"),
    "the manifest": (Path, "write_text"),
    "flushing": (os, "fsync"),
    "the name": (Path, "rename"),
    "the switch": (Path, "replace"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_failed_publish_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step fails, the published generation stays, and nothing is left behind."""
    before = state(root)
    monkeypatch.setattr(*STEPS[step], fail())
    with pytest.raises(OutputError, match=r"cannot be written \(broken\); nothing was published$"):
        publish(root, tables("second"), FACTS)
    monkeypatch.undo()
    assert before == state(root)
    assert [current(root).name] == published(root)
    assert publish(root, tables("second"), FACTS)[1]


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_publish_changes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Ctrl-C at any step reaches the caller and leaves the published generation alone."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = state(root)
    monkeypatch.setattr(*STEPS[step], interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(root, tables("second"), FACTS)
    monkeypatch.undo()
    assert before == state(root)


def test_a_first_publish_that_fails_leaves_no_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in which nothing could be published is no graph."""
    monkeypatch.setattr(Path, "replace", fail())
    with pytest.raises(OutputError):
        publish(tmp_path / "graph", tables(), FACTS)
    with pytest.raises(RequestError, match="there is no graph"):
        current(tmp_path / "graph")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [0, 50, 30_000, 200_000, 400_000])
def test_a_full_disk_by_file_size(example_folder: Path, tmp_path: Path, size: int) -> None:
    """Who may not write files of this size fails in one line and changes nothing."""
    root = tmp_path / "graph"
    shutil.copytree(example_folder, root)
    before = state(root)
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    process = run_elsewhere(limit + PUBLISH, root, example_folder)
    said = process.communicate(timeout=60)[0]
    assert (2, 1) == (process.returncode, len(said.splitlines())), said
    assert "cannot be written" in said
    assert before == state(root)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 1.2 MB, where that is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=1200k", "kg-test", str(folder)]
    if shutil.which("mount") is None or subprocess.run(options, capture_output=True).returncode:
        pytest.skip("mounting a tmpfs is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(tiny_disk: Path) -> None:
    """On a disk that gets full at any point the build fails and what was published stays."""
    root = tiny_disk / "graph"
    publish(root, tables("first", 1), FACTS)
    before = state(root)
    parts = assemble().parts
    for free in (30_000, 150_000, 400_000, 700_000):
        ballast = tiny_disk / "ballast"
        ballast.write_bytes(b"x" * max(0, shutil.disk_usage(tiny_disk).free - free))
        with pytest.raises(OutputError, match="nothing was published") as caught:
            publish(root, parts, FACTS)
        assert "No space left on device" in str(caught.value)
        assert 1 == len(str(caught.value).splitlines())
        assert before == state(root)
        ballast.unlink()


def test_a_failure_on_a_full_disk_leaves_nothing(root: Path) -> None:
    """What could not be written to the end is deleted, whatever the failure was."""

    def fail() -> None:
        with ExitStack() as full, generations.draft(root) as draft:
            draft.add(G, [tables()[G]])
            full.enter_context(small_disk(10))  # of less than is still to be written
            raise InputError("wrong")

    before = state(root)
    with pytest.raises(InputError, match="wrong"):
        fail()
    assert before == state(root)
    assert [current(root).name] == published(root)


def test_a_build_after_a_failed_one_of_the_same_process(root: Path) -> None:
    """While the error of one is still referred to, the next one is not in its way."""
    with small_disk(20_000), pytest.raises(OutputError) as caught:
        publish(root, tables("long" * 10_000), FACTS)
    generation, is_new = publish(root, tables("second"), FACTS)
    assert is_new
    assert 6 == generation.scan().collect().height
    assert [("true",)] == store.ask(generation.store, "ASK {}").rows  # type: ignore[union-attr]
    assert "nothing was published" in str(caught.value)


def test_no_folder_is_used_twice(root: Path) -> None:
    """Another draft of the same process writes elsewhere, since the last one may still be open."""
    folders = []
    for _ in range(2):
        with generations.draft(root) as draft:
            folders.append(draft.folder)
    assert folders[0] != folders[1]
    assert not any(folder.exists() for folder in folders)


@pytest.mark.parametrize("below", [".", "graph", "a/b/graph"])
def test_a_file_in_the_folders_place(tmp_path: Path, below: str) -> None:
    """Where a file is in the way the message names the folder, and the file stays."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        publish(tmp_path / "file" / below, tables(), FACTS)
    assert str(tmp_path / "file") in str(caught.value)
    assert {"file": b"mine"} == state(tmp_path)


def test_a_file_in_the_generations_place(tmp_path: Path) -> None:
    """A file where the generations should be is in the way too."""
    (tmp_path / "generations").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        publish(tmp_path, tables(), FACTS)


def test_a_second_build_is_refused(root: Path) -> None:
    """While one build writes, another one stops at once and changes nothing."""
    before = state(root)
    with FileLock(root / ".lock"):
        with pytest.raises(OutputError, match="another build is writing this graph; try again"):
            publish(root, tables("second"), FACTS)
        process = run_elsewhere(PUBLISH, root, root)
        said = process.communicate(timeout=60)[0]
        assert 2 == process.returncode
        assert f"{root}: another build is writing this graph; try again later\n" == said
    assert before == state(root)
    assert publish(root, tables("second"), FACTS)[1]


# What a draft knows while it is written.


def test_scratch_is_not_published(tmp_path: Path) -> None:
    """What is put aside while a generation is written is gone from it, and when it fails."""
    with generations.draft(tmp_path) as draft:
        (draft.scratch / "run").write_text("x")
        draft.add(G, [tables()[G]])
        generation, _ = draft.publish(FACTS)
    names = {p.name for p in generation.path.iterdir()}
    assert {"files.json", "manifest.json", "quads", "store"} == names
    with pytest.raises(InputError), generations.draft(tmp_path) as draft:
        draft.add("relative", [tables()[G][:1].with_columns(predicate=pl.lit(str(draft.scratch)))])
    assert [generation.name] == published(tmp_path)


def test_new(tmp_path: Path) -> None:
    """Of a table only the triples are new that stand in no graph written before."""
    first, second = tables()[G], tables(number=4)[G].with_columns(graph=pl.lit("http://new"))
    with generations.draft(tmp_path) as draft:
        assert first.equals(draft.new(first))
        draft.add(G, [first[:1], first[1:1], first[1:]])
        draft.add(H, [])
        assert [3] == [int(s[-1]) for s in draft.new(second)["subject"]]
        assert 0 == draft.new(second[:0]).height
        assert 0 == draft.new(second[:3]).height
        other = second.with_columns(object=pl.lit("other"))
        assert other.equals(draft.new(other))
        draft.add("http://new", [draft.new(second)])
        assert 0 == draft.new(second).height


# What is killed.


def test_leftovers_are_swept(root: Path) -> None:
    """What killed builds left is gone after the next one, and nothing else is."""
    for name in (".building-1", ".building-2/store"):
        (root / "generations" / name).mkdir(parents=True)
    (root / "generations" / ".building-2" / "all.nq").write_text("half of it")
    old = current(root).name
    assert not publish(root, tables("first"), FACTS)[1]
    assert [old] == published(root)


def test_a_generation_that_was_not_published_is_swept(root: Path) -> None:
    """A build killed between naming and publishing leaves a generation that goes away."""
    old, orphan = current(root), root / "generations" / "000002-0123456789ab"
    shutil.copytree(old.path, orphan)
    (root / "current.new").write_text(f"{orphan.name}\n")
    generation, _ = publish(root, tables("second"), FACTS)
    assert [old.name, generation.name] == published(root)
    assert not (root / "current.new").exists()


@pytest.mark.parametrize(
    "text", ["", "0000", "../../precious", "/", ".", "nonsense\n", "000009-0123456789ab"]
)
def test_a_broken_note_sweeps_nothing(root: Path, text: str) -> None:
    """A note of the next generation that is no name, or names nothing, deletes nothing."""
    (root.parent / "precious").mkdir()
    (root / "current.new").write_text(text)
    old = current(root).name
    publish(root, tables("first"), FACTS)
    assert ["graph", "precious"] == sorted(p.name for p in root.parent.iterdir())
    assert [old] == published(root)
    assert not (root / "current.new").exists()


def test_a_link_in_the_notes_place_is_not_followed(root: Path) -> None:
    """A link where the next name is noted is replaced, and what it points to stays."""
    (root.parent / "precious").write_text("mine")
    (root / "current.new").symlink_to(root.parent / "precious")
    publish(root, tables("second"), FACTS)
    assert "mine" == (root.parent / "precious").read_text()
    assert not (root / "current").is_symlink()


KILLED = (
    """
import os, signal, sys
from pathlib import Path
from kg import generations, quads, store
owner, name, skip = eval(sys.argv[3]), sys.argv[4], int(sys.argv[5])
real = getattr(owner, name)
def end(*arguments, **options):
    global skip
    skip -= 1
    if skip < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
setattr(owner, name, end)
"""
    + PUBLISH
)
# Publishes one generation after another, until it is killed.
ENDLESS = """
import sys
from itertools import count
from pathlib import Path
import polars as pl
from kg.generations import current, publish
root, source = map(Path, sys.argv[1:3])
parts = {graph: pl.read_parquet(path) for graph, path in current(source).parts.items()}
print("ready", flush=True)
for number in count():
    publish(root, parts, {"base": f"http://example.org/{number}"})
"""


@pytest.mark.parametrize(
    ("owner", "name", "skip"),
    [
        ("quads", "stream_parquet", 2),
        ("store", "Loader", 0),
        ("os", "fsync", 3),
        ("Path", "rename", 0),
        ("Path", "replace", 0),
    ],
)
def test_a_publish_killed_at_a_step(
    root: Path, example_folder: Path, owner: str, name: str, skip: int
) -> None:
    """Killed before any step, it leaves the published graph, and the next one sweeps."""
    old = current(root)
    process = run_elsewhere(KILLED, root, example_folder, owner, name, str(skip))
    process.communicate(timeout=60)
    assert -signal.SIGKILL == process.returncode
    assert old == current(root)
    assert 6 == current(root).scan().collect().height
    generation = publish(root, tables("second"), FACTS)[0]
    assert [old.name, generation.name] == published(root)


def test_killed_at_random_moments(tmp_path: Path, example_folder: Path) -> None:
    """Killed at any moment, publishing leaves a whole graph or none, and in the end no litter."""
    root, moments = tmp_path / "graph", random.Random(20260330)
    for _ in range(6):
        process = run_elsewhere(ENDLESS, root, example_folder)
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        process.communicate(timeout=60)
        if (root / "current").exists():
            generation = current(root)
            assert generation.manifest["quads"] == generation.scan().collect().height
    generation, _ = publish(root, tables("last"), FACTS)
    assert generation.name == published(root)[-1]
    assert [] == [n for n in published(root) if not (root / "generations" / n / "store").is_dir()]
    assert {"current", "generations", ".lock"} == {p.name for p in root.iterdir()}


# What is damaged.


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
def test_no_graph(tmp_path: Path, make: bool) -> None:
    """A folder without a graph is an error that says how to make one."""
    root = tmp_path / "graph"
    if make:
        root.mkdir()
    with pytest.raises(RequestError, match=r"there is no graph in .* kg build --graph"):
        current(root)
    assert make == root.exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nonsense",
        "..",
        "../other",
        "../../etc",
        "/etc",
        "./{name}",
        "{name}/../{name}",
        "{name}/.",
        "{name}\n{name}",
        "{name}\0",
        "000009-0123456789ab",
        ".building-1",
        "{name}" + " " * 200 + "x",
        "x" * 100_000,
        "\N{SNOWMAN}",
    ],
    ids=ascii,
)
def test_a_damaged_name_is_refused(root: Path, name: str) -> None:
    """What `current` says must be the plain name of a generation that is there."""
    (root / "current").write_text(name.replace("{name}", current(root).name), encoding="utf-8")
    with pytest.raises(RequestError, match=r"is damaged .*; build it again") as caught:
        current(root)
    assert len(str(caught.value)) < 300
    assert 1 == len(str(caught.value).splitlines())
    generation, is_new = publish(root, tables("first"), FACTS)
    assert is_new
    assert current(root) == generation


def test_a_name_that_is_no_text_is_refused(root: Path) -> None:
    """Bytes that are not UTF-8 are damage too."""
    (root / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(RequestError, match="is damaged"):
        current(root)


def test_links_are_refused(root: Path) -> None:
    """Neither `current` nor the generation that it names may be a link."""
    name, folder = current(root).name, root / "generations"
    (root / "current").rename(root / "elsewhere")
    (root / "current").symlink_to(root / "elsewhere")
    with pytest.raises(RequestError, match="is damaged"):
        current(root)
    (root / "elsewhere").replace(root / "current")
    (folder / name).rename(root.parent / "moved")
    (folder / name).symlink_to(root.parent / "moved")
    with pytest.raises(RequestError, match="is damaged"):
        current(root)


def test_the_folder_itself_may_be_a_link(root: Path) -> None:
    """Where the whole graph lies is the user's affair."""
    (root.parent / "link").symlink_to(root)
    assert 6 == current(root.parent / "link").scan().collect().height


def without(generation: Generation, *names: str) -> None:
    """Take something away from a generation."""
    path = generation.path.joinpath(*names)
    shutil.rmtree(path) if path.is_dir() else path.unlink()


MANIFESTS = [
    "",
    "{}",
    "[]",
    "null",
    "1",
    "{",
    "\0",
    "[" * 100_000,
    '{"format": 1}',
    '{"format": 2, "parts": [], "quads": 0}',
    '{"format": 1, "parts": {}, "quads": "0"}',
    '{"format": 1, "parts": [1], "quads": 0}',
    '{"format": 1, "parts": [{"graph": "http://g"}], "quads": 0}',
    '{"format": 1, "parts": [{"graph": "http://g", "file": "missing.parquet"}], "quads": 0}',
    '{"format": 1, "parts": [{"graph": "http://g", "file": "../manifest.json"}], "quads": 0}',
    '{"format": 1, "parts": [{"graph": "http://g", "file": "/etc/passwd"}], "quads": 0}',
    '{"format": 1, "parts": [{"graph": [], "file": "x"}], "quads": 0}',
    '{"format": 1, "parts": [{"graph": "http://g", "file": "\\u0000"}], "quads": 0}',
    '{"format": 1, "parts": [], "quads": 0}',
    '{"format": 1, "parts": [], "quads": 0, "base": 1}',
    '{"format": 1, "parts": [], "quads": 0, "base": "http://a/", "inputs": [{"kind": "page"}]}',
    '{"format": 1, "parts": [], "quads": 0, "base": "http://a/", "inputs": 1}',
    '{"format": 1, "parts": [], "quads": 0, "base": "http://a/", "versions": []}',
]


@pytest.mark.parametrize("text", MANIFESTS, ids=range(len(MANIFESTS)))
def test_a_damaged_manifest_is_refused(root: Path, text: str) -> None:
    """A manifest that is not one, or points out of its generation, is a damaged graph."""
    (current(root).path / "manifest.json").write_text(text)
    with pytest.raises(RequestError, match=r"is damaged \(generation 000001-.*\); build it again"):
        current(root)
    generation, is_new = publish(root, tables("first"), FACTS)
    assert (True, generation) == (is_new, current(root))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "{",
        '{"from": 1, "why_not": null, "kept": {}, "read": {}}',
        '{"from": null, "why_not": null, "kept": [], "read": {}}',
        '{"from": null, "why_not": null, "kept": {"page": "1"}, "read": {}}',
        '{"from": null, "why_not": null, "kept": {}, "read": {"page": 1}}',
    ],
)
def test_how_it_was_built_may_be_unknown(root: Path, text: str) -> None:
    """What does not tell how a generation was built is no damage, and tells nothing."""
    generation = current(root)
    generation.reuse.mkdir()
    (generation.reuse / "how.json").write_text(text)

    assert {} == current(root).how


@pytest.mark.parametrize("part", ["manifest.json", "quads", "store", "one part"])
def test_a_generation_that_lacks_something_is_refused(root: Path, part: str) -> None:
    """A part that was deleted is a damaged graph, and the same build makes it whole again."""
    generation = current(root)
    without(generation, *([part] if part != "one part" else ["quads", generation.parts[G].name]))
    with pytest.raises(RequestError, match="is damaged"):
        current(root)
    assert publish(root, tables("first"), FACTS)[1]
    assert 6 == current(root).scan().collect().height


# The same input, the same bytes.


def contents(generation: Generation) -> dict[str, bytes]:
    """Return the files of a generation whose bytes must not vary."""
    parts = {p.name: p.read_bytes() for p in generation.parts.values()}
    return {**parts, "manifest.json": (generation.path / "manifest.json").read_bytes()}


def check_same_bytes(folder: Path, inputs: Sequence[Path]) -> None:
    """Assert that builds in other folders and processes, of moved inputs, give the same bytes."""
    first = build(inputs, folder / "one" / "graph").generation
    moved = folder / "inputs elsewhere"
    moved.mkdir()
    for path in inputs:
        (shutil.copytree if path.is_dir() else shutil.copy)(path, moved / path.name)
    process = run_elsewhere(
        "import os\nos.environ['POLARS_MAX_THREADS'] = '4'\n" + BUILD,
        folder / "two",
        *reversed([moved / path.name for path in inputs]),
    )
    said = process.communicate(timeout=300)[0]
    assert 0 == process.returncode, said
    second = current(folder / "two")
    assert contents(first) == contents(second)
    assert first.name == second.name
    manifest = json.dumps(first.manifest)
    assert str(folder) not in manifest
    assert "elsewhere" not in manifest


def test_two_builds_of_the_example_are_the_same_bytes(tmp_path: Path) -> None:
    """The example built in two folders gives the same Parquet parts and manifest."""
    check_same_bytes(tmp_path, example_inputs())


@pytest.mark.slow
def test_two_builds_of_real_data_are_the_same_bytes(
    tmp_path: Path, shared: Callable[[str], Path]
) -> None:
    """A real page and release built in two folders give the same Parquet parts and manifest."""
    pages = sorted(shared("data/frameworks").glob("*.txt"))
    check_same_bytes(tmp_path, [*pages, shared("data/onet/db_30_2_text.zip")])


def test_nothing_of_the_machine_is_published(example_folder: Path) -> None:
    """Neither folders nor times of the machine get into parts and manifest."""
    generation = current(example_folder)
    year = time.strftime("%Y-%m-%d").encode()
    for name, data in contents(generation).items():
        assert str(example_folder.parent).encode() not in data, name
        assert str(Path(generations.__file__).parents[2]).encode() not in data, name
        assert year not in data, name
