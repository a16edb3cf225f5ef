"""What maintainers decide of links: their word beats the linker's, in every kind of build."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from commands import kg

from kg import additions, quads
from kg.assembly import assemble, example_inputs
from kg.errors import RefusedError
from kg.generations import Generation
from kg.graph import Graph, open_graph
from kg.mapping.curation import Curation, Decision, decisions_of, said
from kg.mapping.iris import Iris
from kg.model import Finding
from kg.namespaces import BASE, KG, OWL, PAV, RDFS, SEMAPV, SSSOM
from kg.pipeline import BuildReport, build
from kg.readers.sssom import MappingTable, read_sssom

PAGE, RELEASE = example_inputs()[:2]
STATEMENT = f"{BASE}framework/library-technicians/base/"
LINKS = f"{BASE}graph/links/page/library-technicians"
CURATION = f"{BASE}graph/curation"
HEAD = (
    f"#curie_map:\n#  kg: {KG.iri}\n#  s: {STATEMENT}\n#  t: {BASE}task/\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n#mapping_set_title: Ours\n"
    "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\t"
    "author_label\tmapping_date\tcomment\n"
)
SURE, NEW = "900006", "900003"


def row(task: str, modifier: str = "", label: str = "shelf-reading-rounds") -> str:
    """Return a decision about a statement of the example, as a line."""
    return (
        f"s:{label}\tkg:supports\t{modifier}\tt:{task}\tsemapv:ManualMappingCuration\t"
        "A. Shelver\t2026-02-03\tSeen at work."
    )


class Inputs:
    """A page with another beside it, a release, and mapping sets to be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "inputs"
        self.folder.mkdir()
        shutil.copyfile(PAGE, self.folder / "one.txt")
        title = "Library Assistants, Clerical"
        other = PAGE.read_text("utf-8").replace("Library Technicians", title, 1)
        (self.folder / "two.txt").write_text(other, "utf-8")
        self.out = folder / "graph"

    def decide(self, *rows: str, name: str = "ours") -> None:
        """Write a mapping set, or without mappings delete it."""
        path = self.folder / f"{name}.sssom.tsv"
        if rows:
            path.write_text(HEAD + "\n".join([*rows, ""]), "utf-8")
        else:
            path.unlink()

    def build(self, out: Path | None = None) -> BuildReport:
        """Build a graph of all there is."""
        return build([*sorted(self.folder.iterdir()), RELEASE], out or self.out)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Return inputs to be changed."""
    return Inputs(tmp_path)


def supported(generation: Generation) -> dict[str, set[str]]:
    """Return the tasks that the statement is said to support, by graph."""
    table = Graph(generation).table.filter(
        pl.col("predicate") == KG.supports,
        pl.col("subject") == f"{STATEMENT}shelf-reading-rounds",
    )
    found: dict[str, set[str]] = {}
    for graph, task in table.select("graph", "object").collect().iter_rows():
        found.setdefault(graph, set()).add(task.rpartition("/")[2])
    return found


def same(left: Generation, right: Generation) -> None:
    """Check that two generations hold the same, to the byte."""
    assert left.manifest == right.manifest
    assert all(left.parts[g].read_bytes() == p.read_bytes() for g, p in right.parts.items())


def test_decisions_in_incremental_builds(inputs: Inputs, tmp_path: Path) -> None:
    """Whatever comes, changes and goes, what is said follows, as in a build from nothing."""
    first = inputs.build().generation
    (sure,) = supported(first).values()
    assert SURE in sure
    assert NEW not in sure
    came = {"page": {"decisions about its links came or went": 1}}
    steps: list[tuple[list[str], set[str], set[str], bool]] = [
        # A link is rejected, and one is added.
        ([row(SURE, "Not"), row(NEW)], sure - {SURE}, {NEW}, True),
        # Rejected and added change places; no page depends on which it is.
        ([row(SURE), row(NEW, "Not")], sure - {SURE}, {SURE}, False),
        # One of them is taken back.
        ([row(NEW)], sure, {NEW}, True),
        # And the set as a whole.
        ([], sure, set(), True),
    ]
    for number, (rows, linked, curated, is_read) in enumerate(steps):
        inputs.decide(*rows)
        generation = inputs.build().generation
        expected = {LINKS: linked, CURATION: curated}
        assert {g: tasks for g, tasks in expected.items() if tasks} == supported(generation)
        read = {k: v for k, v in generation.how["read"].items() if k == "page"}
        assert (came if is_read else {}) == read
        same(generation, inputs.build(tmp_path / f"nothing-{number}").generation)
    same(first, generation)


def test_both_mappings_are_kept(inputs: Inputs, page_graph: Graph) -> None:
    """The linker's link and the maintainer's stand side by side, each with its justification."""
    inputs.decide(row(SURE, "Not"))
    (inputs.folder / "two.txt").unlink()
    report = inputs.build()
    graph = open_graph(inputs.out)
    links = graph.table.filter(
        pl.col("predicate") == OWL.annotatedSource,
        pl.col("object") == f"{STATEMENT}shelf-reading-rounds",
    ).select("subject")
    about = graph.table.join(links, on="subject", how="semi").collect()
    of = about.filter(
        pl.col("predicate") == OWL.annotatedTarget, pl.col("object") == f"{BASE}task/{SURE}"
    )
    said_of = {
        (predicate, value)
        for predicate, value in about.join(of.select("subject"), on="subject", how="semi")
        .select("predicate", "object")
        .iter_rows()
    }
    assert {
        (SSSOM.mapping_justification, SEMAPV.LexicalSimilarityThresholdMatching),
        (SSSOM.mapping_justification, SEMAPV.ManualMappingCuration),
        (SSSOM.predicate_modifier, "Not"),
        (SSSOM.author_label, "A. Shelver"),
        (PAV.authoredOn, "2026-02-03"),
        (RDFS.comment, "Seen at work."),
    } <= said_of
    kinds = {g["graph"]: g["kind"] for g in graph.info()["graphs"]}
    assert "curated" == kinds[f"{BASE}graph/mappings/ours"]
    place = str(inputs.folder / "ours.sssom.tsv")
    assert [] == [f for f in report.assembly.findings if f.file == place]
    # The decision adds nothing to what the page itself gives cause for.
    assert page_graph.validate().counts == graph.validate().counts


def test_a_set_with_decisions_is_read_once(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pages are read with is also what becomes the graph of the set."""
    read: list[str] = []

    def noted(data: bytes, place: str, external: bytes | None = None) -> MappingTable:
        read.append(place)
        return read_sssom(data, place, external)

    monkeypatch.setattr(additions, "read_sssom", noted)
    inputs.decide(row(NEW))
    assembly = assemble([*sorted(inputs.folder.iterdir()), RELEASE])
    assert [str(inputs.folder / "ours.sssom.tsv")] == read
    assert 1 == assembly.parts[f"{BASE}graph/mappings/ours"].filter(object=KG.Link).height


