"""What a shapes graph may hold: what the standard allows, less what the engine cannot check.

An engine that passes over what it does not understand says "conforms" of what it never looked at.
So everything is refused here that is ill-formed, not supported, or no term of SHACL at all.

https://www.w3.org/TR/shacl/#syntax-rules
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from kg.errors import ShapesError
from kg.shacl.custom_targets import query_owner, values_of
from kg.shacl.paths import list_members, read_path
from kg.shacl.terms import compact, described
from kg.shacl.values import SINGLE, VALUES

__all__ = ["UNSUPPORTED", "check", "is_unknown"]

_Row = TypeVar("_Row", bound=tuple[object, ...])

#: Parts of SHACL Advanced Features and SHACL-JS. The engine would ignore them without a word.
UNSUPPORTED: tuple[URIRef, ...] = (
    SH.Function,
    SH.JSConstraint,
    SH.JSFunction,
    SH.JSLibrary,
    SH.JSRule,
    SH.JSTarget,
    SH.JSTargetType,
    SH.JSValidator,
    SH.Rule,
    SH.SPARQLFunction,
    SH.SPARQLRule,
    SH.TargetType,
    SH.TripleRule,
    SH.entailment,
    SH.expression,
    SH.js,
    SH.jsFunctionName,
    SH.jsLibrary,
    SH.rule,
    URIRef(f"{SH}values"),
)

_ONLY_ON_PROPERTIES = (
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.maxCount,
    SH.minCount,
    SH.qualifiedValueShape,
    SH.uniqueLang,
)
_TO_SHAPE = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_TO_SHAPES = (SH["and"], SH["or"], SH.xone)


def check(shapes: Graph) -> None:
    """Raise ShapesError, which names the shape and says what to do, where `shapes` is not sound."""
    for refuse in (
        _refuse_unsupported,
        _refuse_unknown_terms,
        _refuse_wrong_targets,
        _refuse_wrong_values,
        _refuse_repeated_values,
        _refuse_wrong_paths,
        _refuse_misplaced_parameters,
        _refuse_missing_shapes,
        _refuse_recursion,
    ):
        refuse(shapes)


def _refuse_unsupported(shapes: Graph) -> None:
    terms = set(shapes.predicates()) | set(shapes.objects(None, RDF.type))
    for term in UNSUPPORTED:
        if term in terms:
            raise ShapesError(
                f"{compact(term)} is not supported, so what it asks for would go unchecked; "
                "take it out, or say the same with core or SPARQL constraints"
            )


def _refuse_unknown_terms(shapes: Graph) -> None:
    # Data may stand among shapes, so only what SHACL says something of is held to its terms.
    subjects = {
        subject
        for subject, predicate, value in shapes
        if str(predicate) in SH or (predicate == RDF.type and str(value) in SH)
    }
    rows = [row for row in shapes if row[0] in subjects and any(map(is_unknown, row[1:]))]
    for subject, predicate, value in _in_order(shapes, rows):
        term = predicate if is_unknown(predicate) else value
        raise ShapesError(
            f"{described(shapes, subject)} has {compact(str(term))}, which is no term of SHACL; "
            "correct its name"
        )


def is_unknown(term: Node) -> bool:
    """Tell whether a term has the namespace of SHACL, which does not have the term."""
    return isinstance(term, URIRef) and term.startswith(str(SH)) and term not in SH


def _refuse_wrong_targets(shapes: Graph) -> None:
    for shape, target in _in_order(shapes, shapes.subject_objects(SH.target)):
        owner = query_owner(shapes, target)
        if owner is None:
            raise ShapesError(
                f"{described(shapes, shape)} has a sh:target of no type that is "
                "supported; make it a sh:SPARQLTarget, or of a sh:SPARQLTargetType among the shapes"
            )
        if (owner, SH.select, None) not in shapes:
            raise ShapesError(f"{described(shapes, owner)} needs a sh:select, which chooses ?this")
        for _ in values_of(shapes, target, owner):
            pass  # raises where one is missing, or there are several


def _refuse_wrong_values(shapes: Graph) -> None:
    for parameter, (words, allowed) in VALUES.items():
        for shape, value in _in_order(shapes, shapes.subject_objects(parameter)):
            if not allowed(shapes, value):
                given = f"{compact(parameter)} {described(shapes, value)}"
                if isinstance(value, BNode):  # described by where it stands, which is said already
                    given = f"a blank node for {compact(parameter)}"
                raise ShapesError(f"{described(shapes, shape)} has {given}; what it takes: {words}")


def _refuse_repeated_values(shapes: Graph) -> None:
    for parameter in sorted(SINGLE):
        counts = Counter(shapes.subjects(parameter))
        for shape in _ordered(shapes, (shape for shape, count in counts.items() if count > 1)):
            name = described(shapes, shape)
            raise ShapesError(f"{name} has several values of {compact(parameter)}; leave one")


def _refuse_wrong_paths(shapes: Graph) -> None:
    for shape, path in _in_order(shapes, shapes.subject_objects(SH.path)):
        try:
            read_path(shapes, path)
        except ShapesError as error:
            raise ShapesError(f"the path of {described(shapes, shape)}: {error}") from None


def _refuse_misplaced_parameters(shapes: Graph) -> None:
    def having(predicate: URIRef) -> set[Node]:
        return set(shapes.subjects(predicate))

    def typed(kind: URIRef) -> set[Node]:
        return set(shapes.subjects(RDF.type, kind))

    with_path = having(SH.path)
    used_as_property = set(shapes.objects(None, SH.property)) | typed(SH.PropertyShape)
    counted = having(SH.qualifiedMinCount) | having(SH.qualifiedMaxCount)
    wrong: list[tuple[set[Node], str]] = [
        (having(parameter) - with_path, f"has {compact(parameter)} and needs a sh:path with it")
        for parameter in _ONLY_ON_PROPERTIES
    ]
    wrong += [
        (used_as_property - with_path, "is used as a property shape; give it a sh:path"),
        (typed(SH.NodeShape) & with_path, "is a node shape; take out its sh:path"),
        (
            set(shapes.objects(None, SH.node)) & with_path,
            "is a property shape, and used with sh:node; say sh:property, or take out its sh:path",
        ),
        (
            having(SH.qualifiedValueShape) - counted,
            "has a sh:qualifiedValueShape; add a sh:qualifiedMinCount or sh:qualifiedMaxCount",
        ),
        (having(SH.flags) - having(SH.pattern), "has sh:flags; add the sh:pattern they are for"),
    ]
    for found, what in wrong:
        for shape in _ordered(shapes, found):
            raise ShapesError(f"{described(shapes, shape)} {what}")


def _refuse_missing_shapes(shapes: Graph) -> None:
    for shape, used in _references(shapes):
        # A shape without a triple holds for everything: far more often it is a misspelt name.
        if isinstance(used, URIRef) and (used, None, None) not in shapes:
            raise ShapesError(
                f"{described(shapes, shape)} refers to {compact(used)}, which is not there; "
                "correct the name, or add the file that has it"
            )


def _refuse_recursion(shapes: Graph) -> None:
    asleep = {shape for shape, off in shapes.subject_objects(SH.deactivated) if str(off) == "true"}
    uses: dict[Node, list[Node]] = defaultdict(list)
    for shape, used in _references(shapes):
        if shape not in asleep:
            uses[shape].append(used)
    done: set[Node] = set()
    for start in list(uses):
        # Depth first with a stack of its own: a long chain of shapes is no reason to fail.
        trail, branches = [start], [iter(uses[start])]
        while trail and start not in done:
            following = next(branches[-1], None)
            if following is None:
                done.add(trail.pop())
                branches.pop()
            elif following in trail:
                circle = [*trail[trail.index(following) :], following]
                names = " → ".join(described(shapes, shape) for shape in circle)
                raise ShapesError(f"recursive shapes are not supported: {names}")
            elif following not in done:
                trail.append(following)
                branches.append(iter(uses.get(following, ())))


def _references(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """Yield each shape with a shape that it uses, in a fixed order."""
    for parameter in _TO_SHAPE:
        yield from _in_order(shapes, shapes.subject_objects(parameter))
    for parameter in _TO_SHAPES:
        for shape, head in _in_order(shapes, shapes.subject_objects(parameter)):
            for member in list_members(shapes, head):
                yield shape, member


def _in_order(shapes: Graph, rows: Iterable[_Row]) -> list[_Row]:
    def key(row: _Row) -> list[str]:
        return [described(shapes, term) for term in row if isinstance(term, Node)]

    return sorted(rows, key=key)


def _ordered(shapes: Graph, nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: described(shapes, node))
