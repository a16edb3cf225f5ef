"""Reports on occupations: whole, safe, readable without colour or sight, and always the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import polars as pl
import pytest
from commands import kg

from kg import quads
from kg.analyses import Ratings, read_ratings
from kg.analyses.work import Work
from kg.analysis import Paths
from kg.errors import NotFoundError, RequestError
from kg.graph import Graph
from kg.link_nodes import link_nodes
from kg.namespaces import BASE, DCT, KG, OWL, SKOS, SSSOM
from kg.report.frameworks import statements
from kg.report.links import crosswalks, links
from kg.report.markup import Markup, external, table, tag
from kg.report.numbers import number
from kg.report.part import Part

OCCUPATION = f"{BASE}occupation/25-4031.00"
#: What can make a browser ask for something, by element and attribute.
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}


@pytest.fixture(scope="module")
def page(example_graph: Graph) -> str:
    """Return the report on the occupation of the bundled example."""
    return example_graph.report("25-4031.00")


@pytest.fixture(scope="module")
def tree(page: str) -> ElementTree.Element:
    """Return the report as a strict parser of HTML reads it; an error in it fails here."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    read: ElementTree.Element = parser.parse(page)
    return read


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))


def texts(tree: ElementTree.Element, name: str) -> list[str]:
    """Return the texts of elements."""
    return [" ".join("".join(e.itertext()).split()) for e in tree.iter(name)]


def test_it_holds_what_the_graph_says(tree: ElementTree.Element) -> None:
    """Every section is there and its matter: statements, tasks, figures, partners, licences."""
    said = " ".join(tree.itertext())
    assert ["Library Technicians"] == texts(tree, "h1")
    assert [
        "Coverage of tasks",
        "Statements",
        "Domains and stages",
        "What each stage adds",
        "Domains and tasks",
        "How skills lead to the work",
        "Links",
        "Citations",
        "Evidence",
        "Nearest occupations",
        "Crosswalks",
        "What this is built from",
    ] == texts(tree, "h2")
    assert 57 == sum(
        int(n) for n in re.findall(r": (\d+) statements\b", "\n".join(texts(tree, "caption")))
    )
    for expected in ("Shelf-reading rounds", "900006 (0.97)", "mobile lender", "from 25-4032.00",
                     "Observed exposure", "creativecommons.org/licenses/by/4.0"):  # fmt: skip
        assert expected in said


def test_tables_compare_at_a_glance(tree: ElementTree.Element) -> None:
    """Confidences have two places, empty stages are said, stages of a framework stand together."""
    tables = {texts(t, "caption")[0]: t for t in tree.iter("table")}
    links = [texts(row, "td") for row in tables["75 links, the surest first"].iter("tr")][1:]
    assert all(re.fullmatch(r"[01]\.\d\d", row[1]) for row in links)
    assert {"lexical similarity threshold matching"} == {row[3] for row in links}
    assert [
        *("Domain", "Career stage 1", "Career stage 2", "Career stage 3", "Career stage 4"),
        *("Level 1", "Level 2", "Level 3", "Level 4"),
    ] == texts(tables["Statements by domain and stage"], "th")[:9]
    (assisted,) = [t for caption, t in tables.items() if caption.startswith("AI: ")]
    assert {"none"} == {texts(row, "td")[0] for row in list(assisted.iter("tr"))[1:]}


def test_words_are_not_broken(page: str) -> None:
    """Columns are as wide as their longest word; only addresses are broken anywhere."""
    (cells,) = re.findall(r"\nth, td \{[^}]*\}", page)
    assert "overflow-wrap: break-word" in cells
    assert "<wbr>esco_<wbr>onet_<wbr>crosswalk" in page
    assert ["td a", "pre"] == [
        rule.partition(" {")[0]
        for rule in re.findall(r"^[^@}\n]*\{[^}]*\}", page, re.MULTILINE)
        if "overflow-wrap: anywhere" in rule
    ]


