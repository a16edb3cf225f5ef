"""Shapes as values: what is checked, on which nodes, and how a result is reported.

A plan is made once from a shapes graph (`kg.shacl.planning`) and holds nothing of rdflib but
terms, so that it says the same whatever the data are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from rdflib import SH, BNode, Literal, URIRef

from kg.shacl.paths import PathExpression, PropertyPath

__all__ = [
    "CHILDREN",
    "And",
    "Class",
    "Closed",
    "Constraint",
    "Custom",
    "Datatype",
    "Disjoint",
    "Equals",
    "HasValue",
    "In",
    "LanguageIn",
    "Length",
    "LessThan",
    "MaxCount",
    "MinCount",
    "Node",
    "NodeKind",
    "Not",
    "Or",
    "Pattern",
    "Plan",
    "Property",
    "Qualified",
    "Query",
    "QueryTarget",
    "Range",
    "Shape",
    "ShapeName",
    "Sparql",
    "Target",
    "Term",
    "UniqueLang",
    "Xone",
    "predicates_of",
]

Term = URIRef | BNode | Literal
ShapeName = URIRef | BNode


class Target(NamedTuple):
    """What a shape is about; `kind` is node, class, subjectsOf or objectsOf."""

    kind: str
    term: Term


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape; `component` names its kind in results."""

    component: URIRef


@dataclass(frozen=True)
class Class(Constraint):
    """https://www.w3.org/TR/shacl/#ClassConstraintComponent"""

    of: Term


@dataclass(frozen=True)
class Datatype(Constraint):
    """https://www.w3.org/TR/shacl/#DatatypeConstraintComponent"""

    datatype: URIRef


@dataclass(frozen=True)
class NodeKind(Constraint):
    """https://www.w3.org/TR/shacl/#NodeKindConstraintComponent"""

    kinds: frozenset[str]


@dataclass(frozen=True)
class MinCount(Constraint):
    """https://www.w3.org/TR/shacl/#MinCountConstraintComponent"""

    count: int


@dataclass(frozen=True)
class MaxCount(Constraint):
    """https://www.w3.org/TR/shacl/#MaxCountConstraintComponent"""

    count: int


@dataclass(frozen=True)
class Range(Constraint):
    """https://www.w3.org/TR/shacl/#core-components-range; `operator` stands after the value."""

    operator: str
    bound: Literal


@dataclass(frozen=True)
class Length(Constraint):
    """https://www.w3.org/TR/shacl/#core-components-string: minLength or maxLength."""

    least: int | None
    most: int | None


@dataclass(frozen=True)
class Pattern(Constraint):
    """https://www.w3.org/TR/shacl/#PatternConstraintComponent"""

    pattern: str
    flags: str


@dataclass(frozen=True)
class LanguageIn(Constraint):
    """https://www.w3.org/TR/shacl/#LanguageInConstraintComponent"""

    ranges: tuple[str, ...]


@dataclass(frozen=True)
class UniqueLang(Constraint):
    """https://www.w3.org/TR/shacl/#UniqueLangConstraintComponent"""


@dataclass(frozen=True)
class Equals(Constraint):
    """https://www.w3.org/TR/shacl/#EqualsConstraintComponent"""

    other: URIRef


@dataclass(frozen=True)
class Disjoint(Constraint):
    """https://www.w3.org/TR/shacl/#DisjointConstraintComponent"""

    other: URIRef


@dataclass(frozen=True)
class LessThan(Constraint):
    """https://www.w3.org/TR/shacl/#LessThanConstraintComponent, and ...OrEquals."""

    other: URIRef
    operator: str


@dataclass(frozen=True)
class Not(Constraint):
    """https://www.w3.org/TR/shacl/#NotConstraintComponent"""

    shape: ShapeName


@dataclass(frozen=True)
class And(Constraint):
    """https://www.w3.org/TR/shacl/#AndConstraintComponent"""

    shapes: tuple[ShapeName, ...]


@dataclass(frozen=True)
class Or(Constraint):
    """https://www.w3.org/TR/shacl/#OrConstraintComponent"""

    shapes: tuple[ShapeName, ...]


@dataclass(frozen=True)
class Xone(Constraint):
    """https://www.w3.org/TR/shacl/#XoneConstraintComponent"""

    shapes: tuple[ShapeName, ...]


