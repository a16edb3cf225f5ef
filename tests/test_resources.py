"""The data folders: found in a checkout and in a wheel, and missed with a clear message."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources
from kg.errors import RequestError


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make the module believe that it is installed in an empty folder, and return that."""
    package = tmp_path / "lib" / "src" / "kg"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    monkeypatch.setattr(resources, "folder", resources.folder.__wrapped__)
    return package


@pytest.mark.parametrize("name", resources.FOLDERS)
def test_every_folder_is_found(name: str) -> None:
    """Each of the data folders exists and holds something."""
    assert name == resources.folder(name).name
    assert any(resources.folder(name).iterdir())


@pytest.mark.parametrize("name", ["src", "", "../build", "/etc"])
def test_other_folders_are_refused(name: str) -> None:
    """Only data folders can be asked for; the message lists them."""
    with pytest.raises(RequestError, match="there are: build, ontology, queries, shapes"):
        resources.folder(name)


def test_the_wheel_comes_before_the_checkout(moved: Path) -> None:
    """An installed package uses the folders that it carries, whatever lies beside it."""
    (moved.parents[1] / "build").mkdir()
    assert moved.parents[1] / "build" == resources.folder("build")
    (moved / "_data" / "build").mkdir(parents=True)
    assert moved / "_data" / "build" == resources.folder("build")


def test_an_incomplete_installation_is_told(moved: Path) -> None:
    """A folder that is not there, or is a file, is an error that names it."""
    (moved.parents[1] / "shapes").write_text("not a folder")
    for name in ("ontology", "shapes"):
        with pytest.raises(RequestError, match=f"lacks its {name}/ folder"):
            resources.folder(name)
