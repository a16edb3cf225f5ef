"""TOML that users write."""

from __future__ import annotations

import pytest

from kg.errors import InputError
from kg.readers.toml import read_toml


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nb = x\n", "f.toml:2: is no TOML: invalid value"),
        ("a = 1\nb = [\n", "f.toml:2: is no TOML: invalid value"),
        ("a = 1\na = 2\n", "f.toml:2: is no TOML: cannot overwrite a value"),
        ("<html>", "f.toml:1: is no TOML: invalid statement"),
        ("a = " + "[" * 9999, "f.toml: is nested too deeply to be a recipe"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    """The line is the one that is wrong, or the last where the text ends too early."""
    with pytest.raises(InputError) as error:
        read_toml(text, "f.toml", "a recipe")
    assert said == str(error.value)


def test_tables() -> None:
    """What is TOML is read as it is."""
    assert {"a": [{"b": 1}]} == read_toml("[[a]]\nb = 1\n", "f.toml", "a recipe")
