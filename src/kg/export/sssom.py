"""SSSOM/TSV: the links of a graph as one mapping set, in the canonical form of the format.

https://mapping-commons.github.io/sssom/spec-formats-tsv/. Links of several graphs keep where they
come from (`mapping_source`), and what their graph says of all of them (tool, measure, date). What a
link was carried over from, SSSOM has no slot for: its comment says it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from kg.export.attribution import HEADING, Catalogue, attributions_of, read_catalogue
from kg.export.selection import Selection
from kg.lookup import labels_of
from kg.mapping.sssom import PROPERTIES
from kg.namespaces import DCT, KG, PREFIXES, RDF, SSSOM
from kg.readers.sssom import BUILT_IN, MULTIVALUED, PROPAGATED, REFERENCES, SLOTS

__all__ = ["Curies", "cell", "scalar", "sssom"]

_BY_PROPERTY = {PROPERTIES.get(slot, SSSOM[slot]): slot for slot in SLOTS}
#: What stands for a licence where the graphs of links have several, or none.
_UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
_SET = "export/links.sssom.tsv"
_KNOWN = {namespace: prefix for prefix, namespace in PREFIXES.items()} | {
    namespace: prefix for prefix, namespace in BUILT_IN.items()
}
_PLAIN_SCALAR = re.compile(r"[A-Za-z][^\s:#\"'\\{}\[\],&*!|>%@`]*(?::[^\s:#\"'\\]+)*")

Row = dict[str, list[str]]


def sssom(selection: Selection) -> Iterator[str]:
    """Yield the wanted links as SSSOM/TSV: the metadata, then a line a link, by their ends."""
    rows = _rows(selection)
    curies = Curies(selection.base)
    used = [slot for slot in SLOTS if any(row.get(slot) for row in rows)]
    lines = [[cell(row.get(slot, []), slot, curies) for slot in used] for row in rows]
    order = [used.index(s) for s in ("subject_id", "predicate_id", "object_id") if s in used]
    lines.sort(key=lambda line: ([line[i] for i in order], line))
    graphs = sorted({row["mapping_source"][0] for row in rows})
    yield from _metadata(selection, curies, graphs)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(used or SLOTS[:1])
    for line in lines:
        writer.writerow(line)
        yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _rows(selection: Selection) -> list[Row]:
    """Return the slots of each link, with what its graph says of all, and labels."""
    nodes = selection.quads.filter(predicate=RDF.type, object=KG.Link).select("subject").unique()
    wanted = [*_BY_PROPERTY, KG.formerCode, KG.codeChange]
    said = (
        selection.quads.filter(pl.col("predicate").is_in(wanted))
        .join(nodes, on="subject", how="semi")
        .select("subject", "predicate", "object", "graph", "kind")
        .sort("subject", "predicate", "object")
        .collect()
    )
    links: dict[str, Row] = {}
    for node, predicate, value, graph, _ in said.iter_rows():
        row = links.setdefault(node, {"mapping_source": [graph]})
        if predicate == KG.formerCode:
            row.setdefault("former", []).append(value)
        elif predicate == KG.codeChange:
            row.setdefault("change", []).append(value.rpartition("/")[2])
        else:
            row.setdefault(_BY_PROPERTY[predicate], []).append(value)
    whole = [row for row in links.values() if {"subject_id", "object_id"} <= row.keys()]
    shared = _of_graphs(selection, {row["mapping_source"][0] for row in whole})
    ends = (row[slot][0] for row in whole for slot in ("subject_id", "object_id"))
    labels = labels_of(selection.whole, ends)
    return [_completed(row, shared, labels) for row in whole]


def _of_graphs(selection: Selection, graphs: Iterable[str]) -> dict[str, Row]:
    """Return the slots that graphs of links state for all of them."""
    slots = {PROPERTIES.get(slot, SSSOM[slot]): slot for slot in PROPAGATED}
    found: dict[str, Row] = {}
    said = selection.whole.filter(
        pl.col("subject").is_in(sorted(graphs)), pl.col("predicate").is_in(list(slots))
    )
    for graph, predicate, value in (
        said.select("subject", "predicate", "object").unique().sort(pl.all()).collect().iter_rows()
    ):
        found.setdefault(graph, {}).setdefault(slots[predicate], []).append(value)
    return found


def _completed(row: Row, shared: Mapping[str, Row], labels: Mapping[str, str]) -> Row:
    row = {**shared.get(row["mapping_source"][0], {}), **row}
    for end in ("subject", "object"):
        label = labels.get(row[f"{end}_id"][0])
        if label and f"{end}_label" not in row:
            row[f"{end}_label"] = [label]
    if former := row.pop("former", None):
        change = row.pop("change", ["changed"])[0]
        row.setdefault("comment", []).append(f"Carried over from the code {former[0]} ({change}).")
    return row


class Curies:
    """Gives IRIs their CURIEs, and keeps the prefixes that it has used."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.used: dict[str, str] = {}

    def __call__(self, iri: str) -> str:
        namespace = self._namespace(iri)
        local = iri[len(namespace) :]
        prefix = self._prefix(namespace)
        self.used[prefix] = namespace
        return f"{prefix}:{local}"

    def declared(self) -> Iterator[str]:
        """Yield the lines of metadata that declare the prefixes that were used."""
        own = {p: iri for p, iri in self.used.items() if p not in BUILT_IN}
        if own:
            yield "#curie_map:\n"
            yield from (f"#  {prefix}: {scalar(iri)}\n" for prefix, iri in sorted(own.items()))

    def _namespace(self, iri: str) -> str:
        """Return where the local part of an IRI begins: ours have the kind of node before it."""
        if iri.startswith(self.base) and "/" in iri[len(self.base) :]:
            return self.base + iri[len(self.base) :].partition("/")[0] + "/"
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        return iri[:end] or iri

    def _prefix(self, namespace: str) -> str:
        if namespace in _KNOWN:
            return _KNOWN[namespace]
        steps = [s for s in re.split(r"[^A-Za-z0-9]+", namespace.rstrip("/#")) if s]
        if namespace.startswith(self.base):
            steps = steps[-1:]
        name = "_".join(steps[-2:]) or "ns"
        wanted = name if name[0].isalpha() else f"ns_{name}"
        number, prefix = 2, wanted
        while self.used.get(prefix, namespace) != namespace or prefix in PREFIXES:
            prefix, number = f"{wanted}{number}", number + 1
        return prefix


