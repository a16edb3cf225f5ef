"""Parameters of queries, bound as RDF terms: a value is never pasted into the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kg.errors import RequestError
from kg.namespaces import XSD, expand
from kg.queries.files import NODE_KINDS, NamedQuery, Parameter, find_query, parse_query
from kg.queries.tokens import Token, check, check_prefixes, form, scan
from kg.texts import escape

__all__ = ["Resolve", "bind", "prepare", "serialize", "serialize_iri"]

#: Finds the IRI of a node by its kind, or None for any kind, and its name.
Resolve = Callable[[str | None, str], str]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f-\x9f\ud800-\udfff]*")
# As many digits as both kinds of numbers have in every store, and no others than 0 to 9.
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")


def prepare(query: str | NamedQuery, values: Mapping[str, str], resolve: Resolve) -> str:
    """Return the text of a query by name or as given, checked and with parameters bound."""
    if isinstance(query, str):
        query = find_query(query) or parse_query(query, "query")
    text = bind(query, values, resolve)
    check(text)
    check_prefixes(text)
    form(text)  # a misspelt name is no query, which is said better here
    return text


def bind(query: NamedQuery, values: Mapping[str, str], resolve: Resolve) -> str:
    """Return the text of a query in which RDF terms stand for its parameters.

    `BOUND($name)` becomes `true` where the parameter has a value. One that is optional and has no
    value stays a variable. Raises RequestError for a parameter that there is not, one that is
    missing, and a value that is not of its kind.
    """
    params = {param.name: param for param in query.params}
    for name in values:
        if name not in params:
            raise RequestError(f"{query.name} has no parameter {name!r}; {_known(query)}")
    terms: dict[str, str] = {}
    for name, param in params.items():
        value = values.get(name, param.default)
        if value is not None:
            terms[name] = serialize(param, value, resolve)
        elif not param.optional:
            raise RequestError(f"{query.name} needs a value for {name!r}; {_known(query)}")
    return _replace(query.text, terms) if terms else query.text


def serialize(param: Parameter, value: str, resolve: Resolve) -> str:
    """Return a value of a parameter as a SPARQL term; RequestError if it is none of its kind."""
    if param.kind in NODE_KINDS:
        return serialize_iri(resolve(None if param.kind == "node" else param.kind, value))
    match param.kind:
        case "iri":
            return serialize_iri(expand(value) or value)
        case "integer":
            return _number(param, value, _INTEGER, XSD.integer)
        case "decimal":
            return _number(param, value, _DECIMAL, XSD.decimal)
        case "text":
            return f"{_quoted(param, value)}@en"
        case _:
            return _quoted(param, value)


def serialize_iri(iri: str) -> str:
    """Return an IRI as SPARQL writes it; RequestError if it is relative or none."""
    if not _IRI.fullmatch(iri):
        raise RequestError(f"{iri!r} is not an absolute IRI")
    return f"<{iri}>"


def _number(param: Parameter, value: str, pattern: re.Pattern[str], datatype: str) -> str:
    number = value.strip()
    if not pattern.fullmatch(number):
        article = "an" if param.kind == "integer" else "a"
        raise RequestError(
            f"{param.name}={value!r} is not {article} {param.kind} of at most 18 digits"
        )
    return f'"{number}"^^<{datatype}>'


def _quoted(param: Parameter, value: str) -> str:
    if re.search("[\ud800-\udfff]", value):
        raise RequestError(f"{param.name}={value!r} holds half of a surrogate pair: no text")
    return f'"{escape(value)}"'


def _replace(text: str, terms: Mapping[str, str]) -> str:
    tokens = [t for t in scan(text) if t.kind != "comment"]
    parts: list[str] = []
    done = 0
    for index, token in enumerate(tokens):
        term = terms.get(token.text[1:]) if token.text.startswith("$") else None
        if token.kind != "variable" or term is None:
            continue
        start, end = token.start, token.end
        if _is_bound_call(tokens[max(index - 2, 0) : index + 2]):
            term, start, end = "true", tokens[index - 2].start, tokens[index + 1].end
        parts += [text[done:start], term]
        done = end
    return "".join([*parts, text[done:]])


def _is_bound_call(tokens: list[Token]) -> bool:
    """Tell whether tokens are `BOUND ( $name )`, which takes a variable and no term."""
    return (
        len(tokens) == 4
        and tokens[0].word == "BOUND"
        and (tokens[1].text, tokens[3].text) == ("(", ")")
    )


def _known(query: NamedQuery) -> str:
    if not query.params:
        return "it has none"
    names = [
        f"{p.name} ({p.kind}{', optional' if p.optional or p.default is not None else ''})"
        for p in query.params
    ]
    return f"its parameters: {', '.join(names)}"
