"""`kg export` and `Graph.export`: parts, targets, and what a stopped export leaves."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from commands import kg, small_disk
from samples import OCCUPATION, PAGE, linked

from kg import generations
from kg.errors import KgError, NotFoundError, OutputError, RequestError
from kg.export import FORMATS
from kg.export.sheets import ATTRIBUTION
from kg.export.target import whole_folder
from kg.graph import Graph, open_graph
from kg.namespaces import BASE
from kg.pipeline import build

FRAMED = "framed"
TABLES = ("csv", "parquet", "xlsx")


@pytest.fixture(scope="module")
def folder(page_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the linked example."""
    root = tmp_path_factory.mktemp("linked") / "graph"
    known = ("base", "inputs", "versions")
    facts = {k: page_graph.generation.manifest[k] for k in known}
    generations.publish(root, linked(page_graph), facts)
    return root


@pytest.fixture(scope="module")
def graph(folder: Path) -> Graph:
    """Return the linked example."""
    return open_graph(folder)


def files(path: Path) -> dict[str, bytes]:
    """Return what a file or folder holds, by name."""
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


EVERYTHING = """
import sys
from pathlib import Path
from kg.export import FORMATS
from kg.graph import open_graph
graph, out = open_graph(sys.argv[1]), Path(sys.argv[2])
for syntax in FORMATS:
    graph.export(syntax, out / syntax)
graph.export("jsonld", out / "framed", frame="occupation")
graph.export("xlsx", out / "tables.xlsx", framework="durable")
"""


def test_the_same_graph_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Two processes with hashes of their own write the same files in every format."""
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    words = [sys.executable, "-c", EVERYTHING, folder, tmp_path / "1"]
    subprocess.run(words, check=True, env=environment)
    with mock.patch.object(sys, "argv", ["-c", str(folder), str(tmp_path / "2")]):
        exec(EVERYTHING, {})
    one, two = files(tmp_path / "1"), files(tmp_path / "2")

    assert {*FORMATS, "framed", "tables.xlsx"} == {name.split("/")[0] for name in one}
    assert [] == [name for name in one if one[name] != two.get(name)]
    assert one.keys() == two.keys()


def test_without_a_file_it_goes_to_standard_output(folder: Path, tmp_path: Path) -> None:
    """Standard output gets what a file would get, and nothing else."""
    shown = kg("export", "--format", "trig", "--graph", folder)
    result = kg("export", "--format", "trig", "--graph", folder, "-o", tmp_path / "out")

    assert (0, 0) == (shown.returncode, result.returncode)
    assert (tmp_path / "out").read_text(encoding="utf-8") == shown.stdout
    assert ("", f"written to {tmp_path / 'out'}\n") == (result.stdout, result.stderr)


def test_options_narrow_what_is_exported(folder: Path, tmp_path: Path) -> None:
    """The command's options do what those of the Python interface do."""
    options = ["--occupation", "25-4031.00", "--framework", "ai"]
    result = kg("export", "--format", "nquads", "--graph", folder, *options)
    open_graph(folder).export(
        "nquads", str(tmp_path / "a.nq"), occupation="Library Technicians", framework="ai"
    )

    assert (tmp_path / "a.nq").read_text(encoding="utf-8") == result.stdout
    assert f"framework/{PAGE}/ai/" in result.stdout
    assert f"framework/{PAGE}/durable/" not in result.stdout


