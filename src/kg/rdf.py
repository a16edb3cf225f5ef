"""RDF syntaxes: parsing into quads and rdflib graphs, and serializing.

With `kg.store` the only module that imports pyoxigraph. Literals keep their lexical forms here;
language tags come in lower case, since the parser folds them and does not tell what was written.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import PREFIXES, XSD

if TYPE_CHECKING:
    import polars as pl
    import rdflib

__all__ = [
    "SUFFIXES",
    "format_of",
    "is_blank",
    "is_iri",
    "parse",
    "serialize",
    "to_rdflib",
    "write",
]

#: File name endings to syntaxes.
SUFFIXES: dict[str, ox.RdfFormat] = {
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
#: The names below this prefix hold slashes, which Turtle would escape one by one.
_UNWRITTEN = "kgc"
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
# Where relative IRIs come to lie: nothing of ours is there, and the gate lets nothing of it pass.
_BASE = "file:///"
# Objects of JSON-LD and triple terms, nested by the thousand, end the process that parses them.
_MOST_LEVELS = 128
_JSON_LEVELS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])', re.DOTALL)
# Up to the next mark of a triple term. Strings in the four quotings, IRIs, comments and escapes
# are passed over whole, also those that do not end: what one alternative has read, no other reads
# again, so that the time is linear whatever the bytes are.
_TERM_LEVELS = re.compile(
    rb"""
    (?: [^<>"'#\\]++
      | \# [^\r\n]*+
      | "{3} (?:[^"\\] | \\. | "(?!""))*+ (?:"{3})?+
      | '{3} (?:[^'\\] | \\. | '(?!''))*+ (?:'{3})?+
      | "(?!"") (?:[^"\\\r\n] | \\.)*+ "?+
      | '(?!'') (?:[^'\\\r\n] | \\.)*+ '?+
      | <(?!<) [^<>"\x00-\x20]*+ >?+
      | >(?!>)
      | \\.?+
    )*+
    (?: (<<) | (>>) | \Z )
    """,
    re.VERBOSE | re.DOTALL,
)
# What the parser calls, at random, a blank node that the document gives no label.
_MADE_UP = re.compile(r"[a-f][0-9a-f]{23,31}")


def format_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file's name stands for; InputError if it stands for none."""
    syntax = SUFFIXES.get(path.suffix.lower())
    if syntax is None:
        raise InputError(f"is not a known RDF file; known endings: {' '.join(SUFFIXES)}", str(path))
    return syntax


def is_iri(value: str) -> bool:
    """Tell whether RDF allows a text as an IRI; one that was relative in its document is none."""
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return not value.startswith(_BASE)


def is_blank(value: str) -> bool:
    """Tell whether a text is a blank node as N-Quads writes it."""
    try:
        ox.BlankNode(value.removeprefix("_:"))
    except ValueError:
        return False
    return value.startswith("_:") and ":" not in value[2:]  # which the parser of N-Quads refuses


def parse(data: bytes, syntax: ox.RdfFormat, file: str, graph: str | None = None) -> Iterator[Quad]:
    """Yield the quads of a document; its triples go into `graph`.

    The same bytes give the same quads: blank nodes are named by document, and numbered where they
    have no label. Raises InputError with file and line for a syntax error, and for what the quad
    table does not hold: triple terms and base directions of RDF 1.2.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if syntax == ox.RdfFormat.RDF_XML:
        if _DOCTYPE.search(data):
            raise InputError("declares a document type; entities are not read", file)
    else:
        _refuse_depth(data, _JSON_LEVELS if syntax == ox.RdfFormat.JSON_LD else _TERM_LEVELS, file)
    blank = _blank_names(data, file)
    try:
        for index, quad in enumerate(_parse(data, syntax)):
            if refusal := _refusal(quad):
                raise InputError(refusal, file, _line_of(index, data, syntax))
            yield _quad(quad, graph, blank)
    except SyntaxError as error:
        message = str(error.msg).splitlines()[0]
        if "LoadDocumentCallback" in message:
            message = "refers to a @context elsewhere, which is not fetched; put it into the file"
        raise InputError(message, file, error.lineno) from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(error), file) from None


def _parse(data: bytes | IO[bytes], syntax: ox.RdfFormat) -> Iterator[ox.Quad]:
    return ox.parse(data, syntax, base_iri=_BASE, rename_blank_nodes=False)


def _refuse_depth(data: bytes, levels: re.Pattern[bytes], file: str) -> None:
    depth = 0
    for match in levels.finditer(data):
        depth = max(0, depth + bool(match[1]) - bool(match[2]))
        if depth > _MOST_LEVELS:
            line = data.count(b"\n", 0, match.end()) + 1
            raise InputError(f"is nested deeper than {_MOST_LEVELS} levels", file, line)


def _refusal(quad: ox.Quad) -> str | None:
    """Return what of a quad the quad table does not hold."""
    if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
        return "holds a triple term (RDF 1.2), which is not supported"
    if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
        return "holds a text with a base direction (RDF 1.2), which is not supported"
    return None


class _Lines(io.BytesIO):
    """Bytes that are read a line at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return self.readline(size)


