"""The wheel as it is built: what is in it, and that it works without the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["build", "ontology", "queries", "shapes"]

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("hatchling") is None,
        reason="hatchling is not installed (the dev extra has it)",
    ),
    pytest.mark.skipif(
        importlib.util.find_spec("pip") is None, reason="pip is not installed in this environment"
    ),
]


def run(*arguments: str | Path, cwd: Path, path: Path | None = None) -> str:
    """Run Python in a folder, with a folder to import from first, and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if key != "KG_GRAPH"}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir"]
    run("-m", "pip", "wheel", *options, folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--quiet", "--target"]
    run("-m", "pip", "install", *options, folder, wheel, cwd=folder)
    return folder


def test_name(wheel: Path) -> None:
    """The wheel is pure Python and carries the version that the package names."""
    assert f"skills_kg-{kg.__version__}-py3-none-any.whl" == wheel.name


@pytest.mark.parametrize("folder", FOLDERS)
def test_data_folders(wheel: Path, folder: str) -> None:
    """Every file of the data folders is in the wheel, as it is in the checkout."""
    files = sorted(path for path in (ROOT / folder).rglob("*") if path.is_file())
    expected = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    assert expected
    prefix = "kg/_data/"
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name.removeprefix(prefix): archive.read(name)
            for name in archive.namelist()
            if name.startswith(f"{prefix}{folder}/")
        }
    assert expected == packed


def test_modules_and_licences(wheel: Path) -> None:
    """The wheel holds every module and both licence files, and no test."""
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    information = f"skills_kg-{kg.__version__}.dist-info"
    assert modules == {name for name in names if name.endswith(".py")}
    assert {f"{information}/licenses/{name}" for name in ("LICENSE", "NOTICE")} <= names


def test_installed_resources(installed: Path, tmp_path: Path) -> None:
    """Away from the checkout, the package finds its own data folders."""
    script = (
        "import kg.resources\n"
        "print(*(kg.resources.folder(name) for name in kg.resources.FOLDERS), sep='\\n')"
    )
    expected = [str((installed / "kg" / "_data" / name).resolve()) for name in FOLDERS]
    assert expected == run("-c", script, cwd=tmp_path, path=installed).splitlines()


def test_installed_command(installed: Path, tmp_path: Path) -> None:
    """Away from the checkout, the command builds its example and answers from it."""
    assert kg.__version__ in run("-m", "kg", "--version", cwd=tmp_path, path=installed)
    run("-m", "kg", "build", "--graph", "graph", cwd=tmp_path, path=installed)
    assert run("-m", "kg", "info", "--graph", "graph", cwd=tmp_path, path=installed)
