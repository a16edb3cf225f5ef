"""What became of the statements of a framework: between two versions of its page, for instance."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kg.diff.changes import Changes
from kg.diff.facts import facts_of, first, touched
from kg.diff.model import StatementChange, StatementKind, StatementState
from kg.diff.pairing import pair
from kg.diff.sides import Side
from kg.namespaces import KG, RDF, SKOS

__all__ = ["STATEMENT_PROPERTIES", "statement_changes"]

#: What is told of a statement that both graphs have.
STATEMENT_PROPERTIES = (SKOS.prefLabel, SKOS.definition, KG.domain, KG.stage, KG.cites)


def statement_changes(old: Side, new: Side, changes: Changes) -> list[StatementChange]:
    """Return the statements that only one graph has, or that are not alike, by framework and IRI.

    The IRI of a statement has its domain and label in it: one that got another domain or label is
    dropped and added, and told as one by `kg.diff.pairing.pair`.
    """
    statements = touched(changes, KG.Statement, STATEMENT_PROPERTIES)
    before, after = _states(old, statements), _states(new, statements)
    both = before.keys() & after.keys()
    pairs: list[tuple[StatementState | None, StatementState | None]]
    pairs = [(before[s], after[s]) for s in both]
    dropped = _by_framework(s for i, s in before.items() if i not in both)
    added = _by_framework(s for i, s in after.items() if i not in both)
    for framework in dropped.keys() | added.keys():
        pairs += pair(dropped.get(framework, []), added.get(framework, []))
    found = [StatementChange(kinds, *p) for p in pairs if (kinds := _kinds(*p))]
    return sorted(found, key=_order)


def _states(side: Side, statements: Collection[str]) -> dict[str, StatementState]:
    facts = facts_of(side, statements, (RDF.type, KG.framework, *STATEMENT_PROPERTIES))
    return {
        statement: StatementState(
            statement=statement,
            framework=first(of, KG.framework),
            label=first(of, SKOS.prefLabel),
            text=first(of, SKOS.definition),
            domain=first(of, KG.domain),
            stage=first(of, KG.stage),
            cites=tuple(of.get(KG.cites, ())),
        )
        for statement, of in facts.items()
        if KG.Statement in of.get(RDF.type, ())
    }


def _by_framework(states: Iterable[StatementState]) -> dict[str, list[StatementState]]:
    found: dict[str, list[StatementState]] = {}
    for state in states:
        found.setdefault(state.framework or "", []).append(state)
    return found


def _kinds(old: StatementState | None, new: StatementState | None) -> tuple[StatementKind, ...]:
    if old is None:
        return ("added",)
    if new is None:
        return ("dropped",)
    change = StatementChange((), old, new)
    told: dict[StatementKind, bool] = {
        "reworded": (old.label, old.text) != (new.label, new.text),
        "moved-domain": old.domain != new.domain,
        "moved-stage": old.stage != new.stage,
        "citations-gained": bool(change.gained),
        "citations-lost": bool(change.lost),
    }
    return tuple(kind for kind, holds in told.items() if holds)


def _order(change: StatementChange) -> tuple[str, str]:
    state = change.new or change.old
    assert state is not None
    return state.framework or "", state.statement
