"""RDF syntaxes: what is read, what is refused and where, and what rdflib gets."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import quads, rdf
from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import PREFIXES, RDF, XSD

TURTLE, TRIG = ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG
NTRIPLES, NQUADS = ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS
JSONLD, RDFXML = ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML
A, B, G = "http://example.org/a", "http://example.org/b", "http://example.org/g"
LANGUAGE = '"@language": "ar"'
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://example.org/">'
    '<rdf:Description rdf:about="http://example.org/a">{}</rdf:Description></rdf:RDF>'
)


def parse(text: str | bytes, syntax: ox.RdfFormat = TURTLE, file: str = "f.ttl") -> list[Quad]:
    """Return the quads of a document, whose triples go into no graph."""
    data = text if isinstance(text, bytes) else text.encode()
    return list(rdf.parse(data, syntax, file))


def refusal(text: str | bytes, syntax: ox.RdfFormat = TURTLE) -> InputError:
    """Return the error that a document is refused with."""
    with pytest.raises(InputError) as caught:
        parse(text, syntax)
    assert caught.value.file == "f.ttl"
    assert 1 == len(str(caught.value).splitlines())
    return caught.value


@pytest.mark.parametrize("suffix", rdf.SUFFIXES)
def test_format_of(suffix: str) -> None:
    """A file's ending tells its syntax, in upper case too."""
    assert rdf.SUFFIXES[suffix] == rdf.format_of(Path(f"x.y{suffix}"))
    assert rdf.SUFFIXES[suffix] == rdf.format_of(Path(f"x{suffix.upper()}"))


@pytest.mark.parametrize("name", ["x", "x.txt", ".ttl", "ttl", "x.ttl.gz", "x.ttl "])
def test_format_of_another_file(name: str) -> None:
    """A file of no known ending is an error that lists the known ones."""
    with pytest.raises(InputError, match=r"endings: \.jsonld \.nq \.nt \.rdf \.trig \.ttl"):
        rdf.format_of(Path(name))


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (TURTLE, f'<{A}> <{B}> "x"@en .'),
        (TRIG, f'<{A}> <{B}> "x"@en .'),
        (NTRIPLES, f'<{A}> <{B}> "x"@en .'),
        (NQUADS, f'<{A}> <{B}> "x"@en .'),
        (JSONLD, f'{{"@id": "{A}", "{B}": {{"@value": "x", "@language": "en"}}}}'),
        (RDFXML, XML.format('<x:b xml:lang="en">x</x:b>')),
    ],
)
def test_every_syntax(syntax: ox.RdfFormat, text: str) -> None:
    """The same triple is read from every syntax, with a byte order mark too, into the graph."""
    expected = Quad(A, B, "x", "literal", RDF.langString, "en", G)
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
        assert [expected] == list(rdf.parse(data, syntax, "f", G))


def test_graphs() -> None:
    """Quads keep their graphs; only what stands in none goes into the given one."""
    text = f"<{A}> <{B}> 1 . <{G}> {{ <{A}> <{B}> 2 }} GRAPH _:g {{ <{A}> <{B}> 3 }}"
    read = list(rdf.parse(text.encode(), TRIG, "f.trig", "http://given"))
    assert ["http://given", G] == [q.graph for q in read[:2]]
    assert str(read[2].graph).endswith("-g")
    assert [None, G] == [q.graph for q in parse(text, TRIG)[:2]]


