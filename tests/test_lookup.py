"""Names and texts: from what a person types to nodes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import lookup, quads
from kg.errors import KgError, NotFoundError, RequestError
from kg.generations import current
from kg.lookup import ENTITIES, KINDS, Names, Node, _keys, find, kind_table, labels_of, resolve
from kg.mapping.iris import text_key
from kg.model import Quad
from kg.namespaces import BASE, DCT, ESCO, KG, ONET, PREFIXES, RDF, RDFS, SKOS

PAGE = f"{BASE}framework/library-technicians"
HOSTILE = [
    "",
    " ",
    '"',
    '""',
    '"""',
    ":",
    "::",
    ".",
    "...",
    "*",
    ".*",
    "(",
    "[a-",
    "(?P<x>",
    "\\",
    "\\d+",
    "a{1000}",
    "$^",
    "%",
    "'; DROP TABLE quads; --",
    "\0",
    "\n",
    "\u2028",
    "\ufeff",
    "task:",
    "task: ",
    'task:""',
    "://",
    "https://",
    "x" * 100_000,
    "( " * 1000,
]


@pytest.fixture(scope="module")
def table(example_folder: Path) -> pl.LazyFrame:
    """Return the quad table of the bundled example."""
    return current(example_folder).scan().collect().lazy()


def own(*labels: str, kind: str = KG.Statement) -> pl.LazyFrame:
    """Return a table of nodes with these labels."""
    rows: list[Quad] = []
    for number, label in enumerate(labels):
        node = f"http://example.org/own-node-{number}"
        rows.append(quads.iri(node, RDF.type, kind, None))
        rows.append(quads.text(node, SKOS.prefLabel, label, None))
    return quads.from_rows(rows).lazy()


def refusal(table: pl.LazyFrame, name: str, kind: str | None = None) -> str:
    """Return the message with which a name is not resolved."""
    with pytest.raises(NotFoundError) as caught:
        resolve(table, name, kind)
    assert 1 == len(str(caught.value).splitlines())
    return str(caught.value)


def resolve_or_say(table: pl.LazyFrame, name: str) -> str:
    """Return what a name means, or why that is not clear."""
    try:
        return resolve(table, name)
    except NotFoundError as error:
        return str(error)


# One node.


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        # a code, whatever its kind
        ("occupation/25-4031.00", "25-4031.00"),
        ("task/900001", "900001"),
        ("element/2.A.1.a", "2.A.1.a"),
        ("element/2.A.1.a", "2.a.1.A"),
        ("quadrant/q2-ai-augmented", "Q2_ai_augmented"),
        # the end of an IRI
        ("source/pathsmith", "pathsmith"),
        ("source/pathsmith", "source/pathsmith"),
        ("career-stage/2", "career-stage/2"),
        # an IRI with a known prefix
        ("ontology#stageBasis", "kg:stageBasis"),
        ("ontology#Statement", " kg:Statement "),
        ("domain/communication", "kgc:domain/communication"),
        # a label, in any case, with any white space, with a full stop or not
        ("domain/communication", "Communication"),
        ("domain/communication", "  communication. "),
        ("domain/growth-mindset", "GROWTH \u00a0 MINDSET"),
        ("career-stage/1", "Career stage 1"),
        ("task/900006", "walk the shelves to find misplaced volumes and restore their order"),
        ("occupation/43-4121.00", "Library Assistants, Clerical"),
        # a kind before it
        ("task/900001", "task:900001"),
        ("domain/communication", "domain:Communication"),
        ("domain/communication", "DOMAIN: communication"),
        ("domain/critical-thinking", 'domain:"Critical Thinking"'),
        ("domain/critical-thinking", "domain:critical thinking"),
        ("element/2.A.2.a", 'skill:"Critical Thinking"'),
        ("element/2.A.2.a", 'element:"Critical Thinking"'),
        ("element/2.A.2.a", "skill:2.A.2.a"),
        ("occupation/25-4031.00", 'occupation:"Library Technicians"'),
        ("document/page/library-technicians", 'document:"Library Technicians"'),
        ("source/onet", "source:onet"),
        ("level/3", "stage:level 3"),
        # what a release lists beside occupations and tasks
        ("element/4.A.4.a.8.I91.D91", "dwa:4.A.4.a.8.I91.D91"),
        ("element/4.A.4.a.8.I91.D91", "dwa:Hand out items and take them back"),
        ("element/4.A.4.a.8.I91.D91", "element:Hand out items and take them back."),
        ("element/4.A.4.a.8.I91", 'iwa:"Serve people at a counter."'),
        ("technology/GridCalc", "technology:gridcalc"),
        ("tool/Trolleys_with_24%22_shelves", 'tool:Trolleys with 24" shelves'),
        ("unspsc/43211700", "commodity:43211700"),
        ("unspsc/24101500", "commodity:industrial trucks"),
        ("scale/IM", "scale:IM"),
        ("scale/LV", "Level"),
        ("job-zone/3", "zone:3"),
        ("job-zone/3", "Job Zone Three: Medium Preparation"),
        # what is more than one thing is found by each of its kinds
        ("element/4.A.4.a.8.I91", "skill:4.A.4.a.8.I91"),
        ("domain/communication", "concept:Communication"),
        ("career-stage/1", 'concept:"Career stage 1"'),
        # quotation marks around all of it, and those of the label itself
        ("domain/communication", '"Communication"'),
    ],
)
def test_resolve(table: pl.LazyFrame, expected: str, name: str) -> None:
    """A name that means one node gives its IRI."""
    assert BASE + expected == resolve(table, name)


