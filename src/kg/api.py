"""What `kg` offers beside `open`: building a graph, and asking an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg import pipeline, queries, recipes, remote, store
from kg.asking import Asking
from kg.errors import RequestError
from kg.graph import Graph
from kg.namespaces import BASE

__all__ = ["Endpoint", "build"]


def build(
    *inputs: Path | str,
    graph: Path | str = "graph",
    recipe: Path | str | None = None,
    sources: Path | str | None = None,
    strict: bool = False,
    lenient: bool = False,
    onet_release: str | None = None,
    base: str = BASE,
    full: bool = False,
    keep: int | None = pipeline.KEEP,
) -> Graph:
    """Build a graph from inputs (none: the bundled example) into a folder, and open it.

    What was noticed is in its `findings`. With `lenient`, what is wrong in the tables of an O*NET
    release is left out; `onet_release` is its number ("30.2") where it does not say so itself.
    What has not changed since the published generation is taken over from it, unless a `full`
    build is asked for; `keep` is how many generations stay, None for all. With a `recipe` it says
    the inputs and the options but `strict`; where it is the manifest of a generation, inputs are
    the folders to look in. Raises RequestError for a number that cannot be it, for what the
    recipe says too, and for no inputs where the folder has a graph of others than the example's;
    InputError for an input that cannot be read, RefusedError where findings forbid to publish
    (errors; with `strict` warnings too), OutputError where the folder cannot be written.

    >>> graph = build(graph="libraries")
    >>> len(graph.query("SELECT ?s { ?s a kg:Statement }"))
    57
    """
    if recipe is not None:
        if sources is not None or lenient or onet_release is not None or base != BASE:
            raise RequestError("the recipe says sources, lenient, onet_release and base itself")
        report = pipeline.build_recipe(
            recipes.load_recipe(Path(recipe)),
            Path(graph),
            look_in=[Path(path) for path in inputs],
            strict=strict,
            full=full,
            keep=keep,
        )
        return Graph(report.generation, report.assembly.findings)
    report = pipeline.build(
        [Path(path) for path in inputs] or None,
        Path(graph),
        sources=None if sources is None else Path(sources),
        strict=strict,
        lenient=lenient,
        release=onet_release,
        base=base,
        full=full,
        keep=keep,
    )
    return Graph(report.generation, report.assembly.findings)


class Endpoint(Asking):
    """A SPARQL 1.1 endpoint that answers the same queries as a graph.

    Names of nodes are looked up in `graph`; without one, nodes are given by their IRIs. Raises
    RequestError for an address that is none over http or https.

    >>> endpoint = Endpoint("http://localhost:7878/query")
    >>> endpoint.query("citations-per-source").to_polars()  # doctest: +SKIP
    """

    def __init__(self, address: str, graph: Graph | None = None) -> None:
        self.address = remote.check_address(address)
        self.graph = graph

    def prepare(self, query: str | queries.NamedQuery, params: Mapping[str, str]) -> str:
        """Return the text of a query with all that an endpoint does not know.

        Raises RequestError as `Graph.prepare` does, and for a name where there is no graph.
        """
        graph = self.graph
        resolve = (lambda kind, name: graph.resolve(name, kind)) if graph else None
        return remote.prepare(query, params, resolve)

    def ask(
        self,
        text: str,
        *,
        syntax: str = "rows",
        limit: int | None = None,
        timeout: float | None = 60.0,
    ) -> store.Answer | store.Answered:
        """Send what `prepare` returned; `kg.remote.ask` says how."""
        return remote.ask(self.address, text, syntax=syntax, limit=limit, timeout=timeout)
