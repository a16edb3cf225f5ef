"""Turtle and TriG, N-Triples and N-Quads: lexical forms as they are in the quad table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from kg import quads
from kg.export.attribution import HEADING, attributions
from kg.export.selection import Selection
from kg.namespaces import PREFIXES, RDF, XSD
from kg.texts import escape

__all__ = ["UNWRITTEN", "Terms", "nquads", "ntriples", "prefixes", "trig", "turtle"]

#: Prefixes that are not declared: names below the first hold slashes, and no data has the other's.
UNWRITTEN = ("kgc", "kgsh")
_DECLARED = {p: iri for p, iri in PREFIXES.items() if p not in UNWRITTEN}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_NAMESPACE = re.compile(r"(.*[/#])(.*)", re.DOTALL)
_PREFIX_OF = {iri: prefix for prefix, iri in _DECLARED.items()}
#: Literals that Turtle writes without quotation marks, by datatype.
_BARE = {
    XSD.boolean: re.compile("true|false"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.integer: re.compile("[+-]?[0-9]+"),
}


def ntriples(selection: Selection) -> Iterator[str]:
    """Yield N-Triples: the merged graph, sorted by subject."""
    yield from _comments(selection)
    for piece in selection.triples():
        lines = quads.to_nquads(piece.with_columns(graph=pl.lit(None, pl.String)))
        yield from _joined(lines)


def nquads(selection: Selection) -> Iterator[str]:
    """Yield N-Quads, each line in canonical form, sorted by graph and subject."""
    yield from _comments(selection)
    for _, piece in selection.datasets():
        yield from _joined(quads.to_nquads(piece))


def _joined(lines: pl.Series) -> Iterator[str]:
    if len(lines):
        yield "\n".join(lines) + "\n"


def turtle(selection: Selection) -> Iterator[str]:
    """Yield Turtle: the merged graph, one block a subject."""
    yield from _comments(selection)
    yield prefixes()
    for piece in selection.triples():
        yield _blocks(piece, "")


def trig(selection: Selection) -> Iterator[str]:
    """Yield TriG: one block a graph, in it one a subject."""
    yield from _comments(selection)
    yield prefixes()
    current = None
    for graph, piece in selection.datasets():
        if graph != current:
            yield ("}\n\n" if current else "") + f"{_node(graph)} {{\n"
            current = graph
        yield _blocks(piece, "  ")
    yield "}\n" if current else ""


def _comments(selection: Selection) -> Iterator[str]:
    if lines := attributions(selection):
        yield "".join(f"# {line}\n" for line in [HEADING, *lines])


def prefixes() -> str:
    """Return the declarations of the prefixes that `Terms` writes."""
    return "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(_DECLARED.items())) + "\n"


class Terms:
    """Turtle's words for terms; IRIs are looked at once."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def node(self, value: str) -> str:
        """Return an IRI or a blank node as Turtle writes it."""
        found = self.known.get(value)
        if found is None:
            found = self.known[value] = _node(value)
        return found

    def literal(self, value: str, datatype: str, language: str | None) -> str:
        """Return a literal as Turtle writes it, in its lexical form."""
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(value):
            return value
        quoted = f'"{escape(value)}"'
        if language is not None:
            return f"{quoted}@{language}"
        return quoted if datatype == XSD.string else f"{quoted}^^{self.node(datatype)}"


def _node(value: str) -> str:
    if value.startswith("_:"):
        return value
    if match := _NAMESPACE.fullmatch(value):
        prefix = _PREFIX_OF.get(match[1])
        if prefix is not None and _LOCAL.fullmatch(match[2]):
            return f"{prefix}:{match[2]}"
    return f"<{value}>"


def _blocks(piece: pl.DataFrame, indent: str) -> str:
    """Return sorted quads with whole subjects as blocks of Turtle."""
    terms = Terms()
    out: list[str] = []
    last: tuple[str, str] = ("", "")
    rows = piece.select("subject", "predicate", "object", "kind", "datatype", "language")
    for subject, predicate, value, kind, datatype, language in rows.iter_rows():
        term = terms.node(value) if kind != "literal" else terms.literal(value, datatype, language)
        if (subject, predicate) == last:
            out.append(f" ,\n{indent}    {term}")
            continue
        verb = "a" if predicate == RDF.type else terms.node(predicate)
        if subject == last[0]:
            out.append(f" ;\n{indent}  {verb} {term}")
        else:
            end = " .\n\n" if last[0] else ""
            out.append(f"{end}{indent}{terms.node(subject)} {verb} {term}")
        last = (subject, predicate)
    return "".join(out) + " .\n\n" if out else ""
