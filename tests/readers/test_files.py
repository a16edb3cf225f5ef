"""Files of strangers: their bytes, their text and their archives."""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import zipfile
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.readers import files


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip archive and return its path."""
    with zipfile.ZipFile(path, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def test_decode() -> None:
    """UTF-8 comes out as it is, without a byte order mark."""
    assert "é—\u00a0" == files.decode("é—\u00a0".encode(), "a")
    assert "é" == files.decode("\ufeffé".encode(), "a")
    assert "" == files.decode(b"", "a")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.txt", "a.txt"),
        ("folder/a.txt", "a.txt"),
        ("C:\\pages\\a b.txt", "a b.txt"),
        ("C:\\pages/a.txt", "a.txt"),
        ("\\\\server\\pages\\a.txt", "a.txt"),
        ("pages.zip/folder\\a.txt", "a.txt"),
        ("db_30_2_text/", "db_30_2_text"),
        ("a:b.txt", "a:b.txt"),
        ("/", "/"),
    ],
)
def test_file_name(path: str, name: str) -> None:
    """The name of a file is the last part of its path, on whichever system that was written."""
    assert name == files.file_name(path)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_not_utf8(bom: bytes, end: bytes) -> None:
    """The line and the byte that is no UTF-8 are named, with a byte order mark too."""
    with pytest.raises(InputError) as caught:
        files.decode(bom + b"a" + end + end + b"caf\xe9" + end, "a.txt")
    assert ("a.txt", 3) == (caught.value.file, caught.value.line)
    assert "0xe9" in caught.value.message


def test_binary() -> None:
    """Data with NUL bytes is no text; UTF-16 is such data."""
    for data in (b"a\nb\0", "a\nb".encode("utf-16-le")):
        with pytest.raises(InputError, match="NUL"):
            files.decode(data, "a.txt")


@pytest.mark.parametrize("text", ['{"a": "\0"}', "<html>\0"])
def test_a_text_with_nul_is_told_by_its_line(text: str) -> None:
    """What begins as text is not told to be another format, which may be the one wanted."""
    with pytest.raises(InputError, match="NUL") as caught:
        files.decode(text.encode(), "a.json")
    assert 1 == caught.value.line


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\n\n", ["a", ""]),
        ("a\x0bb\x0cc\x1cd\u2028e\x85f", ["a\x0bb\x0cc\x1cd\u2028e\x85f"]),
    ],
)
def test_lines_of(text: str, lines: list[str]) -> None:
    """Only line feeds and carriage returns end a line."""
    assert lines == files.lines_of(text)


def test_read_bytes(tmp_path: Path) -> None:
    """A file is read up to a limit, and only if it is one."""
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert b"12345" == files.read_bytes(path, 5)
    with pytest.raises(InputError, match="has 5 bytes"):
        files.read_bytes(path, 4)
    for other in (tmp_path, tmp_path / "none", tmp_path / ("n" * 300), path / "below"):
        with pytest.raises(InputError):
            files.read_bytes(other)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_read_pipe(tmp_path: Path) -> None:
    """A pipe, which may never end, is not read."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        files.read_bytes(tmp_path / "pipe")
    assert b"" == files.first_line(tmp_path / "pipe")


def test_shown() -> None:
    """A name that is not UTF-8 is shown in characters that can be written."""
    assert "a/é.txt" == files.shown(Path("a/é.txt"))
    assert "a\ufffd.txt" == files.shown(os.fsdecode(b"a\xff.txt"))


@pytest.mark.parametrize(
    "name",
    [
        "../up.txt",
        "a/../../up.txt",
        "a/..",
        "/etc/passwd",
        "\\up.txt",
        "..\\up.txt",
        "a\\..\\up.txt",
        "C:\\up.txt",
        "c:up.txt",
    ],
)
def test_unsafe_names(tmp_path: Path, name: str) -> None:
    """A name that points out of the archive is refused, whatever else is in it."""
    path = archive(tmp_path / "a.zip", {"good.txt": b"1", name: b"2"})
    with pytest.raises(InputError, match="unsafe name"):
        files.open_zip(path)