@pytest.mark.parametrize(
    ("lexical", "datatype", "written"),
    [
        ("3.00", XSD.decimal, "3.00"),
        ("01", XSD.integer, "01"),
        ("+1", XSD.integer, "+1"),
        ("1E0", XSD.double, "1E0"),
        ("TRUE", XSD.boolean, '"TRUE"^^xsd:boolean'),
        ("no number", XSD.integer, '"no number"^^xsd:integer'),
        ("2026-02", XSD.gYearMonth, '"2026-02"^^xsd:gYearMonth'),
        ("2026-99-99", XSD.date, '"2026-99-99"^^xsd:date'),
        ("<b>", RDF.HTML, '"<b>"^^rdf:HTML'),
        ("<b/>", RDF.XMLLiteral, '"<b/>"^^rdf:XMLLiteral'),
        ("", XSD.string, '""'),
        ("a\x01\b\ufffe😀", XSD.string, '"a\\u0001\\b\\uFFFE\\U0001F600"'),
    ],
)
def test_lexical_forms_are_kept(lexical: str, datatype: str, written: str) -> None:
    """A literal stays as it was written, well-typed or not, in the table and in rdflib."""
    head = "".join(f"@prefix {p}: <{PREFIXES[p]}> . " for p in ("rdf", "xsd"))
    read = parse(f"{head}<{A}> <{B}> {written} .")
    assert [quads.literal(A, B, lexical, None, datatype)] == read
    (value,) = rdf.to_rdflib(quads.from_rows(read)).objects()
    assert lexical == str(value)
    assert isinstance(value, rdflib.Literal)
    expected = None if datatype == XSD.string else rdflib.URIRef(datatype)
    assert expected == value.datatype


def test_language_tags_are_folded() -> None:
    """The parser folds the case of tags; the module says so, and rdflib gets the table's."""
    read = parse(f'<{A}> <{B}> "x"@en-GB .')
    assert ["en-gb"] == [q.language for q in read]
    assert "lower case" in str(rdf.__doc__)
    table = quads.from_rows([quads.text(A, B, "x", None, "en-GB")])
    (value,) = rdf.to_rdflib(table).objects()
    assert rdflib.Literal("x", lang="en-gb") == value


@pytest.mark.parametrize(
    ("line", "syntax", "text"),
    [
        (3, TURTLE, f"<{A}> <{B}> 1 .\n\n<{A}> <{B}> .\n"),
        (2, TURTLE, f"<{A}> <{B}> 1 .\r\n<{A}> <{B}> <a b> .\r\n"),
        (2, TURTLE, f"<{A}> <{B}> 1 .\n<{A}> <{B}> x:y .\n"),
        (1, TURTLE, "no turtle at all"),
        (1, TURTLE, b"<http://a> <http://b> '\xff' ."),
        (1, TURTLE, "\0"),
        (1, TURTLE, f"<{A}> <{B}> 1 .".encode("utf-16")),
        (2, NTRIPLES, f'<{A}> <{B}> "x" .\n<{A}> <{B}> "x\n'),
        (2, NQUADS, f'<{A}> <{B}> "x" <{G}> .\n<{A}> <{B}> "x" <g> .\n'),
        (3, TRIG, f"<{G}> {{\n<{A}> <{B}> 1 .\n<{A}> }}"),
        (2, JSONLD, f'{{"@id": "{A}",\n"{B}" 1}}'),
        (None, JSONLD, f'{{"@id": "{A}", "{B}": {{"@value": [1]}}}}'),
        (None, RDFXML, "<rdf>\n&x;"),
        (None, RDFXML, XML.format("<x:b>x</x:c>")),
    ],
    ids=range(14),
)
def test_syntax_errors_have_a_line(line: int | None, syntax: ox.RdfFormat, text: str) -> None:
    """What is not RDF is refused with its line, where the parser tells one."""
    assert line == refusal(text, syntax).line


@pytest.mark.parametrize(
    ("line", "syntax", "text"),
    [
        (4, TURTLE, f"<{A}> <{B}> 1 .\n\n<{A}>\n<{B}> <<( <{A}> <{B}> 1 )>> .\n<{A}> <{B}> 1 .\n"),
        (2, TURTLE, f"<{A}> <{B}> 1 .\n<< <{A}> <{B}> 1 >> <{B}> 1 ."),
        (1, TURTLE, f"<{A}> <{B}> 1 {{| <{B}> 2 |}} ."),
        (3, NTRIPLES, f"<{A}> <{B}> <{A}> .\n\n<{A}> <{B}> <<( <{A}> <{B}> <{A}> )>> ."),
        (
            2,
            NQUADS,
            f"<{A}> <{B}> <{A}> <{G}> .\n<{A}> <{B}> <<( <{A}> <{B}> <{A}> )>> <{G}> .\n\n",
        ),
        (1, TRIG, f"<{G}> {{ <{A}> <{B}> <<( <{A}> <{B}> 1 )>> }}\n\n"),
    ],
    ids=range(6),
)
def test_triple_terms_are_refused(line: int, syntax: ox.RdfFormat, text: str) -> None:
    """A triple term of RDF 1.2 is refused with its line, after the quads that come before it."""
    error = refusal(text, syntax)
    assert "holds a triple term (RDF 1.2), which is not supported" == error.message
    assert line == error.line