def test_a_prefix_may_begin_a_label() -> None:
    """A label that looks like a name with a prefix is found where no node has that IRI."""
    assert set() == KINDS.keys() & PREFIXES.keys()
    table = own("sh:out", "sh: in")
    assert "http://example.org/own-node-0" == resolve(table, "sh:out")
    assert "http://example.org/own-node-1" == resolve(table, "sh: in")
    assert f"the graph has no node sh:on, which is {PREFIXES['sh']}on" == refusal(table, "sh:on")


@pytest.mark.parametrize(
    "name",
    [
        '"Lost or missing" reports',
        'statement:"Lost or missing" reports',
        'statement:""Lost or missing" reports"',
        '""Lost or missing" reports"',
    ],
)
def test_labels_with_quotation_marks(table: pl.LazyFrame, name: str) -> None:
    """A label that begins with a quotation mark is found, with more marks around it or not."""
    assert f"{PAGE}/base/lost-or-missing-reports" == resolve(table, name)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ('"a" or "b"', '"a" or "b"'),
        ('"', '"'),
        ('"x"', '"x"'),
        ("x", '"x"'),
        ('"x', '"x'),
        ("Straße", "Straße"),
        ("Straße", "STRASSE"),
        ("STRASSE", "straße"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("σοφός", "ΣΟΦΌΣ"),
        ("İstanbul", "İSTANBUL"),
        ("\ufb01re", "\ufb01re"),
        ("漢字 かな", "漢字\u3000かな"),
        ("a\u00a0b", "a b"),
        ("C++", "c++"),
        ("100 %", "100 %"),
        (".NET", ".NET"),
        ("e.g.", "e.g"),
    ],
)
def test_labels_of_all_kinds(label: str, name: str) -> None:
    """A label is found by itself, whatever letters and marks it is made of."""
    assert "http://example.org/own-node-0" == resolve(own(label, "another"), name)


@pytest.mark.parametrize(
    "iri", ["urn:uuid:6e8bc430", "tag:example.org,2026:a", "http://example.org/a", "mailto:a@b.c"]
)
def test_iris_of_any_scheme(iri: str) -> None:
    """An IRI is a name, also one without slashes, and as `kg show` writes it."""
    rows = quads.from_rows([quads.iri(iri, RDF.type, "urn:x:class", None)]).lazy()
    assert iri == resolve(rows, iri)
    assert iri == resolve(rows, f"<{iri}>")
    assert "urn:x:class" == resolve(rows, " urn:x:class ")
    assert "no node" in refusal(rows, "urn:x:none")
    assert "has no node urn:x:none" in refusal(rows, "<urn:x:none>")


def test_a_label_comes_before_an_iri_that_reads_alike() -> None:
    """What bears a name is meant by it, rather than what it is the IRI of."""
    rows = [quads.iri("note:well", RDF.type, KG.Statement, None)]
    both = pl.concat([own("Note:Well").collect(), quads.from_rows(rows)]).lazy()
    assert "http://example.org/own-node-0" == resolve(both, "note:well")
    assert "note:well" == resolve(both, "<note:well>")


