"""Pages as quads: what a page says, what is derived from it, and what is looked up."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from pages import FILE, Case, cases

from kg import quads
from kg.assembly import Assembly, assemble, vocabulary
from kg.mapping.concepts import index_concepts, merge_terms
from kg.mapping.iris import Iris
from kg.mapping.page import MappedPage, map_page
from kg.mapping.release import ReleaseIndex
from kg.model import Finding, Framework, Page, Quad, Statement
from kg.namespaces import (
    DCT,
    KG,
    ONET,
    PROV,
    RDF,
    SCHEMA,
    SKOS,
    XSD,
    concept,
)
from kg.readers.page import read_page
from kg.readers.sources import load_catalogue

IRIS = Iris()
CATALOGUE = load_catalogue()
SCHEMES = vocabulary(IRIS)[IRIS.graph("schemes")]
CONCEPTS = index_concepts(SCHEMES)
PATHSMITH = "Pathsmith Durable Skills Framework"
RELEASE = ReleaseIndex(
    version="9.1",
    codes={"potters": "11-0000.00", "bakers": "12-0000.00"},
    job_zones={"11-0000.00": 3},
    tasks={"11-0000.00": {"throw pots": "1", "fire the kiln": "2"}, "12-0000.00": {"knead": "3"}},
    elements={"clay sense": "2.A.1"},
)


@dataclass(frozen=True)
class Mapped:
    """A mapped page with ways to look at its quads."""

    page: Page
    result: MappedPage

    @property
    def rows(self) -> tuple[Quad, ...]:
        return (*self.result.rows, *self.result.terms)

    def values(self, node: str, predicate: str) -> list[str]:
        """Return the objects of a node's property, in order of writing."""
        return [r.object for r in self.rows if (r.subject, r.predicate) == (node, predicate)]

    def typed(self, kind: str) -> list[str]:
        """Return the nodes of a class, in order of writing."""
        return [r.subject for r in self.rows if (r.predicate, r.object) == (RDF.type, kind)]

    @property
    def warnings(self) -> list[tuple[str, int | None]]:
        return [(f.message, f.line) for f in self.result.findings if f.severity == "warning"]


def mapped(*lines: str, release: ReleaseIndex | None = RELEASE, title: str = "Potters") -> Mapped:
    """Read and map a page of these lines below a title."""
    page = read_page("\n".join((title, *lines)).encode(), FILE, CATALOGUE)
    return Mapped(page, map_page(page, CONCEPTS, release, IRIS, FILE))


def numbered(number: int, start: int = 1) -> list[str]:
    """Return the lines of some statements."""
    return [f"- s{n} — text {n}" for n in range(start, start + number)]


def stages(page: Mapped) -> dict[str, str]:
    """Return the last part of each statement's IRI, with that of its stage."""
    found = {}
    for node in page.typed(KG.Statement):
        for stage in page.values(node, KG.stage):
            found[node.rpartition("/")[2]] = "/".join(stage.split("/")[-2:])
    return found


# Stages by order


@pytest.mark.parametrize(
    ("number", "phrase", "each"),
    [
        (8, "four", 2),
        (4, "four", 1),
        (9, "three", 3),
        (12, "12", 1),
        (7, "four", 0),
        (3, "four", 0),
        (0, "four", 0),
        (8, "zero", 0),
        (8, "many", 0),
    ],
)
def test_base_stages(number: int, phrase: str, each: int) -> None:
    """Base statements share the stages of the context evenly and in order, or have none."""
    page = mapped(f"Context coveredPots in {phrase} career stages.", *numbered(number))
    expected = (
        {f"s{n}": f"career-stage/{(n - 1) // each + 1}" for n in range(1, number + 1)}
        if each
        else {}
    )
    assert expected == stages(page)
    bases = [r.object for r in page.rows if r.predicate == KG.stageBasis]
    assert [concept("stage-basis", "order")] * len(expected) == bases
    positions = [page.values(node, KG.position)[0] for node in page.typed(KG.Statement)]
    assert [str(n) for n in range(1, number + 1)] == positions


def test_stages_without_a_context() -> None:
    """Nothing names stages where there is no context."""
    assert {} == stages(mapped(*numbered(8)))


