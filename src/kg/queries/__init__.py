"""Named queries: files with a header, parameters bound as RDF terms, and what may not run."""

from __future__ import annotations

from kg.queries.binding import Resolve, bind, prepare, serialize, serialize_iri
from kg.queries.files import (
    FOLDERS,
    KINDS,
    NODE_KINDS,
    NamedQuery,
    Parameter,
    find_query,
    load_queries,
    parse_query,
    read_query,
)
from kg.queries.terms import unknown_terms
from kg.queries.tokens import (
    MAX_BYTES,
    MAX_NESTING,
    Form,
    Token,
    check,
    check_prefixes,
    form,
    scan,
    with_prefixes,
)

__all__ = [
    "FOLDERS",
    "KINDS",
    "MAX_BYTES",
    "MAX_NESTING",
    "NODE_KINDS",
    "Form",
    "NamedQuery",
    "Parameter",
    "Resolve",
    "Token",
    "bind",
    "check",
    "check_prefixes",
    "find_query",
    "form",
    "load_queries",
    "parse_query",
    "prepare",
    "read_query",
    "scan",
    "serialize",
    "serialize_iri",
    "unknown_terms",
    "with_prefixes",
]
