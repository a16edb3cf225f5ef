"""Files of the Anthropic Economic Index: shares, penetration and exposure, as they say them.

Four tables are known by the names of their columns: usage by task text, types of interaction,
penetration by task text, and exposure by SOC code (https://huggingface.co/datasets/Anthropic/EconomicIndex).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Literal

import polars as pl

from kg.errors import InputError
from kg.model import Document
from kg.readers import csvs, files

__all__ = ["LAYOUTS", "IndexFile", "IndexKind", "index_kind", "read_index", "release_of"]

IndexKind = Literal["usage", "interaction", "penetration", "exposure"]

_RELEASE = re.compile(r"release_[0-9]{4}_[0-9]{2}_[0-9]{2}|labor_market_impacts")


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a table: what it is about, a title of that, the number, and its greatest."""

    kind: IndexKind
    about: str
    number: str
    most: int
    title: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        names = (self.about, self.title, self.number)
        return tuple(name for name in names if name)


LAYOUTS = (
    _Layout("usage", "task_name", "pct", 100),
    _Layout("interaction", "interaction_type", "pct", 100),
    _Layout("penetration", "task", "penetration", 1),
    _Layout("exposure", "occ_code", "observed_exposure", 1, title="title"),
)
_CODE = re.compile(r"[0-9]{2}-[0-9]{4}")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
#: The exponent has two digits, since a number is written out without it.
_NUMBER = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One table of a release of the index.

    `rows` has the columns `line` (Int64), `about` (task text, type or six-digit code), `title`
    (of a code; null elsewhere) and `value`: the number as the file writes it, without an exponent.
    """

    kind: IndexKind
    release: str
    document: Document
    rows: pl.DataFrame

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return PurePosixPath(self.document.file_name).stem

    @property
    def stated(self) -> Document:
        """The document by the name that finds it again: with the folder that names the release."""
        if self.release == self.stem:
            return self.document
        return Document(f"{self.release}/{self.document.file_name}", self.document.sha256)

    @property
    def issued(self) -> str | None:
        """The day that the name of the release says: `release_2025_02_10` is of 2025-02-10."""
        dated = re.fullmatch(r"release_([0-9]{4})_([0-9]{2})_([0-9]{2})", self.release)
        return "-".join(dated.groups()) if dated else None


def index_kind(columns: Iterable[str]) -> IndexKind | None:
    """Return which table of the index has these columns, if one does."""
    names = set(columns)
    return next((layout.kind for layout in LAYOUTS if set(layout.columns) == names), None)


def release_of(place: str) -> str:
    """Return the release that a file belongs to: the folder it lies in, if named like one.

    That does not depend on the working folder. A file in no such folder is a release of its own,
    by its name; so is one further down, which the name of the folder would not find again.

    >>> release_of("aei/release_2025_02_10/onet_task_mappings.csv")
    'release_2025_02_10'
    """
    path = files.absolute(Path(place.replace("\\", "/")))
    return path.parent.name if _RELEASE.fullmatch(path.parent.name) else path.stem


def read_index(data: bytes, place: str) -> IndexFile:
    """Return a table of the index; `place` is its path, whose folder names the release.

    Raises InputError with file and line where it is no such table or has no rows, a row has no
    number, or a number or code cannot be one.
    """
    kind = index_kind(csvs.header(data.split(b"\n", 1)[0].rstrip(b"\r")))
    layout = next((known for known in LAYOUTS if known.kind == kind), None)
    if layout is None:
        raise InputError("is no table of the Anthropic Economic Index", place, 1)
    table = csvs.read_table(data, place, layout.columns)
    csvs.check_rows(table, place)
    for number, about, line in table.select(layout.number, layout.about, csvs.LINE).iter_rows():
        _check(layout, number, about, line, place)
    rows = table.select(
        pl.col(csvs.LINE),
        pl.col(layout.about).alias("about"),
        (pl.col(layout.title) if layout.title else pl.lit(None, dtype=pl.String)).alias("title"),
        pl.col(layout.number).map_elements(_plain, return_dtype=pl.String).alias("value"),
    )
    document = Document(files.file_name(place), files.sha256(data))
    return IndexFile(layout.kind, release_of(place), document, rows)


def _check(layout: _Layout, number: str | None, about: str | None, line: int, place: str) -> None:
    if not about:
        raise InputError(f"has no {layout.about}", place, line)
    if layout.kind == "exposure" and not _CODE.fullmatch(about):
        raise InputError(f"{about!r} is no code of the form 12-3456", place, line)
    if not (_NUMBER.fullmatch(number or "") and 0 <= Decimal(number or "") <= layout.most):
        shown = "nothing" if number is None else repr(number)
        message = f"{layout.number} is {shown}; it has to be a number from 0 to {layout.most}"
        raise InputError(message, place, line)


def _plain(number: str) -> str:
    """Return a number as xsd:decimal writes it: without an exponent, its digits kept.

    >>> _plain("6.5e-05")
    '0.000065'
    """
    return number if _DECIMAL.fullmatch(number) else f"{Decimal(number):f}"
