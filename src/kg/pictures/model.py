"""What a picture shows, without how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bars", "HeatMap", "Picture"]


@dataclass(frozen=True, slots=True)
class Bars:
    """A horizontal bar for each label, of parts that stand end to end, one for each series.

    `values` has a row for each label, and in it a number of at least 0 for each of `series`.
    """

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A cell for each row and column, the darker the higher; None is an empty cell.

    `values` has a row for each of `rows`, and in it a number of at least 0 or None for each of
    `columns`.
    """

    title: str
    unit: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


Picture = Bars | HeatMap
