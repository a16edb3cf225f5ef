"""`kg query` and `kg queries`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from kg.cli.app import GRAPH, GraphOption, OutOption, app, check_choice, examples
from kg.cli.output import copy, note, say, say_prose, table, writing
from kg.errors import InputError, RequestError

if TYPE_CHECKING:
    from kg.asking import Asking
    from kg.graph import Graph
    from kg.queries import NamedQuery
    from kg.store import Answer

__all__: list[str] = []

MOST_ROWS = 1000
MOST_UNKNOWN = 3
#: The folders of named queries, what the graph is for first.
_KINDS = ("competency", "construct", "checks")
_TABLES = ("table", "csv", "tsv", "json", "xml", "parquet")
_GRAPHS = ("turtle", "ntriples", "jsonld")


@app.command(
    epilog=examples(
        "kg query statements-of-domain --param domain=Communication",
        "kg query my.rq --format csv -o answer.csv",
        "echo 'SELECT ?s { ?s a kg:Statement } LIMIT 3' | kg query -",
        "kg query citations-per-source --endpoint http://localhost:7878/query",
    )
)
def query(
    query: Annotated[
        str, typer.Argument(metavar="NAME|FILE|-", help="A named query, a file, or - for stdin.")
    ],
    graph: GraphOption = GRAPH,
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="K=V", help="A value for a parameter.")
    ] = None,
    syntax: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=", ".join(_TABLES + _GRAPHS))
    ] = None,
    timeout: Annotated[
        float,
        typer.Option("--timeout", min=0.1, max=86400, metavar="S", help="Seconds it may take."),
    ] = 60.0,
    endpoint: Annotated[
        str | None,
        typer.Option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint, not the graph."),
    ] = None,
    output: OutOption = None,
) -> None:
    """Answer a SPARQL query. The project's prefixes are declared already."""
    from kg import queries

    named = _find_query(query)  # before Polars is imported, after which Ctrl-C ends no reading
    params = _params(param or [])
    is_graph = queries.form(named.text) in ("construct", "describe")
    chosen = syntax or ("turtle" if is_graph else "table")
    check_choice("--format", chosen, _TABLES + _GRAPHS)
    if is_graph != (chosen in _GRAPHS):
        fitting = ", ".join(_GRAPHS if is_graph else _TABLES)
        raise RequestError(f"--format {chosen} does not fit this query; it takes: {fitting}")
    if chosen == "table" and output is not None:
        raise RequestError("a table is for reading; give --format csv, say, to write a file")
    if chosen == "parquet" and output is None:
        raise RequestError("--format parquet needs -o FILE")
    asked = _asked(graph, endpoint)
    if not named.kind:  # those of the project are known to be right
        _note_unknown_terms(named.text)
    if chosen == "table":
        _show(named, asked.query(named, params, limit=MOST_ROWS, timeout=timeout))
    elif chosen == "parquet":
        _write_parquet(asked.query(named, params, timeout=timeout), cast(Path, output))
    elif endpoint is None and output is not None and _is_regular(output):
        with writing(output) as out:  # as it comes, however much it is
            cast("Graph", asked).query_to(named, chosen, out, params, timeout=timeout)
        note(f"written to {output}")
    else:
        copy(asked.query_as(named, chosen, params, timeout=timeout), output)


def _is_regular(path: Path) -> bool:
    """Tell whether a path names a file, there or yet to be made, and no stream."""
    return str(path) != "-" and (path.is_file() or not path.exists())


def _asked(graph: Path, endpoint: str | None) -> Asking:
    """Return what a query is asked of: the graph, or an endpoint with the graph for its names."""
    from kg.graph import open_graph

    if endpoint is None:
        return open_graph(graph)
    from kg.api import Endpoint

    asked = Endpoint(endpoint)
    with suppress(RequestError):  # without a graph, nodes are given by their IRIs
        asked.graph = open_graph(graph)
    return asked


def _find_query(name: str) -> NamedQuery:
    from kg import queries

    if named := queries.find_query(name):
        return named
    if name == "-":
        data = sys.stdin.buffer.read(queries.MAX_BYTES + 1)
        if len(data) > queries.MAX_BYTES:
            raise RequestError(f"a query has at most {queries.MAX_BYTES:,} bytes")
        try:
            return queries.parse_query(data.decode(), "-")
        except UnicodeDecodeError:
            raise InputError("is not UTF-8 text", "standard input") from None
    if Path(name).is_file():
        return queries.read_query(Path(name))
    if Path(name).is_dir():
        raise RequestError(f"{name!r} is a folder; name a query, or a file that holds one")
    known = queries.load_queries()
    raise RequestError(_unknown(name, "is neither a named query nor a file", known))


def _unknown(name: str, what: str, known: Iterable[str]) -> str:
    """Return what to say of a name that no query has, with those that are nearly the same."""
    near = " or ".join(get_close_matches(name, list(known), 2))
    return f"{name!r} {what}; " + (f"did you mean {near}?" if near else "`kg queries` lists them")


def _note_unknown_terms(text: str) -> None:
    from kg import queries

    unknown = queries.unknown_terms(text)
    for term, near in list(unknown.items())[:MOST_UNKNOWN]:
        hint = f"; did you mean {near}?" if near else ""
        note(f"{term} is not a term of the vocabulary{hint}")
    if len(unknown) > MOST_UNKNOWN:
        note(f"… and {len(unknown) - MOST_UNKNOWN} more")


def _params(pairs: list[str]) -> dict[str, str]:
    params: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise RequestError(f"--param {pair!r}: write name=value")
        if name in params:
            raise RequestError(f"--param {name} is given twice")
        params[name] = value
    return params


def _show(query: NamedQuery, answer: Answer) -> None:
    if not answer.rows:
        note("no rows" + (f": {query.empty}" if query.empty else ""))
        return
    table(answer.columns, answer.rows, whole="--format csv")
    if answer.cut:
        note(f"cut at {MOST_ROWS:,} rows; --format csv and the like give all of them")


def _write_parquet(answer: Answer, output: Path) -> None:
    with writing(output) as out:
        answer.to_polars().write_parquet(out)
    note(f"written to {output}")


@app.command(epilog=examples("kg queries", "kg queries statements-of-domain"))
def queries(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show this one.")] = None,
) -> None:
    """List the named queries, or show one with its parameters."""
    from kg.queries import load_queries

    known = load_queries()
    if name is None:
        rows = [
            [
                q.name,
                ", ".join(f"[{p.name}]" if p.optional else p.name for p in q.params),
                q.summary,
            ]
            for q in sorted(known.values(), key=lambda q: (_KINDS.index(q.kind), q.name))
        ]
        table(("query", "parameters", "what it answers"), rows)
        return
    if name not in known:
        raise RequestError(_unknown(name, "is no named query", known))
    query = known[name]
    say(query.summary)
    say()
    say_prose(query.description)
    for parameter in query.params:
        default = f" (default {parameter.default})" if parameter.default is not None else ""
        default = " (optional)" if parameter.optional else default
        form = f"{parameter.name}={parameter.kind.upper()}"
        say_prose(f"  --param {form}{default}: {parameter.description}")
    if query.empty:
        say_prose(f"No rows: {query.empty}")
    say(f"\n{query.text}")