@pytest.mark.parametrize(
    ("line", "syntax", "text"),
    [
        (3, TURTLE, f'\n\n<{A}> <{B}> "x"@en--ltr .\n\n'),
        (1, NQUADS, f'<{A}> <{B}> "x"@ar--rtl <{G}> .\n'),
        (
            2,
            JSONLD,
            f'[{{"@id": "{A}",\n"{B}": {{"@value": "x", "@direction": "rtl", {LANGUAGE}}}}}]',
        ),
    ],
    ids=range(3),
)
def test_base_directions_are_refused(line: int, syntax: ox.RdfFormat, text: str) -> None:
    """A text with a base direction of RDF 1.2 is refused with its line."""
    error = refusal(text, syntax)
    assert "holds a text with a base direction (RDF 1.2), which is not supported" == error.message
    assert line == error.line


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rdf:RDF>",
        '<!DOCTYPE r [<!ENTITY a "b">]>',
        '<!doctype r SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE r [<!ENTITY % a SYSTEM "http://x/"> %a;]>',
    ],
)
def test_document_types_are_refused(doctype: str) -> None:
    """RDF/XML that declares a document type, and so might declare entities, is not read."""
    error = refusal(doctype + XML.format("<x:b>&a;</x:b>"), RDFXML)
    assert "declares a document type; entities are not read" == error.message


def test_remote_contexts_are_refused() -> None:
    """JSON-LD whose context lies elsewhere is refused in words that tell what to do."""
    error = refusal(f'{{"@context": "http://127.0.0.1/c", "@id": "{A}", "b": 1}}', JSONLD)
    assert "refers to a @context elsewhere, which is not fetched; put it into the file" in str(
        error
    )


@pytest.mark.parametrize(
    ("line", "syntax", "text"),
    [
        (129, JSONLD, '{"http://b":\n' * 20_000 + "1" + "}" * 20_000),
        (1, JSONLD, '{"http://b":' + "[" * 20_000 + "]" * 20_000 + "}"),
        (1, JSONLD, '{"a":{"@context":' * 20_000),
        (129, TURTLE, f"<{A}> <{B}> " + f"<<( <{A}> <{B}> \n" * 20_000 + "1 " + ")>>" * 20_000),
        (1, NQUADS, f"<{A}> <{B}> " + f"<<( <{A}> <{B}> " * 20_000),
        (1, TURTLE, "<< " * 20_000),
    ],
    ids=range(6),
)
def test_deep_nesting_is_refused(line: int, syntax: ox.RdfFormat, text: str) -> None:
    """What would end the process while it is parsed is refused before, with its line."""
    error = refusal(text, syntax)
    assert "is nested deeper than 128 levels" == error.message
    assert line == error.line


def test_nesting_is_counted_outside_of_strings() -> None:
    """Brackets in the strings of JSON do not count, nor do many that stand side by side."""
    text = f'{{"@id": "{A}", "{B}": ["' + '\\"[{' * 1000 + '"' + ', {"@value": 1}' * 1000 + "]}"
    assert 1001 == len(parse(text, JSONLD))
    assert "Parser error" in refusal('"\\"' * 500_000, JSONLD).message


