"""What a constraint says where its shape has no message: what is wrong, in a few words."""

from __future__ import annotations

from rdflib import XSD, BNode, Literal, URIRef

from kg.shacl import plan as p
from kg.shacl.terms import compact, iri_or_text, one_line

__all__ = ["explanation"]

_KINDS = {"iri": "an IRI", "blank": "a blank node", "literal": "a literal"}
_LONGEST = 200


def explanation(constraint: p.Constraint, value: p.Term | None, other: p.Term | None = None) -> str:
    """Return what a finding of a constraint says, with the value that it is about.

    `other` is the value that the value was compared with, or the language that several have.
    """
    subject = "the node" if value is None else one_line(iri_or_text(value), _LONGEST)
    if isinstance(constraint, p.Length) and isinstance(value, BNode):
        return one_line(f"{subject} is a blank node, which has no characters", 2 * _LONGEST)
    if isinstance(constraint, p.LessThan) and other is not None:
        compared = f"{_told_apart(value, other)} is not {constraint.operator} "
        compared += f"{_told_apart(other, value)}, a value of {compact(constraint.other)}"
        return one_line(compared, 3 * _LONGEST)
    if isinstance(constraint, p.UniqueLang) and other is not None:
        return one_line(f"{subject} has several values in the language {other}", 2 * _LONGEST)
    return one_line(f"{subject} {_predicate(constraint)}", 2 * _LONGEST)


def _told_apart(term: p.Term | None, other: p.Term | None) -> str:
    """Return a term with its datatype or language, where those of another are not the same."""
    if term is None:
        return "the node"
    shown = _shown(term)
    if not isinstance(term, Literal):
        return shown
    if isinstance(other, Literal) and (term.datatype, term.language) == (
        other.datatype,
        other.language,
    ):
        return shown
    return f"{shown} ({term.language or compact(term.datatype or XSD.string)})"


def _predicate(constraint: p.Constraint) -> str:
    match constraint:
        case p.Class(of=of):
            return f"is no {_shown(of)}"
        case p.Datatype(datatype=datatype):
            return f"is no {compact(datatype)}"
        case p.NodeKind(kinds=kinds):
            return f"is not {' or '.join(_KINDS[kind] for kind in sorted(kinds))}"
        case p.MinCount(count=count):
            return f"has fewer than {count} {_values(count)}"
        case p.MaxCount(count=count):
            return f"has more than {count} {_values(count)}"
        case p.Range(operator=operator, bound=bound):
            return f"is not {operator} {bound}"
        case p.Length(least=int(least)):
            return f"has fewer than {least} {_characters(least)}"
        case p.Length(most=most):
            return f"has more than {most} {_characters(most or 0)}"
        case p.Pattern(pattern=pattern):
            return f"does not match {pattern}"
        case p.LanguageIn(ranges=ranges):
            return f"is not in one of the languages {', '.join(ranges)}"
        case p.UniqueLang():
            return "has several values in one language"
        case p.Equals(other=other):
            return f"is a value of only one of the path and {compact(other)}"
        case p.Disjoint(other=other):
            return f"is a value of {compact(other)} too"
        case p.LessThan(other=other, operator=operator):
            return f"is not {operator} every value of {compact(other)}"
        case p.Not(shape=shape):
            return f"conforms to {_shape(shape)}"
        case p.And():
            return "does not conform to all of the shapes"
        case p.Or():
            return "conforms to none of the shapes"
        case p.Xone():
            return "conforms to none of the shapes, or to several"
        case p.Node(shape=shape):
            return f"does not conform to {_shape(shape)}"
        case p.Qualified(shape=shape, least=int(least)):
            return f"has fewer than {least} {_conforming(least)} to {_shape(shape)}"
        case p.Qualified(shape=shape, most=most):
            return f"has more than {most} {_conforming(most or 0)} to {_shape(shape)}"
        case p.Closed():
            return "is the value of a property that is not allowed"
        case p.HasValue(value=wanted):
            return f"does not have the value {_shown(wanted)}"
        case p.In(values=allowed):
            shown = ", ".join(_shown(value) for value in allowed[:10])
            return f"is none of {shown}{', …' if len(allowed) > 10 else ''}"
        case _:
            return f"breaks {compact(constraint.component)}"


def _values(count: int) -> str:
    return "value" if count == 1 else "values"


def _characters(count: int) -> str:
    return "character" if count == 1 else "characters"


def _conforming(count: int) -> str:
    return "value that conforms" if count == 1 else "values that conform"


def _shown(term: p.Term) -> str:
    return one_line(iri_or_text(term), _LONGEST)


def _shape(name: p.ShapeName) -> str:
    return _shown(name) if isinstance(name, URIRef) else "the shape"
