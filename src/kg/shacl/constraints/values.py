"""Constraints on each value node by itself: a test runs once for each distinct term.

https://www.w3.org/TR/shacl/#core-components-value-type, #core-components-range,
#core-components-string and sh:in.
"""

from __future__ import annotations

import polars as pl
from rdflib import RDF

from kg.shacl import plan
from kg.shacl.constraints.scope import Scope
from kg.shacl.encoding import ID
from kg.shacl.keys import key_of
from kg.shacl.literals import LEXICAL, compares, is_valid, value_of
from kg.shacl.patterns import translate

__all__ = [
    "check_class",
    "check_datatype",
    "check_in",
    "check_language_in",
    "check_length",
    "check_node_kind",
    "check_pattern",
    "check_range",
]


def _having(scope: Scope, terms: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs whose value is one of some terms, given by `id`."""
    return scope.pairs.join(terms.select(value="id"), on="value", how="semi")


def check_class(scope: Scope, constraint: plan.Class) -> pl.DataFrame:
    """Values that are no instance of the class, nor of one below it."""
    instances = scope.graph.instances(key_of(constraint.of))
    return scope.pairs.join(instances.rename({"node": "value"}), on="value", how="anti")


def check_datatype(scope: Scope, constraint: plan.Datatype) -> pl.DataFrame:
    """Values that are no literal of the datatype, or none of its lexical forms."""
    datatype = str(constraint.datatype)
    terms = scope.terms()
    fits = (pl.col("datatype") == datatype).fill_null(False)
    if datatype == str(RDF.langString):
        fits &= pl.col("language").is_not_null()
    bad = terms.filter(~fits)
    if form := LEXICAL.get(datatype):
        typed = terms.filter(fits)
        formed = typed["text"].str.contains(f"^(?:{form})$")
        wrong = [not is_valid(text, datatype) for text in typed.filter(formed)["text"]]
        bad = pl.concat([bad, typed.filter(~formed), typed.filter(formed).filter(wrong)])
    return _having(scope, bad)


def check_node_kind(scope: Scope, constraint: plan.NodeKind) -> pl.DataFrame:
    """Values of another kind of term."""
    terms = scope.terms()
    return _having(scope, terms.filter(~pl.col("kind").is_in(sorted(constraint.kinds))))


def check_range(scope: Scope, constraint: plan.Range) -> pl.DataFrame:
    """Values of which it cannot be said that they are on the right side of the bound."""
    bound = constraint.bound
    limit = value_of(str(bound), str(bound.datatype or _STRING), bound.language)
    terms = scope.terms()
    literals = terms.select("text", "datatype", "language").iter_rows()
    wrong = [not compares(value_of(*literal), constraint.operator, limit) for literal in literals]
    return _having(scope, terms.filter(pl.Series(wrong, dtype=pl.Boolean)))


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def check_length(scope: Scope, constraint: plan.Length) -> pl.DataFrame:
    """Values whose text is too short or too long; blank nodes have none."""
    length = pl.col("text").str.len_chars()
    wrong = pl.col("kind") == "blank"
    if constraint.least is not None:
        wrong |= length < constraint.least
    if constraint.most is not None:
        wrong |= length > constraint.most
    return _having(scope, scope.terms().filter(wrong))


def check_pattern(scope: Scope, constraint: plan.Pattern) -> pl.DataFrame:
    """Values whose text does not match; blank nodes have none."""
    pattern = translate(constraint.pattern, constraint.flags)
    matches = pl.col("text").str.contains(pattern)
    return _having(scope, scope.terms().filter((pl.col("kind") == "blank") | ~matches))


def check_language_in(scope: Scope, constraint: plan.LanguageIn) -> pl.DataFrame:
    """Values without one of the languages, as langMatches of SPARQL says."""
    tag = pl.col("language").str.to_lowercase().fill_null("")
    fits = pl.lit(False)
    for wanted in constraint.ranges:
        if wanted == "*":
            fits |= tag != ""
        else:
            fits |= (tag == wanted) | tag.str.starts_with(f"{wanted}-")
    return _having(scope, scope.terms().filter(~fits))


def check_in(scope: Scope, constraint: plan.In) -> pl.DataFrame:
    """Values that are not in the list."""
    keys = pl.Series([key_of(value) for value in constraint.values], dtype=pl.String)
    allowed = pl.DataFrame({"value": scope.graph.numbers(keys)}, schema={"value": ID})
    return scope.pairs.join(allowed, on="value", how="anti")
