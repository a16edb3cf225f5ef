"""What pages look up: each answer is noted, and a note tells when it would be another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.mapping.concepts import Concepts
from kg.mapping.lookups import Lookups, changed
from kg.mapping.release import ReleaseIndex

CONCEPTS = Concepts({("domain", "creativity"): "c:creativity"}, frozenset(["c:creativity"]))
RELEASE = ReleaseIndex(
    "30.2",
    {"potters": "51-9195.05"},
    {"51-9195.05": 2},
    {"51-9195.05": {"fire kilns": "17", "mix clay": "18"}},
    {"speaking": "2.A.1.d"},
)


def asked_all(release: ReleaseIndex | None) -> Lookups:
    """Return lookups of one of everything."""
    lookups = Lookups(CONCEPTS, release)
    lookups.concept("domain", "Creativity")
    lookups.concept("domain", "Cunning")
    lookups.is_shipped("c:creativity")
    lookups.version()
    lookups.code("potters")
    lookups.job_zone("51-9195.05")
    lookups.element("speaking")
    lookups.tasks("51-9195.05")
    return lookups


def test_answers() -> None:
    """Lookups answer from the schemes and the release, and have nothing where there is none."""
    lookups = Lookups(CONCEPTS, RELEASE)
    assert "c:creativity" == lookups.concept("domain", "creativity")
    assert ("30.2", "51-9195.05", 2, "2.A.1.d") == (
        lookups.version(),
        lookups.code("potters"),
        lookups.job_zone("51-9195.05"),
        lookups.element("speaking"),
    )
    assert {"fire kilns": "17", "mix clay": "18"} == lookups.tasks("51-9195.05")
    without = Lookups(CONCEPTS, None)
    assert (None, None, {}) == (without.version(), without.code("potters"), without.tasks("1"))


@pytest.mark.parametrize("release", [RELEASE, None])
def test_nothing_changed(release: ReleaseIndex | None) -> None:
    """The same schemes and release answer the same, also through JSON, which has no tuples."""
    noted = [(list(question), answer) for question, answer in asked_all(release).asked.items()]
    assert 8 == len(noted)
    assert changed(noted, Lookups(CONCEPTS, release)) is None


@pytest.mark.parametrize(
    ("kind", "release"),
    [
        ("version", replace(RELEASE, version="30.3")),
        ("code", replace(RELEASE, codes={"potters": "51-9195.04"})),
        ("job zone", replace(RELEASE, job_zones={})),
        ("element", replace(RELEASE, elements={"speaking": "2.A.1.e"})),
        ("tasks", replace(RELEASE, tasks={"51-9195.05": {"fire kilns": "17"}})),
        ("tasks", replace(RELEASE, tasks={"51-9195.05": {"fire kilns": "17", "mix clay": "9"}})),
        ("version", None),
    ],
)
def test_what_changed(kind: str, release: ReleaseIndex | None) -> None:
    """A changed answer is told by its kind."""
    noted = asked_all(RELEASE).asked.items()
    assert kind == changed(noted, Lookups(CONCEPTS, release))


def test_other_things_changed() -> None:
    """What was not looked up may change."""
    other = replace(
        RELEASE,
        codes={**RELEASE.codes, "smiths": "51-4193.00"},
        tasks={**RELEASE.tasks, "51-4193.00": {"shoe horses": "3"}},
    )
    assert changed(asked_all(RELEASE).asked.items(), Lookups(CONCEPTS, other)) is None
    concepts = Concepts({**CONCEPTS.by_name, ("domain", "cunning"): "c:cunning"}, CONCEPTS.iris)
    noted = asked_all(RELEASE).asked.items()
    assert "concept" == changed(noted, Lookups(concepts, RELEASE))
