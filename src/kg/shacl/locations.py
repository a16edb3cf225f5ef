"""Where what was found stands in the inputs, and which triples tell that and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from kg.namespaces import DCT, KG, LABELS, PROV, SKOS

__all__ = ["CLASSES", "NAMED_AFTER", "NAMES", "PREDICATES", "WHOLE", "Location"]

#: What is a name, the best first.
NAMES = (*LABELS, SKOS.notation, KG.fileName)
#: What a node without a name of its own is named after: a section after its domain, and so on.
NAMED_AFTER = (KG.domain, KG.metric, KG.source)
#: What leads to the document that a node was read in.
WHOLE = (PROV.wasDerivedFrom, DCT.isPartOf)

#: What is looked at: every triple with these predicates, and the types that are these classes.
PREDICATES = frozenset((*NAMES, *NAMED_AFTER, *WHOLE, KG.line))
CLASSES = frozenset({KG.Section})


@dataclass(frozen=True, slots=True)
class Location:
    """A file, and a line of it counted from 1, as far as they are known."""

    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.file and self.line:
            return f"{self.file}:{self.line}"
        return self.file or ""