def test_where_links_are_read(inputs: Inputs) -> None:
    """Queries and the report follow decisions: one that was added has no confidence to show."""
    inputs.decide(row(SURE, "Not"), row(NEW))
    (inputs.folder / "two.txt").unlink()
    inputs.build()
    asked = ("--graph", inputs.out, "--format", "csv")
    label = "statement=Shelf-reading rounds"
    lines = kg("query", "tasks-of-statement", "--param", label, *asked).stdout.splitlines()
    found = {line.split(",")[0]: line.split(",")[1:3] for line in lines}
    assert (["0.9718", "false"], ["", "true"]) == (found[SURE], found[NEW])
    counts = []
    for task in (SURE, NEW):
        result = kg("query", "statements-supporting-task", "--param", f"task={task}", *asked)
        counts.append(result.stdout.count("/base/shelf-reading-rounds"))
    assert [0, 1] == counts
    result = kg("query", "activities-of-statement", "--param", label, *asked)
    assert NEW in result.stdout
    assert SURE not in result.stdout
    # Where a person decided, and gave no confidence, analyses take the link for certain.
    table = open_graph(inputs.out).analyze("coverage", "25-4031.00").table
    reached = table.filter(pl.col("framework") == "base", pl.col("task").str.ends_with(NEW))
    assert [1.0] == reached["confidence"].to_list()
    path = inputs.folder.parent / "report.html"
    assert 0 == kg("report", "25-4031.00", "-o", path, "--graph", inputs.out).returncode
    cells = path.read_text("utf-8")
    assert (1, 1) == (cells.count(">no, rejected<"), cells.count(">denied<"))


