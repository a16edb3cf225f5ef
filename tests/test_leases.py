"""Leases: a generation stays while somebody reads it, in any process, and no longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from kg import generations, quads
from kg.errors import RequestError
from kg.generations import Generation, current, named
from kg.generations.leases import GoneError, claim, lease

G = "http://example.org/graph/g"
# Opens a graph and keeps it until it is told to end.
READER = """
import sys
from pathlib import Path
from kg.generations import current
generation = current(Path(sys.argv[1]))
print(generation.name, flush=True)
sys.stdin.read()
"""


def publish(root: Path, text: str, keep: int | None = 1) -> Generation:
    """Publish one quad, with a text of its own."""
    rows = [quads.literal("http://example.org/s", "http://p", text, G)]
    with generations.draft(root) as draft:
        draft.add(G, [quads.from_rows(rows)])
        return draft.publish({"base": "http://example.org/"}, keep)[0]


def there(root: Path) -> list[int]:
    """Return the numbers of the generations that are there."""
    return sorted(int(path.name[:6]) for path in (root / "generations").iterdir())


def test_a_lease_is_shared_and_a_claim_is_not(tmp_path: Path) -> None:
    """Readers share a file, and whoever wants it alone gets it when all have let go."""
    path = tmp_path / "manifest.json"
    path.write_text("{}")
    first, second = lease(path), lease(path)
    assert claim(path) is None
    first.release()
    assert claim(path) is None
    second.release()
    alone = claim(path)
    assert alone is not None
    with pytest.raises(GoneError, match="is being deleted"):
        lease(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        lease(path)
    alone.release()
    alone.release()  # once more does nothing


def test_a_lease_goes_with_what_holds_it(tmp_path: Path) -> None:
    """Nobody has to let go of a generation: it is enough to forget it."""
    publish(tmp_path, "one")
    reader = current(tmp_path)
    publish(tmp_path, "two")
    assert [1, 2] == there(tmp_path)
    del reader
    publish(tmp_path, "three")
    assert [3] == there(tmp_path)


def test_what_was_just_published_is_held_too(tmp_path: Path) -> None:
    """A build gives its caller a generation that stays while the caller has it."""
    made = publish(tmp_path, "one")
    publish(tmp_path, "two")
    assert [1, 2] == there(tmp_path)
    assert ["one"] == made.scan().select(pl.col("object")).collect()["object"].to_list()


@pytest.mark.parametrize("end", ["close", "kill"])
def test_a_reader_in_another_process(tmp_path: Path, end: str) -> None:
    """Another process keeps what it reads from being deleted until it ends, however it does."""
    publish(tmp_path, "one")
    process = subprocess.Popen(
        [sys.executable, "-c", READER, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert current(tmp_path).name == process.stdout.readline().strip()
    publish(tmp_path, "two")
    publish(tmp_path, "three")
    assert [1, 3] == there(tmp_path)
    if end == "kill":
        process.kill()
    process.communicate()
    publish(tmp_path, "four")
    assert [4] == there(tmp_path)


def test_a_build_keeps_no_more_than_it_is_told(tmp_path: Path) -> None:
    """The newest stay, as many as wanted, the published one included."""
    for number in range(1, 5):
        publish(tmp_path, str(number), keep=2)
        assert [n for n in (number - 1, number) if n] == there(tmp_path)
    publish(tmp_path, "all", keep=None)
    assert [3, 4, 5] == there(tmp_path)


def test_a_build_without_news_deletes_too(tmp_path: Path) -> None:
    """What is asked to stay is less now, though nothing has changed."""
    publish(tmp_path, "one", keep=None)
    publish(tmp_path, "two", keep=None)
    assert [1, 2] == there(tmp_path)
    publish(tmp_path, "two", keep=1)
    assert [2] == there(tmp_path)


def test_an_older_one_that_is_published_again_stays(tmp_path: Path) -> None:
    """After a rollback the published generation is kept, whatever its number."""
    for text in ("one", "two", "three"):
        publish(tmp_path, text, keep=None)
    generations.rollback(tmp_path, "000001")
    publish(tmp_path, "one", keep=2)
    assert [1, 3] == there(tmp_path)
    assert "000001" == current(tmp_path).name[:6]


def test_a_deletion_that_was_killed_is_finished(tmp_path: Path) -> None:
    """What was being deleted is no generation any more, and gone after the next build."""
    publish(tmp_path, "one", keep=None)
    publish(tmp_path, "two", keep=None)
    first = named(tmp_path, "000001").path
    first.rename(first.with_name(f".deleting-{first.name}"))
    publish(tmp_path, "two", keep=None)
    assert [2] == there(tmp_path)


def test_what_was_never_published_cannot_be_gone_back_to(tmp_path: Path) -> None:
    """What a build left that died before it published is no generation to publish again."""
    publish(tmp_path, "one", keep=None)
    left = publish(tmp_path, "two", keep=None)
    generations.rollback(tmp_path)
    (tmp_path / "current.new").write_text(f"{left.name}\n")
    with pytest.raises(RequestError, match="has no generation '000002'"):
        generations.rollback(tmp_path, "000002")
    assert "000001" == current(tmp_path).name[:6]
    assert [1] == there(tmp_path)
    assert not (tmp_path / "current.new").exists()
