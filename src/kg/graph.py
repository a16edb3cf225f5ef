"""An opened graph: one generation, to query, search, describe and validate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg import generations, queries, store
from kg.asking import Asking
from kg.errors import RequestError
from kg.namespaces import compact

# All else is loaded where it is used: a query does without Polars, which takes longer to import
# than most queries take.
if TYPE_CHECKING:
    import polars as pl

    from kg import analyses, analysis, evaluation, linking, lookup
    from kg.description import Description
    from kg.diff import Diff
    from kg.excerpts import Excerpts
    from kg.facts import Facts
    from kg.links import Links
    from kg.model import Finding
    from kg.shacl import ValidationReport

__all__ = ["Graph", "open_graph"]


class Graph(Asking):
    """One generation of a graph. It stays what it is while newer generations are published."""

    def __init__(
        self, generation: generations.Generation, findings: Sequence[Finding] = ()
    ) -> None:
        self.generation = generation
        #: What was noticed when it was built; nothing where it was opened.
        self.findings = tuple(findings)
        # A generation does not change: what takes long to read is read once.
        self._projected: dict[tuple[str, float], analysis.Projection] = {}
        self._ways_of: dict[tuple[str, float], analysis.Ways] = {}

    @property
    def table(self) -> pl.LazyFrame:
        """The quad table, lazily; its columns are explained in `kg.quads`.

        It reads files of the generation only when it is collected. Keep the graph until then: a
        generation that no graph holds may be deleted by a newer build.
        """
        return self.generation.scan()

    @property
    def base(self) -> str:
        """Where the IRIs of this graph's data start."""
        return str(self.generation.manifest["base"])

    def prepare(self, query: str | queries.NamedQuery, params: Mapping[str, str]) -> str:
        """Return the text of a query by name or as given, checked and with parameters bound.

        Raises RequestError for wrong parameters and for a query that may not run.
        """
        return queries.prepare(query, params, lambda kind, name: self.resolve(name, kind))

    def ask(
        self,
        text: str,
        *,
        syntax: str = "rows",
        limit: int | None = None,
        timeout: float | None = 60.0,
    ) -> store.Answer | store.Answered:
        """Evaluate what `prepare` returned; `kg.store.ask` says how."""
        return store.ask(self.generation.store, text, syntax=syntax, limit=limit, timeout=timeout)

    def query_to(
        self,
        query: str | queries.NamedQuery,
        syntax: str,
        out: IO[bytes],
        params: Mapping[str, str] | None = None,
        *,
        timeout: float | None = 60.0,
    ) -> None:
        """Answer a query in one of `kg.store.FORMATS` into a file, as it comes and of any size.

        The file is one of the system's, with a descriptor. Raises as `query` does, and OSError
        where the file takes no more; it then holds a part of the answer.
        """
        text = self.prepare(query, params or {})
        store.write(self.generation.store, text, out, syntax=syntax, timeout=timeout)

    def stream(
        self,
        query: str | queries.NamedQuery,
        params: Mapping[str, str] | None = None,
        *,
        timeout: float | None = 60.0,
    ) -> store.Rows:
        """Answer a query row by row, from a file; raises as `query` does, before the first row."""
        text = self.prepare(query, params or {})
        return store.stream(self.generation.store, text, timeout=timeout)

    def validate(
        self,
        shapes: Sequence[Path | str] | Path | str = (),
        *,
        profile: str | Sequence[str] = "core",
        since: str | None = None,
    ) -> ValidationReport:
        """Check the graph against the shapes of files, or shipped profiles where none is named.

        `profile` is one name or several; `all` is every profile, checked in one go. With `since`,
        the beginning of an earlier generation's name, what changes since then can affect is
        checked. Raises RequestError for an unknown profile or generation, ShapesError for shapes
        that are wrong.
        """
        from kg import generations, shacl, validation, validation_since

        files = [shapes] if isinstance(shapes, Path | str) else shapes
        wanted = validation.shapes_graph([Path(path) for path in files], profile)
        of_shapes = validation_since.digests(wanted)
        if since is None:
            report = shacl.validate(validation.data_of_graph(self, wanted).table, wanted)
        else:
            earlier = generations.named(self.generation.path.parents[1], since)
            report = validation_since.check_since(self, earlier, wanted, of_shapes)
        validation_since.remember(self.generation, of_shapes)
        return report

    def resolve(self, name: str, kind: str | None = None) -> str:
        """Return the IRI that a name means; raises NotFoundError as `kg.lookup.Names` does."""
        return self._names.resolve(name, kind)

    def find(self, text: str, kind: str | None = None, most: int = 20) -> list[lookup.Node]:
        """Return the nodes whose labels or texts hold the words of a text, the best first."""
        from kg import lookup

        return lookup.find(self.table, text, kind, most)

    def show(self, name: str, most: int | None = None) -> Description:
        """Return a node with the triples about it, and how many there are.

        With `most`, these are the first of each property at most. Raises NotFoundError for an
        unknown name.
        """
        from kg.description import describe

        return describe(self.table, self.resolve(name), most)

    def paths(
        self,
        start: str,
        end: str,
        most: int = 5,
        *,
        seconds: float = 10.0,
        projection: str = "linked",
        importance: float = 3.0,
    ) -> analysis.Paths:
        """Return the best simple paths between two nodes, given by name, the best first.

        They are looked for in a `projection`, `linked` or `asserted`, for so many `seconds`;
        `importance` is that from which on a rating is a hop. Raises NotFoundError as `resolve`
        does, RequestError for nodes that no path leads from and for an unknown projection.
        """
        from kg import analysis

        ends = self.resolve(start), self.resolve(end)
        among = self._ways(projection, importance)
        return analysis.find_paths(self._facts, among, *ends, most, seconds)

    def _ways(self, projection: str, importance: float) -> analysis.Ways:
        from kg import analysis

        key = (projection, importance)
        if key not in self._ways_of:
            self._ways_of[key] = analysis.ways(self.project(*key))
        return self._ways_of[key]

    def project(self, name: str = "linked", importance: float = 3.0) -> analysis.Projection:
        """Return a projection of the graph, `asserted` or `linked`; see `kg.analysis.project`.

        It is made once, and kept.
        """
        from kg import analysis

        if name not in analysis.PROJECTIONS:
            known = ", ".join(analysis.PROJECTIONS)
            raise RequestError(f"there is no projection {name!r}: there are {known}")
        key = (name, importance)
        if key not in self._projected:
            self._projected[key] = (
                analysis.project(self.table, importance)
                if name == "linked"
                else self.project("linked", importance).asserted()
            )
        return self._projected[key]

    def analyze(
        self, name: str, occupation: str, to: str | None = None, **options: int
    ) -> analyses.Analysis:
        """Return an analysis of an occupation, given by name; `kg.analyses` says which there are.

        `to` is the other occupation of a transition; `most`, of nearest, how many. Raises
        RequestError for an analysis that there is not, and as the analyses do, NotFoundError as
        `resolve` does.
        """
        from kg import analyses

        names = [o for o in (occupation, to) if o is not None]
        analyses.check(name, len(names), options)
        prepared: dict[str, Any] = {}
        if name in analyses.ON_RATINGS:
            prepared["ratings"] = self.ratings
        elif name in analyses.ON_PROJECTION:
            prepared["projection"] = self.project()
        of = [self.resolve(o, "occupation") for o in names]
        return analyses.ANALYSES[name](self.around(*of), *of, **options, **prepared)

    def parts_around(self, *occupations: str) -> dict[str, Path]:
        """Return the file of each named graph but of pages about none of the occupations."""
        return self._excerpts.around(occupations)

    def around(self, *occupations: str) -> pl.LazyFrame:
        """Return the quad table of `parts_around`, which is all that is said of occupations.

        They are given by their IRIs. What other pages say of the same domains, sources and tasks
        is left out.
        """
        from kg import quads

        return quads.scan(self.parts_around(*occupations).values())

    @cached_property
    def _excerpts(self) -> Excerpts:
        from kg.excerpts import Excerpts

        return Excerpts(self.generation.parts, self.base)

    @cached_property
    def _facts(self) -> Facts:
        from kg import analysis

        return analysis.facts_of(self.table)

    @cached_property
    def _names(self) -> lookup.Names:
        from kg import lookup

        return lookup.Names(self.table)

    @cached_property
    def ratings(self) -> analyses.Ratings:
        """What the graph's release says is important to occupations, and what they relate to."""
        from kg import analyses

        return analyses.read_ratings(self.table)

    def report(self, occupation: str, to: str | None = None) -> str:
        """Return a report on an occupation, given by name, as one self-contained HTML document.

        `to` is the occupation that a change is told of; the nearest without it. Raises
        NotFoundError as `resolve` does, RequestError for an occupation without tasks.
        """
        from kg.report import report

        return report(self, occupation, to)

    def to_networkx(self, projection: str = "linked", importance: float = 3.0) -> Any:
        """Return a projection as a `networkx.MultiDiGraph` whose nodes have a `label` as well.

        `kg.analysis.Projection.to_networkx` says what else there is.
        """
        from kg import lookup

        projected = self.project(projection, importance)
        return projected.to_networkx(lookup.labels_of(self.table, projected.nodes["iri"]))

    def link_scores(self) -> Iterator[linking.Score]:
        """Return the score of every statement with every task of its occupation, in fixed order.

        Raises RequestError where the graph holds no statement of an occupation with tasks.
        """
        return self._links.scores()

    def activities_for(self, text: str, most: int = 5) -> list[linking.RankedActivity]:
        """Return the detailed work activities that a text may tell of, at most so many.

        The best come first, each with a confidence; none where the release has no word of the text.
        What is learnt from the release, `kg.linking.dwas` says how, is learnt once. Raises
        RequestError where the graph has no activities that tasks do.
        """
        return self._links.activities_for(text, most)

    def evaluate_links(self, gold: Path | str) -> evaluation.Evaluation:
        """Return how well the scores of statements and tasks agree with a table of labels.

        `kg.evaluation` says what is measured. Raises InputError for a table that is wrong, with
        file and line, OSError where there is none, and RequestError as `link_scores` does.
        """
        return self._links.evaluate(gold)

    def review_links(self, number: int | None = None) -> Iterator[str]:
        """Return the undecided links, the most useful first, as lines of SSSOM/TSV to be edited.

        `kg.export.review` says which are useful. Raises RequestError where there are none.
        """
        return self._links.review(number)

    @cached_property
    def _links(self) -> Links:
        from kg.links import Links

        return Links(self.generation)

    def info(self) -> dict[str, Any]:
        """Return counts of classes and properties, the graphs, and the sources with citations."""
        from kg.overview import overview

        return overview(self.generation)

    def export(
        self,
        syntax: str,
        target: Path | str | IO[bytes],
        *,
        occupation: str | None = None,
        framework: str | None = None,
        graph_name: str | None = None,
        frame: str | None = None,
    ) -> None:
        """Write the graph, or the part about something, in one of `kg.export.FORMATS`.

        The target is a file, a folder for tables, or an open file. Raises RequestError for a
        request that is wrong, and OutputError for what cannot be written; nothing that is not
        whole stands under the target's name.
        """
        from kg import export

        selection = export.Selection(
            self.generation.parts,
            self.base,
            self.resolve(occupation, "occupation") if occupation is not None else None,
            framework,
            graph_name,
        )
        to = Path(target) if isinstance(target, str) else target
        export.export(selection, syntax, to, frame)

    def diff(self, other: Graph | Path | str) -> Diff:
        """Return what differs in another graph, given as such or by its folder: the newer one.

        Raises RequestError where there is no graph, and for graphs with different bases.
        """
        from kg import diff

        newer = other if isinstance(other, Graph) else open_graph(other)
        return diff.compare(self.generation, newer.generation)

    def _repr_html_(self) -> str:
        from kg.overview import classes

        manifest = self.generation.manifest
        rows = "".join(
            f"<tr><td>{escape(compact(row['class']))}</td><td>{row['count']:,}</td></tr>"
            for row in classes(self.generation)
        )
        inputs = ", ".join(escape(item["file"]) for item in self.generation.inputs)
        return (
            f"<p><b>Graph {escape(self.generation.name)}</b>: {manifest['quads']:,} quads in "
            f"{len(self.generation.parts)} graphs, from {inputs}</p><table><thead><tr>"
            f"<th>class</th><th>nodes</th></tr></thead><tbody>{rows}</tbody></table>"
        )


def open_graph(path: Path | str = "graph") -> Graph:
    """Open the published generation of a graph's folder, or with `DIR@NAME` another one of it.

    The beginning of a generation's name will do: `graph@000001`. Raises RequestError where there
    is none.
    """
    root, at, name = str(path).rpartition("@")
    if at and root and name and not Path(path).exists():
        return Graph(generations.named(Path(root), name))
    return Graph(generations.current(Path(path)))
