"""Names for blank nodes that stay the same from run to run.

A parser names blank nodes at random. A report has to name them by what they are: by a digest of
the triples around them, which holds for the same data whatever a parser called the node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

from rdflib import BNode, Graph
from rdflib.term import Node

from kg.shacl.terms import turtle_term

__all__ = ["REACH", "blank_names"]

#: How many steps from a blank node to other blank nodes its digest looks.
REACH = 3


def blank_names(graph: Graph, nodes: Iterable[Node | None]) -> dict[Node, BNode]:
    """Return the blank nodes among `nodes`, each with the name it gets in a report.

    Nodes that nothing near them tells apart get numbers.
    """
    alike: dict[str, list[BNode]] = defaultdict(list)
    for node in sorted({node for node in nodes if isinstance(node, BNode)}):
        digest = sha256(_description(graph, node, REACH, {}).encode()).hexdigest()
        alike[f"b{digest[:12]}"].append(node)
    return {
        node: BNode(name if number == 1 else f"{name}x{number}")
        for name, same in alike.items()
        for number, node in enumerate(same, start=1)
    }


def _description(graph: Graph, node: Node, reach: int, made: dict[tuple[Node, int], str]) -> str:
    if not isinstance(node, BNode):
        return turtle_term(node)
    if reach == 0:
        return "[]"
    if (node, reach) not in made:
        # Kept per node and reach: without it, a hub of blank nodes is described again and again.
        out = [
            f"{turtle_term(predicate)} {_description(graph, value, reach - 1, made)}"
            for predicate, value in graph.predicate_objects(node)
        ]
        back = [
            f"^{turtle_term(predicate)} {_description(graph, subject, reach - 1, made)}"
            for subject, predicate in graph.subject_predicates(node)
        ]
        made[node, reach] = f"[{'; '.join(sorted(out + back))}]"
    return made[node, reach]
