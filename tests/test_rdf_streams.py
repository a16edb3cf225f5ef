"""Documents read as streams: the same quads and the same errors as when they are held whole."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import quads, rdf
from kg.errors import InputError
from kg.rdf import parsing, streams

TURTLE, TRIG = ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG
NTRIPLES, NQUADS = ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS
JSONLD, RDFXML = ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML
A, B, G = "http://example.org/a", "http://example.org/b", "http://example.org/g"
HEX = "abcdef0123456789abcdef0123456789"


def pieces_of(data: bytes, size: int = 1 << 20) -> Callable[[], Iterator[bytes]]:
    """Return what opens a document that comes in pieces of some size."""
    return lambda: (data[i : i + size] for i in range(0, len(data), size))


def stream_of(text: str | bytes, syntax: ox.RdfFormat = TURTLE, size: int = 1 << 20) -> rdf.Stream:
    """Return a document as a stream."""
    data = text if isinstance(text, bytes) else text.encode()
    return rdf.Stream(pieces_of(data, size), syntax, "f.ttl")


def lines(text: str | bytes, syntax: ox.RdfFormat = TURTLE, size: int = 1 << 20) -> list[str]:
    """Return the lines that a document is read as."""
    return [line for block in stream_of(text, syntax, size).blocks() for line in block.splitlines()]


def refusal(text: str | bytes, syntax: ox.RdfFormat = TURTLE, size: int = 1 << 20) -> InputError:
    """Return the error that a document is refused with."""
    with pytest.raises(InputError) as caught:
        lines(text, syntax, size)
    assert caught.value.file == "f.ttl"
    return caught.value


XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://example.org/">'
    '<rdf:Description rdf:about="http://example.org/a">{}</rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (TURTLE, f'<{A}> <{B}> "x"@en-GB .'),
        (TRIG, f'{{ <{A}> <{B}> "x"@en-GB }}'),
        (NTRIPLES, f'<{A}><{B}>"x"@en-GB.'),
        (NQUADS, f'<{A}>\t<{B}>"x"@en-GB .#'),
        (JSONLD, f'{{"@id": "{A}", "{B}": {{"@value": "x", "@language": "en-GB"}}}}'),
        (RDFXML, XML.format('<x:b xml:lang="en-GB">x</x:b>')),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_every_syntax(syntax: ox.RdfFormat, text: str, size: int) -> None:
    """The same line is read from every syntax, with a byte order mark too, however it comes."""
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [f'<{A}> <{B}> "x"@en-gb .'] == lines(data, syntax, size)


def test_nothing() -> None:
    """A document without a byte, or without a quad, has no blocks."""
    for syntax in (TURTLE, TRIG, NTRIPLES, NQUADS):
        for text in ("", "\ufeff", "\n", "# none\n"):
            assert [] == list(stream_of(text, syntax).blocks())
    assert "end" in refusal("", JSONLD).message.lower()


def test_blocks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block ends when it is long enough, also where a prefix makes much of a few bytes."""
    monkeypatch.setattr(streams, "_BLOCK", 100_000)
    text = f"@prefix p: <{A}{'x' * 10_000}> . " + "p:a p:b p:c . " * 100
    blocks = list(stream_of(text).blocks())
    assert 100 == sum(block.count("\n") for block in blocks)
    assert max(map(len, blocks)) < 200_000


@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_line_of(size: int) -> None:
    """The line of a quad is that in which it ends, however the document comes."""
    text = f"<{A}> <{B}> 1 ,\n 2 .\r\n\r\n<{A}>\n<{B}> 3 . <{A}> <{B}> 4 .\n"
    stream = stream_of(text, size=size)
    assert [1, 2, 5, 5] == [stream.line_of(i) for i in range(4)]


def test_errors_come_after_what_is_before() -> None:
    """The quads before a syntax error are read, and then the error is raised with its line."""
    blocks = stream_of(f"<{A}> <{B}> 1 .\n<{A}> <{B}> .\n").blocks()
    assert 1 == next(blocks).count("\n")
    with pytest.raises(InputError) as caught:
        next(blocks)
    assert ("f.ttl", 2) == (caught.value.file, caught.value.line)


@pytest.mark.parametrize(
    ("syntax", "text", "said"),
    [
        (RDFXML, "<!DOCTYPE r>" + XML.format(""), "declares a document type"),
        (JSONLD, "[" * 1000, "is nested deeper than 128 levels"),
        (JSONLD, f'{{"@context": "http://x/", "@id": "{A}"}}', "which is not fetched"),
        (TURTLE, f"<{A}> <{B}> " + "<<( <http://a> <http://b> " * 200, "is nested deeper than 128"),
        (TURTLE, b"\xff\xfe", "Parser error"),
        (NTRIPLES, f"<{A}> <{B}> \n<{A}> .", "line jumps are not allowed"),
    ],
)
@pytest.mark.parametrize("size", [3, 1 << 20])
def test_what_is_refused(syntax: ox.RdfFormat, text: str | bytes, said: str, size: int) -> None:
    """What is refused of a document that is held whole is refused of a stream."""
    assert said in refusal(text, syntax, size).message


