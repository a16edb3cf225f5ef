"""The hierarchy of ESCO: roots, orphans, cycles, and what relations name and no file describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["HierarchyReport", "check_hierarchy"]


@dataclass(frozen=True, slots=True)
class HierarchyReport:
    """What is to be known of a hierarchy; every list is in the order of the IRIs.

    `roots` are groups with nothing above them, `orphans` other concepts with nothing above them;
    `cycle` is one that there is, or empty; `undescribed` are ends of relations that are no concept.
    """

    roots: tuple[str, ...]
    orphans: tuple[str, ...]
    cycle: tuple[str, ...]
    undescribed: tuple[str, ...]


def check_hierarchy(
    concepts: Iterable[str], groups: Iterable[str], broader: Iterable[tuple[str, str]]
) -> HierarchyReport:
    """Return what is to be known of concepts and groups; `broader` pairs each with one above it."""
    above: dict[str, list[str]] = {}
    ends: set[str] = set()
    for concept, parent in broader:
        above.setdefault(concept, []).append(parent)
        ends |= {concept, parent}
    of_groups, of_concepts = set(groups), set(concepts)
    known = of_groups | of_concepts
    return HierarchyReport(
        tuple(sorted(of_groups - above.keys())),
        tuple(sorted(of_concepts - above.keys())),
        _cycle(above),
        tuple(sorted(ends - known)),
    )


def _cycle(above: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the nodes of a cycle, the first of them again at its end; nothing if there is none."""
    done: set[str] = set()
    for start in sorted(above):
        path: dict[str, None] = {}
        # Depth first with a stack of its own: a hierarchy of a stranger may be deep.
        stack = [(start, iter(sorted(above.get(start, ()))))]
        if start in done:
            continue
        path[start] = None
        while stack:
            node, parents = stack[-1]
            parent = next(parents, None)
            if parent is None:
                stack.pop()
                path.pop(node)
                done.add(node)
            elif parent in path:
                nodes = list(path)
                return (*nodes[nodes.index(parent) :], parent)
            elif parent not in done:
                path[parent] = None
                stack.append((parent, iter(sorted(above.get(parent, ())))))
    return ()
