"""Crosswalks between ESCO and O*NET occupations, in the layout of Nesta's of November 2020.

https://github.com/nestauk/mapping-career-causeways says what its columns hold. Its levels of
confidence are 0.5, 1 and 2; SSSOM's go from 0 to 1, so that each is divided by the highest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import polars as pl

from kg.errors import InputError
from kg.model import Document
from kg.readers import csvs, files

__all__ = ["COLUMNS", "Crosswalk", "is_crosswalk", "read_crosswalk"]

COLUMNS = ("concept_uri", "esco_occupation", "onet_code", "onet_occupation", "confidence")
_SIMILARITY = "semantic_similarity"
#: The levels of confidence, and each as a part of the highest.
LEVELS = {"0.5": "0.25", "1.0": "0.5", "1": "0.5", "2.0": "1.0", "2": "1.0"}
_CODE = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Pairs of an ESCO occupation and an O*NET-SOC code.

    `rows` has the columns `line` (Int64), `concept` (IRI), `label`, `code`, `title`, `level` (as
    the file writes it), `confidence` (0 to 1) and `similarity` (null where the file has none).
    """

    document: Document
    rows: pl.DataFrame

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return PurePosixPath(self.document.file_name).stem


def is_crosswalk(columns: Iterable[str]) -> bool:
    """Tell whether columns are those of such a crosswalk."""
    return set(COLUMNS) <= set(columns)


def read_crosswalk(data: bytes, place: str) -> Crosswalk:
    """Return a crosswalk.

    Raises InputError with file and line where it is none or has no rows, for a code or level that
    cannot be one, and for a pair that stands there twice.
    """
    table = csvs.read_table(data, place, COLUMNS)
    csvs.check_rows(table, place)
    if _SIMILARITY not in table.columns:
        table = table.with_columns(pl.lit(None, dtype=pl.String).alias(_SIMILARITY))
    seen: dict[tuple[str, str], int] = {}
    columns = ("concept_uri", "onet_code", "confidence", _SIMILARITY, csvs.LINE)
    for concept, code, level, similarity, line in table.select(columns).iter_rows():
        if not re.fullmatch(r"https?://\S+", concept or ""):
            raise InputError(f"concept_uri {concept or ''!r} is no web address", place, line)
        if not _CODE.fullmatch(code or ""):
            raise InputError(f"onet_code {code or ''!r} is not of the form 12-3456.00", place, line)
        if level not in LEVELS:
            raise InputError(f"confidence {level or ''!r} is none of 0.5, 1 and 2", place, line)
        if similarity and not _NUMBER.fullmatch(similarity):
            raise InputError(f"{_SIMILARITY} {similarity!r} is no decimal number", place, line)
        if (before := seen.setdefault((concept, code), line)) != line:
            raise InputError(f"repeats the pair of line {before}", place, line)
    rows = table.select(
        pl.col(csvs.LINE),
        pl.col("concept_uri").alias("concept"),
        pl.col("esco_occupation").alias("label"),
        pl.col("onet_code").alias("code"),
        pl.col("onet_occupation").alias("title"),
        pl.col("confidence").alias("level"),
        pl.col("confidence").replace_strict(LEVELS, return_dtype=pl.String),
        pl.col(_SIMILARITY).alias("similarity"),
    )
    return Crosswalk(Document(files.file_name(place), files.sha256(data)), rows)
