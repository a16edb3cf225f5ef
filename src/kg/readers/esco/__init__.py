"""The ESCO classification: its CSV files, from a folder or a zip archive."""

from __future__ import annotations

from kg.readers.esco.classification import EscoRelease, digest_of, is_esco, read_esco, unread_in
from kg.readers.esco.hierarchy import HierarchyReport, check_hierarchy
from kg.readers.esco.layout import TABLES, EscoTable, table_of

__all__ = [
    "TABLES",
    "EscoRelease",
    "EscoTable",
    "HierarchyReport",
    "check_hierarchy",
    "digest_of",
    "is_esco",
    "read_esco",
    "table_of",
    "unread_in",
]