def test_ai_statements_have_no_stage() -> None:
    """AI statements never get a stage by order, whatever their lines say."""
    page = mapped(
        "Context coveredPots in four career stages.",
        "AI-at-Work Competency Framework",
        "What people do at four levels.",
        *numbered(8),
    )
    assert {} == stages(page)
    assert 8 == len(page.typed(KG.Statement))


def test_domain_levels() -> None:
    """Each domain's statements share its levels on their own; uneven or missing ones have none."""
    page = mapped(
        "Context coveredPots in four career stages.",
        PATHSMITH,
        "Ten domains at two levels",
        "1Communication4 statements",
        *numbered(4),
        "2Leadership3 statements",
        *numbered(3, 11),
        "3Character2 statements",
        *numbered(2, 21),
        "4Creativity4 statements",
        *numbered(2, 31),
    )
    expected = {"s1": "level/1", "s2": "level/1", "s3": "level/2", "s4": "level/2"}
    assert expected | {"s21": "level/1", "s22": "level/2"} == stages(page)
    framework = page.typed(KG.Framework)[0]
    assert ["2"] == page.values(framework, KG.declaredLevelCount)


def test_levels_are_the_contexts_stages_where_the_page_names_none() -> None:
    """A framework whose explanatory line names no levels has as many as there are stages."""
    page = mapped(
        "Context coveredPots in four career stages.",
        PATHSMITH,
        "1Communication4 statements",
        *numbered(4),
    )
    assert {f"s{n}": f"level/{n}" for n in range(1, 5)} == stages(page)
    assert [] == page.values(page.typed(KG.Framework)[0], KG.declaredLevelCount)


def test_more_stages_than_ship() -> None:
    """Stages beyond the shipped ones are introduced, with their numbers and no names."""
    page = mapped("Context coveredPots in ten career stages.", *numbered(10))
    node = f"{IRIS.base}career-stage/10"
    assert ["Career stage 10"] == page.values(node, SKOS.prefLabel)
    assert "career-stage/10" == stages(page)["s10"]
    assert {"9", "10"} == {n.rpartition("/")[2] for n in page.typed(KG.Stage)}


# Identifiers


def test_duplicate_labels() -> None:
    """A repeated label gets a number, in its own domain or framework only."""
    page = mapped(
        "- Glazing — a",
        "- glazing. — b",
        "- Glazing — c",
        PATHSMITH,
        "1Communication2 statements",
        "- Glazing — d",
        "- Glazing — e",
        "2Leadership1 statement",
        "- Glazing — f",
    )
    framework = IRIS.framework("Potters", "base")
    durable = IRIS.framework("Potters", "durable")
    expected = [f"{framework}/glazing{end}" for end in ("", "-2", "-3")]
    expected += [f"{durable}/communication/glazing{end}" for end in ("", "-2")]
    expected += [f"{durable}/leadership/glazing"]
    assert expected == page.typed(KG.Statement)


def test_labels_whose_slugs_collide() -> None:
    """Labels that differ in symbols have IRIs of their own, wherever they stand."""
    lines = ["- C — a", "- C++ — b", "- C# — c", "- ★ — d", "- ☆ — e"]
    nodes = {
        mapped(*lines).values(n, SKOS.prefLabel)[0]: n for n in mapped(*lines).typed(KG.Statement)
    }
    turned = mapped(*reversed(lines))
    again = {turned.values(n, SKOS.prefLabel)[0]: n for n in turned.typed(KG.Statement)}
    assert nodes == again
    assert 5 == len(set(nodes.values()))
    close = mapped("- Re-firing — a", "- Re firing — b", "- Réfiring — c", "- Refiring — d")
    expected = ["re-firing", "re-firing-2", "refiring", "refiring-2"]
    assert expected == [n.rpartition("/")[2] for n in close.typed(KG.Statement)]


def test_labels_of_other_scripts() -> None:
    """Labels in any script make IRIs that RDF allows and that tell them apart."""
    labels = ["печь", "焼き物", "मिट्टी", "मिट्टि", "กิน", "กาน", "طين", "★", "が", "か"]
    page = mapped(*(f"- {label} — text" for label in labels))
    nodes = page.typed(KG.Statement)
    assert len(labels) == len(set(nodes)) == len({n for n in nodes if not n.endswith("-2")})
    quads.check_iris(quads.from_rows(page.rows), "page")


