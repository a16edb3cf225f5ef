"""What shapes say that is no constraint, by the specification, though it looks like one."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.shacl.custom_targets import parameters_of
from kg.shacl.terms import compact, described

__all__ = ["idle_counts", "idle_notes"]


def idle_notes(shapes: Graph) -> Iterator[str]:
    """Yield a sentence about each shape that nothing was made of, in a fixed order.

    Raises ShapesError for a constraint component with a parameter that has no property.
    """
    for shape, parameter in idle_counts(shapes):
        given = f"{described(shapes, shape)} has {compact(parameter)}"
        yield f"{given} without a sh:qualifiedValueShape; nothing was counted"
    for shape, parameter in _idle_switches(shapes):
        given = f"{described(shapes, shape)} has {compact(parameter)}"
        yield f"{given} with a value that is not the term true; nothing was made of it"
    for shape, component in _idle_components(shapes):
        kind = "property" if (shape, SH.path, None) in shapes else "node"
        given = f"{described(shapes, component)} has no validator for {kind} shapes"
        yield f"{given}; what {described(shapes, shape)} asks of it was not checked"


def idle_counts(shapes: Graph) -> list[tuple[Node, URIRef]]:
    """Return each shape with a count that, without a value shape, is no constraint."""
    return [
        (shape, parameter)
        for parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        for shape in sorted(set(shapes.subjects(parameter)), key=str)
        if (shape, SH.qualifiedValueShape, None) not in shapes
    ]


def _idle_switches(shapes: Graph) -> list[tuple[Node, URIRef]]:
    """Return each shape with a parameter that is true by its value, but not the term true.

    By the W3C's tests (core/property/uniqueLang-002) it then is no constraint.
    """
    return [
        (shape, parameter)
        for parameter in (SH.uniqueLang, SH.qualifiedValueShapesDisjoint)
        for shape, value in sorted(shapes.subject_objects(parameter), key=str)
        if isinstance(value, Literal) and value.value is True and str(value) != "true"
    ]


def _idle_components(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """Yield each shape with a constraint component that has no validator for its kind.

    https://www.w3.org/TR/shacl/#constraint-components-validators: it then is passed over.
    """
    classes = shapes.transitive_subjects(RDFS.subClassOf, SH.ConstraintComponent)
    components = {node for of in classes for node in shapes.subjects(RDF.type, of)}
    for component in sorted(components, key=str):
        required, _ = parameters_of(shapes, component)
        having = [set(shapes.subjects(parameter)) for parameter in required]
        for shape in sorted(set.intersection(*having) if having else (), key=str):
            is_property = (shape, SH.path, None) in shapes
            own = SH.propertyValidator if is_property else SH.nodeValidator
            validators = (v for p in (own, SH.validator) for v in shapes.objects(component, p))
            forms = ((v, form, None) for v in validators for form in (SH.select, SH.ask))
            if not any(form in shapes for form in forms):
                yield shape, component