def test_every_name_that_is_shown_resolves(table: pl.LazyFrame) -> None:
    """The name of each node of the example means that node, or tells what else it may mean."""
    typed = table.filter(pl.col("predicate") == RDF.type).collect()
    nodes = lookup._described(table, typed["subject"].unique(), None)
    assert len(nodes) > 150
    found = {node.iri: resolve_or_say(table, node.name) for node in nodes.values()}
    unclear = {iri: said for iri, said in found.items() if said != iri}
    # Two occupations have a task of the same text.
    tasks = {iri for iri in unclear if iri.startswith(f"{BASE}task/")}
    assert {f"{BASE}task/900002", f"{BASE}task/900202"} == tasks
    assert [] == [iri for iri, said in unclear.items() if iri not in said]


def test_iris(table: pl.LazyFrame) -> None:
    """An IRI means itself, if it is a node: a subject or an object, and no text."""
    for iri in (f"{BASE}task/900001", KG.Statement, f"{BASE}graph/catalog"):
        assert iri == resolve(table, iri) == resolve(table, f" {iri} ")
    assert f"{BASE}task/900001" == resolve(table, f"task:{BASE}task/900001")
    assert "the graph has no node https://example.org/x" == refusal(table, "https://example.org/x")
    text = quads.from_rows([quads.literal("http://a/b", KG.credit, "http://a/c", None)]).lazy()
    assert "the graph has no node http://a/c" == refusal(text, "http://a/c")


def test_kind_of_the_question(table: pl.LazyFrame) -> None:
    """A kind that is asked for holds where the name says none; the name's own goes before."""
    assert f"{BASE}domain/critical-thinking" == resolve(table, "Critical Thinking", "domain")
    assert f"{BASE}element/2.A.2.a" == resolve(table, "Critical Thinking", "skill")
    assert f"{BASE}element/2.A.2.a" == resolve(table, "skill:Critical Thinking", "domain")
    assert "no task is called 'Communication'" in refusal(table, "Communication", "task")


@pytest.mark.parametrize("kind", ["", "planet", "Domain", "kg:Domain"])
def test_no_kind(table: pl.LazyFrame, kind: str) -> None:
    """A kind that there is not is a RequestError that lists the kinds."""
    for act in (resolve, find):
        with pytest.raises(RequestError, match=r"no kind .*; there are: classification, "):
            act(table, "Communication", kind)


def test_kinds_are_classes_of_the_ontology(table: pl.LazyFrame) -> None:
    """Every kind stands for a class that is defined."""
    defined = set(table.filter(pl.col("predicate") == RDFS.label).collect()["subject"])
    assert {ESCO.Occupation, ESCO.Skill, SKOS.Concept} == set(KINDS.values()) - defined
    assert sorted(KINDS) == list(KINDS)


def test_entities(table: pl.LazyFrame) -> None:
    """Paths and drawings know each class by one name, an activity as the element that it is."""
    assert ENTITIES.items() <= KINDS.items()
    assert len(ENTITIES) == len(set(ENTITIES.values()))
    found = dict(kind_table(table, ENTITIES).iter_rows())
    assert "element" == found[f"{BASE}element/4.A.4.a.8.I91.D91"]
    assert f"{BASE}technology/GridCalc" not in found


def test_ambiguity(table: pl.LazyFrame) -> None:
    """A label that two things bear is refused with names that tell them apart."""
    said = refusal(table, "Critical Thinking")
    assert (
        '\'Critical Thinking\' may mean: domain:"Critical Thinking", element:"Critical Thinking"'
        == said
    )
    for name in said.partition(": ")[2].split(", "):
        assert resolve(table, name)


def test_ambiguity_of_three(table: pl.LazyFrame) -> None:
    """Document, framework and occupation of a page share its title."""
    said = refusal(table, "library technicians").partition(": ")[2].split(", ")
    assert {"document", "framework", "occupation"} == {name.partition(":")[0] for name in said}
    assert 3 == len({resolve(table, name) for name in said})


def test_ambiguity_of_the_same_kind(table: pl.LazyFrame) -> None:
    """Where names with their kinds are the same, IRIs tell candidates apart."""
    said = refusal(table, "Keep borrower accounts correct and up to date.")
    assert f"{BASE}task/900002, {BASE}task/900202" == said.partition("mean: ")[2]
    assert refusal(table, "task:Keep borrower accounts correct and up to date").endswith(said[-80:])


def test_many_candidates() -> None:
    """Of many candidates some are named and the rest is counted."""
    said = refusal(own(*["same"] * 25), "same")
    assert 10 == said.count("http://example.org/")
    assert said.endswith(" and 15 more")