def cell(values: list[str], slot: str, curies: Curies) -> str:
    """Return the values of a slot as a cell of the table, which is one line."""
    if slot in REFERENCES:
        values = [curies(value) for value in values]
    if slot in MULTIVALUED:
        return "|".join(value.replace("|", r"\|") for value in values)
    return " ".join(value.replace("\r", " ").replace("\n", " ") for value in values)


def _metadata(selection: Selection, curies: Curies, graphs: list[str]) -> Iterator[str]:
    catalogue = read_catalogue(selection)
    yield from curies.declared()
    yield f"#mapping_set_id: {selection.base}{_SET}\n"
    yield '#mapping_set_title: "Links of a skills knowledge graph"\n'
    yield f"#license: {_licence(catalogue, graphs)}\n"
    if lines := attributions_of(catalogue, graphs):
        text = " ".join([HEADING, *lines])
        yield f"#comment: {scalar(text)}\n"


def _licence(catalogue: Catalogue, graphs: list[str]) -> str:
    """Return the licence that all graphs have."""
    found = {tuple(catalogue.get(graph, {}).get(DCT.license, ())) for graph in graphs}
    licences = found.pop() if len(found) == 1 else ()
    return licences[0] if len(licences) == 1 else _UNSPECIFIED


def scalar(text: str) -> str:
    """Return a text as YAML writes it: plain where it may be, otherwise in double quotes."""
    if _PLAIN_SCALAR.fullmatch(text) and text.lower() not in ("null", "true", "false", "yes", "no"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
