"""What a search for paths gives: paths of hops between stops, with the citations on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

__all__ = ["Citation", "Hop", "Nearest", "Path", "Paths", "Stop"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A node on a path: kind, label (or how its IRI ends), code of a task, occupation, element."""

    iri: str
    kind: str
    label: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a path along a property: in its direction (`is_forward`), or against it.

    `basis` is asserted, inferred or curated; `confidence`, as written, is that of a link; `rule`
    names what a stage was derived by; `graph` is where the triple stands. `is_tentative` tells that
    there is only a link, below the threshold from which on the graph says its triple directly.
    """

    start: Stop
    end: Stop
    property: str
    is_forward: bool
    basis: str
    confidence: str | None = None
    rule: str | None = None
    graph: str | None = None
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A stop of a path, and a source that it cites or takes its value from."""

    stop: Stop
    source: Stop


@dataclass(frozen=True, slots=True)
class Path:
    """A simple path, with what it costs: the more, the more uncertain and shared its hops are."""

    hops: tuple[Hop, ...]
    cost: float
    citations: tuple[Citation, ...] = ()

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The nodes of the path, from one end to the other."""
        return (self.hops[0].start, *(hop.end for hop in self.hops))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The IRIs of the nodes of the path."""
        return tuple(stop.iri for stop in self.stops)

    @property
    def confidence(self) -> float:
        """The product of the confidences of its links: that all hold, if they are independent."""
        return prod(float(hop.confidence) for hop in self.hops if hop.confidence is not None)

    def __post_init__(self) -> None:
        if not self.hops or any(a.end != b.start for a, b in pairwise(self.hops)):
            raise ValueError("a path is made of hops that follow each other")


@dataclass(frozen=True, slots=True)
class Nearest:
    """How far one came from an end: the nearest node of the other end's kind, or of any kind."""

    origin: Stop
    wanted: str
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Paths:
    """The best paths between two nodes, the best first.

    `is_complete` tells whether these are all there are but detours; where there is none, `nearest`
    says what was reached from each end.
    """

    start: Stop
    end: Stop
    paths: tuple[Path, ...]
    is_complete: bool = True
    is_late: bool = False
    nearest: tuple[Nearest, ...] = field(default=())

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> Path:
        return self.paths[index]