def lines_of(graph: Graph, tmp_path: Path, **part: str) -> list[str]:
    """Return the N-Quads of a part, without comments."""
    graph.export("nquads", tmp_path / "part.nq", **part)  # type: ignore[arg-type]
    text = (tmp_path / "part.nq").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_an_occupation_brings_what_is_about_it(graph: Graph, tmp_path: Path) -> None:
    """Its page, links and tasks are there, what they name is described, and nothing of others."""
    lines = lines_of(graph, tmp_path, occupation="25-4031.00")
    subjects = {line.split()[0][1:-1] for line in lines}
    graphs = {line.split()[-2][1:-1].removeprefix(f"{BASE}graph/") for line in lines}

    assert {OCCUPATION, f"{BASE}task/900001", f"{BASE}source/onet"} <= subjects
    assert {f"{BASE}domain/communication", f"{BASE}career-stage/1"} <= subjects
    assert {f"{BASE}link/tfidf/{PAGE}/base/returned-items/900001"} <= subjects
    assert f"{BASE}task/900101" not in subjects
    assert f"{BASE}occupation/25-4022.00" not in subjects
    assert "ontology" not in graphs
    assert {f"page/{PAGE}", f"links/page/{PAGE}", "catalog", "sources", "schemes"} <= graphs
    # Every node of the page is in it.
    whole = lines_of(graph, tmp_path, graph_name=f"{BASE}graph/page/{PAGE}")
    assert set(whole) <= set(lines)


def test_a_kind_of_framework_brings_what_belongs_to_it(graph: Graph, tmp_path: Path) -> None:
    """Statements of other kinds and the page's evidence stay away; the kinds add up."""
    parts = {
        kind: {line.split()[0] for line in lines_of(graph, tmp_path, framework=kind)}
        for kind in ("base", "ai", "durable")
    }
    of = {k: {s for s in v if f"/framework/{PAGE}/" in s} for k, v in parts.items()}

    assert (9, 6, 55) == (len(of["base"]), len(of["ai"]), len(of["durable"]))
    assert not any("/figure/" in s for v in parts.values() for s in v)
    assert not of["base"] & of["ai"]


def test_a_graph_by_name_is_that_graph_alone(graph: Graph, tmp_path: Path) -> None:
    """Each named graph has as many lines as the manifest says, and together they are all."""
    counts = {
        name: len(lines_of(graph, tmp_path, graph_name=name)) for name in graph.generation.parts
    }

    assert {p["graph"]: p["quads"] for p in graph.generation.manifest["parts"]} == counts
    assert len(lines_of(graph, tmp_path)) == sum(counts.values())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "docx"], "choose one of turtle, trig"),
        (["--format", "csv"], "needs a folder"),
        (["--format", "turtle", "--occupation", "99-9999.00"], "no occupation is called"),
        (["--format", "turtle", "--framework", "bass"], "there are: ai, base, durable"),
        (["--format", "turtle", "--graph-name", f"{BASE}graph/x"], f"there are: {BASE}graph/"),
        (["--format", "turtle", "--frame", "occupation"], "is for the format jsonld"),
        (["--format", "jsonld", "--frame", "x"], "there are: occupation"),
        (["--format", "turtle", "-o", "no/such/folder/a.ttl"], "cannot be written"),
        (["--format", "csv", "-o", "no/such/folder/a"], "cannot be written"),
        (["--format", "turtle", "-o", "."], "it is a folder"),
    ],
)
def test_wrong_requests_are_one_line(folder: Path, options: list[str], said: str) -> None:
    """A wrong request exits with 2 and one line that says what there is."""
    result = kg("export", *options, "--graph", folder, cwd=folder.parent)

    assert (2, "") == (result.returncode, result.stdout)
    assert 1 == len(result.stderr.splitlines())
    assert said in result.stderr


def test_an_occupation_may_lack_a_kind(graph: Graph, tmp_path: Path) -> None:
    """Asking for a kind of framework that the occupation does not have is an error."""
    with pytest.raises(RequestError, match="has no framework of the kind 'ai'"):
        graph.export("turtle", tmp_path / "a", occupation="25-4022.00", framework="ai")
    with pytest.raises(NotFoundError):
        graph.export("turtle", tmp_path / "a", graph_name="x")


