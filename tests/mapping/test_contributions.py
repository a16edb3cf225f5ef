"""What the index, ESCO, crosswalks and mapping sets contribute to a graph."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from kg import quads
from kg.additions import known_in
from kg.mapping.aei import INTERACTIONS, map_index, soc_graph
from kg.mapping.contribution import Contribution, Known, merge_shared
from kg.mapping.crosswalk import carry, map_crosswalk
from kg.mapping.esco import map_esco
from kg.mapping.iris import Iris, text_key
from kg.mapping.matches import asserted_matches, inferred_matches
from kg.mapping.soc_history import map_history
from kg.mapping.sssom import map_sssom
from kg.model import Source, SourceRef
from kg.namespaces import (
    BASE,
    DCT,
    ESCO,
    ISOTHES,
    KG,
    OWL,
    PAV,
    PROV,
    RDF,
    SCHEMA,
    SEMAPV,
    SKOS,
    SSSOM,
    XSD,
    concept,
)
from kg.readers import find_inputs
from kg.readers.aei import read_index
from kg.readers.crosswalk import read_crosswalk
from kg.readers.esco import read_esco
from kg.readers.soc_history import CodeHistory, read_history
from kg.readers.sources import load_catalogue
from kg.readers.sssom import read_sssom
from kg.releases import new_release, the_release
from kg.resources import folder

IRIS = Iris()
INDEX = Source(
    "aei", "An index", version="release_2026_03_24", rights="Some", cite="Index {version}"
)
WALK = Source("esco-onet", "A crosswalk", licence="http://example.org/mit", cite="The makers")
HISTORY = Source("onet-soc-history", "A history", licence="http://example.org/by")
CLASSIFICATION = Source("esco", "ESCO", rights="A notice", cite="ESCO {version} says")

COUNTING = "Count loans."
SHARED = "Keep accounts."
KNOWN = Known(
    "30.2",
    frozenset({"11-1111.00", "11-1111.01", "22-2222.00", "33-3333.00"}),
    {text_key(COUNTING): ("1",), text_key(SHARED): ("2", "3")},
)


def table(contribution: Contribution, graph: str) -> pl.DataFrame:
    """Return the quads of a graph, having passed the gate."""
    found = quads.concat(contribution.chunks(IRIS.graph(graph)))
    quads.check_iris(found, graph)
    assert found.equals(quads.unique_sorted(found))
    return found


@cache
def known_in_release(path: Path) -> Known:
    """Return what is looked up in a release, read once."""
    request = the_release(list(find_inputs(path)), None, load_catalogue(), IRIS, lenient=False)
    assert request is not None
    return known_in(new_release(request))


def of(found: pl.DataFrame, subject: str) -> set[tuple[str, str]]:
    """Return what is said of a node."""
    rows = found.filter(pl.col("subject") == subject).select("predicate", "object")
    return set(rows.iter_rows())


def figures(found: pl.DataFrame) -> dict[str, set[str]]:
    """Return what figures are about, by their values."""
    about = found.filter(pl.col("predicate") == SCHEMA.about).select("subject", "object")
    values = found.filter(pl.col("predicate") == KG.value).select("subject", value="object")
    joined = values.join(about, on="subject", how="left")
    return {
        value: set(part["object"].drop_nulls())
        for (value,), part in joined.group_by("value", maintain_order=True)
    }


# ---------------------------------------------------------------- the index


def usage(*rows: tuple[str, str]) -> bytes:
    return "".join(["task_name,pct\n", *(f"{text},{pct}\n" for text, pct in rows)]).encode()


def index(
    data: bytes, name: str = "release_2026_01_15/t.csv", known: Known = KNOWN
) -> Contribution:
    return map_index([read_index(data, name)], known, INDEX, IRIS)


def test_figures_are_about_all_tasks_of_their_text() -> None:
    """One figure names every task that has its text, in whatever case; none is named by a guess."""
    data = usage(
        ("count  LOANS", "1.50"), ("keep accounts.", "2"), ("juggle.", "3"), ("none", "93.5")
    )
    found = table(index(data), "aei/release_2026_01_15")
    release = f"{BASE}source/aei/release_2026_01_15"
    assert {
        "1.50": {IRIS.task("1")},
        "2": {IRIS.task("2"), IRIS.task("3")},
        "3": set(),
        "93.5": {release},
    } == figures(found)
    (node,) = found.filter(pl.col("object") == "juggle.")["subject"]
    assert {
        (RDF.type, KG.Figure),
        (KG.metric, concept("metric", "usage-share")),
        (KG.unit, concept("unit", "percent")),
        (KG.value, "3"),
        (KG.taskText, "juggle."),
        (KG.line, "4"),
        (DCT.source, release),
        (PROV.wasDerivedFrom, f"{BASE}document/aei/release_2026_01_15/t"),
    } == of(found, node)


def test_documents_and_sources() -> None:
    """A file is described with its release, which is a version of the index of its own date."""
    data = usage(("none", "100"))
    made = index(data)
    found = table(made, "aei/release_2026_01_15")
    assert {
        (RDF.type, KG.Document),
        (DCT.type, concept("document-kind", "index")),
        (KG.fileName, "t.csv"),
        (KG.sha256, hashlib.sha256(data).hexdigest()),
        (PAV.version, "release_2026_01_15"),
        (DCT.source, f"{BASE}source/aei/release_2026_01_15"),
    } == of(found, f"{BASE}document/aei/release_2026_01_15/t")
    assert {SourceRef("aei", "release_2026_01_15"): "2026-01-15"} == made.sources
    entry = made.entries[IRIS.graph("aei/release_2026_01_15")]
    assert ("Some", "Index release_2026_01_15") == (entry.rights, entry.attribution)
    assert {SourceRef("aei")} == index(data, "release_2026_03_24/t.csv").sources.keys()


def test_counts_and_findings() -> None:
    """What matched, what did not and what repeats another row is counted and said."""
    rows = [("count loans.", "1"), ("Count loans", "2"), ("keep accounts", "3"), ("juggle", "4")]
    made = index(usage(*rows, ("none", "90")))
    (counts,) = made.counts.values()
    assert {"none": 1, "one": 2, "several": 1, "release": 1} == counts["matched"]
    assert (5, 5) == (counts["read"], counts["mapped"])
    assert [
        "task texts of no task of O*NET 30.2: 1 of 5",
        "task texts that several tasks share: 1",
        "rows that repeat the text of another: 1",
    ] == [finding.message for finding in made.findings]
    assert 5 == len(figures(table(made, "aei/release_2026_01_15")))


def test_without_a_release_nothing_is_looked_up() -> None:
    """All texts are kept, about nothing, and that is said."""
    made = index(usage(("count loans.", "1"), ("none", "99")), known=Known())
    assert set() == figures(table(made, "aei/release_2026_01_15"))["1"]
    assert ["no O*NET release was given: task texts not looked up"] == [
        finding.message for finding in made.findings
    ]


def test_exposure_is_of_groups() -> None:
    """A figure of six digits is about a group, which stands above its occupations."""
    data = b"occ_code,title,observed_exposure\n11-1111,Ones,0.25\n44-4444,Fours,0\n"
    made = index(data, "labor_market_impacts/job_exposure.csv")
    found = table(made, "aei/labor_market_impacts")
    assert {"0.25": {IRIS.soc_group("11-1111")}, "0": {IRIS.soc_group("44-4444")}} == figures(found)
    (groups, entry) = merge_shared([made])[soc_graph(IRIS)]
    assert "Some" == entry.rights
    assert {
        (RDF.type, KG.SocGroup),
        (SKOS.notation, "11-1111"),
        (SKOS.prefLabel, "Ones"),
    } == of(groups, IRIS.soc_group("11-1111"))
    members = groups.filter(pl.col("predicate") == KG.socGroup)["subject"].to_list()
    assert [IRIS.occupation("11-1111.00"), IRIS.occupation("11-1111.01")] == members
    (counts,) = made.counts.values()
    assert {"none": 1, "several": 1} == counts["matched"]


def test_groups_of_two_releases_are_one() -> None:
    """A group that two releases have is described once, with one label."""
    head = "occ_code,title,observed_exposure\n11-1111,"
    one = index(f"{head}Ones,0.25\n".encode(), "release_2026_01_15/a.csv")
    two = index(f"{head}Firsts,0.5\n".encode(), "release_2026_02_15/a.csv")
    (groups, _) = merge_shared([one, two])[soc_graph(IRIS)]
    labels = groups.filter(pl.col("predicate") == SKOS.prefLabel)
    assert ["Firsts"] == labels["object"].to_list()
    assert groups.height == groups.unique().height


def test_labels_that_differ_in_language_alone() -> None:
    """What is shared is in the order in which it is published, whatever order it came in."""
    node, graph = IRIS.soc_group("11-1111"), soc_graph(IRIS)
    rows = [
        quads.iri(node, RDF.type, KG.SocGroup, graph),
        *(quads.text(node, SKOS.prefLabel, "Ones", graph, of) for of in ("en", "de")),
        quads.literal(node, SKOS.prefLabel, "Ones", graph),
        quads.literal(node, SKOS.prefLabel, "Twos", graph),
    ]
    one = index(b"occ_code,title,observed_exposure\n11-1111,Ones,0.25\n", "release_1/a.csv")
    for order in permutations(rows[1:]):
        other = replace(one, shared={graph: quads.from_rows([rows[0], *order])})
        (groups, _) = merge_shared([other])[graph]
        assert quads.unique_sorted(groups).equals(groups)
        labels = groups.filter(pl.col("predicate") == SKOS.prefLabel)
        assert [("de", "Ones"), ("en", "Ones"), (None, "Ones")] == [
            (row["language"], row["object"]) for row in labels.iter_rows(named=True)
        ]


def test_interactions() -> None:
    """Shares of types are about the release; a type that no scheme has is described."""
    data = b"interaction_type,pct\nfeedback loop,40\nhumming along,60\n"
    found = table(index(data), "aei/release_2026_01_15")
    release = f"{BASE}source/aei/release_2026_01_15"
    assert {"40": {release}, "60": {release}} == figures(found)
    types = found.filter(pl.col("predicate") == KG.interactionType)["object"].to_list()
    new = f"{BASE}interaction-type/humming-along"
    assert {concept("interaction-type", "feedback-loop"), new} == set(types)
    assert {(RDF.type, SKOS.Concept), (SKOS.prefLabel, "humming along")} == of(found, new)


def test_shipped_types_are_those_of_the_scheme() -> None:
    """The types that need no description are described in the schemes."""
    text = (folder("ontology") / "schemes.ttl").read_text("utf-8")
    assert all(f"<interaction-type/{name}> a skos:Concept" in text for name in INTERACTIONS)
    assert len(INTERACTIONS) == text.count("<interaction-type/")


def test_real_index(shared: Callable[[str], Path]) -> None:
    """The figures of the first release and of the impacts match 30.2 as they are known to."""
    known = known_in_release(shared("data/onet/db_30_2_text.zip"))
    files = [read_index(i.read(), str(i)) for i in find_inputs(shared("data/aei"))]
    made = [
        map_index([f for f in files if f.release == release], known, INDEX, IRIS)
        for release in ("labor_market_impacts", "release_2025_02_10")
    ]
    matched = {
        name.rpartition("/")[2]: counts["matched"]
        for c in made
        for name, counts in c.counts.items()
    }
    assert {"none": 581, "one": 2814, "several": 118, "release": 1} == matched["onet_task_mappings"]
    assert 2932 == 2814 + 118
    assert 17439 == sum(matched["task_penetration"][k] for k in ("one", "several"))
    assert {"one": 684, "several": 72} == matched["job_exposure"]
    found = table(made[1], "aei/release_2025_02_10")
    usage = found.filter(
        pl.col("predicate") == KG.value, pl.col("subject").str.contains("/usage-share/")
    )
    assert 3514 == usage.height
    assert abs(Decimal("99.9999999999999999379") - sum(map(Decimal, usage["object"]))) < 1e-15


def test_numbers_are_such_as_stores_compute_with() -> None:
    """A number keeps its digits, but for those beyond the eighteenth after the point."""
    data = usage(("a", "0.1234567890123456789"), ("b", "1.50"), ("c", "0.0000000000000000005"))
    found = table(index(data), "aei/release_2026_01_15")
    values = found.filter(pl.col("predicate") == KG.value)["object"].to_list()
    assert ["0.123456789012345679", "0.000000000000000000", "1.50"] == sorted(
        values, key=lambda v: ["0.12", "0.00", "1.50"].index(v[:4])
    )


# ---------------------------------------------------------------- crosswalks

HEAD = "esco_occupation,onet_code,onet_occupation,semantic_similarity,confidence,concept_uri\n"


def history(*pairs: tuple[str, str]) -> CodeHistory:
    head = "O*NET-SOC 2010 Code,O*NET-SOC 2019 Code\n"
    return read_history((head + "".join(f"{a},{b}\n" for a, b in pairs)).encode(), "h.csv")


CODES = history(
    ("44-4444.00", "22-2222.00"),
    ("55-5555.00", "33-3333.00"),
    ("33-3333.00", "33-3333.00"),
    ("66-6666.00", "11-1111.00"),
    ("66-6666.00", "11-1111.01"),
    ("66-6666.00", "77-7777.00"),
    ("88-8888.00", "77-7777.00"),
)


@pytest.mark.parametrize(
    ("code", "change", "codes"),
    [
        ("44-4444.00", "one-to-one", ("22-2222.00",)),
        ("55-5555.00", "taken-up", ("33-3333.00",)),
        ("66-6666.00", "split", ("11-1111.00", "11-1111.01")),
        ("88-8888.00", "lost", ()),
        ("99-9999.00", "lost", ()),
    ],
)
def test_what_becomes_of_codes(code: str, change: str, codes: tuple[str, ...]) -> None:
    """A code is carried over by what the table says of it, as far as the release has it."""
    carried = carry(code, KNOWN.codes, [CODES])
    assert (change, codes) == (carried.change, carried.codes)


def walk(*codes: str, level: str = "2.0") -> bytes:
    rows = (
        f"one {n},{code},One,0.5,{level},http://e.example/{n}\n" for n, code in enumerate(codes)
    )
    return (HEAD + "".join(rows)).encode()


def crossed(data: bytes, *histories: CodeHistory, known: Known = KNOWN) -> Contribution:
    return map_crosswalk(
        read_crosswalk(data, "walk.csv"), known, histories, {"http://e.example/0"}, WALK, IRIS
    )


def test_direct_links() -> None:
    """A pair whose code is there is a link with all that the table says, and said directly too."""
    made = crossed(walk("22-2222.00", level="1.0"))
    found = table(made, "crosswalk/walk")
    assert {
        (RDF.type, KG.Link),
        (OWL.annotatedSource, "http://e.example/0"),
        (OWL.annotatedProperty, SKOS.closeMatch),
        (OWL.annotatedTarget, IRIS.occupation("22-2222.00")),
        (SSSOM.mapping_justification, SEMAPV.CompositeMatching),
        (SSSOM.confidence, "0.5"),
        (SSSOM.similarity_score, "0.5"),
        (SSSOM.subject_label, "one 0"),
        (SSSOM.object_label, "One"),
        (KG.statedConfidence, "1.0"),
        (PROV.wasDerivedFrom, f"{BASE}document/crosswalk/walk"),
        (KG.line, "2"),
    } == of(found, f"{BASE}link/crosswalk/walk/0/22-2222.00")
    matches, entry = merge_shared([made])[asserted_matches(IRIS)]
    assert {(SKOS.closeMatch, IRIS.occupation("22-2222.00"))} == of(matches, "http://e.example/0")
    assert ("asserted", "http://example.org/mit") == (entry.kind, entry.licence)


def test_carried_links() -> None:
    """Links of former codes stand in a graph of what is concluded, and name code and table."""
    made = crossed(walk("44-4444.00", "55-5555.00", "66-6666.00", "88-8888.00"), CODES)
    found = table(made, "links/crosswalk/walk")
    links = {
        node.rpartition("walk/")[2]: dict(of(found, node))
        for node in found.filter(pl.col("predicate") == KG.formerCode)["subject"]
    }
    said = (KG.formerCode, KG.codeChange, OWL.annotatedProperty, SSSOM.confidence)
    assert {
        "0/22-2222.00": ("44-4444.00", "one-to-one", SKOS.closeMatch, "1.0"),
        "1/33-3333.00": ("55-5555.00", "taken-up", SKOS.broadMatch, "1.0"),
        "2/11-1111.00": ("66-6666.00", "split", SKOS.closeMatch, "0.3333"),
        "2/11-1111.01": ("66-6666.00", "split", SKOS.closeMatch, "0.3333"),
    } == {
        name: tuple(facts[p].removeprefix(concept("code-change", "")) for p in said)
        for name, facts in links.items()
    }
    assert {f"{BASE}document/soc-history/2010-2019"} == {f[KG.codeHistory] for f in links.values()}
    assert {SEMAPV.MappingChaining} == {f[SSSOM.mapping_justification] for f in links.values()}
    # What is only a candidate is not said directly.
    matches, entry = merge_shared([made])[inferred_matches(IRIS)]
    assert "inferred" == entry.kind
    assert {
        ("http://e.example/0", SKOS.closeMatch, IRIS.occupation("22-2222.00")),
        ("http://e.example/1", SKOS.broadMatch, IRIS.occupation("33-3333.00")),
    } == set(matches.select("subject", "predicate", "object").iter_rows())


def test_findings_of_a_crosswalk() -> None:
    """What was carried over is counted, and each code that leads nowhere is named with its line."""
    made = crossed(walk("22-2222.00", "44-4444.00", "88-8888.00", "99-9999.00"), CODES)
    assert [
        "walk.csv: info: pairs with a code that O*NET 30.2 does not have: 3",
        "walk.csv: info: pairs carried over, since the code became one other code: 1",
        "walk.csv: info: pairs left out, since their codes lead to none of the release: 2",
        (
            "walk.csv:4: info: O*NET 30.2 has no code 88-8888.00 (1 pair); it became 77-7777.00, "
            "which it lacks too"
        ),
        "walk.csv:5: info: O*NET 30.2 has no code 99-9999.00 (1 pair); it is in no history",
    ] == [str(f) for f in made.findings if "describe" not in f.message]
    assert [3, 4, 5] == [f.line for f in made.findings if "does not describe" in f.message]
    (counts,) = made.counts.values()
    assert {"direct": 1, "one-to-one": 1, "lost": 2} == counts["matched"]
    assert {"no such code in the release": 2} == counts["left_out"]


def test_without_a_history_nothing_is_carried_over() -> None:
    """Pairs of former codes are left out, with a warning that says what to add."""
    made = crossed(walk("22-2222.00", "44-4444.00"))
    assert {IRIS.graph("crosswalk/walk")} == made.graphs.keys()
    assert [
        (
            "pairs left out, since no history of codes was given: 1; add one, such as O*NET's of "
            "2010 to 2019"
        )
    ] == [f.message for f in made.findings if f.severity == "warning"]


def test_without_a_release_codes_are_taken_as_they_are() -> None:
    """Nothing can be said of codes where no release is at hand."""
    made = crossed(walk("44-4444.00"), CODES, known=Known())
    assert IRIS.occupation("44-4444.00") in table(made, "crosswalk/walk")["object"]
    assert "no O*NET release was given: codes not looked up" in {f.message for f in made.findings}


def test_a_history_is_described() -> None:
    """The table that links name is a document with its digest."""
    made = map_history(CODES, HISTORY, IRIS)
    said = of(table(made, "soc-history/2010-2019"), f"{BASE}document/soc-history/2010-2019")
    assert {(KG.fileName, "h.csv"), (KG.sha256, CODES.document.sha256)} < said
    assert {SourceRef("onet-soc-history"): None} == made.sources


def test_real_crosswalk(shared: Callable[[str], Path]) -> None:
    """Of the 1,680 pairs 1,355 join directly; the codes of the other 325 lead on."""
    known = known_in_release(shared("data/onet/db_30_2_text.zip"))
    read = read_crosswalk(shared("data/esco/esco_onet_crosswalk_Nov2020.csv").read_bytes(), "w.csv")
    codes = read_history(shared("data/onet/onet_soc_2010_to_2019.csv").read_bytes(), "h.csv")
    made = map_crosswalk(read, known, [codes], None, WALK, IRIS)
    (counts,) = made.counts.values()
    assert {"direct": 1355, "one-to-one": 105, "taken-up": 181, "split": 39} == counts["matched"]
    assert 325 == 105 + 181 + 39
    found = table(made, "links/crosswalk/w")
    is_support = found.filter(pl.col("object") == IRIS.occupation("15-1232.00"))
    former = found.join(is_support.select("subject"), on="subject").filter(
        pl.col("predicate") == KG.formerCode
    )
    assert ["15-1151.00"] * 3 == former["object"].to_list()


# ---------------------------------------------------------------- ESCO


def test_esco_in_its_own_terms() -> None:
    """Concepts have ESCO's own IRIs, and the names that ESCO's model gives what columns say."""
    sample = read_esco(folder("build") / "example" / "esco_sample_en_csv")
    made = map_esco(sample, CLASSIFICATION, IRIS)
    found = table(made, "esco/esco_sample_en_csv")
    base, data = "https://w3id.org/skills-kg/example/esco/", "http://data.europa.eu/esco/"
    assert {
        (RDF.type, SKOS.Concept),
        (RDF.type, ESCO.MemberConcept),
        (RDF.type, ESCO.Occupation),
        (SKOS.prefLabel, "mobile lender"),
        (SKOS.altLabel, "bookmobile lender"),
        (SKOS.notation, "4411.91.1"),
        (SKOS.broader, f"{base}occupation/loans-desk-worker"),
        (SKOS.inScheme, f"{data}concept-scheme/occupations"),
        (SKOS.inScheme, f"{data}concept-scheme/member-occupations"),
        (ESCO.memberOfISCOGroup, f"{data}isco/C4411"),
        (ESCO.relatedEssentialSkill, f"{base}skill/answer-enquiries"),
        (ESCO.relatedOptionalSkill, f"{base}skill/draw-up-a-budget"),
        (DCT.description, "Lends media from a van that calls at fixed stops."),
        (DCT.modified, "2026-01-15T09:00:00Z"),
        (ISOTHES.status, "released"),
    } == of(found, f"{base}occupation/mobile-lender")
    skill = of(found, f"{base}skill/data-protection")
    assert {
        (RDF.type, ESCO.Skill),
        (ESCO.skillType, f"{data}skill-type/knowledge"),
        (ESCO.skillReuseLevel, f"{data}skill-reuse-level/cross-sector"),
    } < skill
    assert {
        (RDF.type, SKOS.Concept),
        (SKOS.prefLabel, "skill/competence"),
        (SKOS.inScheme, f"{data}concept-scheme/skill-competence-type"),
    } == of(found, f"{data}skill-type/skill")
    assert {(XSD.dateTime,)} == set(
        found.filter(pl.col("predicate") == DCT.modified).select("datatype").iter_rows()
    )


def test_lists_in_cells(tmp_path: Path) -> None:
    """Labels are a line each, schemes separated by commas or lines; blank cells say nothing."""
    (tmp_path / "occupations_de.csv").write_text(
        "conceptUri,preferredLabel,altLabels,iscoGroup,definition,inScheme\n"
        'http://e.example/1,eins,"uno\n\n ein ",1,"\u00a0\n","http://e.example/s,\nhttp://e.example/t"\n'
        'http://e.example/2,zwei,,2,,"http://e.example/s\nhttp://e.example/t"\n',
        "utf-8",
    )
    (tmp_path / "skills_de.csv").write_text(
        "conceptUri,preferredLabel,skillType,reuseLevel\n", "utf-8"
    )
    found = table(map_esco(read_esco(tmp_path), CLASSIFICATION, IRIS), f"esco/{tmp_path.name}")
    said = of(found, "http://e.example/1")
    assert {"uno", "ein"} == {value for predicate, value in said if predicate == SKOS.altLabel}
    assert SKOS.definition not in dict(said)
    assert {"de"} == set(found.filter(pl.col("predicate") == SKOS.altLabel)["language"])
    for node in ("http://e.example/1", "http://e.example/2"):
        schemes = {value for p, value in of(found, node) if p == SKOS.inScheme}
        assert {"http://e.example/s", "http://e.example/t"} == schemes


def test_versions_of_esco(tmp_path: Path) -> None:
    """The version in the name is that of the graph, the document and the source."""
    sample = folder("build") / "example" / "esco_sample_en_csv"
    named = tmp_path / "esco_v1.1.1_en_csv"
    named.mkdir()
    for file in sample.iterdir():
        (named / file.name).write_bytes(file.read_bytes())
    made = map_esco(read_esco(named), CLASSIFICATION, IRIS)
    assert {IRIS.graph("esco/1.1.1")} == made.graphs.keys()
    assert {SourceRef("esco", "1.1.1"): None} == made.sources
    assert "ESCO 1.1.1 says" == made.entries[IRIS.graph("esco/1.1.1")].attribution


# ---------------------------------------------------------------- SSSOM

SET = (
    "#curie_map:\n#  a: http://a.example/\n#mapping_set_title: Ones\n#license: http://a.example/l\n"
    "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence\t"
    "author_id\n"
)


def mapping_set(*rows: str) -> Contribution:
    return map_sssom(read_sssom((SET + "\n".join([*rows, ""])).encode(), "ones.sssom.tsv"), IRIS)


def test_mapping_set() -> None:
    """A mapping is a link in SSSOM's RDF; its set is the graph, its licence the catalogue's."""
    made = mapping_set("a:1\tskos:exactMatch\t\ta:2\tsemapv:LexicalMatching\t0.50\ta:x|a:y")
    found = table(made, "mappings/ones")
    (link,) = found.filter(pl.col("object") == KG.Link)["subject"]
    assert {
        (RDF.type, KG.Link),
        (OWL.annotatedSource, "http://a.example/1"),
        (OWL.annotatedProperty, SKOS.exactMatch),
        (OWL.annotatedTarget, "http://a.example/2"),
        (SSSOM.mapping_justification, SEMAPV.LexicalMatching),
        (SSSOM.confidence, "0.50"),
        (PAV.authoredBy, "http://a.example/x"),
        (PAV.authoredBy, "http://a.example/y"),
        (PROV.wasDerivedFrom, f"{BASE}document/mappings/ones"),
        (KG.line, "6"),
    } == of(found, link)
    graph = IRIS.graph("mappings/ones")
    assert {(RDF.type, SSSOM.MappingSet), (DCT.title, "Ones")} == of(found, graph)
    entry = made.entries[graph]
    assert ("http://a.example/l", "Ones") == (entry.licence, entry.attribution)


def test_what_mappings_say_directly() -> None:
    """A negated mapping says nothing directly, nor does one that a statement supports a task."""
    made = mapping_set(
        "a:1\tskos:exactMatch\t\ta:2\tsemapv:LexicalMatching\t\t",
        "a:1\tskos:exactMatch\tNot\ta:3\tsemapv:LexicalMatching\t\t",
        "a:1\thttps://w3id.org/skills-kg/ontology#supports\t\ta:4\tsemapv:LexicalMatching\t\t",
    )
    matches, _ = merge_shared([made])[asserted_matches(IRIS)]
    assert {(SKOS.exactMatch, "http://a.example/2")} == of(matches, "http://a.example/1")
    assert 1 == matches.height
    links = table(made, "mappings/ones").filter(pl.col("object") == KG.Link)
    assert 3 == links.height


def test_what_two_sets_say_is_said_once() -> None:
    """A direct triple of two sets stands in one graph, and neither set is forgotten."""
    row = "a:1\tskos:closeMatch\t\ta:2\tsemapv:LexicalMatching\t\t"
    one = mapping_set(row)
    two = map_sssom(read_sssom((SET.replace("Ones", "Twos") + row + "\n").encode(), "2.tsv"), IRIS)
    matches, entry = merge_shared([one, two])[asserted_matches(IRIS)]
    assert (1, "Ones; Twos") == (matches.height, entry.attribution)


def test_what_is_asserted_is_not_inferred() -> None:
    """What a set asserts, and a crosswalk leads to, stands in the graph of what is asserted."""
    target = IRIS.occupation("22-2222.00")
    row = f"http://e.example/0\tskos:closeMatch\t\t{target}\tsemapv:LexicalMatching\t\t"
    shared = merge_shared([crossed(walk("44-4444.00"), CODES), mapping_set(row)])
    assert {asserted_matches(IRIS)} == shared.keys()
