"""A difference as a Turtle change set, in the Changeset vocabulary.

http://purl.org/vocab/changeset/schema# describes a change as plain triples, which every RDF tool
reads: a `cs:ChangeSet` for each node, with the triples to be removed and then added as reified
statements that have the node as their subject, and the reason of the change. (Patch formats are
no RDF, and graphs of additions and removals would need TriG.) There are no dates or names in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.diff.difference import Diff, node_changes
from kg.diff.model import NodeChange, Value
from kg.diff.wording import STATEMENTS, TASKS
from kg.export.attribution import HEADING
from kg.export.turtle import Terms, prefixes
from kg.namespaces import RDF, Namespace

__all__ = ["CS", "as_turtle"]

#: Not among the prefixes of the graphs themselves: no graph says anything in it.
CS = Namespace("http://purl.org/vocab/changeset/schema#")


def as_turtle(diff: Diff) -> Iterator[str]:
    """Yield the text of a Turtle document.

    Where an IRI took the place of another one (a statement in another domain, a task with
    another ID), `dct:replaces` says so, after all change sets.
    """
    for word, version in (("from", diff.old), ("to", diff.new)):
        release = f", O*NET {version.release}" if version.release else ""
        yield f"# Changes {word} {version.generation}{release}\n"
    if lines := diff.attributions:
        yield "".join(f"# {line}\n" for line in [HEADING, *lines])
    yield f"@prefix cs: <{CS.iri}> .\n{prefixes()}"
    reasons, replaced = _reasons(diff)
    for table in diff.tables():
        terms = Terms()
        for node in node_changes(table):
            yield _change_set(node, reasons.get(node.iri, (node.status,)), terms)
    terms = Terms()
    for new, old in sorted(replaced.items()):
        yield f"{terms.node(new)} dct:replaces {terms.node(old)} .\n"


def _reasons(diff: Diff) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return why nodes changed, where more is known than that, and what replaces what."""
    reasons: dict[str, tuple[str, ...]] = {}
    replaced: dict[str, str] = {}
    for task in diff.tasks:
        words = tuple(TASKS[kind] for kind in task.kinds)
        for of in (task.old, task.new):
            if of is not None:
                reasons[of.task] = words
        if task.renumbered and task.new is not None:
            replaced[task.new.task] = task.renumbered
    for statement in diff.statements:
        words = tuple(STATEMENTS[kind] for kind in statement.kinds)
        old, new = statement.old, statement.new
        for state in (old, new):
            if state is not None:
                reasons[state.statement] = words
        if old is not None and new is not None and old.statement != new.statement:
            replaced[new.statement] = old.statement
    return reasons, replaced


def _change_set(node: NodeChange, reasons: tuple[str, ...], terms: Terms) -> str:
    subject = terms.node(node.iri)
    said = " , ".join(f'"{reason}"@en' for reason in reasons)
    lines = [f"[] a cs:ChangeSet ;\n  cs:subjectOfChange {subject} ;\n  cs:changeReason {said}"]
    for property_, which in (("cs:removal", "removed"), ("cs:addition", "added")):
        for change in node.properties:
            predicate = "rdf:type" if change.predicate == RDF.type else terms.node(change.predicate)
            lines += [
                f"  {property_} [ a rdf:Statement ; rdf:subject {subject} ; "
                f"rdf:predicate {predicate} ; rdf:object {_term(value, terms)} ]"
                for value in getattr(change, which)
            ]
    return " ;\n".join(lines) + " .\n\n"


def _term(value: Value, terms: Terms) -> str:
    if value.kind != "literal":
        return terms.node(value.value)
    return terms.literal(value.value, value.datatype or "", value.language)
