"""What the mapping of a page looks up elsewhere, with a note of each answer.

The notes tell a later build whether a page would become the same again: it does where all that it
looked up would be answered as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from kg.mapping.concepts import Concepts
from kg.mapping.release import ReleaseIndex

__all__ = ["Answer", "Lookups", "changed"]

Answer = str | int | bool | None


class Lookups:
    """The shipped concepts, and a release if there is one, as one page asks them."""

    def __init__(self, concepts: Concepts, release: ReleaseIndex | None) -> None:
        self.concepts, self.release = concepts, release
        #: What was asked, with what, and what was answered.
        self.asked: dict[tuple[str, ...], Answer] = {}

    def concept(self, scheme: str, name: str) -> str | None:
        """Return the shipped concept of a scheme by a label or code."""
        found = self.concepts.find(scheme, name)
        self.asked["concept", scheme, name] = found
        return found

    def is_shipped(self, node: str) -> bool:
        """Tell whether a concept is shipped."""
        found = node in self.concepts.iris
        self.asked["shipped", node] = found
        return found

    def version(self) -> str | None:
        """Return the number of the release."""
        found = self.release.version if self.release else None
        self.asked["version",] = found
        return found

    def code(self, title: str) -> str | None:
        """Return the code of an occupation, by the key of its title."""
        found = self.release.codes.get(title) if self.release else None
        self.asked["code", title] = found
        return found

    def job_zone(self, code: str) -> int | None:
        """Return the job zone of an occupation."""
        found = self.release.job_zones.get(code) if self.release else None
        self.asked["job zone", code] = found
        return found

    def element(self, name: str) -> str | None:
        """Return the ID of an element, by the key of its name."""
        found = self.release.elements.get(name) if self.release else None
        self.asked["element", name] = found
        return found

    def tasks(self, code: str) -> Mapping[str, str]:
        """Return the tasks of an occupation: their IDs by the keys of their texts."""
        found = self.release.tasks.get(code, {}) if self.release else {}
        text = "\n".join(f"{task} {key}" for key, task in sorted(found.items()))
        self.asked["tasks", code] = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return found


_ASK: Mapping[str, Callable[..., object]] = {
    "concept": Lookups.concept,
    "shipped": Lookups.is_shipped,
    "version": Lookups.version,
    "code": Lookups.code,
    "job zone": Lookups.job_zone,
    "element": Lookups.element,
    "tasks": Lookups.tasks,
}


def changed(noted: Iterable[tuple[Sequence[str], Answer]], lookups: Lookups) -> str | None:
    """Return the kind of the first lookup that is answered otherwise than noted, if any is."""
    for question, answer in noted:
        kind, *values = question
        _ASK[kind](lookups, *values)
        if lookups.asked[tuple(question)] != answer:
            return kind
    return None