def test_statements_without_a_label_or_text() -> None:
    """A statement without a label is named by its text, and says what it has."""
    page = mapped("Context coveredPots.", "- — only text", "- Only label", "- Only label —")
    nodes = page.typed(KG.Statement)
    assert ["only-text", "only-label", "only-label-2"] == [n.rpartition("/")[2] for n in nodes]
    assert [[], ["Only label"], ["Only label"]] == [page.values(n, SKOS.prefLabel) for n in nodes]
    assert [["only text"], [], []] == [page.values(n, SKOS.definition) for n in nodes]


def test_iris_do_not_come_from_positions() -> None:
    """Statements in another order have the same IRIs."""
    lines = numbered(9)
    expected = set(mapped(*lines).typed(KG.Statement))
    for seed in range(3):
        random.Random(seed).shuffle(lines)
        assert expected == set(mapped(*lines).typed(KG.Statement))


# What is written


def test_statement() -> None:
    """A statement says what it is, where it stands and what it cites."""
    chip = (
        "Anthropic Economic IndexAnthropic Economic Index — release_2026_03_24. Opens in new tab."
    )
    page = mapped("", f"- Glazing — dips {chip} {chip}.")
    node = page.typed(KG.Statement)[0]
    values = {r.predicate: r.object for r in page.rows if r.subject == node}
    expected = {
        RDF.type: KG.Statement,
        SKOS.prefLabel: "Glazing",
        SKOS.definition: "dips",
        KG.framework: IRIS.framework("Potters", "base"),
        KG.occupation: IRIS.occupation("11-0000.00"),
        KG.position: "1",
        KG.cites: f"{IRIS.base}source/aei",
        PROV.wasDerivedFrom: IRIS.page_document("Potters"),
        KG.line: "3",
    }
    assert expected == values
    assert 1 == len(page.values(node, KG.cites))


def test_derivation() -> None:
    """Statements, sections, figures, classifications and mentions carry document and line."""
    example = assemble()
    table = pl.concat(example.parts.values())
    for kind in (KG.Statement, KG.Section, KG.Figure, KG.Classification, KG.SourceMention):
        nodes = table.filter(predicate=RDF.type, object=kind)["subject"]
        assert nodes.len() > 0
        for predicate in (PROV.wasDerivedFrom, KG.line):
            having = table.filter(predicate=predicate)["subject"]
            assert set(nodes) <= set(having), (kind, predicate)


def test_domains() -> None:
    """Shipped domains are found whatever their spelling; new ones are introduced and reported."""
    page = mapped(
        PATHSMITH,
        "1Critical-Thinking1 statement",
        *numbered(1),
        "2Clay Sense1 statement",
        *numbered(1, 2),
        "3C++0 statements",
        "4C#0 statements",
    )
    domains = [page.values(node, KG.domain)[0] for node in page.typed(KG.Section)]
    assert [concept("domain", "critical-thinking"), IRIS.term("domain", "Clay Sense")] == domains[
        :2
    ]
    assert 4 == len(set(domains))
    assert domains[1:] == page.typed(KG.Domain)
    infos = [f.line for f in page.result.findings if f.severity == "info"]
    assert [5, 7, 8] == infos
    statement = page.typed(KG.Statement)[0]
    assert [domains[0]] == page.values(statement, KG.domain)


def test_domain_stated_twice() -> None:
    """Each statement names its own section, also where a framework states a domain twice."""
    page = mapped(
        "- Outside — a",
        PATHSMITH,
        "1Communication1 statement",
        "- First — b",
        "2Communication2 statements",
        "- Second — c",
        "- Third — d",
    )
    durable = IRIS.framework("Potters", "durable")
    first, second = f"{durable}/communication", f"{durable}/communication-2"
    assert [first, second] == page.typed(KG.Section)[:2]
    sections = {
        page.values(node, SKOS.prefLabel)[0]: page.values(node, KG.section)
        for node in page.typed(KG.Statement)
    }
    assert {"Outside": [], "First": [first], "Second": [second], "Third": [second]} == sections
    domains = {d for node in page.typed(KG.Statement) for d in page.values(node, KG.domain)}
    assert {concept("domain", "communication")} == domains


