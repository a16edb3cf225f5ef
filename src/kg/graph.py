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
from kg.namespaces import DCT, FOAF, KG, PAV, PROV, RDF, SKOS, compact

# All else is loaded where it is used: a query does without Polars, which takes longer to import
# than most queries take.
if TYPE_CHECKING:
    import polars as pl

    from kg import analyses, analysis, evaluation, linking, lookup
    from kg.description import Description
    from kg.diff import Diff
    from kg.excerpts import Excerpts
    from kg.facts import Facts
    from kg.model import Finding, Quad
    from kg.shacl import ValidationReport

__all__ = ["Graph", "open_graph"]

#: Of so many rows, about, subjects are counted at a time.
_SHARE = 1_000_000
#: What `info` takes from the catalogue of graphs: the name of the column, and the property.
_GRAPH_COLUMNS = {
    "kind": KG.graphKind,
    "document": PROV.wasDerivedFrom,
    "licence": DCT.license,
    "attribution": KG.attribution,
}
#: What `info` tells of a source: the name of the column, and the property.
_SOURCE_COLUMNS = {
    "title": DCT.title,
    "version": PAV.version,
    "issued": DCT.issued,
    "licence": DCT.license,
    "rights": DCT.rights,
    "page": FOAF.page,
    "cite": DCT.bibliographicCitation,
}


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
        self, shapes: Sequence[Path | str] = (), *, profile: str | Sequence[str] = "core"
    ) -> ValidationReport:
        """Check the graph against the shapes of files, or shipped profiles where none are named.

        `profile` is one name or several; `all` is every profile, checked in one go. Raises
        RequestError for an unknown profile, ShapesError for shapes that are wrong.
        """
        from kg import shacl, validation

        wanted = validation.shapes_graph([Path(path) for path in shapes], profile)
        return shacl.validate(validation.data_of_graph(self, wanted).table, wanted)

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
        import polars as pl

        return pl.scan_parquet(list(self.parts_around(*occupations).values()), glob=False)

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
        from kg import linking

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
        from kg import linking

        activities = linking.activities_of(self._release)
        tasks = [task for of in linking.tasks_of(self._release).values() for task in of]
        if {a.title for a in activities}.isdisjoint(t for task in tasks for t in task.activities):
            raise RequestError(
                "the graph has no detailed work activities that tasks do: build it with an O*NET "
                "release that has the tables DWA Reference and Tasks to DWAs"
            )
        return linking.activity_ranker(tasks, activities)

    def evaluate_links(self, gold: Path | str) -> evaluation.Evaluation:
        """Return how well the scores of statements and tasks agree with a table of labels.

        `kg.evaluation` says what is measured. Raises InputError for a table that is wrong, with
        file and line, OSError where there is none, and RequestError as `link_scores` does.
        """
        from kg import evaluation, linking

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

    def review_links(self, number: int | None = None) -> Iterator[str]:
        """Return the undecided links, the most useful first, as lines of SSSOM/TSV to be edited.

        `kg.export.review` says which are useful. Raises RequestError where there are none.
        """
        from kg.export.review import review, uncertain

        if uncertain(self.table).is_empty():
            raise RequestError(
                "the graph has no links to review: build it from pages and an O*NET release, or "
                "all of them are decided"
            )
        return review(self.table, self.base, number)

    def _linking(self) -> tuple[dict[str, list[linking.TaskText]], linking.Linker]:
        """Return the tasks of each occupation, and the linker of the release they are of."""
        import polars as pl

        from kg import linking

        tasks = linking.tasks_of(self._release)
        occupations = self.table.filter(
            pl.col("graph").is_in(self._graphs_below("page/")),
            pl.col("predicate") == KG.occupation,
        ).select("object")
        if tasks.keys().isdisjoint(occupations.collect()["object"]):
            raise RequestError(
                "the graph has no statements to score: build it from pages and an O*NET release "
                "that has their occupations"
            )
        return tasks, linking.activity_linker(task for of in tasks.values() for task in of)

    @property
    def _release(self) -> pl.LazyFrame:
        import polars as pl

        return self.table.filter(pl.col("graph").is_in(self._graphs_below("onet/")))

    def _pages_with(self, labels: set[str]) -> list[str]:
        """Return the graphs of the pages that have something with one of these labels."""
        import polars as pl

        label = pl.col("object").str.replace_all(r"\s+", " ").str.strip_chars()
        labelled = self.table.filter(
            pl.col("graph").is_in(self._graphs_below("page/")),
            pl.col("predicate") == SKOS.prefLabel,
            label.is_in(sorted(labels)),
        )
        return labelled.select("graph").unique().collect()["graph"].sort().to_list()

    def _graphs_below(self, prefix: str) -> list[str]:
        from kg.mapping.iris import Iris

        start = Iris(self.base).graph(prefix)
        return sorted(graph for graph in self.generation.parts if graph.startswith(start))

    def _rows(self, graph: str) -> Iterator[Quad]:
        import polars as pl

        from kg.model import Quad

        part = pl.scan_parquet(self.generation.parts[graph], glob=False)
        return map(Quad._make, part.collect().iter_rows())

    def info(self) -> dict[str, Any]:
        """Return counts of classes and properties, the graphs, and the sources with citations."""
        manifest = self.generation.manifest
        return {
            "generation": self.generation.name,
            "base": self.base,
            "quads": manifest["quads"],
            "inputs": self.generation.inputs,
            "versions": manifest.get("versions", {}),
            "classes": self._classes(),
            "properties": _counts(self.table, "predicate", "property", manifest["quads"]),
            "graphs": self._graphs(),
            "sources": self._sources(),
        }

    def _classes(self) -> list[dict[str, Any]]:
        import polars as pl

        types = self.table.filter(pl.col("predicate") == RDF.type)
        return _counts(types, "object", "class", self.generation.manifest["quads"])

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
        manifest = self.generation.manifest
        rows = "".join(
            f"<tr><td>{escape(compact(row['class']))}</td><td>{row['count']:,}</td></tr>"
            for row in self._classes()
        )
        inputs = ", ".join(escape(item["file"]) for item in self.generation.inputs)
        return (
            f"<p><b>Graph {escape(self.generation.name)}</b>: {manifest['quads']:,} quads in "
            f"{len(self.generation.parts)} graphs, from {inputs}</p><table><thead><tr>"
            f"<th>class</th><th>nodes</th></tr></thead><tbody>{rows}</tbody></table>"
        )

    def _graphs(self) -> list[dict[str, Any]]:
        """Return what the catalogue alone says of graphs: others may say anything of them."""
        from kg.export.attribution import own_licences

        catalog = f"{self.base}graph/catalog"
        facts = self._values(list(self.generation.parts), _GRAPH_COLUMNS, self._part(catalog))
        for graph, licence in own_licences(self.generation.parts, self.base).items():
            facts[graph]["licence"] = facts[graph]["licence"] or licence
        names = self._file_names()
        graphs = []
        for graph, values in facts.items():
            kind = (values["kind"] or "").rpartition("/")[2]
            # One that is inferred is made from several, which it names itself.
            document = None if kind == "inferred" else values["document"]
            told = {
                "kind": kind,
                "document": document,
                "triples": self.generation.written[graph].quads,
                "licence": values["licence"],
                "attribution": values["attribution"],
                "file": names.get((catalog, document)) or names.get((graph, document)),
            }
            graphs.append({"graph": graph, **told})
        return graphs

    def _file_names(self) -> dict[tuple[str, str | None], str]:
        """Return the file name of each document, by the graph that says it and the document."""
        import polars as pl

        named = self.table.filter(pl.col("predicate") == KG.fileName)
        rows = named.select("graph", "subject", "object").sort("object", descending=True).collect()
        return {(graph, document): name for graph, document, name in rows.iter_rows()}

    def _sources(self) -> list[dict[str, Any]]:
        """Return what the catalogue of sources says of its own, and RDF of others of all others."""
        catalogue = self._part(f"{self.base}graph/sources")
        own = self._values(self._subjects_of(KG.Source, catalogue), _SOURCE_COLUMNS, catalogue)
        others = [iri for iri in self._subjects_of(KG.Source, self.table) if iri not in own]
        values = own | self._values(others, _SOURCE_COLUMNS, self.table)
        return [{"source": iri, **values[iri]} for iri in sorted(values)]

    def _part(self, graph: str) -> pl.LazyFrame:
        """Return the quad table of a graph."""
        import polars as pl

        return self.table.filter(pl.col("graph") == graph)

    def _subjects_of(self, kind: str, table: pl.LazyFrame) -> list[str]:
        import polars as pl

        typed = table.filter(pl.col("predicate") == RDF.type, pl.col("object") == kind)
        return typed.select("subject").collect()["subject"].sort().to_list()

    def _values(
        self, nodes: list[str], columns: Mapping[str, str], table: pl.LazyFrame
    ) -> dict[str, dict[str, str | None]]:
        """Return the first value of some properties of some nodes, by node, then column."""
        import polars as pl

        found: dict[str, dict[str, str | None]] = {n: dict.fromkeys(columns) for n in sorted(nodes)}
        names = {iri: name for name, iri in columns.items()}
        rows = (
            table.filter(pl.col("subject").is_in(nodes), pl.col("predicate").is_in(list(names)))
            .select("subject", "predicate", "object")
            .sort("object")
            .collect()
        )
        for subject, predicate, value in rows.iter_rows():
            column = names[predicate]
            found[subject][column] = found[subject][column] or value
        return found


def open_graph(path: Path | str = "graph") -> Graph:
    """Open the published generation of a graph's folder, or with `DIR@NAME` another one of it.

    The beginning of a generation's name will do: `graph@000001`. Raises RequestError where there
    is none.
    """
    root, at, name = str(path).rpartition("@")
    if at and root and name and not Path(path).exists():
        return Graph(generations.named(Path(root), name))
    return Graph(generations.current(Path(path)))


def _counts(table: pl.LazyFrame, column: str, name: str, rows: int) -> list[dict[str, Any]]:
    """Return how many of a table's rows have each value of a column, and how many subjects."""
    import polars as pl

    # In shares of the subjects, whose counts add up: all of them at once would take a gigabyte.
    shares = 1 + rows // _SHARE
    counted = pl.concat(
        table.filter(pl.col("subject").hash() % shares == share)
        .group_by(column)
        .agg(pl.len().alias("count"), pl.col("subject").n_unique().alias("subjects"))
        .collect()
        for share in range(shares)
    )
    total = counted.group_by(column).agg(pl.col("count", "subjects").sum())
    ordered = total.sort(["count", column], descending=[True, False])
    return ordered.rename({column: name}).to_dicts()
