"""What benchmarks make of a build: the mappings for other tools, the steps and the results."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node
from scripts import script

from kg import quads
from kg.assembly import example_inputs
from kg.generations import current
from kg.mapping.iris import Iris
from kg.mapping.release import map_release
from kg.model import SourceRef
from kg.namespaces import BASE, ONET
from kg.readers.onet import read_release

build, peers, results, steps = map(script, ("build", "peers", "results", "steps"))
Run = script("measure").Run

RELEASE = next(path for path in example_inputs() if path.is_dir())
PAGE = next(path for path in example_inputs() if path.is_file())
RML = Namespace("http://semweb.mmlab.be/ns/rml#")
RR = Namespace("http://www.w3.org/ns/r2rml#")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that other tools work on."""
    folder = tmp_path_factory.mktemp("peers") / "tables"
    peers.prepare(read_release(RELEASE), RELEASE, folder)
    return folder


def filled(mapping: Graph) -> Iterator[str]:
    """Yield the triples of an RML mapping as N-Triples: of the few terms that are used here."""

    def one(node: Node, predicate: URIRef) -> Node | None:
        return mapping.value(node, predicate)

    for source in mapping.subjects(RML.logicalSource):
        path = one(one(source, RML.logicalSource), RML.source)
        with Path(str(path)).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        name = str(one(one(source, RR.subjectMap), RR.template))
        for says in mapping.objects(source, RR.predicateObjectMap):
            predicate, constant = one(says, RR.predicate), one(says, RR.object)
            made = one(says, RR.objectMap)
            for row in rows:
                value = constant
                if made is not None and (template := one(made, RR.template)):
                    value = URIRef(str(template).format_map(row))
                elif made is not None:
                    text = row[str(one(made, RML.reference))]
                    if not text:
                        continue
                    value = Literal(
                        text,
                        datatype=one(made, RR.datatype),
                        lang=one(made, RR.language),
                        normalize=False,
                    )
                yield f"{URIRef(name.format_map(row)).n3()} {predicate.n3()} {value.n3()}"


def test_mapping_gives_the_triples_of_ratings(prepared: Path) -> None:
    """The RML mapping of the rating tables gives just the triples that the project's own does."""
    release = read_release(RELEASE)
    names = {entry.name for entry in peers.rating_tables(release)}
    assert {"Abilities", "Knowledge", "Skills", "Work Activities", "Work Styles"} <= names
    mapped = map_release(release, SourceRef("onet", release.version), Iris(BASE))
    table = quads.concat(
        frame.to_native()
        for table in mapped.tables
        if table.name in names
        for kind in table.kinds
        for frame in table.select(kind, "urn:graph")
    )
    expected = {line.removesuffix(" <urn:graph> .") for line in quads.to_nquads(table)}
    assert expected == set(filled(Graph().parse(prepared / "map.ttl")))


def test_templates_have_as_many_triples(prepared: Path) -> None:
    """The OTTR templates make as many triples a row as the RML mapping."""
    mapping = Graph().parse(prepared / "map.ttl")
    templates = json.loads((prepared / "map.json").read_text(encoding="utf-8"))
    made = sum(of["template"].count("ottr:Triple(") for of in templates.values())
    assert len(list(mapping.subject_objects(RR.predicateObjectMap))) == made
    for name, of in templates.items():
        with (prepared / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header = set(next(csv.reader(file)))
        used = {text for parts in of["names"].values() for text, is_column in parts if is_column}
        assert used | {column for column, _ in of["literals"].values()} <= header


def test_release_of_ratings_can_be_read(prepared: Path) -> None:
    """What `kg` is given beside the others is a release by itself, with the same rows."""
    whole, some = read_release(RELEASE), read_release(prepared / "release")
    for entry in peers.rating_tables(whole):
        assert whole.tables[entry.name].equals(some.tables[entry.name])


def test_ratings_are_counted_by_predicate(tmp_path: Path) -> None:
    """Triples of ratings count, whether their lines have a graph or not; others do not."""
    lines = [
        f"<{BASE}rating/1> <urn:p> <urn:o> .",
        f'<{BASE}rating/2> <urn:p> "a b" <urn:graph> .',
        f"<{BASE}occupation/1> <{ONET.hasRating}> <{BASE}rating/1> .",
        f"<{BASE}occupation/1> <urn:p> <urn:o> .",
    ]
    (tmp_path / "some.nt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = {"<urn:p>": 2, f"<{ONET.hasRating}>": 1}
    assert expected == peers.by_predicate(tmp_path / "some.nt")


def test_steps_do_what_a_build_does(tmp_path: Path, page_folder: Path) -> None:
    """The pages, tables and parts of the steps are as many quads as those of a build."""
    generation = current(page_folder)
    of_build = {part["graph"]: part["quads"] for part in generation.manifest["parts"]}
    phases = steps.Phases()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / PAGE.name).write_bytes(PAGE.read_bytes())
    steps.pages(phases, str(RELEASE), str(tmp_path / "pages"))
    of_page = next(n for graph, n in of_build.items() if "/graph/page/" in graph)
    of_links = next(n for graph, n in of_build.items() if "/graph/links/" in graph)
    assert (1, of_page, of_links) == tuple(
        phases.counts[name] for name in ("pages", "quads", "quads of links")
    )
    phases = steps.Phases()
    steps.tables(phases, str(RELEASE))
    of_release = next(n for graph, n in of_build.items() if "/graph/onet/" in graph)
    assert of_release == phases.counts["quads"]
    phases = steps.Phases()
    steps.parts(phases, str(generation.path / "quads"), str(tmp_path))
    assert (len(of_build), sum(of_build.values())) == (
        phases.counts["parts"],
        phases.counts["quads"],
    )
    steps.load(phases, str(tmp_path / "parts.nq"), str(tmp_path / "store"))
    expected = {"quads to N-Quads and digest", "quads to Parquet", "quads to store"}
    assert expected == phases.seconds.keys()


def test_step_prints_its_phases(tmp_path: Path) -> None:
    """A step by itself prints processor and wall seconds of its phases, and its counts."""
    lines = [f'<urn:s> <urn:p> "{number}" <urn:graph> .\n' for number in range(3)]
    (tmp_path / "some.nq").write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, Path(steps.__file__), "rdflib", tmp_path / "some.nq"]
    result = json.loads(script("measure").run(command).output)
    assert {"rdflib", "counts"} == result.keys()
    assert 2 == len(result["rdflib"])
    assert {"quads": 3} == result["counts"]