def test_figures_and_categories() -> None:
    """Figures have value and unit, categories an element or a concept; all have a source."""
    page = mapped(
        "Evidence pack",
        "- AEI usage",
        "- Task observations: 3,240AI autonomy: 3.00AI autonomy: 3.10",
        "- SAFI positioning",
        "- Top skill: Clay SenseScore: 48.5 / 100Quadrant: Q9_newprecision: exact",
        "- WEF cluster",
        "- Clay & Fireclay_fire",
    )
    figures = {n.rpartition("/")[2]: page.values(n, KG.value)[0] for n in page.typed(KG.Figure)}
    assert {
        "task-observations": "3240",
        "ai-autonomy": "3.00",
        "ai-autonomy-2": "3.10",
        "safi-score": "48.5",
    } == figures
    assert {XSD.decimal} == {r.datatype for r in page.rows if r.predicate == KG.value}
    found = {
        n.rpartition("/")[2]: page.values(n, KG.category)[0] for n in page.typed(KG.Classification)
    }
    assert {
        "top-skill": IRIS.element("2.A.1"),
        "quadrant": f"{IRIS.base}quadrant/q9-new",
        "precision": concept("precision", "exact"),
        "cluster": f"{IRIS.base}cluster/clay-fire",
    } == found
    assert ["Clay & Fire"] == page.values(f"{IRIS.base}cluster/clay-fire", SKOS.prefLabel)
    for node in (*page.typed(KG.Figure), *page.typed(KG.Classification)):
        assert [1] * 3 == [
            len(page.values(node, p)) for p in (DCT.source, SCHEMA.about, KG.metric)
        ], node


def test_mentions() -> None:
    """How a page names a source is kept: place, version, date and licence."""
    chip = (
        "O*NET v31.0O*NET Resource Center — Occupational Information Network, v31.0 (Sept 2025). "
        "Opens in new tab."
    )
    page = mapped(f"- a — b {chip}", f"- c — d {chip}", "Sources: O*NET v30.2 (CC BY 4.0). © A.")
    nodes = page.typed(KG.SourceMention)
    document = IRIS.page_document("Potters")
    assert [f"{document}/mention/chip/onet/31.0", f"{document}/mention/footer/onet"] == nodes
    assert (["31.0"], ["2025-09"], [], ["2"]) == tuple(
        page.values(nodes[0], p)
        for p in (KG.statedVersion, KG.statedDate, KG.statedLicense, KG.line)
    )
    assert (["30.2"], [], ["CC BY 4.0"]) == tuple(
        page.values(nodes[1], p) for p in (KG.statedVersion, KG.statedDate, KG.statedLicense)
    )
    assert [f"{IRIS.base}source/onet"] == page.values(document, DCT.source)
    assert ["© A."] == page.values(document, DCT.rights)


def test_footer_with_two_versions() -> None:
    """A footer may list a source in two versions, each a source of the document."""
    page = mapped("- a — b", "Sources: O*NET v31.0, O*NET v30.2, O*NET v29.0. © 2026 A.")
    expected = [f"{IRIS.base}source/onet{end}" for end in ("/31.0", "", "/29.0")]
    assert expected == page.values(IRIS.page_document("Potters"), DCT.source)


# What is looked up


@pytest.mark.parametrize(
    ("context", "title", "warnings"),
    [
        ("at Job Zone 3", "Potters", 0),
        ("at Job Zone 4", "Potters", 1),
        ("anywhere", "Potters", 0),
        ("at Job Zone 4", "Bakers", 0),
    ],
)
def test_job_zone(context: str, title: str, warnings: int) -> None:
    """A job zone other than the release's is a warning at the context's line."""
    page = mapped("", f"Context covered{context}.", title=title)
    expected = [("job zone 4 stated; O*NET 9.1 has 3", 3)] * warnings
    assert expected == page.warnings
    assert {FILE} == {FILE, *(f.file for f in page.result.findings)}
    unnamed = map_page(page.page, CONCEPTS, RELEASE, IRIS).findings
    assert {"page.txt"} == {"page.txt", *(f.file for f in unnamed)}


@pytest.mark.parametrize("title", ["Potters", "POTTERS.", "potters", "Potters\u00a0"])
def test_title(title: str) -> None:
    """The occupation is found by its title, whatever case, white space and final stop."""
    page = mapped(*numbered(1), title=title)
    assert IRIS.occupation("11-0000.00") == page.values(page.result.document, SCHEMA.about)[0]
    assert [] == page.typed(KG.Occupation)


