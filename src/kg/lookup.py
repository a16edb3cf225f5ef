"""Names: from what a person types to a node, and from a text to the nodes that bear it.

A name is an IRI, in full (with `<` and `>` around it or not) or with a known prefix
(`kg:stageBasis`), a notation (a code, a task ID, the key of a source) or a label, with its kind
before a colon where labels clash: `domain:Communication`, `task:1282`, `skill:"Critical
Thinking"`. Case, white space and a final full stop of a label do not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

import polars as pl

from kg.errors import NotFoundError, RequestError
from kg.facts import Facts
from kg.mapping.iris import text_key
from kg.namespaces import DCT, ESCO, KG, LABELS, ONET, RDF, SKOS, expand
from kg.texts import shorten

__all__ = [
    "ENTITIES",
    "KINDS",
    "LABELS",
    "Names",
    "Node",
    "find",
    "kind_table",
    "label_table",
    "labels_of",
    "resolve",
]

#: What may stand before the colon of a name, and the class it means.
KINDS: dict[str, str] = {
    "classification": KG.Classification,
    "commodity": KG.Commodity,
    "concept": SKOS.Concept,
    "document": KG.Document,
    "domain": KG.Domain,
    "dwa": KG.DetailedWorkActivity,
    "element": KG.Element,
    "esco-occupation": ESCO.Occupation,
    "esco-skill": ESCO.Skill,
    "figure": KG.Figure,
    "framework": KG.Framework,
    "iwa": KG.IntermediateWorkActivity,
    "occupation": KG.Occupation,
    "scale": KG.Scale,
    "section": KG.Section,
    "skill": KG.Element,
    "source": KG.Source,
    "stage": KG.Stage,
    "statement": KG.Statement,
    "task": KG.Task,
    "technology": KG.Technology,
    "tool": KG.Tool,
    "zone": KG.JobZone,
}
#: The kinds of node that paths lead through and GraphML shows. Rows of a release's tables, such as
#: `kg:Rating`, are none, even where they have a kind: a graph may have millions of them.
ENTITIES: dict[str, str] = {
    kind: KINDS[kind]
    for kind in (
        "classification",
        "concept",
        "document",
        "domain",
        "element",
        "figure",
        "framework",
        "occupation",
        "section",
        "source",
        "stage",
        "statement",
        "task",
    )
}
_CODES = (SKOS.notation, KG.taskId)
_TEXTS = (SKOS.definition, DCT.description, ONET.description)
_MOST_CANDIDATES = 10
#: How much longer or shorter a misspelt name may be, and how alike (of `difflib`'s 0 to 1).
_MISSED, _ALIKE = 3, 0.75
#: So many nodes of a kind are listed where a name is none of theirs; a label is long from there on,
#: and too long to be typed.
_FEW, _LONG, _TOO_LONG = 6, 40, 100
#: A code has digits and no two letters beside each other, as MP3 and DB2 have.
_CODE = re.compile(r"(?!.*[^\W\d_]{2})[\w.-]*\d[\w.-]*")
_WORD = re.compile(r"\w+")
_URN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a list shows it: its kind, its label and, of a search, the text that was found."""

    iri: str
    kind: str
    label: str
    text: str | None = None

    @property
    def name(self) -> str:
        """The name that resolves to this node, with its kind, on one line."""
        label = " ".join(self.label.split())
        return f'{self.kind}:"{label}"' if " " in label else f"{self.kind}:{label}"


def resolve(table: pl.LazyFrame, name: str, kind: str | None = None) -> str:
    """Return the IRI of the one node that a name means; see `Names.resolve`."""
    return Names(table).resolve(name, kind)


