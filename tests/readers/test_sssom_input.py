"""Mapping sets in SSSOM/TSV as they are read."""

from __future__ import annotations

import pytest

from kg.errors import InputError
from kg.export.sssom import Curies, cell
from kg.namespaces import SKOS
from kg.readers.kinds import table_kind
from kg.readers.sssom import read_sssom

META = (
    "#curie_map:\n#  a: http://a.example/\n#mapping_set_id: http://a.example/set\n"
    "#license: http://a.example/licence\n#mapping_date: 2026-01-20\n#creator_id:\n#  - a:me\n"
)
HEAD = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "a:1\tskos:exactMatch\ta:2\tsemapv:LexicalMatching"


def text(*rows: str, meta: str = META, head: str = HEAD) -> bytes:
    return (meta + "\n".join([head, *rows, ""])).encode()


def test_mappings() -> None:
    """CURIEs become IRIs, and what the set says of all mappings each of them says."""
    read = read_sssom(text(ROW), "x/my.sssom.tsv")
    assert "my" == read.stem
    assert {
        "line": 9,
        "subject_id": "http://a.example/1",
        "predicate_id": "http://www.w3.org/2004/02/skos/core#exactMatch",
        "object_id": "http://a.example/2",
        "mapping_justification": "https://w3id.org/semapv/vocab/LexicalMatching",
        "mapping_date": "2026-01-20",
    } == read.rows.row(0, named=True)
    assert ("http://a.example/me",) == read.metadata["creator_id"]
    assert ("http://a.example/licence",) == read.metadata["license"]


def test_a_mapping_keeps_what_it_says_itself() -> None:
    """Where mappings have a slot of their own, the set's value does not come down to any."""
    head = f"{HEAD}\tmapping_date"
    read = read_sssom(text(f"{ROW}\t2025-01-01", f"{ROW}\t", head=head), "m.sssom.tsv")
    assert ["2025-01-01", None] == read.rows["mapping_date"].to_list()


def test_slots_of_several_values() -> None:
    """Parts are separated by |, and each reference of them is an IRI."""
    head = f"{HEAD}\tauthor_id\tauthor_label"
    read = read_sssom(text(f"{ROW}\ta:x|a:y\tOne|Two", head=head), "m.sssom.tsv")
    assert ["http://a.example/x", "http://a.example/y"] == read.rows["author_id"][0].to_list()
    assert ["One", "Two"] == read.rows["author_label"][0].to_list()


def test_columns_of_others_are_left_out() -> None:
    """A column that SSSOM does not have is named, and not read."""
    read = read_sssom(text(f"{ROW}\tx", head=f"{HEAD}\tmy_own"), "m.sssom.tsv")
    assert "my_own" not in read.rows.columns
    assert ["columns that SSSOM does not have: my_own"] == [f.message for f in read.findings]


def test_metadata_may_stand_beside() -> None:
    """In the external mode a file of YAML without # is read, and counts for the digest."""
    beside = "\n".join(line[1:] for line in META.splitlines()).encode()
    read = read_sssom(text(ROW, meta=""), "m.sssom.tsv", beside)
    assert ("http://a.example/1", 2) == read.rows.select("subject_id", "line").row(0)
    assert read.document.sha256 != read_sssom(text(ROW, meta=META), "m.sssom.tsv").document.sha256


def test_numbers_and_iris_as_tools_write_them() -> None:
    """A number may begin with its point, and an identifier be an IRI."""
    row = ROW.replace("a:1", "http://b.example/1")
    read = read_sssom(text(f"{row}\t.5", head=f"{HEAD}\tconfidence"), "m.sssom.tsv")
    assert ("http://b.example/1", "0.5") == read.rows.select("subject_id", "confidence").row(0)


def test_a_separator_within_a_value() -> None:
    """A value may hold the separator, behind a backslash; what is written reads back."""
    values = ["Ann|Lee", "Bob"]
    head = f"{HEAD}\tauthor_label"
    written = cell(values, "author_label", Curies("http://a.example/"))
    read = read_sssom(text(f"{ROW}\t{written}", head=head), "m.sssom.tsv")

    assert values == read.rows["author_label"][0].to_list()


