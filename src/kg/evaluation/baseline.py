"""The way of linking that every other has to be better than."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kg.linking import Matrix, text_features

__all__ = ["plain_words"]


def plain_words(texts: Iterable[str]) -> Callable[[Sequence[str], Sequence[str]], Matrix]:
    """Return what scores statements and tasks by scikit-learn's TF-IDF of words as it comes.

    A score is the cosine of two vectors, whose vocabulary and weights are those of the texts.
    """
    known = sorted(set(texts))
    vectorizer = text_features().TfidfVectorizer()
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