class Names:
    """The names in a table, read when the first is looked up, and kept for the others."""

    def __init__(self, table: pl.LazyFrame) -> None:
        self._table = table
        self._read: Facts | None = None

    def resolve(self, name: str, kind: str | None = None) -> str:
        """Return the IRI of the one node that a name means.

        `kind` is the kind it must have if the name does not say one. Raises NotFoundError, with
        the candidates as names, where no node or more than one answers to it.
        """
        wanted = name.strip()
        if wanted.startswith("<") and wanted.endswith(">"):
            return self._known(wanted[1:-1])
        before, colon, after = wanted.partition(":")
        if colon and before.lower() in KINDS:
            kind, wanted = before.lower(), after.strip()
        if "://" in wanted:
            return self._known(wanted)
        iri = expand(wanted)
        if iri and self._is_known(iri):
            return iri
        nodes = self._bearing(wanted, kind)
        if not nodes and len(wanted) > 1 and wanted[0] == wanted[-1] == '"':
            wanted = wanted[1:-1]  # not before: a label may have quotation marks of its own
            nodes = self._bearing(wanted, kind)
        if len(nodes) == 1:
            return nodes[0].iri
        given = name.strip()  # such as urn:uuid:..., which looks like a label with a colon
        if not nodes and _URN.fullmatch(given) and self._is_known(given):
            return given
        if not nodes and iri:
            raise NotFoundError(f"the graph has no node {wanted}, which is {iri}")
        if not nodes:
            hint = self._hint(wanted, kind)
            raise NotFoundError(f"no {kind or 'node'} is called {wanted!r}; {hint}")
        names = [n.name for n in nodes]
        # Where two bear the same name even with its kind, only their IRIs tell them apart.
        shown = names if len(set(names)) == len(names) else [n.iri for n in nodes]
        more = f" and {len(shown) - _MOST_CANDIDATES} more" if len(shown) > _MOST_CANDIDATES else ""
        candidates = ", ".join(shown[:_MOST_CANDIDATES])
        raise NotFoundError(f"{wanted!r} may mean: {candidates}{more}")

    @property
    def _facts(self) -> Facts:
        if self._read is None:
            is_a = (pl.col("predicate") == RDF.type) & pl.col("object").is_in(list(KINDS.values()))
            is_name = pl.col("predicate").is_in([*LABELS, *_CODES])
            self._read = Facts(self._table, is_a | is_name)
        return self._read

    @cached_property
    def _bearers(self) -> pl.DataFrame:
        """Who bears each label or code, `node`, by its `key`."""
        named = self._facts.rows.filter(pl.col("predicate") != RDF.type)
        return named.select(node="subject", key=_keys(named["object"]))

    def _bearing_key(self, key: str) -> set[str]:
        return set(self._bearers.filter(pl.col("key") == key)["node"])

    def _bearing(self, name: str, kind: str | None) -> list[Node]:
        """Return the nodes whose code or label is a name, without a kind, or whose IRI ends so."""
        is_type = pl.col("predicate") == RDF.type
        ending = self._facts.rows.filter(is_type, pl.col("subject").str.ends_with(f"/{name}"))
        bearing = self._bearing_key(text_key(name)) | set(ending["subject"])
        described = _described(self._facts.about(bearing), bearing, kind).values()
        # Who is called so comes before who is also called so.
        called = [n for n in described if text_key(n.label) == text_key(name)]
        return sorted(called if len(called) == 1 else described, key=lambda n: n.iri)

    def _hint(self, name: str, kind: str | None) -> str:
        """Return what to do about a name that nothing bears: what is like it, or how to look."""
        is_code = _CODE.fullmatch(name) is not None
        if is_code:
            names = self._names(self._alike(name, kind), kind, is_code=True)
            names = names or self._names(self._with_word(name, kind), kind, is_code=False)
        else:
            near = find(self._table, name, kind, most=3) or self._alike(name, kind)
            names = self._names(near, kind, is_code=False)
        if names := names or _kinds_alike(name):
            return f"did you mean {' or '.join(names)}?"
        if kind and 0 < len(all_ := self._all(kind)) <= _FEW:
            return f"there are: {', '.join(self._names(all_, kind, is_code=is_code))}"
        return f"find one by its words: kg find WORDS{f' --kind {kind}' if kind else ''}"

    def _with_word(self, name: str, kind: str | None) -> list[Node]:
        """Return nodes in whose texts what looks like a code is a word, such as 3D, three at most.

        Digits alone stand in other texts by chance.
        """
        if not any(character.isalpha() for character in name):
            return []
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        found = find(self._table, name, kind)
        return [node for node in found if word.search(node.text or node.label)][:3]

    def _alike(self, name: str, kind: str | None) -> list[Node]:
        """Return the nodes that are called most like a misspelt name, three at most.

        Of long texts, such as those of tasks, nobody types the whole.
        """
        key = text_key(name)
        length = pl.col("key").str.len_chars().cast(pl.Int64)
        is_near = pl.col("key").str.starts_with(key[:1]) & ((length - len(key)).abs() <= _MISSED)
        names = self._bearers.filter(is_near)["key"].unique().to_list()
        close = [self._bearing_key(k) for k in get_close_matches(key, names, 9, _ALIKE)]
        every = set[str]().union(*close)
        nodes = _described(self._facts.about(every), every, kind)
        found = (nodes[iri] for bearers in close for iri in sorted(bearers) if iri in nodes)
        return list(dict.fromkeys(found))[:3]

    def _all(self, kind: str) -> list[Node]:
        """Return the nodes of a kind by their IRIs, as far as there are few."""
        is_one = (pl.col("predicate") == RDF.type) & (pl.col("object") == KINDS[kind])
        iris = self._facts.rows.filter(is_one)["subject"].unique().sort()[: _FEW + 1]
        nodes = _described(self._facts.about(iris), iris, kind)
        return [nodes[iri] for iri in iris if iri in nodes]

    def _names(self, nodes: Sequence[Node], kind: str | None, *, is_code: bool) -> list[str]:
        """Return a name that resolves to each of some nodes: its IRI where others are called so."""
        names = [self._name(node, kind, is_code=is_code) for node in nodes]
        times = Counter(map(text_key, names))
        return [
            name if times[text_key(name)] == 1 else node.iri
            for node, name in zip(nodes, names, strict=True)
        ]

    def _name(self, node: Node, kind: str | None, *, is_code: bool) -> str:
        """Return the name of a node: by its code where one was given, or its label is long."""
        node = replace(node, kind=kind or node.kind)
        rows = self._facts.about([node.iri]).filter(pl.col("predicate").is_in(_CODES))
        codes = sorted(rows.collect()["object"]) if is_code or len(node.label) > _LONG else []
        if not codes and len(node.label) <= _TOO_LONG:
            return node.name
        name = f"{node.kind}:{codes[0]}" if codes else node.iri
        return f"{name} ({shorten(' '.join(node.label.split()), _LONG)})"

    def _known(self, iri: str) -> str:
        if not self._is_known(iri):
            raise NotFoundError(f"the graph has no node {iri}")
        return iri

    def _is_known(self, iri: str) -> bool:
        if self._read is not None and iri in self._read:
            return True
        is_object = (pl.col("object") == iri) & (pl.col("kind") != "literal")
        here = self._table.filter((pl.col("subject") == iri) | is_object).head(1).collect()
        return here.height > 0


