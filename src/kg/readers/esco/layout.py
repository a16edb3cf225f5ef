"""The CSV files of ESCO: which there are, and the columns that each has to have.

https://esco.ec.europa.eu/en/use-esco/download offers them by language: `occupations_en.csv`. Until
version 1.1 the files of relations had no language in their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["TABLES", "EscoTable", "language_of", "table_of"]


@dataclass(frozen=True, slots=True)
class EscoTable:
    """A table of the classification: the name of its file, and the columns that are needed."""

    name: str
    columns: tuple[str, ...]
    required: bool = False


_CONCEPT = ("conceptUri", "preferredLabel")

TABLES = {
    table.name: table
    for table in (
        EscoTable("occupations", (*_CONCEPT, "iscoGroup"), required=True),
        EscoTable("skills", (*_CONCEPT, "skillType", "reuseLevel"), required=True),
        EscoTable("skillGroups", _CONCEPT),
        EscoTable("ISCOGroups", (*_CONCEPT, "code")),
        EscoTable("conceptSchemes", ("conceptSchemeUri", "preferredLabel")),
        EscoTable("broaderRelationsOccPillar", ("conceptUri", "broaderUri")),
        EscoTable("broaderRelationsSkillPillar", ("conceptUri", "broaderUri")),
        EscoTable("occupationSkillRelations", ("occupationUri", "relationType", "skillUri")),
        EscoTable("skillSkillRelations", ("originalSkillUri", "relationType", "relatedSkillUri")),
    )
}
_BY_NAME = {name.lower(): table for name, table in TABLES.items()}
_NAME = re.compile(r"(?P<name>[A-Za-z]+)(?:_(?P<language>[a-z]{2}))?\.csv", re.IGNORECASE)


def table_of(name: str) -> EscoTable | None:
    """Return the table that a file holds, by its name; None for every other file."""
    match = _NAME.fullmatch(PurePosixPath(name).name)
    return _BY_NAME.get(match["name"].lower()) if match else None


def language_of(name: str) -> str | None:
    """Return the language in a file's name.

    >>> language_of("occupations_en.csv")
    'en'
    """
    match = _NAME.fullmatch(PurePosixPath(name).name)
    return match["language"].lower() if match and match["language"] else None