@pytest.mark.parametrize(
    ("hint", "name"),
    [
        ("did you mean domain:Communication or", "communicatio"),
        ('"Critical Thinking"', "thinking"),
        ("; find one by its words: kg find WORDS", "nothing at all like this"),
        ("; find one by its words: kg find WORDS --kind task", "task:Communication"),
        ("; find one by its words: kg find WORDS --kind task", "task:1"),
        ("did you mean task:900201 (Issue and take back loans", "task:90001"),
        (", occupation:25-4031.00 (Library Technicians), ", "occupation:11-1011.00"),
    ],
)
def test_near_misses(table: pl.LazyFrame, hint: str, name: str) -> None:
    """A name that nothing bears is answered with what comes near, what there is, or how to look."""
    said = refusal(table, name)
    assert " is called " in said
    assert hint in said


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Libary Technicians", "occupation", ['occupation:"Library Technicians"']),
        ("Creativty", "domain", ["domain:Creativity"]),
        ("25-4031.99", "occupation", ["occupation:25-4031.00 (Library Technicians)"]),
        ("Speeking", "skill", ["skill:Speaking"]),
        ("skil:Reading", None, ["skill:Reading"]),
        ("Xyzzy", "domain", []),
    ],
)
def test_misspelt_names(
    table: pl.LazyFrame, name: str, kind: str | None, expected: list[str]
) -> None:
    """Where no text holds the words, what is spelt alike is suggested, a kind too."""
    with pytest.raises(NotFoundError) as error:
        resolve(table, name, kind)
    said = str(error.value).partition("did you mean ")[2].rstrip("?")
    assert expected == (said.split(" or ") if said else [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tool:MP3", 'tool:"MP3 players"'),
        ("CO2", 'tool:"CO2 meters"'),
        ("DB2", 'technology:"IBM DB2"'),
        ("3D", 'tool:"3D printers"'),
        ("DB20", ""),
        ("7D", ""),
        ("47", ""),
    ],
)
def test_what_has_digits_may_be_a_word(name: str, expected: str) -> None:
    """Letters together make a word, and what looks like a code is one where a label has it."""
    said = refusal(
        _called(tool=["MP3 players", "CO2 meters", "3D printers", "47D racks of 47"]), name
    )
    assert expected == said.partition("did you mean ")[2].rstrip("?")


def test_the_few_of_a_kind_are_listed_by_names_that_resolve() -> None:
    """Where two are called alike it is their IRIs, and where a label is too long to be typed."""
    labels = ["same", "Same", "tab\there\nnew", 'say "hi"', "x" * 200]
    table = _called(domain=labels)
    said = refusal(table, "domain:zzz").partition("there are: ")[2]
    names = [name.partition(" (x")[0] for name in said.split(", ")]
    assert [f"{BASE}domain/{n}" for n in range(5)] == [resolve(table, name) for name in names]
    assert [f"{BASE}domain/0", 'domain:"tab here new"'] == [names[0], names[2]]
    assert len(said) < 300


def _called(**labels: list[str]) -> pl.LazyFrame:
    """Return a table of nodes of some kinds with these labels, and a technology."""
    rows = [
        row
        for kind, texts in {"technology": ["IBM DB2"], **labels}.items()
        for number, text in enumerate(texts)
        for row in (
            quads.iri(f"{BASE}{kind}/{number}", RDF.type, KINDS[kind], None),
            quads.text(f"{BASE}{kind}/{number}", SKOS.prefLabel, text, None),
        )
    ]
    return quads.from_rows(rows).lazy()


def test_who_is_called_so_comes_before_who_is_also_called_so() -> None:
    """The preferred label of one node is its name, whatever others have it as another label."""
    rows = [
        *(quads.iri(BASE + name, RDF.type, ESCO.Skill, None) for name in "ab"),
        quads.text(f"{BASE}a", SKOS.prefLabel, "assist customers", None),
        quads.text(f"{BASE}b", SKOS.prefLabel, "communicate with customers", None),
        quads.text(f"{BASE}b", SKOS.altLabel, "assist customers", None),
    ]
    assert f"{BASE}a" == resolve(quads.from_rows(rows).lazy(), 'esco-skill:"assist customers"')


def test_near_misses_can_be_typed(table: pl.LazyFrame) -> None:
    """What is proposed can be used as it stands."""
    said = refusal(table, "borrower accounts").partition("did you mean ")[2].rstrip("?")
    assert said
    for name in said.split(" or "):
        assert BASE in (resolve_or_say(table, name.partition(" (")[0]))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names(table: pl.LazyFrame, text: str) -> None:
    """Patterns, marks and very long texts are looked for as they are, and not found."""
    for name in (text, f"domain:{text}", f'"{text}"'):
        with pytest.raises(NotFoundError):
            resolve(table, name)