@pytest.mark.parametrize("title", ["Potter", "The Potters", "11-0000.00"])
def test_title_that_the_release_lacks(title: str) -> None:
    """A title that the release lacks is a warning; the page has an occupation of its own."""
    page = mapped(*numbered(1), title=title)
    assert [(f"O*NET 9.1 has no occupation {title!r}", 1)] == page.warnings
    assert [IRIS.occupation_without_code(title)] == page.typed(KG.Occupation)
    assert [title] == page.values(IRIS.occupation_without_code(title), SKOS.prefLabel)


def test_anchors() -> None:
    """Anchors become the occupation's own tasks by their text, the others are reported."""
    page = mapped(
        "Show O*NET source anchors4 anchors · a.example",
        "- Fire  the kiln.",
        "- THROW POTS",
        "- Knead.",
        "- Throw pots!",
    )
    node = page.typed(KG.Section)[0]
    unknown = [IRIS.task_without_id(text) for text in ("Knead.", "Throw pots!")]
    assert [IRIS.task("2"), IRIS.task("1"), *unknown] == page.values(node, KG.groundedIn)
    assert [5, 6] == [line for _, line in page.warnings]
    assert unknown == page.typed(ONET.Task)
    assert ["Knead."] == page.values(unknown[0], ONET.task)
    assert (["4"], ["a.example"]) == tuple(
        page.values(node, p) for p in (KG.declaredCount, KG.credit)
    )


def test_without_a_release() -> None:
    """Without a release a page still maps; what was not looked up is reported."""
    page = mapped(
        "Evidence pack",
        "- SAFI positioning",
        "- Top skill: Clay Sense",
        "Show O*NET source anchors1 anchor",
        "- Throw pots.",
        release=None,
    )
    assert [("info", 1), ("info", 4), ("info", 5)] == sorted(
        (f.severity, f.line) for f in page.result.findings
    )
    assert [IRIS.occupation_without_code("Potters")] == page.typed(KG.Occupation)
    assert 1 == len(page.values(page.typed(KG.Classification)[0], KG.category))


# Of any page


def all_statements(page: Page) -> list[Statement]:
    """Return every statement of a page."""
    return [
        s
        for f in page.frameworks
        for s in (*f.statements, *(s for d in f.sections for s in d.statements))
    ]


def test_messages_quote_the_beginning_of_long_texts() -> None:
    """A finding stays short, however long the text that it is about."""
    long = "pot" * 1000
    lines = (
        "Evidence pack",
        "- SAFI positioning",
        f"- Top skill: {long}",
        PATHSMITH,
        f"1{long}1 statement",
        f"- {long} — a",
        "Show O*NET source anchors1 anchors",
        f"- {long}",
    )
    for title in ("Potters", long):
        findings = mapped(*lines, title=title).result.findings
        assert len(findings) >= 3
        assert [] == [f for f in findings if len(f.message) > 200]


def expected_stages(page: Page, framework: Framework) -> int:
    """Return how many statements of a framework get a stage."""
    levels = framework.level_count or page.stage_count or 0
    whole = [d for d in framework.sections if len(d.statements) == d.declared]
    groups = [(len(d.statements), levels) for d in whole]
    if framework.kind == "base":
        groups.append((len(framework.statements), page.stage_count or 0))
    return sum(number for number, each in groups if each and number % each == 0)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_any_page(case: Case) -> None:
    """Any page maps to what was read, to sound IRIs, and to no triple in two graphs."""
    page = case.page
    result = map_page(page, CONCEPTS, RELEASE, IRIS)
    assert result == map_page(replace(page), CONCEPTS, RELEASE, IRIS)
    types = Counter(r.object for r in result.rows if r.predicate == RDF.type)
    predicates = Counter(r.predicate for r in result.rows)
    statements = all_statements(page)
    nodes = [r.subject for r in result.rows if (r.predicate, r.object) == (RDF.type, KG.Statement)]
    assert len(statements) == len(set(nodes)) == types[KG.Statement]
    assert sum(len(s.cites) for s in statements) == predicates[KG.cites]
    assert sum(expected_stages(page, f) for f in page.frameworks) == predicates[KG.stage]
    assert predicates[KG.stage] == predicates[KG.stageBasis]
    assert len(page.frameworks) == types[KG.Framework]
    sections = sum(len(f.sections) for f in page.frameworks) + (page.anchors is not None)
    assert sections == types[KG.Section]
    assert (len(page.figures), len(page.classifications)) == (
        types[KG.Figure],
        types[KG.Classification],
    )
    lines = {(r.subject, r.object) for r in result.rows if r.predicate == KG.line}
    assert {str(s.line) for s in statements} <= {line for _, line in lines}
    assert [result.graph] == list({r.graph for r in result.rows})
    table = quads.concat(
        [quads.from_rows(result.rows), merge_terms(result.terms), quads.from_rows(SCHEMES)]
    )
    quads.check_iris(table, "page")
    once = quads.unique_sorted(table)
    assert once.height == once.unique(quads.COLUMNS[:-1]).height
    assert not table.filter(kind="literal")["object"].is_in([""]).any()


