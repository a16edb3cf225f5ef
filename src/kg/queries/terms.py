"""The terms of the project's own vocabulary that a query names, and those that there are not."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from kg.namespaces import KG, PREFIXES
from kg.queries.tokens import scan
from kg.resources import folder

__all__ = ["unknown_terms"]


def unknown_terms(text: str) -> dict[str, str | None]:
    """Return the terms `kg:…` of a query that the vocabulary has not, with the most alike it has.

    To the store a misspelt class or property is as good as any: no triple has it, so the answer is
    empty or lacks something. Both are given as `kg:name`, however they are written in the query.
    """
    known = _known()
    names = dict.fromkeys(name for name in _names(text) if name not in known)
    return {f"kg:{name}": _near(name, known) for name in names}


def _names(text: str) -> list[str]:
    """Return the local names of a query's terms in the vocabulary's namespace, in order."""
    prefixes = dict(PREFIXES)
    names: list[str] = []
    declared: str | None = None
    previous = ""
    for token in scan(text):
        iri = ""
        if token.kind == "name" and ":" in token.text:
            prefix, _, local = token.text.partition(":")
            if previous == "PREFIX":
                declared = prefix
            else:
                iri = prefixes.get(prefix, "") + local.replace("\\", "")
        elif token.kind == "iri":
            iri = token.text[1:-1]
            if declared is not None:
                prefixes[declared], declared, iri = iri, None, ""
        if iri.startswith(KG.iri) and iri != KG.iri:
            names.append(iri.removeprefix(KG.iri))
        if token.kind != "comment":
            previous = token.word
    return names


def _near(name: str, known: frozenset[str]) -> str | None:
    same = [term for term in sorted(known) if term.casefold() == name.casefold()]
    near = same or get_close_matches(name, sorted(known), 1)
    return f"kg:{near[0]}" if near else None


@cache
def _known() -> frozenset[str]:
    from kg import rdf

    subjects = {
        quad.subject
        for path in sorted(folder("ontology").glob("*.ttl"))
        for quad in rdf.parse(path.read_bytes(), rdf.format_of(path), str(path))
    }
    return frozenset(s.removeprefix(KG.iri) for s in subjects if s.startswith(KG.iri))
