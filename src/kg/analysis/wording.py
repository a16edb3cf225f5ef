"""Paths in sentences that a person would say."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from kg.analysis.model import Hop, Nearest, Path, Stop
from kg.namespaces import DCT, ESCO, KG, ONET, SCHEMA, SKOS, compact
from kg.texts import one_line, shorten

__all__ = [
    "citation_sentences",
    "evidence",
    "kind_of",
    "nearest_sentence",
    "noun",
    "sentence",
    "way",
]

#: What a property says of its subject {a} and its object {b}, and of its object and its subject.
_VERBS: dict[str, tuple[str, str]] = {
    ESCO.relatedEssentialSkill: ("essentially needs", "is essential in"),
    ESCO.relatedOptionalSkill: ("may need", "is optional in"),
    KG.category: ("assigns", "is assigned by"),
    KG.cites: ("cites", "is cited by"),
    KG.domain: ("belongs to", "includes"),
    KG.framework: ("stands in", "includes"),
    KG.groundedIn: ("name", "is named by"),
    KG.occupation: ("describes work in", "is described by"),
    KG.stage: ("is expected at", "expects"),
    KG.supports: ("supports", "is supported by"),
    ONET.hasRating: ("needs", "is important in"),
    ONET.hasSoftware: ("uses", "is used in"),
    ONET.hasTask: ("includes", "is a task of"),
    ONET.linkedTo: ("is linked by O*NET to", "is linked by O*NET to"),
    SKOS.broadMatch: ("is matched with the wider", "is matched with the narrower"),
    SKOS.closeMatch: ("closely matches", "closely matches"),
    SKOS.exactMatch: ("is the same as", "is the same as"),
    SKOS.narrowMatch: ("is matched with the narrower", "is matched with the wider"),
    SKOS.relatedMatch: ("is matched with", "is matched with"),
    SKOS.broader: ("is a part of", "includes"),
    DCT.isPartOf: ("is part of", "includes"),
    DCT.source: ("draws on", "is drawn on by"),
    SCHEMA.about: ("is about", "is described by"),
}
#: The same of what is only a link.
_MAY: dict[str, tuple[str, str]] = {KG.supports: ("may support", "may be supported by")}
#: Kinds that keep their kind in front, because others bear the same labels.
_NAMESAKES = (
    *("classification", "document", "esco-occupation", "esco-skill"),
    *("figure", "framework", "section"),
)
#: Kinds whose names are abbreviations, in full.
_FULL = {
    "dwa": "detailed work activity",
    "esco-occupation": "ESCO occupation",
    "esco-skill": "ESCO skill",
    "iwa": "intermediate work activity",
}
#: What the elements of O*NET's content model are, by how their codes begin; others are descriptors.
_ELEMENTS = {
    "1.A.": "ability",
    "2.A.": "skill",
    "2.B.": "skill",
    "2.C.": "field of knowledge",
    "4.A.": "work activity",
}
#: Kinds whose labels say what they are.
_BARE = ("stage",)
#: Kinds whose labels are texts, and stand in quotation marks.
_QUOTED = ("classification", "figure", "framework", "section", "source", "statement")
_MOST_SHORT = 60
_PLURAL = {"is part of": "are part of"}


def noun(stop: Stop, *, is_known: bool = False) -> str:
    """Return what a node is called in a sentence; shorter where it was named before."""
    label = one_line(stop.label)
    if stop.kind in ("dwa", "iwa"):
        label = label.removesuffix(".")
    if stop.kind in _BARE:
        return label
    if stop.kind == "task":
        if stop.code is None:
            return f"the task “{label}”"
        return f"task {one_line(stop.code)}" + ("" if is_known else f" (“{label}”)")
    if _are_anchors(stop):
        return "the source anchors"
    name = f"“{label}”" if stop.kind in _QUOTED else label
    return name if is_known and stop.kind not in _NAMESAKES else f"the {kind_of(stop)} {name}"


def kind_of(stop: Stop) -> str:
    """Return what a node is."""
    if stop.kind == "element":
        return _ELEMENTS.get((stop.code or "")[:4], "descriptor")
    return _FULL.get(stop.kind, stop.kind)


def _are_anchors(stop: Stop) -> bool:
    return stop.kind == "section" and stop.label == "anchors"


def short(stop: Stop) -> str:
    """Return a node's name as it stands in a chain of names."""
    name = one_line(f"task {stop.code}" if stop.kind == "task" and stop.code else stop.label)
    if stop.kind in ("dwa", "iwa"):
        name = name.removesuffix(".")
    if stop.kind in _NAMESAKES and not _are_anchors(stop):
        name = f"{_FULL.get(stop.kind, stop.kind)} {name}"
    return shorten(name, _MOST_SHORT)


