"""The report for people: counts first, then the findings of each group, and how to mend them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import polars as pl
from rdflib import Literal, URIRef

from kg.shacl.found import Results
from kg.shacl.locations import Location
from kg.shacl.model import SEVERITIES, ValidationReport, ValidationResult, severity_name
from kg.shacl.naming import Named, Names, named, places_of
from kg.shacl.paths import path_text
from kg.shacl.terms import compact, one_line

__all__ = [
    "GROUPS",
    "LISTED",
    "Labels",
    "counted",
    "in_english",
    "labels_of",
    "shape_name",
    "summary",
    "text",
]

#: How many findings of one group are listed, unless it is said otherwise.
LISTED = 100
#: What findings can be grouped by.
GROUPS = ("shape", "file", "severity")

#: A report with more findings, and several groups of them, begins with a summary.
_LONG = 40
#: So many reasons are given of one finding.
_REASONS = 5
_PLURALS = {"other": "others"}
_UNKNOWN = "no file known"


#: What gives the shape of a result a name that no other shape of the report has.
Labels = Callable[[ValidationResult], str]


class _Group(NamedTuple):
    """Findings that stand together: a heading's parts, and their places in the report."""

    severity: str
    number: int
    name: str
    message: str
    rows: pl.Series


def text(
    report: ValidationReport, names: Names, most: int | None = LISTED, by: str = "shape"
) -> Iterator[str]:
    """Yield the report for people, line by line, with `most` findings of each group (all: None)."""
    yield from (f"{line}\n" for line in _lines(report, names, most, by))


def summary(report: ValidationReport) -> Iterator[tuple[str, int, str, str]]:
    """Yield severity, count, name and message of each shape, in the order of the text."""
    if len(report.results):
        facts = _facts(report.results, labels_of(report.results))
        groups = facts.group_by("severity", "iri", "name").agg(
            pl.len().cast(pl.Int64).alias("count"), pl.min("rank"), pl.first("message")
        )
        ordered = groups.sort("rank", pl.col("count").neg(), "name")
        yield from ordered.select("severity", "count", "name", "message").iter_rows()


def _lines(report: ValidationReport, names: Names, most: int | None, by: str) -> Iterator[str]:
    if report.conforms:
        yield f"{report.verdict}: nothing found"
    else:
        counts = ", ".join(counted(number, name) for name, number in report.counts.items())
        yield f"{report.verdict}: {counts}"
    if report.known:
        yield f"left out: {counted(report.known, 'finding')} that the baseline has"
    yield from (f"note: {note}" for note in report.notes)
    labels = labels_of(report.results)
    groups = list(_groups(report.results, names, labels, by))
    if len(groups) > 1 and len(report.results) > _LONG:
        yield ""
        yield from (f"  {_heading(group)}" for group in groups)
    for group in groups:
        yield ""
        yield _heading(group)
        shown = group.rows if most is None else group.rows.head(most)
        for found in named(_taken(report.results, shown), names):
            yield f"  {_line(found, labels, by)}"
            yield from (f"    {reason}" for reason in _reasons(found.result))
        if len(shown) < group.number:
            yield f"  … and {group.number - len(shown):,} more"


def _groups(
    results: Sequence[ValidationResult], names: Names, labels: Labels, by: str
) -> Iterator[_Group]:
    """Yield the groups: by severity, then the most frequent first, then by name."""
    if not len(results):
        return
    table = _facts(results, labels).hstack(places_of(results, names)).with_row_index("row")
    keys = {
        "shape": ["severity", "iri", "name"],
        "file": ["file"],
        "severity": ["severity", "iri"],
    }[by]
    # The sort is stable, so what has no place keeps the report's own order.
    ordered = table.sort(
        *(["rank"] if by == "file" else []), "file", "line", nulls_last=True, maintain_order=True
    )
    groups = ordered.group_by(keys, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("count"),
        pl.min("rank"),
        pl.first("message"),
        pl.col("severity").first().alias("first_severity"),
        pl.first("name").alias("first_name"),
        pl.col("row"),
    )
    name = {"shape": "first_name", "file": "file", "severity": "first_severity"}[by]
    first = [pl.col("file").is_null()] if by == "file" else []
    placed = groups.sort(*first, "rank", pl.col("count").neg(), name)
    for row in placed.iter_rows(named=True):
        yield _Group(
            "finding" if by == "file" else row["first_severity"],
            row["count"],
            "" if by == "severity" else one_line(row[name] or _UNKNOWN),
            row["message"] if by == "shape" else "",
            row["row"] if isinstance(row["row"], pl.Series) else pl.Series(row["row"]),
        )


