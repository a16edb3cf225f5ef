"""TOML that users write (https://toml.io/en/v1.0.0): its tables, or where it is wrong."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from kg.errors import InputError

__all__ = ["read_toml"]

_PLACE = re.compile(r"(.*?) \(at (?:line (\d+), column \d+|end of document)\)")


def read_toml(text: str, file: str, what: str) -> dict[str, Any]:
    """Return the tables of a text; `what` it should be is for the message.

    Raises InputError with the line where it is no TOML, or nested too deeply.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError(f"is nested too deeply to be {what}", file) from None
    except ValueError as error:
        if (place := _PLACE.match(str(error))) is None:  # Python's own, of a number
            raise InputError("is no TOML: a number has too many digits", file) from None
        line = int(place[2] or len(text.splitlines()))
        raise InputError(f"is no TOML: {place[1][:1].lower()}{place[1][1:]}", file, line) from None
