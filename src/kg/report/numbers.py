"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

__all__ = ["confidence", "number"]


def number(value: str | float | None, places: int = 2) -> str:
    """Return a number as people read it, with at most so many places; other texts as they are."""
    if value is None:
        return ""
    try:
        rounded = round(Decimal(str(value)), places)
    except InvalidOperation:
        return str(value)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def confidence(value: float | None) -> str:
    """Return a confidence with two places, so that several of them compare at a glance."""
    return "" if value is None else f"{round(Decimal(str(value)), 2):f}"
