"""Records of a build: written and read back, and refused where they are no records."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Document, Finding
from kg.readers import files
from kg.records import Record, digest, read_records, write_records

some_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
some_json = st.recursive(
    st.none() | st.booleans() | st.integers() | some_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(some_text, inner, max_size=3),
    max_leaves=8,
)
some_findings = st.builds(
    Finding,
    st.sampled_from(["error", "warning", "info"]),
    some_text,
    st.none() | some_text,
    st.none() | st.integers(1, 9),
)
some_records = st.builds(
    Record,
    st.sampled_from(["page", "release", "rdf"]),
    st.builds(Document, some_text, some_text),
    some_text,
    st.lists(some_text, max_size=3).map(tuple),
    st.lists(some_findings, max_size=3).map(tuple),
    st.dictionaries(some_text, some_json, max_size=3),
)


@given(records=st.lists(some_records, max_size=4))
def test_round_trip(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Records are read as they were written, whatever characters they hold."""
    path = tmp_path_factory.getbasetemp() / "records.jsonl"
    write_records(path, records)
    assert records == read_records(path)


@pytest.mark.parametrize("text", ["[]", "{}", "1", "nonsense", '{"kind": "page"}', "[" * 100_000])
def test_no_records(tmp_path: Path, text: str) -> None:
    """What holds no records is said to hold none, also where its checksum is right."""
    path = tmp_path / "records.jsonl"
    line = text + "\n"
    for end, message in (
        ("", "was changed"),
        (f'"{files.sha256(line.encode())}"\n', "holds no records|Expecting"),
    ):
        path.write_text(line + end, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            read_records(path)


def test_records_that_were_changed(tmp_path: Path) -> None:
    """Records that lack facts or lines, or were put together, are none."""
    path = tmp_path / "records.jsonl"
    one, two = (Record("page", Document(n, n), n, facts={"title": n}) for n in "ab")
    write_records(path, [one, two])
    whole = path.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    for text in (
        whole.replace('{"title": "a"}', "{}"),
        "".join(lines[1:]),
        "".join(lines[:-1]),
        whole + whole,
        "",
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="was changed after it was written, or is cut off"):
            read_records(path)


def test_no_file(tmp_path: Path) -> None:
    """Where there is no file, OSError says so."""
    with pytest.raises(OSError, match="No such file"):
        read_records(tmp_path / "records.jsonl")


def test_at() -> None:
    """A record that is taken over has its findings where the input lies now."""
    record = Record("page", Document("a.txt", "0"), "k", findings=(Finding("info", "x", "old", 3),))
    assert [Finding("info", "x", "new/a.txt", 3)] == list(record.at("new/a.txt").findings)


def test_moved() -> None:
    """Findings at the place of an input move with it; those that name a file otherwise stay."""
    findings = (Finding("info", "x", "old/a.csv", 3), Finding("info", "y", "a.csv"))
    record = Record("history", Document("a.csv", "0"), "k", (), findings, {"place": "old/a.csv"})
    moved = record.moved("new/a.csv")
    assert ["new/a.csv", "a.csv"] == [finding.file for finding in moved.findings]
    assert record == moved.moved("old/a.csv")


def test_digest() -> None:
    """Values that differ have other digests, in kind and place too; halves of characters too."""
    values = [(), ("a",), ("a", None), (["a"],), ("1",), (1,), ("\ud800",), ({"a": 1},)]
    assert len(values) == len({digest(*value) for value in values})
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
