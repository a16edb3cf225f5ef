"""Texts as vectors: TF-IDF, with logarithmic term frequencies, of length 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kg.linking.terms import terms_of

__all__ = ["NOTHING", "Floats", "Integers", "Vector", "Vocabulary", "sum_of", "vocabulary_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Vector(NamedTuple):
    """A text or several, of length 1: the places of its terms, ascending, and their weights."""

    terms: Integers
    weights: Floats


NOTHING = Vector(np.empty(0, np.int64), np.empty(0))


class Vocabulary(NamedTuple):
    """The place of each term of some texts, in their order, and its inverse document frequency."""

    places: Mapping[str, int]
    idf: Floats

    def vector(self, text: str) -> Vector:
        """Return the vector of a text; terms that the vocabulary does not have are left out."""
        counts = Counter(terms_of(text))
        found = sorted((self.places[t], n) for t, n in counts.items() if t in self.places)
        if not found:
            return NOTHING
        terms = np.array([place for place, _ in found])
        weights = (1 + np.log([n for _, n in found])) * self.idf[terms]
        return Vector(terms, weights / np.sqrt((weights * weights).sum()))


def vocabulary_of(texts: Collection[str]) -> Vocabulary:
    """Return the vocabulary of texts, each of which is one document."""
    frequency = Counter(chain.from_iterable(set(terms_of(text)) for text in texts))
    places = {term: place for place, term in enumerate(sorted(frequency))}
    having = np.array([frequency[term] for term in places], dtype=np.float64)
    return Vocabulary(places, np.log((1 + len(texts)) / (1 + having)) + 1)


def sum_of(vectors: Sequence[Vector]) -> Vector:
    """Return the sum of vectors, of length 1."""
    terms, at = np.unique(np.concatenate([v.terms for v in vectors]), return_inverse=True)
    if not len(terms):
        return NOTHING
    weights = np.bincount(at, np.concatenate([v.weights for v in vectors]))
    return Vector(terms, weights / np.sqrt((weights * weights).sum()))
