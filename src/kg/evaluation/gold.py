"""What people say of statements and tasks: a table of labels, and the statements it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError
from kg.linking import KINDS, StatementText, TaskText
from kg.texts import number_of

__all__ = ["COLUMNS", "Judged", "Label", "judge", "one_line", "read_gold"]

#: The columns a table has to have; `occupation`, a code, may be one more, and others are not read.
COLUMNS = ("framework", "label", "task_id", "grade")
#: What others call the frameworks.
_ALIASES = {"pathsmith": "durable"}
_GRADES = ("0", "1", "2")
_NONE = "none"


class Label(NamedTuple):
    """A row of a table: how well a task fits a statement, or that no task does (`None`)."""

    framework: str
    label: str
    task_id: str | None
    grade: int
    occupation: str
    line: int


class Judged(NamedTuple):
    """A statement, the tasks of its occupation, and the grade of each."""

    statement: StatementText
    tasks: Sequence[TaskText]
    grades: tuple[int, ...]


def one_line(label: str) -> str:
    """Return a label as a cell of a table holds it."""
    return " ".join(label.split())


def read_gold(path: Path) -> list[Label]:
    """Return the rows of a tab-separated table of labels, in which a quotation mark is text.

    Raises InputError, with file and line, for what is no such table, and OSError.
    """
    file = str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8; save it as such", file, line) from None
    header = [name.strip() for name in lines[0].split("\t")]
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError(
            f"no column {', '.join(missing)}; a table of labels is tab-separated and has "
            f"{', '.join(COLUMNS)}",
            file,
            1,
        )
    labels = []
    for line, text in enumerate(lines[1:], start=2):
        if not text.strip():
            continue
        cells = text.split("\t")
        if len(cells) != len(header):
            raise InputError(
                f"{number_of(len(cells), 'cell')} where there are {len(header)} columns", file, line
            )
        row = dict(zip(header, map(one_line, cells), strict=True))
        labels.append(_label(row, file, line))
    if not labels:
        raise InputError("has no rows; each says how well a task fits a statement", file, 1)
    return labels


def _label(row: Mapping[str, str], file: str, line: int) -> Label:
    framework = _ALIASES.get(row["framework"], row["framework"])
    if framework not in KINDS:
        known = ", ".join((*KINDS, *_ALIASES))
        raise InputError(f"framework {row['framework']!r}: use one of {known}", file, line)
    if row["grade"] not in _GRADES:
        raise InputError(f"grade {row['grade']!r}: use one of {', '.join(_GRADES)}", file, line)
    if not row["label"] or not row["task_id"]:
        raise InputError(f"label and task_id may not be empty; no task is {_NONE!r}", file, line)
    grade = int(row["grade"])
    task_id = None if row["task_id"] == _NONE else row["task_id"]
    if task_id is None and grade:
        raise InputError(f"grade {grade} of task {_NONE!r}; without a task it is 0", file, line)
    return Label(framework, row["label"], task_id, grade, row.get("occupation", ""), line)


def judge(
    labels: Iterable[Label],
    statements: Iterable[StatementText],
    tasks: Mapping[str, Sequence[TaskText]],
    file: str,
) -> list[Judged]:
    """Return each labelled statement with the grades of its occupation's tasks, 0 where unnamed.

    They come by framework, occupation and line, whatever the order of the labels. Where a label
    is on several pages, it is meant of an occupation whose tasks the labels name. Raises
    InputError for labels of no statement or of several, for tasks that are not of the occupation,
    and for what is said twice.
    """
    named: dict[tuple[str, str], list[StatementText]] = {}
    for statement in statements:
        named.setdefault((statement.kind, one_line(statement.label)), []).append(statement)
    by_task: dict[str, set[str]] = {}
    for occupation, of in tasks.items():
        for task in of:
            by_task.setdefault(task.task_id, set()).add(occupation)
    labels = list(labels)
    spoken_of = {o for label in labels for o in by_task.get(label.task_id or "", ())}

    rows: dict[tuple[str, str, str], list[Label]] = {}
    for label in labels:
        rows.setdefault((label.framework, label.label, label.occupation), []).append(label)
    found: dict[StatementText, dict[str | None, Label]] = {}
    for several in rows.values():
        first = several[0]
        candidates = named.get((first.framework, first.label), [])
        wanted = {o for label in several for o in by_task.get(label.task_id or "", ())}
        statement = _only(candidates, first, wanted or spoken_of, file)
        if not tasks.get(statement.occupation):
            raise InputError(
                f"the graph has no tasks of {_code(statement.occupation)}, the occupation of "
                f"{first.label!r}; build it with an O*NET release that has them",
                file,
                first.line,
            )
        for label in several:
            _check(label, statement, by_task, found.get(statement, {}), file)
            found.setdefault(statement, {})[label.task_id] = label

    judged = []
    for statement in sorted(found, key=_order):
        of = tasks[statement.occupation]
        grades = {task_id: label.grade for task_id, label in found[statement].items()}
        judged.append(Judged(statement, of, tuple(grades.get(task.task_id, 0) for task in of)))
    return judged


def _order(statement: StatementText) -> tuple[int, str, int, str]:
    return KINDS.index(statement.kind), statement.occupation, statement.line, statement.iri


def _only(
    candidates: Sequence[StatementText], label: Label, occupations: set[str], file: str
) -> StatementText:
    """Return the statement that a label is of."""
    if label.occupation:
        candidates = [s for s in candidates if _code(s.occupation) == label.occupation]
    if not candidates:
        where = f" of {label.occupation}" if label.occupation else ""
        raise InputError(
            f"the graph has no {label.framework} statement{where} with the label {label.label!r}",
            file,
            label.line,
        )
    if len(candidates) > 1:
        candidates = [s for s in candidates if s.occupation in occupations] or candidates
    if len(candidates) > 1:
        codes = sorted({_code(s.occupation) for s in candidates})
        help_ = (
            f"add a column occupation: {', '.join(codes[:3])}{', …' if len(codes) > 3 else ''}"
            if len(codes) > 1
            else "leave it out, for nothing tells them apart"
        )
        raise InputError(
            f"{len(candidates)} {label.framework} statements have the label {label.label!r}; "
            f"{help_}",
            file,
            label.line,
        )
    return candidates[0]


def _check(
    label: Label,
    statement: StatementText,
    by_task: Mapping[str, set[str]],
    before: Mapping[str | None, Label],
    file: str,
) -> None:
    """Raise InputError for a label that contradicts the graph, or one before it."""
    code = _code(statement.occupation)
    if label.task_id is not None and statement.occupation not in by_task.get(label.task_id, ()):
        raise InputError(
            f"task {label.task_id!r} is none of {code}, the occupation of {label.label!r}",
            file,
            label.line,
        )
    if label.task_id in before:
        line = before[label.task_id].line
        raise InputError(f"says again what line {line} says of this pair", file, label.line)
    if before and (label.task_id is None or None in before):
        line = next(iter(before.values())).line
        raise InputError(
            f"says {_NONE!r} where line {line} names a task"
            if label.task_id is None
            else f"names a task where line {line} says {_NONE!r}",
            file,
            label.line,
        )


def _code(occupation: str) -> str:
    return occupation.rpartition("/")[2]
