"""Files and folders that take their names only when they are whole."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from kg.errors import OutputError
from kg.export import target
from kg.export.target import scratch_folder, whole_file, whole_folder, write_all


def write(path: Path, text: str = "new") -> None:
    """Write a file in the way that is tested."""
    with whole_file(path) as out:
        out.write(text.encode())


def test_a_link_is_followed(tmp_path: Path) -> None:
    """What a link leads to is replaced, whether it is there or not; the link stays."""
    (tmp_path / "real").write_text("old", encoding="utf-8")
    for name in ("real", "none"):
        link = tmp_path / f"link-{name}"
        link.symlink_to(name)
        write(link)
        assert link.is_symlink()
        assert "new" == (tmp_path / name).read_text(encoding="utf-8")


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    """A pipe is not replaced by a file: who reads it gets all of it."""
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write(pipe)
    reader.join()
    assert (["new"], [pipe]) == (read, list(tmp_path.iterdir()))
    assert pipe.is_fifo()


def test_a_device_is_written_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing takes the place of a device, nor is made beside it."""
    monkeypatch.setattr(target, "_beside", None)
    write(Path(os.devnull))
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_by_name_is_not_replaced(name: str, tmp_path: Path) -> None:
    """The names of open files lead to these, a file among them, and stay links."""
    script = (
        "import sys; from pathlib import Path; from kg.export.target import whole_file\n"
        f"with whole_file(Path({name!r})) as out: out.write(b'new')"
    )
    with (tmp_path / "file").open("wb") as file:
        number = os.fstat(file.fileno()).st_ino
        subprocess.run([sys.executable, "-c", script], stdout=file, check=True)
    assert number == (tmp_path / "file").stat().st_ino
    assert "new" == (tmp_path / "file").read_text(encoding="utf-8")
    assert b"new" == subprocess.run([sys.executable, "-c", script], stdout=-1, check=True).stdout


def test_a_file_keeps_the_mode_it_has(tmp_path: Path) -> None:
    """What was for its owner alone stays so when it is replaced."""
    path, folder = tmp_path / "file", tmp_path / "folder"
    write(path)
    path.chmod(0o600)
    folder.mkdir(0o700)
    write(path, "newer")
    with whole_folder(folder, lambda _: True) as made:
        (made / "a").touch()
    assert (0o600, 0o700) == (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777)


class Sparing(io.RawIOBase):
    """An unbuffered file that takes three bytes at a time."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:3])
        return min(3, len(data))


def test_an_unbuffered_file_gets_everything() -> None:
    """A file that takes a part of what it is given is given the rest again."""
    out = Sparing()
    write_all(b"something long", out)
    assert b"something long" == out.taken
    write_all(b"", out)
    assert b"something long" == out.taken


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.export.target import scratch_folder, whole_file, whole_folder
path = Path(sys.argv[1])
with {context}(path{more}) as made:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("context", "more"),
    [("whole_file", ""), ("whole_folder", ", bool"), ("scratch_folder", "")],
)
def test_what_a_killed_process_left_is_deleted(tmp_path: Path, context: str, more: str) -> None:
    """The next one that writes to the same name deletes it, whichever kind it writes."""
    path = tmp_path / "out"
    script = KILLED.format(context=context, more=more)
    for _ in range(2):
        result = subprocess.run([sys.executable, "-c", script, path], check=False)
        assert -signal.SIGKILL == result.returncode
    # The second one has already deleted what the first one left.
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".out.kg-")
    write(path)
    assert [path] == list(tmp_path.iterdir())


def test_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    """Two may write to one name: neither deletes what the other has not finished."""
    path = tmp_path / "out"
    with whole_file(path) as first, scratch_folder(path) as scratch:
        first.write(b"first")
        (scratch / "a").touch()
        write(path, "second")
        assert (scratch / "a").exists()
        assert "second" == path.read_text(encoding="utf-8")
    assert "first" == path.read_text(encoding="utf-8")
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [".out.kg-abc", ".out.kg-abcdefgh.txt", ".out2.kg-abcdefgh"])
def test_other_hidden_files_are_left_alone(tmp_path: Path, name: str) -> None:
    """Only names that are given here are deleted."""
    (tmp_path / name).write_text("mine", encoding="utf-8")
    write(tmp_path / "out")
    assert {"out", name} == {p.name for p in tmp_path.iterdir()}


def test_a_link_among_what_is_left_is_not_followed(tmp_path: Path) -> None:
    """A link that is named like something left behind leads to nothing that is deleted."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").touch()
    (tmp_path / ".out.kg-abcdefgh").symlink_to(tmp_path / "mine")
    write(tmp_path / "out")
    assert (tmp_path / "mine" / "a").exists()


def test_a_folder_that_was_put_aside_comes_back(tmp_path: Path) -> None:
    """Killed between two renames, a writer loses nothing: the next one restores the folder."""
    path = tmp_path / "out"
    path.mkdir()
    (path / "a").write_text("old", encoding="utf-8")
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom kg.export import target\n"
        "rename = Path.rename\n"
        "def stop(path, to):\n"
        "    if (made := rename(path, to)).name == target._OLD: os.kill(os.getpid(), 9)\n"
        "Path.rename = stop\n"
        "with target.whole_folder(Path(sys.argv[1]), lambda _: True) as made: pass\n"
    )
    subprocess.run([sys.executable, "-c", script, path], check=False)
    assert not path.exists()
    with pytest.raises(OutputError, match="Is a directory"):
        write(path)  # a file of that name does not take its place either
    with whole_folder(path, lambda found: (found / "a").read_text("utf-8") == "old") as made:
        (made / "b").touch()
    assert ["b"] == [p.name for p in path.iterdir()]
    assert [path] == list(tmp_path.iterdir())


def test_without_locks_nothing_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no locks it cannot be known who lives, and what is left stays."""
    left = tmp_path / ".out.kg-abcdefgh"
    left.touch()
    monkeypatch.setattr(target, "fcntl", None)
    write(tmp_path / "out")
    assert {left, tmp_path / "out"} == set(tmp_path.iterdir())
