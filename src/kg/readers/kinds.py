"""What a table is, by the names of its columns; what it holds is each reader's to say."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from kg.readers import aei, crosswalk, csvs, soc_history, sssom
from kg.readers.signatures import mistaken
from kg.texts import shorten

__all__ = ["TableKind", "is_table", "table_kind", "unknown_table"]

#: `index`: the Anthropic Economic Index; `history`: of O*NET-SOC codes; `mappings`: SSSOM.
TableKind = Literal["index", "crosswalk", "history", "mappings"]

_ENDINGS = (".csv", ".tsv")
#: What there is, and the columns that each has to have.
_KNOWN = (
    *((f"the Anthropic Economic Index ({one.kind})", one.columns) for one in aei.LAYOUTS),
    ("a crosswalk", crosswalk.COLUMNS),
    ("a history of codes", soc_history.COLUMNS),
    ("SSSOM mappings", sssom.REQUIRED),
)
#: So much of the names of columns is told of a table that is not known.
_MOST_SHOWN = 200


def is_table(name: str) -> bool:
    """Tell whether a file is named as a table of text with columns."""
    return PurePosixPath(name).suffix.lower() in _ENDINGS


def table_kind(name: str, first_line: bytes) -> TableKind | None:
    """Return what a file is, by its name and its first line; None where it is none of these.

    A file of mappings may begin with its metadata, behind `#`.
    """
    if not is_table(name):
        return None
    if name.lower().endswith(".sssom.tsv"):
        return "mappings"
    if first_line.removeprefix(b"\xef\xbb\xbf").startswith(b"#"):
        return "mappings" if name.lower().endswith(".tsv") else None
    columns = csvs.header(first_line)
    if aei.index_kind(columns):
        return "index"
    if crosswalk.is_crosswalk(columns):
        return "crosswalk"
    if soc_history.history_columns(columns):
        return "history"
    return "mappings" if sssom.is_sssom(columns) else None


def unknown_table(beginning: bytes) -> str:
    """Return what to say of a table of no kind that is known, by its first line or more of it.

    The kind that it has most columns of is named with the one that it lacks; where it has none of
    any, all kinds are named.
    """
    if other := mistaken(beginning):
        return other
    columns = csvs.header(beginning.partition(b"\n")[0].rstrip(b"\r"))
    what, needed = max(_KNOWN, key=lambda kind: len(set(kind[1]) & set(columns)) / len(kind[1]))
    if set(needed) & set(columns) and (said := csvs.lacking(columns, needed)):
        return f"is not {what}: it {said}"
    if csvs.is_semicolons(columns):
        return csvs.SEMICOLONS
    has = shorten(", ".join(columns), _MOST_SHOWN)
    return (
        f"is no table that is known: it has the columns {has}; known are those of O*NET, ESCO, the "
        "Anthropic Economic Index, crosswalks, histories of codes and SSSOM"
    )
