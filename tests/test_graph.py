"""An opened graph: queries, names, descriptions and what it tells of itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg import __version__
from kg.assembly import example_inputs
from kg.description import Triple
from kg.errors import NotFoundError, QueryError, QueryTimeoutError, RequestError
from kg.graph import Graph, open_graph
from kg.namespaces import BASE, KG, PROV, RDF, SKOS
from kg.pipeline import build

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PAGE = f"{BASE}graph/page/library-technicians"
STATEMENT = f"{BASE}framework/library-technicians/base/circulation-figures"


def test_open(example_folder: Path) -> None:
    """A graph opens from a path or a text, and is the published generation."""
    for path in (example_folder, str(example_folder)):
        graph = open_graph(path)
        assert (example_folder / "current").read_text().strip() == graph.generation.name
        assert BASE == graph.base
        assert graph.generation.manifest["quads"] == graph.table.collect().height


def test_open_nothing(tmp_path: Path) -> None:
    """Where there is no graph the error says how to make one."""
    with pytest.raises(RequestError, match="make one with: kg build"):
        open_graph(tmp_path / "graph")


def test_open_an_earlier_generation(tmp_path: Path) -> None:
    """With the beginning of its name another generation of a folder is opened."""
    build(out=tmp_path / "graph")
    first = open_graph(tmp_path / "graph")
    build([next(p for p in example_inputs() if p.is_file())], tmp_path / "graph")

    assert first.generation == open_graph(f"{tmp_path / 'graph'}@000001").generation
    assert first.generation != open_graph(tmp_path / "graph").generation
    with pytest.raises(RequestError, match="has no generation '000009'"):
        open_graph(f"{tmp_path / 'graph'}@000009")


def test_diff(example_graph: Graph, tmp_path: Path) -> None:
    """Another graph is given as such or by its folder, and is the newer one."""
    build([next(p for p in example_inputs() if p.is_file())], tmp_path)
    for other in (open_graph(tmp_path), tmp_path, str(tmp_path)):
        found = example_graph.diff(other)
        assert (example_graph.generation.name, open_graph(tmp_path).generation.name) == (
            found.old.generation,
            found.new.generation,
        )
        assert (6, 18) == (found.counts[KG.Task].added, found.counts[KG.Task].removed)
    assert not example_graph.diff(example_graph).differs


def test_a_graph_stays_what_it_is(tmp_path: Path) -> None:
    """An opened graph answers from its generation while another one is published."""
    build(out=tmp_path)
    graph = open_graph(tmp_path)
    before = graph.query(COUNT).rows
    page = next(p for p in example_inputs() if p.is_file())
    build([page], tmp_path)
    assert before == graph.query(COUNT).rows
    assert [(str(graph.table.collect().height),)] == before
    assert before != open_graph(tmp_path).query(COUNT).rows


# Queries.


def test_query(example_graph: Graph) -> None:
    """The text of a query is answered over all graphs, with the project's prefixes."""
    answer = example_graph.query("SELECT (COUNT(?s) AS ?n) { ?s a kg:Statement }")
    assert (["n"], [("57",)], False) == (answer.columns, answer.rows, answer.cut)


def test_query_limit(example_graph: Graph) -> None:
    """An answer is cut where it was asked for, and says so."""
    answer = example_graph.query("SELECT ?s { ?s a kg:Statement }", limit=5)
    assert (5, True) == (len(answer.rows), answer.cut)


def test_query_as(example_graph: Graph) -> None:
    """An answer can be had in a syntax, as an open file."""
    with example_graph.query_as("SELECT ?s { ?s a kg:Framework }", "json") as out:
        assert 3 == len(json.load(out)["results"]["bindings"])
    with example_graph.query_as("CONSTRUCT WHERE { ?s a kg:Framework }", "ntriples") as out:
        assert 3 == len(out.readlines())


