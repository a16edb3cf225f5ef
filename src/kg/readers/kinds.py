"""What a table is, by the names of its columns; what it holds is each reader's to say."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from kg.readers import aei, crosswalk, csvs, soc_history, sssom

__all__ = ["TableKind", "table_kind"]

#: `index`: the Anthropic Economic Index; `history`: of O*NET-SOC codes; `mappings`: SSSOM.
TableKind = Literal["index", "crosswalk", "history", "mappings"]

_ENDINGS = (".csv", ".tsv")


def table_kind(name: str, first_line: bytes) -> TableKind | None:
    """Return what a file is, by its name and its first line; None where it is none of these.

    A file of mappings may begin with its metadata, behind `#`.
    """
    if PurePosixPath(name).suffix.lower() not in _ENDINGS:
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
