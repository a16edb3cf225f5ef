"""What a generation was checked with: kept beside it, and believed only where it can be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kg.generations import Generation, checked_with, note_checked


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return Generation(tmp_path, {})


def test_what_is_noted_is_known(generation: Generation) -> None:
    """Digests add up, for one engine; another one has checked nothing."""
    assert frozenset() == checked_with(generation, "e")
    note_checked(generation, "e", ["a", "b"])
    note_checked(generation, "e", ["b", "c"])

    assert {"a", "b", "c"} == checked_with(generation, "e")
    assert frozenset() == checked_with(generation, "f")
    assert ["checked.json"] == [path.name for path in generation.path.iterdir()]

    note_checked(generation, "f", ["d"])
    assert {"d"} == checked_with(generation, "f")
    assert frozenset() == checked_with(generation, "e")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"engine": "e"}', '{"engine": "e", "shapes": "a"}', "[" * 10_000],
)
def test_damaged_notes_are_worth_nothing(generation: Generation, text: str) -> None:
    """What cannot be read as it was written tells nothing, and is written anew."""
    (generation.path / "checked.json").write_text(text, encoding="utf-8")
    assert frozenset() == checked_with(generation, "e")

    note_checked(generation, "e", ["a"])
    assert {"a"} == checked_with(generation, "e")


def test_what_is_no_such_file_is_not_read(generation: Generation) -> None:
    """A pipe, which has no end, is not waited for; nor is a file of any length read."""
    path = generation.path / "checked.json"
    os.mkfifo(path)
    assert frozenset() == checked_with(generation, "e")
    path.unlink()
    path.write_text(json.dumps({"engine": "e", "shapes": ["a"], "": " " * 2**23}), encoding="utf-8")
    assert frozenset() == checked_with(generation, "e")


def test_other_values_are_no_digests(generation: Generation) -> None:
    """What is not text among the digests is passed over."""
    stated = json.dumps({"engine": "e", "shapes": ["a", 1, None, ["b"]]})
    (generation.path / "checked.json").write_text(stated, encoding="utf-8")
    assert {"a"} == checked_with(generation, "e")


def test_what_cannot_be_written_is_not_known(tmp_path: Path) -> None:
    """Where a generation is gone or cannot be written to, nothing is noted and nothing raised."""
    gone = Generation(tmp_path / "gone", {})
    note_checked(gone, "e", ["a"])
    assert frozenset() == checked_with(gone, "e")
