"""RDF of others at the command line: what is said of it, and how it is refused."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from commands import kg

from kg.assembly import example_inputs

ONET = "https://www.onetcenter.org/rdf/schema/onet/"
X = "https://data.example.org/"
DATA = (
    f"@prefix onet: <{ONET}> . @prefix x: <{X}> .\n"
    'x:lt a onet:Occupation ; onet:onetSOCCode "25-4031.00" ; onet:hasTask [] .\n'
)
SHAPES = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix onet: <{ONET}> .
<urn:shape> sh:targetClass onet:Occupation ; sh:property [ sh:path onet:title ; sh:minCount 1 ] .
"""


def packed(folder: Path, packing: str) -> Path:
    """Write the data in some packing and return its path."""
    match packing:
        case "plain":
            path = folder / "data.ttl"
            path.write_text(DATA)
        case "gzip":
            path = folder / "data.ttl.gz"
            path.write_bytes(gzip.compress(DATA.encode()))
        case "zip":
            path = folder / "data.zip"
            with zipfile.ZipFile(path, "w") as out:
                out.writestr("data.ttl", DATA)
        case _:
            path = folder / "data"
            path.mkdir()
            (path / "data.ttl").write_text(DATA)
    return path


PACKINGS = ["plain", "gzip", "zip", "folder"]


@pytest.mark.parametrize("packing", PACKINGS)
def test_build_and_info(tmp_path: Path, packing: str) -> None:
    """A build says what it took over, and the graph names the document."""
    path = packed(tmp_path, packing)
    built = kg("build", *example_inputs(), path, "--graph", "g", cwd=tmp_path)
    assert 0 == built.returncode
    summary = f"RDF: {path.name}, 3 triples, 1 graph, nodes that are occupations here: 1"
    assert summary in built.stdout.splitlines()
    shown = kg("info", "--graph", "g", cwd=tmp_path).stdout
    assert f"  from rdf {path.name} (sha256 " in shown
    (line,) = [line for line in shown.splitlines() if "/graph/rdf/data " in line]
    assert ["asserted", "3", path.name] == line.split()[1:]
    facts = json.loads(kg("info", "--json", "--graph", "g", cwd=tmp_path).stdout)
    (graph,) = [g for g in facts["graphs"] if g["graph"].endswith("graph/rdf/data")]
    assert f"{path.name}, of which no licence is known" == graph["attribution"]


@pytest.mark.parametrize("packing", PACKINGS)
def test_validate(tmp_path: Path, packing: str) -> None:
    """Files are validated as they are, however they are packed."""
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    path = packed(tmp_path, packing)
    result = kg("validate", path, "--shapes", "shapes.ttl", "--format", "json", cwd=tmp_path)
    assert 1 == result.returncode
    assert [f"{X}lt"] == [r["focusNode"] for r in json.loads(result.stdout)["results"]]


@pytest.mark.parametrize(
    ("name", "data", "place", "said"),
    [
        ("a.nt", b"<http://a> <http://b> <http://c> .\n<a> .\n", "a.nt:2: ", "Parser error"),
        ("a.ttl.gz", gzip.compress(DATA.encode())[:-9], "a.ttl.gz: ", "ends too early"),
        ("a.ttl", gzip.compress(DATA.encode()), "a.ttl: ", "its name has to end in .gz"),
        ("a.ttl", b"<http://a> <http://b> <c> .", "a.ttl:1: ", "gives a relative IRI"),
        ("a.rdf", b"<!DOCTYPE r><r/>", "a.rdf: ", "declares a document type"),
        ("a.zip", b"no archive", "a.zip: ", "is not a zip archive"),
    ],
    ids=range(6),
)
def test_what_cannot_be_read(
    tmp_path: Path, example_folder: Path, name: str, data: bytes, place: str, said: str
) -> None:
    """What cannot be read ends with exit code 2 and its place, and the graph stays."""
    shutil.copytree(example_folder, tmp_path / "g")
    (tmp_path / name).write_bytes(data)
    before = (tmp_path / "g" / "current").read_text()
    result = kg("build", name, "--graph", "g", cwd=tmp_path)
    assert 2 == result.returncode
    assert 1 <= len(result.stderr.splitlines()) <= 2
    assert place in result.stderr
    assert said in result.stderr
    assert before == (tmp_path / "g" / "current").read_text()


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    """Triples that stand in another graph are counted, in words, on standard error."""
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text("<http://a> <http://b> <http://c> .\n")
    result = kg("build", "a.nt", "b.nt", "--graph", "g", cwd=tmp_path)
    assert 0 == result.returncode
    assert "b.nt: info: triples left out: 1, which stand in another graph too" in result.stderr
    assert "RDF: b.nt, 0 triples, 0 graphs, " in result.stdout
