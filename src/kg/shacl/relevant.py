"""What of a data graph its shapes can look at, so that the rest need not be loaded.

Everything that SHACL Core looks at in data is a triple whose predicate the shapes name (in paths,
targets and pairs of properties), or an `rdf:type` or `rdfs:subClassOf` triple of a class that they
name (https://www.w3.org/TR/shacl/#data-graph); and everything that a SPARQL constraint looks at is
a triple of a pattern in it. So triples whose predicate stands nowhere in the shapes are left out,
and so are the types that are none of their classes, nor below one. That is nearly all of a release
of O*NET. Whatever is named counts, whether as a predicate, a class or neither: too much is kept
rather than too little. Where a pattern may match any triple, all are kept.

The order of the rows stays as it is, and with it that of the answers of SPARQL, so that a report
is the same to the letter. To that end, what the writers of a report tell of its nodes is kept too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from rdflib import RDF, RDFS, SH, Graph, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from kg import namespaces
from kg.errors import ShapesError
from kg.shacl.locations import CLASSES, PREDICATES
from kg.shacl.paths import PathExpression, PropertyPath, read_path
from kg.shacl.plan import predicates_of
from kg.shacl.queries import has_ambiguous_prefixes, operands, read, read_queries
from kg.shacl.wellformed import UNSUPPORTED, is_unknown

__all__ = [
    "EVERYTHING",
    "IS_OF_BLANK",
    "NOTHING",
    "Relevance",
    "is_relevant",
    "looked_at",
    "of_query",
    "relevance",
    "relevance_of_queries",
    "select",
    "with_subclasses",
]


@dataclass(frozen=True, slots=True)
class Relevance:
    """What shapes can look at in data, beside `rdfs:subClassOf` and blank nodes.

    `predicates` are those of triples other than `rdf:type`, or None where it is every triple;
    `classes` those that types count of, with all classes below, or None where it is every type.
    """

    predicates: frozenset[str] | None
    classes: frozenset[str] | None

    def __or__(self, other: Relevance) -> Relevance:
        """Return what either of two can look at."""
        pairs = ((self.predicates, other.predicates), (self.classes, other.classes))
        return Relevance(*(None if a is None or b is None else a | b for a, b in pairs))


#: For shapes that may look at any triple.
EVERYTHING = Relevance(None, None)
NOTHING = Relevance(frozenset(), frozenset())

#: Custom constraint components bring parameters, and queries, of which nothing is known here.
_COMPONENTS = (SH.nodeValidator, SH.parameter, SH.propertyValidator, SH.validator)

#: What an algebra is made of that looks at nothing but the patterns and expressions in it. GRAPH
#: is not among them, nor what the translation leaves untranslated.
_OPERATORS = frozenset(
    """
    AggregateJoin AskQuery BGP Distinct Extend Filter Function Group Join LeftJoin Minus OrderBy
    OrderCondition Project Reduced SelectQuery Slice ToMultiSet TrueFilter Union values
    """.split()
)
_EXPRESSIONS = re.compile(r"(Aggregate|Builtin)_\w+|\w+Expression|Unary\w+")

#: pySHACL puts the path of a shape where this stands, if a space or bracket stands before it.
_PATH = Variable("PATH")
_PATH_UNPLACED = re.compile(r"(?<![\s{}()])[?$]PATH")


class _AnyTriple(Exception):
    """A query may look at any triple."""


def relevance(shapes: Graph) -> Relevance:
    """Return what shapes and the writers of reports can look at; EVERYTHING where that is unsure.

    Shapes that are ill-formed or not supported raise nothing here: they are refused, with their
    names, when they are run.
    """
    found = looked_at(shapes)
    if found.predicates is None:
        return found
    classes = None if found.classes is None else found.classes | CLASSES
    return Relevance(found.predicates | PREDICATES, classes)


def looked_at(shapes: Graph) -> Relevance:
    """Return what shapes can look at; EVERYTHING where that cannot be told for certain."""
    terms = {*shapes.predicates(), *shapes.objects(None, RDF.type)}
    is_closed = any(str(value) == "true" for value in shapes.objects(None, SH.closed))
    if is_closed or SH.ConstraintComponent in terms or not terms.isdisjoint(_COMPONENTS):
        return EVERYTHING
    if not terms.isdisjoint(UNSUPPORTED) or any(map(is_unknown, terms)):
        return EVERYTHING
    if has_ambiguous_prefixes(shapes):  # a query might be read here in another way than when run
        return EVERYTHING
    named = {n for s, _, o in shapes for n in (s, o) if isinstance(n, URIRef)}
    found = _Mentions({str(iri) for iri in named}, any_type=RDF.type in named)
    try:
        for owner, text, algebra in read_queries(shapes):
            _read_query(found, text, algebra, list(_paths(shapes, owner)))
    except (_AnyTriple, ShapesError):
        return EVERYTHING
    classes = None if found.any_type else frozenset(found.iris)
    return Relevance(frozenset(found.iris - {str(RDF.type)}), classes)


def relevance_of_queries(shapes: Graph) -> Relevance:
    """Return what the queries of shapes can look at, and nothing else of the shapes can."""
    found = _Mentions(set(), any_type=False)
    try:
        if has_ambiguous_prefixes(shapes) or SH.ConstraintComponent in shapes.objects():
            return EVERYTHING
        for owner, text, algebra in read_queries(shapes):
            paths = list(_paths(shapes, owner))
            _read_query(found, text, algebra, paths)
            on_paths = {iri for path in paths for iri in predicates_of(path)}
            found.iris.update(map(str, on_paths))
            found.any_type |= RDF.type in on_paths
    except (_AnyTriple, ShapesError):
        return EVERYTHING
    classes = None if found.any_type else frozenset(found.iris)
    return Relevance(frozenset(found.iris - {str(RDF.type)}), classes)


def of_query(
    text: str, prefixes: tuple[tuple[str, str], ...], path: PropertyPath | None
) -> Relevance:
    """Return what a query with the path of its shape can look at."""
    on_path = {*map(str, predicates_of(path))}
    found = _Mentions(on_path, any_type=str(RDF.type) in on_path)
    try:
        _read_query(found, text, read(text, prefixes).algebra, [path])
    except _AnyTriple:
        return EVERYTHING
    classes = found.iris if str(RDF.type) in found.iris else ()
    predicates = frozenset(found.iris - {str(RDF.type)})
    return Relevance(predicates, None if found.any_type else frozenset(classes))


def select(table: pl.LazyFrame, wanted: Relevance) -> pl.LazyFrame:
    """Return the rows of a quad table that are relevant, in their order.

    What is kept beside: `rdfs:subClassOf`, on which types depend, types that are no IRI, and every
    triple of a blank node, which a report names and describes by its triples.
    """
    if wanted.predicates is None:
        return table
    return table.filter(is_relevant(table, wanted) | IS_OF_BLANK)


#: Tells whether a row of a quad table is about a blank node.
IS_OF_BLANK = pl.col("subject").str.starts_with("_:") | (pl.col("kind") == "blank")


def is_relevant(table: pl.LazyFrame, wanted: Relevance) -> pl.Expr:
    """Return what tells whether a row of a quad table is relevant, blank nodes aside."""
    if wanted.predicates is None:
        return pl.lit(True)
    predicate, of_type = pl.col("predicate"), pl.col("predicate") == namespaces.RDF.type
    if wanted.classes is not None:
        classes = with_subclasses(table, wanted.classes) if wanted.classes else set[str]()
        of_type &= pl.col("object").is_in(sorted(classes)) | (pl.col("kind") != "iri")
    return predicate.is_in(sorted(wanted.predicates | {namespaces.RDFS.subClassOf})) | of_type


def with_subclasses(table: pl.LazyFrame, classes: frozenset[str]) -> set[str]:
    """Return classes with all that the data puts below them."""
    rows = table.filter(pl.col("predicate") == namespaces.RDFS.subClassOf)
    below: dict[str, list[str]] = {}
    for lower, upper in rows.select("subject", "object").collect().iter_rows():
        below.setdefault(upper, []).append(lower)
    found, pending = set(classes), list(classes)
    while pending:
        fresh = set(below.get(pending.pop(), ())) - found
        found |= fresh
        pending += fresh
    return found


@dataclass(slots=True)
class _Mentions:
    """The IRIs that shapes name, and whether a pattern matches types of any class."""

    iris: set[str]
    any_type: bool


def _paths(shapes: Graph, owner: Any) -> Iterator[PropertyPath | None]:
    """Yield the path of each shape that a query belongs to; raises ShapesError if it is none."""
    for shape in shapes.subjects(SH.sparql, owner):
        path = shapes.value(shape, SH.path)
        yield None if path is None else read_path(shapes, path)


def _read_query(
    found: _Mentions, text: str, algebra: CompValue, paths: list[PropertyPath | None]
) -> None:
    """Add what a query names; raises _AnyTriple if it may look at any triple."""
    if _PATH_UNPLACED.search(text):
        raise _AnyTriple
    # What the path itself names is in the shapes, so only its nature matters.
    is_path_local = all(path is not None and _is_fixed(path) for path in paths)
    pending: list[Any] = [algebra]
    while pending:
        part = pending.pop()
        if isinstance(part, CompValue):
            if part.name not in _OPERATORS and not _EXPRESSIONS.fullmatch(part.name):
                raise _AnyTriple
            if part.name == "BGP":
                for subject, predicate, value in part.triples:
                    if predicate != _PATH:
                        _read_pattern(found, subject, predicate, value)
                    elif not is_path_local:
                        raise _AnyTriple
            pending.extend(operands(part))
        elif isinstance(part, URIRef):
            found.iris.add(str(part))
        elif isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list | tuple | set | frozenset):
            pending.extend(part)
        elif not (part is None or isinstance(part, str | bool | int | Path)):
            raise _AnyTriple


def _is_fixed(path: PropertyPath) -> bool:
    """Tell whether a shape's path has no part that may be of length zero."""
    if isinstance(path, PathExpression):
        return path.kind not in ("zeroOrMore", "zeroOrOne") and all(map(_is_fixed, path.parts))
    return True