def test_syntaxes_that_are_held_whole_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON-LD and RDF/XML are read up to a limit, and the message says what to do."""
    monkeypatch.setattr(streams, "MAX_WHOLE", 1000)
    for syntax in (JSONLD, RDFXML):
        error = refusal(" " * 1001, syntax, size=10)
        assert "has more than 1,000 bytes, the limit for its syntax" in error.message
    assert [] == lines(" " * 1001, TURTLE)


def test_an_error_while_reading_is_raised_as_it_is() -> None:
    """What the opened document raises comes out of the parser unchanged."""

    def opened() -> Iterator[bytes]:
        yield f"<{A}> <{B}> 1 .\n".encode()
        raise InputError("is damaged", "x.gz")

    with pytest.raises(InputError, match=r"^x\.gz: is damaged$"):
        list(rdf.Stream(opened, TURTLE, "f.ttl").blocks())


# Nesting of triple terms, looked for only where there might be some.

MARKS = "<<" * 200
QUIET = [
    f'"{MARKS}"',
    f"'{MARKS}'",
    f'"""{MARKS}\n"{MARKS}"""',
    f"'''{MARKS}'{MARKS}'''",
    f'"\\"{MARKS}\\\\"',
    f'"" # {MARKS}\n',
    f'"\\\\" # \'{MARKS}\n',
]


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1 << 20])
@pytest.mark.parametrize("text", QUIET, ids=range(len(QUIET)))
def test_marks_in_texts_do_not_count(text: str, size: int) -> None:
    """Marks of triple terms in texts and comments may be as many as they like."""
    assert 3 == len(lines(f"<{A}> <{B}> {text} .\n" * 3, TURTLE, size))


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1 << 20])
@pytest.mark.parametrize("text", QUIET, ids=range(len(QUIET)))
@pytest.mark.parametrize("levels", [128, 129])
def test_levels_are_counted_between_texts(text: str, size: int, levels: int) -> None:
    """Around such texts 128 triple terms in one another are parsed, and 129 are not."""
    document = f"<{A}> <{B}> {text} .\n<{A}> <{B}> " + (
        f"<<( <{A}> <{B}> \n" * levels + "1" + ")>>" * levels + " ."
    )
    if levels == 128:
        assert 2 == len(lines(document, TURTLE, size))
        return
    error = refusal(document, TURTLE, size)
    with pytest.raises(InputError) as caught:
        list(rdf.parse(document.encode(), TURTLE, "f.ttl"))
    assert (caught.value.message, caught.value.line) == (error.message, error.line)


