"""Runs shapes over a graph with pySHACL, to compare with, and returns what it found in order.

pySHACL gets graphs only, never names of files or addresses, and neither infers nor imports.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

import polars as pl
import rdflib
from rdflib import RDF, RDFS, SH, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from kg import rdf
from kg.errors import ShapesError
from kg.shacl.blanks import blank_names
from kg.shacl.engine import notes_of
from kg.shacl.idle import idle_counts
from kg.shacl.model import Term, ValidationReport, ValidationResult, result_key, term_key
from kg.shacl.paths import PropertyPath, read_path
from kg.shacl.queries import PreparedGraph, check_queries
from kg.shacl.targets import implicit_classes
from kg.shacl.terms import one_line
from kg.shacl.wellformed import check

__all__ = ["validate_by_reference"]

#: Parameters that do nothing unless they are true.
_SWITCHES = (SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint, SH.uniqueLang)

#: Recursion is refused beforehand, so this bounds nothing but the depth of Python's own stack.
_DEEPEST = 60


def validate_by_reference(data: Graph | pl.DataFrame, shapes: Graph) -> ValidationReport:
    """Return what `shapes` find in `data`, as `kg.shacl.validate` does.

    Raises ShapesError where the shapes are ill-formed or ask for what is not supported.
    """
    if isinstance(data, pl.DataFrame):
        data = rdf.to_rdflib(data)
    for graph in (data, shapes):
        # pySHACL would take a string for a file or an address, and open it
        if not isinstance(graph, Graph) or isinstance(graph, Dataset):
            raise TypeError(f"an rdflib Graph is needed, not {type(graph).__name__}")
    check(shapes)
    check_queries(shapes)
    report = _run(data, shapes)
    results = [_result(report, shapes, node) for node in report.objects(None, SH.result)]
    return ValidationReport(
        results=tuple(sorted(_with_names(results, data, shapes), key=result_key)),
        notes=tuple(notes_of(shapes, any(_focus_nodes(data, shapes)))),
    )


def _run(data: Graph, shapes: Graph) -> Graph:
    import pyshacl  # only here, since the other engine does without
    from pyshacl.rdfutil.stringify import stringify_blank_node

    # pySHACL remembers how it described a blank node, by where the graph lay in memory: another
    # graph may lie there by now.
    stringify_blank_node.dict_cache.clear()
    try:
        with _quiet() as complaints:
            _, report, _ = pyshacl.validate(
                PreparedGraph(data, shapes),
                shacl_graph=_for_pyshacl(shapes),
                inference="none",
                # Rules and functions, which this would run too, have been refused.
                advanced=(None, SH.target, None) in shapes,
                js=False,
                do_owl_imports=False,
                meta_shacl=False,
                max_validation_depth=_DEEPEST,
            )
    except Exception as error:  # of any kind: AttributeError, re.error, the parser's own
        raise ShapesError(f"the shapes cannot be run: {_reason(error)}") from error
    if complaints:
        raise ShapesError(f"the shapes cannot be run: {complaints[0]}")
    if not isinstance(report, Graph):  # pySHACL returns some failures instead of raising them
        raise ShapesError(f"the shapes cannot be run: {_reason(report)}")
    return report


def _for_pyshacl(shapes: Graph) -> Graph:
    """Return a copy of the shapes, which pySHACL adds to, without what it would misread."""
    copy = Graph()
    copy += shapes
    for switch in _SWITCHES:
        for shape, value in shapes.subject_objects(switch):
            # pySHACL also takes "1" for true, where the specification wants the term itself
            if str(value) != "true":
                copy.remove((shape, switch, value))
    for shape, parameter in idle_counts(shapes):
        copy.remove((shape, parameter, None))
    return copy


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Collect what pySHACL logs of constraints that it leaves out, and undo what it switches."""
    from pyshacl.errors import ShapeRecursionWarning

    complaints: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            complaints.append(one_line(record.getMessage(), 300))
        return False

    log = logging.getLogger("pyshacl-validate")
    handlers, normalize = list(log.handlers), rdflib.NORMALIZE_LITERALS
    log.addFilter(keep)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            yield complaints
    finally:
        log.removeFilter(keep)
        log.handlers = handlers
        rdflib.NORMALIZE_LITERALS = normalize