def test_nothing_is_loaded(page: str) -> None:
    """No element makes a browser ask for anything, and the page forbids it too."""
    elements = Elements(page).found
    assert not {name for name, _ in elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "base",
    }
    assert not [a for _, a in elements if a.keys() & LOADING]
    assert "url(" not in page
    assert "@import" not in page
    links = {a["href"] or "" for name, a in elements if name == "a"}
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    policies = [a["content"] for _, a in elements if a.get("http-equiv")]
    assert ["default-src 'none'; style-src 'unsafe-inline'"] == policies


def test_who_cannot_see_it_can_read_it(tree: ElementTree.Element, page: str) -> None:
    """Landmarks, one first heading, no heading skipped, named tables and drawings, unique IDs."""
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    named = {i for e in tree.iter() for i in (e.get("aria-labelledby") or "").split()}

    assert "en" == tree.get("lang")
    assert [1, 1, 1, 1] == [len(list(tree.iter(n))) for n in ("header", "nav", "main", "footer")]
    assert 1 == levels.count(1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))
    assert named <= set(ids)
    for made in tree.iter("table"):
        assert made.find("caption") is not None
        assert {"col"} == {th.get("scope") for th in made.iter("th") if th.get("scope") != "row"}
        assert all(row.find("th") is not None for row in made.iter("tr"))
    drawings = [a for name, a in Elements(page).found if name == "svg"]
    assert len(drawings) >= 8
    assert all(a["role"] == "img" and a["aria-label"] for a in drawings)


def test_what_it_refers_to_is_there(tree: ElementTree.Element) -> None:
    """Every entry of the contents leads to a section."""
    ids = {e.get("id") for e in tree.iter()}
    anchors = {
        (e.get("href") or "")[1:] for e in tree.iter("a") if (e.get("href") or "")[:1] == "#"
    }
    assert anchors <= ids
    assert len(anchors) == 13


def test_it_is_the_same_again(example_graph: Graph, page: str) -> None:
    """The same graph gives the same bytes."""
    assert page == example_graph.report("Library Technicians")


def test_a_change_to_a_named_occupation(example_graph: Graph) -> None:
    """The report tells of the change that is asked for."""
    assert "From Library Technicians to Librarians" in example_graph.report(
        "25-4031.00", "25-4022.00"
    )


def test_a_change_to_itself(example_graph: Graph) -> None:
    """A change that cannot be told of, when one was asked for, is an error."""
    with pytest.raises(RequestError, match="two different occupations"):
        example_graph.report("25-4031.00", "25-4031.00")


def test_a_fault_is_not_taken_for_no_path(example_graph: Graph) -> None:
    """What paths refuse is looked for beforehand; any other refusal is an error."""

    class Faulty(Graph):
        def paths(self, *_: object, **__: object) -> Paths:  # type: ignore[override]
            raise RequestError("a fault")

    graph = Faulty(example_graph.generation)
    with pytest.raises(RequestError, match="a fault"):
        graph.report("25-4031.00")


def test_the_command(example_folder: Path, tmp_path: Path) -> None:
    """It writes a file and says so; of what is no occupation it says that."""
    out = tmp_path / "out.html"
    made = kg("report", "25-4031.00", "--graph", example_folder, "-o", out)
    wrong = kg("report", "domain:Creativity", "--graph", example_folder)
    assert (0, f"written to {out}\n") == (made.returncode, made.stderr)
    assert out.read_text("utf-8").startswith('<!DOCTYPE html>\n<html lang="en">')
    assert 2 == wrong.returncode
    assert 1 == len(wrong.stderr.splitlines())


def test_an_occupation_without_a_page(example_graph: Graph) -> None:
    """What is not in the graph is said in a sentence, and the report is whole."""
    text = example_graph.report("43-4121.00")
    html5lib.HTMLParser(strict=True).parse(text)
    assert "The graph holds no framework page of this occupation." in text
    assert "No statement cites a source." in text


def test_what_is_no_occupation(example_graph: Graph) -> None:
    """A name that no occupation bears is an error."""
    with pytest.raises(NotFoundError):
        example_graph.report("99-9999.00")


