"""How well links agree with what people say of statements and tasks."""

from __future__ import annotations

from kg.evaluation.baseline import plain_words
from kg.evaluation.gold import Judged, Label, judge, read_gold
from kg.evaluation.measures import (
    Bin,
    Estimate,
    Evaluation,
    Measures,
    average_precisions,
    bins,
    evaluate,
)

__all__ = [
    "Bin",
    "Estimate",
    "Evaluation",
    "Judged",
    "Label",
    "Measures",
    "average_precisions",
    "bins",
    "evaluate",
    "judge",
    "plain_words",
    "read_gold",
]