def test_an_archive_is_opened_once_and_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of members each is read from one archive, whose names are checked once."""
    opened = []
    open_zip = files.open_zip
    monkeypatch.setattr(files, "open_zip", lambda path: opened.append(path) or open_zip(path))
    path = archive(tmp_path / "a.zip", {"a": b"1", "b": b"2"})
    assert [b"1", b"2"] == [files.member_of(path, name) for name in "ab"]
    assert [path] == opened
    archive(tmp_path / "a.zip", {"a": b"other"})

    assert b"other" == files.member_of(path, "a")


def test_names_with_dots(tmp_path: Path) -> None:
    """Dots inside names, and folders, are no harm."""
    path = archive(tmp_path / "a.zip", {"a..b/c...txt": b"1", ".hidden": b"2"})
    with files.open_zip(path) as opened:
        assert b"1" == files.read_member(opened, "a..b/c...txt")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty; download or copy it again"),
        (b"<html>", "is a web page (HTML), as a failed download leaves it"),
        (b"PK", "is a zip archive that is cut short or damaged; download or copy it again"),
        (b"no zip", "is not a zip archive; download or copy it again"),
        (b"PK\x05\x06" + b"\xff" * 18, "is a zip archive that is cut short or damaged"),
    ],
)
def test_no_zip(tmp_path: Path, data: bytes, said: str) -> None:
    """What is no archive is refused."""
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match=re.escape(f"a.zip: {said}")):
        files.open_zip(tmp_path / "a.zip")


def test_bomb(tmp_path: Path) -> None:
    """A member that expands beyond measure is not read to its end."""
    path = archive(tmp_path / "a.zip", {"bomb.txt": b"\0" * 20_000_000, "text.txt": b"ab" * 999})
    with files.open_zip(path) as opened:
        with pytest.raises(InputError, match=r"a\.zip/bomb\.txt: expands beyond"):
            files.read_member(opened, "bomb.txt")
        assert 1998 == len(files.read_member(opened, "text.txt"))
        with pytest.raises(InputError, match="expands beyond 100 bytes"):
            files.read_member(opened, "text.txt", 100)


def test_lying_size(tmp_path: Path) -> None:
    """A member that is longer than it says is noticed."""
    data = archive(tmp_path / "a.zip", {"a.txt": b"x" * 5000}, zipfile.ZIP_STORED).read_bytes()
    (tmp_path / "b.zip").write_bytes(data.replace((5000).to_bytes(4, "little"), b"\x10\0\0\0"))
    with files.open_zip(tmp_path / "b.zip") as opened, pytest.raises(InputError, match="damaged"):
        files.read_member(opened, "a.txt")


def test_a_member_before_the_beginning(tmp_path: Path) -> None:
    """An archive whose directory points before its beginning is damaged, in memory too."""
    data = bytearray(archive(tmp_path / "a.zip", {"a.txt": b"x" * 50}).read_bytes())
    at = data.rfind(b"PK\5\6") + 16  # where the directory is said to begin (APPNOTE 4.3.16)
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 40).to_bytes(4, "little")
    (tmp_path / "b.zip").write_bytes(data)
    said = "is damaged in its archive; download or copy it again"
    with files.open_zip(tmp_path / "b.zip") as opened, pytest.raises(InputError, match=said):
        files.read_member(opened, "a.txt")
    with pytest.raises(InputError, match=said):
        list(files.zip_members(bytes(data), "b.xlsx"))


def test_wrong_checksum(tmp_path: Path) -> None:
    """A member whose bytes were changed on their way is told in one line."""
    data = archive(tmp_path / "a.zip", {"a.txt": b"x" * 50}, zipfile.ZIP_STORED).read_bytes()
    (tmp_path / "b.zip").write_bytes(data.replace(b"xxx", b"yyy", 1))
    said = r"^b\.zip/a\.txt: is damaged in its archive; download or copy it again$"
    with files.open_zip(tmp_path / "b.zip") as opened, pytest.raises(InputError, match=said):
        files.read_member(opened, "a.txt")


def test_encrypted(tmp_path: Path) -> None:
    """An encrypted member is refused."""
    data = bytearray(archive(tmp_path / "a.zip", {"a.txt": b"x"}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    (tmp_path / "b.zip").write_bytes(data)
    with files.open_zip(tmp_path / "b.zip") as opened, pytest.raises(InputError, match="password"):
        files.read_member(opened, "a.txt")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression(tmp_path: Path, method: int) -> None:
    """Only deflate and plain storage are read."""
    path = archive(tmp_path / "a.zip", {"a.txt": b"x" * 99}, method)
    with files.open_zip(path) as opened, pytest.raises(InputError, match="zip it with deflate"):
        files.read_member(opened, "a.txt")


def test_damaged_archives(tmp_path: Path) -> None:
    """Archives that are cut or have bytes changed give their data or an InputError."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(3):
            out.writestr(f"a{number}.txt", f"{number} text " * 50)
    whole, chance = buffer.getvalue(), random.Random(11)
    path, refused = tmp_path / "a.zip", 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        try:
            with files.open_zip(path) as opened:
                for name in opened.namelist():
                    files.read_member(opened, name)
        except InputError:
            refused += 1
    assert refused > 200


