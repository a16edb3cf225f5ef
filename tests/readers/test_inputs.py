"""What files, folders and archives hold."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.assembly import assemble
from kg.errors import InputError
from kg.readers import PassedOver, find_inputs, passed_over


def zipped(path: Path, names: Iterable[str], text: str = "text of {0}") -> Path:
    """Write an archive of small members with these names."""
    with zipfile.ZipFile(path, "w") as out:
        for name in names:
            out.writestr(name, text.format(name))
    return path


def found(path: Path) -> list[tuple[str, str]]:
    """Return kinds and names of the inputs at a path."""
    return [(item.kind, str(item).removeprefix(f"{path}")) for item in find_inputs(path)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "page"),
        ("a", "page"),
        ("a.pdf", "page"),
        ("a.ttl", "rdf"),
        ("a.JSONLD", "rdf"),
        ("a.nq", "rdf"),
        ("a.nt.gz", "rdf"),
        ("a.TTL.GZ", "rdf"),
        ("a.txt.gz", "page"),
    ],
)
def test_file(tmp_path: Path, name: str, kind: str) -> None:
    """A file is RDF by its ending, and else a page."""
    (tmp_path / name).write_text("x")
    (item,) = find_inputs(tmp_path / name)
    assert (kind, b"x", str(tmp_path / name)) == (item.kind, item.read(), str(item))


def test_folder(tmp_path: Path) -> None:
    """The pages of a folder come in order; hidden and other files are not pages."""
    for name in ("b.txt", "a.TXT", "._b.txt", ".c.txt", "readme.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.txt").mkdir()
    assert [("page", "/a.TXT"), ("page", "/b.txt")] == found(tmp_path)


def test_what_else_a_folder_holds_is_told(tmp_path: Path) -> None:
    """A table of no known kind beside a page is named, and an archive alone in a folder."""
    (tmp_path / "unknown.csv").write_text("a,b\n1,2\n")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "gone.csv").write_text("<!doctype html>")
    (tmp_path / "wide.csv").write_text("a,b\n1,2\n", encoding="utf-16")
    web = "it is a web page (HTML), as a failed download leaves it; download or copy it again"
    told = [
        PassedOver(["gone.csv"], web, True),
        PassedOver(["wide.csv"], "it is UTF-16; save it as UTF-8", True),
        PassedOver(["unknown.csv"], "a table of no kind that is known"),
    ]
    assert told == passed_over(tmp_path, find_inputs(tmp_path))
    inner = tmp_path / "inner"
    inner.mkdir()
    zipped(inner / "esco.zip", ["a.txt"])
    with pytest.raises(InputError, match=r"give the archive esco\.zip in it by itself"):
        list(find_inputs(inner))


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"task_name,percent\n", "lacks the column 'pct'"), (b"", "is empty or cannot be read")],
)
def test_a_folder_of_nothing_but_a_wrong_table(tmp_path: Path, data: bytes, said: str) -> None:
    """The table that is there is named with what is wrong with it."""
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(InputError, match=f"holds neither .*; a.csv .*{said}"):
        list(find_inputs(tmp_path))


def test_rdf_beside_pages_is_told(tmp_path: Path) -> None:
    """RDF in a folder or archive that pages are read of is named; RDF alone is read."""
    names = ("a.txt", "b.ttl", "c.nq.gz", ".d.ttl")
    for name in names:
        (tmp_path / name).write_text("x")
    archive = zipped(tmp_path / "e.zip", names)
    alone = zipped(tmp_path / "f.zip", names[1:])

    told = PassedOver(["b.ttl", "c.nq.gz"], "RDF beside other inputs; give it by itself")
    archives = PassedOver(
        ["e.zip", "f.zip"], "an archive inside another input; give it by itself", True
    )
    assert [archives, told] == passed_over(tmp_path, find_inputs(tmp_path))
    assert [told] == passed_over(archive, find_inputs(archive))
    assert [] == passed_over(alone, find_inputs(alone))
    assert [] == passed_over(tmp_path / "a.txt", find_inputs(tmp_path / "a.txt"))


def test_zip(tmp_path: Path) -> None:
    """The pages of an archive come in order, each with a name and bytes of its own."""
    path = zipped(tmp_path / "a.zip", ["b/b.txt", "a.txt", "__MACOSX/b/._b.txt", "c/", "d.md"])
    assert [("page", "/a.txt"), ("page", "/b/b.txt")] == found(path)
    assert [b"text of a.txt", b"text of b/b.txt"] == [item.read() for item in find_inputs(path)]


@pytest.mark.parametrize("name", ["db_9_0", "db_9_0.zip"])
def test_release(tmp_path: Path, name: str) -> None:
    """A folder or archive with tables of a release is one, though a table may lack."""
    path = tmp_path / name
    names = ["Occupation Data.txt", "Read Me.txt", "Skills.txt"]
    if name.endswith("zip"):
        zipped(path, [f"db_9_0_text/{n}" for n in names], "A\tB\n")
    else:
        path.mkdir()
        for file in names:
            (path / file).write_text("A\tB\n")
    assert [("release", "")] == found(path)


@pytest.mark.parametrize("name", ["db_9_0", "db_9_0.zip"])
def test_pages_beside_a_release(tmp_path: Path, name: str) -> None:
    """Pages beside the tables of a release are found; tables that are not read are no pages."""
    texts = {
        "Occupation Data.txt": "O*NET-SOC Code\tTitle\n",
        "Read Me.txt": "About this release\n",
        "Skills.txt": "O*NET-SOC Code\tElement ID\r\n",
        "potters.txt": "Potters\n- a\tb — c\n",
        "Weavers.TXT": "Weavers\r- a\t— b\r",
        "notes.md": "Notes\n",
    }
    path = tmp_path / name
    if name.endswith("zip"):
        with zipfile.ZipFile(path, "w") as out:
            for file, text in texts.items():
                out.writestr(file, text)
    else:
        path.mkdir()
        for file, text in texts.items():
            (path / file).write_bytes(text.encode())
    expected = [("release", ""), ("page", "/Weavers.TXT"), ("page", "/potters.txt")]
    assert expected == found(path)
    assert b"Potters" in list(find_inputs(path))[2].read()


def test_damaged_member_beside_a_release(tmp_path: Path) -> None:
    """A member of a release's archive that cannot be looked into is left to be refused."""
    path = zipped(tmp_path / "a.zip", ["Occupation Data.txt", "Read Me.txt", "page.txt"])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"text of page.txt", b"TEXT of page.txt"))
    release, page = find_inputs(path)
    assert ("release", "page") == (release.kind, page.kind)
    with pytest.raises(InputError, match="is damaged"):
        page.read()