@pytest.mark.parametrize(
    ("error", "query"),
    [
        (QueryError, "SELECT * { ?s ?p"),
        (RequestError, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"),
        (RequestError, "SELECT * " + "{" * 5000 + "}" * 5000),
        ((QueryError, RequestError), "INSERT DATA { <http://a> <http://b> 1 }"),
        ((QueryError, RequestError), "LOAD <http://example.org/>"),
        ((QueryError, RequestError), ""),
    ],
    ids=range(6),
)
def test_queries_that_may_not_run(
    example_graph: Graph, error: type[Exception] | tuple[type[Exception], ...], query: str
) -> None:
    """What is wrong, changes something or asks elsewhere is refused in one line."""
    with pytest.raises(error) as caught:
        example_graph.query(query)
    assert 1 == len(str(caught.value).splitlines())


def test_query_timeout(example_graph: Graph) -> None:
    """A query has as long as it was given."""
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(QueryTimeoutError):
        example_graph.query(endless, timeout=0.5)


def test_params_without_a_named_query(example_graph: Graph) -> None:
    """A parameter that a query does not have is refused."""
    with pytest.raises(RequestError, match="no parameter 'x'"):
        example_graph.query(COUNT, {"x": "1"})


# Names.


def test_resolve_and_find(example_graph: Graph) -> None:
    """Names and texts lead to nodes as in `kg.lookup`."""
    assert f"{BASE}task/900001" == example_graph.resolve("task:900001")
    assert f"{BASE}domain/communication" == example_graph.resolve("Communication", "domain")
    assert "Communication" == example_graph.find("communication")[0].label
    assert [] == example_graph.find("communication", "task")
    assert 2 == len(example_graph.find("shelf", most=2))
    with pytest.raises(NotFoundError):
        example_graph.resolve("Critical Thinking")


# Descriptions.


def test_show(example_graph: Graph) -> None:
    """A node comes with all its triples, their graphs, and its own line in the input."""
    node = example_graph.show(STATEMENT)
    assert (STATEMENT, "Circulation figures") == (node.iri, node.label)
    assert {PAGE} == {t.graph for t in node.outgoing}
    assert {10} == {t.line for t in node.outgoing}
    by_predicate: dict[str, list[Triple]] = {}
    for triple in node.outgoing:
        by_predicate.setdefault(triple.predicate, []).append(triple)
    assert [("literal", "10", None)] == [(t.kind, t.value, t.label) for t in by_predicate[KG.line]]
    cited = [(t.kind, t.label) for t in by_predicate[KG.cites]]
    assert ("iri", "O*NET Database") in cited
    assert 2 == len(cited)
    assert [f"{BASE}document/page/library-technicians"] == [
        t.value for t in by_predicate[PROV.wasDerivedFrom]
    ]
    assert ([], {}) == (node.incoming, node.incoming_counts)
    assert {p: len(of) for p, of in by_predicate.items()} == node.outgoing_counts
    rows = example_graph.query(f"SELECT ?p ?o {{ <{STATEMENT}> ?p ?o }}").rows
    assert len(rows) == len(node.outgoing)


def test_show_incoming(example_graph: Graph) -> None:
    """What points to a node comes with its line, by property and line."""
    node = example_graph.show("domain:Communication")
    statements = [t for t in node.incoming if t.predicate == KG.domain and t.line != 30]
    assert list(range(31, 39)) == [t.line for t in statements]
    assert "Greeting at the desk" == statements[0].label
    assert {PAGE} == {t.graph for t in statements}
    assert {"iri"} == {t.kind for t in node.incoming}
    assert sorted(t.predicate for t in node.incoming) == [t.predicate for t in node.incoming]
    assert {f"{BASE}graph/schemes"} == {t.graph for t in node.outgoing}
    assert {None} == {t.line for t in node.outgoing}


def test_show_counts_agree(example_graph: Graph) -> None:
    """Every triple about a node is shown, once."""
    for name in ("occupation:25-4031.00", "source:onet", KG.Statement, f"{BASE}graph/catalog"):
        node = example_graph.show(name)
        query = f"SELECT ?s ?p ?o {{ {{ <{node.iri}> ?p ?o }} UNION {{ ?s ?p <{node.iri}> }} }}"
        total = len(example_graph.query(query).rows)
        assert total == len(node.outgoing) + len(node.incoming), name


def test_show_a_literal_that_reads_like_an_iri(example_graph: Graph) -> None:
    """Texts are no nodes, also when they are one's address."""
    with pytest.raises(NotFoundError):
        example_graph.show("https://www.onetcenter.org/nothing")
    table = example_graph.table.collect()
    literals = table.filter(table["kind"] == "literal")["object"]
    assert example_graph.base not in set(literals)


def test_show_unknown(example_graph: Graph) -> None:
    """A name that nothing bears, or several things bear, is not shown."""
    for name in ("nothing like this", "Critical Thinking", "", "https://example.org/x"):
        with pytest.raises(NotFoundError):
            example_graph.show(name)


# What a graph tells of itself.


def test_info(example_graph: Graph) -> None:
    """Counts are those of the table, and inputs and versions those of the build."""
    info = example_graph.info()
    table = example_graph.table.collect()
    assert (table.height, BASE) == (info["quads"], info["base"])
    assert table.height == sum(row["count"] for row in info["properties"])
    assert table.height == sum(row["triples"] for row in info["graphs"])
    classes = {row["class"]: row["count"] for row in info["classes"]}
    assert (57, 3, 12, 18) == tuple(
        classes[c] for c in (KG.Statement, KG.Framework, KG.Source, KG.Task)
    )
    properties = {row["property"]: row for row in info["properties"]}
    assert (84, 56) == tuple(properties[KG.cites][c] for c in ("count", "subjects"))
    assert RDF.type in properties
    assert __version__ == info["versions"]["skills-kg"]
    assert {"page", "release", "index", "esco", "crosswalk", "history", "mappings"} == {
        item["kind"] for item in info["inputs"]
    }
    assert info == json.loads(json.dumps(info))


def test_counting_in_shares_shows_nowhere(
    example_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few subjects are counted at a time, the counts are the same."""
    whole = example_graph.info()
    monkeypatch.setattr("kg.overview._SHARE", 50)
    assert whole == example_graph.info()


def test_info_is_ordered(example_graph: Graph) -> None:
    """Counts come the largest first, then by name; graphs and sources by name."""
    info = example_graph.info()
    for name, column in (("classes", "class"), ("properties", "property")):
        keys = [(-row["count"], row[column]) for row in info[name]]
        assert sorted(keys) == keys
    for name, column in (("graphs", "graph"), ("sources", "source")):
        keys = [row[column] for row in info[name]]
        assert sorted(set(keys)) == keys


def test_info_graphs(example_graph: Graph) -> None:
    """Each graph has its kind, its number of triples, and the file that it comes from."""
    graphs = {row["graph"]: row for row in example_graph.info()["graphs"]}
    assert set(graphs) == set(example_graph.generation.parts)
    inferred = {graph for graph in graphs if graph.startswith(f"{BASE}graph/links/")}
    assert 3 == len(inferred)
    assert {"asserted"} == {row["kind"] for g, row in graphs.items() if g not in inferred}
    assert {"inferred"} == {graphs[graph]["kind"] for graph in inferred}
    assert "library-technicians.txt" == graphs[PAGE]["file"]
    assert "onet_30_2_text" == graphs[f"{BASE}graph/onet/30.2"]["file"]
    assert None is graphs[f"{BASE}graph/schemes"]["file"]
    for graph, row in graphs.items():
        assert example_graph.table.filter(graph=graph).collect().height == row["triples"]


def test_info_sources(example_graph: Graph) -> None:
    """Each source says what to cite, as far as it is known."""
    sources = {
        row["source"].removeprefix(f"{BASE}source/"): row for row in example_graph.info()["sources"]
    }
    named = {"aei", "ler", "onet", "pathsmith", "safi", "skillscrosswalk", "wef"}
    index = {"aei/labor_market_impacts", "aei/release_2026_01_15"}
    assert named | index | {"esco", "esco-onet", "onet-soc-history"} == set(sources)
    onet = sources["onet"]
    assert ("O*NET Database", "30.2", "2026-02") == (onet["title"], onet["version"], onet["issued"])
    assert "30.2" in onet["cite"]
    assert "{version}" not in "".join(str(row["cite"]) for row in sources.values())
    assert None is sources["ler"]["cite"]


def test_every_label_is_found(example_graph: Graph) -> None:
    """Every preferred label of the example leads to its node by a search of its kind."""
    rows = example_graph.table.filter(predicate=SKOS.prefLabel).collect()
    pages = rows.filter(rows["graph"] == PAGE)
    assert 57 == pages.height
    missed = [
        label
        for subject, label in pages.select("subject", "object").iter_rows()
        if subject != example_graph.find(label, "statement")[0].iri
    ]
    assert [] == missed


def test_a_folder_may_have_any_name(example_folder: Path, tmp_path: Path) -> None:
    """A name that reads like a pattern of names is one name, whatever is asked."""
    folder = tmp_path / "gr[a]p* ?"
    shutil.copytree(example_folder, folder)
    graph, other = open_graph(folder), open_graph(example_folder)
    graph.export("csv", tmp_path / "t[a]bles")
    assert other.info()["classes"] == graph.info()["classes"]
    assert list(other.link_scores()) == list(graph.link_scores())
    assert 57 == len(graph.query("SELECT ?s { ?s a kg:Statement }"))
    assert (tmp_path / "t[a]bles" / "statements.csv").exists()
