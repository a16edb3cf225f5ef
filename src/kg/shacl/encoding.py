"""A data graph as integers: each term once, and the triples by property.

A validation joins and counts; on numbers that takes a tenth of the time that it takes on texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from kg.namespaces import RDF, RDFS
from kg.shacl.keys import described_terms, kind_of, object_keys

__all__ = ["ID", "ChangedGraph", "EncodedGraph", "Terms", "encode"]

#: What the number of a term is.
ID = pl.UInt32
_KEYS = pl.Schema({"key": pl.String()})
_TERM = ("key", "text", "datatype", "language")
_NONE = pl.lit(None, dtype=pl.String)
_PAIRS = pl.Schema({"subject": ID, "object": ID})


class Terms:
    """Terms and their numbers, which graphs can share.

    The first table has `key`, `text`, `datatype` and `language` of each term in the order of the
    numbers; `known` are numbers that are asked for often.
    """

    def __init__(self, table: pl.DataFrame, known: dict[str, int]) -> None:
        self._terms, self._known = table, known

    def number(self, key: str) -> int:
        """Return the number of a term; one that the data do not have gets one."""
        if key not in self._known:
            self._find([key])
        return int(self._known[key])

    def numbers(self, keys: pl.Series) -> pl.Series:
        """Return the numbers of terms, null for null; what the data do not have gets some."""
        asked = keys.drop_nulls().unique().to_list()
        if not asked:
            return pl.Series([None] * keys.len(), dtype=ID)
        if unknown := [key for key in asked if key not in self._known]:
            self._find(unknown)
        numbers = pl.Series([self._known[key] for key in asked], dtype=ID)
        if keys.len() == len(asked):
            return pl.Series([self._known[key] for key in keys], dtype=ID)
        return keys.replace_strict(pl.Series(asked, dtype=pl.String), numbers, return_dtype=ID)

    def _find(self, keys: list[str]) -> None:
        """Remember the numbers of terms, in one look through all."""
        places = self._terms["key"].is_in(keys).arg_true()
        self._known.update(zip(self.keys(places), places, strict=True))
        new = [key for key in keys if key not in self._known]
        self._known.update((key, self._terms.height + place) for place, key in enumerate(new))
        if new:
            described = described_terms(pl.DataFrame({"key": new}, _KEYS))
            self._terms = pl.concat([self._terms, described.select(_TERM)])

    def keys(self, numbers: pl.Series) -> pl.Series:
        """Return the keys of terms, null for null."""
        return self._terms["key"].gather(numbers)

    def terms(self, numbers: pl.Series) -> pl.DataFrame:
        """Return distinct terms: `id`, `key`, `kind`, `text`, `datatype` and `language`.

        The text of an IRI is the IRI itself; the datatype of a text in a language is its own.
        """
        ids = numbers.unique()
        return self._terms[ids].with_columns(id=ids, kind=kind_of(pl.col("key")))


def encode(
    tables: Sequence[pl.DataFrame], constants: Iterable[str] = ()
) -> tuple[Terms, list[pl.DataFrame]]:
    """Return the terms of quad tables, and the tables as `subject`, `predicate` and `object`.

    Subject and object are numbers. `constants` are keys of terms that will be asked for.
    """
    # The constants come first: looking for a text among all takes as long as a join.
    known = described_terms(pl.DataFrame({"key": sorted(set(constants))}, _KEYS))
    parts = [known.select(_TERM)]
    for table in tables:
        parts.append(table.select(key="subject", text="subject", datatype=_NONE, language=_NONE))
        parts.append(
            table.select("datatype", "language", key=object_keys(), text=pl.col("object")).select(
                _TERM
            )
        )
    terms = pl.concat(parts)
    # Categories of its own number the texts in one pass; what number a term gets is its place
    # among the distinct ones.
    codes = terms["key"].cast(pl.Categorical(pl.Categories.random())).to_physical()
    firsts = codes.arg_unique()
    places = pl.Series(range(len(firsts)), dtype=ID)
    numbers = codes.cast(ID)
    if not (codes.gather(firsts).cast(ID) == places).all():
        numbers = numbers.replace_strict(codes.gather(firsts).cast(ID), places)
    encoded, start = [], known.height
    for table in tables:
        middle, end = start + table.height, start + 2 * table.height
        columns = {
            "subject": numbers[start:middle],
            "predicate": table["predicate"],
            "object": numbers[middle:end],
        }
        encoded.append(pl.DataFrame(columns))
        start = end
    return Terms(terms[firsts], dict(zip(known["key"], range(known.height), strict=True))), encoded


class EncodedGraph:
    """Triples as pairs of term numbers, property by property.

    The graphs of a quad table are one graph here: a triple that stands in two counts once.
    """

    def __init__(self, terms: Terms, triples: pl.DataFrame) -> None:
        self.names = terms
        #: The numbers of terms, their keys, and what they are.
        self.number, self.numbers, self.keys = terms.number, terms.numbers, terms.keys
        self.terms = terms.terms
        self._by_predicate = _by_predicate(triples)
        self._unique: dict[str, pl.DataFrame] = {}
        self._classes: dict[str, pl.DataFrame] = {}
        self._all: pl.DataFrame | None = None

    @classmethod
    def of(cls, table: pl.DataFrame, constants: Iterable[str] = ()) -> EncodedGraph:
        """Return a quad table encoded; `constants` are keys of terms that will be asked for."""
        terms, (triples,) = encode([table], constants)
        return cls(terms, triples)

    @property
    def predicates(self) -> list[str]:
        """The properties that triples have, sorted."""
        return sorted(self._by_predicate)

    def pairs(self, predicate: str) -> pl.DataFrame:
        """Return subject and object of the triples with a property, each pair once."""
        if predicate not in self._unique:
            self._unique[predicate] = self._pairs(predicate)
        return self._unique[predicate]

    def _pairs(self, predicate: str) -> pl.DataFrame:
        found = self._by_predicate.get(predicate)
        return found.unique() if found is not None else _PAIRS.to_frame()

    def triples(self) -> pl.DataFrame:
        """Return all triples: subject, predicate and object, by number."""
        if self._all is None:
            tables = [
                self.pairs(p).with_columns(predicate=pl.lit(self.number(p), dtype=ID))
                for p in self.predicates
            ]
            empty = _PAIRS.to_frame().with_columns(predicate=pl.lit(None, dtype=ID))
            self._all = pl.concat([empty, *tables])
        return self._all

    def instances(self, of: str) -> pl.DataFrame:
        """Return the `node`s of a class or one below it.

        https://www.w3.org/TR/shacl/#dfn-shacl-instance
        """
        if of not in self._classes:
            below = pl.DataFrame({"object": [self.number(of)]}, schema={"object": ID})
            upwards, fresh = self.pairs(RDFS.subClassOf), below
            while fresh.height:
                lower = upwards.join(fresh, on="object", how="semi")
                fresh = lower.select(object="subject").unique().join(below, on="object", how="anti")
                below = pl.concat([below, fresh])
            typed = self.pairs(RDF.type).join(below, on="object", how="semi")
            self._classes[of] = typed.select(node="subject").unique()
        return self._classes[of]


class ChangedGraph(EncodedGraph):
    """Another graph with some triples put in and others taken out, property by property.

    Of a property that nothing was changed of, the pairs are the other graph's own.
    """

    def __init__(
        self, graph: EncodedGraph, added: pl.DataFrame, removed: pl.DataFrame | None = None
    ) -> None:
        super().__init__(graph.names, added)
        self._graph = graph
        self._removed = {} if removed is None else _by_predicate(removed)

    @property
    def predicates(self) -> list[str]:
        """The properties that triples may have, sorted."""
        return sorted({*self._graph.predicates, *self._by_predicate})

    def _pairs(self, predicate: str) -> pl.DataFrame:
        pairs, ends = self._graph.pairs(predicate), list(_PAIRS)
        if (removed := self._removed.get(predicate)) is not None:
            pairs = pairs.join(removed, on=ends, how="anti")
        if (added := self._by_predicate.get(predicate)) is not None:
            pairs = pl.concat([pairs, added]).unique()
        return pairs


def _by_predicate(triples: pl.DataFrame) -> dict[str, pl.DataFrame]:
    tables = triples.partition_by("predicate", as_dict=True, include_key=False)
    return {str(predicate): pairs for (predicate,), pairs in tables.items()}