QUOTES = ("'", '"', "'''", '"""')
MARKS = "<<" * 200
#: What may stand between two terms of Turtle, and hides the marks of triple terms in it.
GAPS = st.sampled_from([" ", "\n", f"# {MARKS}\n", f"#\"'<\\{MARKS}\r", "\t#\n"])
NAMES = st.sampled_from([f"<{A}>", f"<{A}#'>", "x:y", r"x:\#y", r"x:\'", r"x:y\'\#\(", "_:b.c"])
TEXTS = st.lists(
    st.sampled_from([MARKS, ">>", "'", '"', "\\", "#", "\n", "\r", "<a", ">", "é", " . "]),
    max_size=8,
).map("".join)


def quoted(text: str, quote: str, escape_all: bool) -> str:
    """Return a text as Turtle writes it in a quoting; long ones escape only what has to be."""
    text = text.replace("\\", "\\\\")
    if len(quote) == 1 or escape_all:
        text = text.replace(quote[0], f"\\{quote[0]}")
    else:  # up to two quotes may stand together, but for the end
        text = re.sub(f"{quote}|{quote[0]}+$", lambda m: "".join(f"\\{c}" for c in m[0]), text)
    if len(quote) == 1:
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return f"{quote}{text}{quote}"


@given(
    st.lists(
        st.tuples(NAMES, GAPS, TEXTS, st.sampled_from(QUOTES), st.booleans(), GAPS), min_size=1
    )
)
def test_marks_of_triple_terms_count_outside_of_texts(
    rows: list[tuple[str, str, str, str, bool, str]],
) -> None:
    """Literals in all quotings, comments, IRIs and escaped names may hold as many as they like."""
    document = f"@prefix x: <{A}> .\n" + "".join(
        f"{name}{gap}<{B}>{gap}{quoted(text, quote, escape_all)}{end}."
        for name, gap, text, quote, escape_all, end in rows
    )
    assert [row[2] for row in rows] == [q.object for q in parse(document)]
    assert [row[2] for row in rows] == [q.object.value for q in ox.parse(document, TURTLE)]


@given(st.integers(120, 140), NAMES, GAPS, TEXTS, st.sampled_from(QUOTES))
def test_levels_of_triple_terms_are_counted_between_texts(
    levels: int, name: str, gap: str, text: str, quote: str
) -> None:
    """Whatever stands around them, 128 triple terms in one another are parsed, and 129 are not."""
    noise = f"{name} <{B}> {quoted(text, quote, False)} .{gap}"
    document = f"@prefix x: <{A}> .\n{noise * 3}<{A}> <{B}> " + (
        f"<<({gap}<{A}> <{B}>{gap}" * levels + "1" + ")>>" * levels + " ."
    )
    expected = "is nested deeper than 128" if levels > 128 else "holds a triple term"
    assert expected in refusal(document).message


@pytest.mark.parametrize(
    "text",
    ["<", ">", "\\", "'", '"', "<a", '"\\', "''", '""', '""""', "'''''", "> <", '"\n', "\"'<"],
)
def test_marks_are_counted_in_linear_time(text: str) -> None:
    """What never ends, or might end in many ways, is read once; else this takes hours."""
    assert refusal(text * 500_000).line is not None


@pytest.mark.parametrize("syntax", [TURTLE, TRIG], ids=["turtle", "trig"])
def test_deep_blank_nodes_are_read(syntax: ox.RdfFormat) -> None:
    """Deep lists and blank nodes, which harm nothing, are read."""
    deep = f"<{A}> <{B}> " + f"[ <{B}> ( " * 2000 + "1" + " ) ]" * 2000 + " ."
    assert 3 * 2000 + 1 == len(parse(deep, syntax))


def test_blank_nodes_are_named_by_document() -> None:
    """A blank node has the name of its file and its content, and its label or a number."""
    text = f"_:x <{B}> [ <{B}> _:y.z ] , _:1 , () , (1) ."
    read = parse(text, file="some/my file!.ttl")
    names = sorted({n for q in read for n in (q.subject, q.object) if n.startswith("_:")})
    (prefix,) = {name[: len("_:my-file-12345678-")] for name in names}
    assert prefix.startswith("_:my-file-")
    assert ["-1", "-2", "1", "x", "y.z"] == [name.removeprefix(prefix) for name in names]
    quads.check_iris(quads.from_rows(read), "x")