def hostile(text: str) -> Part:
    """Return the part of a graph whose labels, texts and addresses are all this text."""
    one = f"{BASE}statement"
    framework = f"{BASE}framework"
    said = {
        one: {KG.framework: (framework,), SKOS.prefLabel: (text,), SKOS.definition: (text,),
              KG.cites: (f"{BASE}source",), KG.line: ("1",)},
        framework: {DCT.title: (text,), DCT.description: (text,)},
        f"{BASE}source": {DCT.title: (text,)},
    }  # fmt: skip
    for node, kind in ((one, KG.Statement), (framework, KG.Framework)):
        said[node]["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] = (kind,)
    backward = {OCCUPATION: {KG.occupation: (framework,)}, framework: {KG.framework: (one,)}}
    return Part(OCCUPATION, said, backward, (), linked_part().links)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</style></table><iframe src=//x>",
        "javascript:alert(1)",
        "a\x00b\x1b[31m\u202ec\ud800",
        "&lt;b&gt;",
    ],
)
def test_labels_of_strangers_stay_texts(text: str, example_graph: Graph) -> None:
    """Whatever a label holds, it adds no element, no link and no forbidden character."""
    nothing = pl.DataFrame(
        schema={"statement": pl.String, "task": pl.String, "confidence": pl.Float64}
    )
    work = Work(OCCUPATION, text, pl.DataFrame(), pl.DataFrame(), nothing)
    made = statements(hostile(text), work).content
    elements = {name for name, _ in Elements(made).found}
    whole = f"<!DOCTYPE html><html><head><title>x</title></head><body>{made}</body></html>"
    html5lib.HTMLParser(strict=True).parse(whole)

    assert elements <= {"h3", "p", "div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert not re.search("[\x00-\x08\x1b\u202e\ud800]", made)


def test_markup() -> None:
    """Texts are escaped once, markup is not, and only addresses of the web become links."""
    assert '<p title="a&quot;b">x &amp; <b>y</b></p>' == tag(
        "p", "x & ", tag("b", "y"), title='a"b'
    )
    assert "<b>&lt;b&gt;</b>" == tag("b", "<b>")
    assert isinstance(tag("p"), Markup)
    assert '<a href="https://a.org/?b&amp;c" rel="noreferrer">A</a>' == external(
        "A", "https://a.org/?b&c"
    )
    for address in ("javascript:alert(1)", "https://a.org/ b", "//a.org", "data:text/html,x", None):
        assert "A" == external("A", address)
    made = table("T", ("a", "n"), [("1", "2"), ("x", "1,000.5")])
    assert '<th scope="col" class="number">n</th>' in made
    assert '<th scope="row">1</th>' in made


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.47310", "0.47"),
        (1234.5, "1,234.5"),
        ("1.00", "1"),
        ("100", "100"),
        ("often", "often"),
        (None, ""),
    ],
)
def test_numbers(value: str | float | None, expected: str) -> None:
    """Numbers have few places and no zeros at their end; other texts stay as they are."""
    assert expected == number(value)


def test_without_a_crosswalk() -> None:
    """An occupation that no link leads to says so."""
    assert "No crosswalk leads" in crosswalks(linked_part()).content


def linked_part(*joined: tuple[str, str, dict[str, str]]) -> Part:
    """Return a part of links, each by its source, its target and what else is said of it."""
    rows = []
    for at, (source, target, said) in enumerate(joined):
        ends = {OWL.annotatedSource: source, OWL.annotatedTarget: target}
        facts = {OWL.annotatedProperty: KG.supports} | said
        rows += [quads.iri(f"link/{at}", p, value, None) for p, value in (ends | facts).items()]
    return Part(OCCUPATION, {}, {}, (), link_nodes(quads.from_rows(rows).lazy()))


def cells(markup: str) -> list[list[str]]:
    """Return the texts of the rows of a table's body."""
    tree = html5lib.parse(markup, namespaceHTMLElements=False)
    (body,) = tree.iter("tbody")
    return [["".join(cell.itertext()) for cell in row] for row in body]


