"""The way of linking that every other has to be better than."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence

from kg.linking import Matrix

__all__ = ["plain_words"]


def plain_words(texts: Iterable[str]) -> Callable[[Sequence[str], Sequence[str]], Matrix]:
    """Return what scores statements and tasks by scikit-learn's TF-IDF of words as it comes.

    A score is the cosine of two vectors, whose vocabulary and weights are those of the texts.
    """
    known = sorted(set(texts))
    with warnings.catch_warnings():
        # Of a part that is not used here, where a full disk or a strict machine has no semaphores.
        warnings.filterwarnings("ignore", message=".*joblib will operate in serial mode")
        from sklearn.feature_extraction.text import TfidfVectorizer
    vectorizer = TfidfVectorizer()
    try:
        vectorizer.fit(known)
    except ValueError:  # not a word in them
        return lambda statements, tasks: [[0.0] * len(tasks) for _ in statements]

    def score(statements: Sequence[str], tasks: Sequence[str]) -> Matrix:
        if not statements or not tasks:
            return [[0.0] * len(tasks) for _ in statements]
        cosines = vectorizer.transform(statements) @ vectorizer.transform(tasks).T
        rows: list[list[float]] = cosines.toarray().tolist()
        return rows

    return score
