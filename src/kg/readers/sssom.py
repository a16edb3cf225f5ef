"""Mapping sets in SSSOM/TSV: a block of YAML behind `#`, and a table of mappings.

https://mapping-commons.github.io/sssom/spec-formats-tsv/ is the specification (1.0): values that
the set states for all of its mappings come down to each of them, CURIEs become IRIs, and slots
that the model does not have are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl
import yaml

from kg.errors import InputError
from kg.model import Document, Finding
from kg.namespaces import OWL, RDF, RDFS, SEMAPV, SKOS, SSSOM, XSD
from kg.rdf import is_iri
from kg.readers import csvs, files

__all__ = [
    "BUILT_IN",
    "REQUIRED",
    "MappingTable",
    "digest_of",
    "is_sssom",
    "metadata_beside",
    "read_sssom",
]

#: The prefixes that need no entry in a `curie_map`.
BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": OWL.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "semapv": SEMAPV.iri,
    "skos": SKOS.iri,
    "sssom": SSSOM.iri,
    "xsd": XSD.iri,
}
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: Slots whose values are references to entities; the others are texts.
REFERENCES = frozenset(
    "subject_id predicate_id object_id mapping_justification author_id creator_id reviewer_id "
    "subject_source object_source mapping_source curation_rule subject_match_field "
    "object_match_field subject_preprocessing object_preprocessing".split()
)
#: Slots with several values, which a table separates by `|`.
MULTIVALUED = frozenset(
    "author_id author_label reviewer_id reviewer_label creator_id creator_label curation_rule "
    "curation_rule_text match_string subject_match_field object_match_field "
    "subject_preprocessing object_preprocessing see_also mapping_set_source".split()
)
#: Slots that a set states for all of its mappings (SSSOM, "Propagatable slots").
PROPAGATED = (
    "mapping_date mapping_provider mapping_tool mapping_tool_version object_match_field "
    "object_preprocessing object_source object_source_version object_type similarity_measure "
    "subject_match_field subject_preprocessing subject_source subject_source_version subject_type"
).split()
#: Slots of a mapping that are read, in the order of the model.
SLOTS = (
    "subject_id subject_label predicate_id predicate_modifier object_id object_label "
    "mapping_justification author_id author_label reviewer_id reviewer_label mapping_date "
    "confidence similarity_score similarity_measure mapping_tool mapping_tool_version "
    "mapping_provider mapping_source mapping_cardinality curation_rule curation_rule_text "
    "match_string subject_match_field object_match_field subject_preprocessing "
    "object_preprocessing subject_source subject_source_version subject_type object_source "
    "object_source_version object_type comment other see_also"
).split()
#: Slots of a set that have one value at most.
_SINGLE = {"license", *PROPAGATED} - MULTIVALUED
_CURIE = re.compile(r"(?P<prefix>[A-Za-z_][\w.-]*):(?P<local>(?!//)\S*)")
_MAX_HEADER = 2**20
#: More nesting than any metadata has; PyYAML takes the square of it.
_MAX_DEPTH = 32
_NESTED = re.compile(rf"(?:[-?] +){{{_MAX_DEPTH}}}|^ {{{_MAX_DEPTH * 8}}}", re.MULTILINE)
_SEPARATOR = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")


@dataclass(frozen=True, slots=True)
class MappingTable:
    """A mapping set: what it says of itself, and its mappings.

    `metadata` has lists of texts by slot; `rows` has a column for each slot that a mapping uses,
    and `line`: references are IRIs, numbers texts, and slots of several values lists.
    """

    document: Document
    metadata: Mapping[str, tuple[str, ...]]
    rows: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def stem(self) -> str:
        """The name of the file without its endings."""
        return re.sub(r"(\.sssom)?\.tsv$", "", PurePosixPath(self.document.file_name).name)


def is_sssom(columns: Iterable[str]) -> bool:
    """Tell whether columns are those of a table of mappings."""
    return set(REQUIRED[:3]) <= set(columns)


def metadata_beside(path: Path) -> bytes | None:
    """Return the file of metadata beside a table, such as `my.sssom.yml`, if it has one there.

    Raises InputError where it cannot be read.
    """
    beside = Path(str(path).removesuffix(".tsv") + ".yml")
    return files.read_bytes(beside) if beside.is_file() else None


def digest_of(path: Path) -> str:
    """Return the digest of a mapping set as `read_sssom` states it, with the metadata beside it.

    Raises InputError where one of the files cannot be read.
    """
    return files.sha256(files.read_bytes(path) + (metadata_beside(path) or b""))


def read_sssom(data: bytes, place: str, external: bytes | None = None) -> MappingTable:
    """Return a mapping set; `external` is the metadata file beside it where it has none inside.

    Raises InputError with file and line for YAML that is none or uses what SSSOM forbids in it,
    and for mappings that lack what the model requires, or whose references cannot be resolved.
    """
    lines = files.decode(data, place).split("\n")
    block = lines[: _header_length(lines)]
    if block and external:
        raise InputError(
            "states its metadata inside; a file of metadata beside it is one too many", place
        )
    if block:
        metadata = _metadata("\n".join(line[1:].rstrip("\r") for line in block), place)
    else:
        metadata = _metadata(files.decode(external or b"", place), place)
    prefixes = _prefixes(metadata.pop("curie_map", None), place)
    slots = {name: _values(value, name, place) for name, value in metadata.items()}
    for licence in slots.get("license", ()):
        if not is_iri(licence):
            line = next((n for n, row in enumerate(block, 1) if row.startswith("#license")), None)
            raise InputError(
                f"license {licence!r} is no IRI, such as https://spdx.org/licenses/CC0-1.0",
                place,
                line,
            )
    table = csvs.read_table(data, place, REQUIRED, "\t", skipped=len(block))
    rows, findings = _rows(table, slots, prefixes, place)
    if table.is_empty():
        said = "has no mappings below its header"
        findings.append(Finding("warning", said, place, len(block) + 1))
    known = {
        name: tuple(_expanded(v, prefixes, place, 1) if name in REFERENCES else v for v in values)
        for name, values in slots.items()
    }
    document = Document(files.file_name(place), files.sha256(data + (external or b"")))
    return MappingTable(document, known, rows, tuple(findings))


def _header_length(lines: Iterable[str]) -> int:
    length = 0
    for line in lines:
        if not line.startswith("#"):
            break
        length += 1
    return length


def _metadata(text: str, place: str) -> dict[str, Any]:
    """Return what a block of YAML says, all scalars as texts."""
    if len(text) > _MAX_HEADER:
        raise InputError(f"has a header of {len(text):,} characters; it is not read", place)
    if _depth(text) > _MAX_DEPTH or _NESTED.search(text):
        raise InputError("has metadata that is nested too deeply", place, 1)
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            # What SSSOM forbids, and how a few lines of YAML become gigabytes.
            if getattr(event, "anchor", None) is not None:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise InputError(
                    "has an anchor or alias in its metadata; SSSOM has none", place, line
                )
        loaded = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "no YAML"
        raise InputError(
            f"has metadata that cannot be read: {message}", place, mark.line + 1 if mark else 1
        ) from None
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        raise InputError("has metadata that are no keys with values", place, 1)
    return {str(key): value for key, value in loaded.items()}


def _depth(text: str) -> int:
    """Return how many brackets are open at once, those in texts among them."""
    depth = most = 0
    for bracket in re.findall(r"[\[{\]}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        most = max(most, depth)
    return most


def _prefixes(given: object, place: str) -> dict[str, str]:
    if given in (None, ""):
        return dict(BUILT_IN)
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise InputError("has a curie_map that is no list of prefixes with their IRIs", place, 1)
    for prefix, iri in given.items():
        if not is_iri(iri):
            raise InputError(f"has a curie_map where {prefix} is no IRI: {iri!r}", place, 1)
    return {**BUILT_IN, **given}


def _values(value: object, name: str, place: str) -> tuple[str, ...]:
    """Return the values of a slot; one alone stands for a list of one."""
    if value in (None, ""):
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if len(value) > 1 and name in _SINGLE:
            raise InputError(f"has {len(value)} values of {name}, which has one", place, 1)
        return tuple(value)
    if name in ("extension_definitions", "other"):
        return ()
    raise InputError(f"has a value of {name} that is neither a text nor a list of texts", place, 1)


def _rows(
    table: pl.DataFrame,
    slots: Mapping[str, tuple[str, ...]],
    prefixes: Mapping[str, str],
    place: str,
) -> tuple[pl.DataFrame, list[Finding]]:
    findings = []
    unknown = [c for c in table.columns if c not in SLOTS and c != csvs.LINE]
    if unknown:
        names = ", ".join(unknown[:4])
        findings.append(Finding("info", f"columns that SSSOM does not have: {names}", place))
    columns: dict[str, list[Any]] = {csvs.LINE: table[csvs.LINE].to_list()}
    lines = columns[csvs.LINE]
    for slot in SLOTS:
        if slot in table.columns:
            cells = [_parts(cell, slot) for cell in table[slot]]
        elif slot in PROPAGATED and slots.get(slot):
            cells = [list(slots[slot])] * table.height
        else:
            continue
        columns[slot] = [
            _value(parts, slot, prefixes, place, line)
            for parts, line in zip(cells, lines, strict=True)
        ]
    schema = {
        name: pl.Int64()
        if name == csvs.LINE
        else pl.List(pl.String)
        if name in MULTIVALUED
        else pl.String()
        for name in columns
    }
    return pl.DataFrame(columns, schema=schema), findings


def _parts(cell: str | None, slot: str) -> list[str]:
    """Return the values in a cell; in one of several values, `|` within a value has a backslash."""
    if cell is None:
        return []
    if slot not in MULTIVALUED:
        return [cell]
    return [part.replace(r"\|", "|") for part in _SEPARATOR.split(cell)]


def _value(
    parts: list[str], slot: str, prefixes: Mapping[str, str], place: str, line: int
) -> str | list[str] | None:
    if not parts:
        if slot in REQUIRED:
            raise InputError(f"has no {slot}", place, line)
        return None
    cell = parts[0]
    if slot in ("confidence", "similarity_score"):
        if not _NUMBER.fullmatch(cell) or float(cell) > 1:
            raise InputError(f"{slot} {cell!r} is no number from 0 to 1", place, line)
        return f"0{cell}" if cell.startswith(".") else cell
    if slot == "predicate_modifier" and cell != "Not":
        raise InputError(f"predicate_modifier {cell!r} is not 'Not'", place, line)
    if slot in REFERENCES:
        parts = [_expanded(part, prefixes, place, line) for part in parts]
    return parts if slot in MULTIVALUED else parts[0]


def _expanded(name: str, prefixes: Mapping[str, str], place: str, line: int) -> str:
    """Return the IRI that a CURIE stands for; an IRI, which some tools write, as it is."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", name):
        return name
    match = _CURIE.fullmatch(name)
    if match is None:
        raise InputError(f"{name!r} is no CURIE, such as skos:closeMatch", place, line)
    if match["prefix"] not in prefixes:
        raise InputError(
            f"the prefix of {name!r} is not in the curie_map of its metadata", place, line
        )
    return prefixes[match["prefix"]] + match["local"]
