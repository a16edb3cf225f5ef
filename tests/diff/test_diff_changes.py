"""Changed nodes, found piece by piece, and kept."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from endpoints import PEAK
from generation_pairs import A, B, G, H, P, difference, made, sides
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import quads
from kg.diff import changes as module
from kg.diff import compare
from kg.diff import sides as pieces
from kg.diff.changes import Changes, find_changes
from kg.diff.model import Counts
from kg.model import Quad
from kg.namespaces import BASE, KG, RDF, XSD


def numbered(values: Iterable[str]) -> list[Quad]:
    """Return a node for each value, of two classes by turns."""
    return [
        row
        for i, value in enumerate(values)
        for row in (
            quads.iri(f"{A}/{i:05}", RDF.type, (KG.Task, KG.Element)[i % 2], (G, H)[i % 3 % 2]),
            quads.literal(f"{A}/{i:05}", P, value, G),
        )
    ]


def told(changes: Changes) -> pl.DataFrame:
    """Return all changes as one table."""
    return pl.concat(changes)


def test_nodes_are_counted_by_class(tmp_path: Path) -> None:
    """Each node counts once, as what became of it."""
    old, new = numbered("abcdef"), numbered("abcxyz")
    found = difference(tmp_path, [*old, *numbered("g" * 8)[-2:]], new)

    assert {KG.Element: Counts(0, 1, 2), KG.Task: Counts(0, 0, 1)} == found.counts
    assert found.differs


@pytest.mark.parametrize("blank", [False, True])
def test_pieces_tell_the_same(blank: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small pieces tell what one large piece does."""
    values = [str(i % 7) for i in range(3000)]
    old, new = numbered(values), numbered([*values[:1500], "x", *values[1500:2900]])
    if blank:
        old, new = (
            [r._replace(subject="_:" + r.subject.replace("/", "-").replace(":", "")) for r in rows]
            for rows in (old, new)
        )
    before, after = sides(tmp_path, old, new)
    whole = told(find_changes(before, after))
    monkeypatch.setattr(pieces, "PIECE", 1024)
    if not blank:
        assert len(pieces.ranges(before, after)) > 5
    assert (len(list(before.blanks())) > 4) == blank

    assert whole.height > 100
    assert whole.equals(told(find_changes(before, after)))


def test_a_subject_larger_than_a_piece_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many triples a node has, they are compared at once."""
    monkeypatch.setattr(pieces, "PIECE", 512)
    old = [quads.literal(A, P, f"{i:05}", G) for i in range(5000)]
    new = [*old[:4000], quads.literal(B, P, "x", G)]
    found = difference(tmp_path, old, new)

    assert [(A, "changed"), (B, "added")] == [(n.iri, n.status) for n in found.nodes()]
    assert 1000 == len(next(found.nodes()).properties[0].removed)


def test_what_is_much_is_kept_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes beyond a size go to a folder, are told as before, and go with the difference."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(pieces, "PIECE", 1024)
    old, new = numbered("a" * 3000), numbered("b" * 3000)
    before, after = sides(tmp_path, old, new)
    held = told(find_changes(before, after))
    assert [] == list(tmp_path.glob("kg-diff-*"))
    monkeypatch.setattr(module, "_MOST_HELD", 100_000)
    found = find_changes(before, after)

    assert 1 == len(list(tmp_path.glob("kg-diff-*")))
    assert held.equals(told(found))
    assert held.equals(told(found))
    del found
    gc.collect()
    assert [] == list(tmp_path.glob("kg-diff-*"))


TRIPLES = st.lists(
    st.builds(
        lambda s, p, o, g: quads.literal(f"{BASE}{s}", f"{P}{p}", o, f"{BASE}graph/{g}"),
        *(st.sampled_from(x) for x in (("a", "a/b", "b", "ü"), "pq", ("", "1", "2", "é"), "gh")),
    ),
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(TRIPLES, TRIPLES)
def test_exactly_what_differs_is_told(
    tmp_path_factory: pytest.TempPathFactory, old: list[Quad], new: list[Quad]
) -> None:
    """The triples gone and new are those of the sets, whatever graphs they stand in."""
    folder = tmp_path_factory.mktemp("pair")
    found = compare(made(folder / "old", old), made(folder / "new", new))
    before, after = ({(q.subject, q.predicate, q.object) for q in rows} for rows in (old, new))
    subjects = [{s for s, _, _ in of} for of in (before, after)]

    triples = [
        (sign, (node.iri, change.predicate, value.value))
        for node in found.nodes()
        for change in node.properties
        for sign, values in (("-", change.removed), ("+", change.added))
        for value in values
    ]
    assert before - after == {t for sign, t in triples if sign == "-"}
    assert after - before == {t for sign, t in triples if sign == "+"}
    assert len(triples) == len(before ^ after)
    assert found.differs == (before != after)
    for node in found.nodes():
        known = tuple(node.iri in of for of in subjects)
        assert node.status == {(True, False): "removed", (False, True): "added"}.get(
            known, "changed"
        )


@pytest.mark.slow
def test_memory_is_bound_by_pieces(tmp_path: Path) -> None:
    """Two graphs of two million triples, every one of them different, take less than 1.2 GB."""
    number = pl.int_range(200_000, eager=True).cast(pl.String).str.zfill(6)
    folders = tmp_path / "old", tmp_path / "new"
    for folder in folders:
        made(folder, [])
        rows = [
            pl.DataFrame({"subject": f"{A}/" + number, "object": f"{folder.name} {i} of " + number})
            .with_columns(predicate=pl.lit(f"{P}{i}"), kind=pl.lit("literal"), graph=pl.lit(G))
            .with_columns(datatype=pl.lit(XSD.string), language=pl.lit(None, pl.String))
            .select(quads.COLUMNS)
            for i in range(10)
        ]
        with (folder / "quads" / "0.parquet").open("wb") as out:
            quads.write_parquet(quads.unique_sorted(pl.concat(rows)), out)
    script = (
        f"import sys\n{PEAK}\nfrom pathlib import Path\nfrom kg.diff import FORMATS, compare\n"
        "from kg.generations import Generation\n"
        f"part = {{'graph': {G!r}, 'file': '0.parquet', 'quads': 2000000}}\n"
        f"facts = [{{'base': {BASE!r}, 'quads': 2000000, 'parts': [{{**part, 'sha256': p}}]}} "
        "for p in sys.argv[1:]]\n"
        "diff = compare(*(Generation(Path(p), f) for p, f in zip(sys.argv[1:], facts)))\n"
        "characters = sum(len(chunk) for chunk in FORMATS['turtle'](diff))\n"
        "print(diff.counts[''].changed, characters > 500_000_000, peak())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, *map(str, folders)],
        capture_output=True,
        text=True,
        check=True,
    )
    changed, is_long, peak = run.stdout.split()
    assert ("200000", "True") == (changed, is_long)
    assert int(peak) < 1200