def _read_pattern(found: _Mentions, subject: Any, predicate: Any, value: Any) -> None:
    """Add what a triple pattern names; raises _AnyTriple if it may match any triple."""
    steps = list(predicate.args) if isinstance(predicate, SequencePath) else [predicate]
    names = [iri for step in steps for iri in _iris(step)]
    found.iris.update(names)
    # A step that may be of length zero leads from every node to itself, unless it is known where
    # it starts or ends. rdflib takes a literal such as 0 or "" for an unknown start, so that only
    # an IRI of the query makes it known, and only at the first or last step.
    if optional := [step for step in steps if _may_be_empty(step)]:
        ends = (subject, value) if len(steps) == 1 else (value,)
        is_known = any(isinstance(end, URIRef) for end in ends)
        if not (is_known and len(optional) == 1 and _is_repeated(steps[-1])):
            raise _AnyTriple
    if str(RDF.type) in names:
        # `rdf:type ex:C` and `rdf:type/rdfs:subClassOf* ex:C` match types at and below ex:C.
        if len(steps) > 1 and isinstance(steps[-1], MulPath) and steps[-1].path == RDFS.subClassOf:
            steps.pop()
        is_last = steps[-1] == RDF.type and names.count(str(RDF.type)) == 1
        found.any_type |= not (is_last and isinstance(value, URIRef))


def _iris(path: Any) -> Iterator[str]:
    """Yield the properties of a path; raises _AnyTriple where that may be any."""
    if isinstance(path, URIRef):
        yield str(path)
    elif isinstance(path, MulPath):
        yield from _iris(path.path)
    elif isinstance(path, InvPath):
        yield from _iris(path.arg)
    elif isinstance(path, SequencePath | AlternativePath):
        for part in path.args:
            yield from _iris(part)
    else:  # a variable, a negated path
        raise _AnyTriple


def _may_be_empty(path: Any) -> bool:
    """Tell whether a path has a part that may be of length zero."""
    if isinstance(path, MulPath):
        return path.zero or _may_be_empty(path.path)
    if isinstance(path, InvPath):
        return _may_be_empty(path.arg)
    if isinstance(path, SequencePath | AlternativePath):
        return any(map(_may_be_empty, path.args))
    return False


def _is_repeated(path: Any) -> bool:
    """Tell whether a path is one part, never empty itself, any number of times."""
    return isinstance(path, MulPath) and not _may_be_empty(path.path)