# The process kills itself with what it has written in its buffers, as kill -9 would find it.
KILLED = """
import os, signal, sys
from pathlib import Path
from kg.export import graphml, jsonld, sheets, target, turtle
from kg.graph import open_graph

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

place, name = {place}, {name!r}
setattr(place, name, die)
open_graph(sys.argv[1]).export({syntax!r}, Path(sys.argv[2]), frame={frame!r})
"""


@pytest.mark.parametrize(
    ("syntax", "frame", "place", "name", "is_there"),
    [
        ("turtle", None, "turtle", "_blocks", False),
        ("graphml", None, "graphml", "_edge", True),
        ("nquads", None, "target.Path", "chmod", True),
        ("csv", None, "sheets", "write_attributions", False),
        ("xlsx", None, "sheets", "_check_size", True),
        ("parquet", None, "target", "_swap", True),
        ("jsonld", "occupation", "target", "_swap", False),
    ],
)
def test_a_killed_export_leaves_nothing_under_its_name(
    folder: Path,
    tmp_path: Path,
    syntax: str,
    frame: str | None,
    place: str,
    name: str,
    is_there: bool,
) -> None:
    """After kill -9 there is what was there before; the next export succeeds and tidies up."""
    target = tmp_path / "out"
    graph = open_graph(folder)
    if is_there:
        graph.export(syntax, target, framework="ai", frame=frame)
    before = files(target) if is_there else None
    script = KILLED.format(syntax=syntax, frame=frame, place=place, name=name)
    if name == "write_attributions":
        script = script.replace("setattr(", "import kg.export as place\nsetattr(")
    result = subprocess.run([sys.executable, "-c", script, folder, target], check=False)

    assert -signal.SIGKILL == result.returncode
    assert before == (files(target) if target.exists() else None)
    assert 1 == sum(p.name.startswith(".out.kg-") for p in tmp_path.iterdir())
    graph.export(syntax, target, frame=frame)
    assert files(target) != before
    assert [target] == list(tmp_path.iterdir())


# The other formats of one file are written by the same few lines. XlsxWriter leaves its files open
# where it cannot write, which Python says when it collects them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("syntax", ["turtle", *TABLES, FRAMED])
def test_a_full_disk_is_one_line(folder: Path, tmp_path: Path, syntax: str) -> None:
    """On a full disk every format says so in one line, exits with 2 and leaves nothing."""
    options = ["--format", "jsonld", "--frame", "occupation"] if syntax == FRAMED else [
        "--format", syntax]  # fmt: skip
    with small_disk(3000):
        result = kg("export", *options, "--graph", folder, "-o", "out", cwd=tmp_path)
    gc.collect()

    assert 2 == result.returncode
    assert 1 == len(result.stderr.splitlines())
    assert "out: cannot be written" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_full_disk_at_the_end_of_a_folder(folder: Path, tmp_path: Path) -> None:
    """The quads of a Parquet export meet a full disk as its tables do."""
    options = ("--format", "parquet", "--graph", folder, "-o", "out")
    with small_disk(20_000):  # the tables are smaller, the quads are not
        result = kg("export", *options, cwd=tmp_path)

    assert 2 == result.returncode
    assert 1 == len(result.stderr.splitlines())
    assert "out: cannot be written (File too large)" in result.stderr
    assert [] == list(tmp_path.iterdir())


def test_standard_output_may_be_named(folder: Path, tmp_path: Path) -> None:
    """A hyphen is standard output, as no name is; nothing says that it was written to."""
    options = ("export", "--format", "graphml", "--graph", folder)
    unnamed, named = kg(*options), kg(*options, "-o", "-", cwd=tmp_path)

    assert (0, "") == (named.returncode, named.stderr)
    assert unnamed.stdout == named.stdout
    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_standard_output_on_a_full_disk(folder: Path) -> None:
    """A full disk behind standard output is one line too."""
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "kg", "export", "--format", "turtle", "--graph", folder],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert 2 == result.returncode
    assert 1 == len(result.stderr.splitlines())