def test_pieces(tmp_path: Path) -> None:
    """A file comes in pieces that make up all of it; what is no file is refused."""
    path = tmp_path / "a"
    for data in (b"", b"x", bytes(range(256)) * 10_000):
        path.write_bytes(data)
        assert data == b"".join(files.pieces(path))
    assert len(list(files.pieces(path))) > 2
    for other in (tmp_path, tmp_path / "none", tmp_path / ("n" * 300), path / "below"):
        with pytest.raises(InputError):
            list(files.pieces(other))


@pytest.mark.parametrize("size", [1, 3, 1000, 1 << 20])
def test_gunzipped(size: int) -> None:
    """What is compressed comes out whole, in one member or several, however it comes in."""
    data = random.Random(5).randbytes(50_000) + b"x" * 100_000
    for packed in (
        gzip.compress(data),
        gzip.compress(data[:7]) + gzip.compress(b"") + gzip.compress(data[7:]),
        gzip.compress(data) + b"\0" * 1000,
    ):
        pieces = [packed[i : i + size] for i in range(0, len(packed), size)]
        assert data == b"".join(files.gunzipped(pieces, "a.gz"))


def test_gzip_bombs() -> None:
    """What expands beyond measure, or beyond a limit, is not unpacked to its end."""
    packed = gzip.compress(b"\0" * 20_000_000)
    given: list[bytes] = []
    with pytest.raises(InputError, match=r"a\.gz: expands beyond"):
        given.extend(files.gunzipped([packed], "a.gz"))
    assert sum(map(len, given)) < 5_000_000
    with pytest.raises(InputError, match="expands beyond 9 bytes"):
        list(files.gunzipped([gzip.compress(b"0123456789")], "a.gz", 9))


def test_damaged_gzip() -> None:
    """Compressed data that are cut or changed give the data or an InputError."""
    data = b"".join(b"%d text " % i for i in range(300))
    whole, chance, refused = gzip.compress(data), random.Random(3), 0
    for _ in range(400):
        packed = bytearray(whole)
        if chance.random() < 0.5:
            packed = packed[: chance.randrange(len(packed))]
        else:
            packed[chance.randrange(10, len(packed))] ^= 1 << chance.randrange(8)
        try:
            assert data == b"".join(files.gunzipped([bytes(packed)], "a.gz"))
        except InputError:
            refused += 1
    assert refused > 390
