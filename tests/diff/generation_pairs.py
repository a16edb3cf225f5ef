"""What the tests of differences share: generations of given quads, and two ways to read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kg import quads
from kg.assembly import assemble
from kg.diff import Diff, compare
from kg.diff.sides import Side, open_sides
from kg.generations import Generation
from kg.model import Quad
from kg.namespaces import BASE, DCT, KG, PAV, RDF, concept

__all__ = ["A", "B", "C", "G", "H", "P", "assembled", "difference", "made", "release", "sides"]

A, B, C = (f"{BASE}node/{name}" for name in "abc")
G, H = f"{BASE}graph/g", f"{BASE}graph/h"
P = f"{BASE}p#p"


def made(root: Path, rows: Iterable[Quad], base: str = BASE) -> Generation:
    """Write quads as a generation without a store, which is not needed to compare it."""
    by_graph: dict[str, list[Quad]] = {}
    for row in rows:
        assert row.graph is not None
        by_graph.setdefault(row.graph, []).append(row)
    (root / "quads").mkdir(parents=True)
    parts = []
    for number, (graph, of) in enumerate(sorted(by_graph.items())):
        table = quads.unique_sorted(quads.from_rows(of))
        with (root / "quads" / f"{number}.parquet").open("wb") as out:
            quads.write_parquet(table, out)
        part = {"graph": graph, "file": f"{number}.parquet", "quads": table.height}
        parts.append({**part, "sha256": quads.digest(table)})
    total = sum(int(part["quads"]) for part in parts)
    return Generation(root, {"base": base, "parts": parts, "quads": total})


def assembled(root: Path, inputs: Sequence[Path]) -> Generation:
    """Write what inputs become as a generation without a store."""
    (root / "quads").mkdir(parents=True)
    parts = []
    for number, (graph, chunks) in enumerate(assemble(inputs).stream()):
        file = f"{number}.parquet"
        with (root / "quads" / file).open("wb") as out:
            quads.stream_parquet(chunks, out)
        parts.append({"graph": graph, "file": file, "quads": 0, "sha256": f"{root.name} {number}"})
    return Generation(root, {"base": BASE, "parts": parts, "quads": 0})


def sides(folder: Path, old: Iterable[Quad], new: Iterable[Quad]) -> tuple[Side, Side]:
    """Write two lists of quads, and open them as sides."""
    return open_sides(made(folder / "old", old), made(folder / "new", new))


def difference(folder: Path, old: Iterable[Quad], new: Iterable[Quad]) -> Diff:
    """Write two lists of quads, and compare them."""
    return compare(made(folder / "old", old), made(folder / "new", new))


def release(version: str, values: Mapping[str, str], source: str = "onet") -> list[Quad]:
    """Return a small release: its document, and a rating for each code with the value given."""
    graph, document = f"{BASE}graph/onet/{version}", f"{BASE}document/onet/{version}"
    rows = [
        quads.iri(document, RDF.type, KG.Document, graph),
        quads.iri(document, DCT.type, concept("document-kind", "onet-release"), graph),
        quads.literal(document, PAV.version, version, graph),
        quads.literal(document, KG.fileName, f"db_{version}.zip", graph),
        quads.literal(document, KG.sha256, version, graph),
        quads.iri(document, DCT.source, f"{BASE}source/{source}", graph),
    ]
    for code, value in values.items():
        rating = f"{BASE}rating/{version}/{code}/2.A.1.a/IM"
        rows += [
            quads.iri(f"{BASE}occupation/{code}", f"{BASE}p#hasRating", rating, graph),
            quads.iri(rating, RDF.type, KG.Rating, graph),
            quads.literal(rating, f"{BASE}p#value", value, graph),
            quads.iri(rating, DCT.source, f"{BASE}source/{source}", graph),
        ]
    return rows
