"""Documents that are held whole: parsing into quads and rdflib graphs, and serializing."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import PREFIXES, XSD
from kg.rdf.parsing import (
    BASE_DIRECTION,
    BOM,
    MADE_UP,
    TRIPLE_TERM,
    blank_prefix,
    check_whole,
    errors_of,
    line_of,
    may_lack_labels,
    parsed,
)

if TYPE_CHECKING:
    import polars as pl
    import rdflib

__all__ = ["parse", "serialize", "to_rdflib", "write"]

#: The names below this prefix hold slashes, which Turtle would escape one by one.
_UNWRITTEN = "kgc"


def parse(data: bytes, syntax: ox.RdfFormat, file: str, graph: str | None = None) -> Iterator[Quad]:
    """Yield the quads of a document; its triples go into `graph`.

    The same bytes give the same quads: blank nodes are named by document, and numbered where they
    have no label. Raises InputError with file and line for a syntax error, and for what the quad
    table does not hold: triple terms and base directions of RDF 1.2.
    """
    data = data.removeprefix(BOM)
    check_whole(data, syntax, file)
    blank = _blank_names(data, syntax, file)
    with errors_of(file):
        for index, quad in enumerate(parsed(data, syntax)):
            if refusal := _refusal(quad):
                raise InputError(refusal, file, line_of(index, [data], syntax))
            yield _quad(quad, graph, blank)


def _refusal(quad: ox.Quad) -> str | None:
    """Return what of a quad the quad table does not hold."""
    if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
        return TRIPLE_TERM
    if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
        return BASE_DIRECTION
    return None


def _blank_names(data: bytes, syntax: ox.RdfFormat, file: str) -> Callable[[str], str]:
    """Return what names the blank nodes of a document from their labels there."""
    prefix = blank_prefix(file, hashlib.sha256(data).hexdigest())
    numbers: dict[str, str] = {}

    def name(label: str) -> str:
        if may_lack_labels(syntax) and MADE_UP.fullmatch(label):
            # No label in a document begins with a hyphen, so none is like this.
            label = numbers.setdefault(label, f"-{len(numbers) + 1}")
        return prefix + label

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
