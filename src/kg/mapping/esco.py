"""ESCO to quads: its own IRIs, as SKOS and in the terms of its own model.

The terms are those of http://data.europa.eu/esco/model (version 2.0.0), whose names the columns of
the CSV do not have: `iscoGroup` is `esco:memberOfISCOGroup`, an essential relation is
`esco:relatedEssentialSkill`, and so on. Only what the files say is said: no inverse relations, and
notes are plain texts rather than nodes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kg import quads
from kg.mapping.catalog import GraphEntry
from kg.mapping.columns import Columns
from kg.mapping.contribution import Contribution
from kg.mapping.iris import Iris, step
from kg.model import Quad, Source, SourceRef
from kg.namespaces import DCT, ESCO, ISOTHES, KG, PAV, RDF, SKOS, XSD, concept
from kg.readers.esco import EscoRelease

__all__ = ["ESCO_DATA", "map_esco"]

#: What the IRIs of the classification begin with.
ESCO_DATA = "http://data.europa.eu/esco/"

_SKILL_TYPES = {"skill/competence": "skill", "knowledge": "knowledge"}
#: Words for the columns of texts, whichever table has them.
_TEXTS = {
    "preferredLabel": SKOS.prefLabel,
    "title": DCT.title,
    "definition": SKOS.definition,
    "scopeNote": SKOS.scopeNote,
    "description": DCT.description,
}
_LABELS = {"altLabels": SKOS.altLabel, "hiddenLabels": SKOS.hiddenLabel}
#: The classes of the nodes of each table, beside `skos:Concept`.
_CLASSES = {
    "occupations": (SKOS.Concept, ESCO.MemberConcept, ESCO.Occupation),
    "skills": (SKOS.Concept, ESCO.MemberConcept, ESCO.Skill),
    "skillGroups": (SKOS.Concept,),
    "ISCOGroups": (SKOS.Concept,),
    "conceptSchemes": (SKOS.ConceptScheme,),
}
_RELATED = {"essential": ESCO.relatedEssentialSkill, "optional": ESCO.relatedOptionalSkill}


def map_esco(release: EscoRelease, source: Source, iris: Iris) -> Contribution:
    """Return what the classification contributes; `source` is its entry in the catalogue."""
    graph = iris.graph(f"esco/{step(release.name)}")
    ref = SourceRef(source.key, release.version if release.version != source.version else None)
    document = f"{iris.base}document/esco/{step(release.name)}"
    cite = (source.cite or source.title).replace("{version}", release.version or "")
    rows = tuple(_document(release, document, iris.source(ref), graph))
    by_table = {name: (lambda n=name: _quads(n, release, graph)) for name in release.tables}

    def tables() -> Iterator[pl.DataFrame]:
        yield quads.from_rows(rows)
        for name in sorted(by_table):
            yield from by_table[name]()
        yield _values(release.tables, graph, release.language)

    return Contribution(
        "esco",
        f"esco/{release.name}",
        (release.document,),
        {graph: tables},
        {
            graph: GraphEntry(
                graph,
                0,
                document=document,
                licence=source.licence,
                rights=source.rights,
                attribution=cite,
            )
        },
        sources={ref: None},
        findings=release.findings,
        counts={
            f"esco/{release.name}/{name}": _counts(name, table, release, graph)
            for name, table in sorted(release.tables.items())
        },
    )


def _document(release: EscoRelease, node: str, source: str, graph: str) -> Iterator[Quad]:
    yield quads.iri(node, RDF.type, KG.Document, graph)
    yield quads.iri(node, DCT.type, concept("document-kind", "esco"), graph)
    yield quads.literal(node, KG.fileName, release.document.file_name, graph)
    yield quads.literal(node, KG.sha256, release.document.sha256, graph)
    if release.version:
        yield quads.literal(node, PAV.version, release.version, graph)
    yield quads.literal(node, DCT.language, release.language, graph)
    yield quads.iri(node, DCT.source, source, graph)


def _quads(name: str, release: EscoRelease, graph: str) -> Iterator[pl.DataFrame]:
    """Yield the quads of one table."""
    table = release.tables[name]
    if name in _CLASSES:
        yield from _concepts(name, table, graph, release.language)
    elif name.startswith("broader"):
        yield Columns(table, "conceptUri", graph).node(SKOS.broader, "broaderUri")
    else:
        yield from _related(table, graph)


def _related(table: pl.DataFrame, graph: str) -> Iterator[pl.DataFrame]:
    """Yield the relations of occupations, or of skills, to skills."""
    of_skills = "originalSkillUri" in table.columns
    subject = "originalSkillUri" if of_skills else "occupationUri"
    target = "relatedSkillUri" if of_skills else "skillUri"
    for kind, predicate in _RELATED.items():
        rows = table.filter(pl.col("relationType") == kind)
        yield Columns(rows, subject, graph).node(predicate, target)


def _concepts(name: str, table: pl.DataFrame, graph: str, language: str) -> Iterator[pl.DataFrame]:
    subject = "conceptSchemeUri" if name == "conceptSchemes" else "conceptUri"
    nodes = Columns(table, subject, graph)
    has = set(table.columns)
    for cls in _CLASSES[name]:
        yield nodes.same(RDF.type, cls)
    for column in sorted(_TEXTS.keys() & has):
        stripped = pl.col(column).str.strip_chars()
        filled = pl.when(stripped != "").then(pl.col(column))
        yield nodes.text(_TEXTS[column], filled, language)
    for column in sorted(_LABELS.keys() & has):
        yield nodes.split(column, "\n").text(_LABELS[column], column, language)
    for column, predicate in (("inScheme", SKOS.inScheme), ("hasTopConcept", SKOS.hasTopConcept)):
        if column in has:
            # Some cells separate by commas and line ends, others by line ends alone.
            parts = table.with_columns(pl.col(column).str.replace_all(",", "\n", literal=True))
            yield Columns(parts, subject, graph).split(column, "\n").node(predicate, column)
    if "code" in has:
        yield nodes.literal(SKOS.notation, "code")
    if "status" in has:
        yield nodes.literal(ISOTHES.status, "status")
    if "modifiedDate" in has:
        yield nodes.literal(DCT.modified, "modifiedDate", XSD.dateTime)
    if "regulatedProfessionNote" in has:
        yield nodes.node(ESCO.regulatedProfessionNote, "regulatedProfessionNote")
    if "iscoGroup" in has:
        group = pl.lit(f"{ESCO_DATA}isco/C") + pl.col("iscoGroup")
        yield nodes.node(ESCO.memberOfISCOGroup, group)
    if "skillType" in has:
        yield nodes.node(ESCO.skillType, _value("skillType"))
    if "reuseLevel" in has:
        yield nodes.node(ESCO.skillReuseLevel, _value("reuseLevel"))


def _value(column: str) -> pl.Expr:
    """Return the nodes of the kinds and levels of skills."""
    if column == "skillType":
        names = pl.col(column).replace(_SKILL_TYPES)
        return pl.lit(f"{ESCO_DATA}skill-type/") + names
    return pl.lit(f"{ESCO_DATA}skill-reuse-level/") + pl.col(column)


_VALUES = {
    "skillType": ("skills", "skill-competence-type"),
    "reuseLevel": ("skills", "skill-reuse-level"),
}


def _values(tables: Mapping[str, pl.DataFrame], graph: str, language: str) -> pl.DataFrame:
    """Return what describes the kinds and levels that skills have, by the words of their cells."""
    made = []
    for column, (name, scheme) in _VALUES.items():
        if column not in tables.get(name, pl.DataFrame()).columns:
            continue
        cells = tables[name].select(pl.col(column).drop_nulls().unique().sort())
        nodes = Columns(cells.with_columns(_value(column).alias("node")), "node", graph)
        made += [
            nodes.same(RDF.type, SKOS.Concept),
            nodes.text(SKOS.prefLabel, column, language),
            nodes.same(SKOS.inScheme, f"{ESCO_DATA}concept-scheme/{scheme}"),
        ]
    if "regulatedProfessionNote" in tables["occupations"].columns:
        notes = tables["occupations"].select(
            pl.col("regulatedProfessionNote").drop_nulls().unique().sort().alias("node")
        )
        named = notes.with_columns(pl.col("node").str.extract(r"([^/#]+)$").alias("label"))
        nodes = Columns(named, "node", graph)
        made += [
            nodes.same(RDF.type, SKOS.Concept),
            nodes.text(SKOS.prefLabel, "label", language),
            nodes.same(SKOS.inScheme, f"{ESCO_DATA}concept-scheme/regulated-professions"),
        ]
    return quads.concat(made)


def _counts(name: str, table: pl.DataFrame, release: EscoRelease, graph: str) -> dict[str, object]:
    is_concepts = name in _CLASSES
    return {
        "read": table.height,
        "mapped": table.height,
        "left_out": {},
        "unread": None,
        "nodes": table.height if is_concepts else 0,
        "quads": sum(part.height for part in _quads(name, release, graph)),
    }