def test_blank_nodes_are_the_same_every_time() -> None:
    """The same bytes give the same quads, though the parser names blank nodes at random."""
    text = f"<{A}> <{B}> [ <{B}> [ <{B}> (1 [] 2) ] ] , [] ."
    assert parse(text) == parse(text)
    script = (
        "import sys, pyoxigraph as ox\nfrom kg import rdf\n"
        "for q in rdf.parse(sys.argv[1].encode(), ox.RdfFormat.TURTLE, 'f.ttl'): print(*q[:3])"
    )
    lines = [" ".join(q[:3]) for q in parse(text)]
    run = subprocess.run([sys.executable, "-c", script, text], capture_output=True, text=True)
    assert lines == run.stdout.splitlines()


def test_blank_nodes_of_documents_stay_apart() -> None:
    """Files of one name in different folders are different documents; so are their nodes."""
    one = parse(f"_:x <{B}> [] .", file="one/data.ttl")
    two = parse(f"_:x <{B}> [], 1 .", file="two/data.ttl")
    assert set() == {q.subject for q in one} & {q.subject for q in two}
    assert set() == {q.object for q in one} & {q.object for q in two}


@pytest.mark.parametrize(
    "file", ["", ".ttl", "m².ttl", "-.ttl", "...", "漢字.ttl", "a\nb.ttl", "é_.nt"]
)
def test_any_file_names_blank_nodes(file: str) -> None:
    """Whatever a file is called, the names of its blank nodes are such as N-Quads can write."""
    read = parse(f"_:x <{B}> _:1 , _:é .", file=file)
    table = quads.from_rows(read)
    quads.check_iris(table, "x")
    assert 2 == len(list(ox.parse("\n".join(quads.to_nquads(table)), NQUADS)))


def test_relative_iris_do_not_pass_the_gate() -> None:
    """A relative IRI is read, but what is published does not take it."""
    table = quads.from_rows(parse(f"<> <{B}> <x#y> ."))
    with pytest.raises(InputError, match="gives an IRI that is not allowed: 'file:///'"):
        quads.check_iris(table, "f.ttl")


def test_is_iri_and_is_blank() -> None:
    """Neither raises, whatever the text."""
    assert (True, False) == (rdf.is_iri(A), rdf.is_iri("x"))
    assert (True, False) == (rdf.is_blank("_:x"), rdf.is_blank("x"))
    for text in ("", "_:", "\ud800", "_:\ud800", "a b:", "_:_:x"):
        assert (False, False) == (rdf.is_iri(text), rdf.is_blank(text))


def test_to_rdflib() -> None:
    """Every kind of term arrives; a triple in two graphs is one."""
    rows = [
        quads.iri(A, B, A, None),
        quads.iri(A, B, A, G),
        Quad("_:x", B, "_:y", "blank", None, None, None),
        quads.literal(A, B, "_:x", None),
        quads.text(A, B, "x", None),
        quads.literal(A, B, "x", None),
    ]
    graph = rdf.to_rdflib(quads.from_rows(rows))
    a, b = rdflib.URIRef(A), rdflib.URIRef(B)
    expected = {
        (a, b, a),
        (rdflib.BNode("x"), b, rdflib.BNode("y")),
        (a, b, rdflib.Literal("_:x")),
        (a, b, rdflib.Literal("x", lang="en")),
        (a, b, rdflib.Literal("x")),
    }
    assert expected == set(graph)
    namespaces = {prefix: str(iri) for prefix, iri in graph.namespaces()}
    assert PREFIXES == {prefix: namespaces.get(prefix) for prefix in PREFIXES}