def way(path: Path) -> str:
    """Return the names of a path's nodes, with the directions of the properties between them."""
    arrows = ("→" if hop.is_forward else "←" for hop in path.hops)
    names = (f" {arrow} {short(hop.end)}" for arrow, hop in zip(arrows, path.hops, strict=True))
    return short(path.stops[0]) + "".join(names)


def sentence(hop: Hop, known: Collection[Stop] = ()) -> str:
    """Return a hop as a sentence; nodes that were named before are named in short."""
    verbs = _VERBS.get(hop.property, (f"has the {compact(hop.property)}", "is that of"))
    if hop.is_tentative:
        verbs = _MAY.get(hop.property, verbs)
    if hop.rule is not None:
        verbs = ("is placed at", "is the stage of")
    verb = verbs[0 if hop.is_forward else 1]
    if _are_anchors(hop.start):
        verb = _PLURAL.get(verb, verb)
    start, end = (noun(s, is_known=s in known) for s in (hop.start, hop.end))
    return f"{start[0].upper()}{start[1:]} {verb} {end}."


def evidence(hop: Hop) -> str:
    """Return the property of a hop, its direction, and what the hop rests on."""
    arrow = "→" if hop.is_forward else "←"
    parts = [f"{arrow} {compact(hop.property)}", hop.basis]
    if hop.confidence is not None:
        parts.append(f"confidence {one_line(hop.confidence)}")
    if hop.is_tentative:
        parts.append("below the threshold")
    if hop.rule is not None:
        parts.append(f"derived: {one_line(hop.rule)[:1].lower()}{one_line(hop.rule)[1:]}")
    return ", ".join(parts)


def citation_sentences(path: Path) -> list[str]:
    """Return what is cited on the way, a sentence for each node that cites.

    Where none does, the named graphs are told that the path stands in: an O*NET release, say.
    """
    citations = path.citations
    if not citations:
        graphs = {hop.graph.rpartition("/graph/")[2] for hop in path.hops if hop.graph is not None}
        where = (
            f"; all of it stands in {' and '.join(sorted(map(one_line, graphs)))}" if graphs else ""
        )
        return [f"no source is cited on the way{where}."]
    sentences = []
    for stop, group in groupby(citations, key=lambda c: c.stop):
        verb = "cites" if stop.kind == "statement" else "draws on"
        titles = [one_line(c.source.label) for c in group]
        listed = "; ".join(titles[:-1]) + (" and " if titles[1:] else "") + titles[-1]
        sentences.append(f"{noun(stop, is_known=True)} {verb} {listed}.")
    return sentences


def nearest_sentence(nearest: Nearest) -> str:
    """Return how far one came from an end."""
    origin = noun(nearest.origin)
    if nearest.stop is None:
        text = f"{origin} leads nowhere"
    elif nearest.stop.kind == nearest.wanted:
        text = f"the nearest {nearest.wanted} to {origin} is {noun(nearest.stop)}"
    else:
        text = (
            f"{origin} leads to no {nearest.wanted}; the nearest it leads to is "
            f"{noun(nearest.stop)}"
        )
    return text[0].upper() + text[1:] + "."
