"""The links of a graph: scored anew, compared with labels, and written to be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import polars as pl

from kg import evaluation, linking
from kg.errors import RequestError
from kg.export.review import review, uncertain
from kg.generations import Generation
from kg.mapping.iris import Iris
from kg.model import Quad
from kg.namespaces import KG, SKOS

__all__ = ["Links"]


class Links:
    """What a generation's statements, tasks and activities are to each other."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._base = str(generation.manifest["base"])

    def scores(self) -> Iterator[linking.Score]:
        """Return the score of every statement with every task of its occupation, in fixed order.

        Raises RequestError where the graph holds no statement of an occupation with tasks.
        """
        tasks, linker = self._linking()
        return linking.scores(map(self._rows, self._graphs_below("page/")), tasks, linker)

    def activities_for(self, text: str, most: int = 5) -> list[linking.RankedActivity]:
        """Return the detailed work activities that a text may tell of, at most so many.

        The best come first, each with a confidence; none where the release has no word of the text.
        What is learnt from the release, `kg.linking.dwas` says how, is learnt once. Raises
        RequestError where the graph has no activities that tasks do.
        """
        return self._activity_ranker.rank(text, most)

    @cached_property
    def _activity_ranker(self) -> linking.ActivityRanker:
        activities = linking.activities_of(self._release)
        tasks = [task for of in linking.tasks_of(self._release).values() for task in of]
        if {a.title for a in activities}.isdisjoint(t for task in tasks for t in task.activities):
            raise RequestError(
                "the graph has no detailed work activities that tasks do: build it with an O*NET "
                "release that has the tables DWA Reference and Tasks to DWAs"
            )
        return linking.activity_ranker(tasks, activities)

    def evaluate(self, gold: Path | str) -> evaluation.Evaluation:
        """Return how well the scores of statements and tasks agree with a table of labels.

        `kg.evaluation` says what is measured. Raises InputError for a table that is wrong, with
        file and line, OSError where there is none, and RequestError as `link_scores` does.
        """
        labels = evaluation.read_gold(Path(gold))
        tasks, linker = self._linking()
        pages = self._pages_with({label.label for label in labels})
        statements = (s for page in pages for s in linking.statements_of(self._rows(page)))
        judged = evaluation.judge(labels, statements, tasks, str(gold))

        rows: dict[str, list[float]] = {j.statement.iri: [] for j in judged}
        for score in linking.scores(map(self._rows, pages), tasks, linker):
            if score.statement in rows:
                rows[score.statement].append(float(score.confidence))
        plain = evaluation.plain_words(t.text for of in tasks.values() for t in of)
        others = [plain([j.statement.words], [t.text for t in j.tasks])[0] for j in judged]
        ours = [rows[j.statement.iri] for j in judged]
        measures = evaluation.evaluate(judged, ours, others, float(linker.threshold))
        return evaluation.Evaluation(linker.name, linker.version, linker.threshold, measures)

    def review(self, number: int | None = None) -> Iterator[str]:
        """Return the undecided links, the most useful first, as lines of SSSOM/TSV to be edited.

        `kg.export.review` says which are useful. Raises RequestError where there are none.
        """
        table = self._generation.scan()
        links = uncertain(table)
        if links.is_empty():
            raise RequestError(
                "the graph has no links to review: build it from pages and an O*NET release, or "
                "all of them are decided"
            )
        return review(links if number is None else links.head(number), table, self._base)

    def _linking(self) -> tuple[dict[str, list[linking.TaskText]], linking.Linker]:
        """Return the tasks of each occupation, and the linker of the release they are of."""
        tasks = linking.tasks_of(self._release)
        occupations = (
            self._generation.scan()
            .filter(
                pl.col("graph").is_in(self._graphs_below("page/")),
                pl.col("predicate") == KG.occupation,
            )
            .select("object")
        )
        if tasks.keys().isdisjoint(occupations.collect()["object"]):
            raise RequestError(
                "the graph has no statements to score: build it from pages and an O*NET release "
                "that has their occupations"
            )
        return tasks, linking.activity_linker(task for of in tasks.values() for task in of)

    @property
    def _release(self) -> pl.LazyFrame:
        return self._generation.scan().filter(pl.col("graph").is_in(self._graphs_below("onet/")))

    def _pages_with(self, labels: set[str]) -> list[str]:
        """Return the graphs of the pages that have something with one of these labels."""
        label = pl.col("object").str.replace_all(r"\s+", " ").str.strip_chars()
        labelled = self._generation.scan().filter(
            pl.col("graph").is_in(self._graphs_below("page/")),
            pl.col("predicate") == SKOS.prefLabel,
            label.is_in(sorted(labels)),
        )
        return labelled.select("graph").unique().collect()["graph"].sort().to_list()

    def _graphs_below(self, prefix: str) -> list[str]:
        start = Iris(self._base).graph(prefix)
        return sorted(graph for graph in self._generation.parts if graph.startswith(start))

    def _rows(self, graph: str) -> Iterator[Quad]:
        part = pl.scan_parquet(self._generation.parts[graph], glob=False)
        return map(Quad._make, part.collect().iter_rows())