def test_what_the_graph_does_not_have(inputs: Inputs) -> None:
    """A decision about an unknown statement or task is told with its line, and nothing follows."""
    inputs.decide(row("1"), row(SURE, label="no-such-thing"), row(NEW))
    report = inputs.build()
    place = str(inputs.folder / "ours.sssom.tsv")
    end = "; nothing follows from it"
    start = "decides about what the graph does not have, "
    assert [
        Finding("warning", f"{start}task {BASE}task/1{end}", place, 8),
        Finding("warning", f"{start}statement {STATEMENT}no-such-thing{end}", place, 9),
    ] == [f for f in report.assembly.findings if f.file == place]
    assert {NEW} == supported(report.generation)[CURATION]
    assert 0 == kg("validate", "--graph", inputs.out).stdout.count("curated-link")


def test_decisions_that_contradict_each_other(inputs: Inputs) -> None:
    """Of two that are contrary none is chosen: the build is refused, and both are named."""
    inputs.decide(row(SURE, "Not"), name="a")
    inputs.decide(row(NEW), row(SURE), name="b")
    with pytest.raises(RefusedError) as error:
        inputs.build()
    one, other = (inputs.folder / f"{name}.sssom.tsv" for name in "ab")
    message = (
        f"confirms what {one}:8 rejects, {STATEMENT}shelf-reading-rounds supports "
        f"{BASE}task/{SURE}; take one of them out"
    )
    assert [Finding("error", message, str(other), 9)] == [
        f for f in error.value.findings if f.severity == "error"
    ]


def test_which_mappings_are_decisions() -> None:
    """Only mappings of kg:supports that a person made; one without an author is unsigned."""
    rows = [
        row("1"),
        row("2", "Not").replace("A. Shelver", ""),
        row("3").replace("ManualMappingCuration", "LexicalMatching"),
        row("4").replace("kg:supports", "skos:closeMatch"),
    ]
    mappings = read_sssom((HEAD + "\n".join([*rows, ""])).encode(), "x/ours.sssom.tsv")
    statement = f"{STATEMENT}shelf-reading-rounds"
    expected = (
        Decision(statement, f"{BASE}task/1", True, True, "x/ours.sssom.tsv", 8),
        Decision(statement, f"{BASE}task/2", False, False, "x/ours.sssom.tsv", 9),
    )
    assert expected == decisions_of(mappings, "x/ours.sssom.tsv")
    message = "a decision of nobody; name its author_label or author_id"
    assert [Finding("warning", message, "x/ours.sssom.tsv", 9)] == [
        *Curation(Iris(), expected).unsigned()
    ]


def test_what_is_decided_of_a_page() -> None:
    """A page depends on the pairs that are decided of its own statements, each once."""
    one, other = f"{BASE}framework/a/base/x", f"{BASE}framework/a-b/ai/y"
    decisions = tuple(
        Decision(s, t, True, True, "f", 1) for s, t in ((one, "t2"), (one, "t1"), (other, "t"))
    )
    curation = Curation(Iris(), (*decisions, decisions[0]))
    assert [[one, "t1"], [one, "t2"]] == curation.of_page("A")
    assert [[other, "t"]] == curation.of_page("A B")
    assert [] == curation.of_page("B")


def test_what_is_said() -> None:
    """Only what is confirmed of what there is, and once where two say it."""
    yes, no = (Decision("http://s", "http://t", is_so, True, "f", 1) for is_so in (True, False))
    found = said([yes, yes, no], {"http://s"}, {"http://t"}, "http://g")
    assert [("http://s", KG.supports, "http://t")] == found.select(quads.COLUMNS[:3]).rows()
    assert 0 == said([yes], {"http://s"}, set(), "http://g").height
    assert 0 == said([no], {"http://s"}, {"http://t"}, "http://g").height