@pytest.fixture
def made_up() -> object:
    """Return results of two rounds of made-up runs."""
    runs = {
        "oxigraph load": [Run(10.0, 20.0, 900.0, 0.0, ""), Run(14.0, 24.0, 1100.0, 0.2, "")],
        "oxigraph optimize": [Run(3.0, 8.0, 300.0, 0.1, "")],
        "whole build": [Run(30.0, 45.0, 2000.0, 0.1, "")],
        "one page changed": [Run(3.0, 9.0, 500.0, 0.1, "")],
        "nothing changed": [Run(0.3, 0.9, 100.0, 0.1, "")],
        "build of 0": [Run(10.0, 15.0, 900.0, 0.1, "")],
        "build of 100": [Run(20.0, 27.0, 950.0, 0.1, "")],
        "rdflib": [Run(60.0, 70.0, 2048.0, 0.1, "")],
    }
    counts = {"rdflib": {"quads": 1000}}
    return results.Results("release.zip", 200, 2, runs, ["x is absent"], 9999, counts)


def test_results_have_ratios(made_up: object) -> None:
    """Ratios are those of medians: to load and optimize together, and to the whole build."""
    rows = results.report(made_up).splitlines()
    assert "| `oxigraph load` | 12.0 (10.0–14.0) | 22.0 (20.0–24.0) | 1,000 | 0.80 | 0.73 |" in rows
    assert "| **`kg build`** | 30.0 | 45.0 | 2,000 | 2.00 | 1.50 |" in rows
    assert "| one page changed | 3.0 | 9.0 | 500 | 0.10 | 0.20 |" in rows
    assert "| 100 | 20.0 | 27.0 | 950 | 100 | 120 |" in rows
    assert "| 200 | 30.0 | 45.0 | 2,000 | 100 | 150 |" in rows


def test_results_say_what_is_scaled_and_absent(made_up: object) -> None:
    """What was not run is told as such: rdflib's whole, tools that are not there, other parts."""
    text = results.report(made_up)
    assert (
        "**Scaled by ten** it is 600 s and 20 GiB for the whole graph, which was not tried" in text
    )
    assert "- x is absent" in text.splitlines()
    assert "Stage by stage" not in text
    assert "Other tools" not in text


@pytest.mark.parametrize("arguments", [["none.zip"], [str(RELEASE), "--work", "{full}"]])
def test_wrong_request_ends_with_two(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release that is not there, or a folder that is in use, is said in a line."""
    (tmp_path / "file").touch()
    given = [argument.format(full=tmp_path) for argument in arguments]
    assert 2 == build.main([*given, "--only", "whole"])
    assert 1 == len(capsys.readouterr().err.splitlines())


@pytest.mark.slow
def test_whole_run_writes_results(tmp_path: Path) -> None:
    """All parts but other tools, which need a network, run on the bundled release."""
    out = tmp_path / "results.md"
    names = [name for name in build.PARTS if name != "peers"]
    only = [argument for name in names for argument in ("--only", name)]
    assert 0 == build.main([str(RELEASE), "--rounds", "1", *only, "-o", str(out)])
    text = out.read_text(encoding="utf-8")
    sections = ["The whole build", "Stage by stage", "Built again", "By the number of pages"]
    assert [*sections, "rdflib"] == [r[3:] for r in text.splitlines() if r.startswith("## ")]