@dataclass(frozen=True)
class Node(Constraint):
    """https://www.w3.org/TR/shacl/#NodeConstraintComponent"""

    shape: ShapeName


@dataclass(frozen=True)
class Property(Constraint):
    """https://www.w3.org/TR/shacl/#PropertyConstraintComponent"""

    shape: ShapeName


@dataclass(frozen=True)
class Qualified(Constraint):
    """https://www.w3.org/TR/shacl/#QualifiedValueShapeConstraintComponent: one of its counts.

    `siblings` are the shapes that a value which counts may not conform to.
    """

    shape: ShapeName
    least: int | None
    most: int | None
    siblings: tuple[ShapeName, ...]


@dataclass(frozen=True)
class Closed(Constraint):
    """https://www.w3.org/TR/shacl/#ClosedConstraintComponent"""

    allowed: frozenset[URIRef]


@dataclass(frozen=True)
class HasValue(Constraint):
    """https://www.w3.org/TR/shacl/#HasValueConstraintComponent"""

    value: Term


@dataclass(frozen=True)
class In(Constraint):
    """https://www.w3.org/TR/shacl/#InConstraintComponent"""

    values: tuple[Term, ...]


@dataclass(frozen=True)
class Query:
    """A SPARQL text with its own prefixes, and the node of the shapes graph that has it.

    `name` says for people which node that is.
    """

    owner: URIRef | BNode
    text: str
    prefixes: tuple[tuple[str, str], ...]
    is_ask: bool
    messages: tuple[Literal, ...]
    name: str


@dataclass(frozen=True)
class Sparql(Constraint):
    """https://www.w3.org/TR/shacl/#sparql-constraints"""

    query: Query


@dataclass(frozen=True)
class Custom(Constraint):
    """https://www.w3.org/TR/shacl/#sparql-constraint-components, with the values of one use."""

    query: Query
    parameters: tuple[tuple[str, Term], ...]


@dataclass(frozen=True)
class QueryTarget:
    """https://www.w3.org/TR/shacl-af/#SPARQLTarget: what a query chooses, given the parameters."""

    query: Query
    parameters: tuple[tuple[str, Term], ...]


#: Constraint → the shapes whose verdicts it depends on.
CHILDREN: MappingProxyType[type[Constraint], tuple[str, ...]] = MappingProxyType(
    {
        Not: ("shape",),
        And: ("shapes",),
        Or: ("shapes",),
        Xone: ("shapes",),
        Node: ("shape",),
        Property: ("shape",),
        Qualified: ("shape", "siblings"),
    }
)


@dataclass(frozen=True)
class Shape:
    """A node shape, or a property shape where it has a path."""

    name: ShapeName
    path: PropertyPath | None
    targets: tuple[Target | QueryTarget, ...]
    constraints: tuple[Constraint, ...]
    severity: URIRef = SH.Violation
    messages: tuple[Literal, ...] = ()
    is_deactivated: bool = False


@dataclass(frozen=True)
class Plan:
    """All shapes that have targets, and those that they use."""

    shapes: dict[ShapeName, Shape]
    #: Keys of the terms that the shapes name.
    constants: frozenset[str] = frozenset()

    def only(self, names: Iterable[ShapeName]) -> Plan:
        """Return the plan of some shapes, with all that these use."""
        kept: set[ShapeName] = set()
        pending = list(names)
        while pending:
            if (name := pending.pop()) not in kept:
                kept.add(name)
                constraints = self.shapes[name].constraints
                pending += [child.name for c in constraints for child in self.children(c)]
        return Plan({n: s for n, s in self.shapes.items() if n in kept}, self.constants)

    def children(self, constraint: Constraint) -> Iterator[Shape]:
        """Yield the shapes whose verdicts a constraint depends on, as they are written."""
        for attribute in CHILDREN.get(type(constraint), ()):
            value = getattr(constraint, attribute)
            for name in value if isinstance(value, tuple) else (value,):
                yield self.shapes[name]


def predicates_of(path: PropertyPath | None) -> Iterator[URIRef]:
    """Yield the properties of a path."""
    if isinstance(path, PathExpression):
        for part in path.parts:
            yield from predicates_of(part)
    elif path is not None:
        yield path