@given(st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_name(text: str) -> None:
    """Any text at all is resolved or refused in our own words, and finds itself as a label."""
    table = own("one", "Two", "thr.ee")
    try:
        resolve(table, text)
        find(table, text)
    except KgError:
        pass


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=3).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_a_label_finds_its_node(label: str) -> None:
    """A node is found by its label and by its full name, unless that looks like another kind."""
    table = own(label, "something else entirely")
    if not label.strip(' ."') or "://" in label or label.partition(":")[0].lower() in KINDS:
        return
    node = Node("http://example.org/own-node-0", "statement", label)
    assert node.iri == resolve(table, label)
    assert node.iri == resolve(table, node.name)


# Many nodes.


def test_find_ranks(table: pl.LazyFrame) -> None:
    """Equal labels come first, then beginnings, then what holds the words, then texts."""
    rows = own("b alpha", "alpha beta", "Alpha", "beta alpha gamma", "alphabet")
    text = quads.text("http://example.org/t", SKOS.definition, "on alpha", None)
    typed = quads.iri("http://example.org/t", RDF.type, KG.Statement, None)
    both = pl.concat([rows, quads.from_rows([text, typed]).lazy()])
    labels = [node.label for node in find(both, "alpha")]
    assert ["Alpha", "alphabet", "alpha beta", "b alpha", "beta alpha gamma", "t"] == labels
    assert [None] * 5 + ["on alpha"] == [node.text for node in find(both, "alpha")]


def test_find_on_the_example(table: pl.LazyFrame) -> None:
    """Words are found in labels, codes and texts, in any order and case, and the kind is told."""
    (first, *others) = find(table, "critical THINKING")
    assert ("Critical Thinking", None) == (first.label, first.text)
    assert {"domain", "element"} == {first.kind, others[0].kind}
    assert find(table, "thinking critical")
    assert [f"{BASE}task/900001"] == [node.iri for node in find(table, "900001", "task")]
    shelf = [
        n for n in find(table, "shelf", most=1000) if n.kind in ENTITIES and n.kind != "concept"
    ]
    assert {"statement", "task"} <= {node.kind for node in shelf}
    assert [] == [n for n in shelf if "shelf" not in f"{n.label} {n.text}".lower()]


def test_find_a_kind(table: pl.LazyFrame) -> None:
    """Only nodes of the kind that is asked for come, also where a node has more than one."""
    assert {"domain"} == {node.kind for node in find(table, "thinking", "domain")}
    assert {"element"} == {node.kind for node in find(table, "thinking", "skill")}
    assert f"{BASE}domain/communication" in {n.iri for n in find(table, "communication", "concept")}
    assert [] == find(table, "communication", "task")


def test_kind_of_an_activity(table: pl.LazyFrame) -> None:
    """An activity is an element too, and is shown as what it is more closely."""
    assert ["iwa"] == [node.kind for node in find(table, "people counter")]
    assert ["element"] == [node.kind for node in find(table, "people counter", "element")]
    assert {"dwa"} == {node.kind for node in find(table, "items", "dwa")}


def test_find_is_bounded_and_ordered(table: pl.LazyFrame) -> None:
    """No more nodes come than were asked for, the same ones in the same order every time."""
    everything = find(table, "a", most=10_000)
    assert len(everything) > 100
    for most in (0, 1, 20):
        assert everything[:most] == find(table, "a", most=most)
    assert 20 == len(find(table, "a"))
    assert len(everything) == len({node.iri for node in everything})


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Straße", "straße"),
        ("Straße", "STRAßE"),
        ("strasse", "Straße"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("漢字かな", "字か"),
        ("C++ and C", "c++"),
        ("100% [sic]", "100 sic"),
    ],
)
def test_find_in_other_scripts(label: str, text: str) -> None:
    """Words are found whatever their script, and marks do not stand in the way."""
    assert [label] == [node.label for node in find(own(label, "other"), text)]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_searches(table: pl.LazyFrame, text: str) -> None:
    """A search takes any text as words, never as a pattern."""
    found = find(table, text)
    words = re.findall(r"\w+", text.lower())
    assert words or not found
    for node in found:
        assert words[0] in f"{node.label} {node.text} {node.iri}".lower()


