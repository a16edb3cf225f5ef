"""Readers while builds publish: no errors, and each answer is of one whole generation."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from interrupted import Corpus, kg_process, litter, tiny_disk, whole

import kg
from kg.generations import current
from kg.pipeline import build

LABEL = """
SELECT ?label (COUNT(*) AS ?n) {
  { ?statement a kg:Statement ; skos:prefLabel ?label FILTER(STRSTARTS(?label, "Statement ")) }
  { SELECT * { GRAPH ?g { ?s ?p ?o } } }
} GROUP BY ?label
"""
# Opens the graph again and again, and asks it twice; each generation has a label of its own.
PYTHON = """
import sys
import time
from pathlib import Path
import kg
root, stop, query = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
seen = set()
print("ready", flush=True)
while not stop.exists():
    graph = kg.open(root)
    generation = graph.generation
    expected = [(f"Statement {int(generation.name[:6])}", str(generation.manifest["quads"]))]
    for _ in range(2):
        assert expected == graph.query(query).rows, (generation.name, graph.query(query).rows)
    assert generation.manifest["quads"] == graph.table.collect().height
    seen.add(generation.name)
print(len(seen))
"""
# Asks through the command line, each time in a new process.
COMMAND = """
import subprocess, sys
from pathlib import Path
root, stop, query = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
run = [sys.executable, "-c", "from kg.cli import main; main()", "query", "-", "--graph", root]
seen = set()
print("ready", flush=True)
while not stop.exists():
    result = subprocess.run(
        [*run, "--format", "csv"], input=query, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) == 2, result.stdout
    seen.add(result.stdout.split()[-1])
print(len(seen))
"""


def publish_beside_readers(folder: Path, readers: int, builds: int, pause: float = 0) -> int:
    """Publish generations beside readers; return how many different ones these saw, added up.

    With a pause between builds, many readers on few processors come to see more of them.
    """
    corpus, root, stop = Corpus(folder, 3), folder / "graph", folder / "stop"
    corpus.edit()
    first = build(corpus.inputs, root, keep=2).generation
    kept = kg.open(root)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", (PYTHON, COMMAND)[n % 2], root, stop, LABEL],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(readers)
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert "ready\n" == process.stdout.readline()
        for _ in range(builds):
            corpus.edit()
            assert build(corpus.inputs, root, keep=2).is_new
            time.sleep(pause)
    finally:
        stop.touch()
        ends = [(*process.communicate(), process.returncode) for process in running]
    assert [("", 0)] * readers == [(said, code) for _, said, code in ends]

    assert [("Statement 1", str(first.manifest["quads"]))] == kept.query(LABEL).rows
    there = {path.name for path in (root / "generations").iterdir()}
    assert first.name in there
    del first, kept
    corpus.edit()
    build(corpus.inputs, root, keep=2)
    there = {int(path.name[:6]) for path in (root / "generations").iterdir()}
    assert {builds + 1, builds + 2} == there
    assert [] == litter(root)
    return sum(int(out.split()[-1]) for out, _, _ in ends)


def test_readers_beside_builds(tmp_path: Path) -> None:
    """Two readers of either kind meet whole generations, and one that is read is not deleted."""
    assert 2 <= publish_beside_readers(tmp_path, 2, 5)


@pytest.mark.slow
def test_many_readers_beside_many_builds(tmp_path: Path) -> None:
    """The same of ten readers and twenty builds."""
    seen = publish_beside_readers(tmp_path, 10, 20, 0.5)
    print(f"10 readers saw {seen} generations, added up")
    assert 20 <= seen


def test_two_builds_together(tmp_path: Path) -> None:
    """Of two builds one publishes; the other names it and leaves."""
    corpus, root = Corpus(tmp_path, 3), tmp_path / "graph"
    first = kg_process("build", *corpus.inputs, "--graph", root)
    second = kg_process("build", *corpus.inputs, "--graph", root)
    said = {p.pid: (*p.communicate(), p.returncode) for p in (first, second)}
    codes = sorted(code for _, _, code in said.values())
    # Where one of them has to wait for its turn, it may find that the other is done.
    if codes != [0, 0]:
        assert [0, 2] == codes
        published = next(pid for pid, (_, _, code) in said.items() if code == 0)
        refused = next(error for _, error, code in said.values() if code == 2)
        assert 1 == len(refused.splitlines())
        assert f"another build (process {published}, active at " in refused
    whole(root)
    assert [] == litter(root)


def test_a_second_build_names_who_is_at_work(tmp_path: Path) -> None:
    """While a build runs, another one names its process, and not one that died before."""
    corpus, root = Corpus(tmp_path, 3), tmp_path / "graph"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (root / "generations" / f".building-{dead.pid}" / "quads").mkdir(parents=True)
    first = kg_process("build", *corpus.inputs, "--graph", root)
    while not (root / "generations" / f".building-{first.pid}-1").exists():
        assert first.poll() is None
    first.send_signal(signal.SIGSTOP)  # it stops where it is
    try:
        second = kg_process("build", *corpus.inputs, "--graph", root)
        out, error = second.communicate()
    finally:
        first.send_signal(signal.SIGCONT)
    assert (2, "") == (second.returncode, out)
    assert f"another build (process {first.pid}, active at " in error
    first.communicate()
    assert 0 == first.returncode
    whole(root)
    assert [] == litter(root)


def test_a_reader_of_a_read_only_folder(tmp_path: Path) -> None:
    """Who may not write can ask, and what is open there is kept from being deleted."""
    with tiny_disk(tmp_path / "disk") as disk:
        seen = tmp_path / "seen"
        seen.mkdir()
        bound = ["mount", "--bind", str(tmp_path / "disk"), str(seen)]
        if disk is None or subprocess.run(bound, capture_output=True).returncode:
            pytest.skip("mounting is not allowed here")
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", str(seen)], check=True)
            corpus, root = Corpus(tmp_path / "in", 3), tmp_path / "disk" / "graph"
            corpus.edit()
            build(corpus.inputs, root, keep=1)
            reader = kg.open(seen / "graph")
            name = reader.generation.name
            corpus.edit()
            build(corpus.inputs, root, keep=1)
            assert "Statement 1" == reader.query(LABEL).rows[0][0]
            assert "Statement 2" == kg.open(seen / "graph").query(LABEL).rows[0][0]
            assert (root / "generations" / name).exists()
            del reader
            corpus.edit()
            build(corpus.inputs, root, keep=1)
            assert [current(root).name] == [p.name for p in (root / "generations").iterdir()]
            refused = kg_process("build", *corpus.inputs, "--graph", seen / "graph")
            out, error = refused.communicate()
            assert (2, "") == (refused.returncode, out)
            assert 1 == len(error.splitlines())
            assert "cannot be written (Read-only file system)" in error
        finally:
            subprocess.run(["umount", "--lazy", str(seen)], check=True)