def test_an_earlier_export_is_replaced_whole(graph: Graph, tmp_path: Path) -> None:
    """A folder of an earlier export, of any format, is replaced; nothing of it stays."""
    target = tmp_path / "out"
    target.mkdir()  # an empty one is fine
    graph.export("csv", target)
    graph.export("jsonld", target, frame="occupation")
    graph.export("xlsx", target)

    assert {ATTRIBUTION, "tables.xlsx"} == set(files(target))
    assert [target] == list(tmp_path.iterdir())


@pytest.mark.parametrize("extra", ["notes.txt", "sub/a.csv", ATTRIBUTION])
def test_other_folders_are_left_alone(graph: Graph, tmp_path: Path, extra: str) -> None:
    """A folder with anything that no export writes is refused and stays as it is."""
    target = tmp_path / "out"
    if extra != ATTRIBUTION:
        graph.export("csv", target)
    (target / extra).parent.mkdir(parents=True, exist_ok=True)
    (target / extra).write_text("mine", encoding="utf-8")
    before = files(target)

    with pytest.raises(RequestError, match="something else than an earlier export"):
        graph.export("csv", target)
    assert before == files(target)


def test_a_file_or_link_is_no_folder(graph: Graph, tmp_path: Path) -> None:
    """Tables do not replace a file, nor follow a link to a folder."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    for name in ("file", "link"):
        with pytest.raises(RequestError, match="is no folder"):
            graph.export("csv", tmp_path / name)
    assert {"file": b"mine"} == files(tmp_path)


def test_an_error_while_swapping_restores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a finished folder cannot take its name, the earlier one gets it back."""
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("old", encoding="utf-8")
    rename = Path.rename

    def fail(path: Path, to: Path) -> Path:
        if path.name.startswith(".out."):
            raise OSError(5, "Input/output error")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail)
    with (
        pytest.raises(OutputError, match="out: cannot be written"),
        whole_folder(target, lambda _: True) as made,
    ):
        (made / "new").write_text("new", encoding="utf-8")
    assert {"out/old": b"old"} == files(tmp_path)


def test_targets_get_the_modes_of_any_file(graph: Graph, tmp_path: Path) -> None:
    """Files and folders have the modes that the user's mask asks for."""
    graph.export("turtle", tmp_path / "a.ttl")
    graph.export("csv", tmp_path / "tables")
    mask = os.umask(0)
    os.umask(mask)

    assert 0o666 & ~mask == (tmp_path / "a.ttl").stat().st_mode & 0o777
    assert 0o777 & ~mask == (tmp_path / "tables").stat().st_mode & 0o777


def test_a_graph_below_another_base(tmp_path: Path) -> None:
    """Data below another base is exported as well, with its attributions and keys."""
    build(out=tmp_path / "graph", base="https://example.org/skills/")
    graph = open_graph(tmp_path / "graph")
    graph.export("csv", tmp_path / "csv", occupation="25-4031.00")
    graph.export("jsonld", tmp_path / "one.jsonld", occupation="25-4031.00", frame="occupation")
    document = json.loads((tmp_path / "one.jsonld").read_text(encoding="utf-8"))

    assert "O*NET" in (tmp_path / "csv" / ATTRIBUTION).read_text(encoding="utf-8")
    assert '"onet; wef"' in (tmp_path / "csv" / "statements.csv").read_text(encoding="utf-8")
    assert "https://example.org/skills/occupation/25-4031.00" == document["id"]
    assert 3 == len(document["frameworks"])


def test_errors_reach_callers_as_ours(graph: Graph, tmp_path: Path) -> None:
    """What goes wrong is raised as a documented error, which is a builtin too."""
    with pytest.raises(KgError) as caught:
        graph.export("turtle", tmp_path / "no" / "a.ttl")
    assert isinstance(caught.value, OSError)
    shutil.rmtree(tmp_path)
