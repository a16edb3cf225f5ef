"""Sources as quads: the catalogue's, and new versions of them."""

from __future__ import annotations

import pytest

from kg import quads
from kg.mapping.iris import Iris
from kg.mapping.sources import map_sources
from kg.model import Source, SourceRef
from kg.namespaces import DCT, FOAF, KG, PAV, SKOS, XSD
from kg.readers.sources import load_catalogue

IRIS = Iris()
CATALOGUE = load_catalogue().sources


def described(
    *refs: SourceRef, catalogue: dict[str, Source] | None = None, **dates: str
) -> dict[str, dict[str, list[str]]]:
    """Return the objects of mapped sources by key and predicate."""
    stated = {SourceRef(key): date for key, date in dates.items()}
    found: dict[str, dict[str, list[str]]] = {}
    for row in map_sources(refs, catalogue or CATALOGUE, stated, IRIS):
        key = row.subject.removeprefix(f"{IRIS.base}source/")
        assert row.graph == IRIS.graph("sources")
        found.setdefault(key, {}).setdefault(row.predicate, []).append(row.object)
    return found


def test_known_source() -> None:
    """A source has title, chip label, version, date, licence, page and what to cite."""
    (source,) = described(SourceRef("onet")).values()
    assert (["O*NET Database"], ["O*NET v30.2"], ["30.2"], ["2026-02"]) == (
        source[DCT.title],
        source[SKOS.altLabel],
        source[PAV.version],
        source[DCT.issued],
    )
    assert ["https://creativecommons.org/licenses/by/4.0/"] == source[DCT.license]
    assert ["https://www.onetcenter.org/database.html"] == source[FOAF.page]
    assert "O*NET 30.2 Database" in source[DCT.bibliographicCitation][0]
    assert DCT.isVersionOf not in source


def test_new_version() -> None:
    """A new version has the version's own number, no date, and what holds for every version."""
    found = described(SourceRef("onet", "31.0"))
    assert ["onet", "onet/31.0"] == sorted(found)
    source = found["onet/31.0"]
    assert (["31.0"], ["O*NET v31.0"], [IRIS.source(SourceRef("onet"))]) == (
        source[PAV.version],
        source[SKOS.altLabel],
        source[DCT.isVersionOf],
    )
    assert DCT.issued not in source
    assert "O*NET 31.0 Database" in source[DCT.bibliographicCitation][0]
    assert found["onet"][DCT.license] == source[DCT.license]


def test_date_that_a_release_states() -> None:
    """The date of the release that was read goes before the catalogue's."""
    assert ["2025-11"] == described(SourceRef("onet"), onet="2025-11")["onet"][DCT.issued]


@pytest.mark.parametrize(
    ("date", "datatype"),
    [("2026", XSD.gYear), ("2026-03", XSD.gYearMonth), ("2026-03-24", XSD.date)],
)
def test_date_types(date: str, datatype: str) -> None:
    """A date has the datatype of its precision."""
    catalogue = {"a": Source("a", "A", date=date)}
    rows = list(map_sources([SourceRef("a")], catalogue, {}, IRIS))
    expected = (date, datatype)
    assert [expected] == [(r.object, r.datatype) for r in rows if r.predicate == DCT.issued]


def test_what_is_not_known() -> None:
    """What is not publicly known is said, unless a version tells it."""
    catalogue = {"a": Source("a", "A", unknown=("rights", "version"))}
    plain = described(SourceRef("a"), catalogue=catalogue)["a"]
    assert (["true"], ["true"]) == (plain[KG.rightsUnknown], plain[KG.versionUnknown])
    newer = described(SourceRef("a", "2"), catalogue=catalogue)["a/2"]
    assert ["true"] == newer[KG.rightsUnknown]
    assert KG.versionUnknown not in newer


def test_a_date_without_a_version() -> None:
    """A source whose date is known and whose version is not says just that."""
    source = described(SourceRef("pathsmith"))["pathsmith"]
    assert ["2024-01"] == source[DCT.issued]
    assert ["true"] == source[KG.versionUnknown]
    assert PAV.version not in source


def test_all_sources() -> None:
    """Each shipped source maps to IRIs that RDF allows, in an order of its own."""
    refs = [SourceRef(key) for key in CATALOGUE] + [
        SourceRef("aei", "a b/ü"),
        SourceRef("wef", "1"),
    ]
    rows = list(map_sources(refs, CATALOGUE, {}, IRIS))
    assert rows == list(map_sources(reversed(refs), CATALOGUE, {}, IRIS))
    quads.check_iris(quads.from_rows(rows), "sources")
    assert len(rows) == len(set(rows))
