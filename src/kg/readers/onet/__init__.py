"""O*NET releases: which tables there are, the layouts they come in, and what is wrong in them."""

from kg.readers.onet.checks import NODE
from kg.readers.onet.entries import (
    Cell,
    Entries,
    Repeat,
    TableEntry,
    Template,
    Triple,
    load_entries,
)
from kg.readers.onet.release import (
    OnetRelease,
    TableCount,
    digest_of,
    is_part,
    is_release,
    read_release,
    unknown_tables,
)

__all__ = [
    "NODE",
    "Cell",
    "Entries",
    "OnetRelease",
    "Repeat",
    "TableCount",
    "TableEntry",
    "Template",
    "Triple",
    "digest_of",
    "is_part",
    "is_release",
    "load_entries",
    "read_release",
    "unknown_tables",
]
