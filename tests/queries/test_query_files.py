"""What every query file has in common: header, order, terms, and a place in the README."""

from __future__ import annotations

import re
from functools import cache

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.sparql import prepareQuery

from kg.namespaces import KG
from kg.queries import (
    FOLDERS,
    KINDS,
    NamedQuery,
    check,
    form,
    load_queries,
    scan,
    with_prefixes,
)
from kg.resources import folder

BASE = "https://w3id.org/skills-kg/"
QUERIES = load_queries()
QUERY_IDS = sorted(QUERIES)


def terms_of(query: NamedQuery) -> set[str]:
    """Return every IRI that a query writes, in full or with a prefix."""
    text = with_prefixes(query.text)
    prefixes = dict(re.findall(r"PREFIX ([\w-]*): <([^>]*)>", text))
    found: set[str] = set()
    before = ""
    for token in scan(text):
        if token.kind == "iri" and not before.endswith(":"):
            found.add(token.text[1:-1])
        elif token.kind == "name" and ":" in token.text and before.upper() != "PREFIX":
            prefix, _, local = token.text.partition(":")
            found.add(prefixes[prefix] + local)
        before = token.text
    return found


def test_there_are_queries() -> None:
    """The folders hold at least 70 competency questions, two views and three checks."""
    kinds = [query.kind for query in QUERIES.values()]
    assert (True, True, True) == (
        kinds.count("competency") >= 70,
        kinds.count("construct") >= 2,
        kinds.count("checks") >= 3,
    )


@pytest.mark.parametrize("name", QUERY_IDS)
def test_header(name: str) -> None:
    """A query says what it answers, how, and when an empty answer is right."""
    query = QUERIES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert query.summary.endswith("." if query.kind == "construct" else "?")
    assert query.description.endswith(".")
    assert query.empty.endswith(".")
    assert all(param.description.endswith(".") for param in query.params)


@pytest.mark.parametrize("name", QUERY_IDS)
def test_is_valid_as_it_stands(name: str) -> None:
    """A file is SPARQL that any processor reads, with all prefixes declared, and may run."""
    query = QUERIES[name]
    assert query.text == with_prefixes(query.text)
    check(query.text)
    prepareQuery(query.text)


@pytest.mark.parametrize("name", QUERY_IDS)
def test_order(name: str) -> None:
    """A table has an order, so that the same graph gives the same answer."""
    text = QUERIES[name].text
    last = [token for token in scan(text) if token.kind != "comment"]
    words = [token.word for token in last[max(i for i, t in enumerate(last) if t.text == "}") :]]
    assert (form(text) == "select") == ("ORDER" in words)


@cache
def known_terms() -> set[str]:
    """Return what the ontology describes."""
    ontology = Graph()
    for file in ("core.ttl", "onet.ttl", "schemes.ttl"):
        ontology.parse(folder("ontology") / file)
    return {str(subject) for subject in ontology.subjects() if isinstance(subject, URIRef)}


@pytest.mark.parametrize("name", QUERY_IDS)
def test_terms_exist(name: str) -> None:
    """A query uses only terms of the vocabulary and concepts of the schemes, as they are spelt."""
    terms = terms_of(QUERIES[name])
    assert set() == {term for term in terms if term.startswith(BASE)} - known_terms()


def test_terms_are_found() -> None:
    """The search for terms sees those with a prefix and those written in full."""
    terms = terms_of(QUERIES["derived-by-order"])
    assert {KG.stageBasis, f"{BASE}stage-basis/order"} <= terms


@pytest.mark.parametrize("kind", FOLDERS)
def test_readme_lists_every_query(kind: str) -> None:
    """The README has a row for every query, with its parameters and its summary as in the file."""
    text = (folder("queries") / "README.md").read_text("utf-8")
    for query in QUERIES.values():
        if query.kind == kind:
            params = ", ".join(
                f"`{p.name}`" + ("" if not p.optional and p.default is None else " (optional)")
                for p in query.params
            )
            assert f"| `{query.name}` | {params or '–'} | {query.summary} |" in text


def test_readme_lists_every_kind() -> None:
    """The README says of every kind of parameter what a value of it is."""
    text = (folder("queries") / "README.md").read_text("utf-8")
    table = text.partition("| kind | a value is |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(KINDS) == sorted(re.findall(r"`([a-z-]+)`", "".join(cells)))


def test_readme_lists_no_others() -> None:
    """Every query that the README lists is there."""
    text = (folder("queries") / "README.md").read_text("utf-8")
    lists = text.partition("\n## Writing one\n")[0]
    assert sorted(QUERIES) == sorted(re.findall(r"^\| `([a-z0-9-]+)` \|", lists, re.MULTILINE))


def test_files_are_all_read() -> None:
    """No query file lies outside the folders that are read."""
    root = folder("queries")
    assert {query.path for query in QUERIES.values()} == set(root.rglob("*.rq"))