@pytest.mark.parametrize("name", ["data", "data.zip"])
def test_rdf(tmp_path: Path, name: str) -> None:
    """RDF in a folder or archive is one input, with the texts that go with data beside it."""
    path = tmp_path / name
    names = ["b.nt", "a.ttl.gz", "Read Me.txt", "LICENSE.txt", "notes.md"]
    if name.endswith("zip"):
        zipped(path, [f"x/{n}" for n in names])
    else:
        path.mkdir()
        for file in names:
            (path / file).write_text("x")
    assert [("rdf", "")] == found(path)


def test_rdf_beside_pages(tmp_path: Path) -> None:
    """RDF that lies beside pages or tables is not taken along with them."""
    for name in ("page.txt", "page.ttl"):
        (tmp_path / name).write_text("x")
    assert [("page", "/page.txt")] == found(tmp_path)
    release = zipped(tmp_path / "db_9_0.zip", ["Occupation Data.txt", "Read Me.txt", "a.nt"])
    assert [("release", "")] == found(release)
    pages = zipped(tmp_path / "pages.zip", ["page.txt", "a.nt"])
    assert [("page", "/page.txt")] == found(pages)


@pytest.mark.parametrize("names", [[], ["a.md"], ["._a.txt"], ["a.txt/"]])
def test_nothing(tmp_path: Path, names: list[str]) -> None:
    """An archive or folder without anything to read is refused."""
    with pytest.raises(InputError, match="holds neither"):
        list(find_inputs(zipped(tmp_path / "a.zip", names)))
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).mkdir() if name.endswith("/") else (folder / name).write_text("x")
    with pytest.raises(InputError, match="holds neither"):
        list(find_inputs(folder))


@pytest.mark.parametrize("name", ["none.txt", "none/below.txt", "n" * 300, "a\0b"])
def test_no_such_path(tmp_path: Path, name: str) -> None:
    """A path that leads nowhere is refused with its name."""
    with pytest.raises(InputError):
        list(find_inputs(tmp_path / name))


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "x/../../a.txt"])
def test_hostile_zip(tmp_path: Path, name: str) -> None:
    """An archive with names that lead out of it is refused as a whole."""
    with pytest.raises(InputError, match="unsafe name"):
        list(find_inputs(zipped(tmp_path / "a.zip", ["good.txt", name])))


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile's, while the archive is made
def test_duplicate_members(tmp_path: Path) -> None:
    """Two members of one name are two inputs for one framework, which a build refuses."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.txt", "Potters\n- a — b\n")
        out.writestr("a.txt", "Potters\n- a — c\n")
    with pytest.raises(InputError, match="two inputs"):
        assemble([path])


def test_bomb(tmp_path: Path) -> None:
    """A page that expands beyond measure is refused."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.txt", "Potters\n" * 5_000_000)
    (item,) = find_inputs(tmp_path / "a.zip")
    with pytest.raises(InputError, match="expands beyond"):
        item.read()


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_name_that_is_no_text(tmp_path: Path) -> None:
    """A page whose name is not UTF-8 is read, and its name written with a replacement."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt"))
    path.write_text("Potters\n- a — b\n", encoding="utf-8")
    (item,) = find_inputs(path)
    assert str(item).endswith("/a\ufffd.txt")
    assembly = assemble([path])
    assert "a\ufffd.txt" == assembly.pages[0].document.file_name
