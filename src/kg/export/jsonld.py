"""JSON-LD: the merged graph, compacted node by node with the shipped context.

The context is `ontology/context.jsonld`, and stands in every document: nothing is fetched to read
one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from kg.errors import OutputError
from kg.export.attribution import attributions
from kg.export.selection import Selection
from kg.namespaces import RDF, XSD
from kg.resources import folder

__all__ = ["ATTRIBUTIONS", "Compactor", "dumps", "expand", "jsonld", "load_context", "nodes"]

#: A key that the context maps to null, so that readers of RDF pass over it.
ATTRIBUTIONS = "attributions"
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# JSON has numbers of its own for these only: what is read back is written the same.
_INTEGER = re.compile("-?[1-9][0-9]{0,14}|0")
_BOOLEANS = {"true": True, "false": False}


@cache
def load_context() -> dict[str, Any]:
    """Return the shipped context."""
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


def jsonld(selection: Selection) -> Iterator[str]:
    """Yield one document: the context, the attributions, and a node object for each subject."""
    compactor = Compactor(load_context())
    yield f'{{\n"@context": {dumps(load_context())},\n'
    yield f'"{ATTRIBUTIONS}": {dumps(attributions(selection))},\n"@graph": ['
    comma = ""
    for piece in selection.triples():
        out = []
        for node in nodes(piece):
            out.append(f"{comma}\n{dumps(compactor.node(node))}")
            comma = ","
        yield "".join(out)
    yield "\n]\n}\n"


def dumps(value: object) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


_Row = tuple[str, str, str, str | None, str | None]


def nodes(piece: pl.DataFrame) -> Iterator[tuple[str, list[_Row]]]:
    """Yield subjects with their predicates, objects, kinds, datatypes and languages."""
    current: tuple[str, list[_Row]] | None = None
    rows = piece.select("subject", "predicate", "object", "kind", "datatype", "language")
    for subject, *row in rows.iter_rows():
        if current is None or current[0] != subject:
            if current is not None:
                yield current
            current = (subject, [])
        current[1].append(tuple(row))
    if current is not None:
        yield current


def _value(value: str, datatype: str, language: str | None) -> dict[str, Any]:
    """Return a literal as an expanded value object."""
    if language is not None:
        return {"@value": value, "@language": language}
    if datatype == XSD.string:
        return {"@value": value}
    if datatype == XSD.integer and _INTEGER.fullmatch(value):
        return {"@value": int(value), "@type": datatype}
    if datatype == XSD.boolean and value in _BOOLEANS:
        return {"@value": _BOOLEANS[value], "@type": datatype}
    return {"@value": value, "@type": datatype}


def expand(piece: pl.DataFrame) -> list[dict[str, Any]]:
    """Return triples as expanded JSON-LD, for PyLD."""
    found = []
    for subject, rows in nodes(piece):
        node: dict[str, Any] = {"@id": subject}
        for predicate, value, kind, datatype, language in rows:
            if predicate == RDF.type and kind != "literal":  # which @type cannot be
                node.setdefault("@type", []).append(value)
            elif kind != "literal":
                node.setdefault(predicate, []).append({"@id": value})
            else:
                node.setdefault(predicate, []).append(_value(value, datatype or "", language))
        found.append(node)
    return found


@dataclass
class Compactor:
    """Compacts expanded nodes as the JSON-LD algorithm does, for contexts as plain as ours.

    Such a context has prefixes, aliases of keywords, and terms with a type or a language (null:
    none) and the container @set at most; no two terms say the same.
    """

    context: Mapping[str, Any]
    prefixes: dict[str, str] = field(default_factory=dict)
    terms: dict[tuple[str, str | None], str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        plain = {t: i for t, i in self.context.items() if isinstance(i, str)}
        # A prefix ends in a delimiter, a class does not.
        self.prefixes = {i: t for t, i in plain.items() if i.endswith(("/", "#"))}
        spaces = {t: i for i, t in self.prefixes.items()}
        for term, said in self.context.items():
            if term.startswith("@") or said is None or term in spaces:
                continue
            definition = {"@id": said} if isinstance(said, str) else said
            if "@reverse" in definition:
                continue
            iri = _full(definition["@id"], spaces)
            if isinstance(said, str):
                self.names[iri] = term
            if definition.get("@container") == "@set":
                self.sets.add(term)
            coercion = definition.get("@type")
            if coercion is not None:
                self.terms[iri, f"^^{_full(coercion, spaces)}"] = term
            elif "@language" in definition:
                self.terms[iri, f"@{definition['@language'] or ''}"] = term
            else:
                self.terms[iri, None] = term

    def node(self, described: tuple[str, list[_Row]]) -> dict[str, Any]:
        """Return the node object of a subject."""
        subject, rows = described
        result: dict[str, Any] = {"id": self._iri(subject)}
        for predicate, value, kind, datatype, language in rows:
            if predicate == RDF.type and kind != "literal":
                self._add(result, "type", self._name(value))
            elif kind != "literal":
                term = self.terms.get((predicate, "^^@id"))
                node = self._iri(value)
                self._add(result, term or self._key(predicate), node if term else {"id": node})
            else:
                self._literal(result, predicate, _value(value, datatype or "", language))
        return result

    def _literal(self, result: dict[str, Any], predicate: str, value: dict[str, Any]) -> None:
        datatype, language = value.get("@type"), value.get("@language")
        coercion = f"^^{datatype}" if datatype is not None else f"@{language or ''}"
        term = self.terms.get((predicate, coercion))
        if term is not None or len(value) == 1:
            self._add(result, term or self._key(predicate), value["@value"])
            return
        if datatype is not None:
            value["type"] = self._name(value.pop("@type"))
        self._add(result, self._key(predicate), value)

    def _key(self, predicate: str) -> str:
        """Return the key of a property where no term has the coercion that its value needs."""
        name = self.terms.get((predicate, None)) or self._iri(predicate)
        # A prefixed name that is itself a term would bring that term's coercion.
        return predicate if name in self.context and (predicate, None) not in self.terms else name

    def _add(self, result: dict[str, Any], key: str, value: Any) -> None:
        """Add a value: one stands alone but for sets, several in a list."""
        if key not in result:
            result[key] = [value] if key in self.sets else value
        elif isinstance(result[key], list):
            result[key].append(value)
        else:
            result[key] = [result[key], value]

    def _name(self, iri: str) -> str:
        return self.names.get(iri) or self._iri(iri)

    def _iri(self, iri: str) -> str:
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self.prefixes.get(iri[:end])
        if prefix is not None and _LOCAL.fullmatch(iri, end):
            return f"{prefix}:{iri[end:]}"
        scheme = _SCHEME.match(iri)
        if scheme is not None and scheme[1] in self.context and "://" not in iri:
            raise OutputError(
                f"JSON-LD would take {iri} for a prefixed name; choose another format"
            )
        return iri


def _full(name: str, spaces: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return spaces[prefix] + local if colon and prefix in spaces else name
