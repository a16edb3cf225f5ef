"""Namespaces: the one prefix map, IRIs by name, and IRIs for people to read."""

from __future__ import annotations

import copy
import pickle

import pytest
import rdflib

from kg import namespaces
from kg.namespaces import (
    BASE,
    KG,
    PREFIXES,
    SKOS,
    Namespace,
    compact,
    concept,
    expand,
    prefixed,
    scheme,
)


def test_a_namespace_makes_iris() -> None:
    """Attributes and items give the same IRI; an item may be any name."""
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" == SKOS.prefLabel == SKOS["prefLabel"]
    assert BASE + "ontology#in-out" == KG["in-out"]


def test_a_namespace_can_be_copied() -> None:
    """Copying and pickling probe for methods, which are no terms."""
    for twin in (copy.deepcopy(SKOS), pickle.loads(pickle.dumps(SKOS))):
        assert SKOS.prefLabel == twin.prefLabel
    with pytest.raises(AttributeError):
        _ = SKOS.__array__


def test_every_namespace_has_a_prefix() -> None:
    """What the module names as a namespace is in the map, once."""
    named = {n.iri for n in vars(namespaces).values() if isinstance(n, Namespace)}
    assert set() == named - set(PREFIXES.values())
    assert len(PREFIXES) == len(set(PREFIXES.values()))
    assert list(PREFIXES) == sorted(PREFIXES)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [(n, n.upper()) for n in ("dcat", "foaf", "owl", "prov", "rdf", "rdfs", "sh", "skos", "void")],
)
def test_prefixes_are_those_of_rdflib(prefix: str, name: str) -> None:
    """The well-known vocabularies are where rdflib has them."""
    assert str(getattr(rdflib, name)) == PREFIXES[prefix]


@pytest.mark.parametrize(
    ("expected", "iri"),
    [
        ("dct:title", "http://purl.org/dc/terms/title"),
        ("kg:Statement", KG.Statement),
        ("kgsh:", BASE + "shapes#"),
        ("kgc:unit/percent", concept("unit", "percent")),
        ("kgc:scheme/domain", scheme("domain")),
        ("https://example.org/x", "https://example.org/x"),
        ("", ""),
    ],
)
def test_compact(expected: str, iri: str) -> None:
    """The longest namespace that fits gives the prefix; an unknown IRI stays."""
    assert expected == compact(iri)


@pytest.mark.parametrize(
    ("expected", "iri"),
    [
        ("dct:title", "http://purl.org/dc/terms/title"),
        ("kg:in-out_1", KG["in-out_1"]),
        (None, KG.iri),
        (None, KG["a/b"]),
        (None, KG["1a"]),
        (None, KG["a.b"]),
        (None, concept("unit", "percent")),
        (None, "https://example.org/x"),
    ],
)
def test_prefixed(expected: str | None, iri: str) -> None:
    """Only a plain name is written with a prefix where a parser reads it."""
    assert expected == prefixed(iri)


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        (KG.Statement, "kg:Statement"),
        (concept("unit", "percent"), "kgc:unit/percent"),
        (KG.iri, "kg:"),
        (KG["a:b"], "kg:a:b"),
        (None, "KG:Statement"),
        (None, "kg: Statement"),
        (None, "kg:a b"),
        (None, "domain:Communication"),
        (None, "https://example.org/x"),
        (None, "kg"),
        (None, ":x"),
        (None, ""),
    ],
)
def test_expand(expected: str | None, name: str) -> None:
    """A known prefix gives an IRI; anything else, and what holds white space, none."""
    assert expected == expand(name)
