"""How names of one O*NET release are read as those of another.

Most nodes of a release have the same IRI in every release; ratings and what else a release says
of its own have its number in theirs, `rating/30.2/...`. Read as those of the other graph's
release, they can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import polars as pl

__all__ = ["SAME", "Names"]


@dataclass(frozen=True, slots=True)
class Names:
    """Pairs of IRIs: the first, and what continues it after a slash, is read as the second.

    >>> names = Names((("http://a.example/rating/29.0", "http://a.example/rating/30.2"),))
    >>> names("http://a.example/rating/29.0/11-1011.00")
    'http://a.example/rating/30.2/11-1011.00'
    """

    pairs: tuple[tuple[str, str], ...] = ()

    def __call__(self, iri: str) -> str:
        """Return the name that an IRI is read as."""
        for old, new in self.pairs:
            if iri == old or iri.startswith(f"{old}/"):
                return new + iri[len(old) :]
        return iri

    def read(self, column: str) -> nw.Expr:
        """Return the names that the IRIs of a column are read as."""
        found = nw.col(column)
        for old, new in self.pairs:
            name = nw.col(column)
            is_read = (name == old) | name.str.starts_with(f"{old}/")
            renamed = nw.concat_str(nw.lit(new), name.str.slice(len(old)))
            found = nw.when(is_read).then(renamed).otherwise(found)
        return found

    def ranges(self, low: str, high: str | None) -> list[pl.Expr]:
        """Return filters that together let those subjects pass which are read as names in a range.

        The range is from `low` on, before `high` (None: to the end). Each filter compares with
        bounds, so that the statistics of a sorted Parquet file tell what need not be read.
        """
        subject = pl.col("subject")
        own = _between(subject, low, high)
        for old, _ in self.pairs:
            own = own & ~((subject == old) | subject.str.starts_with(f"{old}/"))
        found = [own]
        for old, new in self.pairs:
            if low <= new and (high is None or new < high):
                found.append(subject == old)
            if (bounds := _bounds(f"{old}/", f"{new}/", low, high)) is not None:
                found.append(_between(subject, *bounds))
        return found


#: Names that are read as they are.
SAME = Names()


def _between(column: pl.Expr, low: str, high: str | None) -> pl.Expr:
    inside = column >= low
    return inside if high is None else inside & (column < high)


def _bounds(old: str, new: str, low: str, high: str | None) -> tuple[str, str] | None:
    """Return the bounds of what begins with `old` and would, beginning with `new`, be in a range.

    None where nothing can be.
    """
    after = old[:-1] + "0"  # the character that follows the slash: past all that begin with old
    if low.startswith(new):
        low = old + low[len(new) :]
    elif low <= new:
        low = old
    else:
        return None
    if high is None or (high > new and not high.startswith(new)):
        return low, after
    if high.startswith(new):
        return low, old + high[len(new) :]
    return None
