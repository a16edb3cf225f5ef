"""What a build reads beside pages, a release and RDF: the index, ESCO, crosswalks and mappings.

Each becomes an addition: a contribution that was made now, or the record of one that was made
before. What crosswalks look up in histories of codes and in ESCO, they look up in the other inputs
of the build; what all look up in a release, in the one of the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial

import polars as pl

from kg import quads
from kg.errors import InputError
from kg.fingerprints import fingerprint
from kg.mapping.aei import map_index
from kg.mapping.catalog import GraphEntry
from kg.mapping.contribution import Contribution, ContributionKind, Known, known_of
from kg.mapping.crosswalk import map_crosswalk
from kg.mapping.curation import Decision, decisions_of
from kg.mapping.esco import map_esco
from kg.mapping.iris import Iris
from kg.mapping.soc_history import map_history
from kg.mapping.sssom import map_sssom
from kg.model import Document, SourceRef
from kg.readers import Input, files
from kg.readers.aei import index_kind, read_index, release_of
from kg.readers.crosswalk import read_crosswalk
from kg.readers.csvs import header
from kg.readers.esco import EscoRelease, read_esco, unread_in
from kg.readers.esco import digest_of as digest_of_esco
from kg.readers.soc_history import CodeHistory, read_history
from kg.readers.sources import Catalogue
from kg.readers.sssom import metadata_beside, read_sssom
from kg.records import Record, digest
from kg.releases import BuiltRelease

__all__ = ["Addition", "Planned", "known_in", "made", "plan"]

#: The kinds that look something up in a release.
_LOOKING = ("index", "crosswalk")
#: The entries of the source catalogue that inputs come from.
_SOURCES: dict[str, str] = {
    "index": "aei",
    "esco": "esco",
    "crosswalk": "esco-onet",
    "history": "onet-soc-history",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """An input, or the files of one release, before it is read; `document` stands for all of it.

    `decisions` are those that a mapping set holds; pages are read with them in mind.
    """

    kind: ContributionKind
    document: Document
    key: str
    place: str
    make: Callable[[], Contribution]
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """What an input contributes: its record, and the contribution where it was made now.

    `shared` has the quads that go into graphs of several inputs.
    """

    record: Record
    shared: Mapping[str, pl.DataFrame]
    contribution: Contribution | None = None

    @property
    def documents(self) -> list[tuple[ContributionKind, Document]]:
        """The files that were read."""
        kind: ContributionKind = self.record.facts["kind"]
        return [(kind, Document(*pair)) for pair in self.record.facts["documents"]]

    @property
    def entries(self) -> dict[str, GraphEntry]:
        """What the catalogue says of each graph, with counts of 0."""
        return {entry["graph"]: GraphEntry(**entry) for entry in self.record.facts["entries"]}

    @property
    def sources(self) -> dict[SourceRef, str | None]:
        """The sources that it mentions, with the dates that it states."""
        return {
            SourceRef(key, version): date for key, version, date in self.record.facts["sources"]
        }

    @property
    def tables(self) -> dict[str, dict[str, object]]:
        """What became of the rows of its tables."""
        return dict(self.record.facts["tables"])


def made(planned: Planned) -> Addition:
    """Read and map an input; raises what its reader raises."""
    contribution = planned.make()
    facts = {
        "kind": contribution.kind,
        "place": planned.place,
        "documents": [[d.file_name, d.sha256] for d in contribution.documents],
        "entries": [asdict(entry) for _, entry in sorted(contribution.entries.items())],
        "sources": [[ref.key, ref.version, date] for ref, date in contribution.sources.items()],
        "tables": dict(contribution.counts),
    }
    record = Record(
        contribution.kind,
        planned.document,
        planned.key,
        tuple(sorted(contribution.graphs)),
        contribution.findings,
        facts,
    )
    return Addition(record, contribution.shared, contribution)


def known_in(release: BuiltRelease | None) -> Known:
    """Return what is looked up in a release, read or taken over; nothing is known without one."""
    if release is None:
        return Known()
    codes = frozenset(release.index.codes.values())
    return known_of(release.version, codes, quads.concat(release.chunks(["task"])))


def plan(
    inputs: Sequence[Input], catalogue: Catalogue, release: BuiltRelease | None, iris: Iris
) -> list[Planned]:
    """Return what the inputs of these kinds are to become, in an order; others are passed over.

    Raises InputError for an input that cannot be opened, and for two that are one thing.
    """
    planning = _Plan(inputs, catalogue, release, iris)
    planned = list(_distinct(planning.all()))
    if release is not None and release.kept is None and any(i.kind in _LOOKING for i in planned):
        _ = planning.known  # now: a release that is read lets go of its tables when they are put
    return planned


@dataclass
class _Plan:
    """What inputs look up in one another, made when it is asked for.

    Of files the digests are kept, and not the bytes, which are read again where they are needed.
    """

    inputs: Sequence[Input]
    catalogue: Catalogue
    release: BuiltRelease | None
    iris: Iris

    def all(self) -> Iterator[Planned]:
        yield from self._index()
        for item, document in self.esco:
            yield self._planned("esco", document, item, self._map_esco, item)
        for item, document in self.histories:
            yield self._planned("history", document, item, self._map_history, item, document)
        for item, data in self._read("crosswalk"):
            document = _document(item, data)
            yield self._planned("crosswalk", document, item, self._map_crosswalk, item, document)
        for item, data in self._read("mappings"):
            external = _external(item)
            document = _document(item, data, external or b"")
            # It is a property of each mapping, never of a set: few are read for this, and kept.
            if b"ManualMappingCuration" in data:
                mappings = read_sssom(data, str(item), external)
                make = partial(map_sssom, mappings, self.iris, str(item))
                planned = self._planned("mappings", document, item, make)
                yield replace(planned, decisions=decisions_of(mappings, str(item)))
            else:
                yield self._planned("mappings", document, item, self._map_sssom, item, document)

    # What is there.

    def _read(self, kind: str) -> Iterator[tuple[Input, bytes]]:
        chosen = (item for item in self.inputs if item.kind == kind)
        for item in sorted(chosen, key=lambda item: (files.file_name(str(item)), str(item))):
            yield item, item.read()

    @cached_property
    def histories(self) -> list[tuple[Input, Document]]:
        """The histories of codes, in the order in which they are asked."""
        return [(item, _document(item, data)) for item, data in self._read("history")]

    @cached_property
    def esco(self) -> list[tuple[Input, Document]]:
        """The release of ESCO, if there is one."""
        found = [item for item in self.inputs if item.kind == "esco"]
        if len(found) > 1:
            raise InputError(
                f"a graph holds one release of ESCO; two were given: {found[0]} and {found[1]}"
            )
        return [(item, digest_of_esco(item.path)) for item in found]

    @cached_property
    def known(self) -> Known:
        """What is looked up in the release."""
        return known_in(self.release)

    @cached_property
    def tables(self) -> list[CodeHistory]:
        """The histories of codes, read."""
        return [read_history(_again(item, of.sha256), str(item)) for item, of in self.histories]

    @cached_property
    def classification(self) -> EscoRelease | None:
        """The release of ESCO, read; InputError where it is not what its digest is of."""
        for item, document in self.esco:
            release = read_esco(item.path)
            if release.document != document:
                raise _changed(item)
            return release
        return None

    # How it is mapped.

    def _map_esco(self, item: Input) -> Contribution:
        release = self.classification
        assert release is not None
        return map_esco(release, self.catalogue.sources["esco"], self.iris)

    def _map_history(self, item: Input, document: Document) -> Contribution:
        source = self.catalogue.sources["onet-soc-history"]
        data = _again(item, document.sha256)
        return map_history(read_history(data, str(item)), source, self.iris)

    def _map_crosswalk(self, item: Input, document: Document) -> Contribution:
        esco = self.classification
        described = frozenset(esco.tables["occupations"]["conceptUri"]) if esco else None
        onet = self.catalogue.sources["onet"]
        version = self.release.version if self.release else ""
        return map_crosswalk(
            read_crosswalk(_again(item, document.sha256), str(item)),
            self.known,
            self.tables,
            described,
            self.catalogue.sources["esco-onet"],
            self.iris,
            (onet.cite or onet.title).replace("{version}", version) if self.release else "",
        )

    def _map_sssom(self, item: Input, document: Document) -> Contribution:
        external = _external(item)
        data = _again(item, document.sha256, external or b"")
        return map_sssom(read_sssom(data, str(item), external), self.iris, str(item))

    def _index(self) -> Iterator[Planned]:
        """Yield each release of the index, with all of its files."""
        releases: dict[str, dict[str, tuple[Input, str]]] = {}
        for item, data in self._read("index"):
            kind = index_kind(header(data.split(b"\n", 1)[0].rstrip(b"\r"))) or ""
            of = releases.setdefault(release_of(str(item)), {})
            if (other := of.get(kind)) is not None:
                raise InputError(
                    f"two inputs are one table of {release_of(str(item))}: {other[0]} and {item}"
                )
            of[kind] = item, files.sha256(data)
        for name, of in sorted(releases.items()):
            members = [of[kind] for kind in sorted(of)]
            digests = [[files.file_name(str(i)), sha256] for i, sha256 in members]
            document = Document(f"aei/{name}", digest(digests))
            yield self._planned("index", document, members[0][0], self._map_index, members)

    def _map_index(self, members: Sequence[tuple[Input, str]]) -> Contribution:
        read = [read_index(_again(item, sha256), str(item)) for item, sha256 in members]
        return map_index(read, self.known, self.catalogue.sources["aei"], self.iris)

    # What that depends on.

    def _planned(
        self,
        kind: ContributionKind,
        document: Document,
        item: Input,
        make: Callable[..., Contribution],
        *args: object,
    ) -> Planned:
        source = self.catalogue.sources.get(_SOURCES.get(kind, ""))
        looked_up: list[object] = []
        if kind == "esco":
            looked_up.append(unread_in(item.path))  # which its findings name
        if kind in _LOOKING:
            looked_up.append(self.release.record.key if self.release else None)
        if kind == "crosswalk":
            onet = self.catalogue.sources["onet"]
            looked_up += [known.sha256 for _, known in self.histories]
            looked_up += [known.sha256 for _, known in self.esco]
            looked_up.append(asdict(onet))
        key = digest(
            document.file_name,
            document.sha256,
            self.iris.base,
            fingerprint(kind),
            asdict(source) if source else None,
            looked_up,
        )
        return Planned(kind, document, key, str(item), lambda: make(*args))


def _document(item: Input, *parts: bytes) -> Document:
    return Document(files.file_name(str(item)), files.sha256(b"".join(parts)))


def _external(item: Input) -> bytes | None:
    """Return the metadata of a mapping set that lie beside it."""
    return None if item.member else metadata_beside(item.path)


def _again(item: Input, sha256: str, *more: bytes) -> bytes:
    """Return the bytes of a file; InputError where they, and more, are not those of a digest."""
    data = item.read()
    if files.sha256(b"".join((data, *more))) != sha256:
        raise _changed(item)
    return data


def _changed(item: Input) -> InputError:
    return InputError("changed while it was being read; build again", str(item))


def _distinct(planned: Iterable[Planned]) -> Iterator[Planned]:
    """Yield what is planned; InputError where two inputs would be one thing by their names."""
    places: dict[tuple[str, str], str] = {}
    for item in planned:
        name = item.document.file_name.lower()
        if (other := places.get((item.kind, name))) is not None:
            raise InputError(f"two inputs of one name: {other} and {item.place}; rename one")
        places[item.kind, name] = item.place
        yield item
