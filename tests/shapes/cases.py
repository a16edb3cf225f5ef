"""The profiles in shapes/, each with its valid and invalid cases.

A case is a Turtle file; a first line `# with: page.ttl release.ttl` names the valid cases that it
is read together with, and `# also: section-position` the other checks that find the same fault. The
report of each invalid case is approved: it stands beside the case, and `KG_APPROVE=1 pytest
tests/shapes` writes it anew.

Cases of core stand in shapes/valid and shapes/invalid, those of every other profile in the same
two folders of the folder that has its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rdflib import RDF, SH, Graph, Namespace
from rdflib.term import Node

from kg.resources import folder
from kg.shacl import ValidationReport, validate
from kg.validation import PROFILE, profiles

__all__ = [
    "CORE",
    "KGSH",
    "PROFILES",
    "Case",
    "Profile",
    "checks_of",
    "operands_of",
    "profile",
    "shapes_of",
]

KGSH = Namespace("https://w3id.org/skills-kg/shapes#")

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
LISTS = (SH["and"], SH["or"], SH.xone)
OPERANDS = (SH["not"], SH.node, SH.property, SH.qualifiedValueShape)


@dataclass(frozen=True)
class Profile:
    """A file of shapes with its cases."""

    name: str

    @cached_property
    def shapes(self) -> Graph:
        return Graph().parse(folder("shapes") / f"{self.name}.ttl")

    @property
    def home(self) -> Path:
        return folder("shapes") if self.name == PROFILE else folder("shapes") / self.name

    @property
    def valid(self) -> list[Case]:
        return [Case(self, path) for path in sorted((self.home / "valid").glob("*.ttl"))]

    @property
    def invalid(self) -> list[Case]:
        return [Case(self, path) for path in sorted((self.home / "invalid").glob("*.ttl"))]

    @property
    def reports(self) -> list[Path]:
        return sorted((self.home / "invalid").glob("*.report.txt"))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Case:
    """A graph that a profile finds nothing in, or what its name says."""

    profile: Profile
    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    def header(self, key: str) -> list[str]:
        """Return the words of its line `# key: ...`."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [w for line in lines if line.startswith(f"# {key}: ") for w in line.split()[2:]]

    @property
    def data(self) -> Graph:
        return _data_of(self)

    @property
    def report(self) -> ValidationReport:
        return _report_of(self)

    @property
    def approved(self) -> Path:
        return self.path.with_suffix(".report.txt")

    def __str__(self) -> str:
        return f"{self.profile}-{self.name}"


@cache
def _data_of(case: Case) -> Graph:
    graph = Graph().parse(case.path)
    for name in case.header("with"):
        graph.parse(case.profile.home / "valid" / name)
    return graph


@cache
def _report_of(case: Case) -> ValidationReport:
    return validate(case.data, case.profile.shapes)


def shapes_of(graph: Graph) -> set[Node]:
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}


def checks_of(graph: Graph) -> set[Node]:
    """Return the shapes that have targets; the others are conditions of these."""
    return {shape for target in TARGETS for shape in graph.subjects(target)}


def operands_of(graph: Graph, shape: Node) -> set[Node]:
    direct = {used for predicate in OPERANDS for used in graph.objects(shape, predicate)}
    for predicate in LISTS:
        direct |= {used for head in graph.objects(shape, predicate) for used in graph.items(head)}
    return direct.union(*(operands_of(graph, used) for used in direct))


@cache
def profile(name: str) -> Profile:
    return Profile(name)


PROFILES = [profile(name) for name in profiles()]
CORE = profile(PROFILE).shapes