def _keys(texts: pl.Series) -> pl.Series:
    """Return what `text_key` returns of each text; of most, which are ASCII, all at once."""
    text = pl.col("text")
    is_ascii = text.str.len_bytes() == text.str.len_chars()
    folded = text.str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(" ").str.to_lowercase()
    key = folded.str.strip_chars_end(".").str.strip_chars_end(" ")
    other = pl.when(~is_ascii).then(text)  # nulls are not gone through
    return (
        texts.to_frame("text")
        .select(pl.when(is_ascii).then(key).otherwise(other.map_elements(text_key, pl.String)))
        .to_series()
    )


def _kinds_alike(name: str) -> list[str]:
    """Return a name with the kind that the one before its colon is like, if it is like one."""
    before, colon, after = name.partition(":")
    return [f"{kind}:{after}" for kind in get_close_matches(before.lower(), KINDS, 1) if colon]


def find(table: pl.LazyFrame, text: str, kind: str | None = None, most: int = 20) -> list[Node]:
    """Return the nodes whose labels or texts hold every word of a text, the best first.

    A label that equals the text comes before one that begins with it, one that holds it as it
    stands, one that holds its words, and these before other texts; then the shorter, then by IRI.
    """
    words = _WORD.findall(text)
    if not words:
        return []
    holds_all = [_holds(word.lower()) | _holds(word.casefold()) for word in words]
    hits = _said(table, [*LABELS, *_CODES, *_TEXTS]).filter(*holds_all)
    best: dict[str, tuple[tuple[int, int, str], str]] = {}
    wanted = text_key(text)
    for subject, predicate, value in hits.iter_rows():
        rank = (_rank(predicate, text_key(value), wanted), len(value), subject)
        if subject not in best or rank < best[subject][0]:
            best[subject] = (rank, value)
    found = _described(table, best, kind)
    ranked = sorted(found, key=lambda iri: best[iri][0])[:most]
    return [
        Node(iri, found[iri].kind, found[iri].label, None if best[iri][0][0] < 4 else best[iri][1])
        for iri in ranked
    ]


