"""The READMEs: every command in them runs, and answers as it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from commands import kg
from conftest import ROOT

from kg.resources import folder

README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, text: str = README) -> list[str]:
    """Return the code blocks of a README in a language."""
    return [block for name, block in _BLOCK.findall(text) if name == language]


def calls(text: str = README) -> list[tuple[str, str]]:
    """Return each command of the console blocks with the answer shown below it."""
    found = []
    for block in blocks("console", text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            found.append((command, answer))
    return found


def matches(answer: str, output: str) -> bool:
    """Tell whether an output is as shown, where `...` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in answer.strip().split("..."))
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def test_commands_answer_as_shown(tmp_path: Path) -> None:
    """Every kg command runs in the README's order and prints what is shown."""
    shutil.copytree(folder("build") / "example", tmp_path / "build" / "example")
    shutil.copy(folder("build") / "example.toml", tmp_path / "build")
    for name in ("ontology", "shapes"):
        shutil.copytree(folder(name), tmp_path / name)
    assert len(calls()) >= 12
    for command, answer in calls():
        words = shlex.split(command)
        stdin = ""
        if words[0] == "echo":
            stdin, words = words[1], words[3:]
        assert words[0] == "kg", command
        result = kg(*words[1:], cwd=tmp_path, stdin=stdin)
        said = result.stdout if result.stdout.strip() else result.stderr
        assert result.returncode in ((0, 1) if words[1] in ("diff", "validate") else (0,)), command
        assert matches(answer, said), f"{command}\n{result.stdout}\n{result.stderr}"


@pytest.mark.parametrize("name", ["queries", "shapes"])
def test_commands_of_folders_answer_as_shown(
    name: str, example_folder: Path, tmp_path: Path
) -> None:
    """What the README of a folder shows of a command on the example is what the command prints."""
    shutil.copytree(folder("build") / "example", tmp_path / "build" / "example")
    shown = calls((folder(name) / "README.md").read_text(encoding="utf-8"))
    assert shown
    for command, answer in shown:
        program, *words = shlex.split(command)
        assert "kg" == program
        result = kg(*words, cwd=tmp_path, KG_GRAPH=str(example_folder))
        assert result.returncode in ((0, 1) if words[0] == "validate" else (0,)), command
        assert matches(answer, result.stdout), f"{command}\n{result.stdout}\n{result.stderr}"


def test_make_targets_exist() -> None:
    """Every target that the README names is one of the Makefile's."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)$", "\n".join(blocks("sh")), re.MULTILINE)

    assert ["demo", "test"] == named
    assert [t for t in named if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []


def test_ci_job_runs_commands_that_exist() -> None:
    """The CI job's kg command passes and fails as a job should."""
    (job,) = blocks("yaml")
    page = folder("build") / "example" / "library-technicians.txt"
    (call,) = re.findall(r"- run: (kg .*)", job)

    assert "kg validate pages/*.txt" == call
    assert len(job.splitlines()) <= 10
    assert 1 == kg("validate", page).returncode


@pytest.mark.parametrize("path", re.findall(r"\]\(([\w/.-]+)\)", README))
def test_links_lead_somewhere(path: str) -> None:
    """Every relative link of the README is a file or folder."""
    assert (ROOT / path).exists()