def test_to_rdflib_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Ill-typed literals and odd IRIs are data; nothing is logged about them."""
    rows = [
        quads.literal(A, B, "x", None, XSD.integer),
        quads.literal(A, B, "9" * 5000, None, XSD.integer),
        quads.literal(A, B, "31.2.2026", None, XSD.date),
        quads.literal(A, B, "<b", None, RDF.HTML),
        quads.iri(A, B, "http://example.org/<x>", None),
    ]
    assert 5 == len(rdf.to_rdflib(quads.from_rows(rows)))
    assert [] == caplog.records
    assert logging.NOTSET == logging.getLogger("rdflib.term").level


def test_to_rdflib_changes_tokens() -> None:
    """Two datatypes lose white space in rdflib, as the function says."""
    rows = [quads.literal(A, B, " a\n b ", None, t) for t in (XSD.token, XSD.normalizedString)]
    values = {str(v) for v in rdf.to_rdflib(quads.from_rows(rows)).objects()}
    assert {"a b", " a  b "} == values
    assert "xsd:token" in str(rdf.to_rdflib.__doc__)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
locals_ = st.text(st.sampled_from("aZ09._~!$&'()*+,;=:@/?-é漢%#"), max_size=8).map(
    lambda text: text.replace("%", "%41").replace("#", "", text.count("#") - 1)
)
names = st.builds("{}{}".format, st.sampled_from(list(PREFIXES.values())), locals_).filter(
    rdf.is_iri
)


@st.composite
def written(draw: st.DrawFn) -> Quad:
    """Return a quad as the project would write one, with IRIs that prefixes fit on."""
    subject, predicate, graph = draw(names), draw(names), draw(st.none() | names)
    match draw(st.sampled_from(["iri", "text", "string", "typed"])):
        case "iri":
            return quads.iri(subject, predicate, draw(names), graph)
        case "text":
            return quads.text(subject, predicate, draw(texts), graph)
        case "string":
            return quads.literal(subject, predicate, draw(texts), graph)
        case _:
            datatype = draw(st.sampled_from([XSD.decimal, XSD.integer, XSD.boolean, XSD.double]))
            value = draw(st.sampled_from(["3.00", "01", "1.", "true", "1e5", "x", "", "-.5", "+1"]))
            return quads.literal(subject, predicate, value, graph, datatype)


@given(st.lists(written(), max_size=6))
@settings(max_examples=150, deadline=None)
def test_serialize_comes_back(rows: list[Quad]) -> None:
    """What is written in a syntax with graphs is read as the same quads, forms and all."""
    for syntax in (TRIG, NQUADS):
        assert set(rows) == set(parse(rdf.serialize(rows, syntax), syntax))
    bare = {row._replace(graph=None) for row in rows}
    for syntax in (TURTLE, NTRIPLES):
        assert bare == set(parse(rdf.serialize(rows, syntax), syntax))


def test_serialize_is_the_same_in_every_process() -> None:
    """The same quads give the same bytes, whatever the hash seed, with only the used prefixes."""
    rows = [quads.text(A, iri + "x", "x", G) for iri in PREFIXES.values()]
    expected = rdf.serialize(rows[:20], TURTLE)
    prefixes = [row.split()[1] for row in expected.decode().splitlines() if "@prefix" in row]
    assert [f"{p}:" for p in list(PREFIXES)[:20] if p != "kgc"] == prefixes
    script = (
        "import sys, pyoxigraph as ox\nfrom kg import quads, rdf\n"
        "from kg.namespaces import PREFIXES\n"
        f"rows = [quads.text({A!r}, i + 'x', 'x', {G!r}) for i in PREFIXES.values()][:20]\n"
        "sys.stdout.buffer.write(rdf.serialize(rows, ox.RdfFormat.TURTLE))"
    )
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        assert expected == run.stdout


def test_serialize_nothing() -> None:
    """No quads are no bytes, or an empty document where the syntax has one."""
    assert (b"", b"") == (rdf.serialize([], NQUADS), rdf.serialize([], NTRIPLES))
    for syntax in rdf.SUFFIXES.values():
        assert [] == parse(rdf.serialize([], syntax), syntax)
