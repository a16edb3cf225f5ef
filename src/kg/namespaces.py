"""Vocabularies: one prefix map for the whole package, and IRIs by name (`KG.Statement`)."""

from __future__ import annotations

import re

__all__ = [
    "BASE",
    "CITO",
    "DCAT",
    "DCT",
    "ESCO",
    "FOAF",
    "ISOTHES",
    "KG",
    "LABELS",
    "NEGATED",
    "ONET",
    "OWL",
    "PAV",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SCHEMES",
    "SEMAPV",
    "SH",
    "SKOS",
    "SSSOM",
    "TOOL",
    "VOID",
    "XSD",
    "Namespace",
    "compact",
    "concept",
    "expand",
    "prefixed",
    "scheme",
    "tail",
]


class Namespace:
    """An IRI prefix whose attributes and items are full IRIs.

    >>> SKOS.prefLabel
    'http://www.w3.org/2004/02/skos/core#prefLabel'
    """

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):  # pickling and copying probe for these
            raise AttributeError(name)
        value = self.iri + name
        setattr(self, name, value)  # mapping a page asks thousands of times
        return value

    def __getitem__(self, name: str) -> str:
        return self.iri + name


#: Where data IRIs start unless `--base` says otherwise.
BASE = "https://w3id.org/skills-kg/"
#: Where shipped concepts start, whatever the base of the data.
SCHEMES = BASE
#: What the links that this project makes name as their tool, before the method.
TOOL = "skills-kg"

KG = Namespace(BASE + "ontology#")
ONET = Namespace("https://www.onetcenter.org/rdf/schema/onet/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
PAV = Namespace("http://purl.org/pav/")
CITO = Namespace("http://purl.org/spar/cito/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
SSSOM = Namespace("https://w3id.org/sssom/")
VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SCHEMA = Namespace("https://schema.org/")
ESCO = Namespace("http://data.europa.eu/esco/model#")
ISOTHES = Namespace("http://purl.org/iso25964/skos-thes#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SH = Namespace("http://www.w3.org/ns/shacl#")

#: Prefix to namespace, predeclared in every query and written into every export.
PREFIXES: dict[str, str] = {
    "asn": "http://purl.org/ASN/schema/core/",
    "ceasn": "https://purl.org/ctdlasn/terms/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "cito": CITO.iri,
    "dcat": DCAT.iri,
    "dct": DCT.iri,
    "esco": ESCO.iri,
    "foaf": FOAF.iri,
    "iso-thes": ISOTHES.iri,
    "kg": KG.iri,
    "kgc": SCHEMES,
    "kgsh": BASE + "shapes#",
    "onet": ONET.iri,
    "owl": OWL.iri,
    "pav": PAV.iri,
    "prov": PROV.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "schema": SCHEMA.iri,
    "semapv": SEMAPV.iri,
    "sh": SH.iri,
    "skos": SKOS.iri,
    "sssom": SSSOM.iri,
    "void": VOID.iri,
    "xsd": XSD.iri,
}


_LONGEST_FIRST = sorted(((ns, p) for p, ns in PREFIXES.items()), key=lambda pair: -len(pair[0]))
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

#: The value of `sssom:predicate_modifier` of a link that says that its triple is not so.
NEGATED = "Not"

#: The properties that name a thing, the best first.
LABELS = (
    SKOS.prefLabel,
    RDFS.label,
    DCT.title,
    SCHEMA.name,
    ONET.title,
    ONET.task,
    SKOS.altLabel,
)


def scheme(name: str) -> str:
    """Return the IRI of a shipped concept scheme, `scheme("domain")`."""
    return f"{SCHEMES}scheme/{name}"


def concept(scheme_name: str, slug: str) -> str:
    """Return the IRI of a shipped concept, `concept("unit", "percent")`."""
    return f"{SCHEMES}{scheme_name}/{slug}"


def tail(iri: str) -> str:
    """Return how an IRI ends: what stands for a label where a node has none.

    >>> tail("http://purl.org/dc/terms/title")
    'title'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def compact(iri: str) -> str:
    """Return an IRI with a known prefix, or as it is; for people to read, not to parse.

    >>> compact("http://purl.org/dc/terms/title")
    'dct:title'
    """
    parts = _parts(iri)
    return ":".join(parts) if parts else iri


def prefixed(iri: str) -> str | None:
    """Return an IRI with a known prefix as every parser of RDF takes it, where there is one.

    >>> prefixed("http://purl.org/dc/terms/title")
    'dct:title'
    >>> prefixed("http://purl.org/dc/terms/a/b")
    """
    parts = _parts(iri)
    return ":".join(parts) if parts and _LOCAL.fullmatch(parts[1]) else None


def _parts(iri: str) -> tuple[str, str] | None:
    """Return the prefix with the longest namespace that an IRI begins with, and the rest."""
    for namespace, prefix in _LONGEST_FIRST:
        if iri.startswith(namespace):
            return prefix, iri[len(namespace) :]
    return None


def expand(name: str) -> str | None:
    """Return the IRI that a name with a known prefix stands for; None for every other name.

    >>> expand("dct:title")
    'http://purl.org/dc/terms/title'
    >>> expand("domain:Communication")
    """
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES or any(c.isspace() for c in local):
        return None
    return PREFIXES[prefix] + local
