"""RDF syntaxes: parsing into quads and rdflib graphs, and serializing.

With `kg.store` the only module that imports pyoxigraph. Literals keep their lexical forms here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import InputError
from kg.model import Quad
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    import polars as pl
    import rdflib

__all__ = ["SUFFIXES", "format_of", "parse", "serialize", "to_rdflib", "write"]

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


def format_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file's name stands for; InputError if it stands for none."""
    syntax = SUFFIXES.get(path.suffix.lower())
    if syntax is None:
        raise InputError(f"is not a known RDF file; known endings: {' '.join(SUFFIXES)}", str(path))
    return syntax


def parse(data: bytes, syntax: ox.RdfFormat, file: str, graph: str | None = None) -> Iterator[Quad]:
    """Yield the quads of a document; triples go into `graph`, and blank nodes are named by file.

    Raises InputError with file and line for a syntax error, and for what the quad table does not
    hold: triple terms and base directions of RDF 1.2.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if syntax == ox.RdfFormat.RDF_XML and _DOCTYPE.search(data):
        raise InputError("declares a document type; entities are not read", file)
    document = re.sub(r"\W+", "-", Path(file).stem)
    # Relative IRIs stay below a base that nothing of ours uses, and are refused at the gate.
    try:
        for quad in ox.parse(data, syntax, base_iri="file:///", rename_blank_nodes=False):
            yield _quad(quad, graph, document, file)
    except SyntaxError as error:
        raise InputError(str(error.msg).splitlines()[0], file, error.lineno) from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(error), file) from None


def _quad(quad: ox.Quad, graph: str | None, document: str, file: str) -> Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
        raise InputError("holds a triple term (RDF 1.2), which is not supported", file)
    name = _node(quad.graph_name, document)
    head = (_node(subject, document) or "", quad.predicate.value)
    if isinstance(value, ox.Literal):
        if getattr(value, "direction", None) is not None:
            raise InputError("holds a text with a base direction (RDF 1.2)", file)
        return Quad(
            *head, value.value, "literal", value.datatype.value, value.language, name or graph
        )
    kind = "blank" if isinstance(value, ox.BlankNode) else "iri"
    return Quad(*head, _node(value, document) or "", kind, None, None, name or graph)


def _node(
    node: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | ox.Triple, document: str
) -> str | None:
    if isinstance(node, ox.BlankNode):
        return f"_:{document}-{node.value}"
    return node.value if isinstance(node, ox.NamedNode) else None


def to_rdflib(table: pl.DataFrame) -> rdflib.Graph:
    """Return the triples of a quad table as one rdflib graph, lexical forms as they are."""
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
    for subject, predicate, value, kind, datatype, language in table.select(columns).iter_rows():
        term: rdflib.term.Node
        if kind != "literal":
            term = node(value)
        elif language is not None:
            term = rdflib.Literal(value, lang=language)
        else:
            # normalize=False: the lexical form is the data; xsd:string is kept explicit in RDF 1.1
            # only by being absent, which is how rdflib compares strings.
            is_string = datatype == "http://www.w3.org/2001/XMLSchema#string"
            term = rdflib.Literal(
                value, datatype=None if is_string else node(datatype), normalize=False
            )
        graph.add((node(subject), node(predicate), term))
    return graph


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
