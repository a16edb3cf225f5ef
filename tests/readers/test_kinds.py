"""What a table is, by its columns."""

from __future__ import annotations

import pytest

from kg.readers.csvs import SEMICOLONS
from kg.readers.kinds import table_kind, unknown_table


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"task_name,percent", "is not the Anthropic Economic Index (usage): it lacks the column"),
        (b"concept_uri,onet_code", "is not a crosswalk: it lacks the column 'esco_occupation'"),
        (b"O*NET-SOC 2010 Code", "is not a history of codes: it lacks the column 'O*NET-SOC 2019"),
        (b"subject_id\tobject_id", "is not SSSOM mappings: it lacks the column 'predicate_id'"),
        (b"task_name;pct\r\nx;1\r\n", SEMICOLONS),
        (b"a,b", "is no table that is known: it has the columns a, b; known are"),
        (b"", "is empty"),
    ],
)
def test_a_table_that_is_not_known(line: bytes, said: str) -> None:
    """The kind that it is most like is named with what it lacks, or what kinds there are."""
    assert table_kind("t.csv", line) is None
    assert said == unknown_table(line)[: len(said)]
