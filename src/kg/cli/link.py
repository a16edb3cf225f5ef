"""`kg link`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import GRAPH, GraphOption, app, examples
from kg.cli.output import is_stdout, note, say, table, writing
from kg.errors import RequestError
from kg.texts import number_of

if TYPE_CHECKING:
    from kg.evaluation import Estimate, Evaluation, Measures
    from kg.graph import Graph

__all__: list[str] = []

_COLUMNS = ("framework", "label", "task_id", "confidence")
#: How many links are written to be reviewed unless a number is asked for.
_REVIEWED = 50


@app.command(
    epilog=examples(
        "kg link --scores scores.tsv",
        "kg link --evaluate gold.tsv",
        "kg link --evaluate gold.tsv --min-p1 0.55 --min-ap 0.45",
        "kg link --dwa 'Explain to clients what a budget is'",
        "kg link --review review.sssom.tsv --number 20",
    )
)
def link(
    graph: GraphOption = GRAPH,
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores",
            metavar="FILE",
            help="Write the confidence of every statement with every task of its occupation, "
            f"as tab-separated {', '.join(_COLUMNS)}.",
        ),
    ] = None,
    evaluate: Annotated[
        Path | None,
        typer.Option(
            "--evaluate",
            metavar="FILE",
            help="Tell how well the confidences agree with labels, in tab-separated framework, "
            "label, task_id and grade (0, 1 or 2).",
        ),
    ] = None,
    min_p1: Annotated[
        float | None,
        typer.Option(
            "--min-p1",
            metavar="SHARE",
            min=0,
            max=1,
            help="With --evaluate: exit 1 where P@1 of all frameworks at grade 2 is below.",
        ),
    ] = None,
    min_ap: Annotated[
        float | None,
        typer.Option(
            "--min-ap",
            metavar="SHARE",
            min=0,
            max=1,
            help="With --evaluate: exit 1 where average precision, likewise, is below.",
        ),
    ] = None,
    dwa: Annotated[
        str | None,
        typer.Option(
            "--dwa",
            metavar="TEXT",
            help="Tell which detailed work activities of the release a text may tell of, the best "
            "first; exit 1 where the release has no word of it.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option("--most", metavar="N", min=1, help="With --dwa: at most so many (5)."),
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(
            "--review",
            metavar="FILE",
            help="Write the links that are worth a decision, the most useful first, as SSSOM/TSV "
            "to be edited and given to kg build.",
        ),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--number", metavar="N", min=1, help="With --review: how many (50)."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --evaluate or --dwa: all that is told, as JSON.")
    ] = False,
) -> None:
    """Score how well statements fit the tasks of their occupation. `kg build` makes the links."""
    if dwa is not None:
        others = (scores, evaluate, review, number, min_p1, min_ap)
        if any(option is not None for option in others):
            raise RequestError("--dwa is about a text alone: it goes with --most and --json only")
        _say_activities(graph, dwa, 5 if most is None else most, as_json)
        return
    if most is not None:
        raise RequestError("--most is for --dwa: name its text")
    if scores is None and evaluate is None and review is None:
        raise RequestError(
            "say where the scores go, kg link --scores scores.tsv, what to compare them with, "
            "--evaluate gold.tsv, where links to review go, --review review.sssom.tsv, or a text "
            "to find activities for, --dwa TEXT"
        )
    if review is None and number is not None:
        raise RequestError("--number is for --review: name its file")
    if sum(is_stdout(path) for path in (scores, review) if path is not None) > 1:
        raise RequestError("--scores and --review cannot both go to -: give one of them a file")
    if evaluate is not None and review is not None and is_stdout(review):
        raise RequestError("--evaluate prints its figures: give --review a file, not -")
    if evaluate is None and (as_json or min_p1 is not None or min_ap is not None):
        raise RequestError("--json, --min-p1 and --min-ap are for --evaluate: name its labels")
    if evaluate is not None and scores is not None and is_stdout(scores):
        raise RequestError("--evaluate prints its figures: give --scores a file, not -")
    from kg.graph import open_graph

    opened = open_graph(graph)
    # First what may find something wrong with its input.
    evaluation = opened.evaluate_links(evaluate) if evaluate is not None else None
    if scores is not None:
        _write_scores(opened, scores)
    if review is not None:
        _write_review(opened, review, number or _REVIEWED)
    if evaluation is None:
        return
    if as_json:
        say(json.dumps(evaluation.to_dict(), indent=2))
    else:
        _say_evaluation(evaluation)
    if _misses(evaluation.of(), min_p1, min_ap):
        raise typer.Exit(1)


def _say_activities(graph: Path, text: str, most: int, as_json: bool) -> None:
    from kg.graph import open_graph

    found = open_graph(graph).activities_for(text, most)
    if as_json:
        rows = [{**a._asdict(), "confidence": float(a.confidence)} for a in found]
        say(json.dumps(rows, indent=2, ensure_ascii=False))
    elif found:
        columns = ("confidence", "activity", "title")
        table(columns, [(f"{a.confidence:.4f}", a.activity_id, a.title) for a in found], "--json")
    if not found:
        note("no detailed work activity: the release has no word of the text")
        raise typer.Exit(1)


def _write_scores(graph: Graph, path: Path) -> None:
    count = 0
    found = graph.link_scores()
    with writing(path) as out:
        out.write(("\t".join(_COLUMNS) + "\n").encode())
        for score in found:
            # A label is one line, and a cell holds no tab.
            label = " ".join(score.label.split())
            row = (score.framework, label, score.task_id, f"{score.confidence:.4f}")
            out.write(("\t".join(row) + "\n").encode())
            count += 1
    if not is_stdout(path):
        note(f"{number_of(count, 'score')} written to {path}")


def _write_review(graph: Graph, path: Path, number: int) -> None:
    lines = graph.review_links(number)
    with writing(path) as out:
        out.writelines(line.encode() for line in lines)
    if not is_stdout(path):
        note(f"links to review, the most useful first, written to {path}")


def _say_evaluation(evaluation: Evaluation) -> None:
    whole = evaluation.of()
    say(
        f"{evaluation.linker} {evaluation.version}: {number_of(whole.statements, 'statement')}, "
        f"{number_of(whole.pairs, 'pair')} with the tasks of their occupation; "
        "95 % intervals in brackets"
    )
    for grade, meaning in ((2, "right: grade 2"), (1, "right: grade 1 or 2")):
        found = [m for m in evaluation.measures if m.grade == grade]
        say()
        table(
            (meaning, "P@1", "AP", f"F1 at {evaluation.threshold}", "Brier", "of base rate"),
            [
                (
                    m.framework,
                    f"{m.first}/{m.with_task} = {_shown(m.p1)}" if m.with_task else "-",
                    _shown(m.ap),
                    _shown(m.f1),
                    _shown(m.brier),
                    _base(m),
                )
                for m in found
            ],
        )
        say()
        table(
            ("above TF-IDF of words", "P@1", "AP"),
            [(m.framework, _shown(m.p1_gain, "+.3f"), _shown(m.ap_gain, "+.3f")) for m in found],
        )
    say()
    table(
        ("best links", "confidence", "statements", "mean", "grade 2", "1 or 2"),
        [row for m in evaluation.measures if m.grade == 2 for row in _bins(m, evaluation)],
    )


def _bins(strict: Measures, evaluation: Evaluation) -> list[tuple[str, ...]]:
    lenient = evaluation.of(strict.framework, 1)
    rows = [
        (
            strict.framework,
            f"{one.least:.4f}-{one.most:.4f}",
            str(one.statements),
            f"{one.confidence:.3f}",
            f"{one.right:.3f}",
            f"{other.right:.3f}",
        )
        for one, other in zip(strict.calibration, lenient.calibration, strict=True)
    ]
    off = (f"{m.calibration_error:.3f}" for m in (strict, lenient))
    return [*rows, (strict.framework, "apart on average", str(strict.statements), "", *off)]


def _base(measures: Measures) -> str:
    """Return the Brier score of the base rate, and what share of it the links have."""
    base = measures.base_brier
    return f"{base:.3f}, ratio {measures.brier.value / base:.2f}" if base else f"{base:.3f}"


def _shown(estimate: Estimate | None, form: str = ".3f") -> str:
    """Return a figure and its interval, or that there is none."""
    if estimate is None:
        return "-"
    if estimate.low is None or estimate.high is None:
        return format(estimate.value, form)
    return f"{estimate.value:{form}} [{estimate.low:{form}}, {estimate.high:{form}}]"


def _misses(measures: Measures, min_p1: float | None, min_ap: float | None) -> bool:
    """Tell whether a figure is below what was asked for, and say so."""
    missed = False
    for name, least, found in (("P@1", min_p1, measures.p1), ("AP", min_ap, measures.ap)):
        if least is None or (found is not None and found.value >= least):
            continue
        missed = True
        is_at = f"{found.value:.4f}" if found else "unknown, for no task has grade 2"
        note(f"{name} at grade 2 is {is_at}; at least {least:g} was asked for")
    return missed