@pytest.mark.parametrize("text", ['"""', '"""<<', "'''\\", "#", "<"])
def test_texts_without_end_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on for longer than the parser would read it is not kept for later."""
    monkeypatch.setattr(streams, "_LONGEST_TOKEN", 1000)
    with pytest.raises(
        InputError, match="has a text or comment of more than 1,000 bytes"
    ) as caught:
        streams._check_levels([b"<a>\n", text.encode(), *[b"x" * 100] * 20], "f.ttl")
    assert 2 == caught.value.line


# What it is equal to.

TERMS = [
    f"<{A}>",
    "<http://example.org/é>",
    "<http://example.org/%C3%A9?x=(1)#y>",
    "<urn:x:1>",
    "<HTTP://A:80/>",
    "<http://a/\\u00e9>",
    "<http://a/ b>",
    "<a>",
    "_:b",
    "_:b.c",
    "_:1-",
    "_:é",
    f"_:{HEX}",
    f"_:{HEX[:24]}",
    "_:-",
]
LITERALS = [
    '""',
    '"x"',
    '"a\\"b\\\\n\\n\\t\\r\\b\\f\\u00e9\\U0001F600\\\'"',
    '"\\uD800"',
    '"\\x"',
    '"\t\x00\x7f\x85\u2028\ufffe\U0010ffff"',
    '"x"@en',
    '"x"@EN-gb',
    '"x"@de-Latn-1996-x-own',
    '"x"@abcdefghij',
    '"x"@ar--rtl',
    '"@en"',
    '"> ."',
    '" . <http://a> ^^ @en"',
    '"<<( x )>>"',
    f'"01"^^<{quads.XSD.integer}>',
    f'"x"^^<{quads.XSD.string}>',
    f'"x"^^<{quads.RDF.langString}>',
    '"x"^^<dt>',
    '"_:b"',
    "1",
    "true",
    f"<<( <{A}> <{B}> <{A}> )>>",
    "[]",
    f"[ <{B}> [ <{B}> (1 [] 2) ] ; <{A}> _:b ]",
    "()",
    "'x'",
    '"x',
]
ends = st.sampled_from([" .", ".", " . # comment", " .\t", "", " . .", f" <{A}> ."])
graphs = st.sampled_from(["", "", f" <{G}>", " _:g"])
breaks = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\n#\n", " "])
# Most lines are well-formed, so that errors come late.
plain = st.sampled_from([f'<{A}> <{B}> "x" .\n', f"_:b <{B}> <{A}> .\n", f'_:{HEX} <{B}> "y" .\n'])
odd = st.builds(
    "{} {} {}{}{}{}".format,
    st.sampled_from(TERMS),
    st.sampled_from(TERMS[:5]),
    st.sampled_from([*TERMS, *LITERALS]),
    graphs,
    ends,
    breaks,
)
documents = st.lists(plain | plain | plain | odd, max_size=8).map("".join)


def outcome(quads_of: Callable[[], list[tuple[str | None, ...]]]) -> object:
    """Return quads, or the message and line of the error."""
    try:
        return quads_of()
    except InputError as error:
        return error.message, error.line


@given(documents, st.sampled_from([NTRIPLES, NQUADS, TURTLE, TRIG]), st.sampled_from([1, 9, 4096]))
@example(f"<{A}> <{B}> [] .\n_:{HEX} <{B}> [] .\n_:{HEX} <{B}> [] .", TURTLE, 4096)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_streams_are_equal_to_documents(
    monkeypatch: pytest.MonkeyPatch, text: str, syntax: ox.RdfFormat, size: int
) -> None:
    """Whatever a document holds, its lines say what it says when it is held whole."""
    monkeypatch.setattr(streams, "_BLOCK", 50)
    data = text.encode()

    def whole() -> list[tuple[str | None, ...]]:
        return [tuple(q) for q in rdf.parse(data, syntax, "f.ttl")]

    def streamed() -> list[tuple[str | None, ...]]:
        stream, rows = stream_of(data, syntax, size), list[tuple[str | None, ...]]()
        prefix, numbers = stream.blank_prefix(), dict[str, str]()

        def named(cell: str | None) -> str | None:
            if cell is None or not cell.startswith("_:"):
                return cell
            label = cell[2:]
            if stream.may_lack_labels and parsing.MADE_UP.fullmatch(label):
                label = numbers.setdefault(label, f"-{len(numbers) + 1}")
            return prefix + label

        for block in stream.blocks():
            try:
                table = quads.from_nquads(block)
            except InputError as error:
                at = (error.line or 0) - 1
                for line in block.splitlines()[:at]:
                    rows += quads.from_nquads(line + "\n").rows()
                raise stream.refusal_of(len(rows), block.splitlines()[at]) from None
            for row in table.iter_rows():
                graph = named(row[6])
                subject = named(row[0])
                value = named(row[2]) if row[3] == "blank" else row[2]
                rows.append((subject, row[1], value, *row[3:6], graph))
        return rows

    assert outcome(whole) == outcome(streamed)


def test_labels_like_those_made_up_are_kept_in_mind() -> None:
    """A label that looks like one of the parser's may come back; others of those never do."""
    stream = stream_of(f"<{A}> <{B}> [] .")
    list(stream.blocks())
    assert stream.forgets_labels
    for size in (1, 10, 1 << 20):
        stream = stream_of(f"<{A}> <{B}> _:{HEX} .", size=size)
        list(stream.blocks())
        assert not stream.forgets_labels
    assert not stream_of("", RDFXML).forgets_labels
    assert not stream_of("", NTRIPLES).may_lack_labels


def test_blank_prefix() -> None:
    """Blank nodes are named by the file and its content, compressed or not, as of whole ones."""
    data = f"_:x <{B}> 1 .".encode()
    (quad,) = rdf.parse(data, TURTLE, "some/my file!.ttl")
    for file in ("some/my file!.ttl", "my file!.ttl.gz", "x.zip/my file!.TTL.GZ"):
        stream = rdf.Stream(pieces_of(b"\xef\xbb\xbf" + data, 4), TURTLE, file)
        assert quad.subject == stream.blank_prefix() + "x"
    other = rdf.Stream(pieces_of(data + b" "), TURTLE, "my file!.ttl").blank_prefix()
    assert re.fullmatch(r"_:my-file-[0-9a-f]{8}-", other)
    assert not quad.subject.startswith(other)


def test_deep_nesting_does_not_end_the_process() -> None:
    """What would end the process while it is parsed is refused before, in a process to be sure."""
    script = (
        "from kg import rdf\nimport pyoxigraph as ox\n"
        "data = b'<http://a> <http://b> ' + b'<<( <http://a> <http://b> ' * 100_000 + b'1 '"
        " + b')>>' * 100_000 + b'.'\n"
        "try:\n    list(rdf.Stream(lambda: [data], ox.RdfFormat.TURTLE, 'f').blocks())\n"
        "except ValueError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "f:1: is nested deeper than 128 levels\n" == run.stdout
