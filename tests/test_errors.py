"""The errors: what each also is, and what its message says."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from kg import errors
from kg.errors import (
    InputError,
    KgError,
    NotFoundError,
    OutputError,
    QueryError,
    QueryTimeoutError,
    RefusedError,
    RequestError,
    ShapesError,
)
from kg.model import Finding

BUILTINS = {
    InputError: ValueError,
    NotFoundError: LookupError,
    OutputError: OSError,
    QueryError: RuntimeError,
    QueryTimeoutError: TimeoutError,
    RefusedError: ValueError,
    RequestError: ValueError,
    ShapesError: ValueError,
}


def test_every_error_is_one_of_ours() -> None:
    """One class catches all, and each error is also the builtin that callers expect."""
    found = {c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, KgError)}
    assert {KgError, *BUILTINS} == found
    assert [] == [error for error, builtin in BUILTINS.items() if not issubclass(error, builtin)]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """The drawing at the top of the module names every class."""
    assert [] == [c.__name__ for c in (KgError, *BUILTINS) if c.__name__ not in str(errors.__doc__)]


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("is wrong", ("is wrong",)),
        ("a.txt: is wrong", ("is wrong", "a.txt")),
        ("a.txt:3: is wrong", ("is wrong", "a.txt", 3)),
        ("is wrong", ("is wrong", None, 3)),
    ],
)
def test_an_input_error_opens_with_its_place(expected: str, arguments: tuple[str, ...]) -> None:
    """File and line come first, as far as they are known, and can be asked for."""
    error = InputError(*arguments)
    assert expected == str(error)
    assert (*arguments, None, None)[:3] == (error.message, error.file, error.line)


def test_a_name_that_is_not_found_is_not_quoted() -> None:
    """The message of a lookup error is a sentence, not the repr of a key."""
    assert "no node is called 'x'" == str(NotFoundError("no node is called 'x'"))
    assert "" == str(NotFoundError())


@pytest.mark.parametrize(
    "error",
    [
        InputError("is wrong", "a.txt", 3),
        NotFoundError("nothing"),
        OutputError("full"),
        QueryTimeoutError("slow"),
        RefusedError("1 finding", [Finding("error", "m", "a.txt", 1)]),
        ShapesError("bad", "s.ttl", 2),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: KgError) -> None:
    """A copy, and one that was pickled, say the same and carry the same."""
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(error) == str(twin)
        assert vars(error) == vars(twin)