#: The work of a single statement `s`.
WORK = Work(
    OCCUPATION,
    "Work",
    pl.DataFrame(),
    pl.DataFrame({"statement": ["s"], "statement_label": ["S"]}),
    pl.DataFrame(),
)


@pytest.mark.parametrize("said", ["high", "NaN", "INF", "1e99", "-0.5", ""])
def test_a_foreign_confidence_is_no_number(said: str) -> None:
    """A confidence that others write as they like is left out; its link comes last."""
    strange, sure = {SSSOM.confidence: said}, {SSSOM.confidence: "0.5"}
    part = linked_part(("s", "t/1", strange), ("s", "t/2", sure))
    assert ["0.50", ""] == [row[2] for row in cells(links(part, WORK).content)]
    part = linked_part(("e/1", OCCUPATION, strange), ("e/2", OCCUPATION, sure))
    assert ["0.50", ""] == [row[2] for row in cells(crosswalks(part).content)]


def test_links_are_in_the_order_of_what_is_not_shown() -> None:
    """Confidences that look alike with two places still say which link is the surest."""
    part = linked_part(
        ("e/1", OCCUPATION, {SSSOM.confidence: "0.501"}),
        ("e/2", OCCUPATION, {SSSOM.confidence: "0.504"}),
    )
    assert [["2", "0.50"], ["1", "0.50"]] == [
        [row[0], row[2]] for row in cells(crosswalks(part).content)
    ]


def test_a_foreign_line_is_no_number() -> None:
    """A statement that others give a line in words has the place of one without."""
    part = hostile("label")
    said = {**part.forward, f"{BASE}statement": {**part.forward[f"{BASE}statement"]}}
    said[f"{BASE}statement"][KG.line] = ("the first",)
    nothing = pl.DataFrame(
        schema={"statement": pl.String, "task": pl.String, "confidence": pl.Float64}
    )
    work = Work(OCCUPATION, "Work", pl.DataFrame(), pl.DataFrame(), nothing)
    made = statements(Part(OCCUPATION, said, part.backward, (), part.links), work).content
    assert "the first" == cells(made)[0][-1]


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({SSSOM.predicate_modifier: "Not"}, ["denied", "no, rejected"]),
        ({SSSOM.predicate_modifier: "Broadly"}, ["no, below the threshold"] * 2),
        (
            {SSSOM.predicate_modifier: "Not", OWL.annotatedProperty: SKOS.closeMatch},
            ["no, below the threshold"],
        ),
    ],
)
def test_what_rejects_a_link(other: dict[str, str], verdict: list[str]) -> None:
    """A link is rejected by "Not" alone, and by a denial of its own property."""
    part = linked_part(("s", "t/1", {SSSOM.confidence: "0.1"}), ("s", "t/1", other))
    assert verdict == sorted(row[3] for row in cells(links(part, WORK).content))


def test_a_denied_crosswalk_is_none() -> None:
    """A partner that is denied is not listed; one with another modifier is."""
    denied, other = ({SSSOM.predicate_modifier: said} for said in ("Not", "Broadly"))
    part = linked_part(("e/1", OCCUPATION, denied), ("e/2", OCCUPATION, other))
    assert ["2"] == [row[0] for row in cells(crosswalks(part).content)]


def test_a_crosswalk_that_another_set_denies_is_none() -> None:
    """A denial takes away what other links say of the same ends."""
    match, denied = {SSSOM.confidence: "0.9"}, {SSSOM.predicate_modifier: "Not"}
    part = linked_part(("e/1", OCCUPATION, match), ("e/1", OCCUPATION, denied))
    assert "No crosswalk leads" in crosswalks(part).content


def test_without_ratings(example_graph: Graph) -> None:
    """Where a graph has no ratings, the report says so and tells of no change."""

    class Unrated(Graph):
        @property
        def ratings(self) -> Ratings:  # type: ignore[override]
            return read_ratings(self.table.clear())

    text = Unrated(example_graph.generation).report("25-4031.00")
    assert "It has no ratings in the graph, which nearness rests on." in text
    assert "From Library Technicians" not in text
