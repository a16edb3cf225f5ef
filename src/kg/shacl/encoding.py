"""A data graph as integers: each term once, and the triples by property.

A validation joins and counts; on numbers that takes a tenth of the time that it takes on texts.
"""

from __future__ import annotations

import polars as pl

from kg.namespaces import RDF, RDFS
from kg.shacl.keys import described_terms, object_keys

__all__ = ["ID", "EncodedGraph"]

#: What the number of a term is.
ID = pl.UInt32
_PAIRS = pl.Schema({"subject": ID, "object": ID})


class EncodedGraph:
    """The triples of a quad table as pairs of term numbers, property by property.

    The graphs of the table are one graph here: a triple that stands in two counts once.
    """

    def __init__(self, table: pl.DataFrame) -> None:
        objects = table.select(key=object_keys())["key"]
        keys = pl.concat([table["subject"], objects])
        self._keys = keys.unique(maintain_order=True)
        known = pl.Enum(self._keys)
        self._numbers = known
        self._new: dict[str, int] = {}
        rows = pl.DataFrame(
            {
                "subject": table["subject"].cast(known).to_physical().cast(ID),
                "predicate": table["predicate"],
                "object": objects.cast(known).to_physical().cast(ID),
            }
        )
        self._by_predicate = {
            str(predicate): pairs
            for (predicate,), pairs in rows.partition_by(
                "predicate", as_dict=True, include_key=False
            ).items()
        }
        self._unique: dict[str, pl.DataFrame] = {}
        self._classes: dict[str, pl.DataFrame] = {}
        self._all: pl.DataFrame | None = None

    @property
    def predicates(self) -> list[str]:
        """The properties that triples have, sorted."""
        return sorted(self._by_predicate)

    def pairs(self, predicate: str) -> pl.DataFrame:
        """Return subject and object of the triples with a property, each pair once."""
        if predicate not in self._unique:
            found = self._by_predicate.get(predicate)
            self._unique[predicate] = found.unique() if found is not None else _PAIRS.to_frame()
        return self._unique[predicate]

    def triples(self) -> pl.DataFrame:
        """Return all triples: subject, predicate and object, by number."""
        if self._all is None:
            tables = [
                self.pairs(p).with_columns(predicate=pl.lit(self.number(p), dtype=ID))
                for p in self.predicates
            ]
            empty = pl.Schema({**_PAIRS, "predicate": ID}).to_frame()
            self._all = pl.concat([empty, *tables])
        return self._all

    def number(self, key: str) -> int:
        """Return the number of a term; one that the data do not have gets one."""
        return int(self.numbers(pl.Series([key]))[0])

    def numbers(self, keys: pl.Series) -> pl.Series:
        """Return the numbers of terms; those that the data do not have get some."""
        found = keys.cast(self._numbers, strict=False).to_physical().cast(ID)
        missing = found.is_null() & keys.is_not_null()
        if not missing.any():
            return found
        fresh = [k for k in keys.filter(missing).unique(maintain_order=True) if k not in self._new]
        self._new.update((key, len(self._keys) + place) for place, key in enumerate(fresh))
        self._keys = pl.concat([self._keys, pl.Series(fresh, dtype=pl.String)])
        numbers = [self._new[key] for key in keys.filter(missing)]
        return found.scatter(missing.arg_true(), pl.Series(numbers, dtype=ID))

    def keys(self, numbers: pl.Series) -> pl.Series:
        """Return the keys of terms, null for null."""
        return self._keys.gather(numbers)

    def terms(self, numbers: pl.Series) -> pl.DataFrame:
        """Return distinct terms: `id`, `key`, `kind`, `text`, `datatype` and `language`."""
        ids = numbers.unique()
        return described_terms(pl.DataFrame({"id": ids, "key": self.keys(ids)}))

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