def _facts(results: Sequence[ValidationResult], labels: Labels) -> pl.DataFrame:
    """Return severity, shape and message of each result."""
    rows: Iterable[tuple[str, str, int, str, str]]
    if isinstance(results, Results):
        firsts = [_fact(result, labels(result)) for result in results.of_checks()]
        table = pl.DataFrame(firsts, schema=_FACTS, orient="row")
        return table[results.table["check"]]
    rows = (_fact(result, labels(result)) for result in results)
    return pl.DataFrame(list(rows), schema=_FACTS, orient="row")


_FACTS = pl.Schema(
    {
        "severity": pl.String(),
        "iri": pl.String(),
        "rank": pl.Int64(),
        "name": pl.String(),
        "message": pl.String(),
    }
)


def _fact(result: ValidationResult, name: str) -> tuple[str, str, int, str, str]:
    severity = severity_name(result.severity)
    rank = [*SEVERITIES].index(severity) if severity in SEVERITIES else -1
    message = one_line(in_english(result.messages), 300) if result.messages else ""
    return severity, str(result.severity), rank, name, message


def _taken(results: Sequence[ValidationResult], rows: pl.Series) -> Sequence[ValidationResult]:
    if isinstance(results, Results):
        return results.keep(results.table[rows])
    return [results[row] for row in rows]


def _heading(group: _Group) -> str:
    parts = (counted(group.number, group.severity), group.name, group.message)
    return " · ".join(filter(None, parts))


def _line(found: Named, labels: Labels, by: str) -> str:
    result = found.result
    focus, where = result.focus_node, one_line(_where(found.place, by), 200)
    name = one_line(found.label)
    if not where and isinstance(focus, URIRef) and name != compact(focus):
        name = f"{name} <{one_line(focus, 200)}>"  # nothing else says which one it is
    more = [_value(found), one_line(in_english(result.details), 200)]
    if by != "shape":
        more += [labels(result), one_line(in_english(result.messages), 300)]
        if by == "file":
            more.insert(0, severity_name(result.severity))
    return "  ".join(filter(None, (where, " · ".join(filter(None, (name, *more))))))


def _where(place: Location, by: str) -> str:
    return f"line {place.line}" if by == "file" and place.line else str(place)


def _value(found: Named) -> str:
    result = found.result
    if result.value is None or result.value == result.focus_node or found.value is None:
        return ""
    if isinstance(result.value, Literal):
        # A detail puts a value into words, if it matters.
        return "" if result.details else f'"{one_line(result.value)}"'
    return one_line(found.value)


def _reasons(result: ValidationResult) -> Iterator[str]:
    """Yield why: what each shape that the constraint asks for finds."""
    lines = dict.fromkeys(
        f"{shape_name(child)}: {one_line(in_english(child.messages or child.details), 200)}"
        for child in result.children
    )
    yield from list(lines)[:_REASONS]
    if len(lines) > _REASONS:
        yield f"… and {len(lines) - _REASONS:,} more reasons"


def shape_name(result: ValidationResult) -> str:
    """Return the shape's name; what it constrains where it has none."""
    if isinstance(result.source_shape, URIRef):
        name = str(result.source_shape).rstrip("/#")
        return one_line(name.rpartition("#")[2] if "#" in name else name.rpartition("/")[2])
    component = str(result.component).rpartition("#")[2].removesuffix("ConstraintComponent")
    path = f" of {path_text(result.path, compact)}" if result.path else ""
    return one_line(f"{component}{path}")


def labels_of(results: Sequence[ValidationResult]) -> Labels:
    """Return what tells the shapes of results apart: their names, with more where these are equal.

    Shapes with an IRI then go by the whole of it, others by a number, in the order of the results;
    those of one name and one message are one.
    """
    by_name: dict[str, dict[tuple[str, str, str], None]] = {}
    examples = results.of_checks() if isinstance(results, Results) else results
    for result in examples:
        key = _shape_key(result)
        by_name.setdefault(key[0], {})[key] = None
    labels: dict[tuple[str, str, str], str] = {}
    for name, keys in by_name.items():
        nameless = [key for key in keys if not key[1]]
        for key in keys:
            if len(keys) == 1:
                labels[key] = name
            elif key[1]:
                labels[key] = one_line(compact(key[1]))
            else:
                labels[key] = f"{name} ({nameless.index(key) + 1})"
    return lambda result: labels[_shape_key(result)]


def _shape_key(result: ValidationResult) -> tuple[str, str, str]:
    """Return the name of a shape, and its IRI or, where it has none, its message."""
    if isinstance(result.source_shape, URIRef):
        return shape_name(result), str(result.source_shape), ""
    return shape_name(result), "", in_english(result.messages)


def in_english(messages: tuple[Literal, ...]) -> str:
    """Return the English messages, or those without a language, or all."""
    for wanted in ("en", ""):
        chosen = [m for m in messages if (m.language or "").split("-")[0].lower() == wanted]
        if chosen:
            return "; ".join(chosen)
    return "; ".join(messages)


def counted(number: int, noun: str) -> str:
    """Return a number with what is counted, one or several."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {_PLURALS.get(noun, noun + 's')}"