def labels_of(table: pl.LazyFrame, iris: Iterable[str]) -> dict[str, str]:
    """Return the label of each node that has one."""
    wanted = pl.col("subject").is_in(list(dict.fromkeys(iris)))
    return dict(label_table(table.filter(wanted)).collect().iter_rows())


def label_table(table: pl.LazyFrame) -> pl.LazyFrame:
    """Return the label of each subject that has one: `node` and `label`.

    The first in the order of `LABELS` counts, and of several of one property the first by text.
    """
    rank = {predicate: number for number, predicate in enumerate(LABELS)}
    said = table.filter(pl.col("predicate").is_in(LABELS)).select(
        node="subject", rank=pl.col("predicate").replace_strict(rank), label="object"
    )
    return said.sort("rank", "label").group_by("node").first().select("node", "label")


def kind_table(table: pl.LazyFrame, kinds: Mapping[str, str] = KINDS) -> pl.DataFrame:
    """Return the kind of each subject that is of one: `node` and `kind`, in the order of the IRIs.

    A domain or a stage is a concept too, an activity an element: what a node is more closely
    counts. Of two names for one class, element and skill, it is the first.
    """
    names = {iri: kind for kind, iri in reversed(list(kinds.items()))}
    return (
        table.filter(pl.col("predicate") == RDF.type, pl.col("object").is_in(list(names)))
        .select(node="subject", kind=pl.col("object").replace_strict(names, return_dtype=pl.String))
        .sort(pl.col("kind").is_in(["concept", "element"]), "kind")
        .unique("node", keep="first", maintain_order=True)
        .sort("node")
        .collect()
    )


def _rank(predicate: str, value: str, wanted: str) -> int:
    if predicate in _TEXTS:
        return 4
    if value == wanted:
        return 0
    return 1 if value.startswith(wanted) else 2 if wanted in value else 3


def _said(table: pl.LazyFrame, predicates: Sequence[str]) -> pl.DataFrame:
    """Return what some properties say, to look into: of the rest of a table no text is read."""
    said = table.filter(pl.col("predicate").is_in(predicates))
    return said.select("subject", "predicate", "object").collect()


def _holds(text: str) -> pl.Expr:
    return pl.col("object").str.to_lowercase().str.contains(text, literal=True)


def _described(table: pl.LazyFrame, iris: Iterable[str], kind: str | None) -> dict[str, Node]:
    """Return those of the nodes that are of a kind, or of this one, with kind and label."""
    if kind is not None and kind not in KINDS:
        raise RequestError(f"no kind {kind!r}; there are: {', '.join(KINDS)}")
    kinds = {k: c for k, c in KINDS.items() if kind is None or c == KINDS[kind]}
    wanted = list(iris)
    labels = labels_of(table, wanted)
    found = kind_table(table.filter(pl.col("subject").is_in(wanted)), kinds)
    return {
        iri: Node(iri, shown, labels.get(iri, iri.rpartition("/")[2]))
        for iri, shown in found.iter_rows()
    }
