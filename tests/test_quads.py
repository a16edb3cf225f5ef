"""The quad table: its encodings, its order, its digests, and the gate for IRIs."""

from __future__ import annotations

import hashlib
import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from kg import quads, rdf
from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import RDF, XSD

NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
NUMBERED = [*map(chr, (*range(0x08), 0x0B, *range(0x0E, 0x20), 0x7F)), "\ufffe", "\uffff"]

S, P, G = "http://example.org/s", "http://example.org/p", "http://example.org/g"

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from(
        [*NAMED, *NUMBERED, "'", "\x80", "\x85", "é", "\u2028", "\ufeff", "😀", "u", "x"]
    )
)
paths = st.text(st.sampled_from("aZ09._~!$&'()*+,;=:@/?-éλ漢"), max_size=12)
iris = st.builds(
    "{}{}".format, st.sampled_from(["http://e.org/", "urn:x:", "https://é.org/"]), paths
)
labels = st.from_regex(r"\A[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
blanks = labels.map("_:{}".format)
nodes = iris | blanks
graphs = st.none() | nodes
tags = st.sampled_from(["en", "en-gb", "zh-hant-tw", "de-1996", "x-own"])


@st.composite
def rows(draw: st.DrawFn) -> Quad:
    """Return any quad that the table may hold."""
    subject, predicate, graph = draw(nodes), draw(iris), draw(graphs)
    match draw(st.sampled_from(["iri", "blank", "string", "text", "typed"])):
        case "iri":
            return quads.iri(subject, predicate, draw(iris), graph)
        case "blank":
            return Quad(subject, predicate, draw(blanks), "blank", None, None, graph)
        case "string":
            return quads.literal(subject, predicate, draw(texts), graph)
        case "text":
            return quads.text(subject, predicate, draw(texts), graph, draw(tags))
        case _:
            return quads.literal(subject, predicate, draw(texts), graph, draw(iris))


def nquads(table: pl.DataFrame) -> bytes:
    """Return a table as N-Quads."""
    out = io.BytesIO()
    quads.write_nquads(table, out)
    return out.getvalue()


def read_back(data: bytes) -> list[Quad]:
    """Return N-Quads as quads with the labels of blank nodes as they are there."""
    read = list(rdf.parse(data, ox.RdfFormat.N_QUADS, ".nq"))
    name = f"_:nq-{hashlib.sha256(data).hexdigest()[:8]}-"
    return [Quad(*(v.replace(name, "_:") if v else v for v in row)) for row in read]


def parquet(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet."""
    out = io.BytesIO()
    quads.write_parquet(table, out)
    return out.getvalue()


@given(st.lists(rows(), max_size=8))
@settings(max_examples=150, deadline=None)
def test_nquads_come_back(expected: list[Quad]) -> None:
    """What is written as N-Quads and parsed are the same quads, whatever their texts hold."""
    assert expected == read_back(nquads(quads.from_rows(expected)))


@given(st.lists(rows(), max_size=8))
@settings(max_examples=100, deadline=None)
def test_nquads_are_those_of_oxigraph(expected: list[Quad]) -> None:
    """Another writer of canonical N-Quads writes the same bytes."""
    data = nquads(quads.from_rows(expected))
    parsed = ox.parse(data, ox.RdfFormat.N_QUADS, rename_blank_nodes=False)
    assert (ox.serialize(parsed, format=ox.RdfFormat.N_QUADS) or b"") == data


def test_every_character_comes_back() -> None:
    """Each character of Unicode survives, one at a time in one text, in every plane."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    expected = [quads.literal(S, P, every[i : i + 4096], G) for i in range(0, len(every), 4096)]
    assert expected == read_back(nquads(quads.from_rows(expected)))


@pytest.mark.parametrize(
    ("expected", "character"),
    [
        *((escape, character) for character, escape in NAMED.items()),
        *((f"\\u{ord(character):04X}", character) for character in NUMBERED),
        *((c, c) for c in ["'", " ", "\x80", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffd"]),
        *((c, c) for c in ["\U0001fffe", "\U0010ffff", "😀", "\ud7ff", "\ue000"]),
    ],
    ids=lambda value: ascii(value),
)
def test_canonical_escapes(expected: str, character: str) -> None:
    """A character is escaped as the canonical form has it, or stands for itself."""
    table = quads.from_rows([quads.literal(S, P, f"a{character}b", None)])
    assert f'<{S}> <{P}> "a{expected}b" .' == quads.to_nquads(table)[0]


def test_escapes_do_not_escape_each_other() -> None:
    """A backslash before a letter stays apart from the escape that it looks like."""
    table = quads.from_rows([quads.literal(S, P, '\\n\n\\u0000\0\\\\"', None)])
    assert f'<{S}> <{P}> "\\\\n\\n\\\\u0000\\u0000\\\\\\\\\\"" .' == quads.to_nquads(table)[0]


@pytest.mark.parametrize(
    ("expected", "row"),
    [
        (f"<{S}> <{P}> <http://o> <{G}> .", quads.iri(S, P, "http://o", G)),
        (f"<{S}> <{P}> <http://o> .", quads.iri(S, P, "http://o", None)),
        (f'<{S}> <{P}> "" .', quads.literal(S, P, "", None)),
        (f'<{S}> <{P}> "3.00"^^<{XSD.decimal}> .', quads.literal(S, P, "3.00", None, XSD.decimal)),
        (f'<{S}> <{P}> "x"@en .', quads.text(S, P, "x", None)),
        (f'<{S}> <{P}> "x"@en-gb .', quads.text(S, P, "x", None, "en-GB")),
        (f'<{S}> <{P}> "_:x" .', quads.literal(S, P, "_:x", None)),
        ("_:a <http://p> _:b _:c .", Quad("_:a", "http://p", "_:b", "blank", None, None, "_:c")),
    ],
)
def test_lines(expected: str, row: Quad) -> None:
    """Terms are written as the canonical form has them: plain strings bare, tags lower-case."""
    assert [expected] == quads.to_nquads(quads.from_rows([row])).to_list()


def test_language_stays_as_written_in_the_table() -> None:
    """Only N-Quads fold language tags; the table and its Parquet do not."""
    table = quads.from_rows([quads.text(S, P, "x", None, "en-GB")])
    assert ["en-GB"] == pl.read_parquet(io.BytesIO(parquet(table)))["language"].to_list()


def test_a_line_a_row() -> None:
    """Every row is one line, the last one ended too, and no rows are no bytes."""
    table = quads.from_rows([quads.literal(S, P, "a\nb\r\u2028c\x85d", G)] * 3)
    assert 3 == nquads(table).count(b"\n")
    assert nquads(table).endswith(b" .\n")
    assert b"" == nquads(quads.from_rows([]))


def test_digest_is_that_of_the_nquads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest is the SHA-256 of the N-Quads, in whatever slices they are made."""
    table = quads.from_rows([quads.literal(S, P, f"{i}\n", G) for i in range(10)])
    expected = hashlib.sha256(nquads(table)).hexdigest()
    for size in (1, 3, 10, 11):
        monkeypatch.setattr(quads, "_SLICE", size)
        assert expected == quads.digest(table)
    assert hashlib.sha256().hexdigest() == quads.digest(quads.from_rows([]))


def test_digest_depends_on_everything() -> None:
    """Another order, another value in any column: another digest."""
    first, second = quads.text(S, P, "x", G), quads.text(S, P, "y", G)
    tables = [[first, second], [second, first], [first], [first, first]]
    tables += [[first._replace(**{c: "http://z"})] for c in ("subject", "predicate", "object")]
    tables += [[first._replace(graph=None)], [first._replace(language="de")]]
    tables += [[quads.literal(S, P, "x", G)], [quads.literal(S, P, "x", G, XSD.token)]]
    tables += [[quads.iri(S, P, "urn:x", G)], [quads.literal(S, P, "urn:x", G)]]
    assert len(tables) == len({quads.digest(quads.from_rows(t)) for t in tables})


@given(st.lists(rows(), max_size=20), st.randoms())
@settings(max_examples=100, deadline=None)
def test_unique_sorted_is_the_order_of_bytes(
    given_rows: list[Quad], shuffle: random.Random
) -> None:
    """Rows come once and in the order of their UTF-8, whatever order they came in."""
    columns = ("graph", "subject", "predicate", "object", "kind", "datatype", "language")

    def key(row: Quad) -> list[tuple[bool, bytes]]:
        cells = [getattr(row, column) for column in columns]
        return [(cell is not None, (cell or "").encode()) for cell in cells]

    shuffled = given_rows * 2
    shuffle.shuffle(shuffled)
    table = quads.unique_sorted(quads.from_rows(shuffled))
    assert sorted(set(given_rows), key=key) == [Quad(*row) for row in table.iter_rows()]


@given(st.lists(rows(), max_size=30), st.integers(1, 8), st.randoms())
@settings(max_examples=100, deadline=None)
def test_sorted_chunks_are_the_sorted_table(
    given_rows: list[Quad], most: int, shuffle: random.Random
) -> None:
    """Chunks one after the other are the table, unique and sorted, of whatever size they are."""
    of_one_graph = [row._replace(graph=G) for row in given_rows]
    shuffled = of_one_graph * 2
    shuffle.shuffle(shuffled)
    table = quads.from_rows(shuffled)
    chunks = list(quads.sorted_chunks(table, most))
    assert_frame_equal(quads.unique_sorted(table), quads.concat(chunks))
    # Pieces are ranges of subjects: none stands in two of them.
    subjects = [set(chunk["subject"]) for chunk in chunks]
    assert sum(map(len, subjects)) == len(set(table["subject"]))


def test_chunks_are_as_large_as_they_should(many: pl.DataFrame) -> None:
    """A large table comes in pieces near the size that is asked for, a small one whole."""
    most = 10_000
    sizes = [chunk.height for chunk in quads.sorted_chunks(many.sample(fraction=1), most)]
    assert many.height == sum(sizes)
    assert max(sizes) < 1.5 * most
    assert [many.height] == [chunk.height for chunk in quads.sorted_chunks(many, many.height)]


def test_order_is_not_that_of_utf16() -> None:
    """An astral character comes after one at the end of the first plane."""
    table = quads.from_rows([quads.literal(S, P, text, G) for text in "😀\uffeeaZé"])
    assert ["Z", "a", "é", "\uffee", "😀"] == quads.unique_sorted(table)["object"].to_list()


def test_concat() -> None:
    """Tables are put together in their order, columns by name; nothing gives an empty table."""
    one = quads.from_rows([quads.iri(S, P, "http://1", G)])
    two = quads.from_rows([quads.iri(S, P, "http://2", None)]).select(reversed(quads.COLUMNS))
    assert ["http://1", "http://2"] == quads.concat([one, two])["object"].to_list()
    assert (quads.SCHEMA, 0) == (quads.concat([]).schema, quads.concat([]).height)


@pytest.mark.parametrize(
    ("expected", "date"),
    [(XSD.gYear, "2026"), (XSD.gYearMonth, "2026-02"), (XSD.date, "2026-02-28")],
)
def test_date_type(expected: str, date: str) -> None:
    """A date has the type of its precision."""
    assert expected == quads.date_type(date)


@pytest.fixture(scope="module")
def many() -> pl.DataFrame:
    """Return a published table of more rows than one row group has."""
    number = quads.ROW_GROUP_SIZE + 10_000
    table = pl.DataFrame({"i": pl.int_range(number, eager=True)})
    digits = pl.col("i").cast(pl.String)
    table = table.select(
        subject=pl.lit("http://example.org/") + digits.str.reverse(),
        predicate=pl.lit(P),
        object=pl.lit("text ") + (pl.col("i") * 7919 % number).cast(pl.String),
        kind=pl.lit("literal"),
        datatype=pl.lit(RDF.langString),
        language=pl.when(pl.col("i") % 3 > 0).then(pl.lit("en")).otherwise(pl.lit("de")),
        graph=pl.lit(G),
    )
    return quads.unique_sorted(table)


def cut(table: pl.DataFrame, sizes: Sequence[int]) -> pl.DataFrame:
    """Return a table made of chunks of these sizes, and the rest."""
    parts, start = [], 0
    for size in (*sizes, table.height):
        parts.append(table.slice(start, size))
        start += size
    return pl.concat([part for part in parts if part.height], rechunk=False)


@pytest.mark.parametrize("sizes", [[1], [7] * 500, [quads.ROW_GROUP_SIZE]])
def test_parquet_does_not_show_chunks(many: pl.DataFrame, sizes: list[int]) -> None:
    """The same rows give the same bytes, however they lie in memory and came in."""
    expected = parquet(many)
    assert expected == parquet(cut(many, sizes))
    shuffled = many.sample(fraction=1, shuffle=True, seed=len(sizes))
    assert expected == parquet(quads.unique_sorted(cut(shuffled, sizes)))


@pytest.mark.parametrize("sizes", [[], [1], [7] * 500, [quads.ROW_GROUP_SIZE], [0, 50_000, 0]])
def test_a_stream_does_not_show_its_tables(many: pl.DataFrame, sizes: list[int]) -> None:
    """The same rows give the same bytes, whichever tables they come in, empty ones too."""
    starts = [sum(sizes[:number]) for number in range(len(sizes) + 1)]
    tables = [many.slice(start, size) for start, size in zip(starts, [*sizes, None], strict=True)]
    out = io.BytesIO()
    quads.stream_parquet(iter(tables), out)
    assert parquet(many) == out.getvalue()


def test_a_stream_of_nothing() -> None:
    """Without tables the file has no rows, and is the same as that of an empty table."""
    out = io.BytesIO()
    quads.stream_parquet([], out)
    assert parquet(quads.SCHEMA.to_frame()) == out.getvalue()
    assert (quads.SCHEMA, 0) == (
        pl.read_parquet(io.BytesIO(out.getvalue())).schema,
        pl.read_parquet(io.BytesIO(out.getvalue())).height,
    )


def test_a_stream_holds_one_table_at_a_time(many: pl.DataFrame) -> None:
    """A table is made when the ones before are written, but for a few that are on their way."""
    written: list[int] = []

    class Out(io.BytesIO):
        def write(self, data: object) -> int:
            written.append(len(made))
            return super().write(data)  # type: ignore[arg-type]

    made: list[int] = []

    def tables() -> Iterator[pl.DataFrame]:
        for number in range(20):
            made.append(number)
            yield many.with_columns(subject=pl.lit(f"http://example.org/{number:02}"))

    quads.stream_parquet(tables(), Out())
    assert 20 == len(made)
    assert min(written[1:]) < 10


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize(
    "error",
    [
        InputError("gives an IRI that is not allowed", "f", 3),
        OSError(28, "No space left on device"),
        ValueError("any"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_stream_raises(many: pl.DataFrame, error: BaseException, after: int) -> None:
    """What making a table raises comes through as it is."""

    def tables() -> Iterator[pl.DataFrame]:
        for _ in range(after):
            yield many
        raise error

    with pytest.raises(type(error)) as caught:
        quads.stream_parquet(tables(), io.BytesIO())
    assert error is caught.value


@pytest.mark.parametrize("size", [0, 4, 100_000, 1_000_000])
def test_what_a_file_raises(many: pl.DataFrame, size: int) -> None:
    """What writing the file raises comes through as it is, wherever it is raised."""
    full = OSError(28, "No space left on device")

    class Disk(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            if self.tell() + len(data) > size:
                raise full
            return super().write(data)

    assert 3 * len(parquet(many)) > size
    with pytest.raises(OSError, match="No space left") as caught:
        quads.stream_parquet([many, many, many], Disk())
    assert full is caught.value


def test_parquet_comes_back(many: pl.DataFrame) -> None:
    """A table is read as it was written, with its schema."""
    data = parquet(many)
    assert pl.read_parquet(io.BytesIO(data)).equals(many)
    assert pl.scan_parquet(io.BytesIO(data)).collect_schema() == quads.SCHEMA


@pytest.mark.parametrize("threads", ["1", "4"])
def test_parquet_is_the_same_in_every_process(
    many: pl.DataFrame, tmp_path: Path, threads: str
) -> None:
    """Another process, with other threads and hash seed, writes the same bytes."""
    script = (
        "import sys, polars as pl\nfrom kg import quads\n"
        "table = pl.read_ipc(sys.argv[1]).sample(fraction=1, shuffle=True)\n"
        "with open(sys.argv[2], 'wb') as out:\n"
        "    quads.write_parquet(quads.unique_sorted(table), out)\n"
    )
    many.write_ipc(tmp_path / "table.arrow")
    out = tmp_path / "table.parquet"
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "table.arrow"), str(out)],
        env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": threads},
        check=True,
    )
    assert parquet(many) == out.read_bytes()


BAD_IRIS = [
    "",
    "relative",
    "/absolute/path",
    "//host/path",
    "#fragment",
    "1a:scheme",
    "http://example.org/a b",
    "http://example.org/<x>",
    "http://example.org/>",
    'http://example.org/"x"',
    "http://example.org/{x}",
    "http://example.org/a|b",
    "http://example.org/a^b",
    "http://example.org/`",
    "http://example.org/a\\b",
    "http://example.org/\0",
    "http://example.org/\n",
    "http://example.org/x\n",
    "http://example.org/\t",
    "http://example.org/\x7f",
    "http://example.org/\x80",
    "http://example.org/\ufffe",
    "http://example.org/%zz",
    "http://example.org/%4",
    "http://example.org/a#b#c",
    "http://example.org/[x]",
    "http://example.org:port/",
    "http://[::1/",
    "http://example.org/\ue000",
    " http://example.org/",
    # What was relative where it was written, and one that is a blank node elsewhere.
    "file:///x",
    "_:x",
]
GOOD_IRIS = [
    "http://example.org/",
    "http://example.org/é/漢字/%C3%A9?q=ü#λ",
    "http://example.org/(x)'*+,;=:@!$&~._-",
    "http://example.org/x#a/b?c",
    "https://[::1]:80/",
    "urn:isbn:0",
    "mailto:a@example.org",
    "http://example.org/\u202e",
    "javascript:0",
]
COLUMNS = ("subject", "predicate", "object", "datatype", "graph")


def with_iri(column: str, value: str) -> pl.DataFrame:
    """Return a table of one row that holds an IRI in a column."""
    row = quads.iri(S, P, "http://o", G)
    if column == "datatype":
        row = quads.literal(S, P, "x", G)
    return quads.from_rows([row._replace(**{column: value})])


@pytest.mark.parametrize("value", GOOD_IRIS)
def test_the_gate_lets_iris_pass(value: str) -> None:
    """What RDF allows passes in every column, and the store's parser takes it."""
    for column in COLUMNS:
        quads.check_iris(with_iri(column, value), "x")
        assert 1 == len(read_back(nquads(with_iri(column, value))))


@pytest.mark.parametrize("value", BAD_IRIS, ids=ascii)
@pytest.mark.parametrize("column", COLUMNS)
def test_the_gate_refuses_iris(column: str, value: str) -> None:
    """What is relative, or what RDF does not allow, is refused in every column, by name."""
    if value == "_:x" and column in ("subject", "graph"):
        return  # a blank node may be there
    with pytest.raises(InputError) as caught:
        quads.check_iris(with_iri(column, value), "page.txt")
    assert f"page.txt: gives an IRI that is not allowed: {value!r}" == str(caught.value)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=10).map("http://e.org/{}".format))
@settings(max_examples=300, deadline=None)
def test_the_gate_knows_what_the_store_takes(value: str) -> None:
    """An IRI passes exactly if the parser that loads the store accepts it as it is."""
    table = with_iri("object", value)
    try:
        passes = quads.check_iris(table, "x") is None
    except InputError:
        passes = False
    try:
        taken = read_back(nquads(table))[0].object == value
    except InputError:
        taken = False
    assert taken == passes


@pytest.mark.parametrize("value", ["_:", "_:a b", "_:-x", "_:a.", "_:.a", "_:a:b", "_:é²", "_:a\n"])
@pytest.mark.parametrize("column", ["subject", "object", "graph"])
def test_the_gate_refuses_blank_nodes(column: str, value: str) -> None:
    """A label that N-Quads cannot write is refused, in every column that may hold one."""
    row = quads.iri(S, P, "http://o", G)._replace(**{column: value})
    if column == "object":
        row = row._replace(kind="blank")
    with pytest.raises(InputError, match="gives a blank node that is not allowed"):
        quads.check_iris(quads.from_rows([row]), "x")


def test_the_gate_looks_at_the_kind() -> None:
    """An IRI where the kind says blank node is refused; a literal may read like anything."""
    no_blank = Quad(S, P, "http://o", "blank", None, None, G)
    with pytest.raises(InputError, match="blank node"):
        quads.check_iris(quads.from_rows([no_blank]), "x")
    quads.check_iris(quads.from_rows([quads.literal(S, P, "not an iri <>", None)]), "x")
    quads.check_iris(quads.from_rows([]), "x")


def test_half_a_character_is_refused() -> None:
    """A lone surrogate, which is no text, does not get into a table."""
    with pytest.raises(InputError, match=r"half of a surrogate pair is no text: 'a\\udcffb'"):
        quads.from_rows([quads.literal(S, P, "a\udcffb", None)])


@given(st.lists(rows(), max_size=8))
@settings(max_examples=200, deadline=None)
def test_from_nquads(expected: list[Quad]) -> None:
    """Canonical N-Quads are read as the quads that they were written from."""
    table = quads.from_rows(expected)
    lines = nquads(table).decode()
    assert table.equals(quads.from_nquads(lines))
    assert lines == nquads(quads.from_nquads(lines)).decode()


def test_every_character_is_read() -> None:
    """Each character of Unicode is read from canonical N-Quads as the parser reads it."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    texts = [every[i : i + 4096] for i in range(0, len(every), 4096)]
    table = quads.from_rows([quads.literal(S, P, text, G) for text in texts])
    assert texts == quads.from_nquads(nquads(table).decode())["object"].to_list()


@pytest.mark.parametrize(
    ("line", "value"),
    [(1, f"<<( <{S}> <{P}> <{S}> )>>"), (2, '"x"@ar--rtl'), (3, f'<<( <{S}> <{P}> "x" )>> <{G}>')],
)
def test_what_no_quad_table_holds(line: int, value: str) -> None:
    """A triple term or a base direction is an error that tells the line."""
    text = f'<{S}> <{P}> "<<( @ar--rtl" .\n' * (line - 1) + f"<{S}> <{P}> {value} .\n"
    with pytest.raises(InputError) as caught:
        quads.from_nquads(text + text)
    assert line == caught.value.line


@given(st.lists(rows(), max_size=12), st.lists(rows(), max_size=6), st.randoms())
@settings(max_examples=100, deadline=None)
def test_without(own: list[Quad], more: list[Quad], chance: random.Random) -> None:
    """Rows whose triples are among others are left out, whatever graphs they stand in."""
    others = [*more, *(q._replace(graph="urn:other") for q in own if chance.random() < 0.5)]
    table = quads.unique_sorted(quads.from_rows(q._replace(graph=G) for q in own))
    found = quads.without(table, quads.from_rows(others).lazy())
    triples = {q[:6] for q in others}
    assert [row for row in table.iter_rows() if row[:6] not in triples] == found.rows()


def test_without_nothing() -> None:
    """Nothing is left out of nothing, nor is anything by nothing."""
    table = quads.from_rows([quads.iri(S, P, "http://o", G)])
    assert table.equals(quads.without(table, quads.from_rows([]).lazy()))
    assert 0 == quads.without(table.clear(), table.lazy()).height
    assert 0 == quads.without(table, table.lazy()).height