def _reason(error: object) -> str:
    return one_line(str(error), 300) or type(error).__name__


def _result(report: Graph, shapes: Graph, node: Node) -> ValidationResult:
    def one(predicate: URIRef) -> Node | None:
        return report.value(node, predicate)

    shape, constraint, path = one(SH.sourceShape), one(SH.sourceConstraint), one(SH.resultPath)
    messages, details = _messages(shapes, shape, constraint, report.objects(node, SH.resultMessage))
    # What a result has is given by the specification; the casts say no more than that.
    return ValidationResult(
        focus_node=cast(Term, one(SH.focusNode)),
        path=_path(report, shapes, path) if path else None,
        value=cast(Term | None, one(SH.value)),
        severity=cast(URIRef, one(SH.resultSeverity)),
        component=cast(URIRef, one(SH.sourceConstraintComponent)),
        source_shape=cast(URIRef | BNode, shape),
        source_constraint=cast(URIRef | BNode | None, constraint),
        messages=messages,
        details=details,
    )


def _path(report: Graph, shapes: Graph, node: Node) -> PropertyPath:
    # The report holds a copy of a shape's path under the same name.
    return read_path(shapes if (node, None, None) in shapes else report, node)


def _messages(
    shapes: Graph, shape: Node | None, constraint: Node | None, found: Iterable[Node]
) -> tuple[tuple[Literal, ...], tuple[Literal, ...]]:
    """Return the shape's own messages, and the others.

    pySHACL puts values into a message and drops its language; the tags are put back.
    """
    of_shape = {str(text): text for text in _literals(shapes.objects(shape, SH.message))}
    templates = _literals(shapes.objects(constraint, SH.message)) if constraint else []
    languages = {text.language for text in templates}
    language = languages.pop() if len(languages) == 1 else None
    own, others = set(), set()
    for text in _literals(found):
        if str(text) in of_shape:
            own.add(of_shape[str(text)])
        else:
            others.add(text if text.language else Literal(str(text), lang=language))
    return tuple(sorted(own, key=term_key)), tuple(sorted(others, key=term_key))


def _literals(nodes: Iterable[Node]) -> list[Literal]:
    return [node for node in nodes if isinstance(node, Literal)]


def _with_names(
    results: list[ValidationResult], data: Graph, shapes: Graph
) -> Iterator[ValidationResult]:
    """Yield the results with names for blank nodes that do not change from run to run."""
    of_data = blank_names(data, [n for r in results for n in (r.focus_node, r.value)])
    of_shapes = blank_names(
        shapes, [n for r in results for n in (r.source_shape, r.source_constraint)]
    )
    for result in results:
        value, constraint = result.value, result.source_constraint
        yield replace(
            result,
            focus_node=of_data.get(result.focus_node, result.focus_node),
            value=None if value is None else of_data.get(value, value),
            source_shape=of_shapes.get(result.source_shape, result.source_shape),
            source_constraint=None if constraint is None else of_shapes.get(constraint, constraint),
        )


def _focus_nodes(data: Graph, shapes: Graph) -> Iterator[Node]:
    """Yield nodes that shapes target (https://www.w3.org/TR/shacl/#targets), some repeatedly."""
    yield from shapes.objects(None, SH.targetNode)
    yield from shapes.objects(None, SH.target)  # what these choose is known to pySHACL only
    for target in {*shapes.objects(None, SH.targetClass), *implicit_classes(shapes)}:
        for of in data.transitive_subjects(RDFS.subClassOf, target):
            yield from data.subjects(RDF.type, of)
    for predicate in shapes.objects(None, SH.targetSubjectsOf):
        yield from data.subjects(predicate)
    for predicate in shapes.objects(None, SH.targetObjectsOf):
        yield from data.objects(None, predicate)
