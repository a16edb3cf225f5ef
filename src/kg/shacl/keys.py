"""Terms as texts that tell them apart: the keys that a table of terms is made of.

| term | key |
|---|---|
| IRI | as it is |
| blank node | `_:` and its name |
| literal | `"text"@language` with the tag in lower case, or `"text"^^datatype` |

No IRI begins with a quotation mark or with `_:`, and neither a language tag nor a datatype holds
a quotation mark, so that a key is one term's only.
"""

from __future__ import annotations

import polars as pl
from rdflib import RDF, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from kg.shacl.plan import Term

__all__ = ["described_terms", "key_of", "kind_of", "object_keys", "term_of"]

_LITERAL = r'(?s)^"(?<text>.*)"(?:@(?<language>[^"]*)|\^\^(?<datatype>[^"]*))$'
_XSD_STRING, _LANG_STRING = str(XSD.string), str(RDF.langString)


def key_of(term: Node) -> str:
    """Return the key of an rdflib term."""
    if isinstance(term, Literal):
        if term.language:
            return f'"{term}"@{term.language.lower()}'
        return f'"{term}"^^{term.datatype or _XSD_STRING}'
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def term_of(key: str) -> Term:
    """Return the rdflib term that a key stands for."""
    if key.startswith("_:"):
        return BNode(key[2:])
    if not key.startswith('"'):
        return URIRef(key)
    text, _, rest = key[1:].rpartition('"')
    if rest.startswith("@"):
        return Literal(text, lang=rest[1:])
    datatype = rest[2:]
    if datatype == _XSD_STRING:
        return Literal(text)
    return Literal(text, datatype=URIRef(datatype), normalize=False)


def object_keys() -> pl.Expr:
    """Return the keys of the objects of a quad table."""
    quote, tag = pl.lit('"'), pl.col("language").str.to_lowercase()
    return (
        pl.when(pl.col("kind") != "literal")
        .then(pl.col("object"))
        .when(pl.col("language").is_not_null())
        .then(pl.concat_str(quote, "object", quote, pl.lit("@"), tag))
        .otherwise(pl.concat_str(quote, "object", quote, pl.lit("^^"), "datatype"))
    )


def kind_of(key: pl.Expr) -> pl.Expr:
    """Return the kind of the term that a key stands for, as the quad table has it."""
    return (
        pl.when(key.str.starts_with('"'))
        .then(pl.lit("literal"))
        .when(key.str.starts_with("_:"))
        .then(pl.lit("blank"))
        .otherwise(pl.lit("iri"))
    )


def described_terms(terms: pl.DataFrame) -> pl.DataFrame:
    """Return terms, given by `key`, with `text`, `datatype` and `language`."""
    key = pl.col("key")
    is_literal = key.str.starts_with('"')
    parts = pl.when(is_literal).then(key).str.extract_groups(_LITERAL)
    in_language = pl.col("language").is_not_null()
    return (
        terms.with_columns(parts=parts)
        .unnest("parts")
        .with_columns(
            text=pl.when(is_literal).then(pl.col("text")).otherwise(key),
            datatype=pl.when(in_language).then(pl.lit(_LANG_STRING)).otherwise(pl.col("datatype")),
        )
    )
