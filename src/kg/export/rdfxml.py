"""RDF/XML: the merged graph, one description a subject.

XML cannot write everything that RDF holds: control characters, and properties whose IRIs do not
end in a name. An export that meets one of these stops and says where, rather than change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import OutputError
from kg.export import xml
from kg.export.attribution import xml_beginning
from kg.export.selection import Selection
from kg.export.turtle import UNWRITTEN
from kg.namespaces import PREFIXES, RDF, XSD
from kg.texts import NOT_XML

__all__ = ["rdfxml"]

# The end of an IRI that can be the local name of an element: ASCII, to be on the safe side.
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
_DECLARED = {iri: p for p, iri in PREFIXES.items() if p not in UNWRITTEN}
#: Names of RDF/XML itself, which no property can be called.
_SYNTAX = {
    RDF[name]
    for name in "RDF Description ID about parseType resource nodeID datatype li bagID aboutEach "
    "aboutEachPrefix".split()
}
_OTHER = "; choose another format, such as turtle"


def rdfxml(selection: Selection) -> Iterator[str]:
    """Yield RDF/XML; raises OutputError at what XML cannot write."""
    yield from xml_beginning(selection)
    spaces = sorted((prefix, iri) for iri, prefix in _DECLARED.items())
    yield "<rdf:RDF" + "".join(f'\n    xmlns:{p}="{iri}"' for p, iri in spaces) + ">\n"
    elements: dict[str, tuple[str, str]] = {}
    for piece in selection.triples():
        out: list[str] = []
        last = ""
        rows = piece.select("subject", "predicate", "object", "kind", "datatype", "language")
        for subject, predicate, value, kind, datatype, language in rows.iter_rows():
            if subject != last:
                out.append("</rdf:Description>\n" if last else "")
                out.append(f"<rdf:Description {_node(subject, 'about')}>\n")
                last = subject
            if predicate not in elements:
                elements[predicate] = _element(predicate)
            name, space = elements[predicate]
            if kind != "literal":
                out.append(f"  <{name}{space} {_node(value, 'resource')}/>\n")
                continue
            if found := NOT_XML.search(value):
                raise OutputError(
                    f"{subject}: its {predicate} holds U+{ord(found[0]):04X}, "
                    f"which XML cannot write{_OTHER}"
                )
            note = _note(datatype, language)
            out.append(f"  <{name}{space}{note}>{xml.text(value)}</{name}>\n")
        yield "".join(out) + ("</rdf:Description>\n" if last else "")
    yield "</rdf:RDF>\n"


def _node(value: str, role: str) -> str:
    if value.startswith("_:"):
        return f'rdf:nodeID="b{value[2:]}"'  # a name of XML may not begin with a digit
    return f'rdf:{role}="{xml.attribute(value)}"'


def _note(datatype: str, language: str | None) -> str:
    if language is not None:
        return f' xml:lang="{language}"'
    return "" if datatype == XSD.string else f' rdf:datatype="{xml.attribute(datatype)}"'


def _element(predicate: str) -> tuple[str, str]:
    """Return the name of a property's element and, if need be, the declaration of its prefix."""
    match = _LOCAL.search(predicate)
    if match is None or not match.start() or predicate in _SYNTAX:
        raise OutputError(f"the property {predicate} cannot be written as RDF/XML{_OTHER}")
    namespace, local = predicate[: match.start()], match[0]
    if prefix := _DECLARED.get(namespace):
        return f"{prefix}:{local}", ""
    return f"ns:{local}", f' xmlns:ns="{xml.attribute(namespace)}"'
