"""RDF syntaxes: parsing into quads and rdflib graphs, and serializing.

With `kg.store` the only module that imports pyoxigraph. Literals keep their lexical forms here;
language tags come in lower case, since the parser folds them and does not tell what was written.
"""

from kg.rdf.documents import parse, serialize, to_rdflib, write
from kg.rdf.parsing import BASE, MADE_UP, MAX_WHOLE, SUFFIXES, format_of, is_blank, is_iri
from kg.rdf.streams import Stream

__all__ = [
    "BASE",
    "MADE_UP",
    "MAX_WHOLE",
    "SUFFIXES",
    "Stream",
    "format_of",
    "is_blank",
    "is_iri",
    "parse",
    "serialize",
    "to_rdflib",
    "write",
]