def test_no_triple_in_two_graphs(tmp_path: Path) -> None:
    """Pages that share new domains, tasks and near misses of shipped ones share their nodes."""
    for number, domain in enumerate(("Clay Sense", "clay sense", "COMMUNICATION!", "Level 2")):
        (tmp_path / f"{number}.txt").write_text(
            f"Potters {number}\n{PATHSMITH}\n1{domain}1 statement\n- a — b\n"
            "Show O*NET source anchors1 anchor\n- Throw pots\nSources: LER.me. © 2026 A.\n",
            encoding="utf-8",
        )
    table = quads.concat(assemble([tmp_path]).parts.values())
    assert table.height == table.unique(quads.COLUMNS[:-1]).height
    labels = table.filter(subject=IRIS.term("domain", "Clay Sense"), predicate=SKOS.prefLabel)
    assert ["Clay Sense"] == labels["object"].to_list()
    assert 1 == table.filter(predicate=ONET.task)["subject"].n_unique()


# The real page


@pytest.fixture(scope="module")
def real_page(shared: Callable[[str], Path]) -> Page:
    """Return the record of the real page."""
    path = shared("data/frameworks/000_328dda3a84282345.txt")
    return read_page(path.read_bytes(), path.name, load_catalogue())


@pytest.fixture(scope="module")
def real(real_inputs: list[Path]) -> Assembly:
    """Return what the real page becomes, with the tables of the release that it is read with."""
    return assemble(real_inputs)


def count(table: pl.DataFrame, predicate: str, value: str) -> int:
    """Return how many quads have this predicate and object."""
    return table.filter(predicate=predicate, object=value).height


def test_real_statements(real: Assembly) -> None:
    """The real page has its 137 statements in three frameworks and ten domains."""
    table = pl.concat(real.parts.values())
    assert 137 == count(table, RDF.type, KG.Statement)
    title = "Computer User Support Specialists"
    for kind, number in {"base": 40, "ai": 13, "durable": 84}.items():
        assert number == count(table, KG.framework, IRIS.framework(title, kind)), kind
    assert 3 == count(table, RDF.type, KG.Framework)
    sections = table.filter(predicate=KG.domain).group_by("object").len()
    # Each domain is that of its section, and of its statements.
    assert {1 + 12: 1, 1 + 8: 9} == Counter(sections["len"])
    communication = concept("domain", "communication")
    assert [13] == sections.filter(object=communication)["len"].to_list()


def test_real_citations(real: Assembly, real_page: Page) -> None:
    """The real page cites five sources 141 times, and names seven in its footer."""
    table = pl.concat(real.parts.values())
    cites = table.filter(predicate=KG.cites)
    found = Counter(node.rpartition("/")[2] for node in cites["object"])
    assert {"pathsmith": 79, "onet": 44, "aei": 8, "safi": 5, "wef": 5} == found
    statements = table.filter(predicate=RDF.type, object=KG.Statement)["subject"]
    without = statements.filter(~statements.is_in(cites["subject"].implode()))
    lines = table.filter(pl.col("subject").is_in(without.implode()), predicate=KG.line)["object"]
    assert [*range(3, 43)] == sorted(map(int, lines))
    footer = [m for m in real_page.mentions if m.place == "footer"]
    assert 7 == len(footer)
    assert 5 == sum(f"{IRIS.source(m.source)}" in set(cites["object"]) for m in footer)
    assert 7 == count(table, KG.place, concept("mention-place", "footer"))