def _line_of(index: int, data: bytes, syntax: ox.RdfFormat) -> int:
    """Return the line that the parser has come to with a quad; it does not say so itself."""
    lines = _Lines(data)
    next(islice(_parse(lines, syntax), index, None))
    return data.count(b"\n", 0, lines.tell() - 1) + 1


def _blank_names(data: bytes, file: str) -> Callable[[str], str]:
    """Return what names the blank nodes of a document from their labels there.

    The document is named by its file, for people, and by its content: files of one name in
    different folders are different documents.
    """
    words = re.findall("[A-Za-z0-9]+", Path(file).stem)
    document = "-".join([*words, hashlib.sha256(data).hexdigest()[:8]])
    numbers: dict[str, str] = {}

    def name(label: str) -> str:
        if _MADE_UP.fullmatch(label):
            # No label in a document begins with a hyphen, so none is like this.
            label = numbers.setdefault(label, f"-{len(numbers) + 1}")
        return f"_:{document}-{label}"

    return name


def _quad(quad: ox.Quad, graph: str | None, blank: Callable[[str], str]) -> Quad:
    def node(term: ox.NamedNode | ox.BlankNode) -> str:
        return blank(term.value) if isinstance(term, ox.BlankNode) else term.value

    subject, value, name = quad.subject, quad.object, quad.graph_name
    assert not isinstance(subject, ox.Triple)
    assert not isinstance(value, ox.Triple)
    graph = graph if isinstance(name, ox.DefaultGraph) else node(name)
    head = (node(subject), quad.predicate.value)
    if isinstance(value, ox.Literal):
        return Quad(*head, value.value, "literal", value.datatype.value, value.language, graph)
    kind = "blank" if isinstance(value, ox.BlankNode) else "iri"
    return Quad(*head, node(value), kind, None, None, graph)


def to_rdflib(table: pl.DataFrame) -> rdflib.Graph:
    """Return the triples of a quad table as one rdflib graph, lexical forms as they are.

    Only rdflib itself changes one: the white space of `xsd:token` and `xsd:normalizedString`.
    """
    import rdflib

    graph = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri, replace=True)
    nodes: dict[str, rdflib.term.IdentifiedNode] = {}

    def node(value: str) -> rdflib.term.IdentifiedNode:
        found = nodes.get(value)
        if found is None:
            blank = value.startswith("_:")
            found = rdflib.BNode(value[2:]) if blank else rdflib.URIRef(value)
            nodes[value] = found
        return found

    columns = ("subject", "predicate", "object", "kind", "datatype", "language")
    with _without_warnings("rdflib.term"):
        for subject, predicate, value, kind, datatype, tag in table.select(columns).iter_rows():
            term: rdflib.term.Node
            if kind != "literal":
                term = node(value)
            elif tag is not None:
                term = rdflib.Literal(value, lang=tag)
            else:
                # normalize=False: the lexical form is the data; xsd:string is kept explicit in
                # RDF 1.1 only by being absent, which is how rdflib compares strings.
                of = None if datatype == XSD.string else node(datatype)
                term = rdflib.Literal(value, datatype=of, normalize=False)
            graph.add((node(subject), node(predicate), term))
    return graph


@contextmanager
def _without_warnings(name: str) -> Iterator[None]:
    """Keep a logger from warning: of an ill-typed literal rdflib logs a whole traceback."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def serialize(rows: Iterable[Quad], syntax: ox.RdfFormat) -> bytes:
    """Return quads in a syntax, in their order; without graphs where the syntax has none.

    The same quads give the same bytes.
    """
    quads = [_oxigraph(row) for row in rows]
    return write(quads if syntax.supports_datasets else [q.triple for q in quads], syntax)


def write(statements: Sequence[ox.Quad] | Sequence[ox.Triple], syntax: ox.RdfFormat) -> bytes:
    """Return Oxigraph's triples or quads in a syntax, with the project's prefixes they use."""
    if syntax not in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        return ox.serialize(statements, format=syntax) or b""
    is_turtle = syntax == ox.RdfFormat.TURTLE
    lines = ox.RdfFormat.N_TRIPLES if is_turtle else ox.RdfFormat.N_QUADS
    plain = ox.serialize(statements, format=lines) or b""
    used = {p: i for p, i in PREFIXES.items() if p != _UNWRITTEN and f"<{i}".encode() in plain}
    data = ox.serialize(statements, format=syntax, prefixes=used) or b""
    # Oxigraph declares prefixes in an order that changes from run to run.
    rows = data.split(b"\n")
    return b"\n".join([*sorted(rows[: len(used)]), *rows[len(used) :]])


def _oxigraph(row: Quad) -> ox.Quad:
    def node(value: str) -> ox.NamedNode | ox.BlankNode:
        return ox.BlankNode(value[2:]) if value.startswith("_:") else ox.NamedNode(value)

    value: ox.NamedNode | ox.BlankNode | ox.Literal
    if row.kind != "literal":
        value = node(row.object)
    elif row.language is not None:
        value = ox.Literal(row.object, language=row.language)
    else:
        value = ox.Literal(row.object, datatype=ox.NamedNode(row.datatype or ""))
    graph = node(row.graph) if row.graph else ox.DefaultGraph()
    return ox.Quad(node(row.subject), ox.NamedNode(row.predicate), value, graph)