def test_several_values_of_a_set() -> None:
    """What a set states for all its mappings is a list only in a slot that has several values."""
    fields = "subject_match_field: [skos:prefLabel, skos:altLabel]"
    read = read_sssom(text(ROW, meta=f"{META}#{fields}\n"), "m.sssom.tsv")

    assert [SKOS.prefLabel, SKOS.altLabel] == read.rows["subject_match_field"][0].to_list()


def test_a_lone_carriage_return_in_the_metadata() -> None:
    """Lines of metadata end where a table's do: what is a line to YAML alone is none."""
    read = read_sssom(text(ROW, meta=f'{META}#mapping_set_title: "a\rb"\n'), "m.sssom.tsv")

    assert 1 == read.rows.height


BOMB = "#a: &a [x,x]\n#b: [*a,*a]\n"


def test_a_set_without_mappings() -> None:
    """A set may be empty, of which its reader is warned."""
    read = read_sssom(text(), "my.sssom.tsv")
    assert [("warning", "has no mappings below its header", 8)] == [
        (f.severity, f.message, f.line) for f in read.findings
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (text(ROW.replace("a:1", "b:1")), ":9: the prefix of 'b:1' is not in the curie_map"),
        (text(ROW.replace("a:1", "one")), ":9: 'one' is no CURIE, such as skos:closeMatch"),
        (text(ROW.replace("a:1", "")), ":9: has no subject_id"),
        (text(ROW, head=HEAD.replace("object_id", "x")), ":8: lacks the column 'object_id'"),
        (text(f"{ROW}\t2", head=f"{HEAD}\tconfidence"), ":9: confidence '2' is no number from"),
        (text(f"{ROW}\tNo", head=f"{HEAD}\tpredicate_modifier"), ":9: predicate_modifier 'No' is"),
        (text(ROW, meta=BOMB), ":1: has an anchor or alias in its metadata; SSSOM has none"),
        (text(ROW, meta="#a: [1\n"), ":1: has metadata that cannot be read"),
        (text(ROW, meta="#- a\n"), ":1: has metadata that are no keys with values"),
        (text(ROW, meta="#curie_map: [a]\n"), ":1: has a curie_map that is no list of prefixes"),
        (text(ROW, meta="#license: {a: b}\n"), ":1: has a value of license that is neither"),
        (text(ROW, meta="#x: y\n#license: CC0\n"), ":2: license 'CC0' is no IRI, such as"),
        (text(ROW, meta="#curie_map:\n#  a: no iri\n"), ":1: has a curie_map where a is no IRI"),
        (text(ROW, meta="#mapping_tool: [a, b]\n"), ":1: has 2 values of mapping_tool, which has"),
        (text(ROW, meta=f"#{'[' * 5000}\n"), ":1: has metadata that is nested too deeply"),
        (text(ROW, meta=f"#{'- ' * 5000}\n"), ":1: has metadata that is nested too deeply"),
        (text(ROW, meta="".join(f"#{' ' * n}a:\n" for n in range(500))), ":1: has metadata that"),
    ],
)
def test_what_is_wrong_is_refused(data: bytes, message: str) -> None:
    """The message names the file and the line."""
    with pytest.raises(InputError) as error:
        read_sssom(data, "m.sssom.tsv")
    assert str(error.value).startswith(f"m.sssom.tsv{message}")


@pytest.mark.parametrize(
    ("name", "line", "kind"),
    [
        ("a.sssom.tsv", b"#x", "mappings"),
        ("a.tsv", b"#curie_map:", "mappings"),
        ("a.tsv", HEAD.encode(), "mappings"),
        ("a.csv", b"task_name,pct", "index"),
        ("a.csv", b"\xef\xbb\xbftask_name,pct", "index"),
        ("a.csv", b"O*NET-SOC 2010 Code,O*NET-SOC 2019 Code", "history"),
        ("a.csv", b"concept_uri,esco_occupation,onet_code,onet_occupation,confidence", "crosswalk"),
        ("a.csv", b"#x", None),
        ("a.txt", b"task_name,pct", None),
        ("a.csv", b"a,b", None),
    ],
)
def test_kinds_of_tables(name: str, line: bytes, kind: str | None) -> None:
    """A table is known by its columns, mappings by their ending too."""
    assert kind == table_kind(name, line)
