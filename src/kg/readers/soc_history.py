"""Histories of O*NET-SOC codes: what became of the codes of one edition in the next.

The layout is that of O*NET's crosswalks between its taxonomies, such as
https://www.onetcenter.org/taxonomy/2019/walk.html: four columns, one row a pair of codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.errors import InputError
from kg.model import Document
from kg.readers import csvs, files

__all__ = ["COLUMNS", "CodeHistory", "history_columns", "read_history"]

#: The columns that tell a history, of the editions that O*NET has one for.
COLUMNS = ("O*NET-SOC 2010 Code", "O*NET-SOC 2019 Code")
_CODE = re.compile(r"O\*NET-SOC ([0-9]{4}) Code")
_FORM = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class CodeHistory:
    """What became of the codes of the edition `before` in the edition `after`.

    `later` has for each former code the codes that it became, and `earlier` the other way round.
    """

    document: Document
    before: str
    after: str
    later: Mapping[str, tuple[str, ...]]
    earlier: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rows(self) -> int:
        """How many pairs of codes it has."""
        return sum(map(len, self.later.values()))


def history_columns(columns: Iterable[str]) -> tuple[str, str] | None:
    """Return the columns of the former and of the later codes, where columns are of a history."""
    dated = sorted((match[1], name) for name in columns if (match := _CODE.fullmatch(name)))
    return (dated[0][1], dated[1][1]) if len(dated) == 2 else None


def read_history(data: bytes, place: str) -> CodeHistory:
    """Return a history of codes.

    Raises InputError with file and line where it is none or has no rows, or a code has another
    form than 12-3456.00.
    """
    names = history_columns(csvs.header(data.split(b"\n", 1)[0].rstrip(b"\r")))
    if names is None:
        raise InputError("is no history of O*NET-SOC codes: two columns of codes needed", place, 1)
    later: dict[str, dict[str, None]] = {}
    earlier: dict[str, dict[str, None]] = {}
    table = csvs.read_table(data, place, names)
    csvs.check_rows(table, place)
    for before, after, line in table.select(*names, csvs.LINE).iter_rows():
        for code in (before, after):
            if not _FORM.fullmatch(code or ""):
                raise InputError(f"{code or ''!r} is no code of the form 12-3456.00", place, line)
        later.setdefault(before, {})[after] = None
        earlier.setdefault(after, {})[before] = None
    editions = [match[1] for name in names if (match := _CODE.fullmatch(name))]
    return CodeHistory(
        Document(files.file_name(place), files.sha256(data)),
        editions[0],
        editions[1],
        {code: tuple(codes) for code, codes in later.items()},
        {code: tuple(codes) for code, codes in earlier.items()},
    )
