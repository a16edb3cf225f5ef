"""What a build reads beside pages, a release and RDF: the index, ESCO, crosswalks and mappings.

Each input becomes a contribution, in the order of their names; what crosswalks look up in histories
of codes and in ESCO, they look up in the other inputs of the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from kg.errors import InputError
from kg.mapping.aei import map_index
from kg.mapping.contribution import Contribution, Known
from kg.mapping.crosswalk import map_crosswalk, map_history
from kg.mapping.esco import map_esco
from kg.mapping.iris import Iris
from kg.mapping.sssom import map_sssom
from kg.model import Source
from kg.readers import Input, files
from kg.readers.aei import IndexFile, read_index
from kg.readers.crosswalk import read_crosswalk
from kg.readers.esco import EscoRelease, read_esco
from kg.readers.soc_history import read_history
from kg.readers.sources import Catalogue
from kg.readers.sssom import MappingTable, read_sssom

__all__ = ["KINDS", "read_additions"]

#: The kinds of input that become contributions.
KINDS = ("index", "esco", "crosswalk", "history", "mappings")
_Read = TypeVar("_Read")


def read_additions(
    inputs: Sequence[Input], catalogue: Catalogue, known: Known, iris: Iris, cite: str = ""
) -> list[Contribution]:
    """Read and map the inputs of these kinds; others are passed over.

    `known` is what they look up in the release, `cite` whom to name for its codes. Raises
    InputError for what cannot be read, and for two inputs that are one thing.
    """
    sources = catalogue.sources
    index = _read(inputs, "index", lambda item: read_index(item.read(), str(item)))
    esco = _read(inputs, "esco", lambda item: read_esco(item.path))
    histories = _read(inputs, "history", lambda item: read_history(item.read(), str(item)))
    crosswalks = _read(inputs, "crosswalk", lambda item: read_crosswalk(item.read(), str(item)))
    mappings = _read(inputs, "mappings", _mapping_set)
    if len(esco) > 1:
        first, second = (place for _, place in esco[:2])
        raise InputError(f"a graph holds one release of ESCO; two were given: {first} and {second}")
    tables = [history for history, _ in histories]
    described = _described(release for release, _ in esco)
    made = [
        *_index(index, known, sources["aei"], iris),
        *((map_esco(release, sources["esco"], iris), place) for release, place in esco),
        *(
            (map_history(history, sources["onet-soc-history"], iris), place)
            for history, place in histories
        ),
        *(
            (
                map_crosswalk(table, known, tables, described, sources["esco-onet"], iris, cite),
                place,
            )
            for table, place in crosswalks
        ),
        *((map_sssom(table, iris), place) for table, place in mappings),
    ]
    return [contribution for contribution, _ in _distinct(made)]


def _read(
    inputs: Iterable[Input], kind: str, read: Callable[[Input], _Read]
) -> list[tuple[_Read, str]]:
    """Return what inputs of a kind hold, each with its place, in the order of their places."""
    chosen = sorted(
        (i for i in inputs if i.kind == kind), key=lambda i: (files.file_name(str(i)), str(i))
    )
    return [(read(item), str(item)) for item in chosen]


def _mapping_set(item: Input) -> MappingTable:
    """Read a mapping set, with the file of metadata beside it where it has one."""
    external: bytes | None = None
    if item.member is None:
        beside = Path(str(item.path).removesuffix(".tsv") + ".yml")
        if beside.is_file():
            external = files.read_bytes(beside)
    return read_sssom(item.read(), str(item), external)


def _described(releases: Iterable[EscoRelease]) -> frozenset[str] | None:
    for release in releases:
        return frozenset(release.tables["occupations"]["conceptUri"])
    return None


def _index(
    read: Sequence[tuple[IndexFile, str]], known: Known, source: Source, iris: Iris
) -> Iterator[tuple[Contribution, str]]:
    """Yield a contribution for each release of the index."""
    releases: dict[str, dict[str, tuple[IndexFile, str]]] = {}
    for file, place in read:
        of = releases.setdefault(file.release, {})
        if (other := of.get(file.kind)) is not None:
            raise InputError(
                f"two inputs are the table of {file.kind} of {file.release}: {other[1]} and {place}"
            )
        of[file.kind] = file, place
    for _, of in sorted(releases.items()):
        ordered = [of[kind] for kind in sorted(of)]
        yield map_index([file for file, _ in ordered], known, source, iris), ordered[0][1]


def _distinct(
    made: Iterable[tuple[Contribution, str]],
) -> Iterator[tuple[Contribution, str]]:
    """Yield contributions; InputError where two have the same graphs."""
    places: dict[str, str] = {}
    for contribution, place in made:
        for graph in contribution.graphs:
            if (other := places.get(graph)) is not None:
                raise InputError(f"two inputs give the graph {graph}: {other} and {place}")
            places[graph] = place
        yield contribution, place
