"""Links as SSSOM/TSV: what is written, that it reads back, and what the format's own tool says."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.export import Selection, export
from kg.graph import Graph
from kg.namespaces import BASE, SKOS
from kg.readers.sssom import MappingTable, read_sssom

#: The command of sssom-py, in an environment of its own; its dependencies are not the project's.
COMMAND = os.environ.get("KG_SSSOM") or shutil.which("sssom")


def written(graph: Graph, name: str | None = None) -> bytes:
    """Return the export of a graph, or of a named one in it."""
    out = io.BytesIO()
    graph_name = f"{BASE}graph/{name}" if name else None
    export(Selection(graph.generation.parts, graph.base, graph=graph_name), "sssom", out)
    return out.getvalue()


def rows(read: MappingTable) -> set[tuple[str, str, str, str | None]]:
    """Return the mappings with their confidences."""
    columns = ("subject_id", "predicate_id", "object_id", "confidence")
    return set(read.rows.select(columns).iter_rows())


def test_a_set_reads_back(quick_graph: Graph) -> None:
    """What a set became is written as it was: mappings, modifiers, labels, licence."""
    read = read_sssom(written(quick_graph, "mappings/skills_elements"), "out.sssom.tsv")
    skill, element = f"{BASE}example/esco/skill/", f"{BASE}element/"
    assert {
        (f"{skill}answer-enquiries", SKOS.relatedMatch, f"{element}2.A.1.b", "0.8"),
        (f"{skill}data-protection", SKOS.closeMatch, f"{element}2.A.2.a", None),
        (f"{skill}draw-up-a-budget", SKOS.relatedMatch, f"{element}2.A.2.a", "0.15"),
    } == rows(read)
    assert ["Not"] == read.rows["predicate_modifier"].drop_nulls().to_list()
    assert ["2026-01-20"] * 3 == read.rows["mapping_date"].to_list()
    assert ("https://creativecommons.org/licenses/by/4.0/",) == read.metadata["license"]


def test_all_links_of_a_graph(quick_graph: Graph) -> None:
    """Links of all graphs are there, each with its graph; what was carried over says from where."""
    read = read_sssom(written(quick_graph), "out.sssom.tsv")
    assert 75 + 3 + 4 + 3 == read.rows.height
    carried = read.rows.filter(read.rows["comment"].str.starts_with("Carried").fill_null(False))
    assert {
        "Carried over from the code 25-4021.00 (taken-up).",
        "Carried over from the code 25-4032.00 (one-to-one).",
        "Carried over from the code 43-4128.00 (split).",
    } == set(carried["comment"])
    assert {f"{BASE}graph/links/crosswalk/esco_onet_crosswalk"} == set(carried["mapping_source"])
    # The tool is what the graph of the links says of all of them.
    tools = read.rows.filter(read.rows["predicate_id"].str.ends_with("supports"))["mapping_tool"]
    assert 75 == tools.drop_nulls().len()
    assert ("https://w3id.org/sssom/license/unspecified",) == read.metadata["license"]


def test_output_is_canonical(quick_graph: Graph) -> None:
    """Mappings are sorted, prefixes are those that are used, and no column is empty."""
    text = written(quick_graph).decode()
    lines = text.splitlines()
    block = [line for line in lines if line.startswith("#")]
    prefixes = [line[3:].partition(":")[0] for line in block if line.startswith("#  ")]
    body = lines[len(block) + 1 :]
    assert sorted(prefixes) == prefixes
    assert all(f"{prefix}:" in "\n".join(body) for prefix in prefixes)
    assert sorted(body, key=lambda line: line.split("\t")[0]) == body
    assert "\r" not in text


def test_a_graph_without_links(quick_graph: Graph) -> None:
    """A part without links is a set without mappings."""
    lines = written(quick_graph, "schemes").decode().splitlines()
    assert ["subject_id"] == lines[-1:]


@pytest.mark.slow
def test_the_tool_of_the_format_takes_it(quick_graph: Graph, tmp_path: Path) -> None:
    """sssom-py finds nothing wrong, and reads all mappings."""
    if COMMAND is None:
        pytest.skip("needs sssom-py: name its command in KG_SSSOM")
    path = tmp_path / "out.sssom.tsv"
    path.write_bytes(written(quick_graph))
    checked = subprocess.run([COMMAND, "validate", path], capture_output=True, text=True)
    assert (0, "") == (checked.returncode, checked.stdout + checked.stderr)
    parsed = subprocess.run([COMMAND, "parse", path], capture_output=True, text=True, check=True)
    mappings = [line for line in parsed.stdout.splitlines() if not line.startswith("#")]
    assert 1 + 87 == len(mappings)