def test_real_stages(real: Assembly) -> None:
    """Of the real page's statements 124 have a stage, 31 at each position."""
    table = pl.concat(real.parts.values())
    stages = table.filter(predicate=KG.stage)
    assert 124 == stages.height == table.filter(predicate=KG.stageBasis).height
    positions = Counter(node.rpartition("/")[2] for node in stages["object"])
    assert {"1": 31, "2": 31, "3": 31, "4": 31} == positions


def test_real_evidence(real: Assembly) -> None:
    """The real page's figures and categories are those it states, digits and all."""
    table = pl.concat(real.parts.values())
    document = IRIS.page_document("Computer User Support Specialists")
    values = {
        s.removeprefix(f"{document}/figure/"): v
        for s, v in table.filter(predicate=KG.value).select("subject", "object").iter_rows()
    }
    assert {
        "task-observations": "3240",
        "augment-share": "95",
        "time-saved": "87.3",
        "ai-autonomy": "3.00",
        "safi-score": "48.5",
    } == values
    units = Counter(n.rpartition("/")[2] for n in table.filter(predicate=KG.unit)["object"])
    assert {"count": 1, "percent": 2, "one": 1, "points-of-100": 1} == units
    categories = {
        s.removeprefix(f"{document}/classification/"): v
        for s, v in table.filter(predicate=KG.category).select("subject", "object").iter_rows()
    }
    assert {
        "top-skill": IRIS.element("2.A.1.d"),
        "quadrant": concept("quadrant", "q2-ai-augmented"),
        "precision": concept("precision", "exact"),
        "cluster": concept("cluster", "artificial-intelligence"),
    } == categories


def test_real_occupation(real: Assembly, real_page: Page) -> None:
    """The real page's occupation has its code, job zone, tasks and anchors."""
    table = pl.concat(real.parts.values())
    occupation = IRIS.occupation("15-1232.00")
    own = table.filter(subject=occupation)
    assert ["15-1232.00"] == own.filter(predicate=SKOS.notation)["object"].to_list()
    assert ["3"] == own.filter(predicate=KG.jobZone)["object"].to_list()
    assert 16 == own.filter(predicate=ONET.hasTask).height
    page = real.parts[IRIS.graph("page/computer-user-support-specialists")]
    assert 137 == count(page, KG.occupation, occupation) - 3  # the frameworks too
    anchors = IRIS.page_document("Computer User Support Specialists") + "/anchors"
    section = table.filter(subject=anchors)
    assert ["62"] == section.filter(predicate=KG.declaredCount)["object"].to_list()
    ids = ("1285", "1286", "1288", "1282", "1284", "1289", "1283", "1287")
    found = section.filter(predicate=KG.groundedIn)["object"]
    assert {IRIS.task(task) for task in ids} == set(found)
    assert set(found) < set(own.filter(predicate=ONET.hasTask)["object"])
    result = map_page(real_page, CONCEPTS, None, IRIS)
    lines = [text for text, _ in real_page.anchors.tasks] if real_page.anchors else []
    texts = dict(table.filter(predicate=ONET.task).select("subject", "object").iter_rows())
    assert [texts[IRIS.task(task)] for task in ids] == lines
    assert 8 == sum(r.predicate == KG.groundedIn for r in result.rows)


def test_real_findings(real: Assembly) -> None:
    """The only thing to say about the real page is that it shows 8 of 62 anchors."""
    found = [f for f in real.findings if f.severity != "info"]
    assert [Finding("warning", "62 anchors declared, 8 found", found[0].file, 164)] == found


def test_real_graphs(real: Assembly) -> None:
    """No triple of the real data stands in two graphs, and nothing is made up beside them."""
    table = quads.concat(real.parts.values())
    assert table.height == table.unique(quads.COLUMNS[:-1]).height
    assert IRIS.graph("page-terms") not in real.parts
    assert IRIS.graph("page/computer-user-support-specialists") in real.parts
    page = real.parts[IRIS.graph("page/computer-user-support-specialists")]
    assert "3.00" in page.filter(predicate=KG.value)["object"].to_list()