def test_labels_of(table: pl.LazyFrame) -> None:
    """Each node has its best label; what has none, or is none, is not there."""
    iris = [f"{BASE}domain/communication", f"{BASE}task/900001", f"{BASE}source/onet", "http://x"]
    found = labels_of(table, [*iris, *iris])
    assert ["Communication", "O*NET Database"] == [found[iris[0]], found[iris[2]]]
    assert iris[:3] == [iri for iri in iris if iri in found]
    assert {} == labels_of(table, [])


def test_best_label() -> None:
    """A preferred label goes before others; of several the first in order."""
    node = "http://example.org/n"
    pairs = [(SKOS.altLabel, "a"), (ONET.task, "b"), (DCT.title, "c"), (RDFS.label, "d")]
    rows = [quads.text(node, predicate, value, None) for predicate, value in pairs]
    assert {node: "d"} == labels_of(quads.from_rows(rows).lazy(), [node])
    rows += [quads.text(node, SKOS.prefLabel, value, None) for value in "zy"]
    assert {node: "y"} == labels_of(quads.from_rows(rows).lazy(), [node])


def test_best_kind() -> None:
    """A node is what it is more closely than a concept; of others, the first in order counts."""
    a, b, c = (f"http://example.org/{name}" for name in "abc")
    types = [(c, KG.Task), (c, KG.Statement), (b, KG.Element), (a, SKOS.Concept), (a, KG.Domain)]
    table = quads.from_rows(quads.iri(node, RDF.type, kind, None) for node, kind in types).lazy()
    assert [(a, "domain"), (b, "element"), (c, "statement")] == kind_table(table).rows()
    concepts = {"concept": SKOS.Concept}
    assert [(a, "concept")] == kind_table(table, concepts).rows()


@pytest.mark.parametrize(
    ("expected", "label"),
    [
        ("task:x", "x"),
        ('task:"x y"', "x y"),
        ('task:"x y"', "x\ty\n"),
        ('task:""x" y"', '"x" y'),
        ("task:a:b", "a:b"),
    ],
)
def test_node_name(expected: str, label: str) -> None:
    """The name of a node has its kind, and quotation marks where there are spaces."""
    assert expected == Node("http://x", "task", label).name


def test_a_node_without_a_label(table: pl.LazyFrame) -> None:
    """A node that has no label is shown by the end of its IRI, and found by that."""
    figure = f"{BASE}document/page/library-technicians/figure/time-saved"
    assert figure == resolve(table, "figure:time-saved")
    assert figure == resolve(table, "figure/time-saved")


@pytest.mark.slow
def test_real_names(shared: Callable[[str], Path], tmp_path: Path) -> None:
    """Codes, titles and task IDs of a real release are names."""
    from kg.pipeline import build

    table = build([shared("data/onet/db_30_2_text.zip")], tmp_path).generation.scan()
    assert f"{BASE}occupation/15-1232.00" == resolve(table, "15-1232.00")
    assert f"{BASE}occupation/15-1232.00" == resolve(table, "Computer User Support Specialists")
    assert f"{BASE}task/1282" == resolve(table, "task:1282")
    assert "element:" in refusal(table, "Mathematics") or BASE in refusal(table, "Mathematics")


def test_names_are_read_once() -> None:
    """A table is gone through for the first name, and not again for others."""
    reads: list[int] = []

    def noted(frame: pl.DataFrame) -> pl.DataFrame:
        reads.append(frame.height)
        return frame

    rows = [
        row
        for name, label in (("a", "Daring"), ("b", "Leaping"))
        for row in (
            quads.iri(BASE + name, RDF.type, KG.Domain, PAGE),
            quads.text(BASE + name, SKOS.prefLabel, label, PAGE),
        )
    ]
    names = Names(quads.from_rows(rows).lazy().map_batches(noted))
    assert [BASE + "a", BASE + "b"] == [names.resolve("daring"), names.resolve("domain:Leaping")]
    assert 1 == len(reads)


CHARACTERS = st.sampled_from(" \t\n\v\x1c\x1f\x85\xa0.aAßẞéÉİ") | st.characters(codec="utf-8")


@given(st.lists(st.text(CHARACTERS)))
def test_keys_of_many_texts(texts: list[str]) -> None:
    """The keys of many texts are those of each."""
    found = _keys(pl.Series(texts, dtype=pl.String)).to_list()
    assert [text_key(text) for text in texts] == found
